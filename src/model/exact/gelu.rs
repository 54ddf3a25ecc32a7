//! GELU over an interval: it falls to one minimum and rises from there.

use super::interval::{Interval, ULPS, greater, lesser};
use crate::layers::gelu;

/// The minimum lies between these: `tests/libm.rs`.
const LOWEST_AT: (f64, f64) = (-0.751_791_524_693_565_5, -0.751_791_524_693_563_5);
/// And is not below this.
const LOWEST: f64 = -0.169_971_208;

/// By how much `gelu(x)` may be off: less than 3·2⁻⁵³ of `x`. 1/√2 and its product with x round, which moves erf by less
/// than 0.79u; `libm` is trusted to be off by [`ULPS`] of at most u each; `1 + erf` and the last product round. Half of
/// the first three and the last come to 2.9u (`tests/libm.rs` measures 1.8u).
fn error(x: f64) -> f64 {
    const SHARE: f64 = (1.9 + 0.5 * ULPS + 0.1) * 0.5 * f64::EPSILON;
    x.abs() * SHARE + f64::MIN_POSITIVE
}

/// Its least and greatest value from `a` to `b`, and by how much either may be off.
#[inline(always)]
pub fn extremes(a: f64, b: f64) -> (f64, f64, f64) {
    let (at_a, at_b) = (gelu(a), gelu(b));
    let low = if a >= LOWEST_AT.1 {
        at_a
    } else if b <= LOWEST_AT.0 {
        at_b
    } else {
        lesser(LOWEST, lesser(at_a, at_b))
    };
    (low, greater(at_a, at_b), greater(error(a), error(b)))
}

/// Its values on an interval.
pub fn enclosed(x: Interval) -> Interval {
    let (low, high, error) = extremes(x.lo, x.hi);
    Interval::around(low, error).hull(Interval::around(high, error))
}
