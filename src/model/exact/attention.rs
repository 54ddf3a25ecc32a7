//! What attention writes in an answer row, over sets of additions (steps 3 and 4): theorem 2 of [the module](super).

use super::cases::{Case, Columns, befores};
use super::enclosed::{CLASSES, EQUALS_CLASS, Enclosed, PLUS_CLASS};
use super::interval::{Interval, down, up};
use super::projections::{Channel, Projections, tokens_of};
use super::sums::{Below, Paths, Reach, Shown, Terms};
use crate::Config;
use numbers::listed::Listed;
use std::rc::Rc;
use task::addition::DIGITS;

/// Steps of Dinkelbach's iteration after which a bound is taken as it is.
const STEPS: usize = 12;

/// What attention writes in each answer row.
pub struct Attention {
    /// The tables that it is made from.
    pub enclosed: Rc<Enclosed<Interval>>,
    projections: Projections<Interval>,
    /// Directions that are written (slots × d_model).
    pub write: Vec<Vec<Interval>>,
    shown: Shown,
    softmax1: bool,
    /// It is computed as is known here.
    is_known: bool,
}

/// Whether a row looks at anything: else nothing is written, which no mean of values says.
fn looks(shown: &Shown, row: usize) -> bool {
    (0..CLASSES).any(|class| shown.looked_at(class, row) > 0.0)
}

impl Attention {
    /// Of an architecture with these tables.
    pub fn new(config: &Config, enclosed: &Rc<Enclosed<Interval>>) -> Attention {
        let projections = Projections::new(config, enclosed);
        let (enclosed, write) = (enclosed.clone(), projections.write.clone());
        let (softmax1, is_known) = (config.softmax1, config.is_known_exactly());
        Attention { enclosed, write, projections, shown: Shown::ALL, softmax1, is_known }
    }

    /// The same of rows that look at these places alone.
    pub fn of(self, shown: Shown) -> Attention {
        Attention { shown, ..self }
    }

    /// What columns are made of, as rows look at them.
    pub fn columns(&self) -> Columns {
        self.shown.columns()
    }

    /// `e^(score − c)` of every token that row `row` can see after `q`, with some `c` of their own.
    fn weights(&self, head: usize, row: usize, q: usize) -> HeadWeights {
        let mut scores = [[Interval::ZERO; DIGITS]; CLASSES];
        let mut most = f64::NEG_INFINITY;
        for (class, scores) in scores.iter_mut().enumerate() {
            let differ = if self.enclosed.fixed { 1 } else { tokens_of(class) };
            for (d, score) in scores.iter_mut().enumerate().take(differ) {
                *score = self.projections.score(head, (row, q), (class, d));
                most = most.max(score.middle());
            }
        }
        let mut of = [[Interval::ZERO; DIGITS]; CLASSES];
        for (class, of) in of.iter_mut().enumerate() {
            let differ = if self.enclosed.fixed { 1 } else { tokens_of(class) };
            for d in 0..differ {
                of[d] = (scores[class][d] - Interval::point(most)).exp();
            }
            if differ < tokens_of(class) {
                *of = [of[0]; DIGITS];
            }
        }
        HeadWeights { of }
    }

    /// Sums of answer row `row` (0 to 10) after the digit `q`; `row` 0 has none, and `q` is 0.
    pub fn lanes(&self, row: usize) -> Vec<LaneSums> {
        let digits = befores(row);
        if !self.enclosed.fixed {
            return (0..digits).map(|q| self.moving(row, q)).listed();
        }
        let rows: Vec<Rc<FixedRow>> = self.by_channel(row, 0, |channel, weights| {
            Rc::new(FixedRow::new(channel, weights, row, self))
        });
        let lane = |q: usize| {
            let of = |row: &Rc<FixedRow>| {
                let paths = Paths::new(&row.terms, &row.below, q);
                Sums::Fixed(Box::new(Fixed { row: row.clone(), paths }))
            };
            self.sums(rows.iter().map(of).listed())
        };
        (0..digits).map(lane).listed()
    }

    /// What `make` makes of each channel with the weights of its head.
    fn by_channel<T>(
        &self,
        row: usize,
        q: usize,
        make: impl Fn(&Channel<Interval>, &Rc<HeadWeights>) -> T,
    ) -> Vec<T> {
        let heads = 0..self.enclosed.phases.len();
        let weights: Vec<_> = heads.map(|head| Rc::new(self.weights(head, row, q))).listed();
        let of = |channel: &Channel<Interval>| make(channel, &weights[channel.head]);
        self.projections.channels.iter().map(of).listed()
    }

    fn sums(&self, channels: Vec<Sums>) -> LaneSums {
        let slots = self.projections.channels.iter().map(|channel| channel.slot).listed();
        let sane = self.is_known && channels.iter().all(Sums::is_sane);
        LaneSums { channels, slots, width: self.write.len(), sane }
    }

