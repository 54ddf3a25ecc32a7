//! Wrong additions by name: what the plain forward agrees to be wrong.

use super::Known;
use super::report::{Counterexample, RULES, Rule};
use super::rules::{Kind, kinds};
use super::simplest::{order, simplest_of};
use crate::Forward;
use numbers::order::by_whole;
use task::sampling::Pair;

/// Counterexamples that are listed.
const LISTED: usize = 20;

/// What is asked about one verdict.
pub struct Asked<'a> {
    known: Known<'a>,
    forward: Forward<'a>,
}

impl<'a> Asked<'a> {
    /// Of what is known of some additions.
    pub fn new(known: Known<'a>) -> Asked<'a> {
        Asked { forward: Forward::new(known.model), known }
    }

    /// The addition, where the plain forward answers it wrong, too.
    fn confirmed(&self, (a, b): Pair) -> Option<Counterexample> {
        let (expected, got) = (a + b, self.forward.decode(a, b));
        (got != expected).then_some(Counterexample { a, b, expected, got })
    }

    /// The simplest wrong additions.
    pub fn counterexamples(&self) -> Vec<Counterexample> {
        let mut found: Vec<Pair> = Vec::new();
        for k in 0..self.known.rows.len() {
            let terms = self.known.counting.wrong_terms(k, &self.known.within);
            found.extend(simplest_of(&self.known.counting.diagrams, &terms, LISTED));
        }
        found = by_whole(&found, |pair| order(*pair));
        found.dedup();
        found.truncate(LISTED);
        found.into_iter().filter_map(|pair| self.confirmed(pair)).collect()
    }

    /// Wrong additions that are alike, most of them first. The largest are listed, the rest is one line.
    pub fn rules(&self) -> Vec<Rule> {
        let all: Vec<Kind> = self
            .known
            .rows
            .iter()
            .flat_map(|row| kinds(self.known.counting, row, &self.known.within))
            .collect();
        // Kinds come digit by digit; equal ones keep that order.
        let mut all = by_whole(&all, |kind| u128::MAX - kind.count);
        let rest = all.split_off(all.len().min(RULES));
        let mut rules: Vec<Rule> = all
            .into_iter()
            .map(|kind| Rule {
                example: kind.simplest.iter().find_map(|pair| self.confirmed(*pair)),
                text: kind.text,
                digit: Some(kind.digit),
                count: kind.count.to_string(),
            })
            .collect();
        if !rest.is_empty() {
            let count: u128 = rest.iter().map(|kind| kind.count).sum();
            let text = format!("{} more kinds of additions", rest.len());
            rules.push(Rule { text, digit: None, count: count.to_string(), example: None });
        }
        rules
    }
}
