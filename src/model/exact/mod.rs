//! How many of all 10²⁰ additions a model answers right: decided, not sampled.
//!
//! # What is claimed
//!
//! Of the function that the stored f32 weights define in exact arithmetic: real numbers, real π, ε = 10⁻⁵, the forward pass
//! of [the crate](crate). [`Count`] bounds the number of pairs (a, b) whose greedy answer is a + b, from both sides; where
//! the two bounds meet it is that number. Of float32 it is no claim: [`Exact::float32`] is another one.
//!
//! # Why it holds
//!
//! 1. **Rows.** Row k (0 to 10) is *right* if its first largest logit is Zk, given the true digits before. If all are right,
//!    greedy decoding feeds on true digits from row to row and gives a + b. If row k is the first that is not, decoding gives
//!    its token there: another digit makes another number. A token of 10 or above, which vocabularies of 12 and 14 have, ends
//!    the answer, which then is a + b just if Zk and all digits after it are 0. `counting.rs` counts these two cases apart.
//! 2. **What a row sees.** Of the tokens before it a row k knows, beside its own, sums over heads of `Σ e·v / Σ e` only, in
//!    which e and v depend on (k, own token, place, token): X, Y and Z of a column share a position, so a column adds
//!    `t(x) + t(y)`, and `t(z)` where z is seen (`attention.rs`): it does not matter which of its digits is X's, and a pair is
//!    *unordered*. Where an intervention hides one of X and Y alone, the column adds the other's t, and its pairs are
//!    *ordered*: (x, y) and (y, x) are two (`cases.rs`). With fixed e, these are plain sums, by whatever e is divided,
//!    that of softmax1 included. Otherwise `Σ e·v / Σ e ≥ τ + f / D` for every τ, where f is the least of `Σ e·(v − τ)`, and D
//!    the greatest denominator if f ≥ 0, else the least: so each end of Dinkelbach's iteration is certified by one outward
//!    evaluation of f, whether it has converged or not (`moving.rs`).
//!    Softmax1 is the softmax over one place more, whose value is 0 and whose weight is the largest that the row sees: it counts
//!    in f and in D. Where a column is fixed it is known which digits are seen; where one is not, the largest of it is no less
//!    than its least digit's weight, and no more than its greatest's. A row that looks at nothing reads exactly 0.
//! 3. **Extremes.** z and the carry out of a column are determined by x, y and the carry in. So the least and greatest sum over
//!    all additions with given columns fixed is a shortest path over columns with the carry as state (`sums.rs`); the digit
//!    before and the carry into the row's column fix its ends. No addition of the case lies outside of it.
//! 4. **Cases.** On that interval (a box, for several numbers) one logit's lead over another, times the last norm's positive
//!    root, is `a + b·s + Σ c·gelu(h(s))`, enclosed by interval arithmetic (`boxed.rs`), or in plain f64 with a proven error
//!    term (`scalar.rs`). If the right token leads all others, every addition of the case is right; if one other token leads
//!    it, none is. Two logits that are the same function, by equal bits or exact zeros, go to the first token. Anything else
//!    is split: on the row's own pair, the column before, then others (`row.rs`). What is left is undecided, and counts as
//!    right in the upper bound alone.
//! 5. **Count.** The cases of a row are a tree over columns, so of all rows together they are a finite automaton that reads an
//!    addition column by column; it is counted in u128 (`diagram.rs`).
//!
//! # Ranges
//!
//! A stored number can be a range (`numbers.rs`). All tables then hold what they are of for each value in it (`enclosed.rs`);
//! what is called exactly the same or exactly nothing is so for each value, too: embeddings on a circle have one length, whatever
//! its radius, but two numbers that are stored apart are the same as points only. So what the proof says of a case, it says
//! for each value. This gives away how numbers vary together, and reaches no further than the thousandth part of what is true.
//! A range of one number is proven right as a whole from its two ends instead (`curvature/`, `firm.rs`): no lead can fall below
//! the lesser of those at the ends by more than an eighth of its greatest second derivative times the square of the range.
//!
//! # What is trusted
//!
//! IEEE 754 for `+ − · / √` in f64, rounded to nearest; the `libm` crate to two units in the last place for `sin` and `cos` up
//! to 10⁶, `exp` from −700 to 700, and `erf`; the compiler; this code. `tests/libm.rs` checks the second against arithmetic
//! of 100 digits at 10⁴ points each (the worst was 0.9), `tests/exact.rs` the last: against the engine asked every pair of
//! three digits, random additions, and counts made by other means. A counterexample is given only where the plain forward
//! agrees.

mod asked;
mod attention;
mod boxed;
mod cases;
mod certificate;
mod closest;
mod counting;
mod curvature;
mod diagram;
mod enclosed;
mod firm;
mod float32;
mod gelu;
mod interval;
mod jet;
mod lane;
mod lists;
mod map;
mod moving;
mod noisy;
mod numbers;
mod projections;
mod readout;
mod report;
mod row;
mod rules;
mod scalar;
mod simplest;
mod stops;
mod sums;
pub mod versus;
mod walk;

