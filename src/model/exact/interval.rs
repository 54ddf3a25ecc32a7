//! Intervals of f64, rounded outwards.
//!
//! Every operation gives an interval that holds every result of members of its operands. A result of `+ − · / √` that was
//! rounded to nearest is off by at most half a unit in the last place, and [`down`] and [`up`] go at least a whole one
//! further. Of `libm`, [`ULPS`] are trusted: `tests/libm.rs` checks that against arithmetic of 100 digits.
//!
//! An operand that is exactly 0 leaves sums alone and makes products exactly 0, so that ties are seen as such. Whatever
//! leaves the range of f64 becomes infinite or NaN, and [`Interval::is_sane`] is false.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

/// By how many units in the last place `sin`, `cos`, `exp` and `erf` of `libm` may be off.
pub const ULPS: f64 = 2.0;

/// `exp` of larger numbers, up or down, is not relied on.
const EXP_TESTED: f64 = 700.0;

/// `sin` and `cos` of larger angles are not relied on.
const ANGLE_TESTED: f64 = 1e6;

/// Larger numbers than this are not computed with: squares and products of three of them stay in range.
pub const HUGE: f64 = 1e60;

/// The smallest number above 0.
const TINY: f64 = f64::from_bits(1);

/// A number below all that round to `r`, and not above [`f64::next_down`].
#[inline(always)]
pub fn down(r: f64) -> f64 {
    r - (r.abs() * f64::EPSILON + TINY)
}

/// A number above all that round to `r`.
#[inline(always)]
pub fn up(r: f64) -> f64 {
    r + (r.abs() * f64::EPSILON + TINY)
}

/// The lesser of two numbers that are no NaN. In WebAssembly `f64::min`, which passes NaN by, is a call.
#[inline(always)]
pub fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greater of two numbers that are no NaN.
#[inline(always)]
pub fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// All numbers from `lo` to `hi`, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The least.
    pub lo: f64,
    /// The greatest.
    pub hi: f64,
}

impl Interval {
    /// Exactly 0.
    pub const ZERO: Interval = Interval { lo: 0.0, hi: 0.0 };
    /// Any number at all.
    pub const ANY: Interval = Interval { lo: f64::NEG_INFINITY, hi: f64::INFINITY };
    /// Exactly 1.
    pub const ONE: Interval = Interval { lo: 1.0, hi: 1.0 };

    /// All numbers between two, whichever is greater.
    pub fn between(a: f64, b: f64) -> Interval {
        if a <= b { Interval { lo: a, hi: b } } else { Interval { lo: b, hi: a } }
    }

    /// One number.
    pub fn point(v: f64) -> Interval {
        Interval { lo: v, hi: v }
    }

    /// Numbers that are off from `v` by `error` at most.
    pub fn around(v: f64, error: f64) -> Interval {
        Interval { lo: down(v - error), hi: up(v + error) }
    }

    /// Whether it is exactly 0.
    #[inline(always)]
    pub fn is_zero(self) -> bool {
        self.lo == 0.0 && self.hi == 0.0
    }

    /// Whether it is one number.
    #[inline(always)]
    pub fn is_point(self) -> bool {
        self.lo == self.hi
    }

    /// Whether both ends are numbers that can be computed with.
    pub fn is_sane(self) -> bool {
        self.lo <= self.hi && self.lo >= -HUGE && self.hi <= HUGE
    }

    /// A number in its middle.
    #[inline(always)]
    pub fn middle(self) -> f64 {
        0.5 * self.lo + 0.5 * self.hi
    }

    /// No member is further than this from [`Interval::middle`].
    #[inline(always)]
    pub fn radius(self) -> f64 {
        let middle = self.middle();
        up(greater(self.hi - middle, middle - self.lo))
    }

