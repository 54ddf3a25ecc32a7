//! The one attention matrix of a step, and the way back through its softmax, in f64.
//!
//! Queries, keys and the first norm depend on the place alone, and that on one of 13 classes
//! (steps 2 to 4).

use super::math::TOK;
use model::config::Config;
use model::engine::places::{CLASSES, EQUALS_CLASS, PLUS_CLASS, Z10_CLASS};
use model::engine::{ANSWER_ROWS, query_class, seen};
use model::layers::{RMS_EPSILON, rotate};
use model::weights::Weights;
use ndarray::Array2;
use task::addition::{EQUALS, PLUS, Z0, Z10};

/// For each answer row one number per class.
pub(super) type ByClass = [[f64; CLASSES]; ANSWER_ROWS];

/// The place where a class's position and its gradient are kept. X, Y and Z share their
/// digit positions; answer rows read Z.
fn place_of(class: usize) -> usize {
    match class {
        PLUS_CLASS => PLUS,
        EQUALS_CLASS => EQUALS,
        Z10_CLASS => Z10,
        digit => Z0 + digit,
    }
}

/// Attention and what its gradient needs.
pub(super) struct Scores {
    qk_dim: usize,
    /// Softmax weight of one token of each class, by head.
    pub attention: Vec<ByClass>,
    /// 1 / rms of the first norm, by class.
    pub scale: [f64; CLASSES],
    /// Positions after the first norm (classes × pos_dim).
    inputs: Array2<f64>,
    /// Queries before and after rotation (answer rows × n_heads·qk_dim), and keys (classes ×
    /// n_heads·qk_dim).
    plain: Array2<f64>,
    queries: Array2<f64>,
    keys: Array2<f64>,
    /// Gradients of the same.
    d_inputs: Array2<f64>,
    d_queries: Array2<f64>,
    d_keys: Array2<f64>,
}

impl Scores {
    pub fn new(config: &Config) -> Scores {
        let width = config.n_heads * config.qk_dim;
        let zeros = |rows, columns| Array2::zeros((rows, columns));
        Scores {
            qk_dim: config.qk_dim,
            attention: vec![[[0.0; CLASSES]; ANSWER_ROWS]; config.n_heads],
            scale: [0.0; CLASSES],
            inputs: zeros(CLASSES, config.pos_dim),
            plain: zeros(ANSWER_ROWS, width),
            queries: zeros(ANSWER_ROWS, width),
            keys: zeros(CLASSES, width),
            d_inputs: zeros(CLASSES, config.pos_dim),
            d_queries: zeros(ANSWER_ROWS, width),
            d_keys: zeros(CLASSES, width),
        }
    }

    /// Steps 3 and 4 up to the softmax.
    pub fn forward(&mut self, w: &Weights) {
        let d_model = w.norm1.len() as f64;
        let token: f64 = w.tokens.row(0).iter().map(|v| v * v).sum();
        for (class, scale) in self.scale.iter_mut().enumerate() {
            let position = w.positions.row(place_of(class));
            let square = token + position.iter().map(|v| v * v).sum::<f64>();
            *scale = 1.0 / (square / d_model + RMS_EPSILON).sqrt();
            for (i, p) in position.iter().enumerate() {
                self.inputs[[class, i]] = p * *scale * w.norm1[TOK + i];
            }
        }
        for r in 0..ANSWER_ROWS {
            project(&w.q, &self.inputs, query_class(r), &mut self.plain, r);
        }
        self.queries.assign(&self.plain);
        for mut query in self.queries.outer_iter_mut() {
            let heads = query.as_slice_mut().unwrap_or_default().chunks_exact_mut(self.qk_dim);
            heads.zip(&w.phase).for_each(|(query, phase)| rotate(query, *phase));
        }
        for class in 0..CLASSES {
            project(&w.k, &self.inputs, class, &mut self.keys, class);
        }
        for h in 0..self.attention.len() {
            for r in 0..ANSWER_ROWS {
                self.attend(h, r);
            }
        }
    }

    fn root(&self) -> f64 {
        1.0 / (self.qk_dim as f64).sqrt()
    }

    /// Softmax of answer row `r`, each class counted as often as the row sees it.
    fn attend(&mut self, h: usize, r: usize) {
        let (dims, root) = (h * self.qk_dim..(h + 1) * self.qk_dim, self.root());
        let (queries, keys) = (&self.queries, &self.keys);
        let weights = &mut self.attention[h][r];
        let mut largest = f64::NEG_INFINITY;
        for (class, weight) in weights.iter_mut().enumerate() {
            let products = dims.clone().map(|i| queries[[r, i]] * keys[[class, i]]);
            *weight = products.sum::<f64>() * root;
            if seen(class, r) > 0 {
                largest = largest.max(*weight);
            }
        }
        let mut sum = 0.0;
        for (class, weight) in weights.iter_mut().enumerate() {
            let count = seen(class, r);
            *weight = if count > 0 { libm::exp(*weight - largest) } else { 0.0 };
            sum += count as f64 * *weight;
        }
        weights.iter_mut().for_each(|weight| *weight /= sum);
    }

