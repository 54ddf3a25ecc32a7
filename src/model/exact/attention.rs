//! What attention writes in an answer row, over sets of additions (steps 3 and 4): theorem 2 of [the module](super).

use super::cases::Case;
use super::enclosed::{CLASSES, EQUALS_CLASS, Enclosed, PLUS_CLASS, product};
use super::interval::{Interval, dot, down, up};
use super::sums::{Below, Paths, Reach, Terms};
use crate::Model;
use crate::config::QkInput;
use crate::weights::OutWeights;
use std::rc::Rc;
use task::addition::DIGITS;

/// Steps of Dinkelbach's iteration after which a bound is taken as it is.
const STEPS: usize = 12;

/// A number that is read from one head's values and written to the residual stream.
struct Channel {
    head: usize,
    slot: usize,
    /// What it reads from a token (classes × digits; PLUS and EQUALS have one token each).
    values: [[Interval; DIGITS]; CLASSES],
}

/// Queries, keys and values.
pub struct Attention<'a> {
    model: &'a Model,
    enclosed: Rc<Enclosed>,
    /// By head, class and token (`n_heads × CLASSES × DIGITS`), each qk_dim.
    queries: Vec<Vec<Interval>>,
    keys: Vec<Vec<Interval>>,
    channels: Vec<Channel>,
    /// Directions that are written (slots × d_model).
    pub write: Vec<Vec<Interval>>,
}

/// The token of index `d` at a place of `class`.
fn token(model: &Model, class: usize, d: usize) -> usize {
    let vocabulary = model.config().vocabulary;
    match class {
        PLUS_CLASS => vocabulary.plus.into(),
        EQUALS_CLASS => vocabulary.equals.into(),
        _ => d,
    }
}

/// Tokens of a class that differ.
fn tokens_of(class: usize) -> usize {
    if class < DIGITS { DIGITS } else { 1 }
}

