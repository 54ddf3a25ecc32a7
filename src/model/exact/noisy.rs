//! Numbers as float32 computes them: where the exact ones lie, and how far float32 may be from them.
//!
//! With u = 2⁻²⁴ every operation is off by at most u of its result. A sum of n products, added up in any order and fused or
//! not, is off by at most `n·u/(1 − n·u)` times the sum of their sizes (Higham, *Accuracy and Stability of Numerical
//! Algorithms*, 3.1). `sin`, `cos`, `exp`, `erf` and roots are trusted to [`ULPS`] units in the last place, of which the
//! mathematical libraries that PyTorch uses promise one. Bounds are computed in f64, whose own roundings [`SLACK`] covers
//! many times over.

use super::interval::{Interval, down, up};

/// Unit roundoff of float32.
pub const U: f64 = 1.0 / (1u64 << 24) as f64;

/// By how many units in the last place, each at most 2u of the result, a function of float32 may be off.
pub const ULPS: f64 = 2.0;

/// Every bound is made this much larger: some hundred operations of f64 lose 10⁻¹³ of it at most.
const SLACK: f64 = 1.0 + 1e-10;

/// Numbers below this are rounded to a multiple of 2⁻¹⁴⁹: covers what underflows.
const TINY: f64 = 1e-37;

/// `n·u/(1 − n·u)`.
pub fn gamma(n: usize) -> f64 {
    let nu = n as f64 * U;
    nu / (1.0 - nu)
}

/// A number, and how far float32 may be from it.
#[derive(Clone, Copy, Debug)]
pub struct Noisy {
    /// Where it lies in exact arithmetic.
    pub exact: Interval,
    /// No result of float32 is further away.
    pub off: f64,
}

impl Noisy {
    /// A number that float32 has as it is.
    pub fn stored(value: f64) -> Noisy {
        Noisy { exact: Interval::point(value), off: 0.0 }
    }

    /// One that is off so far.
    pub fn new(exact: Interval, off: f64) -> Noisy {
        let off = off * SLACK + TINY;
        // Where float32 may leave its range, or a bound is none (NaN), it may be anything. A common factor is allowed for.
        let inside = exact.size() + off < f64::from(f32::MAX) / 2.0;
        Noisy { exact, off: if inside { off } else { f64::INFINITY } }
    }

    /// Whatever float32 has of it, taken as given.
    pub fn given(self) -> Noisy {
        let Interval { lo, hi } = self.exact;
        let off = self.off * SLACK;
        Noisy::new(Interval { lo: down(lo - off), hi: up(hi + off) }, 0.0)
    }

    /// The same with a factor that is off by `share` of itself at most.
    pub fn off_by(self, share: f64) -> Noisy {
        Noisy::new(self.exact, self.off * (1.0 + share) + share * self.exact.size())
    }

    /// The largest that float32 may have.
    pub fn size(self) -> f64 {
        (self.exact.size() + self.off) * SLACK
    }

    /// A product.
    pub fn times(self, by: Noisy) -> Noisy {
        let size = self.size() * by.size();
        let passed = self.exact.size() * by.off + by.size() * self.off;
        Noisy::new(self.exact * by.exact, passed + U * size)
    }

    /// A sum.
    pub fn plus(self, other: Noisy) -> Noisy {
        let rounding = U * (self.size() + other.size());
        Noisy::new(self.exact + other.exact, self.off + other.off + rounding)
    }

    /// `1 / √x` of a number that is at least `least`.
    pub fn inverse_root(self, least: f64) -> Noisy {
        let exact =
            Interval::ONE.over(Interval { lo: self.exact.lo.max(least), ..self.exact }.sqrt());
        let below = (self.exact.lo.max(least) - self.off).max(0.0);
        // A root, a quotient, and the slope of 1/√x where it is steepest.
        let passed = 0.5 * self.off / (below * below.sqrt());
        Noisy::new(exact, passed + (2.0 * ULPS + 2.0) * 2.0 * U / below.sqrt())
    }

    /// GELU, whose slope is below 1.13. `1 + erf` may cancel: it is off by a few u, not of its size.
    pub fn gelu(self) -> Noisy {
        let exact = super::gelu::enclosed(self.exact);
        Noisy::new(exact, 1.13 * self.off + (2.0 * ULPS + 6.0) * U * self.size())
    }
}

/// `Σ aᵢ·bᵢ + c`, in any order.
pub fn dot(a: &[Noisy], b: &[Noisy], c: Noisy) -> Noisy {
    let (mut exact, mut off, mut size) = (c.exact, c.off, c.size());
    for (a, b) in a.iter().zip(b) {
        exact = exact + a.exact * b.exact;
        off += a.exact.size() * b.off + b.size() * a.off;
        size += a.size() * b.size();
    }
    // Its partial sums are no larger than this.
    let size = if size < f64::from(f32::MAX) / 2.0 { size } else { f64::INFINITY };
    Noisy::new(exact, off + gamma(a.len().min(b.len()) + 2) * size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of which nothing is known.
    fn is_lost(noisy: Noisy) -> bool {
        noisy.off == f64::INFINITY
    }

    #[test]
    fn what_is_no_number_is_no_bound() {
        let one = Noisy::stored(1.0);
        for v in [f64::NAN, f64::INFINITY, 1e39] {
            let lost = Noisy::new(Interval::point(v), 0.0);
            assert!(is_lost(lost) && is_lost(Noisy::new(Interval::ONE, v)), "{v}");
            assert!(is_lost(lost.times(one)) && is_lost(lost.plus(one)), "{v}");
            assert!(
                is_lost(dot(&[lost], &[one], one)) && is_lost(dot(&[one], &[one], lost)),
                "{v}"
            );
        }
        // 0 times what may be anything.
        let lost = Noisy::new(Interval::ZERO, f64::NAN);
        assert!(is_lost(lost.times(Noisy::stored(0.0))) && is_lost(lost.gelu()));
    }

    /// Each is far inside of float32, their product and its partial sums are not.
    #[test]
    fn what_overflows_is_lost() {
        let (large, minus) = (Noisy::stored(1e20), Noisy::stored(-1e20));
        assert!(is_lost(large.times(large)));
        assert!(is_lost(dot(&[large, large], &[large, minus], Noisy::stored(0.0))));
    }
}
