//! Random numbers for training: the same on every machine, and kept with a saved run.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// xoshiro256++. Unlike [`PythonRandom`](task::sampling::PythonRandom) its state is four
/// words, so that saving it costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// A generator of its own for each seed.
    pub fn new(seed: u64) -> Random {
        Random(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Evenly from [0, 1), in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly from [−bound, bound).
    pub fn symmetric(&mut self, bound: f64) -> f64 {
        bound * (2.0 * self.unit() - 1.0)
    }

    /// A whole number from `least` to `most`, both included, each as likely.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        let span = most.saturating_sub(least);
        let unused = span.leading_zeros();
        if unused == u64::BITS {
            return least;
        }
        loop {
            let drawn = self.0.next_u64() >> unused;
            if drawn <= span {
                return least + drawn;
            }
        }
    }

    /// Normal with mean 0 and standard deviation `deviation`, by Box and Muller.
    pub fn normal(&mut self, deviation: f64) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.unit())).sqrt();
        deviation * radius * libm::cos(TAU * self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_do_not_change_from_version_to_version() {
        let mut random = Random::new(42);
        let drawn: Vec<u64> = (0..4).map(|_| random.between(0, 9_999_999_999)).collect();
        // The reference algorithms xoshiro256++ and SplitMix64, 34 bits at a time.
        assert_eq!(drawn, [5477303761, 2153538556, 3568553835, 9612814944]);
    }

    #[test]
    fn whole_numbers_are_even_and_reach_both_ends() {
        let mut random = Random::new(1);
        let mut counts = [0; 7];
        for _ in 0..70_000 {
            counts[random.between(3, 9) as usize - 3] += 1;
        }
        // Five standard deviations of a binomial are 463.
        assert!(counts.iter().all(|c| (9500..10_500).contains(c)), "{counts:?}");
        assert_eq!(random.between(5, 5), 5);
    }

    #[test]
    fn normal_numbers_have_their_moments() {
        let mut random = Random::new(2);
        let drawn: Vec<f64> = (0..100_000).map(|_| random.normal(0.02)).collect();
        let mean = drawn.iter().sum::<f64>() / 1e5;
        let variance = drawn.iter().map(|v| v * v).sum::<f64>() / 1e5;
        assert!(mean.abs() < 4e-4, "{mean}");
        assert!((variance / 4e-4 - 1.0).abs() < 0.03, "{variance}");
    }
}
