//! What goes wrong, and where: the data of panels 6 to 8.

use crate::config::Config;
use crate::engine::{ANSWER_ROWS, Block, Blocks, Digits, Drawn, Examples, Feed, LANES};
use crate::{Engine, Forward};
use serde::{Deserialize, Serialize};
use task::addition::{ANSWER_DIGITS, Alignment, EQUALS, SEQUENCE, carries, tokens};
use task::sampling::Pair;

/// Counts of wrong predictions under teacher forcing, by answer digit and carry-in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
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
    /// Wrong predictions of a digit by `(predicted − target) mod 10`, without and with a carry coming in.
    pub off_by_carry: [[u32; 2]; 10],
    /// Wrong predictions by the carry chain that ends at the digit: how many columns in a row before it send a carry.
    pub chain_err: [u32; ANSWER_DIGITS],
    /// Predictions by that chain.
    pub chain_tot: [u32; ANSWER_DIGITS],
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

    /// The error rate of all digits together in percent.
    pub fn mean_rate(&self) -> f64 {
        percent(self.total(), self.digit_totals.iter().sum())
    }

    /// Error rate of digit `k` with carry-in `carry`, in percent; `None` where no
    /// example had that carry.
    pub fn carry_rate(&self, k: usize, carry: usize) -> Option<f64> {
        let total = self.pos_carry_tot[k][carry];
        (total > 0).then(|| percent(self.pos_carry_err[k][carry], total))
    }

    /// Counts one example: `predicted` are the tokens of rows 21 to 32, `example` all 34.
    fn count(&mut self, alignment: Alignment, predicted: &[u8], example: &[u8], carry: &[u8]) {
        let (mut exact, mut chain) = (true, 0);
        for (k, row) in alignment.error_rows().enumerate() {
            let (got, wanted) = (predicted[row - EQUALS], example[row + 1]);
            chain = (chain + 1) * carry[k];
            self.count_predictions(k, usize::from(carry[k]), 1);
            self.chain_tot[usize::from(chain)] += 1;
            if got != wanted {
                exact = false;
                self.count_wrong(k, chain, got, wanted);
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
        let (mut wrong, mut chain) = ([false; LANES], [0; LANES]);
        for (k, row) in alignment.error_rows().enumerate() {
            let (got, wanted) = (&predicted[row - EQUALS], &targets[row - EQUALS]);
            let carry = &block.carry[k];
            let carries = carry[..block.len].iter().map(|c| u32::from(*c)).sum::<u32>();
            self.count_predictions(k, 0, block.len as u32 - carries);
            self.count_predictions(k, 1, carries);
            // No filter: its closure would be called for every lane in a build for size.
            for i in 0..block.len {
                chain[i] = (chain[i] + 1) * carry[i];
                self.chain_tot[usize::from(chain[i])] += 1;
                if got[i] != wanted[i] {
                    wrong[i] = true;
                    self.count_wrong(k, chain[i], got[i], wanted[i]);
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

    /// A wrong prediction of digit `k`, at the end of a carry chain: without one no carry comes in.
    fn count_wrong(&mut self, k: usize, chain: u8, got: u8, wanted: u8) {
        let c = usize::from(chain > 0);
        let off = (i16::from(got) - i16::from(wanted)).rem_euclid(10) as usize;
        self.digit_errors[k] += 1;
        self.carry_err[c] += 1;
        self.pos_carry_err[k][c] += 1;
        self.chain_err[usize::from(chain)] += 1;
        self.off_by[off] += 1;
        if got < 10 {
            self.off_by_carry[off][c] += 1;
        } else {
            self.not_digits += 1;
        }
    }
}

fn percent(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole.max(1))
}

/// Between which rates, in percent, the true one lies where `wrong` of `total` seeded examples are wrong: Wilson's
/// interval of 95 %, which also holds near 0 and near 100 %.
pub fn interval(wrong: u32, total: u32) -> (f64, f64) {
    /// The normal distribution's quantile of 97.5 %.
    const Z: f64 = 1.959_964;
    let (n, share) = (f64::from(total.max(1)), f64::from(wrong) / f64::from(total.max(1)));
    let spread = Z * ((share * (1.0 - share) + Z * Z / (4.0 * n)) / n).sqrt();
    let (middle, whole) = (share + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    let bound = |value: f64| (100.0 * value / whole).clamp(0.0, 100.0);
    (bound(middle - spread), bound(middle + spread))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_wilsons() {
        // Worked out apart from this code.
        let close = |found: (f64, f64), wanted: (f64, f64)| {
            let far = (found.0 - wanted.0).abs().max((found.1 - wanted.1).abs());
            assert!(far < 5e-5, "{found:?}, not {wanted:?}");
        };
        close(interval(30, 3000), (0.701_37, 1.423_96));
        close(interval(0, 3000), (0.0, 0.127_88));
        close(interval(10, 10), (72.246_72, 100.0));
    }

    #[test]
    fn wrong_digits_are_counted_by_their_carry_chain() {
        // 905 + 195 = 1100: carries come into columns 1, 2 and 3, a chain of three columns.
        let mut errors = Errors::default();
        let example =
            tokens(905, 195, task::addition::Vocabulary { size: 10, plus: 0, equals: 0, eos: 0 });
        let mut predicted: Vec<u8> = example[EQUALS + 1..].to_vec();
        predicted[2] = 0;
        predicted[5] = 1;
        errors.count(Alignment::Answer, &predicted, &example, &carries(905, 195));
        assert_eq!(errors.chain_tot[..5], [8, 1, 1, 1, 0]);
        assert_eq!(errors.chain_err[..5], [1, 0, 1, 0, 0]);
        assert_eq!(errors.off_by_carry[9], [0, 1]);
        assert_eq!(errors.off_by_carry[1], [1, 0]);
    }
}
