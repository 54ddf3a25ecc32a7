//! Panel 12: accuracy over training, sampled and, where it is known, of all additions.

use crate::chart::{Aspect, Axis, Chart, Facet, Layer, Moment, Series, Span, Spot, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::{ExactShare, Subject};
use crate::theme::Tone;
use analysis::trajectory::Evaluation;
use numbers::words;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "trajectory",
    number: 12,
    title: "Training trajectory",
    script_title: None,
    section: Section::Training,
    wide: true,
    build,
};

/// Of all additions.
const EXACT_TONE: Tone = Tone::Ink;

fn build(subject: &Subject) -> Panel {
    let report = subject.report;
    let Some(log) = report.trajectory.as_deref() else {
        return Panel::note("No log yet: drop the run's log.jsonl beside the checkpoint.");
    };
    if log.is_empty() {
        return Panel::note(
            "The log holds no evaluations (val_exact, val_tok_acc), so there is nothing to draw.",
        );
    }
    let lines = [
        series("token accuracy", Tone::Second, log, |e| e.val_tok_acc),
        series("exact match", Tone::Accent, log, |e| e.val_exact),
    ];
    let shown = report.snapshot.as_ref().and(report.step);
    let last = log.iter().map(|e| e.step).chain(shown).max().unwrap_or(0).max(1) as f64;
    let mut facet = Facet::new(
        Axis::numbers("training step", 0.0, last * 1.01, Unit::Thousands),
        Axis::numbers("right", 0.0, 102.0, Unit::Percent),
    )
    .with(Layer::Spans(spans(subject.exact)));
    let lines = lines.into_iter().filter(|l| !l.spots.is_empty());
    facet = facet.with(Layer::Lines(lines.chain(decided(subject.exact)).collect()));
    if let Some(step) = shown {
        let text = format!("step {}", words::count(step));
        facet = facet.with(Layer::Moment(Moment { at: step as f64, text }));
    }
    Panel {
        aside: format!("{} evaluations", log.len()),
        sentence: sentence(log) + &beyond_samples(log, subject.exact),
        table: table(log, subject.exact),
        content: Content::Chart(Chart::one(Aspect::Strip, facet)),
        ..Panel::default()
    }
}

fn table(log: &[Evaluation], exact: &[ExactShare]) -> Table {
    let mut columns = vec!["step", "exact match", "token accuracy"];
    if !exact.is_empty() {
        columns.extend(["all additions, at least", "all additions, at most"]);
    }
    let mut table = Table::new(columns);
    for e in log {
        let cell = |v: Option<f64>| v.map_or_else(String::new, words::exact);
        let mut cells = vec![e.step.to_string(), cell(e.val_exact), cell(e.val_tok_acc)];
        if !exact.is_empty() {
            // With all digits: a share below 1 is never rounded to it.
            let known = share_at(exact, e.step);
            let bounds = [known.map(|share| share.at_least), known.map(|share| share.at_most)];
            cells.extend(bounds.map(|v| v.map_or_else(String::new, |v| v.to_string())));
        }
        table.push(Item::Step(e.step), cells);
    }
    table
}

fn share_at(exact: &[ExactShare], step: u64) -> Option<&ExactShare> {
    exact.iter().find(|share| share.step == step)
}

/// What is decided, as lines that end where something is not. The last bears the name.
fn decided(exact: &[ExactShare]) -> Vec<Series> {
    let runs = exact.split(|share| !share.is_decided()).filter(|run| !run.is_empty());
    let line = |run: &[ExactShare]| Series {
        name: String::new(),
        tone: EXACT_TONE,
        spots: run.iter().map(spot).collect(),
    };
    let mut lines: Vec<Series> = runs.map(line).collect();
    if let Some(last) = lines.last_mut() {
        last.name = "all additions".into();
    }
    lines
}

fn spot(share: &ExactShare) -> Spot {
    let percent = 100.0 * share.at_least;
    Spot {
        at: (share.step as f64, percent),
        item: Some(Item::Step(share.step)),
        label: format!("all additions, step {}", words::count(share.step)),
        says: words::percent(percent),
    }
}

/// What is not decided: each as far as half the way to its neighbours.
fn spans(exact: &[ExactShare]) -> Vec<Span> {
    let step = |at: usize| exact.get(at).map(|share| share.step as f64);
    let between = |(at, share): (usize, &ExactShare)| {
        let here = share.step as f64;
        let half = |other: Option<f64>| other.map(|other| (other - here) / 2.0);
        let (before, after) = (half(at.checked_sub(1).and_then(step)), half(step(at + 1)));
        let before = before.or(after.map(|w| -w)).unwrap_or(-1.0);
        let (low, high) = (100.0 * share.at_least, 100.0 * share.at_most);
        Span {
            x: (here + before, here + after.unwrap_or(-before)),
            y: (low, high),
            tone: EXACT_TONE,
            item: Some(Item::Step(share.step)),
            label: format!("all additions, step {}", words::count(share.step)),
            says: format!("undecided, {} to {}", words::percent(low), words::percent(high)),
        }
    };
    exact.iter().enumerate().filter(|(_, share)| !share.is_decided()).map(between).collect()
}

/// Where every sampled addition is right and some other is certainly not.
fn beyond_samples(log: &[Evaluation], exact: &[ExactShare]) -> String {
    let is_fooled = |e: &&Evaluation| {
        let share = share_at(exact, e.step);
        e.val_exact == Some(1.0) && share.is_some_and(|share| share.at_most < 1.0)
    };
    let fooled: Vec<u64> = log.iter().filter(is_fooled).map(|e| e.step).collect();
    let found = match fooled.as_slice() {
        [] => String::new(),
        [only] => format!(
            " At step {} every sampled addition is right, and others are not.",
            words::count(*only)
        ),
        [first, ..] => format!(
            " At {} steps, the first of them {}, every sampled addition is right, and others are not.",
            words::count(fooled.len() as u64),
            words::count(*first)
        ),
    };
    let is_open = exact.iter().any(|share| !share.is_decided());
    found + if is_open { " Bands are of steps that are not decided." } else { "" }
}

fn series(
    name: &str,
    tone: Tone,
    log: &[Evaluation],
    value: impl Fn(&Evaluation) -> Option<f64>,
) -> Series {
    let spot = |e: &Evaluation| {
        let v = 100.0 * value(e)?;
        Some(Spot {
            at: (e.step as f64, v),
            item: Some(Item::Step(e.step)),
            label: format!("{name}, step {}", words::count(e.step)),
            says: words::percent(v),
        })
    };
    Series { name: name.into(), tone, spots: log.iter().filter_map(spot).collect() }
}

fn sentence(log: &[Evaluation]) -> String {
    let exact: Vec<(u64, f64)> =
        log.iter().filter_map(|e| Some((e.step, 100.0 * e.val_exact?))).collect();
    let Some(&(_, end)) = exact.last() else {
        return "The log has token accuracy only.".into();
    };
    let best = exact.iter().map(|e| e.1).fold(0.0, f64::max);
    let until = format!("it ends at {}", words::percent(end));
    match exact.iter().find(|e| e.1 >= 50.0) {
        Some((step, _)) => {
            let step = words::count(*step);
            format!("Exact match first reaches 50 % at step {step}; {until}.")
        }
        None if best < 1.0 => {
            format!("Exact match never reaches 1 %: this run did not learn to add ({until}).")
        }
        None => format!("Exact match never reaches 50 %; {until}."),
    }
}
