//! What depends on (token, place) only: queries, keys and attended values in f64.
//!
//! The 33 input rows have 13 distinct positions: ten digit columns, each shared by X, Y and
//! Z, then PLUS, EQUALS and Z10. We call them classes.

use crate::Model;
use crate::layers::{product, rms};
use crate::pass::{Projected, project, unhooked};
use crate::weights::OutWeights;
use ndarray::Array2;
use task::addition::{DIGITS, EQUALS, PLUS, Y0, Z0, Z10};

/// Distinct positions among the input rows.
pub const CLASSES: usize = DIGITS + 3;
/// Class of PLUS.
pub const PLUS_CLASS: usize = DIGITS;
/// Class of EQUALS.
pub const EQUALS_CLASS: usize = DIGITS + 1;
/// Class of Z10.
pub const Z10_CLASS: usize = DIGITS + 2;

/// The class of a place in the sequence.
pub(super) fn class_of(place: usize) -> usize {
    match place {
        0..PLUS => place,
        PLUS => PLUS_CLASS,
        Y0..EQUALS => place - Y0,
        EQUALS => EQUALS_CLASS,
        Z0..Z10 => place - Z0,
        _ => Z10_CLASS,
    }
}

/// A place of `class`.
fn place_of(class: usize) -> usize {
    [PLUS, EQUALS, Z10].get(class.wrapping_sub(DIGITS)).copied().unwrap_or(class)
}

/// How the heads write to the residual stream (step 4): channel `c` of head `h` reads one
/// number from that head's value, and slot `s` adds `write[s]` times a sum of channels.
pub(super) struct Channels {
    /// Numbers read from each head.
    pub per_head: usize,
    /// Slots: as many as channels where every head writes its own directions.
    pub slots: usize,
    /// Read directions (n_heads·head_dim × per_head).
    read: Array2<f64>,
    /// Written directions (slots × d_model).
    pub write: Array2<f64>,
    /// Largest sizes of their terms, as the plain forward adds them up.
    pub write_sizes: Array2<f64>,
    /// Whether all heads add to the same slots.
    shared: bool,
}

impl Channels {
    fn new(model: &Model) -> Channels {
        let config = model.config();
        if let OutWeights::LowRank { a, b } = &model.weights().out
            && a.ncols() <= config.head_dim
        {
            let (read, write, rank) = (a.clone(), b.clone(), a.ncols());
            let write_sizes = write.mapv(f64::abs);
            return Channels {
                per_head: rank,
                slots: rank,
                read,
                write,
                write_sizes,
                shared: true,
            };
        }
        let (write, write_sizes) = match &model.weights().out {
            OutWeights::LowRank { a, b } => {
                let sizes = product(a.mapv(f64::abs).view(), b.mapv(f64::abs).view());
                (product(a.view(), b.view()), sizes)
            }
            OutWeights::Full(w) => (w.t().to_owned(), w.t().mapv(f64::abs)),
        };
        let (inner, per_head) = (config.inner_dim(), config.head_dim);
        let read = Array2::from_shape_fn((inner, per_head), |(i, c)| f64::from(i % per_head == c));
        Channels { per_head, slots: inner, read, write, write_sizes, shared: false }
    }

    /// The slot that channel `c` of head `h` adds to.
    pub fn slot(&self, h: usize, c: usize) -> usize {
        if self.shared { c } else { h * self.per_head + c }
    }
}

/// Queries, keys, values and scores by class and token.
pub(super) struct Places {
    /// Tokens told apart at each digit place: 10, or 1 where queries and keys do not
    /// depend on the token.
    pub tokens: usize,
    /// Weights are those of softmax1, in which a place more that scores as the largest does has nothing to be read.
    pub softmax1: bool,
    /// Heads.
    pub heads: usize,
    /// How values are read and written.
    pub channels: Channels,
    qk_dim: usize,
    /// Rows of (class, token), n_heads·qk_dim each.
    queries: Vec<f64>,
    keys: Vec<f64>,
    /// Rows of (class, digit), n_heads·per_head each, over the slot's largest size.
    values: Vec<f64>,
    /// Sizes of the terms that made each value.
    value_sizes: Vec<f64>,
}

/// Buffers for one projected row.
struct Buffers {
    embed: Vec<f64>,
    normed: Vec<f64>,
    query: Vec<f64>,
    key: Vec<f64>,
    value: Vec<f64>,
}

impl Buffers {
    fn project(&mut self, model: &Model, class: usize, digit: usize) {
        let vocabulary = model.config().vocabulary;
        let token = match class {
            PLUS_CLASS => usize::from(vocabulary.plus),
            EQUALS_CLASS => usize::from(vocabulary.equals),
            _ => digit,
        };
        let Buffers { embed, normed, query, key, value } = self;
        let into = Projected { embed, normed, query, key, value };
        project(model, (place_of(class), token), into, &mut unhooked);
    }
}

