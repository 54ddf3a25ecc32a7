//! How far the tables of embeddings, positions and norms may be off in float32 (steps 1 and 2).

use super::super::interval::Interval;
use super::super::noisy::{U, ULPS, gamma};
use crate::Model;
use crate::config::{Correction, DigitPositions, Embedding, Norm};
use crate::tensors::name::*;
use std::f64::consts::TAU;
use task::addition::{DIGITS, Z10};

/// How far a norm's weights may be off, as a share: those that are computed take a few operations.
pub(super) fn norm_off(model: &Model) -> f64 {
    match model.config().norm {
        Norm::Structured => 2.0 * U,
        Norm::SpiralBoost { .. } => gamma(model.config().d_model() + 8),
        _ => 0.0,
    }
}

/// How far an embedding's coordinate may be off (step 1).
pub(super) fn token_off(model: &Model, t: usize, exact: &Interval) -> f64 {
    if model.config().embedding == Embedding::Learned {
        return 0.0;
    }
    let scalar = |name| model.params().scalar(name).abs();
    let turned = t as f64 * scalar(TOK_ARC_STRIDE);
    let angle = U * turned + U * (turned * (1.0 + U) + scalar(TOK_ARC_START));
    let radius = model.weights().tokens.row(t).iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let radius = radius.max(scalar(TOK_ARC_A)).max(match model.config().embedding {
        Embedding::Arc { tied: false } => scalar(TOK_ARC_B),
        _ => 0.0,
    });
    radius * (angle + 2.0 * ULPS * U) * (1.0 + U) + U * exact.size()
}

/// How far coordinate `i` of a digit's position may be off (step 2).
pub(super) fn position_off(model: &Model, place: usize, i: usize, exact: &[Interval]) -> f64 {
    if model.config().digit_positions == DigitPositions::Learned {
        return 0.0;
    }
    let scalar = |name| model.params().scalar(name).abs();
    let base = match i {
        0 | 1 => {
            let turned = TAU * place as f64 / DIGITS as f64;
            let angle = 4.0 * U * turned + U * (turned + scalar(SPIRAL_PHASE));
            scalar(SPIRAL_AMP) * (1.01 * angle + 2.0 * ULPS * U) + U * scalar(SPIRAL_AMP)
        }
        2 => {
            let height = scalar(SPIRAL_SLOPE) * place as f64;
            U * height + U * (height * (1.0 + U) + scalar(SPIRAL_OFFSET))
        }
        _ => return 0.0,
    };
    // A correction is some operations more, and scales what is there.
    let size = exact[i].size();
    let bare = match i {
        0 | 1 => scalar(SPIRAL_AMP),
        _ => scalar(SPIRAL_SLOPE) * place as f64 + scalar(SPIRAL_OFFSET),
    };
    let scale = correction_size(model, place);
    debug_assert!(place < Z10);
    base * scale + bare * 4.0 * U * scale + U * size
}

/// `1 + |correction|` at most.
fn correction_size(model: &Model, place: usize) -> f64 {
    let scalar = |name| model.params().scalar(name).abs();
    1.0 + match model.config().correction {
        Correction::None => 0.0,
        Correction::Linear => scalar(POS_CORR_INTERCEPT) + scalar(POS_CORR_SLOPE) * place as f64,
        Correction::Full => {
            model.params().numbers(POS_CORRECTION).get(place).map_or(0.0, |v| f64::from(v.abs()))
        }
    }
}
