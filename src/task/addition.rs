//! The task: two 10-digit numbers and their sum as 34 tokens.
//!
//! Digits stand least significant first:
//! `X0…X9 + Y0…Y9 = Z0…Z9 Z10 EOS`. This file is the one definition of that
//! layout, of its labels and of the two ways to read answer rows.

use serde::{Deserialize, Serialize};

/// Digits of one summand.
pub const DIGITS: usize = 10;
/// Digits of a sum: Z0…Z9 and the carry-out Z10.
pub const ANSWER_DIGITS: usize = DIGITS + 1;
/// Tokens of one example, EOS included.
pub const SEQUENCE: usize = 34;
/// Input rows under teacher forcing: all tokens but the last.
pub const ROWS: usize = SEQUENCE - 1;
/// Index of PLUS.
pub const PLUS: usize = DIGITS;
/// Index of Y0.
pub const Y0: usize = PLUS + 1;
/// Index of EQUALS, the row that predicts Z0.
pub const EQUALS: usize = Y0 + DIGITS;
/// Index of Z0.
pub const Z0: usize = EQUALS + 1;
/// Index of Z10, the carry-out; this row predicts EOS.
pub const Z10: usize = Z0 + DIGITS;
/// Index of EOS; a target only, never an input row.
pub const EOS: usize = Z10 + 1;
/// Tokens of the prompt `X + Y =`.
pub const PROMPT: usize = Z0;
/// The largest summand, 9 999 999 999.
pub const MAX_SUMMAND: u64 = 10u64.pow(DIGITS as u32) - 1;

/// What a place in the sequence holds. Colours and marker shapes follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A digit of the first number.
    X,
    /// A digit of the second number.
    Y,
    /// A digit Z0…Z9 of the answer.
    Z,
    /// The carry-out Z10.
    CarryOut,
    /// PLUS, EQUALS or EOS.
    Special,
}

impl Group {
    /// All groups, in the order of legends.
    pub const ALL: [Group; 5] = [Group::X, Group::Y, Group::Z, Group::CarryOut, Group::Special];

    /// The group of place `index` (0…33) in the sequence.
    pub fn of(index: usize) -> Group {
        match index {
            0..PLUS => Group::X,
            Y0..EQUALS => Group::Y,
            Z0..Z10 => Group::Z,
            Z10 => Group::CarryOut,
            PLUS | EQUALS | EOS.. => Group::Special,
        }
    }

    /// The word for legends.
    pub fn label(self) -> &'static str {
        match self {
            Group::X => "X",
            Group::Y => "Y",
            Group::Z => "Z",
            Group::CarryOut => "Z10",
            Group::Special => "special",
        }
    }
}

/// The label of place `index` (0…33): `X3`, `+`, `Y0`, `=`, `Z10`, `EOS`.
pub fn label(index: usize) -> String {
    match index {
        0..PLUS => format!("X{index}"),
        PLUS => "+".into(),
        Y0..EQUALS => format!("Y{}", index - Y0),
        EQUALS => "=".into(),
        Z0..=Z10 => format!("Z{}", index - Z0),
        _ => "EOS".into(),
    }
}

/// The label that the original script prints at place `index`. Its list has
/// `Zhi` inserted at index 10, so all labels from there on are one place late.
pub fn script_label(index: usize) -> String {
    match index {
        0..10 => format!("X{index}"),
        10 => "Zhi".into(),
        11 => "+".into(),
        12..22 => format!("Y{}", index - 12),
        22 => "=".into(),
        23..=33 => format!("A{}", index - 23),
        _ => "EOS".into(),
    }
}

/// The group that the script paints place `index` in, by its late label.
pub fn script_group(index: usize) -> Group {
    match index {
        0..10 => Group::X,
        10 => Group::CarryOut,
        12..22 => Group::Y,
        23..=33 => Group::Z,
        11 | 22 | 34.. => Group::Special,
    }
}

/// How answer rows are chosen and named.
///
/// The script labels rows one place late. `Answer` is right; `Script` is there to
/// reproduce the script's figure number for number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// Rows 21…31, named after the digit that they predict: Z0…Z10.
    #[default]
    Answer,
    /// The script's choice of rows, with its names A0, A1, ….
    Script,
}

impl Alignment {
    /// Both alignments, the default first.
    pub const ALL: [Alignment; 2] = [Alignment::Answer, Alignment::Script];

