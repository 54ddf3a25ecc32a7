//! The plain gradient, one example after the other: the reference for any faster one.

use model::{Backward, Model, Weights};
use task::addition::{EQUALS, ROWS, tokens};
use task::sampling::Pair;

/// Rows with a target: EQUALS to Z10, which predict Z0…Z10 and EOS.
pub const TARGETS: usize = ROWS - EQUALS;

/// Mean cross-entropy over the 12 answer targets of all pairs, teacher-forced, in nats, and
/// its derivatives: every field of the returned [`Weights`] holds those with respect to
/// that field (`phase` with respect to sine and cosine). A tied matrix has in each place
/// that uses it the contribution of that place alone. No pairs give zeros.
pub fn loss_and_gradient(model: &Model, batch: &[Pair]) -> (f64, Weights) {
    let mut backward = Backward::new(model);
    let share = 1.0 / (TARGETS * batch.len().max(1)) as f64;
    let mut loss = 0.0;
    for &(a, b) in batch {
        loss += backward.add(&tokens(a, b, model.config().vocabulary), share);
    }
    (loss, backward.finish())
}
