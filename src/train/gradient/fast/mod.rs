//! The fast path: loss and gradient of a whole batch, one SIMD lane per example.
//!
//! It applies where attention is one fixed matrix per step: embeddings on a circle are all
//! equally long, so the first norm, queries and keys depend on the place alone. What
//! attention writes is then linear in the tokens. Only steps 5 and 6 run for every row of
//! every example, in f32; the small softmax and all sums over blocks are in f64.
//!
//! ```text
//! Scores (12 × 13 softmax), Values (one number per token) ─→ Attention ⇄ Kernel (loss)
//!        gradients, once per step                         ←─ sums over blocks
//! ```
//!
//! Every operation is one that gives the same bits on every machine, in a fixed order.

mod attention;
mod kernel;
mod math;
mod row;
mod scores;
mod totals;
mod values;

use attention::Attention;
use kernel::Kernel;
use math::TOK;
use model::config::{Config, Embedding, QkInput};
use model::engine::{ANSWER_ROWS, Block, Digits, LANES, gather, small};
use model::weights::{OutWeights, Weights};
use row::Row;
use scores::Scores;
use task::addition::{ANSWER_DIGITS, Vocabulary};
use task::sampling::Pair;
use totals::{ByDigit, Totals};
use values::Values;

/// The fast path of one architecture, with its memory.
pub struct Fast {
    vocabulary: Vocabulary,
    scores: Scores,
    values: Values,
    attention: Attention,
    kernel: Box<dyn Kernel>,
    totals: Totals,
    block: Block,
    row: Row,
    /// Coordinates of each token's embedding, and the gradient from reading it.
    embedding: [[f32; 16]; TOK],
    d_embedding: [ByDigit; TOK],
    d_tokens: [[f64; 16]; TOK],
}

impl Fast {
    /// Memory for `config`; `None` where attention is not fixed: embeddings are not on a
    /// circle, or queries and keys read them; and where its weights are not those of the plain softmax.
    pub fn new(config: &Config) -> Option<Fast> {
        let on_circle = config.embedding == Embedding::Arc { tied: true } && config.tok_dim == TOK;
        if !on_circle || config.qk_input != QkInput::Position || config.softmax1 {
            return None;
        }
        let values = Values::new(config);
        let slots = values.channels.slots();
        Some(Fast {
            vocabulary: config.vocabulary,
            scores: Scores::new(config),
            attention: Attention::new(config.n_heads, &values, config.vocabulary),
            values,
            kernel: kernel::of(config, slots)?,
            totals: Totals::new(config, slots),
            block: Block::default(),
            row: Row::new(slots),
            embedding: [[0.0; 16]; TOK],
            d_embedding: [ByDigit::new(), ByDigit::new()],
            d_tokens: [[0.0; 16]; TOK],
        })
    }

    /// Mean cross-entropy over the 12 answer targets of all pairs, and its gradient in
    /// `into`, which has the shapes of `weights`. Both are 0 without pairs. NaN in the weights
    /// makes the loss NaN.
    ///
    /// Each place that uses a tensor has its own gradient, as if nothing were tied, but for
    /// two: X, Y and Z share their digit positions, and their rows' sum stands in Z's row;
    /// and the gradient of the length that all embeddings share is spread over all tokens
    /// evenly. Biases that the architecture does not have get 0.
    pub fn loss_and_gradient(
        &mut self,
        weights: &Weights,
        batch: &[Pair],
        into: &mut Weights,
    ) -> f64 {
        clear(into);
        if batch.is_empty() {
            return 0.0;
        }
        self.load(weights);
        let mut pairs = batch.iter().copied();
        let mut loss = 0.0;
        while self.block.fill(&mut pairs) {
            loss += self.run_block();
        }
        let mean = 1.0 / (batch.len() * ANSWER_ROWS) as f64;
        self.finish(mean, weights, into);
        loss * mean
    }

    fn load(&mut self, weights: &Weights) {
        self.scores.forward(weights);
        self.values.forward(weights);
        self.attention.load(&self.scores, &self.values);
        self.kernel.load(weights);
        for (t, table) in self.embedding.iter_mut().enumerate() {
            table.iter_mut().zip(weights.tokens.column(t)).for_each(|(e, v)| *e = small(*v));
        }
        self.totals.clear();
        self.d_tokens = [[0.0; 16]; TOK];
    }

    /// Forward and backward over all rows of a block: the sum of its losses.
    fn run_block(&mut self) -> f64 {
        let Fast { block, row, attention, kernel, .. } = self;
        let (equals, eos) = ([self.vocabulary.equals; LANES], [self.vocabulary.eos; LANES]);
        attention.start(block);
        row.start(block.len);
        for r in 0..ANSWER_ROWS {
            let previous: &Digits = if r == 0 { &equals } else { &block.z[r - 1] };
            row.aim(if r < ANSWER_DIGITS { &block.z[r] } else { &eos });
            for (embed, table) in row.embed.iter_mut().zip(&self.embedding) {
                gather(table, previous, embed);
            }
            attention.forward(r, previous, &mut row.slots);
            kernel.row(r, row);
            attention.backward(r, row);
            for (sums, d) in self.d_embedding.iter_mut().zip(&row.d_embed) {
                sums.add(d, previous);
            }
        }
        attention.end(block);
        kernel.drain(&mut self.totals);
        for (sums, totals) in self.d_embedding.iter_mut().zip(&mut self.d_tokens) {
            sums.drain(totals);
        }
        row.loss(block.len)
    }

    /// From sums over the batch to the gradient of its mean.
    fn finish(&mut self, mean: f64, weights: &Weights, into: &mut Weights) {
        self.attention.finish(mean, &self.scores, &self.values);
        self.scores.backward(weights, &self.attention.d_mix, into);
        self.values.backward(weights, &self.attention.d_read, into);
        self.totals.finish(mean, weights, into);
        for (t, totals) in self.d_tokens.iter().enumerate() {
            into.tokens.column_mut(t).iter_mut().zip(totals).for_each(|(to, d)| *to += d * mean);
        }
    }
}

/// Sets all numbers to 0.
fn clear(w: &mut Weights) {
    let Weights { norm1, norm2, norm_f, fc1_bias, fc2_bias, .. } = w;
    for vector in [norm1, norm_f, fc1_bias, fc2_bias].into_iter().chain(norm2) {
        vector.fill(0.0);
    }
    let Weights { tokens, positions, q, k, v, fc1, fc2, head, .. } = w;
    for matrix in [tokens, positions, q, k, v, fc1, fc2, head] {
        matrix.fill(0.0);
    }
    match &mut w.out {
        OutWeights::LowRank { a, b } => {
            a.fill(0.0);
            b.fill(0.0);
        }
        OutWeights::Full(w) => w.fill(0.0),
    }
    w.phase.fill((0.0, 0.0));
}
