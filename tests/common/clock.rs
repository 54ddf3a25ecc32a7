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

/// How many times as long `slow` takes as `fast`: the quickest run of each, in turns, which end
/// when that is more than `floor`. A machine that is busy has many turns to find a quiet moment.
pub fn lead(floor: f64, mut slow: impl FnMut(), mut fast: impl FnMut()) -> f64 {
    const FEWEST: usize = 3;
    const MOST: usize = 20;
    /// Runs of `fast` for each of `slow`, which takes many times as long.
    const EACH: usize = 4;
    let mut quick = [Duration::MAX; 2];
    for turn in 1..=MOST {
        quick = [quick[0].min(quickest(1, &mut slow)), quick[1].min(quickest(EACH, &mut fast))];
        if turn >= FEWEST && ratio(quick[0], quick[1]) > floor {
            break;
        }
    }
    ratio(quick[0], quick[1])
}

/// How many times as long `slow` takes as `fast`, and what each takes: the quickest run of each, in turns, which end when that
/// is less than `ceiling`. A machine that is busy has many turns to find a quiet moment.
pub fn lag(ceiling: f64, mut slow: impl FnMut(), mut fast: impl FnMut()) -> (f64, [Duration; 2]) {
    const FEWEST: usize = 3;
    const MOST: usize = 30;
    let mut quick = [Duration::MAX; 2];
    for turn in 1..=MOST {
        quick = [quick[0].min(quickest(1, &mut slow)), quick[1].min(quickest(1, &mut fast))];
        if turn >= FEWEST && ratio(quick[0], quick[1]) < ceiling {
            break;
        }
    }
    (ratio(quick[0], quick[1]), quick)
}

/// `long` as a multiple of `short`.
pub fn ratio(long: Duration, short: Duration) -> f64 {
    long.as_secs_f64() / short.as_secs_f64()
}
