//! The linear path. Where queries and keys do not depend on the token, attention is one
//! fixed matrix, and what it writes is linear in one small table per (class, digit).

use super::block::{Block, Digits, Lanes, ZERO, add, add_scaled, splat};
use super::bound::{ROUNDING, ROUNDING_F64};
use super::places::{CLASSES, EQUALS_CLASS, PLUS_CLASS, Places, Z10_CLASS};
use super::refine::Lane;
use super::{ANSWER_ROWS, NEGLIGIBLE, SlotErrors, gather, query_class, seen, small};
use crate::layers::softmax_of;
use numbers::order;
use task::addition::DIGITS;

/// Classes whose tokens differ between examples: the digit columns, and Z10 as the last.
const COLUMNS: usize = DIGITS + 1;

/// By how much a score of size 1 may differ between tokens, as their equally long
/// embeddings are so to f64 rounding only; twice, as softmax passes it on.
const SCORE_ROUNDING: f64 = 1e-13;

/// Larger scores than this are not the same for all digits to a precision that is of use.
const LARGEST_SCORE: f64 = 1e4;

/// Error of a value of size 1 in f64: digits' lengths differ by up to
/// [`SAME_LENGTH`](super::SAME_LENGTH), and [`UNSEEN`] loses some.
const VALUE_ROUNDING: f64 = 4e-14;

/// In f64, attention under this is none.
const UNSEEN: f64 = 1e-17;

/// Fixed attention and per-digit values.
pub(super) struct Linear {
    channels: Vec<Channel>,
    slots: usize,
    /// Softmax weights of each head's answer rows.
    attention: Vec<[[f64; CLASSES]; ANSWER_ROWS]>,
}

/// One channel of one head.
struct Channel {
    slot: usize,
    /// What the channel reads from each digit in each column.
    values: [[f32; 16]; COLUMNS],
    rows: [Row; ANSWER_ROWS],
}

/// What an answer row adds up.
#[derive(Clone, Default)]
struct Row {
    /// The part from PLUS and EQUALS.
    constant: f32,
    /// Columns that count, with the weight of one of their tokens, lightest first: so the
    /// heavy ones are rounded least.
    weights: Vec<(usize, f32)>,
}

fn column_class(column: usize) -> usize {
    if column == DIGITS { Z10_CLASS } else { column }
}

impl Linear {
    /// Softmax over the classes, each counted as often as the row sees it (step 4). `None`
    /// where scores are so large that roundings of a digit's length move them.
    pub fn new(places: &Places) -> Option<(Linear, SlotErrors)> {
        let (mut errors, mut score) = ([0.0f64; ANSWER_ROWS], 0.0);
        let (mut channels, mut attention) = (Vec::new(), Vec::new());
        for h in 0..places.heads {
            let weights: [[f64; CLASSES]; ANSWER_ROWS] =
                std::array::from_fn(|r| class_weights(places, h, r, &mut score));
            for c in 0..places.channels.per_head {
                let rows = std::array::from_fn(|r| {
                    let (row, error) = row(&weights[r], |class| places.value(h, c, class, 0));
                    errors[r] = errors[r].max(error);
                    row
                });
                let values = std::array::from_fn(|column| {
                    let value = |digit| places.value(h, c, column_class(column), digit);
                    std::array::from_fn(|d| if d < DIGITS { small(value(d)) } else { 0.0 })
                });
                channels.push(Channel { slot: places.channels.slot(h, c), values, rows });
            }
            attention.push(weights);
        }
        let from_score = SCORE_ROUNDING * score;
        let in_f64 = from_score + VALUE_ROUNDING + 64.0 * ROUNDING_F64;
        let linear = Linear { channels, slots: places.channels.slots, attention };
        let errors = SlotErrors { f32: errors.map(|e| e + from_score), f64: [in_f64; ANSWER_ROWS] };
        (score <= LARGEST_SCORE).then_some((linear, errors))
    }

