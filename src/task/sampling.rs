//! Seeded examples, the same pairs that the Python reference draws.

use crate::addition::{DIGITS, MAX_SUMMAND};
use numbers::words::grouped;
use rand_mt::Mt;
use thiserror::Error;

/// One addition: the two summands.
pub type Pair = (u64, u64);

/// Seed of the examples behind the panels.
pub const PANEL_SEED: u64 = 42;
/// Examples behind the mean attention.
pub const ATTENTION_EXAMPLES: usize = 500;
/// Examples behind the error panels.
pub const ERROR_EXAMPLES: usize = 3000;
/// Seed of AdderBoard's random pairs.
pub const ADDERBOARD_SEED: u64 = 2025;
/// Random pairs of the AdderBoard suite, after its edge cases.
pub const ADDERBOARD_PAIRS: usize = 10_000;
/// Share of the suite that must be right for a model to qualify.
pub const QUALIFYING_ACCURACY: f64 = 0.99;

/// Most random pairs of a suite that a person waits for in the page: seconds of work, not
/// minutes, where the browser is slow.
pub const MAX_PAGE_PAIRS: usize = 1_000_000;
/// Most random pairs of a suite at all: the list of its failures still fits in memory.
pub const MAX_SUITE_PAIRS: usize = 10_000_000;

/// The ten edge cases that open the AdderBoard suite.
pub const EDGE_CASES: [Pair; 10] = [
    (0, 0),
    (0, 1),
    (MAX_SUMMAND, 0),
    (MAX_SUMMAND, 1),
    (MAX_SUMMAND, MAX_SUMMAND),
    (5_000_000_000, 5_000_000_000),
    (1_111_111_111, 8_888_888_889),
    (1_234_567_890, 9_876_543_210),
    (MAX_SUMMAND, MAX_SUMMAND),
    (1, MAX_SUMMAND),
];

/// CPython's `random.Random(seed)`, as far as `randint` goes: MT19937 seeded by
/// `init_by_array`, and whole numbers drawn by rejection from `getrandbits`.
pub struct PythonRandom(Mt);

impl PythonRandom {
    /// `random.Random(seed)` for a seed that is not negative.
    pub fn new(seed: u64) -> Self {
        let words = [seed as u32, (seed >> 32) as u32];
        let used = if words[1] == 0 { 1 } else { 2 };
        Self(Mt::new_with_key(words[..used].iter().copied()))
    }

    /// `getrandbits(bits)` for 1…64 bits: whole words, lowest first, then the top bits of one more.
    fn bits(&mut self, bits: u32) -> u64 {
        let low = u64::from(self.0.next_u32() >> (32 - bits.min(32)));
        if bits <= 32 {
            return low;
        }
        low | u64::from(self.0.next_u32() >> (64 - bits)) << 32
    }

    /// `randint(0, max)`, both ends included.
    pub fn up_to(&mut self, max: u64) -> u64 {
        let bits = 64 - (max + 1).leading_zeros();
        loop {
            let drawn = self.bits(bits);
            if drawn <= max {
                return drawn;
            }
        }
    }

    /// One addition: `a`, then `b`, each `randint(0, 10**10 - 1)`.
    pub fn pair(&mut self) -> Pair {
        let a = self.up_to(MAX_SUMMAND);
        (a, self.up_to(MAX_SUMMAND))
    }

    /// One addition most of whose columns send a carry on: in four of five the two digits make 9 or more.
    pub fn carrying_pair(&mut self) -> Pair {
        let a = self.up_to(MAX_SUMMAND);
        let b = (0..DIGITS as u32).map(|k| {
            let place = 10u64.pow(k);
            let least = if self.up_to(4) < 4 { 9 - a / place % 10 } else { 0 };
            place * (least + self.up_to(9 - least))
        });
        (a, b.sum())
    }
}

/// `count` additions from `random.Random(seed)`.
pub fn pairs(seed: u64, count: usize) -> impl Iterator<Item = Pair> {
    drawn(seed, count, PythonRandom::pair)
}

/// `count` additions full of carries, from `random.Random(seed)`.
pub fn carrying_pairs(seed: u64, count: usize) -> impl Iterator<Item = Pair> {
    drawn(seed, count, PythonRandom::carrying_pair)
}

fn drawn(
    seed: u64,
    count: usize,
    draw: impl Fn(&mut PythonRandom) -> Pair,
) -> impl Iterator<Item = Pair> {
    let mut random = PythonRandom::new(seed);
    std::iter::repeat_with(move || draw(&mut random)).take(count)
}

/// What kind of additions are drawn to look for wrong answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// AdderBoard's edge cases, then random pairs.
    AdderBoard,
    /// Both numbers at random.
    Random,
    /// Most columns send a carry.
    Carries,
}

impl Draw {
    /// All of them.
    pub const ALL: [Draw; 3] = [Draw::AdderBoard, Draw::Random, Draw::Carries];