    /// The word used in URLs, options and files.
    pub fn name(self) -> &'static str {
        match self {
            Alignment::Answer => "answer",
            Alignment::Script => "script",
        }
    }

    /// What a switch calls it.
    pub fn title(self) -> &'static str {
        match self {
            Alignment::Answer => "By predicted digit",
            Alignment::Script => "As MicroAdder's script",
        }
    }

    /// Why the two differ, said for a reader who looks at this one.
    pub fn explanation(self) -> &'static str {
        match self {
            Alignment::Answer => {
                "Rows are named after the digit that they predict: the row that reads EQUALS \
                 predicts Z0. MicroAdder's script names them one place late, so its figure seems \
                 to say that the model looks at X(i+2) and Y(i+1); both are the digit's own column."
            }
            Alignment::Script => {
                "Rows and labels as in the Python script that MicroAdder's author looks into \
                 checkpoints with. They are one place late: its Zhi is PLUS, its = is Z0, its A10 \
                 is EOS. It never tests Z0, and pairs each digit with the carry into the column \
                 before. Use it to compare with the script's figure only."
            }
        }
    }

    /// The label of place `index` of the sequence.
    pub fn place_label(self, index: usize) -> String {
        match self {
            Alignment::Answer => label(index),
            Alignment::Script => script_label(index),
        }
    }

    /// The group that place `index` is coloured by.
    pub fn place_group(self, index: usize) -> Group {
        match self {
            Alignment::Answer => Group::of(index),
            Alignment::Script => script_group(index),
        }
    }

    /// The name of answer row `k`: the predicted digit, or the script's A-number.
    pub fn row_label(self, k: usize) -> String {
        match self {
            Alignment::Answer => format!("Z{k}"),
            Alignment::Script => format!("A{k}"),
        }
    }

    /// Input rows that the attention panels show (4 and 5). The script starts
    /// two rows late, so the eleventh row would be past the input.
    pub fn attention_rows(self) -> std::ops::Range<usize> {
        match self {
            Alignment::Answer => EQUALS..Z10,
            Alignment::Script => Z0 + 1..ROWS,
        }
    }

    /// Input rows whose predictions the error panels count (6 to 8). The script
    /// starts one row late: it skips Z0 and counts EOS as a digit.
    pub fn error_rows(self) -> std::ops::Range<usize> {
        match self {
            Alignment::Answer => EQUALS..Z10,
            Alignment::Script => Z0..ROWS,
        }
    }
}

/// The token numbers of PLUS, EQUALS and EOS, which depend on the vocabulary size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Rows of the token table.
    pub size: usize,
    /// Token of PLUS.
    pub plus: u8,
    /// Token of EQUALS.
    pub equals: u8,
    /// Token of EOS.
    pub eos: u8,
}

impl Vocabulary {
    /// Vocabulary sizes that occur.
    pub const SIZES: [usize; 3] = [10, 12, 14];

    /// The vocabulary of `size` tokens; `None` unless 10, 12 or 14.
    pub fn of_size(size: usize) -> Option<Vocabulary> {
        let (plus, equals, eos) = match size {
            10 => (0, 0, 0),
            12 => (0, 0, 10),
            14 => (10, 11, 12),
            _ => return None,
        };
        Some(Vocabulary { size, plus, equals, eos })
    }
}

/// Decimal digit `k` of `n`, least significant first.
pub fn digit(n: u64, k: usize) -> u8 {
    (n / 10u64.pow(k as u32) % 10) as u8
}

/// The 34 tokens of `a + b = sum EOS`.
///
/// Both summands must be at most [`MAX_SUMMAND`]; higher digits are ignored.
pub fn tokens(a: u64, b: u64, vocabulary: Vocabulary) -> [u8; SEQUENCE] {
    let sum = a + b;
    let mut tokens = [0; SEQUENCE];
    for k in 0..DIGITS {
        tokens[k] = digit(a, k);
        tokens[Y0 + k] = digit(b, k);
    }
    for k in 0..ANSWER_DIGITS {
        tokens[Z0 + k] = digit(sum, k);
    }
    tokens[PLUS] = vocabulary.plus;
    tokens[EQUALS] = vocabulary.equals;
    tokens[EOS] = vocabulary.eos;
    tokens
}