    /// What attention writes in one lane, in f64.
    pub fn exact(&self, lane: &Lane, places: &Places, slots: &mut [f64]) {
        for (h, attention) in self.attention.iter().enumerate() {
            let weights = &attention[lane.r];
            for c in 0..places.channels.per_head {
                let slot = &mut slots[places.channels.slot(h, c)];
                for class in [PLUS_CLASS, EQUALS_CLASS] {
                    *slot += weights[class] * places.value(h, c, class, 0);
                }
                for j in 0..COLUMNS {
                    let class = column_class(j);
                    if weights[class] > UNSEEN {
                        let sum: f64 = lane.keys(j).map(|k| places.value(h, c, class, k)).sum();
                        *slot += weights[class] * sum;
                    }
                }
            }
        }
    }

    /// Lanes that [`Linear::row`] needs from row to row.
    pub fn scratch(&self) -> usize {
        self.channels.len() * COLUMNS
    }

    /// Sums of X and Y by channel and column, before any answer digit is known.
    pub fn start(&self, block: &Block, sums: &mut [Lanes]) {
        let mut other = ZERO;
        for (channel, sums) in self.channels.iter().zip(sums.chunks_exact_mut(COLUMNS)) {
            let summands = block.x.iter().zip(&block.y).zip(&channel.values);
            for (sum, ((x, y), values)) in sums.iter_mut().zip(summands) {
                gather(values, x, sum);
                gather(values, y, &mut other);
                add(sum, &other);
            }
            sums[DIGITS] = ZERO;
        }
    }

    /// What attention writes in answer row `r`, by slot. `previous` is the digit that the
    /// row reads, of use from row 1 on.
    pub fn row(&self, r: usize, previous: &Digits, sums: &mut [Lanes], slots: &mut [Lanes]) {
        slots[..self.slots].fill(ZERO);
        let mut other = ZERO;
        for (channel, sums) in self.channels.iter().zip(sums.chunks_exact_mut(COLUMNS)) {
            if r > 0 {
                gather(&channel.values[r - 1], previous, &mut other);
                add(&mut sums[r - 1], &other);
            }
            let slot = &mut slots[channel.slot];
            let row = &channel.rows[r];
            slot.iter_mut().for_each(|s| *s += splat(row.constant));
            for (column, weight) in &row.weights {
                add_scaled(slot, *weight, &sums[*column]);
            }
        }
    }
}

/// A row of one channel, and the error of its sum: `special` are the values of PLUS and
/// EQUALS, all values are at most 1.
fn row(weights: &[f64; CLASSES], special: impl Fn(usize) -> f64) -> (Row, f64) {
    let constant = [PLUS_CLASS, EQUALS_CLASS].map(|class| weights[class] * special(class));
    let of_column = |column| weights[column_class(column)];
    let columns: Vec<(usize, f64)> =
        order::rising(&std::array::from_fn::<_, COLUMNS, _>(of_column))
            .into_iter()
            .map(|column| (column, of_column(column)))
            // NaN stays, and puts the row in doubt.
            .filter(|(_, weight)| !matches!(*weight, 0.0..=NEGLIGIBLE))
            .collect();
    // Each term is rounded in its two tables, twice in its column's sum of three, in its
    // product, and in every sum from there on.
    let rounds = |i: usize| (columns.len() - i + 5) as f64;
    let terms = columns.iter().enumerate().map(|(i, (_, weight))| 3.0 * weight * rounds(i));
    let first = (weights[PLUS_CLASS] + weights[EQUALS_CLASS]) * rounds(0);
    let error = ROUNDING * (first + terms.sum::<f64>()) + 64.0 * NEGLIGIBLE;
    let weights = columns.iter().map(|(column, weight)| (*column, small(*weight))).collect();
    (Row { constant: small(constant.iter().sum()), weights }, error)
}

/// Softmax weight of one token of each class in answer row `r` of head `h`.
fn class_weights(places: &Places, h: usize, r: usize, largest: &mut f64) -> [f64; CLASSES] {
    let query = places.index(query_class(r), 0);
    let mut scores = Vec::with_capacity(3 * CLASSES);
    let mut first = [usize::MAX; CLASSES];
    for (class, first) in first.iter_mut().enumerate() {
        let score = places.score(h, query, places.index(class, 0));
        *first = scores.len();
        scores.extend(std::iter::repeat_n(score, seen(class, r)));
    }
    *largest = scores.iter().fold(*largest, |m, s| m.max(s.abs()));
    softmax_of(places.softmax1, &mut scores);
    std::array::from_fn(|class| if seen(class, r) > 0 { scores[first[class]] } else { 0.0 })
}
