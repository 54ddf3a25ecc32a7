//! The plain forward pass: right and readable, in f64. The fast path is measured
//! against it, and near ties between two logits are decided by it.
//!
//! Up to attention a row depends on its (token, place) only, so normed rows, queries,
//! keys and values are computed once for all 33 places and all tokens.

use super::Model;
use super::config::QkInput;
use super::layers::{argmax, gelu, linear, rms_norm, rotate, softmax};
use super::weights::OutWeights;
use ndarray::{Array2, Array3, ArrayView1, ArrayView2, Axis};
use task::addition::{
    ANSWER_DIGITS, EQUALS, PROMPT, ROWS, SEQUENCE, Z0, Z10, number, tokens as example,
};

/// Every intermediate of one teacher-forced pass.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Input tokens (33).
    pub tokens: Vec<u8>,
    /// Token embedding beside position (33 × d_model).
    pub embed: Array2<f64>,
    /// After the first norm (33 × d_model).
    pub normed: Array2<f64>,
    /// Softmax weights (n_heads × 33 × 33); zero above the diagonal.
    pub attention: Array3<f64>,
    /// Residual stream after attention (33 × d_model).
    pub after_attention: Array2<f64>,
    /// Residual stream after the FFN (33 × d_model).
    pub after_ffn: Array2<f64>,
    /// Logits (33 × vocab).
    pub logits: Array2<f64>,
}

/// Rows of one kind for every (place, token), place-major.
pub(super) struct Table {
    width: usize,
    values: Vec<f64>,
}

impl Table {
    pub(super) fn new(width: usize, vocab: usize) -> Table {
        Table { width, values: vec![0.0; ROWS * vocab * width] }
    }

    pub(super) fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.width..(index + 1) * self.width]
    }

    pub(super) fn row_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.values[index * self.width..(index + 1) * self.width]
    }
}

/// The forward pass of one model, with its (place, token) tables.
pub struct Forward<'a> {
    pub(super) model: &'a Model,
    pub(super) vocab: usize,
    pub(super) embed: Table,
    pub(super) normed: Table,
    pub(super) queries: Table,
    pub(super) keys: Table,
    pub(super) values: Table,
}

/// Where [`project`] puts its results.
pub(super) struct Projected<'a> {
    /// Token embedding beside position (d_model).
    pub embed: &'a mut [f64],
    /// After the first norm (d_model).
    pub normed: &'a mut [f64],
    /// Rotated query (n_heads·qk_dim).
    pub query: &'a mut [f64],
    /// Key (n_heads·qk_dim).
    pub key: &'a mut [f64],
    /// Value (n_heads·head_dim).
    pub value: &'a mut [f64],
}

/// What depends on `token` at `place` alone: steps 1 to 4 up to the scores.
pub(super) fn project(model: &Model, place: usize, token: usize, into: Projected) {
    let (config, w) = (model.config(), model.weights());
    let parts = w.tokens.row(token).into_iter().chain(w.positions.row(place));
    into.embed.iter_mut().zip(parts).for_each(|(x, v)| *x = *v);
    rms_norm(into.embed, w.norm1.view(), into.normed);
    let (h_tok, h_pos) = into.normed.split_at(config.tok_dim);
    let h_qk = match config.qk_input {
        QkInput::Position => h_pos,
        QkInput::Full => &*into.normed,
    };
    linear(w.q.view(), h_qk, into.query);
    linear(w.k.view(), h_qk, into.key);
    linear(w.v.view(), h_tok, into.value);
    for (q, &phase) in into.query.chunks_exact_mut(config.qk_dim).zip(&w.phase) {
        rotate(q, phase);
    }
}

/// What one row leaves behind on its way to the logits.
pub(super) struct Row {
    /// Softmax weights (n_heads × 33), zero behind the row itself.
    pub attention: Vec<f64>,
    /// What the heads read (n_heads·head_dim).
    pub inner: Vec<f64>,
    /// Residual stream after attention (d_model).
    pub after_attention: Vec<f64>,
    /// What the FFN reads (d_model).
    pub ffn_input: Vec<f64>,
    /// Hidden layer before GELU, and after it (ffn_dim).
    pub hidden: Vec<f64>,
    pub active: Vec<f64>,
    /// Residual stream after the FFN (d_model).
    pub after_ffn: Vec<f64>,
    /// After the last norm (d_model).
    pub normed: Vec<f64>,
    /// Read by the head (tok_dim).
    pub token_space: Vec<f64>,
    /// One number per token.
    pub logits: Vec<f64>,
}

