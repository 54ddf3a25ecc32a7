//! Which way a digit comes about: one answer row of an addition with some of its ways from another addition, in all sixteen
//! combinations, and how much a digit weighs by its column.

use crate::answer::said;
use crate::ruler::direction;
use model::forward::Written;
use model::intervened::{Intervened, NoUnit};
use model::{Forward, Model};
use numbers::listed::Listed;
use serde::Serialize;
use std::collections::BTreeSet;
use task::addition::{
    ANSWER_DIGITS, DIGITS, EQUALS, Y0, Z0, carries, digit as digit_of, label, tokens,
};
use task::intervene::{Interventions, Off, Patch, Way};

/// A way by which an addition comes into the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct WayOf {
    /// `own`, `xy`, `xy_before` or `z_before`.
    pub name: &'static str,
    /// What it is called at this digit.
    pub title: String,
    /// What stands there in the first addition, as `X2 = 4, Y2 = 9`; empty where there is no such column.
    pub first: String,
    /// What stands there in the second.
    pub second: String,
    /// Whether that is the same, so that it does not matter which it is.
    pub same: bool,
}

/// The row with some of its ways from the second addition.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Combination {
    /// The intervention that makes it so.
    pub patch: String,
    /// Of each way whether it is the second's.
    pub second: [bool; Way::ALL.len()],
    /// What is said; 10 and more are no digits.
    pub said: u8,
    /// The logit of what is said less the next largest.
    pub lead: f64,
    /// The number that attention wrote, where the ruler is of that one.
    pub s: Option<f64>,
    /// Whether the first addition has this digit here.
    pub is_first: bool,
    /// Whether the second has.
    pub is_second: bool,
}

/// How much a digit of a column weighs in what its row reads.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PlaceValue {
    /// The column, 1 to 9.
    pub column: usize,
    /// How many times as much as a digit of the column before: ten, where a carry is to count as one. None where the one
    /// before weighs nothing.
    pub ratio: Option<f64>,
}

/// One answer digit of two additions, and all that lies between.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Patching {
    /// The first addition.
    pub a: u64,
    /// Its second summand.
    pub b: u64,
    /// The second addition.
    pub a2: u64,
    /// Its second summand.
    pub b2: u64,
    /// The answer digit, 0 to 10.
    pub digit: usize,
    /// What is switched off, as interventions are written.
    pub off: Vec<String>,
    /// The digit that is right in the first addition.
    pub first: u8,
    /// The digit that is right in the second.
    pub second: u8,
    /// The four ways.
    pub ways: Vec<WayOf>,
    /// All sixteen, with none of them from the second first and all of them last; the first way changes fastest.
    pub combinations: Vec<Combination>,
    /// Of the columns 1 to 9, where attention writes one number; else none.
    pub place_values: Vec<PlaceValue>,
}

/// Where an addition's digits stand, in words.
fn standing(way: Way, digit: usize, tokens: &[u8]) -> String {
    let places = match way {
        Way::Own if digit > 0 => vec![Z0 + digit - 1],
        way => way.places(digit),
    };
    let text = |place: &usize| Some(format!("{} = {}", label(*place), tokens.get(*place)?));
    places.iter().filter_map(text).listed().join(", ")
}

fn is_single(model: &Model) -> bool {
    model.weights().out.single().is_some()
}

