//! What float32 answers: each sum in its order, or from its end. Functions are rounded once, to nearest.

use crate::Model;
use crate::config::{Correction, DigitPositions, Embedding, Norm};
use crate::layers::{RMS_EPSILON, argmax};
use crate::tensors::name::*;
use crate::weights::{OutWeights, Weights, stored_position};
use ndarray::{Array1, ArrayView1};
use std::f32::consts::{FRAC_1_SQRT_2, PI};
use task::addition::{ANSWER_DIGITS, DIGITS, EOS, EQUALS, PLUS, SEQUENCE, Y0, Z0, Z10, tokens};
use task::sampling::Pair;

/// The first answer digit of an addition in which float32, in one of two orders, does not say what exact arithmetic does,
/// where both are right in all digits before it, and it is known whether exact arithmetic is in this one.
pub fn differs(model: &Model, pair: Pair, right: &[Option<bool>; ANSWER_DIGITS]) -> Option<usize> {
    let sequence = tokens(pair.0, pair.1, model.config().vocabulary);
    let first = |backwards: bool| {
        let order = Rounded::new(model, backwards);
        for (k, right) in right.iter().enumerate() {
            let said = order.says(&sequence, EQUALS + k)?;
            let agrees = (said == usize::from(sequence[EQUALS + k + 1])) == (*right)?;
            match (agrees, right) {
                (false, _) => return Some(k),
                // What comes after is no answer of either.
                (true, Some(false)) => return None,
                _ => {}
            }
        }
        None
    };
    [false, true].into_iter().filter_map(first).min()
}

/// A model in float32.
struct Rounded<'a> {
    model: &'a Model,
    weights: &'a Weights,
    backwards: bool,
    /// vocabulary × tok_dim.
    tokens: Vec<Vec<f32>>,
    /// By place.
    positions: Vec<Vec<f32>>,
    /// All norms' weights, where they are others than those that are stored.
    norms: Option<Vec<f32>>,
}

fn sin_cos(angle: f32) -> (f32, f32) {
    let angle = f64::from(angle);
    (libm::sin(angle) as f32, libm::cos(angle) as f32)
}

