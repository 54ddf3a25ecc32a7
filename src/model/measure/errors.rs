//! What goes wrong, and where: the data of panels 6 to 8.

use crate::config::Config;
use crate::engine::{ANSWER_ROWS, Block, Blocks, Digits, Drawn, Examples, Feed, LANES};
use crate::{Engine, Forward};
use serde::{Deserialize, Serialize};
use task::addition::{ANSWER_DIGITS, Alignment, EQUALS, SEQUENCE, carries, tokens};
use task::sampling::Pair;

/// Counts of wrong predictions under teacher forcing, by answer digit and carry-in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// Examples.
    pub n: u32,
    /// Examples with all eleven digits right.
    pub n_exact: u32,
    /// Wrong predictions of each digit.
    pub digit_errors: [u32; ANSWER_DIGITS],
    /// Predictions of each digit.
    pub digit_totals: [u32; ANSWER_DIGITS],
    /// Wrong predictions without and with a carry coming in.
    pub carry_err: [u32; 2],
    /// Predictions without and with a carry coming in.
    pub carry_tot: [u32; 2],
    /// Wrong predictions of each digit, without and with a carry coming in.
    pub pos_carry_err: [[u32; 2]; ANSWER_DIGITS],
    /// Predictions of each digit, without and with a carry coming in.
    pub pos_carry_tot: [[u32; 2]; ANSWER_DIGITS],
    /// Wrong predictions by `(predicted − target) mod 10`.
    pub off_by: [u32; 10],
    /// Wrong predictions of a token that is no digit. They stand in `off_by` too, as in
    /// the script, though their direction means nothing.
    pub not_digits: u32,
}

impl Errors {
    /// All wrong predictions.
    pub fn total(&self) -> u32 {
        self.digit_errors.iter().sum()
    }

    /// Error rate of digit `k` in percent.
    pub fn rate(&self, k: usize) -> f64 {
        percent(self.digit_errors[k], self.digit_totals[k])
    }

    /// Error rate of digit `k` with carry-in `carry`, in percent; `None` where no
    /// example had that carry.
    pub fn carry_rate(&self, k: usize, carry: usize) -> Option<f64> {
        let total = self.pos_carry_tot[k][carry];
        (total > 0).then(|| percent(self.pos_carry_err[k][carry], total))
    }

    /// Counts one example: `predicted` are the tokens of rows 21 to 32, `example` all 34.
    fn count(&mut self, alignment: Alignment, predicted: &[u8], example: &[u8], carry: &[u8]) {
        let mut exact = true;
        for (k, row) in alignment.error_rows().enumerate() {
            let (got, wanted) = (predicted[row - EQUALS], example[row + 1]);
            let c = usize::from(carry[k]);
            self.count_predictions(k, c, 1);
            if got != wanted {
                exact = false;
                self.count_wrong(k, c, got, wanted);
            }
        }
        self.n += 1;
        self.n_exact += u32::from(exact);
    }

    /// Counts a block: `predicted` are the tokens of rows 21 to 32, `targets` what they
    /// should be.
    fn count_block(
        &mut self,
        alignment: Alignment,
        block: &Block,
        predicted: &[Digits; ANSWER_ROWS],
        targets: &[Digits; ANSWER_ROWS],
    ) {
        let mut wrong = [false; LANES];
        for (k, row) in alignment.error_rows().enumerate() {
            let (got, wanted) = (&predicted[row - EQUALS], &targets[row - EQUALS]);
            let carry = &block.carry[k];
            let carries = carry[..block.len].iter().map(|c| u32::from(*c)).sum::<u32>();
            self.count_predictions(k, 0, block.len as u32 - carries);
            self.count_predictions(k, 1, carries);
            // No filter: its closure would be called for every lane in a build for size.
            for i in 0..block.len {
                if got[i] != wanted[i] {
                    wrong[i] = true;
                    self.count_wrong(k, usize::from(carry[i]), got[i], wanted[i]);
                }
            }
        }
        self.n += block.len as u32;
        self.n_exact += wrong[..block.len].iter().map(|w| u32::from(!w)).sum::<u32>();
    }

    /// `n` predictions of digit `k` with carry-in `c`.
    fn count_predictions(&mut self, k: usize, c: usize, n: u32) {
        self.digit_totals[k] += n;
        self.carry_tot[c] += n;
        self.pos_carry_tot[k][c] += n;
    }

    fn count_wrong(&mut self, k: usize, c: usize, got: u8, wanted: u8) {
        self.digit_errors[k] += 1;
        self.carry_err[c] += 1;
        self.pos_carry_err[k][c] += 1;
        self.off_by[(i16::from(got) - i16::from(wanted)).rem_euclid(10) as usize] += 1;
        self.not_digits += u32::from(got >= 10);
    }
}

fn percent(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole.max(1))
}

/// The error counts in both alignments; one pass serves both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorsByAlignment {
    /// Rows 21…31 with the carry into the column that each predicts.
    pub answer: Errors,
    /// The script's rows 22…32, each with the carry into the column before it.
    pub script: Errors,
}

impl ErrorsByAlignment {
    /// The counts of one alignment.
    pub fn of(&self, alignment: Alignment) -> &Errors {
        match alignment {
            Alignment::Answer => &self.answer,
            Alignment::Script => &self.script,
        }
    }
}

impl Engine<'_> {
    /// Counts errors over `examples`: what [`errors`] says, from the fast path.
    pub fn errors(&self, examples: impl IntoIterator<Item = Pair>) -> ErrorsByAlignment {
        self.count_errors(Drawn::new(examples))
    }

    /// The same over examples that are kept.
    pub fn errors_in(&self, examples: &Examples) -> ErrorsByAlignment {
        self.count_errors(examples.blocks())
    }

    fn count_errors(&self, blocks: impl Blocks) -> ErrorsByAlignment {
        let mut counts = ErrorsByAlignment::default();
        let mut targets = [[self.model().config().vocabulary.eos; LANES]; ANSWER_ROWS];
        self.each_block(blocks, Feed::Truth, |block, predicted| {
            targets[..ANSWER_DIGITS].copy_from_slice(&block.z);
            counts.answer.count_block(Alignment::Answer, block, predicted, &targets);
            counts.script.count_block(Alignment::Script, block, predicted, &targets);
        });
        counts
    }
}

/// Counts errors over `examples` with the plain forward: the reference that
/// [`Engine::errors`] is tested against.
pub fn errors(
    forward: &Forward,
    config: &Config,
    examples: impl Iterator<Item = Pair>,
) -> ErrorsByAlignment {
    let mut counts = ErrorsByAlignment::default();
    for (a, b) in examples {
        let example: [u8; SEQUENCE] = tokens(a, b, config.vocabulary);
        let predicted = forward.predict(&example);
        let carry = carries(a, b);
        counts.answer.count(Alignment::Answer, &predicted, &example, &carry);
        counts.script.count(Alignment::Script, &predicted, &example, &carry);
    }
    counts
}