impl<'a> Attention<'a> {
    /// Of `model`.
    pub fn new(model: &'a Model, enclosed: &Rc<Enclosed>) -> Attention<'a> {
        let heads = model.config().n_heads;
        let size = heads * CLASSES * DIGITS;
        let mut attention = Attention {
            model,
            enclosed: enclosed.clone(),
            queries: vec![vec![]; size],
            keys: vec![vec![]; size],
            channels: vec![],
            write: vec![],
        };
        for class in 0..CLASSES {
            for d in 0..tokens_of(class) {
                attention.project(class, d);
            }
        }
        attention.read_channels();
        attention
    }

    fn index(head: usize, class: usize, d: usize) -> usize {
        (head * CLASSES + class) * DIGITS + d
    }

    /// Queries and keys of one token (steps 3 and 4).
    fn project(&mut self, class: usize, d: usize) {
        let (config, w) = (self.model.config(), self.model.weights());
        let enclosed = self.enclosed.clone();
        let t = token(self.model, class, d);
        let rms = enclosed.rms(class, t);
        let whole = enclosed.tokens[t].iter().chain(&enclosed.positions[class]);
        let skip = match config.qk_input {
            QkInput::Position => config.tok_dim,
            QkInput::Full => 0,
        };
        let normed = whole.zip(&enclosed.norm1).skip(skip);
        let normed: Vec<Interval> = normed.map(|(x, w)| (*x * *w).over(rms)).collect();
        for (h, (sin, cos)) in enclosed.phases.iter().enumerate() {
            let rows = h * config.qk_dim..(h + 1) * config.qk_dim;
            let mut query: Vec<Interval> =
                rows.clone().map(|r| product(w.q.row(r), &normed)).collect();
            for pair in query.chunks_exact_mut(2) {
                let (q0, q1) = (pair[0], pair[1]);
                pair[0] = q0 * *cos - q1 * *sin;
                pair[1] = q0 * *sin + q1 * *cos;
            }
            let index = Self::index(h, class, d);
            self.queries[index] = query;
            self.keys[index] = rows.map(|r| product(w.k.row(r), &normed)).collect();
        }
    }

    /// What each head's values are made of before anything is written (step 4).
    fn read_channels(&mut self) {
        let (config, w) = (self.model.config(), self.model.weights());
        let points = |row: Vec<f64>| row.into_iter().map(Interval::point).collect();
        let width = config.head_dim;
        for h in 0..config.n_heads {
            match &w.out {
                OutWeights::LowRank { a, b } => {
                    for slot in 0..a.ncols() {
                        let read: Vec<f64> = (0..width).map(|i| a[[h * width + i, slot]]).collect();
                        self.channel(h, slot, &read);
                    }
                    self.write = b.outer_iter().map(|row| points(row.to_vec())).collect();
                }
                OutWeights::Full(out) => {
                    for i in 0..width {
                        let mut read = vec![0.0; width];
                        read[i] = 1.0;
                        self.channel(h, h * width + i, &read);
                    }
                    self.write = out.columns().into_iter().map(|c| points(c.to_vec())).collect();
                }
            }
        }
    }

    fn channel(&mut self, head: usize, slot: usize, read: &[f64]) {
        let (config, w) = (self.model.config(), self.model.weights());
        let enclosed = self.enclosed.clone();
        // Σ_i read_i · V_im · w_m of token coordinate m.
        let of_token = |m: usize| {
            let rows = head * config.head_dim..(head + 1) * config.head_dim;
            let terms =
                rows.zip(read).map(|(r, a)| Interval::point(*a) * Interval::point(w.v[[r, m]]));
            terms.sum::<Interval>() * enclosed.norm1[m]
        };
        let reads: Vec<Interval> = (0..config.tok_dim).map(of_token).collect();
        let mut values = [[Interval::ZERO; DIGITS]; CLASSES];
        for (class, values) in values.iter_mut().enumerate() {
            for (d, value) in values.iter_mut().enumerate().take(tokens_of(class)) {
                let t = token(self.model, class, d);
                *value = dot(&reads, &enclosed.tokens[t]).over(enclosed.rms(class, t));
            }
        }
        self.channels.push(Channel { head, slot, values });
    }

    /// `e^(score − c)` of every token that row `row` can see after `q`, with some `c` of their own.
    fn weights(&self, head: usize, row: usize, q: usize) -> HeadWeights {
        let own = if row == 0 {
            Self::index(head, EQUALS_CLASS, 0)
        } else {
            Self::index(head, row - 1, q)
        };
        let query = &self.queries[own];
        let root = Interval::point(self.model.config().qk_dim as f64).sqrt();
        let mut scores = [[Interval::ZERO; DIGITS]; CLASSES];
        let mut most = f64::NEG_INFINITY;
        for (class, scores) in scores.iter_mut().enumerate() {
            let differ = if self.enclosed.fixed { 1 } else { tokens_of(class) };
            for (d, score) in scores.iter_mut().enumerate().take(differ) {
                *score = dot(query, &self.keys[Self::index(head, class, d)]).over(root);
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
        let digits = if row == 0 { 1 } else { DIGITS };
        if !self.enclosed.fixed {
            return (0..digits).map(|q| self.moving(row, q)).collect();
        }
        let rows: Vec<FixedRow> = self.channels.iter().map(|c| self.fixed_row(c, row)).collect();
        let lane = |q: usize| {
            let of = |row: &FixedRow| Fixed {
                paths: Paths::new(&row.terms, &row.below, q),
                row: row.clone(),
            };
            self.sums(rows.iter().map(|row| Sums::Fixed(of(row))).collect())
        };
        (0..digits).map(lane).collect()
    }

    fn sums(&self, channels: Vec<Sums>) -> LaneSums {
        let slots = self.channels.iter().map(|channel| channel.slot).collect();
        LaneSums { channels, slots, width: self.write.len() }
    }

    fn fixed_row(&self, channel: &Channel, row: usize) -> FixedRow {
        let weights = self.weights(channel.head, row, 0);
        let seen = |class: usize| {
            weights.of[class][0].times(if class >= DIGITS {
                1.0
            } else if class < row {
                3.0
            } else {
                2.0
            })
        };
        let total: Interval = (0..CLASSES).map(seen).sum();
        let share = |class: usize| weights.of[class][0].over(total);
        let shares: [Interval; CLASSES] = std::array::from_fn(share);
        let terms = Terms::new(|j, d| (shares[j] * channel.values[j][d], 0.0));
        let constant =
            [PLUS_CLASS, EQUALS_CLASS].map(|class| shares[class] * channel.values[class][0]);
        let below = Below::new(&terms, row);
        FixedRow { terms, below, constant: constant[0] + constant[1] }
    }

    fn moving(&self, row: usize, q: usize) -> LaneSums {
        let of = |channel: &Channel| {
            let weights = self.weights(channel.head, row, q);
            let mut values = channel.values;
            for class in values.iter_mut().skip(DIGITS) {
                *class = [class[0]; DIGITS];
            }
            Sums::Moving(Moving::new(row, q, weights, values))
        };
        self.sums(self.channels.iter().map(of).collect())
    }
}

struct HeadWeights {
    of: [[Interval; DIGITS]; CLASSES],
}

#[derive(Clone)]
struct FixedRow {
    terms: Terms,
    below: Below,
    constant: Interval,
}

struct Fixed {
    row: FixedRow,
    paths: Paths,
}

/// A ratio of two sums over the tokens that are seen: `Σ e·v / Σ e`.
struct Moving {
    row: usize,
    q: usize,
    weights: HeadWeights,
    values: [[Interval; DIGITS]; CLASSES],
    /// All denominators of the row lie in this.
    denominators: Interval,
    /// A weighted mean lies between the least and greatest value.
    trivial: Interval,
}

enum Sums {
    Fixed(Fixed),
    Moving(Moving),
}

/// What attention writes in one answer row after one digit.
pub struct LaneSums {
    channels: Vec<Sums>,
    slots: Vec<usize>,
    width: usize,
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
        true
    }
}

impl Fixed {
    fn reach(&self, case: &Case, carry: usize) -> Option<Interval> {
        let FixedRow { terms, below, constant } = &self.row;
        let reach = self.paths.reach(terms, below, case, carry);
        (!reach.is_none()).then(|| Interval { lo: reach.lo, hi: reach.hi } + *constant)
    }
}

impl Moving {
    fn new(
        row: usize,
        q: usize,
        weights: HeadWeights,
        values: [[Interval; DIGITS]; CLASSES],
    ) -> Moving {
        let mut moving =
            Moving { row, q, weights, values, denominators: Interval::ONE, trivial: values[0][0] };
        for value in moving.values.iter().flatten() {
            moving.trivial = moving.trivial.hull(*value);
        }
        let terms = Terms::new(|j, d| (moving.weights.of[j][d], 0.0));
        let special = moving.weights.of[PLUS_CLASS][0] + moving.weights.of[EQUALS_CLASS][0];
        let mut all = Reach::NONE;
        for carry in 0..2 {
            let reach = moving.paths(&terms, &Case::ANY, carry);
            if !reach.is_none() {
                all = Reach { lo: all.lo.min(reach.lo), hi: all.hi.max(reach.hi), ..all };
            }
        }
        let lo = down(all.lo + special.lo).max(special.lo);
        moving.denominators = Interval { lo, hi: up(all.hi + special.hi) };
        moving
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
        let terms = Terms::new(term);
        let mut reach = self.paths(&terms, case, carry);
        for class in [PLUS_CLASS, EQUALS_CLASS] {
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
                let still = (next - tau).abs() <= 1e-13 * self.trivial.size();
                tau = if next.is_finite() { next } else { break };
                if still {
                    break;
                }
            }
        }
        Some(bounds)
    }
}

impl LaneSums {
    /// Roughly how much a column moves what is written: no bound, only an order to split cases in.
    pub fn influence(&self, column: usize) -> f64 {
        let spread = |terms: &mut dyn Iterator<Item = f64>| {
            let (lo, hi) = terms
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)));
            hi - lo
        };
        let of = |sums: &Sums| match sums {
            Sums::Fixed(fixed) => spread(&mut fixed.row.terms.lo[column].iter().copied()),
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
