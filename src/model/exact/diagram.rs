//! Trees of answer rows as reduced diagrams over the columns, highest first, and how many additions they all hold for
//! (theorem 5 of [the module](super)).
//!
//! From column to column an addition needs to know two things only: the carry that the columns below have to send, and
//! which nodes of the diagrams it has come to. So additions are counted by a finite automaton, in whole numbers.

use super::cases::{PAIRS, VALUES, Value};
use super::row::{NodeId, Row};
use rustc_hash::FxHashMap;
use task::addition::DIGITS;

/// A diagram's node or one of the two ends.
pub type Id = u32;
/// It holds.
pub const HOLDS: Id = 0;
/// It does not.
pub const FAILS: Id = 1;

/// Which leaves of a row's tree hold: RIGHT, WRONG, STOPS and OPEN.
pub type Leaves = [bool; 4];

struct Branch {
    column: usize,
    children: [Id; VALUES],
}

/// Diagrams that share their nodes.
#[derive(Default)]
pub struct Diagrams {
    nodes: Vec<Branch>,
    known: FxHashMap<(usize, [Id; VALUES]), Id>,
}

/// What a column may be.
pub type Allowed = [bool; VALUES];

/// Which additions are counted: what each column may be.
#[derive(Clone)]
pub struct Within {
    columns: [Allowed; DIGITS],
}

impl Within {
    /// Additions of summands of at most `digits` digits.
    pub fn digits(digits: usize) -> Within {
        let zero: Allowed = std::array::from_fn(|i| Value::of(i).sum() == 0);
        Within { columns: std::array::from_fn(|j| if j < digits { [true; VALUES] } else { zero }) }
    }

    /// Those of them whose column is among `values`.
    pub fn only(mut self, column: usize, values: impl Fn(Value) -> bool) -> Within {
        for (i, allowed) in self.columns[column].iter_mut().enumerate() {
            *allowed &= values(Value::of(i));
        }
        self
    }

    /// Pairs that column `j` may be, whatever the carry.
    pub fn pairs(&self, j: usize) -> impl Iterator<Item = Value> + '_ {
        let either = move |pair: &usize| self.columns[j][*pair] || self.columns[j][pair + PAIRS];
        (0..PAIRS).filter(either).map(|pair| Value { pair, carry: 0 })
    }

    /// What column `j` may be, with the carry that it sends.
    pub fn values(&self, j: usize) -> impl Iterator<Item = Value> + '_ {
        let allowed = self.columns[j].iter().enumerate().filter(|(_, allowed)| **allowed);
        allowed.map(|(i, _)| Value::of(i)).filter(move |value| j > 0 || value.carry == 0)
    }
}

/// Where an addition is between two columns.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// What the columns below have to send; nobody cares above the highest.
    pub sends: Option<u8>,
    /// Nodes that it has come to, in order; those that nobody has begun are not among them.
    nodes: Vec<Id>,
}

impl State {
    /// Above the highest column.
    pub const START: State = State { sends: None, nodes: Vec::new() };
}

impl Diagrams {
    /// The diagram of a row, where `leaves` hold.
    pub fn of(&mut self, row: &Row, leaves: Leaves) -> Id {
        let mut ordering = Ordering { row, leaves, done: FxHashMap::default() };
        self.order(&mut ordering, row.root)
    }

    fn make(&mut self, column: usize, children: [Id; VALUES]) -> Id {
        if children.iter().all(|child| *child == children[0]) {
            return children[0];
        }
        let next = self.nodes.len() as Id + 2;
        *self.known.entry((column, children)).or_insert_with(|| {
            self.nodes.push(Branch { column, children });
            next
        })
    }

    fn node(&self, id: Id) -> Option<&Branch> {
        self.nodes.get(id.checked_sub(2)? as usize)
    }

