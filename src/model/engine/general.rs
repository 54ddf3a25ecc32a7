//! The general path. Before the FFN everything depends on (token, place) only: per answer
//! row one table of exponentiated scores, and of their products with the values, by
//! (query token, key token) of each column. An entry is one register, the score beside up to
//! three products, so that one look-up serves them all.

use super::block::{Block, Digits, LANES, Lanes, ZERO, splat};
use super::bound::{ROUNDING, ROUNDING_F64};
use super::places::{EQUALS_CLASS, PLUS_CLASS, Places, Z10_CLASS};
use super::refine::Lane;
use super::{ANSWER_ROWS, FLUSH, NEGLIGIBLE, SlotErrors, query_class, seen, small};
use task::addition::{ANSWER_DIGITS, DIGITS, ROWS};
use wide::{CmpGt, f32x4};

/// A sum of weights under this share of a row's largest possible weight may have lost
/// flushed ones: 32 of them are then at most 3e-8 of it, half an f32 rounding.
const TRUSTED: f32 = 1e-11;

/// The same in f64, where they may be [`LOST`] of the sum.
const TRUSTED_EXACT: f64 = 1e-5;
const LOST: f64 = 32.0 * FLUSH / TRUSTED_EXACT;

/// Weights are exponentiated scores over the largest possible one, times the exponential of
/// this: so that a row whose tokens are far from the largest keeps its digits, too. 32 of
/// them stay in the range of f32.
const LIFT: f64 = 80.0;

/// Scores so far under a row's largest add nothing that f64 would keep.
const FAR: f64 = 45.0;

/// Numbers of one register; the first of a head's is its sum of weights.
const GROUP: usize = 4;

/// Entries of a [`Table`]: 100 and some, so that no index needs a check.
const ENTRIES: usize = 128;

/// An entry for each `10 · query digit + key digit`.
type Table = [f32x4; ENTRIES];

/// One register of every example of a block.
type Sums = [f32x4; LANES];

/// Tables of all answer rows.
pub(super) struct General {
    /// Heads of each answer row.
    rows: Vec<Vec<Head>>,
    slots: usize,
}

