//! The cases that a verdict consists of, for programs that check it: every row's tree, told as parts that share no addition.

use super::Exact;
use super::boxed::Boxed;
use super::cases::{Case, PAIR, Value, befores};
use super::interval::Interval;
use super::row::{NodeId, OPEN, RIGHT, Row, STOPS, WRONG};
use super::scalar::Judgement;
use serde::Serialize;
use task::addition::{ANSWER_DIGITS, DIGITS};

/// How often an interval is halved to see that a larger case is right as a whole.
const DEPTH: u32 = 7;

/// What is known of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseVerdict {
    /// The row is right in all its additions.
    Right,
    /// It says another digit in all of them.
    Wrong,
    /// It says a token that ends the answer in all of them.
    Stops,
    /// Not decided.
    Open,
}

/// A column that a case fixes: its number, the greater and the lesser digit (X and Y, where it matters which is which), and the
/// carry in where that is fixed, too. It matters in columns of which interventions hide X or Y alone: without interventions in
/// none.
pub type FixedColumn = (usize, u8, u8, Option<usize>);

/// Additions that one answer row answers alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CertifiedCase {
    /// The answer row, 0 to 10.
    pub row: usize,
    /// The answer digit before it; none before row 0.
    pub before: Option<usize>,
    /// The carry into its column.
    pub carry: usize,
    /// What X and Y of its column add up to, where that is all that is fixed of it.
    pub sum: Option<usize>,
    /// Columns that are fixed.
    pub columns: Vec<FixedColumn>,
    /// Where the number in each slot that attention writes lies.
    pub s: Vec<(f64, f64)>,
    /// What is known.
    pub verdict: CaseVerdict,
}

/// One row's cases in the making.
struct Walk<'a> {
    row: &'a Row,
    judges: Vec<Boxed>,
    reach: Vec<Interval>,
    cases: Vec<CertifiedCase>,
}

/// A case after the digit `q` with this carry into the row's own column.
#[derive(Clone, Copy)]
struct Part {
    q: usize,
    carry: usize,
    case: Case,
    sum: Option<usize>,
}

impl Part {
    fn with(self, column: usize, value: Value) -> Part {
        Part { case: self.case.with(column, value), ..self }
    }
}

impl Exact<'_> {
    /// The cases of all rows. Those of one row share no addition, and every addition is in one. A row that nobody has looked
    /// at is one open case, of which nothing is known.
    pub fn cases(&self) -> Vec<CertifiedCase> {
        let of = |row: &Row| {
            let judge = |q| Boxed::new(&self.readout, row.row, q);
            let judges = (0..befores(row.row)).map(judge).collect();
            let mut walk = Walk { row, judges, reach: vec![], cases: vec![] };
            match row.row {
                0 => walk.first(),
                DIGITS => walk.last(),
                _ => walk.middle(),
            }
            walk.cases
        };
        let unknown = |row: usize| CertifiedCase {
            row,
            before: None,
            carry: 0,
            sum: None,
            columns: vec![],
            s: vec![],
            verdict: CaseVerdict::Open,
        };
        let rest = (self.rows.len()..ANSWER_DIGITS).map(unknown);
        self.rows.iter().flat_map(of).chain(rest).collect()
    }
}

