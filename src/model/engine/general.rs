//! The general path. Before the FFN everything depends on (token, place) only: per answer
//! row one table of exponentiated scores, and of their products with the values, by
//! (query token, key token) of each column.

use super::block::{Block, Digits, LANES, Lanes, ZERO, flat, splat};
use super::bound::ROUNDING;
use super::places::{EQUALS_CLASS, PLUS_CLASS, Places, Z10_CLASS};
use super::refine::Lane;
use super::{ANSWER_ROWS, FLUSH, NEGLIGIBLE, gather, query_class, seen, small};
use crate::addition::{ANSWER_DIGITS, DIGITS};
use wide::{CmpGt, f32x4};

/// A sum of weights under this share of a row's largest possible weight may have lost
/// flushed ones: 32 of them are then at most 3e-8 of it, half an f32 rounding.
const TRUSTED: f32 = 1e-11;

/// The same for [`General::exact`], which may lose 1e-6 of what [`General::row`] may.
const TRUSTED_EXACT: f64 = 1e-5;

/// A number for each `query digit << 4 | key digit`.
type Table = [f32; 256];

/// Tables of all answer rows.
pub(super) struct General {
    /// Heads of each answer row.
    rows: Vec<Vec<Head>>,
    slots: usize,
}

/// One head in one answer row.
struct Head {
    /// What PLUS and EQUALS add, by query digit: weights first, then one per channel.
    constants: Vec<[f32; 16]>,
    /// Columns that count.
    columns: Vec<Column>,
    /// The slot of each channel.
    slots: Vec<usize>,
    /// The same weights in f64, by query digit.
    weights: Vec<Weights>,
}

/// One column of keys.
struct Column {
    /// 0…9, or 10 for Z10 itself.
    index: usize,
    /// Weights first, then one table per channel.
    tables: Vec<Table>,
}

/// The weights of one query digit on every column's digits, PLUS and EQUALS.
struct Weights {
    columns: [[f64; DIGITS]; ANSWER_DIGITS],
    special: [f64; 2],
    /// Whether some digit of a column gets more than a negligible share.
    counts: [bool; ANSWER_DIGITS],
}

fn column_class(column: usize) -> usize {
    if column == DIGITS { Z10_CLASS } else { column }
}

impl General {
    /// Exponentiates all scores. Also gives the relative error of each answer row's slots.
    pub fn new(places: &Places) -> (General, [f64; ANSWER_ROWS]) {
        let mut errors = [0.0; ANSWER_ROWS];
        let rows = (0..ANSWER_ROWS)
            .map(|r| {
                let heads: Vec<Head> = (0..places.heads).map(|h| head(places, h, r)).collect();
                let columns = heads.iter().map(|head| head.columns.len()).max().unwrap_or(0);
                // Numerator and denominator, each of this many terms.
                errors[r] = (2 * (3 * columns + 2) + 8) as f64 * ROUNDING + 1e-7;
                heads
            })
            .collect();
        (General { rows, slots: places.channels.slots }, errors)
    }

    /// What attention writes in answer row `r`, by slot, given the answer digits `seen` so
    /// far. Where too much was flushed the result is NaN, so that the plain forward decides.
    pub fn row(&self, r: usize, block: &Block, answer: &[Digits], slots: &mut [Lanes]) {
        slots[..self.slots].fill(ZERO);
        let mut query = [0; LANES];
        if r > 0 {
            query.iter_mut().zip(&answer[r - 1]).for_each(|(q, d)| *q = d << 4);
        }
        let tokens = if r > 0 { answer[r - 1] } else { [0; LANES] };
        let (mut weight, mut sum) = (ZERO, ZERO);
        for head in &self.rows[r] {
            head.add(0, &tokens, &query, r, block, answer, &mut weight);
            for w in &mut weight {
                let trusted = w.cmp_gt(splat(TRUSTED));
                *w = trusted.blend(f32x4::ONE / *w, splat(f32::NAN));
            }
            for (c, slot) in head.slots.iter().enumerate() {
                head.add(1 + c, &tokens, &query, r, block, answer, &mut sum);
                for ((s, v), w) in slots[*slot].iter_mut().zip(&sum).zip(&weight) {
                    *s += *v * *w;
                }
            }
        }
    }
}

impl General {
    /// What attention writes in one lane, in f64; false where too much was flushed.
    pub fn exact(&self, lane: &Lane, places: &Places, slots: &mut [f64]) -> bool {
        let mut trusted = true;
        for (h, head) in self.rows[lane.r].iter().enumerate() {
            let weights = &head.weights[lane.query()];
            let [plus, equals] = weights.special;
            let mut total = plus + equals;
            let mut sums: Vec<f64> = (0..head.slots.len())
                .map(|c| {
                    let value = |class| places.value(h, c, class, 0);
                    plus * value(PLUS_CLASS) + equals * value(EQUALS_CLASS)
                })
                .collect();
            for (j, column) in weights.columns.iter().enumerate() {
                for k in lane.keys(j) {
                    total += column[k];
                    for (c, sum) in sums.iter_mut().enumerate() {
                        *sum += column[k] * places.value(h, c, column_class(j), k);
                    }
                }
            }
            trusted &= total > TRUSTED_EXACT;
            for (sum, slot) in sums.iter().zip(&head.slots) {
                slots[*slot] += sum / total;
            }
        }
        trusted
    }
}