/// One head in one answer row. Its numbers are the weights, then one per channel, in groups
/// of [`GROUP`].
struct Head {
    /// What PLUS and EQUALS add, by ten times the query digit; one per group.
    constants: Vec<Table>,
    /// With softmax1, which counts the largest weight that a row sees once more: the larger of the weights of PLUS and EQUALS,
    /// as the first number.
    largest: Option<Table>,
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
    /// One per group.
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
    pub fn new(places: &Places) -> (General, SlotErrors) {
        let mut errors = SlotErrors { f32: [0.0; ANSWER_ROWS], f64: [0.0; ANSWER_ROWS] };
        let rows = (0..ANSWER_ROWS)
            .map(|r| {
                let heads: Vec<Head> = (0..places.heads).map(|h| head(places, h, r)).collect();
                let columns = heads.iter().map(|head| head.columns.len()).max().unwrap_or(0);
                // Numerator and denominator, each of this many terms.
                let rounds = |columns: usize| (2 * (3 * columns + 3) + 8) as f64;
                errors.f32[r] = rounds(columns) * ROUNDING + 1e-7;
                errors.f64[r] = rounds(ANSWER_DIGITS) * ROUNDING_F64 + 2.0 * LOST;
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
            query.iter_mut().zip(&answer[r - 1]).for_each(|(q, d)| *q = 10 * d);
        }
        let (mut sums, mut share) = ([f32x4::ZERO; LANES], ZERO);
        for head in &self.rows[r] {
            let once_more = match &head.largest {
                Some(special) => head.largest_seen(special, &query, block, &answer[..r]),
                None => ZERO,
            };
            for group in 0..head.constants.len() {
                head.add(group, &query, block, &answer[..r], &mut sums);
                let channels = head.slots.iter().skip((GROUP * group).saturating_sub(1));
                for (quad, lanes) in sums.chunks_exact(GROUP).enumerate() {
                    let numbers = transposed(lanes);
                    let mut products = numbers.iter();
                    if group == 0 {
                        let weight = *products.next().unwrap_or(&f32x4::ZERO);
                        let trusted = weight.cmp_gt(splat(TRUSTED));
                        let all = f32x4::ONE / (weight + once_more[quad]);
                        share[quad] = trusted.blend(all, splat(f32::NAN));
                    }
                    for (slot, sum) in channels.clone().zip(products) {
                        slots[*slot][quad] += *sum * share[quad];
                    }
                }
            }
        }
    }
}

impl General {
    /// What attention writes in one lane, in f64.
    pub fn exact(&self, lane: &Lane, places: &Places, slots: &mut [f64]) {
        let (mut tokens, mut weights) = ([(0, 0); ROWS], [0.0; ROWS]);
        let count = visible(lane, &mut tokens);
        let (tokens, weights) = (&tokens[..count], &mut weights[..count]);
        for (h, head) in self.rows[lane.r].iter().enumerate() {
            let Some(tabled) = head.weights.get(lane.query()) else { continue };
            for (weight, (class, k)) in weights.iter_mut().zip(tokens) {
                *weight = match *class {
                    PLUS_CLASS => tabled.special[0],
                    EQUALS_CLASS => tabled.special[1],
                    Z10_CLASS => tabled.columns[DIGITS][*k],
                    class => tabled.columns[class][*k],
                };
            }
            let mut total: f64 = weights.iter().sum();
            if total <= TRUSTED_EXACT {
                let query = places.index(query_class(lane.r), lane.query());
                for (weight, (class, k)) in weights.iter_mut().zip(tokens) {
                    *weight = places.score(h, query, places.index(*class, *k));
                }
                total = exponentiate(weights);
            }
            if head.largest.is_some() {
                total += largest(weights);
            }
            for (weight, (class, k)) in weights.iter().zip(tokens) {
                // NaN goes on, and leaves the row to the plain forward.
                if *weight != 0.0 {
                    for (c, slot) in head.slots.iter().enumerate() {
                        slots[*slot] += weight / total * places.value(h, c, *class, *k);
                    }
                }
            }
        }
    }
}

/// The largest of some weights.
pub(super) fn largest(weights: &[f64]) -> f64 {
    weights.iter().copied().fold(0.0, f64::max)
}

/// Writes down classes and digits of the tokens that a lane sees, and counts them; PLUS and
/// EQUALS have digit 0.
fn visible(lane: &Lane, tokens: &mut [(usize, usize); ROWS]) -> usize {
    tokens[..2].copy_from_slice(&[(PLUS_CLASS, 0), (EQUALS_CLASS, 0)]);
    let mut count = 2;
    for j in 0..ANSWER_DIGITS {
        for k in lane.keys(j) {
            tokens[count] = (column_class(j), k);
            count += 1;
        }
    }
    count
}

/// Turns scores into weights over the largest, and gives their sum.
fn exponentiate(scores: &mut [f64]) -> f64 {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for s in scores.iter_mut() {
        *s = if *s - max < -FAR { 0.0 } else { libm::exp(*s - max) };
        total += *s;
    }
    total
}

impl Head {
    /// Adds up one group over all tokens that a row sees, given ten times the query digits
    /// and the answer digits so far.
    fn add(&self, group: usize, query: &Digits, block: &Block, answer: &[Digits], sums: &mut Sums) {
        let constants = &self.constants[group];
        sums.iter_mut().zip(query).for_each(|(s, q)| *s = entry(constants, *q, 0));
        for column in &self.columns {
            let (table, j) = (&column.tables[group], column.index);
            if let (Some(x), Some(y)) = (block.x.get(j), block.y.get(j)) {
                for (((s, q), x), y) in sums.iter_mut().zip(query).zip(x).zip(y) {
                    *s += entry(table, *q, *x) + entry(table, *q, *y);
                }
            }
            if let Some(z) = answer.get(j) {
                for ((s, q), z) in sums.iter_mut().zip(query).zip(z) {
                    *s += entry(table, *q, *z);
                }
            }
        }
    }

