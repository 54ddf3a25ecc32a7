//! Additions that a model gets wrong: where each first fails, and the simplest one that fails in the same way.

use model::Forward;
use model::layers::argmax;
use numbers::listed::Listed;
use numbers::order;
use serde::Serialize;
use task::addition::{ANSWER_DIGITS, DIGITS, Vocabulary, Z0, carry_chain, digit, tokens};

/// An addition whose answer is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct WrongAnswer {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// Their sum.
    pub expected: u64,
    /// The model's answer, decoded greedily.
    pub got: u64,
    /// The first answer digit that is wrong: k of Zk.
    pub digit: usize,
    /// By how much, in logits, what is said there leads the right digit.
    pub lead: f64,
    /// The longest run of columns that send a carry.
    pub chain: usize,
}

/// Where an answer first fails.
#[derive(Clone, Copy)]
struct Failing {
    digit: usize,
    right: u8,
    says: u8,
    lead: f64,
}

impl Failing {
    /// Two answers fail in the same way if they are first wrong in the same digit, and off by as much there. A token that is
    /// no digit is its own way.
    fn way(&self) -> (usize, u8) {
        let off = if self.says < 10 { (10 + self.says - self.right) % 10 } else { self.says };
        (self.digit, off)
    }
}

/// The model at work, and its tokens.
struct Asked<'a> {
    forward: &'a Forward<'a>,
    vocabulary: Vocabulary,
}

impl Asked<'_> {
    /// The first row that is wrong after right digits. Where the answer is wrong there is one.
    fn failing(&self, a: u64, b: u64) -> Option<Failing> {
        let tokens = tokens(a, b, self.vocabulary);
        (0..ANSWER_DIGITS).find_map(|digit| {
            let logits = self.forward.answer_logits(&tokens, digit);
            let (right, says) = (tokens[Z0 + digit], argmax(&logits));
            let lead = logits.get(says)? - logits.get(usize::from(right))?;
            (says != usize::from(right)).then_some(Failing { digit, right, says: says as u8, lead })
        })
    }

    fn told(&self, a: u64, b: u64) -> Option<WrongAnswer> {
        let (expected, got) = (a + b, self.forward.decode(a, b));
        let Failing { digit, lead, .. } = self.failing(a, b).filter(|_| got != expected)?;
        Some(WrongAnswer { a, b, expected, got, digit, lead, chain: carry_chain(a, b) })
    }

    fn fails_so(&self, (a, b): (u64, u64), way: (usize, u8)) -> bool {
        self.failing(a, b).is_some_and(|failing| failing.way() == way)
            && self.forward.decode(a, b) != a + b
    }
}

/// What is wrong with the model's answer to `a + b`; `None` where it is right. Both must be at most
/// [`MAX_SUMMAND`](task::addition::MAX_SUMMAND).
pub fn wrong_answer(
    forward: &Forward,
    vocabulary: Vocabulary,
    a: u64,
    b: u64,
) -> Option<WrongAnswer> {
    Asked { forward, vocabulary }.told(a, b)
}

/// An addition that fails as `a + b` does, in the same digit and by as much there, and in none of whose columns a simpler
/// pair of digits still does: one with fewer digits that are not 0, then with a smaller sum. `None` where the answer to
/// `a + b` is right.
pub fn shrunk(forward: &Forward, vocabulary: Vocabulary, a: u64, b: u64) -> Option<WrongAnswer> {
    let asked = Asked { forward, vocabulary };
    let way = asked.failing(a, b)?.way();
    let mut found = asked.told(a, b)?;
    while let Some(simpler) = simpler(&asked, (found.a, found.b), way) {
        found = asked.told(simpler.0, simpler.1)?;
    }
    Some(found)
}

/// How simple two digits are: the smaller, the simpler.
fn size((x, y): (u8, u8)) -> u128 {
    100 * (u128::from(x > 0) + u128::from(y > 0)) + u128::from(x + y)
}

/// The same addition with the simplest pair that still fails in one of its columns, from the left.
fn simpler(asked: &Asked, (a, b): (u64, u64), way: (usize, u8)) -> Option<(u64, u64)> {
    let pairs: Vec<(u8, u8)> = (0..100).map(|i| (i / 10, i % 10)).listed();
    let pairs = order::by_whole(&pairs, |pair| size(*pair));
    (0..DIGITS).rev().find_map(|k| {
        let own = (digit(a, k), digit(b, k));
        let place = 10u64.pow(k as u32);
        let with = |(x, y): (u8, u8)| {
            let put =
                |n: u64, from: u8, to: u8| n - place * u64::from(from) + place * u64::from(to);
            (put(a, own.0, x), put(b, own.1, y))
        };
        let simpler = pairs.iter().take_while(|pair| size(**pair) < size(own));
        simpler.map(|pair| with(*pair)).find(|sum| asked.fails_so(*sum, way))
    })
}
