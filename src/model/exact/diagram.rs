//! Trees of answer rows as reduced diagrams over the columns, highest first, and how many additions they all hold for
//! (theorem 5 of [the module](super)).
//!
//! From column to column an addition needs to know two things only: the carry that the columns below have to send, and
//! which nodes of the diagrams it has come to. So additions are counted by a finite automaton, in whole numbers.

use super::cases::{PAIRS, VALUES, Value};
use super::report::CHAINS;
use super::row::{NodeId, OPEN, Row};
use numbers::order::by_whole;
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

/// Most nodes of all diagrams: 40 MB. What has no room is open.
const NODES: usize = 40_000;

/// Most nodes of one tree that are put below another column than their parent's, which takes 12 100 looks each.
const LIFTS: usize = 3_000;

/// Most states between two columns. What has no room is open.
pub const STATES: usize = 4_000;

/// Diagrams that share their nodes.
#[derive(Default)]
pub struct Diagrams {
    nodes: Vec<Branch>,
    known: FxHashMap<(usize, [Id; VALUES]), Id>,
    /// Some tree had no room and is open in part, whatever it decides.
    pub cut: bool,
}

/// Additions for which some diagrams all hold.
#[derive(Clone)]
pub struct Term {
    /// Diagrams.
    pub roots: Vec<Id>,
    /// The additions that are looked at.
    pub within: Within,
    /// Whether they hold for what is open, as they do where a number is an upper bound.
    pub open: bool,
}

/// How many additions there are.
#[derive(Clone, Copy)]
pub struct Tally {
    /// So many.
    pub count: u128,
    /// None was left open for want of room.
    pub whole: bool,
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

    /// How many ways the columns below `j` have to send no carry, and to send one, by `j`.
    fn ways(&self) -> [[u128; 2]; DIGITS] {
        let mut ways = [[1, 0]; DIGITS];
        for j in 1..DIGITS {
            ways[j] = [0, 0];
            for value in self.values(j - 1) {
                ways[j][value.sends()] += ways[j - 1][value.carry] * u128::from(value.times());
            }
        }
        ways
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

    /// Whether a column of this value sends what is asked for.
    pub fn fits(&self, value: Value) -> bool {
        self.sends.is_none_or(|sends| usize::from(sends) == value.sends())
    }
}

impl Diagrams {
    /// The diagram of a row, where `leaves` hold.
    pub fn of(&mut self, row: &Row, leaves: Leaves) -> Id {
        let (done, lifted) = (FxHashMap::default(), FxHashMap::default());
        let mut ordering = Ordering { row, leaves, done, lifted, lifts: 0 };
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
        let Some(node) = ordering.row.node(id) else { return ordering.leaf(id) };
        if let Some(done) = ordering.done.get(&id) {
            return *done;
        }
        if self.nodes.len() >= NODES {
            self.cut = true;
            return ordering.leaf(OPEN);
        }
        let (row, column) = (ordering.row, node.column);
        let values: Vec<Value> = Value::all().collect();
        let children: Vec<Id> =
            values.iter().map(|v| self.order(ordering, row.child(node, *v))).collect();
        let made = self.place(ordering, column, array(&children));
        ordering.done.insert(id, made);
        made
    }

    /// A node of `column` over ordered `children`. Some may look at columns above it: these are looked at first.
    fn place(&mut self, ordering: &mut Ordering, column: usize, children: [Id; VALUES]) -> Id {
        let highest = children.iter().filter_map(|child| Some(self.node(*child)?.column)).max();
        let Some(highest) = highest.filter(|highest| *highest > column) else {
            return self.make(column, children);
        };
        if let Some(lifted) = ordering.lifted.get(&(column, children)) {
            return *lifted;
        }
        if ordering.lifts == LIFTS || self.nodes.len() >= NODES {
            self.cut = true;
            return ordering.leaf(OPEN);
        }
        ordering.lifts += 1;
        let below: Vec<Id> = (0..VALUES)
            .map(|value| {
                let followed = children.map(|child| self.follow(child, highest, value));
                self.place(ordering, column, followed)
            })
            .collect();
        let lifted = self.make(highest, array(&below));
        ordering.lifted.insert((column, children), lifted);
        lifted
    }

