//! What attention reads from a token: one number per channel, linear in its embedding.

use super::math::{TOK, TOKENS};
use model::config::{Config, OutProj};
use model::weights::{OutWeights, Weights};
use ndarray::Array2;

/// One number for each token.
pub(super) type ByToken = [f64; 16];

/// Channels: channel `c` of head `h` reads one number from that head's value, and adds it to
/// a slot of the residual stream (step 4).
#[derive(Clone, Copy)]
pub(super) struct Channels {
    heads: usize,
    head_dim: usize,
    /// Numbers read from each head.
    pub per_head: usize,
    /// Whether all heads add to the same slots.
    shared: bool,
}

impl Channels {
    pub fn new(config: &Config) -> Channels {
        let (heads, head_dim) = (config.n_heads, config.head_dim);
        let (per_head, shared) = match config.out_proj {
            OutProj::LowRank(rank) => (rank, true),
            OutProj::Full => (head_dim, false),
        };
        Channels { heads, head_dim, per_head, shared }
    }

    /// All channels, head by head.
    pub fn count(&self) -> usize {
        self.heads * self.per_head
    }

    /// Directions that attention writes.
    pub fn slots(&self) -> usize {
        if self.shared { self.per_head } else { self.count() }
    }

    /// The head of a channel.
    pub fn head(&self, channel: usize) -> usize {
        channel / self.per_head
    }

    /// The slot of a channel.
    pub fn slot(&self, channel: usize) -> usize {
        if self.shared { channel % self.per_head } else { channel }
    }

    /// Value dimensions that a channel reads, with the factor of each where `out` has them.
    fn reads(&self, channel: usize) -> std::ops::Range<usize> {
        match self.shared {
            true => {
                let h = self.head(channel);
                h * self.head_dim..(h + 1) * self.head_dim
            }
            false => channel..channel + 1,
        }
    }
}

/// The numbers that each channel reads.
pub(super) struct Values {
    pub channels: Channels,
    /// Values of each token, without the scale of the first norm (inner × vocab).
    values: Array2<f64>,
    /// What each channel reads from each token, likewise.
    pub read: Vec<ByToken>,
}

impl Values {
    pub fn new(config: &Config) -> Values {
        let channels = Channels::new(config);
        Values {
            channels,
            values: Array2::zeros((config.inner_dim(), config.vocabulary.size.min(TOKENS))),
            read: vec![[0.0; 16]; channels.count()],
        }
    }

    fn factor(w: &Weights, i: usize, slot: usize) -> f64 {
        match &w.out {
            OutWeights::LowRank { a, .. } => a[[i, slot]],
            OutWeights::Full(_) => 1.0,
        }
    }

    pub fn forward(&mut self, w: &Weights) {
        for ((i, token), value) in self.values.indexed_iter_mut() {
            *value = (0..TOK).map(|m| w.v[[i, m]] * w.norm1[m] * w.tokens[[token, m]]).sum();
        }
        for (channel, read) in self.read.iter_mut().enumerate() {
            let slot = self.channels.slot(channel);
            for (token, read) in read.iter_mut().enumerate().take(self.values.ncols()) {
                let terms = self.channels.reads(channel);
                *read = terms.map(|i| Values::factor(w, i, slot) * self.values[[i, token]]).sum();
            }
        }
    }

    /// From the gradient of what channels read to those of everything that it is made of.
    pub fn backward(&self, w: &Weights, d_read: &[ByToken], into: &mut Weights) {
        for (channel, d_read) in d_read.iter().enumerate() {
            let slot = self.channels.slot(channel);
            for i in self.channels.reads(channel) {
                let factor = Values::factor(w, i, slot);
                for (token, d) in d_read.iter().enumerate().take(self.values.ncols()) {
                    if let OutWeights::LowRank { a, .. } = &mut into.out {
                        a[[i, slot]] += d * self.values[[i, token]];
                    }
                    let d_value = d * factor;
                    for m in 0..TOK {
                        let (v, norm, e) = (w.v[[i, m]], w.norm1[m], w.tokens[[token, m]]);
                        into.v[[i, m]] += d_value * norm * e;
                        into.norm1[m] += d_value * v * e;
                        into.tokens[[token, m]] += d_value * v * norm;
                    }
                }
            }
        }
    }
}