    fn moving(&self, row: usize, q: usize) -> LaneSums {
        self.sums(self.by_channel(row, q, |channel, weights| {
            let mut values = channel.values;
            for class in values.iter_mut().skip(DIGITS) {
                *class = [class[0]; DIGITS];
            }
            Sums::Moving(Box::new(Moving::new((row, q), self.shown, weights.clone(), values)))
        }))
    }
}

struct HeadWeights {
    of: [[Interval; DIGITS]; CLASSES],
}

impl HeadWeights {
    /// The largest weight that a row sees where all tokens of a class have one: what softmax1 adds to their sum.
    fn largest(&self, row: usize, shown: Shown) -> Interval {
        let seen = (0..CLASSES).filter(|class| shown.looked_at(*class, row) > 0.0);
        seen.map(|class| self.of[class][0]).fold(Interval::ZERO, |most, weight| Interval {
            lo: most.lo.max(weight.lo),
            hi: most.hi.max(weight.hi),
        })
    }

    /// Where scores are so large that their powers are not known, they are not.
    fn is_sane(&self) -> bool {
        self.of.iter().flatten().all(|weight| weight.is_sane())
    }
}

/// One channel in one answer row where attention does not move: the same after every digit.
struct FixedRow {
    terms: Terms,
    below: Below,
    constant: Interval,
    sane: bool,
}

impl FixedRow {
    fn new(
        channel: &Channel<Interval>,
        weights: &HeadWeights,
        row: usize,
        attention: &Attention,
    ) -> FixedRow {
        let shown = attention.shown;
        let seen = |class: usize| weights.of[class][0].times(shown.looked_at(class, row));
        let mut total: Interval = (0..CLASSES).map(seen).sum();
        if attention.softmax1 {
            total = total + weights.largest(row, shown);
        }
        let share = |class: usize| weights.of[class][0].over(total);
        let shares: [Interval; CLASSES] = std::array::from_fn(share);
        let terms = Terms::new(shown, |j, d| (shares[j] * channel.values[j][d], 0.0));
        let constant = [PLUS_CLASS, EQUALS_CLASS].map(|class| {
            let one = shares[class] * channel.values[class][0];
            one.times(shown.looked_at(class, row))
        });
        let below = Below::new(&terms, row);
        let shares_are = shares.iter().all(|share| share.is_sane());
        let sane = weights.is_sane() && total.is_sane() && shares_are && looks(&shown, row);
        FixedRow { terms, below, constant: constant[0] + constant[1], sane }
    }
}

struct Fixed {
    row: Rc<FixedRow>,
    paths: Paths,
}

/// A ratio of two sums over the tokens that are seen: `Σ e·v / Σ e`.
struct Moving {
    row: usize,
    q: usize,
    shown: Shown,
    weights: Rc<HeadWeights>,
    values: [[Interval; DIGITS]; CLASSES],
    /// All denominators of the row lie in this.
    denominators: Interval,
    /// A weighted mean lies between the least and greatest value.
    trivial: Interval,
}

/// Extremes of one ratio take as long as so many looks at an interval.
const MOVING_EFFORT: u64 = 40;

enum Sums {
    Fixed(Box<Fixed>),
    Moving(Box<Moving>),
}

/// What attention writes in one answer row after one digit.
pub struct LaneSums {
    channels: Vec<Sums>,
    slots: Vec<usize>,
    width: usize,
    /// Every weight and value is in range: else nothing is known of what is written.
    sane: bool,
}

impl Sums {
    fn is_sane(&self) -> bool {
        match self {
            Sums::Fixed(fixed) => fixed.row.sane,
            Sums::Moving(moving) => {
                let looks = looks(&moving.shown, moving.row);
                moving.weights.is_sane() && moving.trivial.is_sane() && looks
            }
        }
    }
}

impl LaneSums {
    /// Where each slot's number lies in all additions of a case, with this carry into the row's own column. False where
    /// there is no such addition.
    pub fn reach(&self, case: &Case, carry: usize, into: &mut Vec<Interval>) -> bool {
        into.clear();
        into.resize(self.width, Interval::ZERO);
        for (sums, slot) in self.channels.iter().zip(&self.slots) {
            let reach = match sums {
                Sums::Fixed(fixed) => fixed.reach(case, carry),
                Sums::Moving(moving) => moving.reach(case, carry),
            };
            let Some(reach) = reach else { return false };
            into[*slot] = into[*slot] + reach;
        }
        if !self.sane {
            into.fill(Interval::ANY);
        }
        true
    }

    /// Whether anything is known of what is written.
    pub fn is_sane(&self) -> bool {
        self.sane
    }

    /// How much work it is to find what is written, in looks at an interval.
    pub fn effort(&self) -> u64 {
        let of = |sums: &Sums| if matches!(sums, Sums::Moving(_)) { MOVING_EFFORT } else { 0 };
        self.channels.iter().map(of).sum()
    }

