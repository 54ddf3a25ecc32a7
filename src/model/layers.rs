//! The layers, one plain function each, and beside each its backward. Rows are slices;
//! matrices are row-major `Array2`s. The maths is that of [the crate](crate); `libm` makes
//! native and wasm agree to the bit.
//!
//! A backward takes `d_out`, the loss's derivatives with respect to what the forward
//! returned, and **adds** to `d_x`, `d_weight`, …: the same shapes as `x`, `weight`, ….

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

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

/// Backward of [`rms_norm`]. With `s = 1 / rms(x)` and n the length of x,
/// `d_x = s·w·d_out − x·s³/n · Σ(d_out·w·x)` and `d_w = d_out·x·s`.
pub fn rms_norm_backward(
    x: &[f64],
    weight: ArrayView1<f64>,
    d_out: &[f64],
    d_x: &mut [f64],
    d_weight: ArrayViewMut1<f64>,
) {
    let scale = 1.0 / rms(x);
    let mut along = 0.0;
    for (((d, v), w), d_w) in d_out.iter().zip(x).zip(weight).zip(d_weight) {
        along += d * w * v;
        *d_w += d * v * scale;
    }
    let shrink = along * scale * scale * scale / x.len() as f64;
    for (((d_x, v), d), w) in d_x.iter_mut().zip(x).zip(d_out).zip(weight) {
        *d_x += scale * w * d - v * shrink;
    }
}

/// `out = W·x`: W (out × in), x (in), out (out).
pub fn linear(weight: ArrayView2<f64>, x: &[f64], out: &mut [f64]) {
    for (o, row) in out.iter_mut().zip(weight.outer_iter()) {
        *o = row.iter().zip(x).map(|(w, v)| w * v).sum();
    }
}

/// `A·B`, row by row. ndarray's own is made for large matrices, and 3 KB of the page.
pub fn product(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    let mut product = Array2::zeros((a.nrows(), b.ncols()));
    for (row, mut out) in a.outer_iter().zip(product.outer_iter_mut()) {
        for (v, row) in row.iter().zip(b.outer_iter()) {
            out.iter_mut().zip(row).for_each(|(o, w)| *o += v * w);
        }
    }
    product
}

