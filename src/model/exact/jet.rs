//! A number as one stored number varies: where its value lies, its derivative and its second derivative, as intervals.

use super::interval::Interval;
use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

/// What tables are made of: intervals, or [`Jet`]s.
pub trait Real:
    Copy
    + PartialEq
    + From<Interval>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + Sum
{
    /// Whether it is exactly 0, whatever varies.
    fn is_zero(self) -> bool;
    /// Whether it is exactly the same number as another one, whatever varies.
    fn is(self, other: Self) -> bool;
    /// Its square.
    fn square(self) -> Self;
    /// Its root; it is above 0.
    fn sqrt(self) -> Self;
    /// Its quotient by a number above 0.
    fn over(self, by: Self) -> Self;
    /// Its size.
    fn abs(self) -> Self;
    /// Its sine and cosine.
    fn sin_cos(self) -> (Self, Self);

    /// Exactly 0.
    fn zero() -> Self {
        Self::from(Interval::ZERO)
    }

    /// A product with a number that does not vary.
    fn times(self, by: f64) -> Self {
        self * Self::from(Interval::point(by))
    }
}

/// `Σ aᵢ·bᵢ`.
pub fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    a.iter().zip(b).map(|(a, b)| *a * *b).sum()
}

impl Real for Interval {
    fn is_zero(self) -> bool {
        Interval::is_zero(self)
    }

    fn is(self, other: Interval) -> bool {
        self.is_point() && other.is_point() && self.lo == other.lo
    }

    fn square(self) -> Interval {
        Interval::square(self)
    }

    fn sqrt(self) -> Interval {
        Interval::sqrt(self)
    }

    fn over(self, by: Interval) -> Interval {
        Interval::over(self, by)
    }

    fn abs(self) -> Interval {
        Interval::abs(self)
    }

    fn sin_cos(self) -> (Interval, Interval) {
        Interval::sin_cos(self)
    }
}

/// No operation on numbers up to this size, by such as are not below 10⁻³, leaves the range of f64.
const LARGE: f64 = 1e70;

/// A function of one number over a range of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jet {
    /// Its values.
    pub value: Interval,
    /// Its derivatives.
    pub first: Interval,
    /// Its second derivatives.
    pub second: Interval,
}

impl Jet {
    /// The number itself, over `range`.
    pub fn variable(range: Interval) -> Jet {
        Jet { value: range, first: Interval::ONE, second: Interval::ZERO }
    }

    /// The second derivatives of a product.
    pub fn bend(self, other: Jet) -> Interval {
        let (a, b) = (self, other);
        a.second * b.value + (a.first * b.first).times(2.0) + a.value * b.second
    }

    /// The same, where numbers that are too large are any number at all: so nothing in here leaves the range of f64 but to
    /// both infinities.
    fn bounded(self) -> Jet {
        let of = |v: Interval| if v.size() <= LARGE && v.lo <= v.hi { v } else { Interval::ANY };
        Jet { value: of(self.value), first: of(self.first), second: of(self.second) }
    }
}

impl From<Interval> for Jet {
    fn from(value: Interval) -> Jet {
        Jet { value, first: Interval::ZERO, second: Interval::ZERO }
    }
}

impl Add for Jet {
    type Output = Jet;

    fn add(self, other: Jet) -> Jet {
        Jet {
            value: self.value + other.value,
            first: self.first + other.first,
            second: self.second + other.second,
        }
        .bounded()
    }
}

impl Neg for Jet {
    type Output = Jet;

    fn neg(self) -> Jet {
        Jet { value: -self.value, first: -self.first, second: -self.second }
    }
}

impl Sub for Jet {
    type Output = Jet;

    fn sub(self, other: Jet) -> Jet {
        self + -other
    }
}

impl Mul for Jet {
    type Output = Jet;

    fn mul(self, other: Jet) -> Jet {
        let (a, b) = (self, other);
        Jet {
            value: a.value * b.value,
            first: a.first * b.value + a.value * b.first,
            second: a.bend(b),
        }
        .bounded()
    }
}

impl Sum for Jet {
    fn sum<I: Iterator<Item = Jet>>(terms: I) -> Jet {
        terms.fold(Jet::zero(), Add::add)
    }
}

impl Real for Jet {
    fn is_zero(self) -> bool {
        self.value.is_zero() && self.first.is_zero() && self.second.is_zero()
    }

    fn is(self, other: Jet) -> bool {
        let still = |jet: Jet| jet.first.is_zero() && jet.second.is_zero();
        still(self) && still(other) && self.value.is(other.value)
    }

    fn square(self) -> Jet {
        Jet {
            value: self.value.square(),
            first: (self.value * self.first).times(2.0),
            second: (self.first.square() + self.value * self.second).times(2.0),
        }
        .bounded()
    }

    fn sqrt(self) -> Jet {
        // With r² = a: 2r·r' = a' and 2r'² + 2r·r'' = a''.
        let value = self.value.sqrt();
        let twice = value.times(2.0);
        let first = self.first.over(twice);
        let second = (self.second - first.square().times(2.0)).over(twice);
        Jet { value, first, second }.bounded()
    }

    fn over(self, by: Jet) -> Jet {
        // With q·b = a: q'·b + q·b' = a' and q''·b + 2q'·b' + q·b'' = a''.
        let value = self.value.over(by.value);
        let first = (self.first - value * by.first).over(by.value);
        let rest = (first * by.first).times(2.0) + value * by.second;
        Jet { value, first, second: (self.second - rest).over(by.value) }.bounded()
    }

    fn abs(self) -> Jet {
        if self.value.lo >= 0.0 {
            self
        } else if self.value.hi <= 0.0 {
            -self
        } else {
            // There is no derivative at 0.
            Jet { value: self.value.abs(), first: Interval::ANY, second: Interval::ANY }
        }
    }

    fn sin_cos(self) -> (Jet, Jet) {
        let (sin, cos) = self.value.sin_cos();
        let square = self.first.square();
        let of = |value: Interval, slope: Interval| {
            Jet { value, first: slope * self.first, second: slope * self.second - value * square }
                .bounded()
        };
        (of(sin, cos), of(cos, -sin))
    }
}
