//! What attention computes of single tokens: queries, keys, and what is read from values (steps 3 and 4).

use super::enclosed::{CLASSES, EQUALS_CLASS, Enclosed, Out, PLUS_CLASS};
use super::interval::Interval;
use super::jet::{Real, dot};
use super::numbers::transposed;
use crate::Config;
use numbers::listed::Listed;
use task::addition::DIGITS;

/// A number that is read from one head's values and written to the residual stream.
pub struct Channel<T> {
    /// The head.
    pub head: usize,
    /// The direction that it is written along.
    pub slot: usize,
    /// What it reads from a token (classes × digits; PLUS and EQUALS have one token each).
    pub values: [[T; DIGITS]; CLASSES],
}

/// Queries, keys and values.
pub struct Projections<T> {
    /// By head, class and token (`n_heads × CLASSES × DIGITS`), each qk_dim.
    queries: Vec<Vec<T>>,
    keys: Vec<Vec<T>>,
    /// What scores are divided by.
    root: T,
    /// What each head's values are made of before anything is written.
    pub channels: Vec<Channel<T>>,
    /// Directions that are written (slots × d_model).
    pub write: Vec<Vec<T>>,
}

/// The token of index `d` at a place of `class`.
fn token(config: &Config, class: usize, d: usize) -> usize {
    match class {
        PLUS_CLASS => config.vocabulary.plus.into(),
        EQUALS_CLASS => config.vocabulary.equals.into(),
        _ => d,
    }
}

/// Tokens of a class that differ.
pub fn tokens_of(class: usize) -> usize {
    if class < DIGITS { DIGITS } else { 1 }
}

fn index(head: usize, class: usize, d: usize) -> usize {
    (head * CLASSES + class) * DIGITS + d
}

impl<T: Real> Projections<T> {
    /// Of an architecture with these tables.
    pub fn new(config: &Config, enclosed: &Enclosed<T>) -> Projections<T> {
        let size = config.n_heads * CLASSES * DIGITS;
        let mut projections = Projections {
            queries: vec![vec![]; size],
            keys: vec![vec![]; size],
            root: T::from(Interval::point(config.qk_dim as f64).sqrt()),
            channels: channels(config, enclosed),
            write: match &enclosed.out {
                Out::LowRank { b, .. } => b.clone(),
                Out::Full(out) => transposed(out),
            },
        };
        for class in 0..CLASSES {
            for d in 0..tokens_of(class) {
                projections.project(config, enclosed, class, d);
            }
        }
        projections
    }

    /// Queries and keys of one token.
    fn project(&mut self, config: &Config, enclosed: &Enclosed<T>, class: usize, d: usize) {
        let t = token(config, class, d);
        let rms = enclosed.rms(class, t);
        let whole = enclosed.tokens[t].iter().chain(&enclosed.positions[class]);
        let dims = config.qk_dims();
        let normed = whole.zip(&enclosed.norm1).skip(dims.start).take(dims.len());
        let normed: Vec<T> = normed.map(|(x, w)| (*x * *w).over(rms)).listed();
        for (h, (sin, cos)) in enclosed.phases.iter().enumerate() {
            let rows = h * config.qk_dim..(h + 1) * config.qk_dim;
            let mut query: Vec<T> = rows.clone().map(|r| dot(&enclosed.q[r], &normed)).listed();
            for pair in query.chunks_exact_mut(2) {
                let (q0, q1) = (pair[0], pair[1]);
                pair[0] = q0 * *cos - q1 * *sin;
                pair[1] = q0 * *sin + q1 * *cos;
            }
            let index = index(h, class, d);
            self.queries[index] = query;
            self.keys[index] = rows.map(|r| dot(&enclosed.k[r], &normed)).listed();
        }
    }

    /// The score that answer row `row` after the digit `q` gives to the token `d` of a class.
    pub fn score(&self, head: usize, (row, q): (usize, usize), (class, d): (usize, usize)) -> T {
        let own = match row {
            0 => index(head, EQUALS_CLASS, 0),
            _ => index(head, row - 1, q),
        };
        dot(&self.queries[own], &self.keys[index(head, class, d)]).over(self.root)
    }
}

/// All that is read from values, by head.
fn channels<T: Real>(config: &Config, enclosed: &Enclosed<T>) -> Vec<Channel<T>> {
    let width = config.head_dim;
    let mut channels = Vec::new();
    for h in 0..config.n_heads {
        match &enclosed.out {
            Out::LowRank { a, .. } => {
                let reads = transposed(&a[h * width..(h + 1) * width]);
                let own = reads.iter().enumerate();
                channels.extend(own.map(|(slot, read)| channel(config, enclosed, h, slot, read)));
            }
            Out::Full(_) => channels.extend((0..width).map(|i| {
                let mut read = vec![T::zero(); width];
                read[i] = T::from(Interval::ONE);
                channel(config, enclosed, h, h * width + i, &read)
            })),
        }
    }
    channels
}

fn channel<T: Real>(
    config: &Config,
    enclosed: &Enclosed<T>,
    head: usize,
    slot: usize,
    read: &[T],
) -> Channel<T> {
    // Σ_i read_i · V_im · w_m of token coordinate m.
    let of_token = |m: usize| {
        let rows = head * config.head_dim..(head + 1) * config.head_dim;
        let terms = rows.zip(read).map(|(r, a)| *a * enclosed.v[r][m]);
        terms.sum::<T>() * enclosed.norm1[m]
    };
    let reads: Vec<T> = (0..config.tok_dim).map(of_token).listed();
    let mut values = [[T::zero(); DIGITS]; CLASSES];
    for (class, values) in values.iter_mut().enumerate() {
        for (d, value) in values.iter_mut().enumerate().take(tokens_of(class)) {
            let t = token(config, class, d);
            *value = dot(&reads, &enclosed.tokens[t]).over(enclosed.rms(class, t));
        }
    }
    Channel { head, slot, values }
}
