//! Wrong additions by name: what the plain forward agrees to be wrong.

use super::Findings;
use super::report::{Counterexample, RULES, Rule};
use super::rules::{Kind, kinds};
use super::simplest::{order, simplest_failing, simplest_of};
use crate::Forward;
use numbers::listed::Listed;
use numbers::order::by_whole;
use task::sampling::Pair;

/// Counterexamples that are listed.
const LISTED: usize = 20;

/// Additions that are looked at for an example.
const EXAMPLES: usize = 1;

/// Kinds of wrong additions that are counted, the largest by a first guess: of models that are right, or nearly, all.
const COUNTED: usize = 80;

/// What is asked about one verdict.
pub struct Asked<'a> {
    known: &'a Findings<'a>,
    forward: &'a Forward<'a>,
}

impl<'a> Asked<'a> {
    /// Of what is known of some additions.
    pub fn new(known: &'a Findings<'a>, forward: &'a Forward<'a>) -> Asked<'a> {
        Asked { known, forward }
    }

    /// The addition, where the plain forward answers it wrong, too.
    fn confirmed(&self, (a, b): Pair) -> Option<Counterexample> {
        let (expected, got) = (a + b, self.forward.decode(a, b));
        (got != expected).then_some(Counterexample { a, b, expected, got })
    }

    /// The simplest wrong additions.
    pub fn counterexamples(&self) -> Vec<Counterexample> {
        let Findings { counting, within, .. } = self.known;
        let mut found: Vec<Pair> = Vec::new();
        if let Some(term) = counting.perhaps_if_all_rows_count(within) {
            found = simplest_failing(&counting.diagrams, &term, LISTED).pairs;
        } else {
            for k in 0..self.known.rows.len() {
                let terms = counting.wrong_terms(k, within);
                found.extend(simplest_of(&counting.diagrams, &terms, LISTED));
            }
            found = by_whole(&found, |pair| order(*pair));
            found.dedup();
            found.truncate(LISTED);
        }
        found.into_iter().filter_map(|pair| self.confirmed(pair)).listed()
    }

    /// Wrong additions that are alike, most of them first. The largest are listed, the rest is one line.
    pub fn rules(&self) -> Vec<Rule> {
        let Findings { counting, within, .. } = self.known;
        let rows = 0..self.known.rows.len();
        let mut rest: u128 = rows.map(|k| counting.sum(&counting.wrong_terms(k, within))).sum();
        if rest == 0 {
            return vec![];
        }
        let kinds: Vec<Kind> = self.known.rows.iter().flat_map(kinds).listed();
        let mut kinds = by_whole(&kinds, |kind| u128::MAX - kind.weight);
        kinds.truncate(COUNTED);
        let count = |kind: Kind| (counting.sum(&kind.terms(counting, within)), kind);
        let counted: Vec<(u128, Kind)> = kinds.into_iter().map(count).listed();
        let mut counted = by_whole(&counted, |(count, _)| u128::MAX - count);
        counted.retain(|(count, _)| *count > 0);
        counted.truncate(RULES);
        rest = rest.saturating_sub(counted.iter().map(|(count, _)| count).sum());
        let mut rules: Vec<Rule> =
            counted.into_iter().map(|(count, kind)| self.rule(count, &kind)).listed();
        if rest > 0 {
            let text = "all other wrong additions".to_owned();
            rules.push(Rule { text, digit: None, count: rest.to_string(), example: None });
        }
        rules
    }

    fn rule(&self, count: u128, kind: &Kind) -> Rule {
        let terms = kind.terms(self.known.counting, &self.known.within);
        let simplest = simplest_of(&self.known.counting.diagrams, &terms, EXAMPLES);
        Rule {
            example: simplest.into_iter().find_map(|pair| self.confirmed(pair)),
            text: kind.text(),
            digit: Some(kind.digit),
            count: count.to_string(),
        }
    }
}
