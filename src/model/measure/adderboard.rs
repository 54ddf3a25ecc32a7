//! The AdderBoard suite: greedy answers to edge cases and random additions.

use crate::engine::{Block, Blocks, Drawn, Examples, Feed, answer};
use crate::{Engine, Forward};
use serde::Serialize;
use std::iter::Peekable;
use std::sync::OnceLock;
use task::sampling::{ADDERBOARD_PAIRS, ADDERBOARD_SEED, Pair, QUALIFYING_ACCURACY, adderboard};

/// A wrong answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Failure {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// Their sum.
    pub expected: u64,
    /// What the model says.
    pub got: u64,
}

/// The score of a model on a suite.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Score {
    /// Additions asked.
    pub total: usize,
    /// Answers that were right in all digits.
    pub passed: usize,
    /// `passed / total`.
    pub accuracy: f64,
    /// Whether that is enough for AdderBoard (99 %).
    pub qualified: bool,
    /// The wrong answers, in the order asked: all, or as many as were to be listed.
    pub failures: Vec<Failure>,
}

impl Score {
    fn finish(mut self) -> Score {
        self.accuracy = self.passed as f64 / self.total.max(1) as f64;
        self.qualified = self.total > 0 && self.accuracy >= QUALIFYING_ACCURACY;
        self
    }
}

/// A score in the making: additions are asked a part at a time, in one order, so that the parts
/// make the same score as all at once.
pub struct Scoring<I: Iterator> {
    pairs: Peekable<I>,
    score: Score,
    listed: usize,
}

impl<I: Iterator<Item = Pair>> Scoring<I> {
    /// Nothing of `suite` is asked yet. Of the wrong answers the first `listed` are kept.
    pub fn new(suite: I, listed: usize) -> Scoring<I> {
        Scoring { pairs: suite.peekable(), score: Score::default(), listed }
    }

    /// Asks the next `count` additions; returns whether there are more.
    pub fn advance(&mut self, engine: &Engine, count: usize) -> bool {
        let Scoring { pairs, score, listed } = self;
        let tally = engine.each_failure(pairs.by_ref().take(count), |failure| {
            if score.failures.len() < *listed {
                score.failures.push(failure);
            }
        });
        score.total += tally.total as usize;
        score.passed += tally.passed as usize;
        self.pairs.peek().is_some()
    }

    /// The score on what was asked so far.
    pub fn score(&self) -> Score {
        self.score.clone().finish()
    }
}

/// How many answers were right, without a list of those that were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Additions asked.
    pub total: u64,
    /// Answers that were right in all digits.
    pub passed: u64,
}

impl Tally {
    /// `passed / total`; 0 when nothing was asked.
    pub fn accuracy(self) -> f64 {
        self.passed as f64 / self.total.max(1) as f64
    }
}

/// AdderBoard's own suite. Every edit of a weight asks it, so that it is drawn once.
static SUITE: OnceLock<Examples> = OnceLock::new();

impl Engine<'_> {
    /// The score on AdderBoard's own suite.
    pub fn score(&self) -> Score {
        let suite =
            SUITE.get_or_init(|| Examples::new(adderboard(ADDERBOARD_SEED, ADDERBOARD_PAIRS)));
        self.scored(suite.blocks())
    }

    /// Asks the model every addition of `suite`: what [`verify`] says, from the fast path.
    pub fn verify(&self, suite: impl IntoIterator<Item = Pair>) -> Score {
        self.scored(Drawn::new(suite))
    }

    fn scored(&self, blocks: impl Blocks) -> Score {
        let mut failures = Vec::new();
        let tally = self.tally(blocks, |failure| failures.push(failure));
        let (total, passed) = (tally.total as usize, tally.passed as usize);
        Score { total, passed, failures, ..Score::default() }.finish()
    }

    /// How many additions come out right. Takes the same little memory for any number.
    pub fn accuracy_on(&self, pairs: impl IntoIterator<Item = Pair>) -> Tally {
        self.each_failure(pairs, |_| ())
    }

    /// Hands every wrong answer to `visit`, in the order asked, and keeps none.
    pub fn each_failure(
        &self,
        pairs: impl IntoIterator<Item = Pair>,
        visit: impl FnMut(Failure),
    ) -> Tally {
        self.tally(Drawn::new(pairs), visit)
    }

    /// All answers are decoded greedily: a block of greedy decodes costs the engine what a
    /// teacher-forced pass costs, so there is nothing to gain from checking first.
    fn tally(&self, blocks: impl Blocks, mut visit: impl FnMut(Failure)) -> Tally {
        let mut tally = Tally::default();
        self.each_block(blocks, Feed::Predictions, |block, predicted| {
            let right = Block::equal(predicted.iter().zip(&block.z));
            tally.total += block.len as u64;
            for (i, &(a, b)) in block.pairs[..block.len].iter().enumerate() {
                let expected = a + b;
                let got = if right[i] { expected } else { answer(predicted, i) };
                if got == expected {
                    tally.passed += 1;
                } else {
                    visit(Failure { a, b, expected, got });
                }
            }
        });
        tally
    }
}

/// Asks the plain forward every addition of `suite`, digit by digit: the reference that
/// [`Engine::verify`] is tested against.
pub fn verify(forward: &Forward, suite: impl Iterator<Item = Pair>) -> Score {
    let mut score = Score::default();
    for (a, b) in suite {
        let (expected, got) = (a + b, forward.decode(a, b));
        score.total += 1;
        if got == expected {
            score.passed += 1;
        } else {
            score.failures.push(Failure { a, b, expected, got });
        }
    }
    score.finish()
}
