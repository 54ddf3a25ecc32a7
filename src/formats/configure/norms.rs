//! Which norms a file has: as its configuration says, or as its tensors tell.

use super::{Source, Tensors};
use model::Error;
use model::config::Norm;
use model::tensors::{self, name::*};
use model::weights::spiral_norm_base;
use ndarray::ArrayD;

impl Source<'_> {
    pub(super) fn norm(&self, d_model: usize, tok_dim: usize) -> Result<Norm, Error> {
        let amp = self.keys.first_number(SPIRAL_AMP)?;
        let spiral = if self.has(NORM_BASE) || twin_only(self.tensors) {
            Norm::SpiralBoost { amp }
        } else {
            Norm::Spiral
        };
        let choices = [
            ("weighted", Norm::Shared),
            ("shared", Norm::Shared),
            ("full", Norm::Full),
            ("no_ln2", Norm::NoNorm2),
            ("parameterless", Norm::Fixed),
            ("fixed", Norm::Fixed),
            ("scalar", Norm::Scalar),
            ("structured", Norm::Structured),
            ("spiral", spiral),
        ];
        if let Some(norm) = self.keys.choice("norm_mode", &choices)? {
            return Ok(norm);
        }
        if self.keys.exist() {
            return Ok(self.default(Norm::Full, Norm::Shared));
        }
        Ok(self.norm_from_tensors(d_model, tok_dim, spiral, amp))
    }

    fn norm_from_tensors(&self, d_model: usize, tok_dim: usize, spiral: Norm, amp: f64) -> Norm {
        if matches!(spiral, Norm::SpiralBoost { .. }) && tok_dim < d_model {
            return spiral;
        }
        if self.has(NORM_SCALE) {
            return Norm::Scalar;
        }
        if self.has(NORM_B) {
            return Norm::Structured;
        }
        let sites = [NORM1, NORM2, NORM_F];
        let found: Vec<&ArrayD<f32>> = sites.iter().filter_map(|n| self.tensors.get(*n)).collect();
        let Some(first) = found.first() else { return Norm::Fixed };
        if found.iter().any(|w| w != first) {
            return if found.len() == 2 { Norm::NoNorm2 } else { Norm::Full };
        }
        let wave = spiral_norm_base(amp, d_model);
        let frozen = first.len() == d_model
            && first.iter().zip(&wave).all(|(w, f)| (f64::from(*w) - f).abs() < 1e-6);
        if frozen { Norm::Spiral } else { Norm::Shared }
    }
}

/// Whether the second-generation spiral norm is there under a later name only.
fn twin_only(tensors: &Tensors) -> bool {
    tensors::twins(NORM_BASE).iter().any(|n| tensors.contains_key(*n))
}