    fn order(&mut self, ordering: &mut Ordering, id: NodeId) -> Id {
        let Some(node) = ordering.row.node(id) else {
            return if ordering.leaves[id as usize] { HOLDS } else { FAILS };
        };
        if let Some(done) = ordering.done.get(&id) {
            return *done;
        }
        let (row, column) = (ordering.row, node.column);
        let values: Vec<Value> = Value::all().collect();
        let children: Vec<Id> =
            values.iter().map(|v| self.order(ordering, row.child(node, *v))).collect();
        // A child may look at a higher column than its parent: then that column is looked at first.
        let highest = children.iter().filter_map(|child| Some(self.node(*child)?.column)).max();
        let made = match highest {
            Some(highest) if highest > column => self.lift(column, &children, highest),
            _ => self.make(column, array(&children)),
        };
        ordering.done.insert(id, made);
        made
    }

    /// A node of `column` over ordered `children`, some of which look at columns above it, up to `highest`.
    fn lift(&mut self, column: usize, children: &[Id], highest: usize) -> Id {
        let lifted: Vec<Id> = (0..VALUES)
            .map(|value| {
                let below: Vec<Id> =
                    children.iter().map(|child| self.follow(*child, highest, value)).collect();
                let next = below.iter().filter_map(|child| Some(self.node(*child)?.column)).max();
                match next {
                    Some(next) if next > column => self.lift(column, &below, next),
                    _ => self.make(column, array(&below)),
                }
            })
            .collect();
        self.make(highest, array(&lifted))
    }

    /// Where `id` leads once `column` is known.
    fn follow(&self, id: Id, column: usize, value: usize) -> Id {
        match self.node(id) {
            Some(node) if node.column == column => node.children[value],
            _ => id,
        }
    }

    /// Where a state leads by one value of column `j`; nothing where some root fails.
    pub fn step(&self, roots: &[Id], state: &State, j: usize, value: Value) -> Option<State> {
        if state.sends.is_some_and(|sends| usize::from(sends) != value.sends()) {
            return None;
        }
        let begun =
            roots.iter().filter(|root| self.node(**root).is_some_and(|node| node.column == j));
        let mut nodes = Vec::new();
        for id in state.nodes.iter().chain(begun) {
            match self.follow(*id, j, value.index()) {
                FAILS => return None,
                HOLDS => {}
                id if nodes.contains(&id) => {}
                id => nodes.push(id),
            }
        }
        nodes.sort_unstable();
        Some(State { sends: Some(value.carry as u8), nodes })
    }

    /// How many additions `within` there are for which all `roots` hold.
    pub fn count(&self, roots: &[Id], within: &Within) -> u128 {
        self.count_chains(roots, within, DIGITS)
    }

    /// Those of them in which no more than `longest` columns in a row send a carry.
    pub fn count_chains(&self, roots: &[Id], within: &Within, longest: usize) -> u128 {
        if roots.contains(&FAILS) {
            return 0;
        }
        // Where no run can be too long, none is counted.
        let counts_runs = longest < DIGITS;
        let mut states: FxHashMap<(State, usize), u128> = FxHashMap::default();
        states.insert((State::START, 0), 1);
        for j in (0..DIGITS).rev() {
            let mut next: FxHashMap<(State, usize), u128> = FxHashMap::default();
            let values: Vec<Value> = within.values(j).collect();
            for ((state, run), count) in &states {
                for value in &values {
                    let run = if counts_runs { (run + 1) * value.sends() } else { 0 };
                    if run > longest {
                        continue;
                    }
                    if let Some(state) = self.step(roots, state, j, *value) {
                        *next.entry((state, run)).or_default() += count * u128::from(value.times());
                    }
                }
            }
            states = next;
        }
        states.values().sum()
    }
}

fn array(children: &[Id]) -> [Id; VALUES] {
    std::array::from_fn(|i| children[i])
}

struct Ordering<'r> {
    row: &'r Row,
    leaves: Leaves,
    done: FxHashMap<NodeId, Id>,
}
