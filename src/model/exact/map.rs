//! All additions as one map: for each answer digit, what stands before it against what its column adds up to.

use super::Known;
use super::boxed::Boxed;
use super::cases::{Case, Value, befores};
use super::diagram::{Term, Within};
use super::interval::Interval;
use super::report::{Cell, Share};
use super::simplest::simplest;
use task::addition::{ANSWER_DIGITS, DIGITS};

/// How often a box is halved for a cell's lead.
const HALVINGS: u32 = 2;

/// What a cell is of.
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
            within = within.only(digit, |value| value.sum() == sum && value.carry == carry);
        }
        if digit > 0 {
            within = within.only(digit - 1, |v| v.digit() == before && v.sends() == carry);
        }
        within
    }

    fn target(self) -> usize {
        self.sum.map_or(self.carry, |sum| (sum + self.carry) % 10)
    }
}

/// Every cell that has an addition, digit by digit.
pub(super) fn cells(known: &Known) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut reach = Vec::new();
    for digit in 0..ANSWER_DIGITS.min(known.rows.len()) {
        let sums: Vec<Option<usize>> =
            if digit == DIGITS { vec![None] } else { (0..=18).map(Some).collect() };
        for before in 0..befores(digit) {
            let lane = Boxed::new(known.readout, digit, before);
            for carry in 0..2 {
                let below = below(known, digit, before, carry);
                for sum in sums.iter().filter(|_| below > 0) {
                    let place = Place { digit, before, carry, sum: *sum };
                    cells.extend(cell(known, place, below, &lane, &mut reach));
                }
            }
        }
    }
    cells
}

/// How many ways the columns below `digit` have to end in this digit and carry.
fn below(known: &Known, digit: usize, before: usize, carry: usize) -> u128 {
    let place = Place { digit, before, carry, sum: None };
    let mut within = place.within(&known.within);
    for j in digit..DIGITS {
        within = within.only(j, |value| value.sum() == 0 && (j > digit || value.carry == carry));
    }
    known.counting.diagrams.count(&Term { roots: vec![], within, open: false }).count
}

/// How many ways the own column of a place and those above it have.
fn above(within: &Within, place: Place) -> u128 {
    let ways = |j: usize| -> u128 {
        let own = |value: &Value| place.sum.is_none_or(|sum| j > place.digit || value.sum() == sum);
        let pairs = within.pairs(j).filter(own).map(|value| u128::from(value.times()));
        pairs.sum()
    };
    (place.digit..DIGITS).map(ways).product()
}

fn cell(
    known: &Known,
    place: Place,
    below: u128,
    lane: &Boxed,
    reach: &mut Vec<Interval>,
) -> Option<Cell> {
    let Place { digit, before, carry, sum } = place;
    let within = place.within(&known.within);
    let total = below * above(&known.within, place);
    if total == 0 {
        return None;
    }
    let case = sum.map_or(Case::ANY, |sum| Case::ANY.with_sum(sum));
    let (least, most) = known.counting.row(digit, &within, total);
    let lead = (least == total && known.rows[digit].reach(before, carry, &case, reach))
        .then(|| lane.least_lead(place.target(), reach, f64::INFINITY, HALVINGS).max(0.0));
    let example = |roots| {
        let term = Term { roots, within: within.clone(), open: false };
        simplest(&known.counting.diagrams, &term, 1).pairs.pop()
    };
    let wrong = (least < total).then(|| example(vec![known.counting.wrong_row(digit)])).flatten();
    Some(Cell {
        digit,
        before: (digit > 0).then_some(before as u8),
        carry: carry as u8,
        sum: sum.map(|sum| sum as u8),
        target: place.target() as u8,
        share: Share::new(least, most, total),
        lead,
        example: case.example(digit, before, carry).or_else(|| example(vec![])),
        wrong,
    })
}
