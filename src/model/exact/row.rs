//! One answer row: which additions it answers right, as a tree over the columns (theorems 1 and 4 of [the module](super)).

use super::attention::{Attention, LaneSums};
use super::cases::{Case, Columns, Value};
use super::interval::Interval;
use super::lane::Lane;
use super::readout::Readout;
use super::scalar::Judgement;
use numbers::listed::Listed;
use numbers::order::{Queue, falling, whole};
use std::rc::Rc;
use task::addition::{ANSWER_DIGITS, DIGITS};

/// A node of a tree, or one of the leaves below.
pub type NodeId = u32;
/// The row is right.
pub const RIGHT: NodeId = 0;
/// It says another digit.
pub const WRONG: NodeId = 1;
/// It says a token that ends the answer.
pub const STOPS: NodeId = 2;
/// Not decided.
pub const OPEN: NodeId = 3;
const LEAVES: u32 = 4;

/// How often an interval is halved before a case is split: where the own pair is fixed (or, in row 10, nothing), and where
/// more is. Where the own sum alone is fixed, it is not halved.
const OWN_DEPTH: u32 = 1;
const SPLIT_DEPTH: u32 = 7;

/// What a column's values lead to.
pub struct Node {
    /// The column that is looked at.
    pub column: usize,
    /// Where what its values lead to begins among the children of all nodes.
    children: usize,
}

/// A case as a row sees it: after the digit `q`, with this carry into the row's own column.
#[derive(Clone, Copy)]
struct Seen {
    q: usize,
    carry: usize,
    case: Case,
}

/// What is known after each digit, by the carry, of all that can stand before it.
type Known = [[NodeId; 2]; DIGITS];
const UNKNOWN: Known = [[OPEN; 2]; DIGITS];

/// A leaf that is not decided, and where it hangs.
#[derive(Clone, Copy)]
struct Unsettled {
    weight: f64,
    /// Its place among the children of all nodes.
    at: usize,
    seen: Seen,
}

/// The tree of one answer row.
pub struct Row {
    /// 0 to 10.
    pub row: usize,
    /// What columns are made of.
    pub columns: Columns,
    lanes: Vec<Lane>,
    /// Columns in the order in which cases are split.
    order: Vec<usize>,
    nodes: Vec<Node>,
    /// What their values lead to, node by node.
    children: Vec<NodeId>,
    /// Where the tree begins.
    pub root: NodeId,
    unsettled: Queue<Unsettled>,
    /// Tokens of 10 and above end the answer.
    stops: std::ops::Range<usize>,
    /// Intervals that were looked at.
    pub looks: u64,
    /// A leaf with an addition is not right.
    fails: bool,
    /// An addition of its own is not decided.
    undecidable: bool,
    reach: Vec<Interval>,
}

impl Row {
    /// The tree as far as two columns decide it.
    pub fn new(attention: &Attention, readout: &Rc<Readout>, row: usize) -> Row {
        let lane = |(q, sums): (usize, LaneSums)| Lane::new(readout, row, q, sums);
        let lanes: Vec<Lane> = attention.lanes(row).into_iter().enumerate().map(lane).listed();
        let mut this = Row {
            row,
            columns: attention.columns(),
            order: order(row, &lanes),
            lanes,
            nodes: vec![],
            children: vec![],
            root: OPEN,
            unsettled: Queue::new(),
            stops: DIGITS..readout.vocabulary,
            looks: 0,
            fails: false,
            undecidable: false,
            reach: vec![],
        };
        this.root = match row {
            0 => this.first(),
            DIGITS => this.last(),
            _ => this.middle(),
        };
        this
    }

