//! The additions that a model learns from.

use super::curriculum::Stage;
use super::random::Random;
use task::addition::MAX_SUMMAND;
use task::sampling::Pair;

/// Fills `batch` with additions of the digits that `stage` allows; a share of `carry_mix`
/// of them are [`carry_heavy`].
pub fn batch(random: &mut Random, stage: Stage, carry_mix: f64, batch: &mut [Pair]) {
    let least = if stage.least > 1 { 10u64.pow(stage.least - 1) } else { 0 };
    let most = 10u64.pow(stage.most) - 1;
    for pair in batch {
        *pair = if random.unit() < carry_mix {
            carry_heavy(random, stage)
        } else {
            (random.between(least, most), random.between(least, most))
        };
    }
}

/// An addition with many carries, of one of four kinds, each as likely.
pub fn carry_heavy(random: &mut Random, stage: Stage) -> Pair {
    let digits = random.between(stage.least.into(), stage.most.into()) as u32;
    let (a, b) = match random.between(0, 3) {
        0 => single_carry(random, digits),
        1 => chain(random, digits),
        2 => one_digit_added(random, digits),
        _ => around_a_power(random, digits),
    };
    (a.min(MAX_SUMMAND), b.min(MAX_SUMMAND))
}

fn column(random: &mut Random, digits: u32) -> u32 {
    random.between(0, u64::from(digits) - 1) as u32
}

/// A carry in one column and in no other: digits of 5 to 9 there, of 0 to 4 elsewhere.
fn single_carry(random: &mut Random, digits: u32) -> Pair {
    let carrying = column(random, digits);
    let mut summand = || {
        (0..digits).fold(0, |sum, c| {
            let (least, most) = if c == carrying { (5, 9) } else { (0, 4) };
            sum + random.between(least, most) * 10u64.pow(c)
        })
    };
    (summand(), summand())
}

/// 99…9 and a number of up to three digits: one carry sets off the next.
fn chain(random: &mut Random, digits: u32) -> Pair {
    (10u64.pow(digits) - 1, random.between(1, 10u64.pow(digits.min(3)) - 1))
}

/// A number, and one digit other than 0 added in one column.
fn one_digit_added(random: &mut Random, digits: u32) -> Pair {
    let a = random.between(10u64.pow(digits - 1), 10u64.pow(digits) - 1);
    (a, random.between(1, 9) * 10u64.pow(column(random, digits)))
}

/// One to ten below a power of ten, and one to twenty more.
fn around_a_power(random: &mut Random, digits: u32) -> Pair {
    (10u64.pow(digits) - random.between(1, 10), random.between(1, 20))
}

#[cfg(test)]
mod tests {
    use super::*;
    use task::addition::carries;

    fn stage(least: u32, most: u32) -> Stage {
        Stage { least, most, until: None }
    }

    #[test]
    fn additions_have_the_digits_that_the_stage_allows() {
        let mut random = Random::new(3);
        let mut pairs = [(0, 0); 4000];
        batch(&mut random, stage(3, 4), 0.0, &mut pairs);
        assert!(pairs.iter().all(|(a, b)| (100..10_000).contains(a) && (100..10_000).contains(b)));
        for mix in [0.5, 1.0] {
            batch(&mut random, stage(1, 10), mix, &mut pairs);
            assert!(pairs.iter().all(|(a, b)| *a <= MAX_SUMMAND && *b <= MAX_SUMMAND));
            batch(&mut random, stage(1, 3), mix, &mut pairs);
            assert!(pairs.iter().all(|(a, b)| *a < 1000 && *b < 1000));
        }
    }

    #[test]
    fn each_kind_of_carry_heavy_addition_is_what_it_says() {
        let mut random = Random::new(4);
        for _ in 0..1000 {
            let (a, b) = single_carry(&mut random, 7);
            assert_eq!(carries(a, b).iter().sum::<u8>(), 1, "{a} + {b}");
            let (a, b) = chain(&mut random, 7);
            assert_eq!((a, a + b >= 10_000_000, b < 1000), (9_999_999, true, true));
            let (a, b) = one_digit_added(&mut random, 7);
            let digits = b.to_string();
            assert!((1_000_000..10_000_000).contains(&a) && b > 0);
            assert!(digits[1..].bytes().all(|d| d == b'0'), "{b}");
            let (a, b) = around_a_power(&mut random, 7);
            assert!((9_999_990..10_000_000).contains(&a) && (1..=20).contains(&b));
        }
    }

    #[test]
    fn the_kinds_are_drawn_evenly() {
        let mut random = Random::new(5);
        let chains = (0..8000).filter(|_| carry_heavy(&mut random, stage(8, 8)).0 == 99_999_999);
        // A quarter are chains; of pairs around a power, one in ten begins with 99999999.
        let share = chains.count() as f64 / 8000.0;
        assert!((share - 0.275).abs() < 0.03, "{share}");
    }
}
