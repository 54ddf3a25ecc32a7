//! Times that bear comparison, within one run on one machine.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::time::{Duration, Instant};

/// The quickest of `tries` runs: what the work takes when nothing else disturbs.
pub fn quickest(tries: usize, mut run: impl FnMut()) -> Duration {
    let time = |()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    std::iter::repeat_n((), tries).map(time).min().unwrap_or_default()
}

/// The quickest of `tries` runs of each, in turns: a slow moment of the machine hits both.
pub fn quickest_in_turns(
    tries: usize,
    mut one: impl FnMut(),
    mut other: impl FnMut(),
) -> [Duration; 2] {
    (0..tries).fold([Duration::MAX; 2], |[a, b], _| {
        [a.min(quickest(1, &mut one)), b.min(quickest(1, &mut other))]
    })
}

/// `long` as a multiple of `short`.
pub fn ratio(long: Duration, short: Duration) -> f64 {
    long.as_secs_f64() / short.as_secs_f64()
}
