//! A ratio of two sums over what an answer row sees, where attention moves with the tokens (step 4): theorem 2 of
//! [the module](super).

use super::cases::{Case, PAIR};
use super::enclosed::{CLASSES, EQUALS_CLASS, PLUS_CLASS};
use super::interval::{Interval, down, up};
use super::sums::{Below, Paths, Reach, Shown, Terms};
use std::rc::Rc;
use task::addition::DIGITS;

/// Steps of Dinkelbach's iteration after which a bound is taken as it is.
const STEPS: usize = 12;

/// What one row gives each token that it can see, but for a common factor.
pub struct HeadWeights {
    pub of: [[Interval; DIGITS]; CLASSES],
}

/// The larger of two weights.
fn larger(a: Interval, b: Interval) -> Interval {
    Interval { lo: a.lo.max(b.lo), hi: a.hi.max(b.hi) }
}

impl HeadWeights {
    /// The largest weight that a row sees in a case, which softmax1 counts once more.
    pub fn largest(&self, seen: &Seen, case: &Case) -> Interval {
        let classes = (0..CLASSES).filter(|class| seen.shown.looked_at(*class, seen.row) > 0.0);
        classes.map(|class| self.largest_of(class, seen, case)).fold(Interval::ZERO, larger)
    }

    /// The largest of one class. Of a column that is not fixed any two digits may be seen, so the least of its largest is that
    /// of two equal ones.
    fn largest_of(&self, class: usize, seen: &Seen, case: &Case) -> Interval {
        let of = &self.of[class];
        let digit = |is_seen: bool, d: usize| if is_seen { of[d] } else { Interval::ZERO };
        let Some([is_x, is_y]) = seen.shown.pair.get(class) else { return of[0] };
        let is_answer = class < seen.row && seen.shown.answer[class];
        match case.get(class) {
            Some(value) => {
                let (x, y) = PAIR[value.pair];
                let pair = larger(digit(*is_x, x.into()), digit(*is_y, y.into()));
                larger(pair, digit(is_answer, value.digit()))
            }
            None => {
                let least = of.iter().fold(f64::INFINITY, |least, weight| least.min(weight.lo));
                let any =
                    Interval { lo: least, hi: of.iter().copied().fold(Interval::ZERO, larger).hi };
                larger(any, digit(is_answer && class + 1 == seen.row, seen.q))
            }
        }
    }

    /// Where scores are so large that their powers are not known, they are not.
    pub fn is_sane(&self) -> bool {
        self.of.iter().flatten().all(|weight| weight.is_sane())
    }
}

/// What an answer row after a digit looks at.
#[derive(Clone, Copy)]
pub struct Seen {
    pub row: usize,
    /// The digit before it.
    pub q: usize,
    pub shown: Shown,
    /// As softmax1 looks: with a place more that weighs as the largest does, and has nothing to be read.
    pub once_more: bool,
}

/// A ratio of two sums over the tokens that are seen: `Σ e·v / Σ e`.
pub struct Moving {
    seen: Seen,
    pub weights: Rc<HeadWeights>,
    pub values: [[Interval; DIGITS]; CLASSES],
    /// All denominators of the row lie in this.
    pub denominators: Interval,
    /// A weighted mean lies between the least and greatest value.
    pub trivial: Interval,
}

impl Moving {
    pub fn new(
        seen: Seen,
        weights: Rc<HeadWeights>,
        values: [[Interval; DIGITS]; CLASSES],
    ) -> Moving {
        let (denominators, trivial) = (Interval::ONE, values[0][0]);
        let mut moving = Moving { seen, weights, values, denominators, trivial };
        for value in moving.values.iter().flatten() {
            moving.trivial = moving.trivial.hull(*value);
        }
        let terms = Terms::new(seen.shown, |j, d| (moving.weights.of[j][d], 0.0));
        let mut special: Interval = moving.special().map(|class| moving.weights.of[class][0]).sum();
        if seen.once_more {
            moving.trivial = moving.trivial.hull(Interval::ZERO);
            special = special + moving.weights.largest(&seen, &Case::ANY);
        }
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
        let shown = self.seen.shown.special;
        [PLUS_CLASS, EQUALS_CLASS]
            .into_iter()
            .zip(shown)
            .filter(|(_, shown)| *shown)
            .map(|(c, _)| c)
    }

    fn paths(&self, terms: &Terms, case: &Case, carry: usize) -> Reach {
        let below = Below::new(terms, self.seen.row);
        Paths::new(terms, &below, self.seen.q).reach(terms, &below, case, carry)
    }

    /// `Σ e·(v − τ)` over a case: its extremes, and the sums of `e` on their paths. The place that is seen `once_more` has this
    /// weight, and a value of 0.
    fn shifted(&self, tau: f64, case: &Case, carry: usize, once_more: Option<Interval>) -> Reach {
        let tau = Interval::point(tau);
        let term = |class: usize, d: usize| {
            let weight = self.weights.of[class][d];
            (weight * (self.values[class][d] - tau), weight.middle())
        };
        let terms = Terms::new(self.seen.shown, term);
        let mut reach = self.paths(&terms, case, carry);
        let nothing = once_more.map(|weight| (-(weight * tau), weight.middle()));
        for (value, weight) in self.special().map(|class| term(class, 0)).chain(nothing) {
            if !reach.is_none() {
                reach.lo = down(reach.lo + value.lo);
                reach.hi = up(reach.hi + value.hi);
                reach.with_lo += weight;
                reach.with_hi += weight;
            }
        }
        reach
    }

    /// Bounds of every ratio of a case: Dinkelbach's iteration, whose end is certified by one evaluation. Where `Σ e·(v − τ)` is
    /// never below `f`, no ratio is below `τ + f / Σ e`.
    pub fn reach(&self, case: &Case, carry: usize) -> Option<Interval> {
        let mut bounds = self.trivial;
        let once_more = self.seen.once_more.then(|| self.weights.largest(&self.seen, case));
        // A case that is to be split anyway need not be known to the last digit.
        let share = if case.fixed() < 2 { 1e-6 } else { 1e-13 };
        let precision = share * self.trivial.size();
        let mut tau = self.trivial.middle();
        for low in [true, false] {
            for _ in 0..STEPS {
                let sums = self.shifted(tau, case, carry, once_more);
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
