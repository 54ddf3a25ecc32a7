//! The right answer with the smallest lead: branch and bound over cases, best first.
//!
//! A case's lead is enclosed in interval arithmetic; the case with the least lower bound is split on its next column, until
//! no bound is below the smallest lead of an addition that was found, but for [`TOLERANCE`].

use super::Findings;
use super::boxed::Boxed;
use super::cases::{Case, Value, befores};
use super::interval::Interval;
use super::report::Closest;
use super::row::Row;
use super::simplest::{Simplest, simplest};
use crate::Forward;
use numbers::listed::Listed;
use numbers::order::{Queue, whole};
use task::addition::{ANSWER_DIGITS, DIGITS, EQUALS, tokens as example};
use task::sampling::Pair;

/// The smallest lead is found to within this.
const TOLERANCE: f64 = 1e-6;

/// Additions that are looked at first, so that few cases need be.
const SAMPLE: u64 = 100;

/// How often a box is halved for a sharper bound.
const HALVINGS: u32 = 6;

/// How often a right addition of a case is looked for among those that may be right in all rows, a millisecond each.
const ASKED: usize = 1000;

/// Cases that are split at most.
const SPLITS: usize = 20_000;

#[derive(Clone, Copy)]
struct Candidate {
    /// No right answer of the case leads by less.
    least: f64,
    row: usize,
    q: usize,
    carry: usize,
    case: Case,
}

/// The least lead comes first out of the queue; of those alike the smallest case, so that one is followed to its end.
fn key(candidate: &Candidate) -> u128 {
    u128::from(!whole(candidate.least)) << 64 | candidate.case.fixed() as u128
}

/// Whether all rows were looked at, and something is known of what attention writes in each.
fn is_bounded(rows: &[Row]) -> bool {
    rows.len() == ANSWER_DIGITS
        && rows.iter().all(|row| (0..befores(row.row)).all(|q| row.writes_known(q)))
}

/// A search for the smallest lead.
pub struct Search<'a> {
    known: &'a Findings<'a>,
    forward: &'a Forward<'a>,
    /// By row, then by the digit before.
    lanes: Vec<Vec<Boxed>>,
    open: Queue<Candidate>,
    best: Option<Closest>,
    asked: usize,
    /// The least bound of an addition that was looked at on its own.
    floor: f64,
    reach: Vec<Interval>,
}

