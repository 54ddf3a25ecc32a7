//! `adderscope prove`.

use super::certificate::certificate;
use super::files::{open, write};
use super::intervene::Switches;
use super::{Failure, print_json};
use adderscope::json;
use adderscope::model::Model;
use adderscope::model::exact::{Closest, Exact, Float32, Report};
use adderscope::numbers::words::{fixed, grouped_digits};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Finished models take milliseconds; who wants more for others says so.
pub const SECONDS: u64 = 5;
/// A day.
pub const MOST_SECONDS: u64 = 86_400;
/// Intervals that are looked at between two looks at the clock.
const LOOKS: u64 = 20_000;
/// Exit code where it is not decided, and nothing is known against it.
pub(super) const NOT_DECIDED: u8 = 3;
/// Wrong additions and rules that are printed.
const SHOWN: usize = 10;

/// What is to be decided.
pub struct Asked {
    /// Of numbers of at most so many digits.
    pub digits: usize,
    /// How long it may take.
    pub seconds: u64,
    /// Without these parts.
    pub switches: Switches,
}

/// Right on all additions, or not, or not decided.
pub fn prove(
    path: &Path,
    asked: &Asked,
    to: Option<&Path>,
    json: bool,
) -> Result<ExitCode, Failure> {
    let Asked { digits, seconds, switches } = asked;
    let model = open(path)?.model;
    let start = Instant::now();
    if let Some(named) = switches.named() {
        return without(&model, asked, &named, json);
    }
    let exact = decided(Exact::new(&model), Duration::from_secs(*seconds));
    let report = exact.report(*digits);
    let in_float32 = exact.float32(&report.near());
    let milliseconds = start.elapsed().as_micros() as f64 / 1e3;
    if let Some(to) = to {
        write(to, certificate(&model, &exact, &report).to_string().as_bytes())?;
    }
    if json {
        print_json(&json::proof(&report, in_float32, milliseconds))?;
    } else {
        print(&mut io::stdout().lock(), &model, &report, in_float32.float32)?;
    }
    Ok(code(&report))
}

fn code(report: &Report) -> ExitCode {
    if report.proven {
        ExitCode::SUCCESS
    } else if is_wrong(report) {
        ExitCode::from(1)
    } else {
        ExitCode::from(NOT_DECIDED)
    }
}

/// The same with parts switched off.
fn without(model: &Model, asked: &Asked, named: &str, json: bool) -> Result<ExitCode, Failure> {
    let Asked { digits, seconds, switches } = asked;
    let start = Instant::now();
    let under = switches.of(model)?;
    let exact = decided(Exact::under(&under), Duration::from_secs(*seconds));
    let report = exact.report(*digits);
    let in_float32 = exact.float32(&report.near());
    let milliseconds = start.elapsed().as_micros() as f64 / 1e3;
    if json {
        let told = json::proof_without(&report, in_float32, milliseconds, &switches.texts());
        print_json(&told)?;
    } else {
        let mut out = io::stdout().lock();
        writeln!(out, "{named}")?;
        print(&mut out, model, &report, in_float32.float32)?;
    }
    Ok(code(&report))
}

/// Takes steps of so many intervals until there is nothing left to do, or the time is over.
pub(super) fn go_on(most: Duration, mut step: impl FnMut(u64) -> bool) {
    let start = Instant::now();
    while !step(LOOKS) && start.elapsed() < most {}
}

/// As far as it gets in this time.
pub(super) fn decided(mut exact: Exact<'_>, most: Duration) -> Exact<'_> {
    go_on(most, |looks| exact.step(looks));
    exact
}

/// Whether some addition is known to be wrong.
fn is_wrong(report: &Report) -> bool {
    report.right_at_most != report.total || !report.counterexamples.is_empty()
}

fn print(
    out: &mut impl Write,
    model: &Model,
    report: &Report,
    in_float32: Float32,
) -> io::Result<()> {
    let name = format!("{}p", model.params().count());
    let total = match report.digits {
        10 => grouped_digits(&report.total),
        digits => format!("{} (at most {digits} digits each)", grouped_digits(&report.total)),
    };
    match &report.wrong {
        Some(_) if report.proven => {
            let all = format!("{name}: right on all {total} additions");
            writeln!(out, "{all}, proven in exact arithmetic; float32: {}", said(in_float32))?;
        }
        Some(wrong) => {
            let some = format!("{name}: wrong on exactly {} of", grouped_digits(wrong));
            writeln!(
                out,
                "{some} {total} additions, decided in exact arithmetic; float32: {}",
                said(in_float32)
            )?;
        }
        None => {
            let from = grouped_digits(&report.right_at_least);
            let to = grouped_digits(&report.right_at_most);
            writeln!(out, "{name}: not decided; right on {from} to {to} of {total} additions")?;
            let time = "--seconds gives it more time.";
            writeln!(out, "Both bounds hold in exact arithmetic. {time}")?;
        }
    }
    for c in report.counterexamples.iter().take(SHOWN) {
        writeln!(out, "{} + {} = {}, not {}", c.a, c.b, c.expected, c.got)?;
    }
    for rule in report.rules.iter().take(SHOWN) {
        writeln!(out, "Wrong where {}", json::rule(rule))?;
    }
    if report.rules.len() > SHOWN {
        writeln!(out, "and {} rules more (--json lists them)", report.rules.len() - SHOWN)?;
    }
    if let Some(Closest { a, b, digit, lead, .. }) = &report.closest {
        let lead = fixed(*lead, 3);
        writeln!(out, "Closest call: Z{digit} of {a} + {b} is right by {lead} of a logit")?;
    }
    Ok(())
}

fn said(in_float32: Float32) -> &'static str {
    match in_float32 {
        Float32::Proven => "proven",
        Float32::Refuted => "refuted",
        Float32::Open => "open",
    }
}
