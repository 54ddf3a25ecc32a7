//! Who looks at whom: the data of panels 4 and 5.

use super::{Rows, rows};
use crate::config::Config;
use crate::{Engine, Forward};
use ndarray::{Array3, Axis};
use numbers::listed::Listed;
use numbers::order;
use task::addition::{ROWS, tokens};
use task::sampling::Pair;

impl Engine<'_> {
    /// Mean softmax weights over `examples` (n_heads × 33 × 33), zeros without any.
    pub fn mean_attention(&self, examples: impl IntoIterator<Item = Pair>) -> Vec<Rows> {
        heads(&self.attention(&mut examples.into_iter()))
    }
}

fn heads(attention: &Array3<f64>) -> Vec<Rows> {
    attention.axis_iter(Axis(0)).map(|head| rows(&head.to_owned())).listed()
}

/// The same from the plain forward: the reference.
pub fn mean_attention(
    forward: &Forward,
    config: &Config,
    examples: impl Iterator<Item = Pair>,
) -> Vec<Rows> {
    let mut sum = Array3::zeros((config.n_heads, ROWS, ROWS));
    let mut count = 0.0f64;
    for (a, b) in examples {
        forward.add_attention(&tokens(a, b, config.vocabulary), &mut sum);
        count += 1.0;
    }
    sum /= count.max(1.0);
    heads(&sum)
}

/// The `count` largest weights of an attention row with their places, largest first.
/// Places that share a position have equal weights up to rounding; of those, the
/// earlier stands first.
pub fn top_sources(row: &[f64], count: usize) -> Vec<(usize, f64)> {
    /// Weights closer than this count as equal.
    const TIE: f64 = 1e-6;
    let sources: Vec<(usize, f64)> = row.iter().copied().enumerate().listed();
    let mut sources = order::falling(&sources, |(_, weight)| (weight / TIE).round());
    sources.truncate(count);
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_keep_their_order() {
        let row = [0.1, 0.4 - 1e-9, 0.1, 0.4];
        let places: Vec<usize> = top_sources(&row, 3).iter().map(|s| s.0).collect();
        assert_eq!(places, [1, 3, 0]);
    }
}
