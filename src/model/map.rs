//! All additions as a map: case by case, how many an answer digit gets right.

use crate::exact::Cell;
use serde::{Deserialize, Serialize};
use task::item::Case;

/// The additions of one case, and what is known of their answer digit after right digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    digit: u8,
    before: Option<u8>,
    carry: u8,
    sum: Option<u8>,
    /// The digit that is right.
    pub target: u8,
    /// So many are certainly right.
    pub at_least: u128,
    /// All others are certainly wrong.
    pub at_most: u128,
    /// How many additions there are.
    pub total: u128,
    /// Where all are right: no lead is smaller.
    pub lead: Option<f64>,
    /// One of them.
    pub example: Option<(u64, u64)>,
    /// One that is wrong.
    pub wrong: Option<(u64, u64)>,
}

impl Known {
    /// `None` where its numbers are no decimals, which no verdict makes.
    pub fn new(cell: &Cell) -> Option<Known> {
        let Cell { digit, before, carry, sum, target, ref share, lead, example, wrong } = *cell;
        Some(Known {
            digit: digit.try_into().ok()?,
            before,
            carry,
            sum,
            target,
            at_least: share.right_at_least.parse().ok()?,
            at_most: share.right_at_most.parse().ok()?,
            total: share.total.parse().ok()?,
            lead,
            example,
            wrong,
        })
    }

    /// What the additions have in common.
    pub fn case(&self) -> Case {
        let Known { digit, before, carry, sum, .. } = *self;
        Case { digit: digit.into(), before, carry, sum }
    }

    /// Whether every one is certainly right.
    pub fn is_right(&self) -> bool {
        self.at_least == self.total
    }

    /// Whether every one is certainly wrong.
    pub fn is_wrong(&self) -> bool {
        self.at_most == 0
    }

    /// Whether it is known how many are right.
    pub fn is_decided(&self) -> bool {
        self.at_least == self.at_most
    }
}

/// Every case that has an addition, digit by digit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// The cases.
    pub cases: Vec<Known>,
}

impl Map {
    /// The map of what a verdict knows.
    pub fn new(cells: &[Cell]) -> Map {
        Map { cases: cells.iter().filter_map(Known::new).collect() }
    }

    /// What is known of a case.
    pub fn of(&self, case: Case) -> Option<&Known> {
        self.cases.iter().find(|known| known.case() == case)
    }

    /// As bytes, by which it crosses from the part of the page that decides to the one that draws.
    ///
    /// # Errors
    /// A value cannot be written; none that a verdict makes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// What [`Map::to_bytes`] wrote.
    ///
    /// # Errors
    /// These are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Map, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}