impl<'a> Forward<'a> {
    /// Computes the tables of `model`.
    pub fn new(model: &'a Model) -> Forward<'a> {
        let config = model.config();
        let vocab = config.vocabulary.size;
        let d = config.d_model();
        let qk = config.n_heads * config.qk_dim;
        let mut forward = Forward {
            model,
            vocab,
            embed: Table::new(d, vocab),
            normed: Table::new(d, vocab),
            queries: Table::new(qk, vocab),
            keys: Table::new(qk, vocab),
            values: Table::new(config.inner_dim(), vocab),
        };
        for index in 0..ROWS * vocab {
            let into = Projected {
                embed: forward.embed.row_mut(index),
                normed: forward.normed.row_mut(index),
                query: forward.queries.row_mut(index),
                key: forward.keys.row_mut(index),
                value: forward.values.row_mut(index),
            };
            project(model, index / vocab, index % vocab, into);
        }
        forward
    }

    /// Row of the tables for the token at `place`.
    pub(super) fn index(&self, tokens: &[u8], place: usize) -> usize {
        place * self.vocab + usize::from(tokens[place])
    }

    /// Memory for [`Forward::row`].
    pub(super) fn row_buffers(&self) -> Row {
        let config = self.model.config();
        let d = config.d_model();
        Row {
            attention: vec![0.0; config.n_heads * ROWS],
            inner: vec![0.0; config.inner_dim()],
            after_attention: vec![0.0; d],
            ffn_input: vec![0.0; d],
            hidden: vec![0.0; config.ffn_dim],
            active: vec![0.0; config.ffn_dim],
            after_ffn: vec![0.0; d],
            normed: vec![0.0; d],
            token_space: vec![0.0; config.tok_dim],
            logits: vec![0.0; self.vocab],
        }
    }

    /// Softmax weights of row `r` over rows `0..=r`, head by head (step 4). The
    /// buffer's weights behind `r` stay as they are.
    pub(super) fn attend(&self, tokens: &[u8], r: usize, attention: &mut [f64]) {
        let config = self.model.config();
        let qk_dim = config.qk_dim;
        let scale = 1.0 / (qk_dim as f64).sqrt();
        let query = self.queries.row(self.index(tokens, r));
        for (head, weights) in attention.chunks_exact_mut(ROWS).enumerate() {
            let dims = head * qk_dim..(head + 1) * qk_dim;
            for (j, weight) in weights[..=r].iter_mut().enumerate() {
                let key = &self.keys.row(self.index(tokens, j))[dims.clone()];
                let dot: f64 = query[dims.clone()].iter().zip(key).map(|(q, k)| q * k).sum();
                *weight = dot * scale;
            }
            softmax(&mut weights[..=r]);
        }
    }

    /// Row `r` from attention to logits (steps 4 to 6), given tokens `0..=r`.
    pub(super) fn row(&self, tokens: &[u8], r: usize, row: &mut Row) {
        let (config, w) = (self.model.config(), self.model.weights());
        self.attend(tokens, r, &mut row.attention);
        row.inner.fill(0.0);
        for (head, weights) in row.attention.chunks_exact(ROWS).enumerate() {
            let dims = head * config.head_dim..(head + 1) * config.head_dim;
            for (j, weight) in weights[..=r].iter().enumerate() {
                let value = &self.values.row(self.index(tokens, j))[dims.clone()];
                for (sum, v) in row.inner[dims.clone()].iter_mut().zip(value) {
                    *sum += weight * v;
                }
            }
        }
        row.after_attention.copy_from_slice(self.embed.row(self.index(tokens, r)));
        add_out_proj(&w.out, &row.inner, &mut row.after_attention);

        match &w.norm2 {
            Some(norm2) => rms_norm(&row.after_attention, norm2.view(), &mut row.ffn_input),
            None => row.ffn_input.copy_from_slice(&row.after_attention),
        }
        linear(w.fc1.view(), &row.ffn_input, &mut row.hidden);
        for ((h, active), b) in row.hidden.iter_mut().zip(&mut row.active).zip(&w.fc1_bias) {
            *h += b;
            *active = gelu(*h);
        }
        linear(w.fc2.view(), &row.active, &mut row.after_ffn);
        for ((x, a), b) in row.after_ffn.iter_mut().zip(&row.after_attention).zip(&w.fc2_bias) {
            *x += a + b;
        }

        rms_norm(&row.after_ffn, w.norm_f.view(), &mut row.normed);
        linear(w.head.view(), &row.normed, &mut row.token_space);
        linear(w.tokens.view(), &row.token_space, &mut row.logits);
    }

    /// Runs all 33 rows of a teacher-forced example and keeps every intermediate.
    pub fn trace(&self, tokens: &[u8; SEQUENCE]) -> Trace {
        let config = self.model.config();
        let d = config.d_model();
        let mut trace = Trace {
            tokens: tokens[..ROWS].to_vec(),
            embed: Array2::zeros((ROWS, d)),
            normed: Array2::zeros((ROWS, d)),
            attention: Array3::zeros((config.n_heads, ROWS, ROWS)),
            after_attention: Array2::zeros((ROWS, d)),
            after_ffn: Array2::zeros((ROWS, d)),
            logits: Array2::zeros((ROWS, self.vocab)),
        };
        let mut row = self.row_buffers();
        for r in 0..ROWS {
            self.row(tokens, r, &mut row);
            let index = self.index(tokens, r);
            let keep = |into: &mut Array2<f64>, from: &[f64]| {
                into.row_mut(r).assign(&ArrayView1::from(from));
            };
            keep(&mut trace.embed, self.embed.row(index));
            keep(&mut trace.normed, self.normed.row(index));
            keep(&mut trace.after_attention, &row.after_attention);
            keep(&mut trace.after_ffn, &row.after_ffn);
            keep(&mut trace.logits, &row.logits);
            let heads = trace.attention.axis_iter_mut(Axis(0));
            for (mut head, weights) in heads.zip(row.attention.chunks_exact(ROWS)) {
                head.row_mut(r).assign(&ArrayView1::from(weights));
            }
        }
        trace
    }

    /// Adds the attention of every row of one example to `sum` (n_heads × 33 × 33).
    pub fn add_attention(&self, tokens: &[u8; SEQUENCE], sum: &mut Array3<f64>) {
        let mut weights = vec![0.0; self.model.config().n_heads * ROWS];
        for r in 0..ROWS {
            self.attend(tokens, r, &mut weights);
            let heads = sum.axis_iter_mut(Axis(0)).zip(weights.chunks_exact(ROWS));
            for (mut head, weights) in heads {
                head.row_mut(r).iter_mut().zip(weights).for_each(|(s, w)| *s += w);
            }
        }
    }

    /// Predicted tokens of rows 21 (EQUALS) to 32 (Z10) under teacher forcing: eleven
    /// answer digits and EOS.
    pub fn predict(&self, tokens: &[u8; SEQUENCE]) -> [u8; ROWS - EQUALS] {
        let mut row = self.row_buffers();
        std::array::from_fn(|i| {
            self.row(tokens, EQUALS + i, &mut row);
            argmax(&row.logits) as u8
        })
    }

    /// The token that row `r` predicts, given tokens `0..=r`.
    pub(super) fn next(&self, tokens: &[u8], r: usize) -> u8 {
        let mut row = self.row_buffers();
        self.row(tokens, r, &mut row);
        argmax(&row.logits) as u8
    }

    /// The answer to `a + b`, decoded greedily: prompt of 22 tokens, eleven argmax steps.
    pub fn decode(&self, a: u64, b: u64) -> u64 {
        let mut tokens = example(a, b, self.model.config().vocabulary);
        let mut row = self.row_buffers();
        for place in PROMPT..PROMPT + ANSWER_DIGITS {
            self.row(&tokens, place - 1, &mut row);
            tokens[place] = argmax(&row.logits) as u8;
        }
        number(&tokens[Z0..=Z10])
    }
}

/// `x += inner · out_proj`: inner (n_heads·head_dim), x (d_model).
fn add_out_proj(out: &OutWeights, inner: &[f64], x: &mut [f64]) {
    let dot = |w: ArrayView1<f64>| w.iter().zip(inner).map(|(w, v)| w * v).sum::<f64>();
    let add_rows = |w: ArrayView2<f64>, x: &mut [f64]| {
        x.iter_mut().zip(w.outer_iter()).for_each(|(x, row)| *x += dot(row));
    };
    match out {
        OutWeights::Full(w) => add_rows(w.view(), x),
        OutWeights::LowRank { a, b } => {
            for (read, write) in a.axis_iter(Axis(1)).zip(b.outer_iter()) {
                let s = dot(read);
                x.iter_mut().zip(write).for_each(|(x, w)| *x += s * w);
            }
        }
    }
}
