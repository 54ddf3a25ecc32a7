//! Where two models differ, as plain data.

use super::super::report::additions;
use serde::{Deserialize, Serialize};

/// A number of additions: so many at least and at most, which are the same once it is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// So many certainly.
    pub at_least: u128,
    /// No more than so many.
    pub at_most: u128,
}

impl Between {
    /// The number, where it is decided.
    pub fn exactly(&self) -> Option<u128> {
        (self.at_least == self.at_most).then_some(self.at_least)
    }
}

/// Which of two models, A and B, answer an addition right. Every addition is of one of the four kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A and B.
    Both,
    /// A, while B is wrong.
    OnlyA,
    /// B, while A is wrong.
    OnlyB,
    /// None of them.
    Neither,
}

impl Who {
    /// All four.
    pub const ALL: [Who; 4] = [Who::Both, Who::OnlyA, Who::OnlyB, Who::Neither];

    /// What a person reads: "right in A, wrong in B".
    pub fn title(self) -> &'static str {
        match self {
            Who::Both => "right in both",
            Who::OnlyA => "right in A, wrong in B",
            Who::OnlyB => "wrong in A, right in B",
            Who::Neither => "wrong in both",
        }
    }
}

/// How many additions are of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FourCounts {
    /// Summands have at most so many digits.
    pub digits: usize,
    /// In the order of [`Who::ALL`].
    pub counts: [Between; 4],
}

impl FourCounts {
    /// How many additions there are: what the four add up to.
    pub fn total(&self) -> u128 {
        additions(self.digits)
    }

    /// How many are of one kind.
    pub fn of(&self, who: Who) -> Between {
        self.counts[who as usize]
    }

    /// Whether all four are decided.
    pub fn is_decided(&self) -> bool {
        self.counts.iter().all(|count| count.exactly().is_some())
    }

    /// The same with bounds no wider than the others leave them: all four add up to the total.
    pub(super) fn tightened(mut self) -> FourCounts {
        let (total, counts) = (self.total(), self.counts);
        let least: u128 = counts.iter().map(|count| count.at_least).sum();
        let most: u128 = counts.iter().map(|count| count.at_most).sum();
        for (own, count) in self.counts.iter_mut().zip(counts) {
            own.at_most = count.at_most.min(total.saturating_sub(least - count.at_least));
            own.at_least = count.at_least.max(total.saturating_sub(most - count.at_most));
        }
        self
    }
}

/// An addition, and what both models say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Answers {
    /// The first summand.
    pub a: u64,
    /// The second.
    pub b: u64,
    /// Their sum.
    pub expected: u64,
    /// What A says, decoded greedily.
    pub got_a: u64,
    /// What B says.
    pub got_b: u64,
}

impl Answers {
    /// Which model is right.
    pub fn who(&self) -> Who {
        match (self.got_a == self.expected, self.got_b == self.expected) {
            (true, true) => Who::Both,
            (true, false) => Who::OnlyA,
            (false, true) => Who::OnlyB,
            (false, false) => Who::Neither,
        }
    }
}

/// Additions of one kind that are alike: what the columns are that decide it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct Difference {
    /// In words: "column 7 is 5 + 6 or 6 + 5 and column 6 is 0 + 0 without a carry".
    pub text: String,
    /// The first digit that is wrong, of the model that errs; none for the line of all that are not listed.
    pub digit: Option<usize>,
    /// How many additions: certainly so many, where it is not decided.
    pub count: String,
    /// The simplest of them.
    pub example: Option<Answers>,
}

/// Additions of one kind. Numbers of them are decimal texts, since they pass 2⁵³.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct KindOf {
    /// Which models are right.
    pub who: Who,
    /// The same in words.
    pub title: String,
    /// How many there are, where that is decided.
    pub count: Option<String>,
    /// So many certainly.
    pub at_least: String,
    /// No more than so many.
    pub at_most: String,
    /// The simplest of them.
    pub example: Option<Answers>,
    /// Where one model alone is wrong, in which columns: most additions first.
    pub rules: Vec<Difference>,
}

/// All that is known of two models together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Comparison {
    /// Summands have at most so many digits.
    pub digits: usize,
    /// How many additions there are.
    pub total: String,
    /// Whether all four counts are exact.
    pub decided: bool,
    /// Whether the two are one function: the same architecture with the same numbers.
    pub same: bool,
    /// In the order of [`Who::ALL`]; they add up to the total.
    pub kinds: Vec<KindOf>,
}
