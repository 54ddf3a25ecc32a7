//! How short all numbers of a model can be.

use super::Goal;
use super::report::{Decimals, Rounded, Rounding};
use crate::Model;
use crate::exact::{Exact, Verdict};
use task::addition::DIGITS;

/// An `f32` has no more digits than this.
const MOST_DIGITS: usize = 9;

/// `value` rounded; halves go away from 0.
pub fn rounded(value: f32, rounding: Rounding, digits: usize) -> f32 {
    let value = f64::from(value);
    let after_point = match rounding {
        Rounding::Decimals => digits as i32,
        Rounding::Significant => digits as i32 - 1 - exponent(value),
    };
    // A quotient or a product of whole numbers is as near to the decimal as f64 gets.
    let scale = power_of_ten(after_point.unsigned_abs());
    let short = if after_point >= 0 {
        (value * scale).round() / scale
    } else {
        (value / scale).round() * scale
    };
    if short.is_finite() { short as f32 } else { value as f32 }
}

fn power_of_ten(exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// Of the first digit that is not 0.
fn exponent(value: f64) -> i32 {
    let size = value.abs();
    if size == 0.0 { 0 } else { libm::floor(libm::log10(size)) as i32 }
}

/// The shortest roundings that keep the verdict, in the making.
pub struct Shortening {
    model: Model,
    goal: Goal,
    next: Option<(Rounding, usize)>,
    found: Decimals,
}

impl Shortening {
    /// Of all learned numbers of a model. Where it is not right on all additions, no more than `part` of its right answers are
    /// to be lost.
    pub fn new(model: &Model, part: f64) -> Shortening {
        let goal = Goal::of(model, part);
        Shortening {
            model: model.clone(),
            next: Some((Rounding::Decimals, 0)),
            found: Decimals { kept: goal.kept, decimals: None, significant: None, tried: vec![] },
            goal,
        }
    }

    /// Tries the next rounding. Gives whether there is nothing left to do.
    pub fn step(&mut self) -> bool {
        let Some((rounding, digits)) = self.next else { return true };
        let mut model = self.model.clone();
        model.change(|params| {
            params.learned_mut().for_each(|value| *value = rounded(*value, rounding, digits));
        });
        let count = Exact::decided(&model, self.goal.looks).count(DIGITS);
        let kept = self.goal.verdict(count) == Verdict::Right;
        self.found.tried.push(Rounded {
            rounding,
            digits,
            right_at_least: count.at_least.to_string(),
            right_at_most: count.at_most.to_string(),
            kept,
        });
        if kept {
            match rounding {
                Rounding::Decimals => self.found.decimals = Some(digits),
                Rounding::Significant => self.found.significant = Some(digits),
            }
        }
        self.next = match rounding {
            _ if !kept && digits < MOST_DIGITS => Some((rounding, digits + 1)),
            Rounding::Decimals => Some((Rounding::Significant, 1)),
            Rounding::Significant => None,
        };
        self.next.is_none()
    }

    /// Roughly how much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        match self.next {
            Some((Rounding::Decimals, digits)) => 0.5 * digits as f64 / (MOST_DIGITS + 1) as f64,
            Some((_, digits)) => 0.5 + 0.5 * (digits - 1) as f64 / MOST_DIGITS as f64,
            None => 1.0,
        }
    }

    /// What is known so far.
    pub fn decimals(&self) -> &Decimals {
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_people_round_them() {
        for (value, rounding, digits, short) in [
            (1.2345, Rounding::Decimals, 2, 1.23),
            (-0.006, Rounding::Decimals, 2, -0.01),
            (104.276, Rounding::Decimals, 0, 104.0),
            (104.276, Rounding::Significant, 2, 100.0),
            (104.276, Rounding::Significant, 4, 104.3),
            (0.0012345, Rounding::Significant, 3, 0.00123),
            (9.96, Rounding::Significant, 2, 10.0),
            (0.0, Rounding::Significant, 3, 0.0),
        ] {
            assert_eq!(rounded(value, rounding, digits), short, "{value} {rounding:?} {digits}");
        }
    }
}