    /// The node of an id that is none of the leaves.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.checked_sub(LEAVES)? as usize)
    }

    /// What a node's column leads to. Above the row's own column the carry does not matter.
    pub fn child(&self, node: &Node, value: Value) -> NodeId {
        let carry = if node.column > self.row { 0 } else { value.carry };
        self.children[node.children + Value { carry, ..value }.index()]
    }

    /// The leaf that an addition with these columns comes to.
    pub fn leaf(&self, values: &[Value; DIGITS]) -> NodeId {
        let mut id = self.root;
        while let Some(node) = self.node(id) {
            id = self.child(node, values[node.column]);
        }
        id
    }

    /// Whether the tree says that all additions of a case are wrong, by the columns that it fixes.
    pub fn is_wrong(&self, case: &Case) -> bool {
        let mut id = self.root;
        while let Some(node) = self.node(id) {
            let Some(value) = case.get(node.column) else { return false };
            id = self.child(node, value);
        }
        id == WRONG || id == STOPS
    }

    /// What attention writes over a case; false where it has no addition.
    pub fn reach(&self, q: usize, carry: usize, case: &Case, into: &mut Vec<Interval>) -> bool {
        self.lanes[q].sums.reach(case, carry, into)
    }

    /// Whether anything is known of what attention writes after `q`, over whatever case.
    pub fn writes_known(&self, q: usize) -> bool {
        self.lanes[q].sums.is_sane()
    }

    /// How much work [`Row::reach`] is, in looks at an interval.
    pub fn effort(&self) -> u64 {
        self.lanes.first().map_or(0, |lane| lane.sums.effort())
    }

    /// The column that a case is split on next.
    pub fn next_column(&self, case: &Case) -> Option<usize> {
        self.order.iter().copied().find(|j| case.get(*j).is_none())
    }

    /// Whether the vocabulary has tokens that end an answer.
    pub fn can_stop(&self) -> bool {
        !self.stops.is_empty()
    }

    /// Whether no leaf is open.
    pub fn is_decided(&self) -> bool {
        self.unsettled.is_empty() && !self.undecidable
    }

    /// Whether some addition is answered wrong in this row.
    pub fn fails(&self) -> bool {
        self.fails
    }

    /// Whether every addition is answered right in this row.
    pub fn is_right(&self) -> bool {
        let right = |child: &NodeId| *child == RIGHT || *child >= LEAVES;
        !self.fails
            && self.unsettled.is_empty()
            && self.root != OPEN
            && self.children.iter().all(right)
    }

    /// Whether no case is left to split: every leaf is decided, or an addition of its own.
    pub fn is_settled(&self) -> bool {
        self.unsettled.is_empty()
    }

    /// A node that splits on `column`; gives where its children begin, which are right for now.
    fn add(&mut self, column: usize) -> (NodeId, usize) {
        let begin = self.children.len();
        self.nodes.push(Node { column, children: begin });
        self.children.resize(begin + 2 * self.columns.pairs(column), RIGHT);
        (self.nodes.len() as u32 - 1 + LEAVES, begin)
    }

    /// The last node, and those that were added under it, where not all of its children are right.
    fn kept(&mut self, (id, begin): (NodeId, usize)) -> NodeId {
        if self.children[begin..].iter().any(|child| *child != RIGHT) {
            return id;
        }
        self.nodes.pop();
        self.children.truncate(begin);
        RIGHT
    }

    /// What is known of a case where `target` is right. Where there is no such addition it is right.
    fn settle(&mut self, seen: &Seen, target: usize, depth: u32) -> NodeId {
        let Seen { q, carry, case } = seen;
        let lane = &self.lanes[*q];
        if !lane.sums.is_sane() {
            self.looks += 1;
            return OPEN;
        }
        self.looks += lane.sums.effort();
        if !lane.sums.reach(case, *carry, &mut self.reach) {
            return RIGHT;
        }
        if !self.reach.iter().all(|s| s.is_sane()) {
            self.looks += 1;
            return OPEN;
        }
        let (reach, looks) = (&self.reach, &mut self.looks);
        let mut judged = |token: usize| lane.judge(token, reach, depth, looks);
        let leaf = match judged(target) {
            Judgement::Leads => RIGHT,
            Judgement::Mixed => OPEN,
            Judgement::Beaten if self.stops.is_empty() => WRONG,
            // Whether it is a digit that is said must be known, too.
            Judgement::Beaten => {
                let tokens = (0..self.stops.end).filter(|token| *token != target);
                let said = tokens.into_iter().find(|token| judged(*token) == Judgement::Leads);
                said.map_or(OPEN, |token| if self.stops.contains(&token) { STOPS } else { WRONG })
            }
        };
        self.fails |= leaf == WRONG || leaf == STOPS;
        leaf
    }

    /// A node that splits what is `seen` on `column`; what is `known` of the column before the row's own is not looked at again.
    fn branch(&mut self, column: usize, seen: Seen, known: &Known) -> (NodeId, usize) {
        let (id, begin) = self.add(column);
        for value in self.columns.values(column) {
            // Nothing comes into column 0, and above the own column no carry matters.
            if value.carry == 1 && (column == 0 || column > self.row) {
                continue;
            }
            let mut seen = Seen { case: seen.case.with(column, value), ..seen };
            let mut found = OPEN;
            if column + 1 == self.row {
                if self.row < DIGITS && value.sends() != seen.carry {
                    continue;
                }
                (seen.q, seen.carry) = (value.digit(), value.sends());
                found = known[seen.q][seen.carry];
            }
            if found == OPEN {
                let target = seen.case.get(self.row).map_or(seen.carry, Value::digit);
                found = self.settle(&seen, target, SPLIT_DEPTH);
            }
            self.children[begin + value.index()] = found;
            if found == OPEN {
                self.leave_open(begin + value.index(), seen);
            }
        }
        (id, begin)
    }

    /// Row 0, which no digit stands before: its own column, then others.
    fn first(&mut self) -> NodeId {
        self.branch(0, Seen { q: 0, carry: 0, case: Case::ANY }, &UNKNOWN).0
    }

    /// Row 10, which has no column of its own: the column before.
    fn last(&mut self) -> NodeId {
        let known: Known = std::array::from_fn(|q| {
            std::array::from_fn(|carry| {
                self.settle(&Seen { q, carry, case: Case::ANY }, carry, OWN_DEPTH)
            })
        });
        self.branch(DIGITS - 1, Seen { q: 0, carry: 0, case: Case::ANY }, &known).0
    }

    /// Rows 1 to 9: by the own column's sum, then by its pair, then by the column before.
    fn middle(&mut self) -> NodeId {
        let node = self.add(self.row);
        for sum in 0..=18 {
            for carry in 0..2 {
                let target = (sum + carry) % 10;
                let whole: [NodeId; DIGITS] = std::array::from_fn(|q| {
                    self.settle(&Seen { q, carry, case: Case::ANY.with_sum(sum) }, target, 0)
                });
                if whole.iter().all(|leaf| *leaf == RIGHT) {
                    continue;
                }
                for pair in 0..self.columns.pairs(self.row) {
                    let own = Value { pair, carry };
                    if own.sum() == sum {
                        self.children[node.1 + own.index()] = self.by_pair(own, &whole);
                    }
                }
            }
        }
        self.kept(node)
    }

    /// With the own column fixed, what is known of each digit before, and the column before where that is needed.
    fn by_pair(&mut self, own: Value, whole: &[NodeId; DIGITS]) -> NodeId {
        let (carry, target) = (own.carry, own.digit());
        let case = Case::ANY.with(self.row, own);
        let known: [NodeId; DIGITS] = std::array::from_fn(|q| match whole[q] {
            OPEN => self.settle(&Seen { q, carry, case }, target, OWN_DEPTH),
            leaf => leaf,
        });
        if known.iter().all(|leaf| *leaf == known[0]) && known[0] != OPEN {
            return known[0];
        }
        let known = known.map(|leaf| [leaf; 2]);
        let node = self.branch(self.row - 1, Seen { q: 0, carry, case }, &known);
        self.kept(node)
    }

    fn leave_open(&mut self, at: usize, seen: Seen) {
        if !self.lanes[seen.q].is_sane() {
            // No case of it will ever be decided.
            self.undecidable = true;
            return;
        }
        let times =
            |j| seen.case.get(j).map_or(100.0, |value| f64::from(self.columns.times(j, value)));
        let weight = (0..DIGITS).map(times).product();
        self.unsettled.push(whole(weight).into(), Unsettled { weight, at, seen });
    }

    /// Weight of the largest case that is not decided.
    pub fn heaviest(&self) -> Option<f64> {
        self.unsettled.peek().map(|next| next.weight)
    }

    /// Splits the largest case that is not decided on its next column.
    pub fn split(&mut self) {
        let Some(Unsettled { at, seen, .. }) = self.unsettled.pop() else { return };
        let Some(column) = self.next_column(&seen.case) else {
            self.undecidable = true;
            return;
        };
        let node = self.branch(column, seen, &UNKNOWN);
        self.children[at] = node.0;
    }
}

/// The order in which columns are fixed: own column, the one before, then by what moves most.
fn order(row: usize, lanes: &[Lane]) -> Vec<usize> {
    debug_assert!(row < ANSWER_DIGITS);
    let influence = |j: usize| lanes.iter().map(|lane| lane.sums.influence(j)).sum::<f64>();
    let weight = |j: &usize| match j {
        j if *j == row => f64::INFINITY,
        j if j + 1 == row => f64::MAX,
        j => influence(*j),
    };
    falling(&(0..DIGITS).listed(), weight)
}
