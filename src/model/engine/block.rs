//! Examples side by side: one array per place in the sequence, one lane per example.

use task::addition::{ANSWER_DIGITS, DIGITS};
use task::sampling::Pair;
use wide::f32x4;

/// Examples in a block. All arrays of a block fit into the first-level cache together.
pub const LANES: usize = 64;
/// One number of every example of a block.
///
/// Made of registers, so that the kernel loads and stores whole ones; [`flat`] shows lanes.
pub type Lanes = [f32x4; LANES / 4];
/// All lanes 0.
pub const ZERO: Lanes = [f32x4::ZERO; LANES / 4];
/// One digit of every example of a block.
pub type Digits = [u8; LANES];

/// `v` in all four lanes. `f32x4::splat` is a loop over memory in a build for size.
#[inline(always)]
pub const fn splat(v: f32) -> f32x4 {
    f32x4::new([v, v, v, v])
}

/// `sum += factor · from`.
#[inline(always)]
pub(crate) fn add_scaled(sum: &mut Lanes, factor: f32, from: &Lanes) {
    let factor = splat(factor);
    sum.iter_mut().zip(from).for_each(|(s, v)| *s += factor * *v);
}

/// `sum += from`.
#[inline(always)]
pub(crate) fn add(sum: &mut Lanes, from: &Lanes) {
    sum.iter_mut().zip(from).for_each(|(s, v)| *s += *v);
}

/// The lanes one by one.
#[inline(always)]
pub fn flat(lanes: &mut Lanes) -> &mut [f32; LANES] {
    bytemuck::cast_mut(lanes)
}

/// The digits of [`LANES`] additions. Unused lanes hold 0 + 0.
pub struct Block {
    /// The additions.
    pub pairs: [Pair; LANES],
    /// How many lanes are in use.
    pub len: usize,
    /// X0…X9.
    pub x: [Digits; DIGITS],
    /// Y0…Y9.
    pub y: [Digits; DIGITS],
    /// The true Z0…Z10.
    pub z: [Digits; ANSWER_DIGITS],
    /// Carries into columns 0…10; the last is Z10.
    pub carry: [Digits; ANSWER_DIGITS],
}

impl Default for Block {
    /// A block of nothing.
    fn default() -> Block {
        Block {
            pairs: [(0, 0); LANES],
            len: 0,
            x: [[0; LANES]; DIGITS],
            y: [[0; LANES]; DIGITS],
            z: [[0; LANES]; ANSWER_DIGITS],
            carry: [[0; LANES]; ANSWER_DIGITS],
        }
    }
}

impl Block {
    /// Takes the next additions; false when there are none left.
    pub fn fill(&mut self, pairs: &mut impl Iterator<Item = Pair>) -> bool {
        self.len = 0;
        for pair in pairs.by_ref().take(LANES) {
            self.pairs[self.len] = pair;
            self.len += 1;
        }
        self.pairs[self.len..].fill((0, 0));
        if self.len > 0 {
            self.split();
        }
        self.len > 0
    }

    /// Which lanes are the same in both of all pairs of `rows`. Eight lanes are one step, which
    /// a build for size would not find by itself.
    pub fn equal<'a>(rows: impl IntoIterator<Item = (&'a Digits, &'a Digits)>) -> [bool; LANES] {
        let mut differs = [0u64; LANES / 8];
        for (got, wanted) in rows {
            let got: [u64; LANES / 8] = bytemuck::cast(*got);
            let wanted: [u64; LANES / 8] = bytemuck::cast(*wanted);
            differs.iter_mut().zip(got.iter().zip(wanted)).for_each(|(d, (g, w))| *d |= g ^ w);
        }
        let differs: Digits = bytemuck::cast(differs);
        differs.map(|d| d == 0)
    }

    /// Digits, sums and carries of the pairs.
    fn split(&mut self) {
        for (i, &(a, b)) in self.pairs.iter().enumerate() {
            let (a, b) = (digits(a), digits(b));
            for k in 0..DIGITS {
                self.x[k][i] = a[k];
                self.y[k][i] = b[k];
            }
        }
        for k in 0..DIGITS {
            for i in 0..LANES {
                let column = self.x[k][i] + self.y[k][i] + self.carry[k][i];
                let carry = u8::from(column >= 10);
                self.carry[k + 1][i] = carry;
                self.z[k][i] = column - 10 * carry;
            }
        }
        self.z[DIGITS] = self.carry[DIGITS];
    }
}

