//! GELU in f32, four lanes at a time.

use super::block::splat;
use wide::f32x4;

/// Largest absolute error of [`gelu`] beyond a few roundings of its argument: 3e-7 from the
/// formula, the rest from f32. A test holds it against `libm`.
pub(super) const GELU_ERROR: f64 = 1e-6;

/// `x·Φ(x)` by `erfc(z) ≈ 1 / (1 + a₁z + … + a₆z⁶)¹⁶` (Abramowitz and Stegun 7.1.28) with
/// `z = |x|/√2`: one division and no exponential.
#[inline(always)]
pub(super) fn gelu(x: f32x4) -> f32x4 {
    const A: [f32; 7] = [
        1.0,
        0.070_523_08,
        0.042_282_01,
        0.009_270_527,
        0.000_152_014_3,
        0.000_276_567_2,
        0.000_043_063_8,
    ];
    /// erfc is under 1e-44 here; further out the power would overflow and the quotient
    /// become subnormal, which is slow.
    const FAR: f32 = 10.0;
    let a = |i: usize| splat(A[i]);
    let size = x.abs();
    let z = splat(FAR).fast_min(size * splat(std::f32::consts::FRAC_1_SQRT_2));
    let t = a(0) + z * (a(1) + z * (a(2) + z * (a(3) + z * (a(4) + z * (a(5) + z * a(6))))));
    let t2 = t * t;
    let t4 = t2 * t2;
    let t8 = t4 * t4;
    f32x4::ZERO.fast_max(x) - splat(0.5) * size / (t8 * t8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers;

    fn gelu(x: f32) -> f32 {
        super::gelu(splat(x)).to_array()[0]
    }

    #[test]
    fn the_stated_error_holds_everywhere() {
        let near = (-120_000..=120_000).map(|i| i as f32 * 1e-4);
        let far = (-300..=300).map(|i| 1.3f32.powi(i / 2) * if i % 2 == 0 { 1.0 } else { -1.0 });
        for x in near.chain(far) {
            let error = (f64::from(gelu(x)) - layers::gelu(f64::from(x))).abs();
            let allowed = GELU_ERROR + 1e-6 * f64::from(x.abs());
            assert!(error < GELU_ERROR || (x.abs() > 12.0 && error < allowed), "{x}: {error:e}");
        }
    }

    #[test]
    fn no_result_is_subnormal_and_nan_stays() {
        for i in 0..40_000 {
            let y = gelu(i as f32 * -1e-3);
            assert!(y == 0.0 || y.is_normal(), "{y:e}");
        }
        assert!(gelu(f32::NAN).is_nan());
    }
}
