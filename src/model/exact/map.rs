//! All additions as one map: for each answer digit, what stands before it against what its column adds up to.

use super::Findings;
use super::boxed::Boxed;
use super::cases::{Case, Value, befores};
use super::diagram::{Term, Within};
use super::interval::Interval;
use super::simplest::simplest;
use super::stops::Stops;
use crate::map::{Known, Map};
use task::addition::{ANSWER_DIGITS, DIGITS};

/// How often a box is halved for a case's lead.
const HALVINGS: u32 = 2;

/// A case, as the map has it.
#[derive(Clone, Copy)]
struct Place {
    digit: usize,
    before: usize,
    carry: usize,
    /// The last answer digit has no column.
    sum: Option<usize>,
}

impl Place {
    fn within(self, within: &Within) -> Within {
        let Place { digit, before, carry, sum } = self;
        let mut within = within.clone();
        if let Some(sum) = sum {
            within = within.only(digit, &|value| value.sum() == sum && value.carry == carry);
        }
        if digit > 0 {
            within = within.only(digit - 1, &|v| v.digit() == before && v.sends() == carry);
        }
        within
    }

    fn target(self) -> usize {
        self.sum.map_or(self.carry, |sum| (sum + self.carry) % 10)
    }
}

/// Every case that has an addition, digit by digit.
pub(super) fn map(findings: &Findings) -> Map {
    let mut cases = Vec::new();
    let mut reach = Vec::new();
    for digit in 0..ANSWER_DIGITS.min(findings.rows.len()) {
        let sums: Vec<Option<usize>> =
            if digit == DIGITS { vec![None] } else { (0..=18).map(Some).collect() };
        for before in 0..befores(digit) {
            let lane = Boxed::new(findings.readout, digit, before);
            for carry in 0..2 {
                let below = below(findings, digit, before, carry);
                for sum in sums.iter().filter(|_| below > 0) {
                    let place = Place { digit, before, carry, sum: *sum };
                    cases.extend(known(findings, place, below, &lane, &mut reach));
                }
            }
        }
    }
    Map { cases, off: String::new() }
}

/// How many ways the columns below `digit` have to end in this digit and carry.
fn below(findings: &Findings, digit: usize, before: usize, carry: usize) -> u128 {
    let place = Place { digit, before, carry, sum: None };
    let mut within = place.within(&findings.within);
    for j in digit..DIGITS {
        within = within.only(j, &|value| value.sum() == 0 && (j > digit || value.carry == carry));
    }
    findings.counting.diagrams.count(&Term { roots: vec![], within, open: false }).count
}

/// How many ways the own column of a place and those above it have.
fn above(within: &Within, place: Place) -> u128 {
    let ways = |j: usize| -> u128 {
        let own = |value: &Value| place.sum.is_none_or(|sum| j > place.digit || value.sum() == sum);
        let times = |value: Value| u128::from(within.made_of.times(j, value));
        within.pairs(j).filter(own).map(times).sum()
    };
    (place.digit..DIGITS).map(ways).product()
}

/// What is known of a case; nothing where it has no addition.
fn known(
    findings: &Findings,
    place: Place,
    below: u128,
    lane: &Boxed,
    reach: &mut Vec<Interval>,
) -> Option<Known> {
    let Place { digit, before, carry, sum } = place;
    let within = place.within(&findings.within);
    let total = below * above(&findings.within, place);
    if total == 0 {
        return None;
    }
    let row = &findings.rows[digit];
    let case = sum.map_or(Case::ANY, |sum| Case::ANY.with_sum(sum));
    let (least, most) = findings.counting.row(digit, &within, total);
    let lead = (least == total && row.reach(before, carry, &case, reach))
        .then(|| lane.least_lead(place.target(), reach, f64::INFINITY, HALVINGS).max(0.0));
    let example = |roots| {
        let term = Term { roots, within: within.clone(), open: false };
        simplest(&findings.counting.diagrams, &term, 1).pairs.pop()
    };
    let wrong = (least < total).then(|| example(vec![findings.counting.wrong_row(digit)]));
    let mut stops = Stops::new(row, before, carry, sum);
    let one = findings.readout.write.len() == 1;
    let all = one.then(|| stops.all(findings.digits)).flatten();
    let of_wrong = all.filter(|_| most < total);
    let of_wrong =
        of_wrong.map(|all| if most == 0 { all } else { stops.wrong(findings.digits, all) });
    Some(Known {
        digit: digit as u8,
        before: (digit > 0).then_some(before as u8),
        carry: carry as u8,
        sum: sum.map(|sum| sum as u8),
        target: place.target() as u8,
        at_least: least,
        at_most: most,
        total,
        lead,
        reach: all.map(ends),
        reach_wrong: of_wrong.map(ends),
        example: case.example(digit, before, carry).or_else(|| example(vec![])),
        wrong: wrong.flatten(),
    })
}

fn ends(interval: Interval) -> (f64, f64) {
    (interval.lo, interval.hi)
}