pub use certificate::{CaseVerdict, CertifiedCase, FixedColumn};
pub use curvature::Margins;
pub use firm::{Firm, Verdict};
pub use interval::Interval;
pub use numbers::Ranged;
pub use report::*;

use crate::config::Norm;
use crate::map::Map;
use crate::{Forward, Intervened, Model};
use asked::Asked;
use attention::Attention;
use closest::Search;
use counting::Counting;
use diagram::{NODES, Within};
use enclosed::Enclosed;
use float32::Machine;
use numbers::Numbers;
use readout::Readout;
use row::Row;
use std::cell::OnceCell;
use std::rc::Rc;
use sums::Shown;
use task::addition::ANSWER_DIGITS;
use task::sampling::Pair;

/// Models with larger numbers are not decided: products of four of them and their squares stay far below 10³⁰⁰.
const LARGEST_NUMBER: f64 = 1e15;

/// About how many intervals one of many models is decided with, before it is left open: some tenths of a second, and the same in
/// every table.
pub const LOOKS_OF_MANY: u64 = 400_000;

/// Most nodes of the diagrams that additions are counted by where it should not take long.
const SOON: usize = 1_500;

/// Whether all numbers of a model, and some others, are at most [`LARGEST_NUMBER`].
fn are_small(model: &Model, others: impl Iterator<Item = f64>) -> bool {
    let stored = model.params().iter().flat_map(|p| p.numbers().iter().map(|v| f64::from(*v)));
    let amplitude = match model.config().norm {
        Norm::SpiralBoost { amp } => amp,
        _ => 0.0,
    };
    stored.chain(others).chain([amplitude]).all(|v| v.abs() <= LARGEST_NUMBER)
}

/// What is known of additions of at most so many digits, for those who look into it.
struct Findings<'a> {
    model: &'a Model,
    readout: &'a Rc<Readout>,
    rows: &'a [Row],
    counting: &'a Counting,
    digits: usize,
    within: Within,
}

/// A verdict in the making: work is done in steps, and what is known can be asked for at any time.
pub struct Exact<'a> {
    model: &'a Model,
    under: Option<&'a Intervened>,
    /// No number is so large that those made of it could leave the range of f64.
    sane: bool,
    attention: Attention,
    readout: Rc<Readout>,
    rows: Vec<Row>,
    /// Most nodes of the diagrams that additions are counted by.
    room: usize,
    /// Made when they are asked for.
    counting: OnceCell<Counting>,
    with_wrong: OnceCell<Counting>,
}

impl<'a> Exact<'a> {
    /// Nothing is decided yet.
    pub fn new(model: &'a Model) -> Exact<'a> {
        Exact::over(model, &[])
    }

    /// The same with ranges in the place of some numbers.
    ///
    /// What is then certain of an addition, right or wrong, is certain for every choice of numbers from their ranges
    /// ([the module](self), ranges); that is what [`Exact::count`] counts. Rules, counterexamples, closest call and
    /// [`Exact::float32`] are of the stored numbers: with ranges they are not to be asked for.
    pub fn over(model: &'a Model, ranges: &[Ranged]) -> Exact<'a> {
        let ends = ranges.iter().flat_map(|ranged| [ranged.range.lo, ranged.range.hi]);
        let sane = are_small(model, ends);
        let ranges = ranges.iter().map(|ranged| (ranged.tensor, ranged.index, ranged.range));
        let numbers = Numbers::new(model, ranges.collect());
        let enclosed = Rc::new(Enclosed::new(&numbers));
        let attention = Attention::new(model.config(), &enclosed);
        let readout = Rc::new(Readout::new(model.config(), &enclosed, &attention.write));
        Exact {
            model,
            under: None,
            sane,
            attention,
            readout,
            rows: vec![],
            room: NODES,
            counting: OnceCell::new(),
            with_wrong: OnceCell::new(),
        }
    }

    /// Of a model under interventions. Nothing is decided where a row is patched from another addition: what that puts in is of
    /// that addition alone.
    pub fn under(under: &'a Intervened) -> Exact<'a> {
        let exact = Exact::new(under.model());
        let sane = exact.sane && !under.is_patched();
        let attention = exact.attention.of(Shown::of(under.hidden()));
        Exact { attention, sane, under: Some(under), ..exact }
    }

    /// Counts by no more than `nodes` nodes, a kilobyte each, or almost two where pairs are ordered: what has no room is
    /// open. 40 000 without it.
    pub fn with_room(self, nodes: usize) -> Exact<'a> {
        Exact { room: nodes, ..self }
    }

    /// A verdict with as much work as it takes, up to about `looks` intervals.
    pub fn decided(model: &'a Model, looks: u64) -> Exact<'a> {
        let mut exact = Exact::new(model);
        exact.step(looks);
        exact
    }

    /// Looks at about `looks` more intervals, and at least one row or case. Gives whether there is nothing left to do.
    pub fn step(&mut self, looks: u64) -> bool {
        (self.counting, self.with_wrong) = (OnceCell::new(), OnceCell::new());
        if !self.sane {
            return true;
        }
        let until = self.looks() + looks.max(1);
        while self.looks() < until {
            if self.rows.len() < ANSWER_DIGITS {
                self.rows.push(Row::new(&self.attention, &self.readout, self.rows.len()));
            } else if let Some(row) = self.heaviest() {
                row.split();
            } else {
                break;
            }
        }
        self.is_done()
    }

    /// Whether there is nothing left to do: all is decided, or cannot be.
    pub fn is_done(&self) -> bool {
        !self.sane || (self.rows.len() == ANSWER_DIGITS && self.rows.iter().all(Row::is_settled))
    }

    /// Intervals that were looked at so far.
    pub fn looks(&self) -> u64 {
        self.rows.iter().map(|row| row.looks).sum()
    }

    /// The row with the largest case that is not decided.
    fn heaviest(&mut self) -> Option<&mut Row> {
        let open = self.rows.iter_mut().filter_map(|row| Some((row.heaviest()?, row)));
        open.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, row)| row)
    }

    fn known(&self, digits: usize) -> Findings<'_> {
        Findings {
            model: self.model,
            readout: &self.readout,
            rows: &self.rows,
            counting: self.with_wrong(),
            digits,
            within: Within::digits(digits, self.attention.columns()),
        }
    }

