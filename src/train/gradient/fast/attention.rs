//! Attention as one fixed matrix: sums of what tokens hold, forward and back, all lanes of a
//! block at once.

use super::kernel::lanes_sum;
use super::row::Row;
use super::scores::{ByClass, Scores};
use super::totals::ByDigit;
use super::values::{ByToken, Values};
use model::engine::places::{CLASSES, EQUALS_CLASS, PLUS_CLASS, Z10_CLASS};
use model::engine::{ANSWER_ROWS, Block, Digits, Lanes, NEGLIGIBLE, ZERO, gather, small, splat};
use task::addition::{DIGITS, Vocabulary};
use wide::f32x4;

/// Classes whose tokens differ between examples: the digit columns, and Z10 as the last.
const COLUMNS: usize = DIGITS + 1;

fn column_class(column: usize) -> usize {
    if column == DIGITS { Z10_CLASS } else { column }
}

/// The columns that count in an answer row, each with the weight of one of its tokens.
type Columns = Vec<(usize, f32x4)>;

/// One channel of one head.
struct Channel {
    head: usize,
    slot: usize,
    /// What the channel reads from each token.
    read: [f32; 16],
    /// What PLUS and EQUALS add to each answer row.
    constants: [f32; ANSWER_ROWS],
    /// Sums of what has been read, by column.
    sums: [Lanes; COLUMNS],
    /// Gradient of `sums` since the column's answer digit has been seen, and before.
    d_sums: [Lanes; COLUMNS],
    d_before: [Lanes; COLUMNS],
    /// Gradient of `read`.
    d_read: ByDigit,
    /// Sum of the gradient of the channel's slot, by answer row.
    d_slot: [f64; ANSWER_ROWS],
}

/// Attention of one step.
pub(super) struct Attention {
    channels: Vec<Channel>,
    /// Weights by head and answer row.
    rows: Vec<[Columns; ANSWER_ROWS]>,
    /// Gradient of the weights, summed over the tokens of a class, by head.
    pub d_mix: Vec<ByClass>,
    /// Gradient of what channels read, by channel.
    pub d_read: Vec<ByToken>,
    plus: usize,
    equals: usize,
}

impl Attention {
    pub fn new(heads: usize, values: &Values, vocabulary: Vocabulary) -> Attention {
        let channel = |i: usize| Channel {
            head: values.channels.head(i),
            slot: values.channels.slot(i),
            read: [0.0; 16],
            constants: [0.0; ANSWER_ROWS],
            sums: [ZERO; COLUMNS],
            d_sums: [ZERO; COLUMNS],
            d_before: [ZERO; COLUMNS],
            d_read: ByDigit::new(),
            d_slot: [0.0; ANSWER_ROWS],
        };
        let count = values.channels.count();
        Attention {
            channels: (0..count).map(channel).collect(),
            rows: (0..heads)
                .map(|_| std::array::from_fn(|_| Vec::with_capacity(COLUMNS)))
                .collect(),
            d_mix: vec![[[0.0; CLASSES]; ANSWER_ROWS]; heads],
            d_read: vec![[0.0; 16]; count],
            plus: usize::from(vocabulary.plus),
            equals: usize::from(vocabulary.equals),
        }
    }

    /// Takes the numbers of a new step, and forgets the gradients of the last one.
    pub fn load(&mut self, scores: &Scores, values: &Values) {
        for (rows, attention) in self.rows.iter_mut().zip(&scores.attention) {
            for (columns, attention) in rows.iter_mut().zip(attention) {
                columns.clear();
                for column in 0..COLUMNS {
                    let class = column_class(column);
                    // NaN stays.
                    if !matches!(attention[class], 0.0..=NEGLIGIBLE) {
                        let weight = attention[class] * scores.scale[class];
                        columns.push((column, splat(small(weight))));
                    }
                }
            }
        }
        for (channel, read) in self.channels.iter_mut().zip(&values.read) {
            channel.read = read.map(small);
            for (constant, attention) in
                channel.constants.iter_mut().zip(&scores.attention[channel.head])
            {
                let weight = |class: usize| attention[class] * scores.scale[class];
                *constant = small(
                    weight(PLUS_CLASS) * read[self.plus] + weight(EQUALS_CLASS) * read[self.equals],
                );
            }
            channel.d_slot = [0.0; ANSWER_ROWS];
        }
        self.d_mix.fill([[0.0; CLASSES]; ANSWER_ROWS]);
        self.d_read.fill([0.0; 16]);
    }

