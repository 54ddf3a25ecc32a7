//! The backward pass beside the plain [`Forward`]: right and readable, in f64. It goes
//! through the forward's steps in reverse order, one function each.
//!
//! Derivatives with respect to rows that depend on (token, place) only are summed up in
//! tables first, and pushed on to the matrices once at the end.

use super::Model;
use super::forward::Forward;
use super::layers::{
    cross_entropy, gelu_backward, linear, linear_backward, rms_norm_backward, rotate_backward,
    softmax_backward, softmax1_backward,
};
use super::pass::{Row, Table};
use super::weights::{OutWeights, Weights};
use ndarray::Axis;
use task::addition::{EQUALS, ROWS, SEQUENCE};

/// Derivatives of one row's intermediates, in the shapes of [`Row`].
struct RowGradient {
    attention: Vec<f64>,
    inner: Vec<f64>,
    after_attention: Vec<f64>,
    ffn_input: Vec<f64>,
    active: Vec<f64>,
    after_ffn: Vec<f64>,
    normed: Vec<f64>,
    token_space: Vec<f64>,
}

/// The sum of a loss over examples, and its derivatives with respect to every matrix.
pub struct Backward<'a> {
    forward: Forward<'a>,
    row: Row,
    d_row: RowGradient,
    embed: Table,
    queries: Table,
    keys: Table,
    values: Table,
    gradient: Weights,
}