    /// Roughly how much a column moves what is written: no bound, only an order to split cases in.
    pub fn influence(&self, column: usize) -> f64 {
        let spread = |terms: &mut dyn Iterator<Item = f64>| {
            let (lo, hi) = terms
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)));
            hi - lo
        };
        let of = |sums: &Sums| match sums {
            Sums::Fixed(fixed) => spread(&mut fixed.row.terms.lo[column][..DIGITS].iter().copied()),
            Sums::Moving(moving) => {
                let middle = moving.trivial.middle();
                let values = moving.values[column].iter().zip(&moving.weights.of[column]);
                spread(&mut values.map(|(v, e)| (v.middle() - middle) * e.middle()))
                    / moving.denominators.middle()
            }
        };
        self.channels.iter().map(of).sum()
    }
}

impl Fixed {
    fn reach(&self, case: &Case, carry: usize) -> Option<Interval> {
        let FixedRow { terms, below, constant, .. } = &*self.row;
        let reach = self.paths.reach(terms, below, case, carry);
        (!reach.is_none()).then(|| Interval { lo: reach.lo, hi: reach.hi } + *constant)
    }
}

impl Moving {
    fn new(
        (row, q): (usize, usize),
        shown: Shown,
        weights: Rc<HeadWeights>,
        values: [[Interval; DIGITS]; CLASSES],
    ) -> Moving {
        let (denominators, trivial) = (Interval::ONE, values[0][0]);
        let mut moving = Moving { row, q, shown, weights, values, denominators, trivial };
        for value in moving.values.iter().flatten() {
            moving.trivial = moving.trivial.hull(*value);
        }
        let terms = Terms::new(shown, |j, d| (moving.weights.of[j][d], 0.0));
        let special: Interval = moving.special().map(|class| moving.weights.of[class][0]).sum();
        let mut all = Reach::NONE;
        for carry in 0..2 {
            let reach = moving.paths(&terms, &Case::ANY, carry);
            if !reach.is_none() {
                all = Reach { lo: all.lo.min(reach.lo), hi: all.hi.max(reach.hi), ..all };
            }
        }
        let lo = down(all.lo + special.lo).max(special.lo).max(0.0);
        moving.denominators = Interval { lo, hi: up(all.hi + special.hi) };
        moving
    }

    /// Classes of PLUS and EQUALS, as far as the row looks at them.
    fn special(&self) -> impl Iterator<Item = usize> {
        let shown = self.shown.special;
        [PLUS_CLASS, EQUALS_CLASS]
            .into_iter()
            .zip(shown)
            .filter(|(_, shown)| *shown)
            .map(|(c, _)| c)
    }

    fn paths(&self, terms: &Terms, case: &Case, carry: usize) -> Reach {
        let below = Below::new(terms, self.row);
        Paths::new(terms, &below, self.q).reach(terms, &below, case, carry)
    }

    /// `Σ e·(v − τ)` over a case: its extremes, and the sums of `e` on their paths.
    fn shifted(&self, tau: f64, case: &Case, carry: usize) -> Reach {
        let tau = Interval::point(tau);
        let term = |class: usize, d: usize| {
            let weight = self.weights.of[class][d];
            (weight * (self.values[class][d] - tau), weight.middle())
        };
        let terms = Terms::new(self.shown, term);
        let mut reach = self.paths(&terms, case, carry);
        for class in self.special() {
            let (value, weight) = term(class, 0);
            if !reach.is_none() {
                reach.lo = down(reach.lo + value.lo);
                reach.hi = up(reach.hi + value.hi);
                reach.with_lo += weight;
                reach.with_hi += weight;
            }
        }
        reach
    }

    /// Below every ratio of a case: Dinkelbach's iteration, whose end is certified by one evaluation. Where `Σ e·(v − τ)` is
    /// never below `f`, no ratio is below `τ + f / Σ e`.
    fn reach(&self, case: &Case, carry: usize) -> Option<Interval> {
        let mut bounds = self.trivial;
        // A case that is to be split anyway need not be known to the last digit.
        let share = if case.fixed() < 2 { 1e-6 } else { 1e-13 };
        let precision = share * self.trivial.size();
        let mut tau = self.trivial.middle();
        for low in [true, false] {
            for _ in 0..STEPS {
                let sums = self.shifted(tau, case, carry);
                if sums.is_none() {
                    return None;
                }
                let (f, with) = if low { (sums.lo, sums.with_lo) } else { (sums.hi, sums.with_hi) };
                let from = Interval::point(tau) + Interval::point(f).over(self.denominators);
                if low {
                    bounds.lo = bounds.lo.max(from.lo);
                } else {
                    bounds.hi = bounds.hi.min(from.hi);
                }
                let next = tau + f / with;
                let still = (next - tau).abs() <= precision;
                tau = if next.is_finite() { next } else { break };
                if still {
                    break;
                }
            }
        }
        Some(bounds)
    }
}
