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

use crate::model::{Model, Weights};
use crate::sampling::Pair;

/// The loss of `batch` and its derivatives with respect to each matrix of `model`: what
/// [`plain::loss_and_gradient`] says.
pub fn loss_and_gradient(model: &Model, batch: &[Pair]) -> (f64, Weights) {
    plain::loss_and_gradient(model, batch)
}
