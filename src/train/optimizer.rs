//! AdamW and gradient clipping.
//!
//! Parameters are f32, as in PyTorch and in checkpoints, so a checkpoint holds the exact
//! state. Gradients and moments are f64: additions, products, quotients and roots of either
//! type are exact to the last bit natively and in wasm, and f64 costs nothing for 60 numbers.

use super::settings::Settings;
use serde::{Deserialize, Serialize};

/// Added to a norm before dividing by it, as PyTorch's `clip_grad_norm_` does.
const CLIP_EPSILON: f64 = 1e-6;

/// Moving averages of one number's derivative and of its square.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Moments {
    /// Of the derivative.
    pub first: Vec<f64>,
    /// Of its square.
    pub second: Vec<f64>,
}

/// AdamW with decoupled weight decay (Loshchilov and Hutter 2019), as in PyTorch.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamW {
    /// One of each for every learned number.
    pub moments: Moments,
    /// Updates so far.
    pub updates: u64,
}

/// How far an update goes.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Learning rate.
    pub lr: f64,
    /// Weight decay.
    pub weight_decay: f64,
}

impl AdamW {
    /// No updates yet, for `count` learned numbers.
    pub fn new(count: usize) -> AdamW {
        let zeros = vec![0.0; count];
        AdamW { moments: Moments { first: zeros.clone(), second: zeros }, updates: 0 }
    }

    /// One update of `params`, given a derivative for each.
    pub fn update<'a>(
        &mut self,
        settings: &Settings,
        rates: Rates,
        params: impl Iterator<Item = &'a mut f32>,
        gradient: &[f64],
    ) {
        let Settings { beta1, beta2, epsilon, .. } = settings;
        self.updates += 1;
        let bias = |beta: f64| 1.0 - libm::pow(beta, self.updates as f64);
        let step = rates.lr / bias(*beta1);
        let root = bias(*beta2).sqrt();
        let Moments { first, second } = &mut self.moments;
        for (((p, g), m), v) in params.zip(gradient).zip(first).zip(second) {
            *m = beta1 * *m + (1.0 - beta1) * g;
            *v = beta2 * *v + (1.0 - beta2) * g * g;
            let kept = f64::from(*p) * (1.0 - rates.lr * rates.weight_decay);
            *p = (kept - step * *m / (v.sqrt() / root + epsilon)) as f32;
        }
    }
}

/// The norm of the whole gradient.
pub fn norm(gradient: &[f64]) -> f64 {
    gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
}

/// Shortens a gradient of norm `norm` to `most`, if it is longer and `most` is not 0.
pub fn clip(gradient: &mut [f64], norm: f64, most: f64) {
    let factor = most / (norm + CLIP_EPSILON);
    if most > 0.0 && factor < 1.0 {
        gradient.iter_mut().for_each(|g| *g *= factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_update_goes_by_the_sign_of_the_derivative() {
        let mut adam = AdamW::new(2);
        let mut params = [1.0f32, -2.0];
        let rates = Rates { lr: 0.1, weight_decay: 0.5 };
        adam.update(&Settings::default(), rates, params.iter_mut(), &[3.0, -1e-3]);
        // 1·(1 − 0.05) − 0.1 and −2·(1 − 0.05) + 0.1.
        assert!((params[0] - 0.85).abs() < 1e-6 && (params[1] + 1.8).abs() < 1e-5, "{params:?}");
    }

    #[test]
    fn long_gradients_are_shortened_and_short_ones_left_alone() {
        let mut long = [3.0, 4.0];
        let length = norm(&long);
        clip(&mut long, length, 1.0);
        assert!((norm(&long) - 1.0).abs() < 1e-6);
        let mut short = [0.3, 0.4];
        clip(&mut short, 0.5, 1.0);
        assert_eq!(short, [0.3, 0.4]);
        let mut free = [3.0, 4.0];
        clip(&mut free, 5.0, 0.0);
        assert_eq!(free, [3.0, 4.0]);
    }
}
