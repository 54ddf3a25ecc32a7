//! What attention writes in an answer row, over sets of additions (steps 3 and 4): theorem 2 of [the module](super).

use super::cases::{Case, Columns, befores};
use super::enclosed::{CLASSES, EQUALS_CLASS, Enclosed, PLUS_CLASS};
use super::interval::Interval;
use super::moving::{HeadWeights, Moving, Seen};
use super::projections::{Channel, Projections, tokens_of};
use super::sums::{Below, Paths, Shown, Terms};
use crate::Config;
use numbers::listed::Listed;
use std::rc::Rc;
use task::addition::DIGITS;

/// What attention writes in each answer row.
pub struct Attention {
    /// The tables that it is made from.
    pub enclosed: Rc<Enclosed<Interval>>,
    projections: Projections<Interval>,
    /// Directions that are written (slots × d_model).
    pub write: Vec<Vec<Interval>>,
    shown: Shown,
    softmax1: bool,
}

/// Whether a row looks at anything: else it reads nothing, which no mean of values says.
fn looks(shown: &Shown, row: usize) -> bool {
    (0..CLASSES).any(|class| shown.looked_at(class, row) > 0.0)
}

impl Attention {
    /// Of an architecture with these tables.
    pub fn new(config: &Config, enclosed: &Rc<Enclosed<Interval>>) -> Attention {
        let projections = Projections::new(config, enclosed);
        let (enclosed, write) = (enclosed.clone(), projections.write.clone());
        let softmax1 = config.softmax1;
        Attention { enclosed, write, projections, shown: Shown::ALL, softmax1 }
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
        if !self.enclosed.fixed && looks(&self.shown, row) {
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
        let sane = channels.iter().all(Sums::is_sane);
        LaneSums { channels, slots, width: self.write.len(), sane }
    }

    fn moving(&self, row: usize, q: usize) -> LaneSums {
        self.sums(self.by_channel(row, q, |channel, weights| {
            let mut values = channel.values;
            for class in values.iter_mut().skip(DIGITS) {
                *class = [class[0]; DIGITS];
            }
            let seen = Seen { row, q, shown: self.shown, once_more: self.softmax1 };
            Sums::Moving(Box::new(Moving::new(seen, weights.clone(), values)))
        }))
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
            // Of fixed weights it is the same whatever digits are seen.
            let seen = Seen { row, q: 0, shown, once_more: true };
            total = total + weights.largest(&seen, &Case::ANY);
        }
        let looks = looks(&shown, row);
        let share = |class: usize| {
            if looks { weights.of[class][0].over(total) } else { Interval::ZERO }
        };
        let shares: [Interval; CLASSES] = std::array::from_fn(share);
        let terms = Terms::new(shown, |j, d| (shares[j] * channel.values[j][d], 0.0));
        let constant = [PLUS_CLASS, EQUALS_CLASS].map(|class| {
            let one = shares[class] * channel.values[class][0];
            one.times(shown.looked_at(class, row))
        });
        let below = Below::new(&terms, row);
        let shares_are = shares.iter().all(|share| share.is_sane());
        let sane = weights.is_sane() && total.is_sane() && shares_are;
        FixedRow { terms, below, constant: constant[0] + constant[1], sane }
    }
}

struct Fixed {
    row: Rc<FixedRow>,
    paths: Paths,
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
            Sums::Moving(moving) => moving.weights.is_sane() && moving.trivial.is_sane(),
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
