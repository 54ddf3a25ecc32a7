//! `adderscope report`, `adderscope trace` and `adderscope explain`.

use super::files::{load, open, say_of};
use super::{Failure, Reading, print_json};
use adderscope::analysis::explain::{
    Addend, Explanation, Factor, Rule, Unexplained, entered_text, explain_text,
};
use adderscope::analysis::trace;
use adderscope::figure::{Content, FIGURE, Subject};
use adderscope::numbers::words::exact;
use adderscope::task::item::Item;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// All analyses of a checkpoint.
pub fn report(path: &Path, reading: &Reading, json: bool) -> Result<ExitCode, Failure> {
    let loaded = load(path, reading.log.as_ref())?;
    let (report, alignment) = (&loaded.report, reading.alignment.into());
    if json {
        say_of(&loaded);
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
    for spec in FIGURE {
        let panel = spec.panel(&subject);
        let text = match &panel.content {
            Content::Note(note) => note,
            Content::Chart(_) => &panel.sentence,
        };
        writeln!(out, "\n{}. {}  {}\n    {text}", spec.number, spec.title, panel.aside)?;
    }
    let summary = loaded.summary();
    let aside = summary.aside.iter().map(|aside| &aside.sentence);
    for note in summary.notes.iter().chain(aside) {
        writeln!(out, "\nNote: {note}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One addition with every intermediate.
pub fn trace(path: &Path, (a, b): (u64, u64), json: bool) -> Result<ExitCode, Failure> {
    let trace = trace::trace(&open(path)?.model, a, b);
    if json {
        print_json(&adderscope::json::trace(&trace))?;
    } else {
        let verdict = if trace.correct { "right" } else { "wrong" };
        writeln!(io::stdout(), "{a} + {b} = {}  ({verdict}; the sum is {})", trace.answer, a + b)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How one number was made.
pub fn explain(
    path: &Path,
    (a, b): (u64, u64),
    item: &str,
    json: bool,
) -> Result<ExitCode, Failure> {
    let model = open(path)?.model;
    let bad = |e: Unexplained| Failure::Bad(e.to_string());
    let explanation = explain_text(&model, a, b, item).map_err(bad)?;
    let enters = entered_text(&model, a, b, item).map_err(bad)?;
    if json {
        print_json(&adderscope::json::explanation((a, b), &explanation, &enters))?;
        return Ok(ExitCode::SUCCESS);
    }
    let Explanation { item, value, formula, rule, scale, terms } = &explanation;
    let mut out = io::stdout().lock();
    writeln!(out, "{item} = {}  in {a} + {b}", exact(*value))?;
    writeln!(out, "{formula}")?;
    for Addend { value, factors, .. } in terms {
        writeln!(out, "{:>12}  {}", exact(*value), product(factors))?;
    }
    let sum = exact(terms.iter().map(|term| term.value).sum());
    match rule {
        Rule::Given => {}
        Rule::Sum => writeln!(out, "{sum:>12}  the sum")?,
        Rule::Cos => writeln!(out, "{sum:>12}  the sum, of which the cosine")?,
        Rule::Sin => writeln!(out, "{sum:>12}  the sum, of which the sine")?,
        Rule::Gelu => writeln!(out, "{sum:>12}  the sum, of which GELU")?,
        Rule::Share { term } => {
            let own = terms.get(*term).map_or("", |term| &term.label);
            writeln!(out, "{sum:>12}  the sum, of which the share of {own}")?;
        }
    }
    if !scale.is_empty() {
        writeln!(out, "{:>12}  times {}", "", product(scale))?;
    }
    if !enters.is_empty() {
        let enters: Vec<String> = enters.iter().map(Item::to_string).collect();
        writeln!(out, "enters {}", enters.join(", "))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Factors with their numbers: `fc1.weight (0.5) · ffn_input:Z4/0 (2)`.
fn product(factors: &[Factor]) -> String {
    let factor = |Factor { label, value, .. }: &Factor| format!("{label} ({})", exact(*value));
    factors.iter().map(factor).collect::<Vec<_>>().join(" · ")
}
