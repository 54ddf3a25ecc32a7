//! Powers and GELU in f32, four lanes at a time: only +, −, ×, ÷ and bit operations, so that
//! every machine gives the same bits. NaN stays.

use bytemuck::cast;
use model::engine::splat;
use wide::{CmpLt, f32x4, u32x4};

/// Width of an arc's embeddings.
pub(super) const TOK: usize = 2;
/// Rows of the largest token table.
pub(super) const TOKENS: usize = 14;

/// Powers of two below this are 0, or the products that follow would become subnormal.
const LOWEST: f32 = -66.0;

/// `2^y` for y ≤ 0, to 1e-7 of itself and what rounding y costs; 0 below [`LOWEST`].
#[inline(always)]
pub(super) fn exp2(y: f32x4) -> f32x4 {
    /// Adding 1.5·2²³ rounds to a whole number, which stands in the lowest bits; 127 is the
    /// exponent's bias.
    const ROUND: f32 = 12_582_912.0 + 127.0;
    let round = splat(ROUND);
    let biased = y + round;
    let r = y - (biased - round);
    let bits: u32x4 = cast(biased);
    let whole: f32x4 = cast(bits << 23);
    let c = splat;
    // Least relative error over −½…½, given 1 and ln 2.
    let p = c(0.240_222_82) + r * (c(0.055_505_58) + r * (c(0.009_669_692) + r * c(0.001_330_061)));
    let p = c(1.0) + r * (c(std::f32::consts::LN_2) + r * p);
    y.cmp_lt(splat(LOWEST)).blend(f32x4::ZERO, p * whole)
}

/// `x·Φ(x)`, and its slope `Φ(x) + x·φ(x)`.
///
/// `Φ(−z) = exp(−z²/2)·t·p(t)` with `t = 1 / (1 + cz)`, the form of Abramowitz and Stegun
/// 7.1.26, which has the exponential in common with φ. One more term and a fit of our own
/// bring its error from 1e-7, which trained models notice, under the rounding of f32.
#[inline(always)]
pub(super) fn gelu(x: f32x4) -> (f32x4, f32x4) {
    const C: f32 = 0.278;
    /// p by rising powers: the least of the largest `(1 + z)·|error|`.
    const P: [f32; 6] =
        [0.117_192_3, 0.056_360_79, 0.297_423_5, -0.277_877_87, 0.417_038_5, -0.110_137_25];
    /// log₂(e) / 2.
    const HALF_LOG2_E: f32 = 0.721_347_5;
    /// 1 / √(2π).
    const DENSITY: f32 = 0.398_942_3;
    let (c, p) = (splat, |i: usize| splat(P[i]));
    let power = exp2(c(-HALF_LOG2_E) * x * x);
    let t = c(1.0) / (c(1.0) + c(C) * x.abs());
    let sum = p(0) + t * (p(1) + t * (p(2) + t * (p(3) + t * (p(4) + t * p(5)))));
    let tail = t * sum * power;
    let below = x.cmp_lt(f32x4::ZERO).blend(tail, c(1.0) - tail);
    (x * below, below + x * power * c(DENSITY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::layers;

    #[test]
    fn powers_are_right_and_none_is_subnormal() {
        for i in 0..400_000 {
            let y = i as f32 * -1e-3;
            let found = exp2(splat(y)).to_array()[0];
            assert!(found == 0.0 || found > 1e-21, "2^{y} is {found}");
            if y > LOWEST {
                let wanted = libm::exp2(f64::from(y));
                assert!((f64::from(found) - wanted).abs() < 3e-7 * wanted, "2^{y} is {found}");
            } else if y < LOWEST {
                assert_eq!(found, 0.0);
            }
        }
        assert_eq!(exp2(splat(0.0)).to_array()[0], 1.0);
        assert_eq!(exp2(splat(-3e38)).to_array()[0], 0.0);
        assert_eq!(exp2(splat(f32::NEG_INFINITY)).to_array()[0], 0.0);
    }

    #[test]
    fn gelu_and_its_slope_are_right() {
        for i in -120_000..=120_000 {
            let x = i as f32 * 1e-4;
            let (value, slope) = gelu(splat(x));
            let (value, slope) = (value.to_array()[0], slope.to_array()[0]);
            let x = f64::from(x);
            let error = (f64::from(value) - layers::gelu(x)).abs();
            assert!(error < 2e-7 * x.abs().max(1.0), "gelu({x}) is {value}, off by {error:e}");
            let cdf = 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
            let density = libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
            let error = (f64::from(slope) - cdf - x * density).abs();
            assert!(error < 3e-7, "slope at {x} is {slope}, off by {error:e}");
        }
    }

    #[test]
    fn nan_stays() {
        let nan = splat(f32::NAN);
        let (value, slope) = gelu(nan);
        assert!([exp2(nan), value, slope].iter().all(|v| v.to_array()[0].is_nan()));
    }
}