impl Head {
    /// Adds up table `t` (weights, or one channel) over all tokens that row `r` sees.
    #[expect(clippy::too_many_arguments, reason = "the inner loop's data, nothing else")]
    fn add(
        &self,
        t: usize,
        tokens: &Digits,
        query: &Digits,
        r: usize,
        block: &Block,
        answer: &[Digits],
        sum: &mut Lanes,
    ) {
        gather(&self.constants[t], tokens, sum);
        for column in &self.columns {
            let (table, j) = (&column.tables[t], column.index);
            if j < DIGITS {
                add_keys(table, query, &block.x[j], sum);
                add_keys(table, query, &block.y[j], sum);
            }
            if j < r {
                add_keys(table, query, &answer[j], sum);
            }
        }
    }
}

fn add_keys(table: &Table, query: &Digits, key: &Digits, sum: &mut Lanes) {
    for ((s, q), k) in flat(sum).iter_mut().zip(query).zip(key) {
        *s += table[usize::from(q | k)];
    }
}

fn head(places: &Places, h: usize, r: usize) -> Head {
    let per_head = places.channels.per_head;
    let queries = places.count(query_class(r));
    let weights: Vec<Weights> = (0..queries).map(|q| query_weights(places, h, r, q)).collect();
    let channel = |weight: f64, c: Option<usize>, class: usize, digit: usize| match c {
        None => small(weight),
        Some(c) => small(weight * places.value(h, c, class, digit)),
    };
    let kinds = || std::iter::once(None).chain((0..per_head).map(Some));
    let constants = kinds().map(|c| {
        let mut by_query = [0.0; 16];
        for (sum, w) in by_query.iter_mut().zip(&weights) {
            *sum =
                channel(w.special[0], c, PLUS_CLASS, 0) + channel(w.special[1], c, EQUALS_CLASS, 0);
        }
        by_query
    });
    let columns = (0..ANSWER_DIGITS).filter(|&j| weights.iter().any(|w| w.counts[j])).map(|j| {
        let tables = kinds().map(|c| {
            let mut table = [0.0; 256];
            for (q, w) in weights.iter().enumerate() {
                for (k, weight) in w.columns[j].iter().enumerate() {
                    table[q << 4 | k] = channel(*weight, c, column_class(j), k);
                }
            }
            table
        });
        Column { index: j, tables: tables.collect() }
    });
    Head {
        constants: constants.collect(),
        columns: columns.collect(),
        slots: (0..per_head).map(|c| places.channels.slot(h, c)).collect(),
        weights,
    }
}

/// Exponentiated scores of query digit `q` in answer row `r`, over the largest that any
/// tokens could give; those under [`FLUSH`] are 0.
fn query_weights(places: &Places, h: usize, r: usize, q: usize) -> Weights {
    let query = places.index(query_class(r), q);
    let score = |class, k| places.score(h, query, places.index(class, k));
    let mut columns = [[f64::NEG_INFINITY; DIGITS]; ANSWER_DIGITS];
    for (j, column) in columns.iter_mut().enumerate() {
        let class = column_class(j);
        if seen(class, r) > 0 {
            *column = std::array::from_fn(|k| score(class, k));
        }
    }
    if r == ANSWER_DIGITS {
        // Z10 sees itself: the key is the query's own token.
        let own = columns[DIGITS][q];
        columns[DIGITS] = [f64::NEG_INFINITY; DIGITS];
        columns[DIGITS][q] = own;
    }
    let mut special = [score(PLUS_CLASS, 0), score(EQUALS_CLASS, 0)];
    let all = columns.iter().flatten().chain(&special);
    let max = all.copied().fold(f64::NEG_INFINITY, f64::max);
    let flush = libm::log(FLUSH);
    for s in columns.iter_mut().flatten().chain(&mut special) {
        *s = if *s - max < flush { 0.0 } else { libm::exp(*s - max) };
    }
    let least: f64 = (0..DIGITS)
        .map(|j| seen(j, r) as f64 * columns[j].iter().copied().fold(f64::INFINITY, f64::min))
        .sum::<f64>()
        + special[0]
        + special[1];
    let counts = std::array::from_fn(|j| {
        let most = columns[j].iter().copied().fold(0.0, f64::max);
        most > NEGLIGIBLE * least
    });
    Weights { columns, special, counts }
}