    /// Where `id` leads once `column` is known.
    fn follow(&self, id: Id, column: usize, value: usize) -> Id {
        match self.node(id) {
            Some(node) if node.column == column => node.children[value],
            _ => id,
        }
    }

    /// Where a state leads by one value of column `j`; nothing where some root fails, or the carry does not fit.
    pub fn step(&self, roots: &[Id], state: &State, j: usize, value: Value) -> Option<State> {
        if !state.fits(value) {
            return None;
        }
        let begun =
            roots.iter().filter(|root| self.node(**root).is_some_and(|node| node.column == j));
        let mut nodes = Vec::new();
        for id in state.nodes.iter().chain(begun) {
            match self.follow(*id, j, value.index()) {
                FAILS => return None,
                HOLDS => {}
                id => {
                    if let Err(at) = nodes.binary_search(&id) {
                        nodes.insert(at, id);
                    }
                }
            }
        }
        Some(State { sends: Some(value.carry as u8), nodes })
    }

    /// How many additions a term has.
    pub fn count(&self, term: &Term) -> Tally {
        let by_chain = self.walk(term, false);
        Tally { count: by_chain.counts[0], whole: by_chain.whole }
    }

    /// The same by the longest run of columns that send a carry.
    pub fn count_by_chain(&self, term: &Term) -> Chains {
        self.walk(term, true)
    }

    /// Counts by the longest run of carries, or all as if there were none.
    fn walk(&self, term: &Term, runs: bool) -> Chains {
        let mut chains = Chains { counts: [0; CHAINS], whole: true };
        if term.roots.contains(&FAILS) {
            return chains;
        }
        let ways = term.within.ways();
        let mut states: FxHashMap<(State, Run), u128> = FxHashMap::default();
        states.insert((State::START, Run::default()), 1);
        for j in (0..DIGITS).rev() {
            let mut next: FxHashMap<(State, Run), u128> = FxHashMap::default();
            let values: Vec<Value> = term.within.values(j).collect();
            for ((state, run), count) in &states {
                for value in &values {
                    let Some(state) = self.step(&term.roots, state, j, *value) else { continue };
                    let run = if runs { run.then(value.sends()) } else { *run };
                    *next.entry((state, run)).or_default() += count * u128::from(value.times());
                }
            }
            if next.len() > STATES {
                chains.leave(&mut next, &ways[j], term.open);
            }
            states = next;
        }
        for ((_, run), count) in states {
            chains.counts[usize::from(run.longest)] += count;
        }
        chains
    }
}

/// A run of columns that send a carry, from the highest down.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Run {
    now: u8,
    longest: u8,
}

impl Run {
    fn then(self, sends: usize) -> Run {
        let now = if sends == 1 { self.now + 1 } else { 0 };
        Run { now, longest: self.longest.max(now) }
    }
}

/// How many additions there are, by the longest run of columns that send a carry.
pub struct Chains {
    /// From 0 to 10 columns.
    pub counts: [u128; CHAINS],
    /// None was left open for want of room.
    pub whole: bool,
}

impl Chains {
    /// Leaves the states with the fewest additions. Where what is open counts, all that the columns below could be is counted,
    /// with every run that there may be.
    fn leave(&mut self, states: &mut FxHashMap<(State, Run), u128>, ways: &[u128; 2], open: bool) {
        self.whole = false;
        let counts: Vec<u128> = states.values().copied().collect();
        let least = by_whole(&counts, |count| u128::MAX - count)[STATES];
        states.retain(|(state, run), count| {
            if *count > least {
                return true;
            }
            if open {
                let sends = state.sends.map_or(0, usize::from);
                let all = count.saturating_mul(ways[sends]);
                for sum in &mut self.counts[usize::from(run.longest)..] {
                    *sum = sum.saturating_add(all);
                }
            }
            false
        });
    }
}

fn array(children: &[Id]) -> [Id; VALUES] {
    std::array::from_fn(|i| children[i])
}

struct Ordering<'r> {
    row: &'r Row,
    leaves: Leaves,
    done: FxHashMap<NodeId, Id>,
    lifted: FxHashMap<(usize, [Id; VALUES]), Id>,
    lifts: usize,
}

impl Ordering<'_> {
    fn leaf(&self, leaf: NodeId) -> Id {
        if self.leaves[leaf as usize] { HOLDS } else { FAILS }
    }
}