/// Blocks one after the other, some of them in the same memory.
pub trait Blocks {
    /// The next one.
    fn next(&mut self) -> Option<&Block>;
}

/// Additions that are drawn as they are asked.
pub struct Drawn<I> {
    pairs: I,
    block: Block,
}

impl<I: Iterator<Item = Pair>> Drawn<I> {
    /// Those of `pairs`.
    pub fn new(pairs: impl IntoIterator<IntoIter = I>) -> Drawn<I> {
        Drawn { pairs: pairs.into_iter(), block: Block::default() }
    }
}

impl<I: Iterator<Item = Pair>> Blocks for Drawn<I> {
    fn next(&mut self) -> Option<&Block> {
        self.block.fill(&mut self.pairs).then_some(&self.block)
    }
}

/// Additions that are asked again and again: they are drawn and taken apart once. 58 bytes
/// each.
pub struct Examples(Vec<Block>);

impl Examples {
    /// Draws `pairs`.
    pub fn new(pairs: impl IntoIterator<Item = Pair>) -> Examples {
        let (mut pairs, mut blocks) = (pairs.into_iter(), Vec::new());
        loop {
            let mut block = Block::default();
            if !block.fill(&mut pairs) {
                return Examples(blocks);
            }
            blocks.push(block);
        }
    }

    pub(crate) fn blocks(&self) -> impl Blocks {
        Kept(self.0.iter())
    }
}

struct Kept<'a>(std::slice::Iter<'a, Block>);

impl Blocks for Kept<'_> {
    fn next(&mut self) -> Option<&Block> {
        self.0.next()
    }
}

/// The two decimal digits of 0…99, lower one first.
const TWO_DIGITS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        table[n] = [(n % 10) as u8, (n / 10) as u8];
        n += 1;
    }
    table
};

/// The ten lowest decimal digits of `n`, least significant first.
#[inline(always)]
fn digits(n: u64) -> [u8; DIGITS] {
    let high = n / 100_000_000;
    let low = (n - high * 100_000_000) as u32;
    let (upper, lower) = (low / 10_000, low % 10_000);
    let pairs = [lower % 100, lower / 100, upper % 100, upper / 100, (high % 100) as u32];
    let mut digits = [0; DIGITS];
    for (k, pair) in pairs.into_iter().enumerate() {
        [digits[2 * k], digits[2 * k + 1]] = TWO_DIGITS[pair as usize];
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use task::addition::{self, MAX_SUMMAND};

    proptest! {
        #[test]
        fn a_block_spells_its_additions(a in 0..=MAX_SUMMAND, b in 0..=MAX_SUMMAND) {
            let mut block = Block::default();
            // The block is used twice: nothing of the first fill may stay.
            prop_assert!(block.fill(&mut std::iter::repeat_n((MAX_SUMMAND, MAX_SUMMAND), LANES)));
            prop_assert!(block.fill(&mut [(b, a), (a, b)].into_iter()));
            prop_assert_eq!(block.len, 2);
            let carries = addition::carries(a, b);
            for (k, carry) in carries.into_iter().enumerate() {
                prop_assert_eq!(block.z[k][1], addition::digit(a + b, k));
                prop_assert_eq!(block.carry[k][1], carry);
                prop_assert_eq!(block.z[k][2], 0);
            }
            for k in 0..DIGITS {
                prop_assert_eq!(block.x[k][1], addition::digit(a, k));
                prop_assert_eq!(block.y[k][1], addition::digit(b, k));
            }
        }
    }
}
