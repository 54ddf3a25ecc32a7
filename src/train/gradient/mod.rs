//! The loss of a batch and its derivatives.
//!
//! ```text
//! Model, pairs → plain | fast → loss, Weights (d loss / d matrix) → params → Gradient (by tensor)
//! ```

pub mod fast;
pub mod params;
pub mod plain;

pub use fast::Fast;
pub use params::{Gradient, params_gradient};

use model::config::Config;
use model::{Model, Weights};
use task::sampling::Pair;

/// Loss and gradient of one architecture, by the fast path where it applies and else by the
/// plain one.
pub struct LossAndGradient {
    fast: Option<Fast>,
    gradient: Option<Weights>,
}

impl LossAndGradient {
    /// For models of `config`.
    pub fn new(config: &Config) -> LossAndGradient {
        LossAndGradient { fast: Fast::new(config), gradient: None }
    }

    /// What [`plain::loss_and_gradient`] says, or [`Fast::loss_and_gradient`] where that
    /// applies.
    pub fn of(&mut self, model: &Model, batch: &[Pair]) -> (f64, &Weights) {
        match &mut self.fast {
            Some(fast) => {
                let into = self.gradient.get_or_insert_with(|| model.weights().zeros_like());
                (fast.loss_and_gradient(model.weights(), batch, into), into)
            }
            None => {
                let (loss, gradient) = plain::loss_and_gradient(model, batch);
                (loss, self.gradient.insert(gradient))
            }
        }
    }
}