/// Answer digit `digit` of `one`, with each combination of ways from `other`, after right digits and with some parts switched
/// off. All four summands must be at most [`MAX_SUMMAND`](task::addition::MAX_SUMMAND), and there are eleven digits: of one
/// more the first.
///
/// # Errors
/// What is switched off is nothing that the model has.
pub fn patching(
    model: &Model,
    off: &BTreeSet<Off>,
    (one, other): ((u64, u64), (u64, u64)),
    digit: usize,
) -> Result<Patching, NoUnit> {
    let digit = if digit < ANSWER_DIGITS { digit } else { 0 };
    let ((a, b), (a2, b2)) = (one, other);
    let (first, second) = (digit_of(a + b, digit), digit_of(a2 + b2, digit));
    let vocabulary = model.config().vocabulary;
    let (example, others) = (tokens(a, b, vocabulary), tokens(a2, b2, vocabulary));
    let way = |way: Way| {
        let (first, second) = (standing(way, digit, &example), standing(way, digit, &others));
        let same = first == second;
        WayOf { name: way.name(), title: way.title(digit), first, second, same }
    };
    let combination = |bits: usize| {
        let is_second = |i: usize| bits >> i & 1 == 1;
        let ways = Way::ALL.into_iter().enumerate().filter(|(i, _)| is_second(*i));
        let patch = Patch { digit, a: a2, b: b2, ways: ways.map(|(_, way)| way).collect() };
        let text = patch.to_string();
        let interventions = Interventions { off: off.clone(), patch: Some(patch) };
        let under = Intervened::new(model, &interventions)?;
        let Written { numbers, logits, .. } =
            Forward::under(&under).written(&example, EQUALS + digit);
        let (token, lead) = said(&logits);
        Ok(Combination {
            patch: text,
            second: std::array::from_fn(is_second),
            said: token,
            lead,
            s: numbers.first().copied().filter(|_| direction(model).is_some()),
            is_first: token == first,
            is_second: token == second,
        })
    };
    let switched = Interventions { off: off.clone(), patch: None };
    let under = Intervened::new(model, &switched)?;
    Ok(Patching {
        a,
        b,
        a2,
        b2,
        digit,
        off: off.iter().map(ToString::to_string).listed(),
        first,
        second,
        ways: Way::ALL.into_iter().map(way).listed(),
        combinations: (0..1 << Way::ALL.len()).map(combination).collect::<Result<_, _>>()?,
        place_values: place_values(&Forward::under(&under), a, b),
    })
}

/// By how many times a digit of each column weighs more than one of the column before, in the row that adds the column: by
/// how far the number moves that attention writes there when X and Y of the column go from 0 to 9, over how far it moves when
/// those of the column before do, and all other tokens are those of `a + b`. Where attention does not move with the digits,
/// the ratio is the same for all additions. None where attention writes several numbers.
pub fn place_values(forward: &Forward, a: u64, b: u64) -> Vec<PlaceValue> {
    let model = forward.model();
    if !is_single(model) {
        return vec![];
    }
    let example = tokens(a, b, model.config().vocabulary);
    let moved = |row: usize, column: usize| {
        let with = |digit: u8| {
            let mut tokens = example;
            (tokens[column], tokens[Y0 + column]) = (digit, digit);
            forward.written(&tokens, row).numbers.first().copied().unwrap_or(0.0)
        };
        with(DIGITS as u8 - 1) - with(0)
    };
    let of = |column: usize| {
        let row = EQUALS + column;
        let ratio = moved(row, column) / moved(row, column - 1);
        PlaceValue { column, ratio: Some(ratio).filter(|ratio| ratio.is_finite()) }
    };
    (1..DIGITS).map(of).listed()
}

/// An addition that differs from `a + b` in the column before answer digit `digit` alone, and in whether that sends a carry:
/// with the same answer digit there where there is one, and digits that differ as little as they can. `None` for the ones
/// digit, into which nothing is carried.
pub fn carried(a: u64, b: u64, digit: usize) -> Option<(u64, u64)> {
    let column = digit.checked_sub(1).filter(|column| *column < DIGITS)?;
    let carry = *carries(a, b).get(column)?;
    let (x, y) = (digit_of(a, column), digit_of(b, column));
    let total = x + y + carry;
    let pairs = (0..100u8).map(|pair| (pair / 10, pair % 10));
    let others = pairs.filter(|(i, k)| (i + k + carry >= 10) != (total >= 10));
    let (i, k) = others.min_by_key(|(i, k)| {
        let is_other = (i + k + carry) % 10 != total % 10;
        (is_other, i.abs_diff(x) + k.abs_diff(y))
    })?;
    let place = 10u64.pow(column as u32);
    let with = |n: u64, from: u8, to: u8| n - place * u64::from(from) + place * u64::from(to);
    Some((with(a, x, i), with(b, y, k)))
}