impl Walk<'_> {
    /// Where `id` leads by `value` of `column`; leaves stay.
    fn follow(&self, id: NodeId, column: usize, value: Value) -> NodeId {
        match self.row.node(id) {
            Some(node) if node.column == column => self.row.child(node, value),
            _ => id,
        }
    }

    fn first(&mut self) {
        let part = Part { q: 0, carry: 0, case: Case::ANY, sum: None };
        for value in self.row.columns.values(0).filter(|value| value.carry == 0) {
            self.walk(self.follow(self.row.root, 0, value), part.with(0, value));
        }
    }

    fn last(&mut self) {
        for (q, carry) in (0..DIGITS).flat_map(|q| [(q, 0), (q, 1)]) {
            let part = Part { q, carry, case: Case::ANY, sum: None };
            self.after(self.row.root, part, DIGITS - 1, carry);
        }
    }

    fn middle(&mut self) {
        for (sum, carry) in (0..=18).flat_map(|sum| [(sum, 0), (sum, 1)]) {
            let owns = self.row.columns.values(self.row.row);
            let owns = owns.filter(|own| own.carry == carry && own.sum() == sum);
            let parts: Vec<(Value, NodeId)> =
                owns.map(|own| (own, self.follow(self.row.root, self.row.row, own))).collect();
            let target = (sum + carry) % 10;
            for q in 0..DIGITS {
                let whole = Part { q, carry, case: Case::ANY.with_sum(sum), sum: Some(sum) };
                let right = parts.iter().all(|(_, id)| self.is_right(*id, q, carry));
                if right && self.is_certain(whole, target) {
                    self.push(whole, RIGHT);
                    continue;
                }
                for (own, id) in &parts {
                    let part =
                        Part { q, carry, case: Case::ANY.with(self.row.row, *own), sum: None };
                    self.after(*id, part, self.row.row - 1, target);
                }
            }
        }
    }

    /// Whether `id`, after the row's own column, is right with every column before that gives `q` and `carry`.
    fn is_right(&self, id: NodeId, q: usize, carry: usize) -> bool {
        self.before(q, carry).all(|value| self.follow(id, self.row.row - 1, value) == RIGHT)
    }

    /// What the column before can be.
    fn before(&self, q: usize, carry: usize) -> impl Iterator<Item = Value> + use<> {
        let lowest = self.row.row == 1;
        let fits =
            move |v: &Value| v.digit() == q && v.sends() == carry && !(lowest && v.carry == 1);
        self.row.columns.values(self.row.row - 1).filter(fits)
    }

    /// A part as a whole where it is of one kind, else by the column before.
    fn after(&mut self, id: NodeId, part: Part, before: usize, target: usize) {
        if self.row.node(id).is_none()
            || self.is_right(id, part.q, part.carry) && self.is_certain(part, target)
        {
            let leaf = if self.row.node(id).is_none() { id } else { RIGHT };
            self.push(part, leaf);
            return;
        }
        for value in self.before(part.q, part.carry) {
            self.walk(self.follow(id, before, value), part.with(before, value));
        }
    }

    fn walk(&mut self, id: NodeId, part: Part) {
        let Some(node) = self.row.node(id) else { return self.push(part, id) };
        let column = node.column;
        // Above the row's own column the carry does not matter.
        let values = self.row.columns.values(column);
        let values = values.filter(|value| column <= self.row.row || value.carry == 0);
        let children: Vec<(Value, NodeId)> = values.map(|v| (v, self.row.child(node, v))).collect();
        for (value, child) in children {
            self.walk(child, part.with(column, value));
        }
    }

    /// Whether the target leads everywhere in a part that was decided in smaller ones.
    fn is_certain(&mut self, part: Part, target: usize) -> bool {
        !self.row.reach(part.q, part.carry, &part.case, &mut self.reach)
            || self.judges[part.q].judge(target, &self.reach, DEPTH, &mut 0) == Judgement::Leads
    }

    /// Notes a part, if there is an addition in it.
    fn push(&mut self, part: Part, leaf: NodeId) {
        let Part { q, carry, case, sum } = part;
        if !self.row.reach(q, carry, &case, &mut self.reach) {
            return;
        }
        let fixed = |j: usize| {
            let value = case.get(j)?;
            let (x, y) = PAIR[value.pair];
            Some((j, x, y, (j <= self.row.row).then_some(value.carry)))
        };
        self.cases.push(CertifiedCase {
            row: self.row.row,
            before: (self.row.row > 0).then_some(q),
            carry,
            sum,
            columns: (0..DIGITS).filter_map(fixed).collect(),
            s: self.reach.iter().map(|s| (s.lo, s.hi)).collect(),
            verdict: match leaf {
                RIGHT => CaseVerdict::Right,
                WRONG => CaseVerdict::Wrong,
                STOPS => CaseVerdict::Stops,
                OPEN.. => CaseVerdict::Open,
            },
        });
    }
}