/// Carries into columns 0…10: `c0 = 0`, `c(i+1) = (Xi + Yi + ci) ≥ 10`. The last is Z10.
pub fn carries(a: u64, b: u64) -> [u8; ANSWER_DIGITS] {
    let mut carries = [0; ANSWER_DIGITS];
    for k in 0..DIGITS {
        carries[k + 1] = u8::from(digit(a, k) + digit(b, k) + carries[k] >= 10);
    }
    carries
}

/// The longest run of columns that send a carry, each into the next: 0 to 10.
pub fn carry_chain(a: u64, b: u64) -> usize {
    let (mut run, mut longest) = (0, 0);
    for carry in carries(a, b) {
        run = if carry == 1 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The number that answer tokens spell, least significant first. Reading stops at
/// the first token that is not a digit, as the reference decoder does.
pub fn number(answer: &[u8]) -> u64 {
    let mut value = 0;
    for (k, &token) in answer.iter().take(ANSWER_DIGITS).take_while(|&&t| t < 10).enumerate() {
        value += u64::from(token) * 10u64.pow(k as u32);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_name_the_layout() {
        let labels: Vec<String> = (0..SEQUENCE).map(label).collect();
        assert_eq!(
            labels.join(" "),
            "X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 + Y0 Y1 Y2 Y3 Y4 Y5 Y6 Y7 Y8 Y9 = \
             Z0 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 EOS"
        );
    }

    #[test]
    fn script_labels_are_one_late_from_plus_on() {
        for index in PLUS + 1..SEQUENCE {
            let late = script_label(index).replace('A', "Z");
            assert_eq!(late, if index == Y0 { "+".into() } else { label(index - 1) });
        }
        assert_eq!(script_label(PLUS), "Zhi");
    }

    #[test]
    fn both_alignments_count_eleven_digits_and_attention_shows_what_exists() {
        assert_eq!(Alignment::Answer.error_rows(), 21..32);
        assert_eq!(Alignment::Script.error_rows(), 22..33);
        assert_eq!(Alignment::Answer.attention_rows(), 21..32);
        assert_eq!(Alignment::Script.attention_rows(), 23..33);
    }

    #[test]
    fn special_tokens_follow_the_vocabulary() {
        let at = |size| {
            let t = tokens(1, 2, Vocabulary::of_size(size).unwrap());
            (t[PLUS], t[EQUALS], t[EOS])
        };
        assert_eq!(at(10), (0, 0, 0));
        assert_eq!(at(12), (0, 0, 10));
        assert_eq!(at(14), (10, 11, 12));
        assert_eq!(Vocabulary::of_size(11), None);
    }

    #[test]
    fn the_longest_run_of_carries_is_found() {
        assert_eq!(carry_chain(57, 68), 2);
        assert_eq!(carry_chain(0, 0), 0);
        assert_eq!(carry_chain(MAX_SUMMAND, 1), 10);
        // Two runs, of one and of three columns.
        assert_eq!(carry_chain(905, 195), 3);
        assert_eq!(carry_chain(90_005, 10_005), 1);
    }

    #[test]
    fn reading_stops_at_a_token_that_is_no_digit() {
        assert_eq!(number(&[3, 2, 1, 12, 5]), 123);
        assert_eq!(number(&[12]), 0);
    }

    proptest! {
        #[test]
        fn tokens_spell_the_sum(a in 0..=MAX_SUMMAND, b in 0..=MAX_SUMMAND) {
            let t = tokens(a, b, Vocabulary::of_size(10).unwrap());
            prop_assert_eq!(number(&t[Z0..EOS]), a + b);
            prop_assert_eq!(number(&t[..DIGITS]), a);
            prop_assert_eq!(number(&t[Y0..EQUALS]), b);
        }

        #[test]
        fn carries_make_the_column_sums_right(a in 0..=MAX_SUMMAND, b in 0..=MAX_SUMMAND) {
            let c = carries(a, b);
            prop_assert_eq!(c[0], 0);
            for k in 0..DIGITS {
                let column = digit(a, k) + digit(b, k) + c[k];
                prop_assert_eq!(digit(a + b, k), column % 10);
                prop_assert_eq!(c[k + 1], column / 10);
            }
            prop_assert_eq!(u64::from(c[DIGITS]), (a + b) / 10u64.pow(DIGITS as u32));
        }
    }
}
