//! Two models' diagrams as one: additions for which something holds of both (the product of their automata).

use super::super::counting::Counting;
use super::super::diagram::{Diagrams, Term, Within};
use super::super::report::additions;
use super::super::row::Row;
use super::report::{Between, FourCounts, Who};
use numbers::listed::Listed;
use std::mem;

/// What is known of the rows of both, in diagrams that they share.
pub struct Joint {
    pub diagrams: Diagrams,
    pub a: Counting,
    pub b: Counting,
}

/// Sets of additions of one model.
struct Sets {
    right: Vec<Term>,
    perhaps: Vec<Term>,
    /// The two are the same.
    is_decided: bool,
    /// No addition is in two of `perhaps`.
    is_apart: bool,
}

impl Sets {
    fn new(counting: &Counting, within: &Within) -> Sets {
        let (right, perhaps) = (counting.right_terms(within), counting.perhaps_terms(within));
        let is_decided = counting.is_decided();
        let is_apart = is_decided || perhaps.len() == 1;
        Sets { right, perhaps, is_decided, is_apart }
    }
}

/// Additions of both terms.
fn both(a: &Term, b: &Term) -> Term {
    let roots = a.roots.iter().chain(&b.roots).copied().listed();
    Term { roots, within: a.within.clone().and(&b.within), open: a.open || b.open }
}

/// Additions that are of some term of each list.
pub fn meeting(a: &[Term], b: &[Term]) -> Vec<Term> {
    a.iter().flat_map(|a| b.iter().map(move |b| both(a, b))).listed()
}

impl Joint {
    /// By diagrams of no more than `nodes` for both.
    pub fn new(a: &[Row], b: &[Row], nodes: usize) -> Joint {
        let mut a = Counting::with_wrong(a, nodes);
        let diagrams = mem::replace(&mut a.diagrams, Diagrams::new(0));
        let mut b = Counting::with_wrong_among(diagrams, b);
        let diagrams = mem::replace(&mut b.diagrams, Diagrams::new(0));
        Joint { diagrams, a, b }
    }

    /// How many additions are in some term. Of terms that may share some, so that their sum can be too much, there are no fewer
    /// than in the first.
    fn size(&self, terms: &[Term], is_apart: bool, total: u128) -> Between {
        let mut size = Between { at_least: 0, at_most: 0 };
        for (i, term) in terms.iter().enumerate() {
            // What had no room is left out of the one, and counts in the other.
            let least = self.diagrams.count(&Term { open: false, ..term.clone() });
            let most = least.most();
            if is_apart || i == 0 {
                size.at_least = size.at_least.saturating_add(least.count);
            }
            size.at_most = size.at_most.saturating_add(most);
        }
        Between { at_least: size.at_least.min(total), at_most: size.at_most.min(total) }
    }

    /// How many additions of at most `digits` digits are of each kind.
    ///
    /// With R for what is certainly right and P for what may be: what A alone gets right has all of `Ra \ Pb` and nothing
    /// outside of `Pa \ Rb`; what both get wrong has all that is in neither P, and nothing that is in an R.
    pub fn counts(&self, digits: usize) -> FourCounts {
        let (within, total) = (self.a.within(digits), additions(digits));
        let (a, b) = (Sets::new(&self.a, &within), Sets::new(&self.b, &within));
        let one = |terms: &[Term], is_apart| self.size(terms, is_apart, total);
        let two = |a: &[Term], b: &[Term], is_apart| self.size(&meeting(a, b), is_apart, total);
        // Where all is decided, what may be right is what is.
        let (right_a, right_b) = (one(&a.right, true), one(&b.right, true));
        let perhaps = |sets: &Sets, right| {
            if sets.is_decided { right } else { one(&sets.perhaps, sets.is_apart) }
        };
        let (perhaps_a, perhaps_b) = (perhaps(&a, right_a), perhaps(&b, right_b));
        let both = two(&a.right, &b.right, true);
        let a_if_b = if b.is_decided { both } else { two(&a.right, &b.perhaps, b.is_apart) };
        let b_if_a = if a.is_decided { both } else { two(&a.perhaps, &b.right, a.is_apart) };
        let either = match (a.is_decided, b.is_decided) {
            (true, _) => a_if_b,
            (_, true) => b_if_a,
            _ => two(&a.perhaps, &b.perhaps, a.is_apart && b.is_apart),
        };
        // Both are right in what is certainly right in both.
        let (less_a, less_b) =
            (both.at_least.max(b_if_a.at_least), both.at_least.max(a_if_b.at_least));
        let less = |all: u128, part: u128| all.saturating_sub(part);
        let only = |right: Between, with: Between, perhaps: Between, not: u128| Between {
            at_least: less(right.at_least, with.at_most),
            at_most: less(perhaps.at_most, not),
        };
        let outside = |a: u128, b: u128, both: u128| less(total + both, a.saturating_add(b));
        let mut counts = [Between { at_least: 0, at_most: total }; 4];
        counts[Who::Both as usize] = Between { at_least: both.at_least, at_most: either.at_most };
        counts[Who::OnlyA as usize] = only(right_a, a_if_b, perhaps_a, less_a);
        counts[Who::OnlyB as usize] = only(right_b, b_if_a, perhaps_b, less_b);
        counts[Who::Neither as usize] = Between {
            at_least: outside(perhaps_a.at_most, perhaps_b.at_most, either.at_least),
            at_most: outside(right_a.at_least, right_b.at_least, both.at_most),
        };
        FourCounts { digits, counts }.tightened()
    }
}
