//! Trees of answer rows as reduced diagrams over the columns, highest first, and how many additions they all hold for
//! (theorem 5 of [the module](super)).
//!
//! From column to column an addition needs to know two things only: the carry that the columns below have to send, and
//! which nodes of the diagrams it has come to. So additions are counted by a finite automaton, in whole numbers.

use super::cases::{Columns, VALUES, Value};
use super::lists::Lists;
use super::row::{NodeId, OPEN, Row};
use super::walk::Chains;
use numbers::listed::Listed;
use task::addition::DIGITS;

/// A diagram's node or one of the two ends.
pub type Id = u32;
/// It holds.
pub const HOLDS: Id = 0;
/// It does not.
pub const FAILS: Id = 1;

/// Which leaves of a row's tree hold: RIGHT, WRONG, STOPS and OPEN.
pub type Leaves = [bool; 4];

/// A node as a list: its column, and by value what it leads to.
type Branch = Vec<u32>;

/// Most nodes of all diagrams: 40 MB, or 70 where pairs are ordered. What has no room is open.
pub const NODES: usize = 40_000;

/// Most nodes of one tree that are put below another column than their parent's, which takes 12 100 looks each, or up to
/// 40 000 where pairs are ordered.
const LIFTS: usize = 3_000;

/// Most states between two columns where there is room for [`NODES`]; with less room fewer, but at least so many that all
/// runs of carries that there are have one. What has no room is open.
pub const STATES: usize = 4_000;
const FEWEST_STATES: usize = 200;

/// Diagrams that share their nodes.
pub struct Diagrams {
    /// Most nodes; what has no room is open.
    most: usize,
    /// By their ids, less 2 for the ends.
    nodes: Lists,
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
    /// For want of room as many were left, at most.
    pub left: u128,
}

impl Tally {
    /// With what was left.
    pub fn most(&self) -> u128 {
        self.count.saturating_add(self.left)
    }
}

/// What a column may be.
pub type Allowed = [bool; VALUES];

/// Which additions are counted: what each column may be.
#[derive(Clone)]
pub struct Within {
    /// What they are made of.
    pub made_of: Columns,
    columns: [Allowed; DIGITS],
}

impl Within {
    /// Additions of summands of at most `digits` digits.
    pub fn digits(digits: usize, made_of: Columns) -> Within {
        let all = Within { made_of, columns: [[true; VALUES]; DIGITS] };
        (digits..DIGITS).fold(all, |within, j| within.only(j, &|value| value.sum() == 0))
    }

    /// Those of them whose column is among `values`.
    pub fn only(mut self, column: usize, values: &dyn Fn(Value) -> bool) -> Within {
        for value in self.made_of.values(column) {
            self.columns[column][value.index()] &= values(value);
        }
        self
    }

    /// Those that are among others, too.
    pub fn and(mut self, other: &Within) -> Within {
        debug_assert_eq!(self.made_of, other.made_of, "values of two kinds of columns");
        for (own, other) in self.columns.iter_mut().zip(&other.columns) {
            for (allowed, is) in own.iter_mut().zip(other) {
                *allowed &= is;
            }
        }
        self
    }

    /// Pairs that column `j` may be, whatever the carry.
    pub fn pairs(&self, j: usize) -> impl Iterator<Item = Value> + '_ {
        let allowed = &self.columns[j];
        let all = (0..self.made_of.pairs(j)).map(|pair| Value { pair, carry: 0 });
        all.filter(|value| allowed[value.index()] || allowed[value.index() + 1])
    }

    /// How many ways the columns below `j` have to send no carry, and to send one, by `j`.
    pub fn ways(&self) -> [[u128; 2]; DIGITS] {
        let mut ways = [[1, 0]; DIGITS];
        for j in 1..DIGITS {
            ways[j] = [0, 0];
            for value in self.values(j - 1) {
                let times = u128::from(self.made_of.times(j - 1, value));
                ways[j][value.sends()] += ways[j - 1][value.carry] * times;
            }
        }
        ways
    }

    /// What column `j` may be, with the carry that it sends.
    pub fn values(&self, j: usize) -> impl Iterator<Item = Value> + '_ {
        let all = self.made_of.values(j);
        all.filter(move |v| self.columns[j][v.index()] && (j > 0 || v.carry == 0))
    }
}

/// Where an addition is between two columns, as a list: what the columns below have to send, then the nodes that it has come
/// to, in order; those that nobody has begun are not among them.
pub type State = [u32];

/// What the columns below send, where nobody cares: above the highest.
const ANY: u32 = 2;

/// Above the highest column.
pub const START: &State = &[ANY];

/// Whether a column of this value sends what is asked for.
pub fn fits(state: &State, value: Value) -> bool {
    state.first().is_none_or(|sends| *sends == ANY || *sends as usize == value.sends())
}

impl Diagrams {
    /// None, with room for so many nodes.
    pub fn new(most: usize) -> Diagrams {
        Diagrams { most, nodes: Lists::default(), cut: false }
    }

    /// Most states between two columns.
    pub fn states(&self) -> usize {
        (self.most / (NODES / STATES)).max(FEWEST_STATES)
    }

