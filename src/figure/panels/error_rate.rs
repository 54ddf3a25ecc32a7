//! Panel 6: how often each answer digit is wrong.

use super::parts::{bar, error_row, error_rows, percent_top};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Rule, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::errors::Errors;
use numbers::order;
use numbers::words;
use task::addition::{ANSWER_DIGITS, Alignment};
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "error_rate",
    number: 6,
    title: "Error rate by answer digit",
    section: Section::Errors,
    wide: false,
    build,
};

/// Above this many percent a bar is bad.
const BAD: f64 = 5.0;
/// Above this many percent it is middling.
const MIDDLING: f64 = 1.0;
/// Above this many percent its value is written out.
const LABELLED: f64 = 0.5;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let errors = report.errors.of(alignment);
    let names = error_rows(alignment);
    let bars: Vec<Bar> = (0..ANSWER_DIGITS)
        .map(|k| {
            let rate = errors.rate(k);
            let (tone, hatch) = class(rate);
            let (wrong, total) = (errors.digit_errors[k], errors.digit_totals[k]);
            Bar {
                hatch,
                text: if rate > LABELLED { format!("{rate:.1}") } else { String::new() },
                items: vec![Item::Row(error_row(alignment, k))],
                label: names[k].clone(),
                says: format!("{wrong} of {total} wrong, {}", words::percent(rate)),
                ..bar(k, rate, tone)
            }
        })
        .collect();
    let most = bars.iter().map(|b| b.value).fold(0.0, f64::max);
    let rules = [(MIDDLING, Tone::Middling), (BAD, Tone::Bad)].map(|(at, tone)| Rule { at, tone });
    let mut facet = Facet::new(
        Axis::bands(names.clone()),
        Axis::numbers("wrong", 0.0, percent_top(subject, most * 1.15, (1.1, 105.0)), Unit::Percent),
    )
    .with(Layer::Rules(rules.into()))
    .with(Layer::Bars(bars));
    if errors.total() == 0 {
        facet.statement = format!("No errors in {} additions", errors.n);
    }
    let mut chart = Chart::one(Aspect::Landscape, facet);
    chart.legend = legend();
    Panel {
        aside: exact(errors),
        sentence: sentence(errors, &names),
        table: values(errors, &names, alignment),
        content: Content::Chart(chart),
    }
}

fn class(rate: f64) -> (Tone, Hatch) {
    if rate > BAD {
        (Tone::Bad, Hatch::Cross)
    } else if rate > MIDDLING {
        (Tone::Middling, Hatch::Single)
    } else {
        (Tone::Good, Hatch::Plain)
    }
}

fn legend() -> Vec<Key> {
    [(0.0, "≤ 1 %"), (2.0, "> 1 %"), (6.0, "> 5 %")]
        .map(|(rate, text)| {
            let (tone, hatch) = class(rate);
            Key::new(Swatch::Bar(tone, hatch), text)
        })
        .into()
}

fn exact(errors: &Errors) -> String {
    let share = 100.0 * f64::from(errors.n_exact) / f64::from(errors.n.max(1));
    format!("exact {} of {} ({})", errors.n_exact, errors.n, words::percent(share))
}

fn sentence(errors: &Errors, names: &[String]) -> String {
    if errors.total() == 0 {
        return "Every digit is right in every addition.".into();
    }
    let rates: Vec<f64> = (0..ANSWER_DIGITS).map(|k| errors.rate(k)).collect();
    let most = rates.iter().copied().fold(0.0, f64::max);
    let never: Vec<&str> = (0..ANSWER_DIGITS)
        .filter(|&k| errors.digit_errors[k] == 0)
        .map(|k| names[k].as_str())
        .collect();
    let worst: Vec<usize> = (0..ANSWER_DIGITS).filter(|&k| rates[k] >= 0.6 * most).collect();
    let worst = order::falling(&worst, |&k| rates[k]);
    let first = if worst.len() <= 3 {
        let list: Vec<&str> = worst.iter().map(|&k| names[k].as_str()).collect();
        let verb = if list.len() == 1 { "fails" } else { "fail" };
        let values: Vec<String> = worst.iter().map(|&k| words::percent(rates[k])).collect();
        format!("{} {verb} most: {}.", words::list(&list), words::list(&values))
    } else {
        let least = rates.iter().copied().filter(|&r| r > 0.0).fold(most, f64::min);
        format!(
            "Errors spread over many digits, from {} to {}.",
            words::percent(least),
            words::percent(most)
        )
    };
    match never.len() {
        0 => first,
        1..=4 => {
            let verb = if never.len() == 1 { "is" } else { "are" };
            format!("{first} {} {verb} never wrong.", words::list(&never))
        }
        n => format!("{first} {n} digits are never wrong."),
    }
}

fn values(errors: &Errors, names: &[String], alignment: Alignment) -> Table {
    let mut table = Table::new(["digit", "wrong", "total", "wrong %"]);
    for (k, name) in names.iter().enumerate() {
        let cells = [
            name.clone(),
            errors.digit_errors[k].to_string(),
            errors.digit_totals[k].to_string(),
            words::exact(errors.rate(k)),
        ];
        table.push(Item::Row(error_row(alignment, k)), cells);
    }
    table
}
