//! The model's own answer to one addition, digit by digit, and by how much each digit led.

use model::layers::argmax;
use model::{Forward, Model};
use serde::Serialize;
use task::addition::{ANSWER_DIGITS, DIGITS, EQUALS, Z0, Z10, carries, digit, number, tokens};

/// `a + b` as the model answers it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Answered {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// The answer, decoded greedily: each digit follows those that were said before it.
    pub answer: u64,
    /// Whether it is the sum.
    pub correct: bool,
    /// Z0 to Z10, the ones digit first.
    pub places: Vec<Place>,
}

/// One digit of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Place {
    /// 0 for Z0, the ones digit.
    pub digit: u8,
    /// The first summand's digit in this column; none over the carry-out, which has no column.
    pub x: Option<u8>,
    /// The second summand's.
    pub y: Option<u8>,
    /// The carry into this column.
    pub carry: u8,
    /// The sum's digit.
    pub right: u8,
    /// The digit that was said; none where a token was said that is no digit, which ends the answer, and from there on.
    pub said: Option<u8>,
    /// The logit of what was said less the next largest; none after the end of the answer.
    pub lead: Option<f64>,
    /// The digit that is said after right digits (*teacher-forced*); none where that is no digit.
    pub forced: Option<u8>,
    /// Its lead.
    pub forced_lead: f64,
}

/// What a row says: its token, and the lead of its logit over the next largest.
pub(crate) fn said(logits: &[f64]) -> (u8, f64) {
    let token = argmax(logits);
    let others = logits.iter().enumerate().filter(|(i, _)| *i != token).map(|(_, logit)| *logit);
    let next = others.fold(f64::NEG_INFINITY, f64::max);
    (token as u8, logits.get(token).map_or(0.0, |logit| logit - next))
}

fn as_digit(token: u8) -> Option<u8> {
    Some(token).filter(|token| usize::from(*token) < DIGITS)
}

/// Answers `a + b`. Both must be at most [`MAX_SUMMAND`](task::addition::MAX_SUMMAND).
pub fn answer(model: &Model, a: u64, b: u64) -> Answered {
    answer_by(&Forward::new(model), a, b)
}

/// The same by a forward pass, which can be under interventions.
pub fn answer_by(forward: &Forward, a: u64, b: u64) -> Answered {
    let forced = tokens(a, b, forward.model().config().vocabulary);
    let mut greedy = forced;
    let mut ended = false;
    let mut places = Vec::with_capacity(ANSWER_DIGITS);
    for (k, carry) in carries(a, b).into_iter().enumerate() {
        let row = EQUALS + k;
        let after_right = said(&forward.answer_logits(&forced, k));
        let own = if greedy[..=row] == forced[..=row] {
            after_right
        } else {
            said(&forward.answer_logits(&greedy, k))
        };
        greedy[row + 1] = own.0;
        let own = Some(own).filter(|_| !ended);
        ended |= own.is_some_and(|(token, _)| as_digit(token).is_none());
        let column = |summand| (k < DIGITS).then(|| digit(summand, k));
        places.push(Place {
            digit: k as u8,
            x: column(a),
            y: column(b),
            carry,
            right: digit(a + b, k),
            said: own.and_then(|(token, _)| as_digit(token)),
            lead: own.map(|(_, lead)| lead),
            forced: as_digit(after_right.0),
            forced_lead: after_right.1,
        });
    }
    let answer = number(&greedy[Z0..=Z10]);
    Answered { a, b, answer, correct: answer == a + b, places }
}
