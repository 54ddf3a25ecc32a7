//! `adderscope report` and `adderscope trace`.

use super::files::{load, open};
use super::{Failure, Reading, print_json};
use adderscope::analysis::trace;
use adderscope::figure::{Content, PANELS, Subject};
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// All analyses of a checkpoint.
pub fn report(path: &Path, reading: &Reading, json: bool) -> Result<ExitCode, Failure> {
    let loaded = load(path, reading.log.as_ref())?;
    let (report, alignment) = (&loaded.report, reading.alignment.into());
    if json {
        print_json(&adderscope::json::report(report, alignment))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    for fact in loaded.summary().facts {
        writeln!(out, "{:<28} {}", fact.label, fact.value)?;
    }
    writeln!(out)?;
    for (name, count) in &report.parameter_breakdown {
        writeln!(out, "{count:>5}  {name}")?;
    }
    let subject = Subject::new(report, alignment);
    for spec in PANELS {
        let panel = (spec.build)(&subject);
        let text = match &panel.content {
            Content::Note(note) => note,
            Content::Chart(_) => &panel.sentence,
        };
        writeln!(out, "\n{}. {}  {}\n    {text}", spec.number, spec.title, panel.aside)?;
    }
    for note in &loaded.checkpoint.about.notes {
        writeln!(out, "\nNote: {note}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One addition with every intermediate.
pub fn trace(path: &Path, (a, b): (u64, u64), json: bool) -> Result<ExitCode, Failure> {
    let trace = trace::trace(&open(path)?.model, a, b);
    if json {
        print_json(&json!(trace))?;
    } else {
        let verdict = if trace.correct { "right" } else { "wrong" };
        writeln!(io::stdout(), "{a} + {b} = {}  ({verdict}; the sum is {})", trace.answer, a + b)?;
    }
    Ok(ExitCode::SUCCESS)
}
