//! What is known about a model's answers to all additions, as plain data.

use numbers::listed::Listed;
use serde::{Deserialize, Serialize};
use task::addition::{ANSWER_DIGITS, DIGITS};
use task::sampling::Pair;

/// Additions of two numbers of at most `digits` digits each.
pub const fn additions(digits: usize) -> u128 {
    100u128.pow(digits as u32)
}

/// How many of them are answered right: exactly where the two are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Summands have at most so many digits, 1 to 10.
    pub digits: usize,
    /// So many are certainly right.
    pub at_least: u128,
    /// All others are certainly wrong.
    pub at_most: u128,
}

impl Count {
    /// Nothing is known.
    pub fn unknown(digits: usize) -> Count {
        Count { digits, at_least: 0, at_most: additions(digits) }
    }

    /// How many are right, where it is decided.
    pub fn right(&self) -> Option<u128> {
        (self.at_least == self.at_most).then_some(self.at_least)
    }

    /// How many additions there are.
    pub fn total(&self) -> u128 {
        additions(self.digits)
    }

    /// The same as decimal texts.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            right_at_least: self.at_least.to_string(),
            right_at_most: self.at_most.to_string(),
            decided: self.right().is_some(),
        }
    }

    /// Whether every one of them is certainly right.
    pub fn proven(&self) -> bool {
        self.at_least == self.total()
    }
}

/// Bounds of how many additions are right, as decimal texts: they pass 2⁵³.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Bounds {
    /// So many are certainly right.
    pub right_at_least: String,
    /// All others are certainly wrong.
    pub right_at_most: String,
    /// Whether the two are the same.
    pub decided: bool,
}

/// Whether float32, in whatever order it adds, says what exact arithmetic does in each answer row after true digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Float32 {
    /// No answer row can say another token after true digits: so the same additions are right, and the first wrong digit of
    /// all others is the same.
    Proven,
    /// Some answer does.
    Refuted,
    /// Not decided.
    Open,
}

/// An addition in which float32, in the order of its terms or from their end, says another token than exact arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Differs {
    /// The first summand.
    pub a: u64,
    /// The second.
    pub b: u64,
    /// The answer digit, after true ones.
    pub digit: usize,
}

/// The verdict of float32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct InFloat32 {
    /// What is known.
    pub float32: Float32,
    /// Where that is refuted, an addition that float32 answers otherwise.
    pub float32_differs: Option<Differs>,
}

impl From<Float32> for InFloat32 {
    fn from(float32: Float32) -> InFloat32 {
        InFloat32 { float32, float32_differs: None }
    }
}

impl InFloat32 {
    /// This addition is answered otherwise.
    pub fn refuted(differs: Differs) -> InFloat32 {
        InFloat32 { float32: Float32::Refuted, float32_differs: Some(differs) }
    }
}

/// An addition that is answered wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Counterexample {
    /// The first summand.
    pub a: u64,
    /// The second.
    pub b: u64,
    /// Their sum.
    pub expected: u64,
    /// What the model says, decoded greedily.
    pub got: u64,
}

/// The answer that is right by the smallest lead.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Closest {
    /// The first summand.
    pub a: u64,
    /// The second.
    pub b: u64,
    /// The answer digit that leads so little: 0 for the ones.
    pub digit: usize,
    /// By how much its logit leads the next one's.
    pub lead: f64,
    /// No right answer digit leads by less, after right digits.
    pub lead_at_least: f64,
}

/// Wrong additions that are alike, and first wrong in the same digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Rule {
    /// In words: "column 7 is 5 + 6 or 6 + 5 and column 6 is 0 + 0 without a carry".
    pub text: String,
    /// The first wrong answer digit; none for the line that stands for all rules which are not listed.
    pub digit: Option<usize>,
    /// How many additions: certainly so many, where it is not decided.
    pub count: String,
    /// The simplest of them.
    pub example: Option<Counterexample>,
}

/// How many of a kind of additions are right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Share {
    /// So many are certainly right.
    pub right_at_least: String,
    /// All others are certainly wrong.
    pub right_at_most: String,
    /// How many there are.
    pub total: String,
}

/// One answer digit under teacher forcing, by the carry into its column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DigitShare {
    /// The answer digit: 0 for the ones.
    pub digit: usize,
    /// The carry into its column.
    pub carry: u8,
    /// How many are right.
    #[serde(flatten)]
    pub share: Share,
}

/// Answers by the longest run of columns that send a carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ChainShare {
    /// So many columns in a row send a carry, 0 to 10.
    pub chain: usize,
    /// How many are right.
    #[serde(flatten)]
    pub share: Share,
}

/// All that is known. Numbers of additions are decimal texts, since they pass 2⁵³.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct Report {
    /// Summands have at most so many digits.
    pub digits: usize,
    /// How many additions there are.
    pub total: String,
    /// How many are answered right, where that is decided.
    pub right: Option<String>,
    /// So many are certainly answered right.
    pub right_at_least: String,
    /// All others are certainly answered wrong.
    pub right_at_most: String,
    /// How many are answered wrong, where that is decided.
    pub wrong: Option<String>,
    /// Whether the count is exact.
    pub decided: bool,
    /// Whether every one is certainly right, in exact arithmetic.
    pub proven: bool,
    /// Wrong ones, the simplest first.
    pub counterexamples: Vec<Counterexample>,
    /// The smallest lead of a right answer digit.
    pub closest: Option<Closest>,
    /// The wrong ones in words, most of them first.
    pub rules: Vec<Rule>,
    /// By answer digit and carry.
    pub by_digit: Vec<DigitShare>,
    /// By the longest run of carries.
    pub by_carry_chain: Vec<ChainShare>,
}

impl Report {
    /// Additions that float32 answers otherwise sooner than others.
    pub fn near(&self) -> Vec<Pair> {
        let near = self.closest.iter().map(|closest| (closest.a, closest.b));
        near.chain(self.counterexamples.iter().map(|wrong| (wrong.a, wrong.b))).listed()
    }
}

/// Most rules that are listed; the others are one line.
pub const RULES: usize = 50;
/// Lengths of a run of carries: 0 to 10.
pub const CHAINS: usize = DIGITS + 1;
/// Answer rows by carry; the first has no carry into it.
pub const DIGIT_SHARES: usize = 2 * ANSWER_DIGITS - 1;
