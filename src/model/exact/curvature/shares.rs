//! How much of attention each class of tokens gets, whatever digits they are.

use super::super::enclosed::{CLASSES, PLUS_CLASS};
use super::super::interval::Interval;
use super::super::jet::{Jet, Real};
use super::super::projections::tokens_of;
use super::super::sums::Shown;
use numbers::listed::Listed;
use task::addition::DIGITS;

/// In place of a class: what softmax1 looks at besides the tokens, where there is nothing to be read.
pub(super) const NOTHING: usize = CLASSES;

/// The scores of one head in one answer row after one digit.
pub(super) struct Scores {
    /// By class and digit.
    pub(super) of: [[Jet; DIGITS]; CLASSES],
    /// The largest that is seen, which softmax1 counts once more.
    pub(super) once_more: Option<Jet>,
}

impl Scores {
    /// Of a token of a class, or of [`NOTHING`].
    pub(super) fn at(&self, class: usize, d: usize) -> Jet {
        match class {
            NOTHING => self.once_more.unwrap_or(Jet::zero()),
            _ => self.of[class][d],
        }
    }

    /// All classes that there are.
    fn classes(&self) -> std::ops::Range<usize> {
        0..CLASSES + usize::from(self.once_more.is_some())
    }
}

/// The largest score that an addition's row sees, whichever addition it is. Where another score becomes the largest it has a
/// corner, so it is known only where one is the largest throughout, or none that can be it varies.
///
/// Of each class one digit at least is seen, so the largest is no less than the greatest of classes' least scores.
pub(super) fn largest(of: &[[Jet; DIGITS]; CLASSES], fixed: bool) -> Option<Jet> {
    let differ = |class: usize| if fixed { 1 } else { tokens_of(class) };
    let of_class = |class: usize| of[class].iter().take(differ(class));
    let least = |class: usize| of_class(class).fold(f64::INFINITY, |lo, jet| lo.min(jet.value.lo));
    let lo = (0..CLASSES).map(least).fold(f64::NEG_INFINITY, f64::max);
    let all: Vec<&Jet> = (0..CLASSES).flat_map(of_class).listed();
    if !all.iter().all(|jet| jet.value.is_sane()) {
        return None;
    }
    let can: Vec<&Jet> = all.into_iter().filter(|jet| jet.value.hi >= lo).listed();
    match can[..] {
        [one] => Some(*one),
        _ if can.iter().all(|jet| jet.first.is_zero() && jet.second.is_zero()) => {
            let hi = can.iter().fold(lo, |hi, jet| hi.max(jet.value.hi));
            Some(Jet::from(Interval { lo, hi }))
        }
        _ => None,
    }
}

/// How much of attention the tokens of a class get, whatever digits they are.
pub(super) struct Shares {
    /// By class, all tokens of it together.
    of: Vec<Interval>,
    /// The class that gets most.
    most: usize,
}

/// What a class has at most and at least, whatever digit is looked at.
fn over_digits(class: usize, of: impl Fn(usize) -> Interval) -> Interval {
    let tokens = if class == NOTHING { 1 } else { tokens_of(class) };
    (0..tokens).map(of).reduce(Interval::hull).unwrap_or(Interval::ZERO)
}

impl Shares {
    pub(super) fn new(scores: &Scores, row: usize) -> Shares {
        let weight = |class: usize| {
            let times = if class == NOTHING { 1.0 } else { Shown::ALL.looked_at(class, row) };
            over_digits(class, |d| scores.at(class, d).value.exp()).times(times)
        };
        let weights: Vec<Interval> = scores.classes().map(weight).listed();
        let share = |class: usize| {
            let own = weights[class];
            let others: Interval =
                scores.classes().filter(|c| *c != class).map(|c| weights[c]).sum();
            let lo = Interval::point(own.lo)
                .over(Interval::point(own.lo) + Interval::point(others.hi))
                .lo;
            let hi = Interval::point(own.hi)
                .over(Interval::point(own.hi) + Interval::point(others.lo))
                .hi;
            Interval { lo: lo.max(0.0), hi: if hi < 1.0 { hi } else { 1.0 } }
        };
        let of: Vec<Interval> = scores.classes().map(share).listed();
        let most = (0..of.len()).max_by(|a, b| of[*a].hi.total_cmp(&of[*b].hi));
        Shares { of, most: most.unwrap_or(PLUS_CLASS) }
    }

    /// The mean of `term(class, digit)`, which is that of the class that gets most, and of the others' differences from it.
    pub(super) fn mean(&self, term: impl Fn(usize, usize) -> Interval) -> Interval {
        let class = |class: usize| over_digits(class, |d| term(class, d));
        let classes: Vec<Interval> = (0..self.of.len()).map(class).listed();
        let most = classes[self.most];
        let others = (0..classes.len()).filter(|class| *class != self.most);
        let apart = others.map(|class| self.of[class] * (classes[class] - most));
        most + apart.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jet(lo: f64, hi: f64, first: f64) -> Jet {
        let first = Interval::point(first);
        Jet { value: Interval { lo, hi }, first, second: Interval::ZERO }
    }

    /// The largest where all classes but these have one score below them.
    fn found(fixed: bool, others: &[(usize, usize, Jet)]) -> Option<(f64, f64, f64)> {
        let mut of = [[jet(-9.0, -9.0, 3.0); DIGITS]; CLASSES];
        for (class, d, jet) in others {
            of[*class][*d] = *jet;
        }
        let Jet { value, first, .. } = largest(&of, fixed)?;
        Some((value.lo, value.hi, first.middle()))
    }

    #[test]
    fn the_largest_score_is_known_where_it_has_no_corner() {
        let plus = (PLUS_CLASS, 0, jet(1.0, 2.0, 5.0));
        assert_eq!(found(false, &[plus]), Some((1.0, 2.0, 5.0)), "one alone");
        let below = (4, 7, jet(0.0, 0.9, 5.0));
        assert_eq!(found(false, &[plus, below]), Some((1.0, 2.0, 5.0)), "one is never the largest");
        let digit = (4, 7, jet(1.5, 1.6, 0.0));
        assert_eq!(
            found(false, &[plus, digit]),
            None,
            "one of two varies, and not all see the other"
        );
        let still = (PLUS_CLASS, 0, jet(1.0, 2.0, 0.0));
        assert_eq!(found(false, &[still, digit]), Some((1.0, 2.0, 0.0)), "none of two varies");
        let lost = (PLUS_CLASS, 0, jet(f64::NAN, f64::NAN, 0.0));
        assert_eq!(found(false, &[lost]), None, "no number");
    }

    /// All digits of a class have its one score.
    #[test]
    fn where_attention_is_fixed_a_class_counts_once() {
        let class: Vec<_> = (0..DIGITS).map(|d| (4, d, jet(1.0, 2.0, 5.0))).collect();
        assert_eq!(found(true, &class), Some((1.0, 2.0, 5.0)));
        assert_eq!(found(false, &class), None);
    }
}
