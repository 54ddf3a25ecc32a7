//! Panel 12: accuracy over training.

use crate::chart::{Aspect, Axis, Chart, Facet, Layer, Moment, Series, Spot, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::trajectory::Evaluation;
use numbers::words;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "trajectory",
    number: 12,
    title: "Training trajectory",
    section: Section::Training,
    wide: true,
    build,
};

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
    .with(Layer::Lines(lines.into_iter().filter(|l| !l.spots.is_empty()).collect()));
    if let Some(step) = shown {
        let text = format!("step {}", words::count(step));
        facet = facet.with(Layer::Moment(Moment { at: step as f64, text }));
    }
    let mut table = Table::new(["step", "exact match", "token accuracy"]);
    for e in log {
        let cell = |v: Option<f64>| v.map_or_else(String::new, words::exact);
        let cells = [e.step.to_string(), cell(e.val_exact), cell(e.val_tok_acc)];
        table.push(Item::Step(e.step), cells);
    }
    Panel {
        aside: format!("{} evaluations", log.len()),
        sentence: sentence(log),
        table,
        content: Content::Chart(Chart::one(Aspect::Strip, facet)),
    }
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
