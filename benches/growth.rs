//! Time and memory for 10³ to 10⁷ additions: `cargo bench --bench growth`. Prints one line
//! per size, tab separated, for a plot.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

#[path = "../tests/common/models.rs"]
mod models;

use adderscope::model::Engine;
use adderscope::sampling::pairs;
use std::time::Instant;

/// Largest resident memory of this process so far in KB, where the system tells.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn main() {
    println!("model\tpairs\tms\tns per pair\tpeak KB\taccuracy");
    for (name, model) in models::some() {
        let engine = Engine::new(&model);
        for exponent in 3..=7 {
            let count = 10usize.pow(exponent);
            let start = Instant::now();
            let tally = engine.accuracy_on(pairs(1, count));
            let seconds = start.elapsed().as_secs_f64();
            let peak = peak_kb().map_or_else(|| "?".into(), |kb| kb.to_string());
            println!(
                "{name}\t{count}\t{:.2}\t{:.0}\t{peak}\t{:.5}",
                seconds * 1e3,
                seconds * 1e9 / count as f64,
                tally.accuracy()
            );
        }
    }
}
