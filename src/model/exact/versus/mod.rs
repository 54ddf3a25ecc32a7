//! Where two models differ, of all 10²⁰ additions: how many both get right, one alone, and none.
//!
//! Each model's answers are a finite automaton over the columns of an addition ([the module above](super), theorem 5), so
//! what holds of both is their product, and is counted as either is. The four counts bound what they are from both sides
//! for as long as a model is not decided.

mod joint;
mod report;

pub use report::{Answers, Between, Comparison, Difference, FourCounts, KindOf, Who};

use super::Exact;
use super::counting::Counting;
use super::diagram::{NODES, Term, Within};
use super::row::Row;
use super::rules::{Kind, kinds};
use super::simplest::{order, simplest_of};
use crate::{Forward, Model};
use joint::{Joint, meeting};
use numbers::listed::Listed;
use numbers::order::by_whole;
use task::sampling::Pair;

/// Additions that are looked at for an example: the simplest that both plain forwards agree about is taken.
const EXAMPLES: usize = 3;

/// Rules that are listed of each kind; the others are one line.
const LISTED: usize = 12;

/// Rules that are counted, the largest by a first guess.
const COUNTED: usize = 24;

/// Two verdicts in the making, and what they say together.
pub struct Versus<'a> {
    models: [&'a Model; 2],
    exact: [Exact<'a>; 2],
    /// They are one function.
    same: bool,
}

/// One model is right where the other is wrong.
struct Alone<'j> {
    who: Who,
    right: &'j Counting,
    wrong: &'j Counting,
    /// The rows of the one that is wrong.
    rows: &'j [Row],
}

/// Whether two models are the same architecture with the same numbers, bit by bit.
fn are_same(a: &Model, b: &Model) -> bool {
    let bits = |model: &'_ Model| -> Vec<u32> {
        model.params().iter().flat_map(|p| p.numbers().iter().map(|v| v.to_bits())).collect()
    };
    a.config() == b.config() && bits(a) == bits(b)
}