    /// The diagram of a row, where `leaves` hold.
    pub fn of(&mut self, row: &Row, leaves: Leaves) -> Id {
        let (done, lifted) = (vec![], Lists::default());
        let mut ordering = Ordering { row, leaves, done, lifted, lifts: vec![] };
        self.order(&mut ordering, row.root)
    }

    fn make(&mut self, branch: &[u32]) -> Id {
        if branch[2..].iter().all(|child| *child == branch[1]) {
            return branch[1];
        }
        self.nodes.number(branch) as Id + 2
    }

    /// The column that a node looks at; nothing at the ends.
    pub fn column(&self, id: Id) -> Option<usize> {
        Some(self.nodes.get(id.checked_sub(2)? as usize)?[0] as usize)
    }

    fn order(&mut self, ordering: &mut Ordering, id: NodeId) -> Id {
        let Some(node) = ordering.row.node(id) else { return ordering.leaf(id) };
        let at = id as usize;
        if let Some(done) = ordering.done.get(at).filter(|done| **done != NOT_YET) {
            return *done;
        }
        if self.nodes.len() >= self.most {
            self.cut = true;
            return ordering.leaf(OPEN);
        }
        let row = ordering.row;
        let mut branch = vec![node.column as u32; 1 + 2 * row.columns.pairs(node.column)];
        for value in row.columns.values(node.column) {
            branch[1 + value.index()] = self.order(ordering, row.child(node, value));
        }
        let made = self.place(ordering, branch);
        if at >= ordering.done.len() {
            ordering.done.resize(at + 1, NOT_YET);
        }
        ordering.done[at] = made;
        made
    }

    /// A node over ordered children. Some may look at columns above it: these are looked at first.
    fn place(&mut self, ordering: &mut Ordering, branch: Branch) -> Id {
        let column = branch[0] as usize;
        let highest = branch[1..].iter().filter_map(|child| self.column(*child)).max();
        let Some(highest) = highest.filter(|highest| *highest > column) else {
            return self.make(&branch);
        };
        if let Some(known) = ordering.lifted.find(&branch) {
            return ordering.lifts[known];
        }
        if ordering.lifts.len() == LIFTS || self.nodes.len() >= self.most {
            self.cut = true;
            return ordering.leaf(OPEN);
        }
        let known = ordering.lifted.number(&branch);
        ordering.lifts.push(NOT_YET);
        // Values that lead these nodes to the same make the same of the branch.
        let mut looking: Vec<Id> = vec![];
        for child in &branch[1..] {
            if self.column(*child) == Some(highest) && !looking.contains(child) {
                looking.push(*child);
            }
        }
        let (mut ways, mut made) = (Lists::default(), vec![]);
        let mut above = vec![highest as u32; 1 + 2 * ordering.row.columns.pairs(highest)];
        for (value, above) in above[1..].iter_mut().enumerate() {
            let to = looking.iter().map(|id| self.follow(*id, highest, value)).listed();
            let way = ways.number(&to);
            if way == made.len() {
                let mut below = branch.clone();
                for child in &mut below[1..] {
                    *child = self.follow(*child, highest, value);
                }
                made.push(self.place(ordering, below));
            }
            *above = made[way];
        }
        let lifted = self.make(&above);
        ordering.lifts[known] = lifted;
        lifted
    }

    /// Where `id` leads once `column` is known.
    fn follow(&self, id: Id, column: usize, value: usize) -> Id {
        let node = id.checked_sub(2).and_then(|at| self.nodes.get(at as usize));
        match node {
            Some(node) if node[0] as usize == column => node[1 + value],
            _ => id,
        }
    }

    /// Writes where a state leads by a value of column `j` that fits it. False where some root fails.
    pub fn step(
        &self,
        roots: &[Id],
        state: &State,
        j: usize,
        value: Value,
        into: &mut Vec<u32>,
    ) -> bool {
        into.push(value.carry as u32);
        let begin = into.len();
        let begun = roots.iter().filter(|root| self.column(**root) == Some(j));
        for id in state.iter().skip(1).chain(begun) {
            let id = self.follow(*id, j, value.index());
            if id == FAILS {
                return false;
            }
            let at = into[begin..].iter().position(|other| *other >= id);
            let at = at.map_or(into.len(), |at| begin + at);
            if id != HOLDS && into.get(at) != Some(&id) {
                into.insert(at, id);
            }
        }
        true
    }

    /// How many additions a term has.
    pub fn count(&self, term: &Term) -> Tally {
        let by_chain = self.walk(term, false);
        Tally { count: by_chain.counts[0], left: by_chain.left }
    }

    /// The same by the longest run of columns that send a carry.
    pub fn count_by_chain(&self, term: &Term) -> Chains {
        self.walk(term, true)
    }
}

/// No id: of what is not made yet.
const NOT_YET: Id = Id::MAX;

struct Ordering<'r> {
    row: &'r Row,
    leaves: Leaves,
    /// By the tree's nodes, what each was made into.
    done: Vec<Id>,
    /// Nodes that were to be put below another column, and what each was made into.
    lifted: Lists,
    lifts: Vec<Id>,
}

impl Ordering<'_> {
    fn leaf(&self, leaf: NodeId) -> Id {
        if self.leaves[leaf as usize] { HOLDS } else { FAILS }
    }
}