    fn with_wrong(&self) -> &Counting {
        self.with_wrong.get_or_init(|| Counting::with_wrong(&self.rows, self.room))
    }

    /// What is right; with what is wrong, where that was asked for before.
    fn counting(&self) -> &Counting {
        let right = || self.counting.get_or_init(|| Counting::new(&self.rows, self.room));
        self.with_wrong.get().unwrap_or_else(right)
    }

    /// How many additions of at most `digits` digits are right, as far as it is known.
    pub fn count(&self, digits: usize) -> Count {
        self.counting().count(digits)
    }

    /// The same within some milliseconds, and further apart where counting all that is known takes longer.
    pub fn count_soon(&self, digits: usize) -> Count {
        Counting::new(&self.rows, self.room.min(SOON)).count(digits)
    }

    /// What is known of each answer row of `a + b` under teacher forcing: whether it is right; nothing where it is not decided.
    pub fn rows_of(&self, a: u64, b: u64) -> [Option<bool>; ANSWER_DIGITS] {
        let values = self.attention.columns().of(a, b);
        std::array::from_fn(|k| match self.rows.get(k)?.leaf(&values) {
            row::RIGHT => Some(true),
            row::OPEN => None,
            _ => Some(false),
        })
    }

    /// All that is known, of additions of at most `digits` digits.
    pub fn report(&self, digits: usize) -> Report {
        let known = self.known(digits);
        let forward = self.forward();
        let count = known.counting.count(digits);
        let asked = Asked::new(&known, &forward);
        let counterexamples = asked.counterexamples();
        let closest = Search::new(&known, &forward).found();
        Report {
            digits,
            total: count.total().to_string(),
            right: count.right().map(|n| n.to_string()),
            right_at_least: count.at_least.to_string(),
            right_at_most: count.at_most.to_string(),
            wrong: count.right().map(|n| (count.total() - n).to_string()),
            decided: count.right().is_some(),
            proven: count.proven(),
            counterexamples,
            closest,
            rules: asked.rules(),
            by_digit: known.counting.by_digit(digits),
            by_carry_chain: known.counting.by_chain(digits),
        }
    }

    /// The smallest lead of a right answer digit alone.
    pub fn closest(&self, digits: usize) -> Option<Closest> {
        Search::new(&self.known(digits), &self.forward()).found()
    }

    /// All additions of at most `digits` digits as one map, case by case.
    pub fn map(&self, digits: usize) -> Map {
        map::map(&self.known(digits))
    }

    /// Whether float32 says what exact arithmetic does in each answer row after true digits: so it is right on the same
    /// additions.
    ///
    /// * `near` - additions that are asked for where it is not proven ([`Report::near`])
    pub fn float32(&self, near: &[Pair]) -> InFloat32 {
        let hides = |under: &Intervened| under.hidden().contains(&true);
        if self.rows.len() < ANSWER_DIGITS || self.under.is_some_and(hides) {
            return Float32::Open.into();
        }
        let machine = Machine::new(self.model, &self.attention.enclosed);
        if machine.agrees(&self.rows, &self.readout) {
            return Float32::Proven.into();
        }
        let differs = near.iter().find_map(|(a, b)| {
            let digit = float32::differs(self.model, (*a, *b), &self.rows_of(*a, *b))?;
            Some(Differs { a: *a, b: *b, digit })
        });
        differs.map_or(Float32::Open.into(), InFloat32::refuted)
    }

    /// The plain forward of what is decided.
    fn forward(&self) -> Forward<'_> {
        self.under.map_or_else(|| Forward::new(self.model), Forward::under)
    }
}
