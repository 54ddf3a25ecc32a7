//! Where the additions of a case stop, on the line that the one number which attention writes lies on.

use super::cases::{Case, Value};
use super::interval::Interval;
use super::row::{NodeId, OPEN, RIGHT, Row};
use task::addition::DIGITS;

/// Sets of additions that are looked at for one case, in looks at an interval: where attention does not move, 400. Of
/// models in the middle of training some cases would take thousands.
const LOOKS: u64 = 400;

/// Additions after one digit, with one carry into the row's column and one sum of it.
pub struct Stops<'a> {
    row: &'a Row,
    q: usize,
    carry: usize,
    sum: Option<usize>,
    looks: u64,
    wrong: Option<Interval>,
    reach: Vec<Interval>,
}

impl<'a> Stops<'a> {
    /// Row 10 has no sum, and row 0 no digit before it: its `q` is 0.
    pub fn new(row: &'a Row, q: usize, carry: usize, sum: Option<usize>) -> Stops<'a> {
        Stops { row, q, carry, sum, looks: 0, wrong: None, reach: vec![] }
    }

    /// Where they stop, of numbers of at most `digits` digits; nothing where there is none, or it is not known.
    pub fn all(&mut self, digits: usize) -> Option<Interval> {
        let cases = self.cases(digits);
        let all = cases.iter().filter_map(|case| self.of(case)).reduce(Interval::hull);
        all.filter(|all| all.is_sane())
    }

    /// Where those stop that are certainly wrong, of which there are some: somewhere among `all`, where it takes too long to
    /// look at them.
    pub fn wrong(&mut self, digits: usize, all: Interval) -> Interval {
        for case in self.cases(digits) {
            self.walk(self.row.root, case);
        }
        self.wrong.filter(|_| self.looks <= LOOKS).unwrap_or(all)
    }

    /// All additions of so many digits, as cases of the row: above their highest column nothing is sent.
    fn cases(&self, digits: usize) -> Vec<Case> {
        let row = self.row.row;
        let any = self.sum.map_or(Case::ANY, |sum| Case::ANY.with_sum(sum));
        let nothing = |carry| Value { carry, ..Value::NOTHING };
        let above = (digits + 1..DIGITS).filter(|j| *j != row);
        let above = above.fold(any, |case, j| case.with(j, nothing(0)));
        if digits >= DIGITS || digits == row {
            return vec![above];
        }
        let fits = |carry: &usize| self.may_be(digits, nothing(*carry));
        (0..2).filter(fits).map(|carry| above.with(digits, nothing(carry))).collect()
    }

    /// Whether some of them have a column of this value.
    fn may_be(&self, column: usize, value: Value) -> bool {
        let row = self.row.row;
        if column > row {
            // No carry matters there.
            return value.carry == 0;
        }
        let own = column != row
            || (value.carry == self.carry && self.sum.is_none_or(|sum| value.sum() == sum));
        let before = column + 1 != row || (value.digit() == self.q && value.sends() == self.carry);
        own && before && (column > 0 || value.carry == 0)
    }

    /// What attention writes over those of a case; nothing where there are none.
    fn of(&mut self, case: &Case) -> Option<Interval> {
        let some = self.row.reach(self.q, self.carry, case, &mut self.reach);
        self.reach.first().copied().filter(|_| some)
    }

    /// Takes in the leaves that are certainly wrong.
    fn walk(&mut self, id: NodeId, case: Case) {
        if id == RIGHT || id == OPEN || self.looks > LOOKS {
            return;
        }
        self.looks += 1 + self.row.effort();
        let Some(reach) = self.of(&case) else { return };
        if self.wrong.is_some_and(|wrong| wrong.hull(reach) == wrong) {
            return;
        }
        let Some(node) = self.row.node(id) else {
            self.wrong = Some(self.wrong.map_or(reach, |wrong| wrong.hull(reach)));
            return;
        };
        if let Some(value) = case.get(node.column) {
            return self.walk(self.row.child(node, value), case);
        }
        for value in self.row.columns.values(node.column) {
            if self.may_be(node.column, value) {
                self.walk(self.row.child(node, value), case.with(node.column, value));
            }
        }
    }
}