impl Places {
    /// Projects all (class, token). `by_token` says whether queries and keys depend on the
    /// digit; where they do not, every digit has the same length, so that a digit's value
    /// at another place differs by the ratio of the two norms only.
    pub fn new(model: &Model, by_token: bool) -> Places {
        let config = model.config();
        let channels = Channels::new(model);
        let (d, width) = (config.d_model(), config.n_heads * config.qk_dim);
        let tokens = if by_token { DIGITS } else { 1 };
        let mut places = Places {
            tokens,
            softmax1: config.softmax1,
            heads: config.n_heads,
            qk_dim: config.qk_dim,
            queries: Vec::with_capacity(CLASSES * tokens * width),
            keys: Vec::with_capacity(CLASSES * tokens * width),
            values: Vec::with_capacity(CLASSES * DIGITS * config.n_heads * channels.per_head),
            value_sizes: Vec::with_capacity(CLASSES * DIGITS * config.n_heads * channels.per_head),
            channels,
        };
        let mut row = Buffers {
            embed: vec![0.0; d],
            normed: vec![0.0; d],
            query: vec![0.0; width],
            key: vec![0.0; width],
            value: vec![0.0; config.inner_dim()],
        };
        let mut first_rms = 1.0;
        for class in 0..CLASSES {
            for digit in 0..DIGITS {
                let special = matches!(class, PLUS_CLASS | EQUALS_CLASS) && digit > 0;
                if digit < tokens && !special {
                    row.project(model, class, digit);
                }
                if digit < tokens {
                    places.queries.extend(&row.query);
                    places.keys.extend(&row.key);
                }
                if special || by_token || matches!(class, PLUS_CLASS | EQUALS_CLASS) {
                    places.push_value(&row.value);
                } else if class == 0 {
                    row.project(model, class, digit);
                    first_rms = rms(&row.embed);
                    places.push_value(&row.value);
                } else {
                    let ratio = first_rms / rms(&row.embed);
                    places.repeat_value(digit, ratio);
                }
            }
        }
        places.normalise();
        places
    }

    /// Reads the channels off a value (n_heads·head_dim).
    fn push_value(&mut self, value: &[f64]) {
        let head_dim = value.len() / self.heads;
        for h in 0..self.heads {
            let rows = h * head_dim..(h + 1) * head_dim;
            for c in 0..self.channels.per_head {
                let read = |i: usize| self.channels.read[[i, c]];
                self.values.push(rows.clone().map(|i| value[i] * read(i)).sum());
                self.value_sizes.push(rows.clone().map(|i| (value[i] * read(i)).abs()).sum());
            }
        }
    }

    /// The value of `digit` in the first class, scaled.
    fn repeat_value(&mut self, digit: usize, ratio: f64) {
        let width = self.heads * self.channels.per_head;
        for i in digit * width..(digit + 1) * width {
            self.values.push(self.values[i] * ratio);
            self.value_sizes.push(self.value_sizes[i] * ratio);
        }
    }

    /// Brings each slot's values to at most 1 in size, and its write direction to match,
    /// so that products with attention weights stay far from subnormal.
    fn normalise(&mut self) {
        let per_head = self.channels.per_head;
        let width = self.heads * per_head;
        let slot = |i: usize| self.channels.slot(i % width / per_head, i % per_head);
        let mut scales = vec![0.0f64; self.channels.slots];
        let mut sizes = scales.clone();
        for (i, (value, size)) in self.values.iter().zip(&self.value_sizes).enumerate() {
            scales[slot(i)] = scales[slot(i)].max(value.abs());
            sizes[slot(i)] = sizes[slot(i)].max(*size);
        }
        self.value_sizes = Vec::new();
        scales.iter_mut().filter(|s| **s == 0.0).for_each(|s| *s = 1.0);
        for (i, value) in self.values.iter_mut().enumerate() {
            *value /= scales[slot(i)];
        }
        for (mut row, scale) in self.channels.write.outer_iter_mut().zip(&scales) {
            row *= *scale;
        }
        for (mut row, size) in self.channels.write_sizes.outer_iter_mut().zip(&sizes) {
            row *= *size;
        }
    }

    /// Tokens told apart in `class`.
    pub fn count(&self, class: usize) -> usize {
        if matches!(class, PLUS_CLASS | EQUALS_CLASS) { 1 } else { self.tokens }
    }

    /// Row of (class, token) among queries and keys.
    pub fn index(&self, class: usize, token: usize) -> usize {
        class * self.tokens + if self.tokens == 1 { 0 } else { token }
    }

    /// Score of head `h` before softmax, rounded as in the plain forward: query and key are
    /// rows of [`Places::index`].
    pub fn score(&self, h: usize, query: usize, key: usize) -> f64 {
        let width = self.heads * self.qk_dim;
        let dims = |row: usize| row * width + h * self.qk_dim..row * width + (h + 1) * self.qk_dim;
        let products = self.queries[dims(query)].iter().zip(&self.keys[dims(key)]);
        let dot: f64 = products.map(|(q, k)| q * k).sum();
        dot * (1.0 / (self.qk_dim as f64).sqrt())
    }

    /// What channel `c` of head `h` reads from `digit` in `class`, at most 1 in size.
    pub fn value(&self, h: usize, c: usize, class: usize, digit: usize) -> f64 {
        let per_head = self.channels.per_head;
        self.values[((class * DIGITS + digit) * self.heads + h) * per_head + c]
    }
}