impl<'a> Backward<'a> {
    /// Zero so far.
    pub fn new(model: &'a Model) -> Backward<'a> {
        let forward = Forward::new(model);
        let (config, rows) = (model.config(), ROWS * forward.vocab);
        let d = config.d_model();
        let qk = config.n_heads * config.qk_dim;
        Backward {
            row: forward.row_buffers(),
            d_row: RowGradient {
                attention: vec![0.0; ROWS],
                inner: vec![0.0; config.inner_dim()],
                after_attention: vec![0.0; d],
                ffn_input: vec![0.0; d],
                active: vec![0.0; config.ffn_dim],
                after_ffn: vec![0.0; d],
                normed: vec![0.0; d],
                token_space: vec![0.0; config.tok_dim],
            },
            embed: Table::new(d, rows),
            queries: Table::new(qk, rows),
            keys: Table::new(qk, rows),
            values: Table::new(config.inner_dim(), rows),
            gradient: model.weights().zeros_like(),
            forward,
        }
    }

    /// Adds one teacher-forced example, its loss weighed by `share`: the sum of the
    /// cross-entropies of rows 21 (EQUALS) to 32 (Z10), times `share`. Returns that.
    pub fn add(&mut self, tokens: &[u8; SEQUENCE], share: f64) -> f64 {
        let mut loss = 0.0;
        for r in EQUALS..ROWS {
            self.forward.row(tokens, r, &mut self.row);
            let target = usize::from(tokens[r + 1]);
            loss += share * cross_entropy(&mut self.row.logits, target);
            self.row.logits.iter_mut().for_each(|d| *d *= share);
            self.readout();
            self.ffn();
            self.attention(tokens, r);
        }
        loss
    }

    /// Step 6: from the logits' derivatives, in `row.logits`, to `after_ffn`.
    fn readout(&mut self) {
        let (w, gradient) = (self.forward.model.weights(), &mut self.gradient);
        let (row, d) = (&self.row, &mut self.d_row);
        d.token_space.fill(0.0);
        let table = gradient.tokens.view_mut();
        linear_backward(w.tokens.view(), &row.token_space, &row.logits, &mut d.token_space, table);
        d.normed.fill(0.0);
        let head = gradient.head.view_mut();
        linear_backward(w.head.view(), &row.normed, &d.token_space, &mut d.normed, head);
        d.after_ffn.fill(0.0);
        let norm_f = gradient.norm_f.view_mut();
        rms_norm_backward(&row.after_ffn, w.norm_f.view(), &d.normed, &mut d.after_ffn, norm_f);
    }

    /// Step 5: from `after_ffn` to `after_attention`.
    fn ffn(&mut self) {
        let (w, gradient) = (self.forward.model.weights(), &mut self.gradient);
        let (row, d) = (&self.row, &mut self.d_row);
        d.after_attention.copy_from_slice(&d.after_ffn);
        gradient.fc2_bias.iter_mut().zip(&d.after_ffn).for_each(|(b, d)| *b += d);
        d.active.fill(0.0);
        let fc2 = gradient.fc2.view_mut();
        linear_backward(w.fc2.view(), &row.active, &d.after_ffn, &mut d.active, fc2);
        for ((d, h), b) in d.active.iter_mut().zip(&row.hidden).zip(&mut gradient.fc1_bias) {
            *d *= gelu_backward(*h);
            *b += *d;
        }
        d.ffn_input.fill(0.0);
        let fc1 = gradient.fc1.view_mut();
        linear_backward(w.fc1.view(), &row.ffn_input, &d.active, &mut d.ffn_input, fc1);
        let x = &row.after_attention;
        match (&w.norm2, &mut gradient.norm2) {
            (Some(norm2), Some(d_norm2)) => {
                let d_norm2 = d_norm2.view_mut();
                rms_norm_backward(x, norm2.view(), &d.ffn_input, &mut d.after_attention, d_norm2);
            }
            _ => d.after_attention.iter_mut().zip(&d.ffn_input).for_each(|(x, d)| *x += d),
        }
    }

    /// Step 4 of row `r`: from `after_attention` to the tables.
    fn attention(&mut self, tokens: &[u8], r: usize) {
        let (model, d) = (self.forward.model, &mut self.d_row);
        let config = model.config();
        let own = self.forward.index(tokens, r);
        self.embed.row_mut(own).iter_mut().zip(&d.after_attention).for_each(|(x, d)| *x += d);
        d.inner.fill(0.0);
        let (out, d_out) = (&model.weights().out, &mut self.gradient.out);
        out_proj_backward(out, &self.row.inner, &d.after_attention, &mut d.inner, d_out);

        let scale = 1.0 / (config.qk_dim as f64).sqrt();
        for (head, weights) in self.row.attention.chunks_exact(ROWS).enumerate() {
            let (weights, d_weights) = (&weights[..=r], &mut d.attention[..=r]);
            let value_dims = head * config.head_dim..(head + 1) * config.head_dim;
            let d_inner = &d.inner[value_dims.clone()];
            for (j, (weight, d_weight)) in weights.iter().zip(d_weights.iter_mut()).enumerate() {
                let index = self.forward.index(tokens, j);
                let value = &self.forward.tables.values.row(index)[value_dims.clone()];
                let d_value = &mut self.values.row_mut(index)[value_dims.clone()];
                *d_weight = 0.0;
                for ((d, v), d_v) in d_inner.iter().zip(value).zip(d_value) {
                    *d_weight += d * v;
                    *d_v += d * weight;
                }
            }
            if config.softmax1 {
                softmax1_backward(weights, d_weights);
            } else {
                softmax_backward(weights, d_weights);
            }
            let dims = head * config.qk_dim..(head + 1) * config.qk_dim;
            let query = &self.forward.tables.queries.row(own)[dims.clone()];
            let d_query = &mut self.queries.row_mut(own)[dims.clone()];
            for (j, d_score) in d_weights.iter().enumerate() {
                let index = self.forward.index(tokens, j);
                let key = &self.forward.tables.keys.row(index)[dims.clone()];
                let d_key = &mut self.keys.row_mut(index)[dims.clone()];
                for i in 0..query.len() {
                    d_query[i] += d_score * scale * key[i];
                    d_key[i] += d_score * scale * query[i];
                }
            }
        }
    }

    /// The derivatives of everything that was added. A tied matrix has in each place that
    /// uses it the contribution of that place alone.
    pub fn finish(mut self) -> Weights {
        for index in 0..ROWS * self.forward.vocab {
            self.project(index);
        }
        self.gradient
    }

    /// Backward of the forward's `project`: row `index` of the tables, steps 4 to 1.
    fn project(&mut self, index: usize) {
        let model = self.forward.model;
        let (config, w, gradient) = (model.config(), model.weights(), &mut self.gradient);
        let normed = self.forward.tables.normed.row(index);
        let h_qk = &normed[config.qk_dims()];
        let mut d_normed = vec![0.0; normed.len()];

        let mut query = vec![0.0; w.q.nrows()];
        linear(w.q.view(), h_qk, &mut query);
        let mut d_query = vec![0.0; query.len()];
        for (head, d_phase) in gradient.phase.iter_mut().enumerate() {
            let dims = head * config.qk_dim..(head + 1) * config.qk_dim;
            let d_turned = &self.queries.row(index)[dims.clone()];
            let (q, d_q) = (&query[dims.clone()], &mut d_query[dims]);
            let (d_sin, d_cos) = rotate_backward(q, w.phase[head], d_turned, d_q);
            d_phase.0 += d_sin;
            d_phase.1 += d_cos;
        }
        let (d_qk, d_key) = (&mut d_normed[config.qk_dims()], self.keys.row(index));
        linear_backward(w.q.view(), h_qk, &d_query, d_qk, gradient.q.view_mut());
        linear_backward(w.k.view(), h_qk, d_key, d_qk, gradient.k.view_mut());
        let (h_tok, d_value) = (&normed[..config.tok_dim], self.values.row(index));
        let d_tok = &mut d_normed[..config.tok_dim];
        linear_backward(w.v.view(), h_tok, d_value, d_tok, gradient.v.view_mut());

        let (embed, d_embed) = (self.forward.tables.embed.row(index), self.embed.row_mut(index));
        rms_norm_backward(embed, w.norm1.view(), &d_normed, d_embed, gradient.norm1.view_mut());
        let (place, token) = (index / self.forward.vocab, index % self.forward.vocab);
        let tokens = gradient.tokens.row_mut(token).into_iter();
        let into = tokens.chain(gradient.positions.row_mut(place));
        into.zip(d_embed).for_each(|(g, d)| *g += *d);
    }
}

/// Backward of `x += inner · out_proj`: `d_x` (d_model) on to `d_inner` (n_heads·head_dim)
/// and to the derivatives of the projection, whose kind is that of `out`.
fn out_proj_backward(
    out: &OutWeights,
    inner: &[f64],
    d_x: &[f64],
    d_inner: &mut [f64],
    d_out: &mut OutWeights,
) {
    match (out, d_out) {
        (OutWeights::Full(w), OutWeights::Full(d_w)) => {
            linear_backward(w.view(), inner, d_x, d_inner, d_w.view_mut());
        }
        (OutWeights::LowRank { a, b }, OutWeights::LowRank { a: d_a, b: d_b }) => {
            let ranks = a.axis_iter(Axis(1)).zip(b.outer_iter());
            let d_ranks = d_a.axis_iter_mut(Axis(1)).zip(d_b.outer_iter_mut());
            for ((read, write), (d_read, d_write)) in ranks.zip(d_ranks) {
                let s: f64 = read.iter().zip(inner).map(|(w, v)| w * v).sum();
                let mut d_s = 0.0;
                for ((d, w), d_w) in d_x.iter().zip(write).zip(d_write) {
                    *d_w += s * d;
                    d_s += d * w;
                }
                for (((d_v, v), w), d_w) in d_inner.iter_mut().zip(inner).zip(read).zip(d_read) {
                    *d_v += d_s * w;
                    *d_w += d_s * v;
                }
            }
        }
        // `zeros_like` gave both one kind.
        _ => {}
    }
}