    /// The largest weight that each example sees: that of PLUS and EQUALS is in `special`.
    fn largest_seen(
        &self,
        special: &Table,
        query: &Digits,
        block: &Block,
        answer: &[Digits],
    ) -> Lanes {
        let mut most: Sums = [f32x4::ZERO; LANES];
        most.iter_mut().zip(query).for_each(|(m, q)| *m = entry(special, *q, 0));
        for Column { index, tables } in &self.columns {
            let Some(table) = tables.first() else { continue };
            let keys = [block.x.get(*index), block.y.get(*index), answer.get(*index)];
            for key in keys.into_iter().flatten() {
                for ((m, q), k) in most.iter_mut().zip(query).zip(key) {
                    *m = m.fast_max(entry(table, *q, *k));
                }
            }
        }
        let mut lanes = ZERO;
        for (quad, four) in lanes.iter_mut().zip(most.chunks_exact(GROUP)) {
            [*quad, ..] = transposed(four);
        }
        lanes
    }
}

/// The numbers of four examples: the first of each, the second of each, and so on.
fn transposed(lanes: &[f32x4]) -> [f32x4; GROUP] {
    let four = lanes.first_chunk().copied();
    f32x4::transpose(four.unwrap_or([f32x4::ZERO; GROUP]))
}

#[inline(always)]
fn entry(table: &Table, query: u8, key: u8) -> f32x4 {
    table[usize::from(query.wrapping_add(key)) % ENTRIES]
}

fn head(places: &Places, h: usize, r: usize) -> Head {
    let per_head = places.channels.per_head;
    let queries = places.count(query_class(r));
    let weights: Vec<Weights> = (0..queries).map(|q| query_weights(places, h, r, q)).collect();
    let number = |weight: f64, n: usize, class: usize, digit: usize| match n.checked_sub(1) {
        None => small(weight),
        Some(c) if c < per_head => small(weight * places.value(h, c, class, digit)),
        Some(_) => 0.0,
    };
    let groups = || (0..=per_head).step_by(GROUP);
    let register = |first: usize, number: &dyn Fn(usize) -> f32| {
        f32x4::new(std::array::from_fn(|i| number(first + i)))
    };
    let constants = groups().map(|first| {
        let mut table = [f32x4::ZERO; ENTRIES];
        for (sum, w) in table.iter_mut().step_by(DIGITS).zip(&weights) {
            let [plus, equals] = w.special;
            *sum = register(first, &|n| {
                number(plus, n, PLUS_CLASS, 0) + number(equals, n, EQUALS_CLASS, 0)
            });
        }
        table
    });
    let largest = places.softmax1.then(|| {
        let mut table = [f32x4::ZERO; ENTRIES];
        for (most, w) in table.iter_mut().step_by(DIGITS).zip(&weights) {
            *most = register(0, &|_| small(w.special[0].max(w.special[1])));
        }
        table
    });
    let columns = (0..ANSWER_DIGITS).filter(|&j| weights.iter().any(|w| w.counts[j])).map(|j| {
        let tables = groups().map(|first| {
            let mut table = [f32x4::ZERO; ENTRIES];
            for (entries, w) in table.chunks_exact_mut(DIGITS).zip(&weights) {
                for ((k, weight), entry) in w.columns[j].iter().enumerate().zip(entries) {
                    *entry = register(first, &|n| number(*weight, n, column_class(j), k));
                }
            }
            table
        });
        Column { index: j, tables: tables.collect() }
    });
    Head {
        constants: constants.collect(),
        largest,
        columns: columns.collect(),
        slots: (0..per_head).map(|c| places.channels.slot(h, c)).collect(),
        weights,
    }
}

/// Exponentiated scores of query digit `q` in answer row `r`, over the largest that any
/// tokens could give and lifted by [`LIFT`]; those under [`FLUSH`] are 0.
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
    let max = all.copied().fold(f64::NEG_INFINITY, f64::max) - LIFT;
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