    /// From the gradient of `attention · scale`, summed over the tokens of a class, to those
    /// of everything that it is made of.
    ///
    /// All embeddings are equally long. Their common length is in the first norm, and its
    /// gradient is spread over all tokens evenly: along any change that keeps them equally
    /// long, the sum is right.
    pub fn backward(&mut self, w: &Weights, d_mix: &[ByClass], into: &mut Weights) {
        self.d_queries.fill(0.0);
        self.d_keys.fill(0.0);
        let mut d_scale = [0.0; CLASSES];
        for (h, d_mix) in d_mix.iter().enumerate() {
            for (r, d_mix) in d_mix.iter().enumerate() {
                for (class, d) in d_scale.iter_mut().enumerate() {
                    *d += d_mix[class] * self.attention[h][r][class];
                }
                self.attend_backward(h, r, d_mix);
            }
        }
        self.rotate_backward(w, into);
        self.d_inputs.fill(0.0);
        let Scores { inputs, d_inputs, d_queries, d_keys, .. } = self;
        for (r, d_query) in d_queries.outer_iter().enumerate() {
            let class = query_class(r);
            for ((o, i), weight) in w.q.indexed_iter() {
                into.q[[o, i]] += d_query[o] * inputs[[class, i]];
                d_inputs[[class, i]] += d_query[o] * weight;
            }
        }
        for (class, d_key) in d_keys.outer_iter().enumerate() {
            for ((o, i), weight) in w.k.indexed_iter() {
                into.k[[o, i]] += d_key[o] * inputs[[class, i]];
                d_inputs[[class, i]] += d_key[o] * weight;
            }
        }
        self.norm_backward(w, d_scale, into);
    }

    fn attend_backward(&mut self, h: usize, r: usize, d_mix: &[f64; CLASSES]) {
        let (dims, root) = (h * self.qk_dim..(h + 1) * self.qk_dim, self.root());
        let weights = &self.attention[h][r];
        let d_weight = |class: usize| d_mix[class] * self.scale[class];
        let mean: f64 = (0..CLASSES).map(|class| weights[class] * d_weight(class)).sum();
        for (class, weight) in weights.iter().enumerate() {
            let d_score = weight * (d_weight(class) - seen(class, r) as f64 * mean);
            for i in dims.clone() {
                self.d_queries[[r, i]] += d_score * root * self.keys[[class, i]];
                self.d_keys[[class, i]] += d_score * root * self.queries[[r, i]];
            }
        }
    }

    fn rotate_backward(&mut self, w: &Weights, into: &mut Weights) {
        for r in 0..ANSWER_ROWS {
            for (h, (phase, d_phase)) in w.phase.iter().zip(&mut into.phase).enumerate() {
                let (sin, cos) = *phase;
                for pair in 0..self.qk_dim / 2 {
                    let i = h * self.qk_dim + 2 * pair;
                    let (q0, q1) = (self.plain[[r, i]], self.plain[[r, i + 1]]);
                    let (d0, d1) = (self.d_queries[[r, i]], self.d_queries[[r, i + 1]]);
                    d_phase.0 += d1 * q0 - d0 * q1;
                    d_phase.1 += d0 * q0 + d1 * q1;
                    self.d_queries[[r, i]] = d0 * cos + d1 * sin;
                    self.d_queries[[r, i + 1]] = d1 * cos - d0 * sin;
                }
            }
        }
    }

    /// Through the first norm, and what values have of its scale.
    fn norm_backward(&self, w: &Weights, mut d_scale: [f64; CLASSES], into: &mut Weights) {
        let d_model = w.norm1.len() as f64;
        let mut d_square = 0.0;
        for (class, d_scale) in d_scale.iter_mut().enumerate() {
            let (place, scale) = (place_of(class), self.scale[class]);
            for (i, p) in w.positions.row(place).iter().enumerate() {
                let d = self.d_inputs[[class, i]];
                into.positions[[place, i]] += d * scale * w.norm1[TOK + i];
                into.norm1[TOK + i] += d * scale * p;
                *d_scale += d * p * w.norm1[TOK + i];
            }
            // Half the gradient of Σx², which is in scale as its power of −½.
            let half = -*d_scale * scale * scale * scale / d_model;
            for (i, p) in w.positions.row(place).iter().enumerate() {
                into.positions[[place, i]] += half * p;
            }
            d_square += half;
        }
        let share = d_square / w.tokens.nrows() as f64;
        into.tokens.scaled_add(share, &w.tokens);
    }
}

/// Row `row` of `out` is `weight` times row `class` of `inputs`.
fn project(
    weight: &Array2<f64>,
    inputs: &Array2<f64>,
    class: usize,
    out: &mut Array2<f64>,
    row: usize,
) {
    for (o, weights) in weight.outer_iter().enumerate() {
        let products = weights.iter().zip(inputs.row(class)).map(|(w, x)| w * x);
        out[[row, o]] = products.sum();
    }
}