    /// Before the first row of a block.
    pub fn start(&mut self, block: &Block) {
        let mut other = ZERO;
        for channel in &mut self.channels {
            let summands = block.x.iter().zip(&block.y);
            for (sum, (x, y)) in channel.sums.iter_mut().zip(summands) {
                gather(&channel.read, x, sum);
                gather(&channel.read, y, &mut other);
                sum.iter_mut().zip(&other).for_each(|(s, v)| *s += *v);
            }
            channel.sums[DIGITS] = ZERO;
            channel.d_sums.fill(ZERO);
        }
    }

    /// What attention writes in answer row `r`. `previous` is the token that the row reads.
    pub fn forward(&mut self, r: usize, previous: &Digits, slots: &mut [Lanes]) {
        slots.fill(ZERO);
        let mut other = ZERO;
        for channel in &mut self.channels {
            if let Some(column) = r.checked_sub(1) {
                gather(&channel.read, previous, &mut other);
                channel.sums[column].iter_mut().zip(&other).for_each(|(s, v)| *s += *v);
                channel.d_before[column] = channel.d_sums[column];
                channel.d_sums[column] = ZERO;
            }
            let (slot, constant) = (&mut slots[channel.slot], splat(channel.constants[r]));
            slot.iter_mut().for_each(|s| *s += constant);
            for (column, weight) in &self.rows[channel.head][r] {
                let sums = &channel.sums[*column];
                slot.iter_mut().zip(sums).for_each(|(s, v)| *s += *weight * *v);
            }
        }
    }

    /// From the gradient of the slots in answer row `r`.
    pub fn backward(&mut self, r: usize, row: &Row) {
        for channel in &mut self.channels {
            let d_slot = &row.d_slots[channel.slot];
            let sum = d_slot.iter().fold(f32x4::ZERO, |sum, d| sum + *d);
            channel.d_slot[r] += lanes_sum(sum);
            let d_mix = &mut self.d_mix[channel.head][r];
            for (column, weight) in &self.rows[channel.head][r] {
                let mut d_weight = f32x4::ZERO;
                let sums = channel.sums[*column].iter().zip(&mut channel.d_sums[*column]);
                for (d, (sum, d_sum)) in d_slot.iter().zip(sums) {
                    d_weight += *d * *sum;
                    *d_sum += *d * *weight;
                }
                d_mix[column_class(*column)] += lanes_sum(d_weight);
            }
        }
    }

    /// After the last row of a block.
    pub fn end(&mut self, block: &Block) {
        for (channel, d_read) in self.channels.iter_mut().zip(&mut self.d_read) {
            for (column, z) in block.z.iter().enumerate() {
                channel.d_read.add(&channel.d_sums[column], z);
                if let (Some(x), Some(y)) = (block.x.get(column), block.y.get(column)) {
                    let d = &mut channel.d_sums[column];
                    d.iter_mut().zip(&channel.d_before[column]).for_each(|(d, v)| *d += *v);
                    channel.d_read.add(d, x);
                    channel.d_read.add(d, y);
                }
            }
            channel.d_read.drain(d_read);
        }
    }

    /// After the last block: adds what PLUS and EQUALS did, and multiplies all gradients.
    pub fn finish(&mut self, factor: f64, scores: &Scores, values: &Values) {
        for ((channel, d_read), read) in
            self.channels.iter().zip(&mut self.d_read).zip(&values.read)
        {
            let attention = &scores.attention[channel.head];
            let d_mix = &mut self.d_mix[channel.head];
            for ((d_slot, d_mix), attention) in channel.d_slot.iter().zip(d_mix).zip(attention) {
                for (class, token) in [(PLUS_CLASS, self.plus), (EQUALS_CLASS, self.equals)] {
                    d_mix[class] += d_slot * read[token];
                    d_read[token] += d_slot * attention[class] * scores.scale[class];
                }
            }
        }
        self.d_mix.iter_mut().flatten().flatten().for_each(|d| *d *= factor);
        self.d_read.iter_mut().flatten().for_each(|d| *d *= factor);
    }
}
