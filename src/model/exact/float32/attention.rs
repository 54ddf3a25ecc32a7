//! By how much what attention writes may be off in float32: theorem 2 of [the module](super).

use super::super::enclosed::{CLASSES, EQUALS_CLASS, PLUS_CLASS};
use super::super::interval::Interval;
use super::super::noisy::{Noisy, U, ULPS, dot, gamma};
use super::super::sums::Shown;
use super::{Machine, Normed, stored};
use crate::weights::OutWeights;
use ndarray::{Array2, ArrayView1};
use numbers::listed::Listed;
use task::addition::DIGITS;

impl Machine<'_> {
    /// By how much what attention writes into each slot may be off, whatever the addition (step 4).
    pub(super) fn slots_off(&self, row: usize, q: usize) -> Vec<f64> {
        let (config, w) = (self.model.config(), self.model.weights());
        let (class, token) = self.own(row, q);
        let query = self.normed(&self.at(class, token), 0);
        let seen = self.seen(row);
        let keys: Vec<Normed> =
            seen.iter().map(|seen| self.normed(&self.at(seen.class, seen.token), 0)).listed();
        let mut inner: Vec<(f64, f64)> = Vec::new();
        for head in 0..config.n_heads {
            let shares = self.shares(head, &query, &keys, &seen);
            for i in head * config.head_dim..(head + 1) * config.head_dim {
                let row = stored(w.v.row(i));
                let value =
                    |key: &Normed| dot(&row, &key.values, Noisy::stored(0.0)).off_by(key.off);
                // What softmax1 looks at besides the tokens is exactly 0.
                let nothing = config.softmax1.then(|| Noisy::stored(0.0));
                let values: Vec<Noisy> = keys.iter().map(value).chain(nothing).listed();
                inner.push(written_off(&values, &shares));
            }
        }
        match &w.out {
            OutWeights::Full(_) => inner.iter().map(|(_, off)| *off).listed(),
            OutWeights::LowRank { a, .. } => {
                let slot = |read: ArrayView1<f64>| -> f64 {
                    let terms = read.iter().zip(&inner);
                    let rounding = gamma(inner.len() + 1);
                    terms.map(|(a, (size, off))| a.abs() * (off + rounding * (size + off))).sum()
                };
                a.columns().into_iter().map(slot).listed()
            }
        }
    }

    pub(super) fn at(&self, class: usize, token: usize) -> Vec<Noisy> {
        self.tokens[token].iter().chain(&self.positions[class]).copied().listed()
    }

    /// All that answer row `row` can see.
    fn seen(&self, row: usize) -> Vec<Seen> {
        let vocabulary = self.model.config().vocabulary;
        let tokens_at = |class: usize| -> Vec<usize> {
            match class {
                PLUS_CLASS => vec![vocabulary.plus.into()],
                EQUALS_CLASS => vec![vocabulary.equals.into()],
                _ => (0..DIGITS).listed(),
            }
        };
        let of = |class: usize| tokens_at(class).into_iter().map(move |token| (class, token));
        let seen = |(class, token)| Seen { class, token, times: Shown::ALL.looked_at(class, row) };
        (0..CLASSES).flat_map(of).map(seen).listed()
    }

    /// By what share the weight of each token may be off in one head, but for what is common to all: theorem 2 of
    /// [the module](self).
    fn shares(&self, head: usize, query: &Normed, keys: &[Normed], seen: &[Seen]) -> Shares {
        let turned = self.query(head, &query.values);
        let given: Vec<Noisy> = turned.iter().map(|v| v.given()).listed();
        let keys_of: Vec<Vec<Noisy>> = keys.iter().map(|key| self.key(head, &key.values)).listed();
        let root = Interval::ONE.over(Interval::point(self.model.config().qk_dim as f64).sqrt());
        // What float32 has of it is common to all scores.
        let root = Noisy::new(root, 0.0);
        let scores: Vec<Noisy> = keys_of
            .iter()
            .zip(keys)
            .map(|(key, normed)| {
                dot(&given, key, Noisy::stored(0.0)).times(root).off_by(normed.off)
            })
            .listed();
        let middles: Vec<f64> = scores.iter().map(|score| score.exact.middle()).listed();
        let first = (0..middles.len()).fold(0, |a, b| if middles[b] > middles[a] { b } else { a });
        let most = scores[first];
        let of = |(score, key): (&Noisy, &Vec<Noisy>)| {
            // What the query is off by moves scores as far as keys are from each other.
            let apart = key.iter().zip(&keys_of[first]).zip(&turned);
            let passed: f64 =
                apart.map(|((a, b), q)| (a.exact - b.exact).size() * q.off).sum::<f64>()
                    * root.size();
            let below = (score.exact - most.exact).size() + score.off + most.off;
            let off = score.off + passed + (query.off + 6.0 * U) * below;
            // eˣ is at most 1 / (1 − x) for x from 0 to 1.
            let power = if off < 0.5 { off / (1.0 - off) } else { f64::INFINITY };
            power * 1.01 + 2.0 * ULPS * U + U
        };
        let shares: Vec<f64> = scores.iter().zip(&keys_of).map(of).listed();
        let largest = shares.iter().copied().fold(0.0, f64::max);
        // What softmax1 looks at besides the tokens is off as far as any.
        let mean = if self.fixed && !self.model.config().softmax1 {
            let (mut sum, mut total) = (0.0, 0.0);
            for class in 0..CLASSES {
                let own = || (0..seen.len()).filter(|j| seen[*j].class == class);
                let Some(any) = own().next() else { continue };
                let share = own().fold(0.0, |most: f64, j| most.max(shares[j]));
                // Known far better than to a hundredth of it.
                let below = middles[any] - middles[first];
                let weight = seen[any].times * libm::exp(below.max(-700.0));
                (sum, total) = (sum + weight * share, total + weight);
            }
            1.01 * sum / total
        } else {
            largest
        };
        Shares { mean, largest }
    }

    /// A query, turned.
    fn query(&self, head: usize, normed: &[Noisy]) -> Vec<Noisy> {
        let w = self.model.weights();
        let mut turned = self.projected(head, &w.q, normed);
        let (sin, cos) = w.phase[head];
        if sin != 0.0 {
            // Sine and cosine of a stored angle, in exact arithmetic within EPSILON of these.
            let about =
                |v: f64| Noisy::new(Interval::around(v, 2.0 * f64::EPSILON), 2.0 * ULPS * U);
            let (sin, minus, cos) = (about(sin), about(-sin), about(cos));
            for pair in turned.chunks_exact_mut(2) {
                let (a, b) = (pair[0], pair[1]);
                pair[0] = a.times(cos).plus(b.times(minus));
                pair[1] = a.times(sin).plus(b.times(cos));
            }
        }
        turned
    }

    fn key(&self, head: usize, normed: &[Noisy]) -> Vec<Noisy> {
        self.projected(head, &self.model.weights().k, normed)
    }

    fn projected(&self, head: usize, matrix: &Array2<f64>, x: &[Noisy]) -> Vec<Noisy> {
        let config = self.model.config();
        let dims = config.qk_dims();
        let rows = head * config.qk_dim..(head + 1) * config.qk_dim;
        rows.map(|i| dot(&stored(matrix.row(i)), &x[dims.clone()], Noisy::stored(0.0))).listed()
    }
}

/// A token that can be seen.
struct Seen {
    class: usize,
    token: usize,
    /// How many of its class are seen.
    times: f64,
}

/// By what share attention's weights may be off.
struct Shares {
    /// In the mean, weighted by themselves.
    mean: f64,
    /// At most.
    largest: f64,
}

/// A number that a head adds up: its size, and how far it may be off.
fn written_off(values: &[Noisy], shares: &Shares) -> (f64, f64) {
    let size = values.iter().map(|v| v.size()).fold(0.0, f64::max);
    let off = values.iter().map(|v| v.off).fold(0.0, f64::max);
    let all = values.iter().map(|v| v.exact).reduce(Interval::hull).unwrap_or(Interval::ZERO);
    // Shares of weights that sum to 1 move a mean no further than its values are apart.
    let left = (1.0 - shares.largest.min(0.5)) * if shares.largest < 0.5 { 1.0 } else { 0.0 };
    let moved = shares.mean / left * (all.hi - all.lo);
    // Weights are a quotient by a sum, and are added up with the values.
    (size, moved + 2.0 * gamma(40) * (1.0 + shares.largest) * size + off * (1.0 + shares.largest))
}