impl<'a> Search<'a> {
    /// Over what is known of some additions.
    pub fn new(known: &'a Findings<'a>, forward: &'a Forward<'a>) -> Search<'a> {
        let readout = known.readout;
        let lane = |row: usize, q: usize| Boxed::new(readout, row, q);
        let lanes = |row: &Row| (0..befores(row.row)).map(|q| lane(row.row, q)).listed();
        let mut search = Search {
            forward,
            lanes: known.rows.iter().map(lanes).listed(),
            open: Queue::new(),
            best: None,
            asked: 0,
            // What no case bounds is not searched.
            floor: if is_bounded(known.rows) { f64::INFINITY } else { 0.0 },
            reach: vec![],
            known,
        };
        let limit = search.limit();
        // Multiples of the golden ratio lie apart from each other.
        let some = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % limit;
        // Right in many a model that is right in little else.
        search.try_addition((0, 0));
        for i in 0..SAMPLE {
            search.try_addition((some(2 * i), some(2 * i + 1)));
        }
        search
    }

    /// The smallest lead, where there is a right answer.
    pub fn found(mut self) -> Option<Closest> {
        if self.floor > 0.0 {
            self.begin();
        }
        let mut least = f64::INFINITY;
        for _ in 0..SPLITS {
            // No bound above 0 is left to be found.
            if self.floor <= 0.0 {
                break;
            }
            let Some(candidate) = self.open.pop() else { break };
            least = candidate.least;
            if least >= self.most() - TOLERANCE {
                break;
            }
            least = f64::INFINITY;
            self.split(&candidate);
        }
        if least == f64::INFINITY {
            least = self.open.peek().map_or(f64::INFINITY, |next| next.least);
        }
        let best = self.best?;
        Some(Closest { lead_at_least: least.min(self.floor).min(best.lead), ..best })
    }

    /// What is asked of is below it.
    fn limit(&self) -> u64 {
        10u64.pow(self.known.digits as u32)
    }

    /// The smallest lead so far.
    fn most(&self) -> f64 {
        self.best.map_or(f64::INFINITY, |best| best.lead)
    }

    fn begin(&mut self) {
        for row in 0..self.known.rows.len() {
            for q in 0..self.lanes[row].len() {
                for carry in 0..2 {
                    if self.comes_after(row, q, carry) {
                        self.begin_after(row, q, carry);
                    }
                }
            }
        }
    }

    /// Whether some addition that is asked of has this digit and this carry before `row`.
    fn comes_after(&self, row: usize, q: usize, carry: usize) -> bool {
        let mut before = row.checked_sub(1).into_iter().flat_map(|j| self.known.within.values(j));
        row == 0 || before.any(|value| value.digit() == q && value.sends() == carry)
    }

    fn begin_after(&mut self, row: usize, q: usize, carry: usize) {
        if row == DIGITS {
            return self.consider(row, q, carry, Case::ANY);
        }
        for sum in 0..=18 {
            let fits = |value: Value| value.sum() == sum && value.carry == carry;
            if self.known.within.values(row).any(fits) {
                self.consider(row, q, carry, Case::ANY.with_sum(sum));
            }
        }
    }

    fn consider(&mut self, row: usize, q: usize, carry: usize, case: Case) {
        let target = match (case.get(row), case.own_sum) {
            (Some(own), _) => (own.sum() + carry) % 10,
            (None, Some(sum)) => (usize::from(sum) + carry) % 10,
            (None, None) => carry,
        };
        if self.known.rows[row].is_wrong(&case)
            || !self.known.rows[row].reach(q, carry, &case, &mut self.reach)
        {
            return;
        }
        let lead = self.lanes[row][q].lead(target, &self.reach);
        // Nowhere right, or nowhere so close.
        if lead.hi < 0.0 || lead.lo > self.most() {
            return;
        }
        let least = self.lanes[row][q].least_lead(target, &self.reach, self.most(), HALVINGS);
        if least >= self.most() {
            return;
        }
        // NaN bounds nothing.
        let least = if least > 0.0 { least } else { 0.0 };
        let candidate = Candidate { least, row, q, carry, case };
        self.open.push(key(&candidate), candidate);
    }

    fn split(&mut self, candidate: &Candidate) {
        let Candidate { row, q, carry, case, .. } = *candidate;
        let example = case.example(row, q, carry).filter(|pair| self.is_right(*pair));
        if let Some(pair) = example {
            self.try_addition(pair);
        } else if case.fixed() > 1 && self.asked < ASKED {
            self.asked += 1;
            // Other rows may be wrong in some additions of a case, or in all.
            let right = self.right_ones(candidate);
            match right.pairs.first() {
                Some(pair) => self.try_addition(*pair),
                None if right.whole => return,
                None => {}
            }
        }
        let Some(column) = self.known.rows[row].next_column(&case) else {
            // An addition of its own: its bound stands, whatever the plain forward makes of it.
            self.floor = self.floor.min(candidate.least);
            return;
        };
        let values: Vec<Value> = self.known.within.values(column).listed();
        for value in values {
            let sum_fits = case.own_sum.is_none_or(|sum| value.sum() == usize::from(sum));
            let fits = match column {
                own if own == row => value.carry == carry && sum_fits,
                before if before + 1 == row => value.digit() == q && value.sends() == carry,
                // Above the own column no carry matters.
                above if above > row => value.carry == 0,
                _ => true,
            };
            if fits {
                let mut case = case.with(column, value);
                case.own_sum = case.own_sum.filter(|_| column != row);
                self.consider(row, q, carry, case);
            }
        }
    }

    /// Looks at all leads of one addition, if it is asked of, within reach and answered right.
    fn try_addition(&mut self, (a, b): Pair) {
        if a.max(b) >= self.limit() {
            return;
        }
        let tokens = example(a, b, self.known.model.config().vocabulary);
        let mut buffers = self.forward.row_buffers();
        let mut closest: Option<(f64, usize)> = None;
        for digit in 0..ANSWER_DIGITS {
            self.forward.row(&tokens, EQUALS + digit, &mut buffers);
            let target = usize::from(tokens[EQUALS + digit + 1]);
            let others = buffers.logits.iter().enumerate().filter(|(t, _)| *t != target);
            let next = others.fold(f64::NEG_INFINITY, |most, (_, logit)| most.max(*logit));
            let lead = buffers.logits[target] - next;
            if closest.is_none_or(|(least, _)| lead < least) {
                closest = Some((lead, digit));
            }
        }
        let closer = closest.filter(|(lead, _)| (0.0..self.most()).contains(lead));
        if let Some((lead, digit)) = closer.filter(|_| self.is_right((a, b))) {
            self.best = Some(Closest { a, b, digit, lead, lead_at_least: 0.0 });
        }
    }

    fn is_right(&self, (a, b): Pair) -> bool {
        self.forward.decode(a, b) == a + b
    }

    /// An addition of a case that is right in all rows, or may be.
    fn right_ones(&self, candidate: &Candidate) -> Simplest {
        let Candidate { row, q, carry, case, .. } = *candidate;
        let mut within = self.known.within.clone();
        for j in 0..DIGITS {
            if let Some(fixed) = case.get(j) {
                within = within.only(j, &|v| v.pair == fixed.pair && (j > row || v == fixed));
            }
        }
        if row < DIGITS {
            within = within.only(row, &|v| v.carry == carry);
        }
        if row > 0 {
            within = within.only(row - 1, &|v| v.sends() == carry && v.digit() == q);
        }
        simplest(&self.known.counting.diagrams, &self.known.counting.perhaps_right(within), 1)
    }
}