impl<'a> Rounded<'a> {
    fn new(model: &'a Model, backwards: bool) -> Rounded<'a> {
        let (weights, norms) = (model.weights(), None);
        let (tokens, positions) = (embeddings(model), positions(model));
        let mut order = Rounded { model, weights, backwards, tokens, positions, norms };
        if let Norm::SpiralBoost { amp } = model.config().norm {
            order.norms = Some(order.boosted(amp as f32));
        }
        order
    }

    /// The norm of the second generation, which is made of other numbers.
    fn boosted(&self, amp: f32) -> Vec<f32> {
        let (config, params) = (self.model.config(), self.model.params());
        let mut norm = params.numbers(NORM_BASE).to_vec();
        let sizes = params.numbers(Z_HI_POS).iter().map(|z| z.abs());
        let total = self.sum(sizes.clone()) + 1.0;
        norm.iter_mut().skip(config.tok_dim).zip(sizes).for_each(|(w, z)| *w += amp * z / total);
        norm
    }

    fn sum(&self, terms: impl DoubleEndedIterator<Item = f32>) -> f32 {
        if self.backwards { terms.rev().sum() } else { terms.sum() }
    }

    fn dot(&self, row: ArrayView1<f64>, x: &[f32]) -> f32 {
        self.sum((0..x.len()).map(|i| row[i] as f32 * x[i]))
    }

    fn normed(&self, x: &[f32], norm: &Array1<f64>) -> Vec<f32> {
        let mean = self.sum(x.iter().map(|v| v * v)) / x.len() as f32;
        let scale = 1.0 / (mean + RMS_EPSILON as f32).sqrt();
        let of = |i: usize| self.norms.as_ref().map_or(norm[i] as f32, |norms| norms[i]);
        (0..x.len()).map(|i| x[i] * scale * of(i)).collect()
    }

    /// What answer row `r` adds up in each head (inner).
    fn attended(&self, sequence: &[u8; SEQUENCE], r: usize) -> Vec<f32> {
        let (config, w) = (self.model.config(), self.weights);
        let normed: Vec<Vec<f32>> =
            (0..=r).map(|j| self.normed(&self.start(sequence, j), &w.norm1)).collect();
        let read = || config.qk_dims();
        let root = (config.qk_dim as f32).sqrt();
        let once_more = if config.softmax1 { 1.0 } else { 0.0 };
        let mut inner = Vec::new();
        for (head, (sin, cos)) in w.phase.iter().enumerate() {
            let (sin, cos) = (*sin as f32, *cos as f32);
            let dims = || head * config.qk_dim..(head + 1) * config.qk_dim;
            let mut query: Vec<f32> =
                dims().map(|i| self.dot(w.q.row(i), &normed[r][read()])).collect();
            for pair in query.chunks_exact_mut(2) {
                (pair[0], pair[1]) = (pair[0] * cos - pair[1] * sin, pair[0] * sin + pair[1] * cos);
            }
            let score = |x: &Vec<f32>| {
                let key = dims().map(|i| self.dot(w.k.row(i), &x[read()]));
                let key: Vec<f32> = key.collect();
                self.sum(query.iter().zip(&key).map(|(q, k)| q * k)) / root
            };
            let scores: Vec<f32> = normed.iter().map(score).collect();
            let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let power = |score: &f32| libm::exp(f64::from(score - most)) as f32;
            let powers: Vec<f32> = scores.iter().map(power).collect();
            let total = self.sum(powers.iter().copied()) + once_more;
            for i in head * config.head_dim..(head + 1) * config.head_dim {
                let value = |x: &Vec<f32>| self.dot(w.v.row(i), &x[..config.tok_dim]);
                inner.push(self.sum(normed.iter().zip(&powers).map(|(x, p)| p / total * value(x))));
            }
        }
        inner
    }

    fn start(&self, sequence: &[u8; SEQUENCE], place: usize) -> Vec<f32> {
        [&self.tokens[usize::from(sequence[place])][..], &self.positions[place]].concat()
    }

    /// The token that row `r` says; nothing where something left the range of float32.
    fn says(&self, sequence: &[u8; SEQUENCE], r: usize) -> Option<usize> {
        let w = self.weights;
        let inner = self.attended(sequence, r);
        let mut x = self.start(sequence, r);
        match &w.out {
            OutWeights::LowRank { a, b } => {
                let slots: Vec<f32> =
                    a.columns().into_iter().map(|a| self.dot(a, &inner)).collect();
                (0..x.len()).for_each(|i| x[i] += self.dot(b.column(i), &slots));
            }
            OutWeights::Full(out) => {
                (0..x.len()).for_each(|i| x[i] += self.dot(out.row(i), &inner))
            }
        }
        let read = w.norm2.as_ref().map_or_else(|| x.clone(), |norm| self.normed(&x, norm));
        let unit = |h: usize| {
            let v = self.dot(w.fc1.row(h), &read) + w.fc1_bias[h] as f32;
            0.5 * v * (1.0 + libm::erf(f64::from(v * FRAC_1_SQRT_2)) as f32)
        };
        let active: Vec<f32> = (0..w.fc1.nrows()).map(unit).collect();
        for (i, x) in x.iter_mut().enumerate() {
            *x += self.dot(w.fc2.row(i), &active) + w.fc2_bias[i] as f32;
        }
        let last = self.normed(&x, &w.norm_f);
        let space: Vec<f32> = w.head.outer_iter().map(|row| self.dot(row, &last)).collect();
        let logit = |e: &Vec<f32>| self.sum(e.iter().zip(&space).map(|(e, u)| e * u));
        let logits: Vec<f64> = self.tokens.iter().map(logit).map(f64::from).collect();
        logits.iter().all(|logit| logit.is_finite()).then(|| argmax(&logits))
    }
}

fn embeddings(model: &Model) -> Vec<Vec<f32>> {
    let stored = |name| model.params().numbers(name).first().copied().unwrap_or_default();
    let Embedding::Arc { tied } = model.config().embedding else {
        let rows = model.weights().tokens.outer_iter();
        return rows.map(|row| row.iter().map(|v| *v as f32).collect()).collect();
    };
    let a = stored(TOK_ARC_A);
    let b = if tied { a } else { stored(TOK_ARC_B) };
    let embedding = |t: usize| {
        let (sin, cos) = sin_cos(stored(TOK_ARC_START) + t as f32 * stored(TOK_ARC_STRIDE));
        vec![a * cos, b * sin]
    };
    (0..model.config().vocabulary.size).map(embedding).collect()
}

fn positions(model: &Model) -> Vec<Vec<f32>> {
    let (config, params) = (model.config(), model.params());
    let stored = |name| params.numbers(name).first().copied().unwrap_or_default();
    let mut table = vec![vec![0.0f32; config.pos_dim]; SEQUENCE];
    let learned = params.numbers(DIGIT_POS).chunks_exact(config.pos_dim).enumerate();
    for (i, row) in learned.take(DIGITS) {
        [i, Y0 + i, Z0 + i].iter().for_each(|place| table[*place].copy_from_slice(row));
    }
    let on_spiral = match config.digit_positions {
        DigitPositions::Spiral => DIGITS,
        DigitPositions::Learned => 0,
    };
    for i in 0..on_spiral {
        let at = i as f32;
        let correction = match config.correction {
            Correction::None => 0.0,
            Correction::Linear => stored(POS_CORR_INTERCEPT) + stored(POS_CORR_SLOPE) * at,
            Correction::Full => params.numbers(POS_CORRECTION).get(i).copied().unwrap_or_default(),
        };
        let (sin, cos) = sin_cos(2.0 * PI * at / DIGITS as f32 + stored(SPIRAL_PHASE));
        let height = stored(SPIRAL_SLOPE) * at + stored(SPIRAL_OFFSET);
        let point = [stored(SPIRAL_AMP) * cos, stored(SPIRAL_AMP) * sin, height];
        for place in [i, Y0 + i, Z0 + i] {
            table[place].iter_mut().zip(point).for_each(|(into, v)| *into = v * (1.0 + correction));
        }
    }
    for place in [PLUS, EQUALS, Z10, EOS] {
        let Some((name, row)) = stored_position(config, place) else { continue };
        let values = params.numbers(name).iter().skip(row * config.pos_dim);
        table[place].iter_mut().zip(values).for_each(|(into, v)| *into = *v);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::Machine;
    use super::*;
    use crate::config::{Config, OutProj, QkInput, SpecialPositions};
    use crate::exact::enclosed::Enclosed;
    use crate::exact::interval::Interval;
    use crate::exact::numbers::Numbers;
    use crate::{Model, Params, Trace};
    use task::addition::Vocabulary;
    use task::item::Point;
    use task::sampling::pairs;

    /// One head that looks at positions, and writes into all of the residual stream.
    fn small() -> Option<Config> {
        Some(Config {
            vocabulary: Vocabulary::of_size(10)?,
            tok_dim: 2,
            pos_dim: 3,
            n_heads: 1,
            head_dim: 2,
            qk_dim: 4,
            ffn_dim: 2,
            embedding: Embedding::Learned,
            frozen_pad: false,
            digit_positions: DigitPositions::Spiral,
            correction: Correction::None,
            special_positions: SpecialPositions::Zero,
            qk_input: QkInput::Position,
            tie_qk: false,
            q_phase: false,
            softmax1: false,
            tie_v_head: false,
            out_proj: OutProj::Full,
            ffn_bias: false,
            tie_fc2_head: false,
            norm: Norm::Full,
            frozen: vec![],
        })
    }

    /// A model of these numbers, by tensor and flat index.
    fn made(config: Config, value: impl Fn(&str, usize) -> f32) -> Option<Model> {
        let specs = config.specs();
        let values = specs.iter().map(|spec| {
            (0..spec.shape.iter().product()).map(|i| value(spec.name, i)).collect::<Vec<f32>>()
        });
        let values: Vec<Vec<f32>> = values.collect();
        let params = Params::of(&config, values.iter().map(Vec::as_slice))?;
        Some(Model::new(config, params))
    }

    /// Where `right` is said to be known of `pair`'s first two digits, and all others are right.
    fn found(pair: Pair, first: [Option<bool>; 2]) -> Option<Option<usize>> {
        let mut right = [Some(true); ANSWER_DIGITS];
        right[..2].copy_from_slice(&first);
        let silent = made(small()?, |_, _| 0.0)?; // it says 0 everywhere
        Some(differs(&silent, pair, &right))
    }

    #[test]
    fn no_digit_is_looked_at_past_one_that_is_not_right() {
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(found((0, 0), [yes, yes]), Some(None));
        assert_eq!(found((0, 0), [yes, no]), Some(Some(1)));
        assert_eq!(found((5, 0), [yes, yes]), Some(Some(0)));
        assert_eq!(found((5, 0), [no, no]), Some(None));
        assert_eq!(found((0, 0), [None, no]), Some(None));
    }

    /// Scores are small differences of large products, and all values nearly alike: what softmax1 looks at besides the tokens is all
    /// that sets them apart.
    #[test]
    fn attention_is_off_no_further_than_it_may_be() {
        let value = |name: &str, i: usize| match (name, i) {
            (TOK_EMB, i) => [1.0, 0.0][i % 2],
            (SPIRAL_AMP | SPIRAL_SLOPE, _) => 1e-3,
            (Q_PROJ, i) => [2e4, -2.0002e4][(i / 3) % 2] / (1 + i % 3) as f32,
            (K_PROJ, i) => 5e3 / (1 + (i + 1) % 3) as f32,
            (V_PROJ, i) => [1.0, 0.5][i % 2],
            (NORM1, _) => 1.0,
            _ => 0.0,
        };
        let furthest = |softmax1| {
            let config = small().map(|config| Config { softmax1, ..config });
            let model = config.and_then(|config| made(config, value)).expect("a model");
            let (mut most, mut allowed) = (0.0, 0.0);
            let may: Vec<f64> = (0..ANSWER_DIGITS).map(|row| may_be_off(&model, row)).collect();
            for (a, b) in pairs(1, 20) {
                for (far, may) in off(&model, (a, b)).into_iter().zip(&may) {
                    assert!(far <= *may, "{a} + {b}: {far:e} of {may:e}");
                    (most, allowed) = (f64::max(most, far), f64::max(allowed, *may));
                }
            }
            (most, allowed)
        };
        let (plain, with) = (furthest(false), furthest(true));
        assert!(with.1 < 0.5, "the bound says nothing: {with:?}");
        assert!(with.0 > plain.1, "it must widen the bound: {with:?}, {plain:?}");
    }

    /// How far float32, in either order, is from exact arithmetic in what attention adds up, by answer row.
    fn off(model: &Model, (a, b): Pair) -> Vec<f64> {
        let sequence = tokens(a, b, model.config().vocabulary);
        let trace = Trace::new(model, &sequence);
        let exact = trace.at(Point::Read).expect("what heads read");
        let orders = [false, true].map(|backwards| Rounded::new(model, backwards));
        let row = |row: usize| {
            let far = orders.iter().flat_map(|order| {
                let found = order.attended(&sequence, EQUALS + row).into_iter().map(f64::from);
                let exact = exact.row(EQUALS + row).to_vec();
                found.zip(exact).map(|(found, exact)| (found - exact).abs()).collect::<Vec<f64>>()
            });
            far.fold(0.0, f64::max)
        };
        (0..ANSWER_DIGITS).map(row).collect()
    }

    /// How far it may be; all digits are embedded alike.
    fn may_be_off(model: &Model, row: usize) -> f64 {
        let enclosed = Enclosed::<Interval>::new(&Numbers::new(model, vec![]));
        let machine = Machine::new(model, &enclosed);
        machine.slots_off(row, 0).into_iter().fold(0.0, f64::max)
    }
}
