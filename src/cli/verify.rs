//! `adderscope verify`.

use super::files::open;
use super::{Failure, print_json};
use adderscope::model::Engine;
use adderscope::numbers::words::grouped;
use adderscope::task::sampling;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// The AdderBoard suite.
pub fn verify(path: &Path, seed: &str, pairs: u64, json: bool) -> Result<ExitCode, Failure> {
    let seed = match seed {
        "random" => sampling::fresh_seed(),
        text => text.parse().map_err(|_| {
            Failure::Bad(format!("--seed {text}: a seed is a whole number, or the word random"))
        })?,
    };
    let checkpoint = open(path)?;
    let engine = Engine::new(&checkpoint.model);
    let score = engine.verify(sampling::adderboard(seed, pairs as usize));
    if json {
        print_json(&adderscope::json::score(&score, seed))?;
    } else {
        let verdict = if score.qualified { "qualified" } else { "not qualified" };
        let (passed, total) = (grouped(score.passed as u64), grouped(score.total as u64));
        writeln!(io::stdout(), "{passed} of {total} right with seed {seed}: {verdict}")?;
        for f in score.failures.iter().take(20) {
            writeln!(io::stdout(), "{} + {} = {}, not {}", f.a, f.b, f.expected, f.got)?;
        }
        if score.failures.len() > 20 {
            let more = grouped(score.failures.len() as u64 - 20);
            writeln!(io::stdout(), "and {more} more (--json lists all)")?;
        }
    }
    Ok(if score.qualified { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