impl<'a> Versus<'a> {
    /// Nothing is decided yet.
    pub fn new(a: &'a Model, b: &'a Model) -> Versus<'a> {
        let exact = [a, b].map(Exact::new);
        Versus { models: [a, b], exact, same: are_same(a, b) }
    }

    /// Looks at about `looks` more intervals of the one that is behind. Gives whether there is nothing left to do.
    pub fn step(&mut self, looks: u64) -> bool {
        let [a, b] = &mut self.exact;
        match (a.is_done(), b.is_done()) {
            (true, true) => {}
            (false, done) if done || a.looks() <= b.looks() => drop(a.step(looks)),
            _ => drop(b.step(looks)),
        }
        self.is_done()
    }

    /// Whether there is nothing left to do: all is decided, or cannot be.
    pub fn is_done(&self) -> bool {
        self.exact.iter().all(Exact::is_done)
    }

    /// What is known of A and of B.
    pub fn each(&self) -> &[Exact<'a>; 2] {
        &self.exact
    }

    fn joint(&self) -> Joint {
        let [a, b] = &self.exact;
        Joint::new(&a.rows, &b.rows, 2 * NODES)
    }

    /// How many additions of at most `digits` digits are of each kind, as far as it is known.
    pub fn counts(&self, digits: usize) -> FourCounts {
        self.counted(&self.joint(), digits)
    }

    fn counted(&self, joint: &Joint, digits: usize) -> FourCounts {
        let mut counts = joint.counts(digits);
        if self.same {
            // Whatever it says, the other says it too.
            for who in [Who::OnlyA, Who::OnlyB] {
                counts.counts[who as usize] = Between { at_least: 0, at_most: 0 };
            }
            counts = counts.tightened();
        }
        counts
    }

    /// All that is known of additions of at most `digits` digits.
    pub fn report(&self, digits: usize) -> Comparison {
        let joint = self.joint();
        let counts = self.counted(&joint, digits);
        let within = joint.a.within(digits);
        let kind = |who: Who| self.kind(&joint, who, counts.of(who), &within);
        Comparison {
            digits,
            total: counts.total().to_string(),
            decided: counts.is_decided(),
            same: self.same,
            kinds: Who::ALL.into_iter().map(kind).listed(),
        }
    }

    fn kind(&self, joint: &Joint, who: Who, count: Between, within: &Within) -> KindOf {
        let [a, b] = &self.exact;
        let (of_a, of_b) = (&joint.a, &joint.b);
        let alone = match who {
            Who::OnlyA => Some(Alone { who, right: of_a, wrong: of_b, rows: &b.rows }),
            Who::OnlyB => Some(Alone { who, right: of_b, wrong: of_a, rows: &a.rows }),
            _ => None,
        };
        let terms = || match (&alone, who) {
            (Some(alone), _) => {
                meeting(&alone.right.right_terms(within), &wrong(alone.wrong, alone.rows, within))
            }
            (None, Who::Both) => meeting(&of_a.right_terms(within), &of_b.right_terms(within)),
            (None, _) => meeting(&wrong(of_a, &a.rows, within), &wrong(of_b, &b.rows, within)),
        };
        let is_none = count.at_most == 0;
        let example = if is_none { None } else { self.example(joint, &terms(), who) };
        let rules = match alone {
            Some(alone) if !is_none => self.rules(joint, &alone, count, within),
            _ => vec![],
        };
        KindOf {
            who,
            title: who.title().to_owned(),
            count: count.exactly().map(|count| count.to_string()),
            at_least: count.at_least.to_string(),
            at_most: count.at_most.to_string(),
            example,
            rules,
        }
    }

    /// The simplest addition of some terms about which the plain forward of both agrees.
    fn example(&self, joint: &Joint, terms: &[Term], who: Who) -> Option<Answers> {
        let mut found: Vec<Pair> = Vec::new();
        for term in terms {
            found.extend(simplest_of(&joint.diagrams, std::slice::from_ref(term), EXAMPLES));
        }
        let found = by_whole(&found, |pair| order(*pair));
        found.into_iter().take(EXAMPLES).map(|pair| self.asked(pair)).find(|said| said.who() == who)
    }

    /// What the plain forward of both says.
    pub fn asked(&self, (a, b): Pair) -> Answers {
        let [got_a, got_b] = self.models.map(|model| Forward::new(model).decode(a, b));
        Answers { a, b, expected: a + b, got_a, got_b }
    }

    fn rules(
        &self,
        joint: &Joint,
        alone: &Alone,
        all: Between,
        within: &Within,
    ) -> Vec<Difference> {
        let right = alone.right.right_terms(within);
        let kinds: Vec<Kind> = alone.rows.iter().flat_map(kinds).listed();
        let mut kinds = by_whole(&kinds, |kind| u128::MAX - kind.weight);
        kinds.truncate(COUNTED);
        let counted: Vec<(u128, Vec<Term>, Kind)> = kinds
            .into_iter()
            .map(|kind| {
                let terms = meeting(&right, &kind.terms(alone.wrong, within));
                (terms.iter().map(|term| joint.diagrams.count(term).count).sum(), terms, kind)
            })
            .listed();
        let mut counted = by_whole(&counted, |(count, _, _)| u128::MAX - count);
        counted.retain(|(count, _, _)| *count > 0);
        counted.truncate(LISTED);
        let listed: u128 = counted.iter().map(|(count, _, _)| count).sum();
        let rule = |(count, terms, kind): (u128, Vec<Term>, Kind)| Difference {
            text: kind.text(),
            digit: Some(kind.digit),
            count: count.to_string(),
            example: self.example(joint, &terms, alone.who),
        };
        let mut rules: Vec<Difference> = counted.into_iter().map(rule).listed();
        let rest = all.at_least.saturating_sub(listed);
        if rest > 0 {
            let text = "all others of this kind".to_owned();
            rules.push(Difference { text, digit: None, count: rest.to_string(), example: None });
        }
        rules
    }
}

/// Additions that are certainly wrong, in parts that share none.
fn wrong(counting: &Counting, rows: &[Row], within: &Within) -> Vec<Term> {
    (0..rows.len()).flat_map(|k| counting.wrong_terms(k, within)).listed()
}