    /// Its name for the page.
    pub fn key(self) -> &'static str {
        match self {
            Draw::AdderBoard => "adderboard",
            Draw::Random => "random",
            Draw::Carries => "carries",
        }
    }

    /// What a person reads of it.
    pub fn title(self) -> &'static str {
        match self {
            Draw::AdderBoard => "AdderBoard’s",
            Draw::Random => "At random",
            Draw::Carries => "Full of carries",
        }
    }

    /// The one of this name.
    pub fn of(key: &str) -> Option<Draw> {
        Draw::ALL.into_iter().find(|draw| draw.key() == key)
    }

    /// So many random pairs of it, after AdderBoard's edge cases where it has them.
    pub fn pairs(self, seed: u64, count: usize) -> Box<dyn Iterator<Item = Pair>> {
        match self {
            Draw::AdderBoard => Box::new(adderboard(seed, count)),
            Draw::Random => Box::new(pairs(seed, count)),
            Draw::Carries => Box::new(carrying_pairs(seed, count)),
        }
    }

    /// How many additions that is.
    pub fn total(self, count: usize) -> usize {
        count + if self == Draw::AdderBoard { EDGE_CASES.len() } else { 0 }
    }
}

/// A seed that nobody chose, below 2³² so that it is easy to write down.
pub fn fresh_seed() -> u64 {
    // Without a source of randomness any seed is as good as another.
    getrandom::u32().map_or(ADDERBOARD_SEED, u64::from)
}

/// AdderBoard's suite: the edge cases, then `count` additions from `random.Random(seed)`.
pub fn adderboard(seed: u64, count: usize) -> impl Iterator<Item = Pair> {
    EDGE_CASES.into_iter().chain(pairs(seed, count))
}

/// Why a suite cannot be drawn as asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SuiteError {
    /// Not a whole number from 0 to 2⁶⁴ − 1.
    #[error("“{text}” is no seed: it takes a whole number from 0 up, such as {ADDERBOARD_SEED}")]
    Seed {
        /// What was asked for.
        text: String,
    },
    /// Not a whole number from 1 to [`MAX_PAGE_PAIRS`].
    #[error(
        "“{text}” pairs cannot be drawn: it takes a whole number from 1 to {}",
        grouped(MAX_PAGE_PAIRS as u64)
    )]
    Pairs {
        /// What was asked for.
        text: String,
    },
}

/// A number as people write it, with or without spaces between its thousands.
fn whole(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // `parse` alone would take a plus sign.
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// A seed as a person writes it.
///
/// # Errors
/// The text is no seed.
pub fn parse_seed(text: &str) -> Result<u64, SuiteError> {
    whole(text).ok_or_else(|| SuiteError::Seed { text: text.trim().to_owned() })
}

/// A number of random pairs as a person writes it.
///
/// # Errors
/// The text is no whole number from 1 to [`MAX_PAGE_PAIRS`].
pub fn parse_pairs(text: &str) -> Result<usize, SuiteError> {
    let found = whole(text).and_then(|n| usize::try_from(n).ok());
    found
        .filter(|n| (1..=MAX_PAGE_PAIRS).contains(n))
        .ok_or_else(|| SuiteError::Pairs { text: text.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_cpython_draws() {
        // python3 -c "import random; r=random.Random(42); print([(r.randint(0,10**10-1), r.randint(0,10**10-1)) for _ in range(3)])"
        let drawn: Vec<Pair> = pairs(42, 3).collect();
        assert_eq!(
            drawn,
            [
                (2_746_317_213, 8_697_354_961),
                (1_181_241_943, 958_682_846),
                (3_163_119_785, 8_963_334_018)
            ]
        );
    }

    #[test]
    fn a_seed_over_32_bits_seeds_with_two_words() {
        // python3 -c "import random; r=random.Random(2**40+7); print(r.randint(0,10**10-1), r.randint(0,99))"
        let mut random = PythonRandom::new((1 << 40) + 7);
        assert_eq!((random.up_to(MAX_SUMMAND), random.up_to(99)), (6_339_045_738, 78));
    }

    #[test]
    fn the_suite_opens_with_the_edge_cases() {
        let suite: Vec<Pair> = adderboard(ADDERBOARD_SEED, 5).collect();
        assert_eq!(suite.len(), 15);
        assert_eq!(suite[..10], EDGE_CASES);
    }

    #[test]
    fn carry_heavy_pairs_carry_more_and_longer() {
        let chains = |pairs: Vec<Pair>| -> usize {
            pairs.iter().map(|(a, b)| crate::addition::carry_chain(*a, *b)).sum()
        };
        let drawn: Vec<Pair> = carrying_pairs(1, 1000).collect();
        assert!(drawn.iter().all(|(a, b)| *a <= MAX_SUMMAND && *b <= MAX_SUMMAND));
        assert!(chains(drawn) > 3 * chains(pairs(1, 1000).collect()) / 2);
    }

    #[test]
    fn every_kind_of_draw_makes_as_many_as_it_says() {
        for draw in Draw::ALL {
            assert_eq!(Draw::of(draw.key()), Some(draw));
            assert_eq!(draw.pairs(7, 20).count(), draw.total(20));
        }
        assert_eq!(Draw::of("all"), None);
    }

    #[test]
    fn seeds_and_numbers_of_pairs_are_read_as_people_write_them() {
        assert_eq!(parse_seed(" 2025 "), Ok(2025));
        assert_eq!(parse_seed("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(parse_pairs("1 000 000"), Ok(MAX_PAGE_PAIRS));
        assert_eq!(parse_pairs(&grouped(10_000u64)), Ok(10_000));
        for text in ["", "-1", "+1", "1.5", "1e6", "seven", "18446744073709551616"] {
            assert_eq!(parse_seed(text), Err(SuiteError::Seed { text: text.into() }));
        }
        for text in ["", "0", "1000001", "-5", "ten"] {
            assert_eq!(parse_pairs(text), Err(SuiteError::Pairs { text: text.into() }));
        }
    }
}
