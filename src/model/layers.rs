//! The layers, one plain function each. Rows are slices; matrices are row-major
//! `Array2`s. The maths is that of [`crate::model`]; `libm` makes native and wasm agree to the bit.

use ndarray::{ArrayView1, ArrayView2};

/// Added to the mean square before the root, as in the reference.
pub const RMS_EPSILON: f64 = 1e-5;

/// `rms(x) = sqrt(mean(x²) + ε)` over one row.
pub fn rms(x: &[f64]) -> f64 {
    (x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64 + RMS_EPSILON).sqrt()
}

/// RMSNorm: `x / rms(x) · w`. All of length d_model.
pub fn rms_norm(x: &[f64], weight: ArrayView1<f64>, out: &mut [f64]) {
    let scale = 1.0 / rms(x);
    for ((o, v), w) in out.iter_mut().zip(x).zip(weight) {
        *o = v * scale * w;
    }
}

/// `out = W·x`: W (out × in), x (in), out (out).
pub fn linear(weight: ArrayView2<f64>, x: &[f64], out: &mut [f64]) {
    for (o, row) in out.iter_mut().zip(weight.outer_iter()) {
        *o = row.iter().zip(x).map(|(w, v)| w * v).sum();
    }
}

/// Turns a query by one angle in each pair of dimensions (0,1), (2,3), …; an odd
/// last dimension stays.
pub fn rotate(q: &mut [f64], (sin, cos): (f64, f64)) {
    for pair in q.chunks_exact_mut(2) {
        let (q0, q1) = (pair[0], pair[1]);
        pair[0] = q0 * cos - q1 * sin;
        pair[1] = q0 * sin + q1 * cos;
    }
}

/// Softmax in place; the maximum is taken off first, so that no score overflows.
pub fn softmax(scores: &mut [f64]) {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = libm::exp(*s - max);
        sum += *s;
    }
    for s in scores.iter_mut() {
        *s /= sum;
    }
}

/// GELU in its exact form: `x·Φ(x)`, with Φ by erf.
pub fn gelu(x: f64) -> f64 {
    0.5 * x * (1.0 + libm::erf(x * std::f64::consts::FRAC_1_SQRT_2))
}

/// Index of the largest value; the first one on a tie, as in PyTorch and NumPy.
pub fn argmax(values: &[f64]) -> usize {
    let mut best = 0;
    for (i, v) in values.iter().enumerate() {
        if *v > values[best] {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn argmax_takes_the_first_of_equals() {
        assert_eq!(argmax(&[1.0, 3.0, 3.0, 2.0]), 1);
    }

    #[test]
    fn rotation_leaves_an_odd_last_dimension_alone() {
        let mut q = [1.0, 0.0, 5.0];
        rotate(&mut q, (1.0, 0.0));
        assert_eq!(q, [0.0, 1.0, 5.0]);
    }

    #[test]
    fn softmax_survives_large_scores() {
        let mut s = [1000.0, 1000.0, -1000.0];
        softmax(&mut s);
        assert_eq!(s, [0.5, 0.5, 0.0]);
    }

    #[test]
    fn norm_and_linear_follow_their_formulas() {
        let mut out = [0.0; 2];
        rms_norm(&[3.0, 4.0], array![1.0, 2.0].view(), &mut out);
        let rms = (12.5f64 + 1e-5).sqrt();
        assert!((out[0] - 3.0 / rms).abs() < 1e-15 && (out[1] - 8.0 / rms).abs() < 1e-15);
        linear(array![[1.0, 2.0], [0.0, -1.0]].view(), &[3.0, 4.0], &mut out);
        assert_eq!(out, [11.0, -4.0]);
    }
}