/// Backward of [`linear`]: `d_x = Wᵀ·d_out`, `d_W = d_out·xᵀ`.
pub fn linear_backward(
    weight: ArrayView2<f64>,
    x: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    mut d_weight: ArrayViewMut2<f64>,
) {
    for ((d, row), d_row) in d_out.iter().zip(weight.outer_iter()).zip(d_weight.outer_iter_mut()) {
        for (((d_x, v), w), d_w) in d_x.iter_mut().zip(x).zip(row).zip(d_row) {
            *d_x += w * d;
            *d_w += d * v;
        }
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

/// Backward of [`rotate`]: `q` is the query before it was turned. Returns the
/// derivatives with respect to sine and cosine.
pub fn rotate_backward(
    q: &[f64],
    (sin, cos): (f64, f64),
    d_out: &[f64],
    d_q: &mut [f64],
) -> (f64, f64) {
    let (mut d_sin, mut d_cos) = (0.0, 0.0);
    let pairs = q.chunks_exact(2).zip(d_out.chunks_exact(2)).zip(d_q.chunks_exact_mut(2));
    for ((q, d), d_q) in pairs {
        d_q[0] += d[0] * cos + d[1] * sin;
        d_q[1] += d[1] * cos - d[0] * sin;
        d_cos += d[0] * q[0] + d[1] * q[1];
        d_sin += d[1] * q[0] - d[0] * q[1];
    }
    if let (1, Some(d), Some(d_q)) = (q.len() % 2, d_out.last(), d_q.last_mut()) {
        *d_q += d;
    }
    (d_sin, d_cos)
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

/// MicroAdder's softmax1 in place: `e / (1 + Σ e)`, `e = exp(score − largest)`. It is the softmax over one place more, which
/// scores as the largest does and has nothing to be read; so the 1 that is added does not depend on how large scores are.
pub fn softmax1(scores: &mut [f64]) {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 1.0;
    for s in scores.iter_mut() {
        *s = libm::exp(*s - max);
        sum += *s;
    }
    for s in scores.iter_mut() {
        *s /= sum;
    }
}

/// The softmax of an architecture.
pub fn softmax_of(softmax1_is_used: bool, scores: &mut [f64]) {
    if softmax1_is_used { softmax1(scores) } else { softmax(scores) }
}

/// Backward of [`softmax1`], as [`softmax_backward`]: the place more passes what it gets to the largest score, the first of
/// them, as PyTorch's `max` does.
pub fn softmax1_backward(p: &[f64], d: &mut [f64]) {
    let mean: f64 = p.iter().zip(d.iter()).map(|(p, d)| p * d).sum();
    softmax_backward(p, d);
    let largest = argmax(p);
    if let (Some(d), Some(p)) = (d.get_mut(largest), p.get(largest)) {
        *d -= p * mean;
    }
}

/// Backward of [`softmax`]: `d_s = p·(d_p − Σ p·d_p)`. `p` are the weights that the
/// forward returned; `d` holds their derivatives and then the scores', in place.
pub fn softmax_backward(p: &[f64], d: &mut [f64]) {
    let mean: f64 = p.iter().zip(d.iter()).map(|(p, d)| p * d).sum();
    for (d, p) in d.iter_mut().zip(p) {
        *d = p * (*d - mean);
    }
}

/// Cross-entropy of one row in nats, `−ln softmax(logits)[target]`. `logits` holds the
/// logits and then, in place, the derivatives with respect to them: `softmax − one-hot`.
pub fn cross_entropy(logits: &mut [f64], target: usize) -> f64 {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let wanted = logits.get(target).copied().unwrap_or(f64::NAN);
    let mut sum = 0.0;
    for l in logits.iter_mut() {
        *l = libm::exp(*l - max);
        sum += *l;
    }
    for l in logits.iter_mut() {
        *l /= sum;
    }
    if let Some(l) = logits.get_mut(target) {
        *l -= 1.0;
    }
    libm::log(sum) + max - wanted
}

/// GELU in its exact form: `x·Φ(x)`, with Φ by erf.
pub fn gelu(x: f64) -> f64 {
    0.5 * x * (1.0 + libm::erf(x * FRAC_1_SQRT_2))
}

/// Derivative of [`gelu`]: `Φ(x) + x·φ(x)`, with φ the density `exp(−x²/2) / sqrt(2π)`.
pub fn gelu_backward(x: f64) -> f64 {
    let phi = libm::exp(-0.5 * x * x) * FRAC_1_SQRT_2 * 0.5 * FRAC_2_SQRT_PI;
    0.5 * (1.0 + libm::erf(x * FRAC_1_SQRT_2)) + x * phi
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
    fn softmax1_leaves_a_part_and_passes_derivatives_back() {
        let scores = [0.3, 1.1, -0.4];
        let of = |scores: [f64; 3]| {
            let mut p = scores;
            softmax1(&mut p);
            p
        };
        let p = of(scores);
        let e = scores.map(|s| libm::exp(s - 1.1));
        let sum = 1.0 + e.iter().sum::<f64>();
        assert!(p.iter().zip(e).all(|(p, e)| (p - e / sum).abs() < 1e-15));
        let read = [0.7, -1.3, 2.0];
        let mut d = read;
        softmax1_backward(&p, &mut d);
        for i in 0..3 {
            let at = |step: f64| {
                let mut moved = scores;
                moved[i] += step;
                of(moved).iter().zip(read).map(|(p, v)| p * v).sum::<f64>()
            };
            assert!((d[i] - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-9, "{i}");
        }
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