    /// The largest size of a member.
    #[inline(always)]
    pub fn size(self) -> f64 {
        greater(self.lo.abs(), self.hi.abs())
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Interval) -> Interval {
        Interval { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// What both hold. They are known to hold the same number.
    pub fn meet(self, other: Interval) -> Interval {
        Interval { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) }
    }

    /// The sizes of its members.
    pub fn abs(self) -> Interval {
        let between = Interval::between(self.lo.abs(), self.hi.abs());
        if self.lo < 0.0 && self.hi > 0.0 { Interval { lo: 0.0, ..between } } else { between }
    }

    /// The squares of its members.
    pub fn square(self) -> Interval {
        if self.is_zero() {
            return self;
        }
        let (a, b) = (self.lo * self.lo, self.hi * self.hi);
        let least = if self.lo <= 0.0 && self.hi >= 0.0 { 0.0 } else { down(a.min(b)).max(0.0) };
        Interval { lo: least, hi: up(a.max(b)) }
    }

    /// The roots of members that are not negative.
    pub fn sqrt(self) -> Interval {
        let lo = down(self.lo.max(0.0).sqrt()).max(0.0);
        Interval { lo, hi: up(self.hi.sqrt()) }
    }

    /// Quotients by members that are above 0; any number where that is not certain.
    pub fn over(self, by: Interval) -> Interval {
        if by.lo.partial_cmp(&0.0) != Some(Ordering::Greater) {
            return Interval::ANY;
        }
        if self.is_zero() {
            return self;
        }
        let lo = if self.lo >= 0.0 { self.lo / by.hi } else { self.lo / by.lo };
        let hi = if self.hi >= 0.0 { self.hi / by.lo } else { self.hi / by.hi };
        Interval { lo: down(lo), hi: up(hi) }
    }

    /// Products with a number.
    pub fn times(self, by: f64) -> Interval {
        self * Interval::point(by)
    }

    /// The values of `e^x`.
    pub fn exp(self) -> Interval {
        let lo = if self.lo >= -EXP_TESTED { ulps_down(libm::exp(self.lo)) } else { 0.0 };
        let hi = if self.hi <= EXP_TESTED {
            ulps_up(libm::exp(self.hi.max(-EXP_TESTED)))
        } else {
            f64::INFINITY
        };
        Interval { lo, hi }
    }

    /// Sines and cosines of members of a narrow interval: no further from those of the middle than the radius.
    pub fn sin_cos(self) -> (Interval, Interval) {
        let tested = self.lo >= -ANGLE_TESTED && self.hi <= ANGLE_TESTED;
        if !tested {
            let any = Interval { lo: -1.0, hi: 1.0 };
            return (any, any);
        }
        let (middle, radius) = (self.middle(), self.radius());
        let around = |v: f64| {
            // A unit in the last place of a number up to 1 is at most EPSILON/2; twice that.
            let error = up(radius + ULPS * f64::EPSILON);
            Interval::around(v, error).meet(Interval { lo: -1.0, hi: 1.0 })
        };
        (around(libm::sin(middle)), around(libm::cos(middle)))
    }
}

/// Below the true value of what `libm` gave as `r`.
#[inline(always)]
pub fn ulps_down(r: f64) -> f64 {
    r - (r.abs() * ((ULPS + 1.0) * f64::EPSILON) + 4.0 * TINY)
}

/// Above it.
#[inline(always)]
pub fn ulps_up(r: f64) -> f64 {
    r + (r.abs() * ((ULPS + 1.0) * f64::EPSILON) + 4.0 * TINY)
}

impl Add for Interval {
    type Output = Interval;

    #[inline(never)]
    fn add(self, other: Interval) -> Interval {
        if self.is_zero() {
            return other;
        }
        if other.is_zero() {
            return self;
        }
        Interval { lo: down(self.lo + other.lo), hi: up(self.hi + other.hi) }
    }
}

impl Neg for Interval {
    type Output = Interval;

    #[inline(always)]
    fn neg(self) -> Interval {
        Interval { lo: -self.hi, hi: -self.lo }
    }
}

impl Sub for Interval {
    type Output = Interval;

    #[inline(always)]
    fn sub(self, other: Interval) -> Interval {
        self + -other
    }
}

impl Mul for Interval {
    type Output = Interval;

    #[inline(never)]
    fn mul(self, other: Interval) -> Interval {
        if self.is_zero() || other.is_zero() {
            return Interval::ZERO;
        }
        let (a, b) = (self.lo * other.lo, self.lo * other.hi);
        let (c, d) = (self.hi * other.lo, self.hi * other.hi);
        if (a + b + c + d).is_nan() {
            // Something left the range of f64.
            return Interval::ANY;
        }
        let lo = lesser(lesser(a, b), lesser(c, d));
        let hi = greater(greater(a, b), greater(c, d));
        Interval { lo: down(lo), hi: up(hi) }
    }
}

impl std::iter::Sum for Interval {
    fn sum<I: Iterator<Item = Interval>>(terms: I) -> Interval {
        terms.fold(Interval::ZERO, Add::add)
    }
}
