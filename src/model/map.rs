//! All additions as a map: case by case, how many an answer digit gets right.

use serde::{Deserialize, Serialize};
use task::item::Case;

/// The additions of one case, and what is known of their answer digit after right digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The answer digit: 0 for the ones.
    pub digit: u8,
    /// The answer digit before it; none before the first.
    pub before: Option<u8>,
    /// The carry into its column.
    pub carry: u8,
    /// What X and Y of its column add up to, 0 to 18; the carry-out has no column.
    pub sum: Option<u8>,
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
    /// Where attention writes one number: the least and the greatest of it. Rounded outwards; met by additions of the case
    /// where one head writes it, and lying about those that more heads can reach.
    pub reach: Option<(f64, f64)>,
    /// The same of those that are certainly wrong, where some are. In a case of very many parts, as models in the middle of
    /// training have, it is the reach of them all.
    pub reach_wrong: Option<(f64, f64)>,
    /// One of them.
    pub example: Option<(u64, u64)>,
    /// One that is wrong.
    pub wrong: Option<(u64, u64)>,
}

impl Known {
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
    /// What is switched off in the model, as a sentence; empty where nothing is. Whoever has it decided so says it.
    pub off: String,
}

impl Map {
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
