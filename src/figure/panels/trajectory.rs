//! Panel 12: accuracy over training, sampled and, where it is known, of all additions.

use crate::chart::{Aspect, Axis, Chart, Facet, Layer, Moment, Series, Span, Spot, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, whole};
use crate::section::Section;
use crate::subject::{ExactShare, Subject};
use crate::theme::Tone;
use crate::thin::seen_of;
use analysis::trajectory::Evaluation;
use numbers::listed::Listed;
use numbers::words;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "trajectory",
    number: 12,
    title: "Training trajectory",
    script_title: None,
    section: Section::Training,
    wide: true,
    named: [1, 1],
    under: whole,
    build,
};

/// Of all additions.
const EXACT_TONE: Tone = Tone::Ink;

/// Parts of the horizontal axis that a line has points for: as many as a wide plot has pixels.
const PARTS: f64 = 1024.0;
/// Rows of the table, which is made anew with each edit, and ranges that are not decided.
const MOST_ROWS: usize = 2000;
const MOST_SPANS: usize = 512;

/// What is known of all additions at a step, the shares being in the order of their steps.
fn known(exact: &[ExactShare], step: u64) -> Option<&ExactShare> {
    let up_to = exact.partition_point(|share| share.step <= step);
    exact.get(up_to.checked_sub(1)?).filter(|share| share.step == step)
}

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
    let shown = report.snapshot.as_ref().and(report.step);
    let last = log.iter().map(|e| e.step).chain(shown).max().unwrap_or(0).max(1) as f64;
    let lines = [
        series("token accuracy", Tone::Second, (log, last), |e| e.val_tok_acc),
        series("exact match", Tone::Accent, (log, last), |e| e.val_exact),
    ];
    let mut facet = Facet::new(
        Axis::numbers("training step", 0.0, last * 1.01, Unit::Thousands),
        Axis::numbers("right", 0.0, 102.0, Unit::Percent),
    )
    .with(Layer::Spans(spans(subject.exact)));
    let lines = lines.into_iter().filter(|l| !l.spots.is_empty());
    facet = facet.with(Layer::Lines(lines.chain(decided(subject.exact, last)).listed()));
    if let Some(step) = shown {
        let text = format!("step {}", words::count(step));
        facet = facet.with(Layer::Moment(Moment { at: step as f64, text }));
    }
    Panel {
        aside: aside(log.len()),
        sentence: sentence(log) + &beyond_samples(log, subject.exact),
        table: table(log, subject.exact),
        content: Content::Chart(Chart::one(Aspect::Strip, facet)),
        ..Panel::default()
    }
}

fn aside(evaluations: usize) -> String {
    match evaluations {
        1 => "1 evaluation".into(),
        n if n > MOST_ROWS => {
            format!(
                "{} evaluations, the table of every {}th",
                words::count(n as u64),
                n.div_ceil(MOST_ROWS)
            )
        }
        n => format!("{} evaluations", words::count(n as u64)),
    }
}

fn table(log: &[Evaluation], exact: &[ExactShare]) -> Table {
    let mut columns = vec!["step", "exact match", "token accuracy"];
    if !exact.is_empty() {
        columns.extend(["all additions, at least", "all additions, at most"]);
    }
    let mut table = Table::new(columns);
    for e in log.iter().step_by(log.len().div_ceil(MOST_ROWS).max(1)) {
        let mut cells: Vec<Written> =
            vec![e.step.to_string().into(), e.val_exact.into(), e.val_tok_acc.into()];
        if !exact.is_empty() {
            // With all digits: a share below 1 is never rounded to it.
            let known = known(exact, e.step);
            let bounds = [known.map(|share| share.at_least), known.map(|share| share.at_most)];
            cells.extend(bounds.map(|share| share.map(|share| share.to_string()).into()));
        }
        table.push(Item::Step(e.step), cells);
    }
    table
}

/// What is decided, as lines that end where something is not. The last bears the name.
fn decided(exact: &[ExactShare], last: f64) -> Vec<Series> {
    let runs = exact.split(|share| !share.is_decided()).filter(|run| !run.is_empty());
    let line = |run: &[ExactShare]| Series {
        name: String::new(),
        tone: EXACT_TONE,
        dashed: false,
        spots: thinned(run, last, |share| Some((share.step, share.at_least)))
            .into_iter()
            .map(|at| spot(&run[at]))
            .listed(),
    };
    let mut lines: Vec<Series> = runs.map(line).listed();
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
    let open = exact.iter().enumerate().filter(|(_, share)| !share.is_decided());
    let all: Vec<Span> = open.map(between).listed();
    all.chunks(all.len().div_ceil(MOST_SPANS).max(1)).filter_map(joined).listed()
}

/// Neighbours that no screen tells apart, as one.
fn joined(spans: &[Span]) -> Option<Span> {
    let (first, last) = (spans.first()?, spans.last()?);
    if spans.len() == 1 {
        return Some(first.clone());
    }
    let low = spans.iter().map(|span| span.y.0).fold(f64::INFINITY, f64::min);
    let high = spans.iter().map(|span| span.y.1).fold(f64::NEG_INFINITY, f64::max);
    let (x, y) = ((first.x.0, last.x.1), (low, high));
    let says = format!("undecided, {} to {}", words::percent(low), words::percent(high));
    let label = format!("{} steps from {}", words::count(spans.len() as u64), first.label);
    Some(Span { x, y, label, says, ..first.clone() })
}

/// Where every sampled addition is right and some other is certainly not.
fn beyond_samples(log: &[Evaluation], exact: &[ExactShare]) -> String {
    let is_fooled = |e: &&Evaluation| {
        let is_short = |share: &ExactShare| share.at_most < 1.0;
        e.val_exact == Some(1.0) && known(exact, e.step).is_some_and(is_short)
    };
    let fooled: Vec<u64> = log.iter().filter(is_fooled).map(|e| e.step).listed();
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

/// Which of `items` a line has points for; those without a share have none.
fn thinned<T>(items: &[T], last: f64, share: impl Fn(&T) -> Option<(u64, f64)>) -> Vec<usize> {
    let point = |(place, item)| {
        let (step, share) = share(item)?;
        Some((place, (step as f64 / last * PARTS, share)))
    };
    seen_of(&mut items.iter().enumerate().filter_map(point))
}

/// The line of a share, over steps up to `last`.
fn series(
    name: &str,
    tone: Tone,
    (log, last): (&[Evaluation], f64),
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
    let shown = thinned(log, last, |e| Some((e.step, value(e)?)));
    let spots = shown.into_iter().filter_map(|at| spot(&log[at])).listed();
    Series { name: name.into(), tone, dashed: false, spots }
}

fn sentence(log: &[Evaluation]) -> String {
    let exact = || log.iter().filter_map(|e| Some((e.step, 100.0 * e.val_exact?)));
    let Some((_, end)) = exact().next_back() else {
        return "The log has token accuracy only.".into();
    };
    let best = exact().map(|e| e.1).fold(0.0, f64::max);
    let until = format!("it ends at {}", words::percent(end));
    match exact().find(|e| e.1 >= 50.0) {
        Some((step, _)) => {
            let step = words::count(step);
            format!("Exact match first reaches 50 % at step {step}; {until}.")
        }
        None if best < 1.0 => {
            format!("Exact match never reaches 1 %: this run did not learn to add ({until}).")
        }
        None => format!("Exact match never reaches 50 %; {until}."),
    }
}
