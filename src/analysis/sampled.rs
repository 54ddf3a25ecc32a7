//! How many random additions a forward pass answers right: an estimate, where it is under interventions that the verdict on
//! all additions does not take.

use model::Forward;
use serde::Serialize;
use task::sampling::{PANEL_SEED, pairs};

/// How many are asked: a share of them is known to about a hundredth.
pub const SAMPLED: usize = 2000;

/// Of random additions, how many are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sampled {
    /// Those whose greedy answer is the sum.
    pub right: usize,
    /// All that were asked.
    pub asked: usize,
}

/// Asks the first additions that the error panels ask, too.
pub fn sampled(forward: &Forward) -> Sampled {
    let right = pairs(PANEL_SEED, SAMPLED).filter(|(a, b)| forward.decode(*a, *b) == a + b);
    Sampled { right: right.count(), asked: SAMPLED }
}
