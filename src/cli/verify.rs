//! `adderscope verify`.

use super::files::{bad, open, read};
use super::{Failure, print_json, summand};
use adderscope::analysis::adderboard::Score;
use adderscope::model::Engine;
use adderscope::numbers::words::grouped;
use adderscope::task::addition::MAX_SUMMAND;
use adderscope::task::sampling::{self, ADDERBOARD_SEED, MAX_SUITE_PAIRS, Pair};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// What a model is asked.
enum Suite {
    /// AdderBoard's edge cases, and so many random pairs of a seed.
    Drawn { seed: u64, pairs: usize },
    /// The pairs of a file.
    Listed(Vec<Pair>),
}

impl Suite {
    /// `pairs` is a number, or the path of a file; a file knows no seed.
    fn new(seed: Option<&str>, pairs: &str) -> Result<Suite, Failure> {
        if !pairs.is_empty() && pairs.bytes().all(|b| b.is_ascii_digit()) {
            let count = pairs.parse().ok().filter(|&count| count <= MAX_SUITE_PAIRS);
            let pairs = count.ok_or_else(|| {
                Failure::Bad(format!("--pairs {pairs}: at most {MAX_SUITE_PAIRS} pairs are drawn"))
            })?;
            return Ok(Suite::Drawn { seed: seed_of(seed)?, pairs });
        }
        if seed.is_some() {
            let words = "--seed draws pairs, and --pairs names a file of them: leave out one";
            return Err(Failure::Bad(words.into()));
        }
        listed(Path::new(pairs)).map(Suite::Listed)
    }

    fn score(&self, engine: &Engine) -> Score {
        match self {
            Suite::Drawn { seed, pairs } => engine.verify(sampling::adderboard(*seed, *pairs)),
            Suite::Listed(pairs) => engine.verify(pairs.iter().copied()),
        }
    }

    fn seed(&self) -> Option<u64> {
        match self {
            Suite::Drawn { seed, .. } => Some(*seed),
            Suite::Listed(_) => None,
        }
    }
}

fn seed_of(seed: Option<&str>) -> Result<u64, Failure> {
    match seed {
        None => Ok(ADDERBOARD_SEED),
        Some("random") => Ok(sampling::fresh_seed()),
        Some(text) => text.parse().map_err(|_| {
            Failure::Bad(format!("--seed {text}: a seed is a whole number, or the word random"))
        }),
    }
}

/// The pairs of a file: two numbers to a line, with a space, a tab, a comma or a plus between them. Lines that are empty or
/// begin with `#` say nothing.
fn listed(path: &Path) -> Result<Vec<Pair>, Failure> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| bad(path, "pairs are text in UTF-8"))?;
    let mut pairs = Vec::new();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let pair = pair(text).ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            bad(path, format!("line {line}: {shown:?} is no pair: two whole numbers from 0 to {MAX_SUMMAND}, as in 57 + 68"))
        })?;
        pairs.push(pair);
        if pairs.len() > MAX_SUITE_PAIRS {
            return Err(bad(path, format!("more than {MAX_SUITE_PAIRS} pairs")));
        }
    }
    if pairs.is_empty() { Err(bad(path, "there are no pairs in it")) } else { Ok(pairs) }
}

fn pair(text: &str) -> Option<Pair> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+');
    let mut numbers = text.split(is_between).filter(|part| !part.is_empty()).map(summand);
    match (numbers.next()?, numbers.next()?, numbers.next()) {
        (Ok(a), Ok(b), None) => Some((a, b)),
        _ => None,
    }
}

/// AdderBoard's suite, or pairs of one's own.
pub fn verify(
    path: &Path,
    seed: Option<&str>,
    pairs: &str,
    json: bool,
) -> Result<ExitCode, Failure> {
    let suite = Suite::new(seed, pairs)?;
    let checkpoint = open(path)?;
    let engine = Engine::new(&checkpoint.model);
    let score = suite.score(&engine);
    if json {
        print_json(&adderscope::json::score(&score, suite.seed()))?;
    } else {
        let verdict = if score.qualified { "qualified" } else { "not qualified" };
        let (passed, total) = (grouped(score.passed as u64), grouped(score.total as u64));
        let of = suite.seed().map_or(String::new(), |seed| format!(" with seed {seed}"));
        writeln!(io::stdout(), "{passed} of {total} right{of}: {verdict}")?;
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
