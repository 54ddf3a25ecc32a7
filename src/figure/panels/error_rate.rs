//! Panel 6: how often each answer digit is wrong.

use super::parts::{bar, error_row, error_rows, percent_top};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Rule, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, passes};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::errors::{Errors, interval};
use numbers::listed::Listed;
use numbers::order;
use numbers::words;
use task::addition::{ANSWER_DIGITS, Alignment};
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "error_rate",
    number: 6,
    title: "Error rate by answer digit",
    script_title: None,
    section: Section::Errors,
    wide: false,
    named: [1, 1],
    under: passes,
    build,
};

/// Above this many percent the script calls a bar bad.
const BAD: f64 = 5.0;
/// Above this many percent it calls it middling.
const MIDDLING: f64 = 1.0;
/// Above this many percent its value is written out.
const LABELLED: f64 = 0.5;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let errors = report.errors.of(alignment);
    let names = error_rows(alignment);
    let bars = (0..ANSWER_DIGITS).map(|k| digit_bar(errors, alignment, (k, &names[k])));
    let bars: Vec<Bar> = bars.listed();
    let most = bars.iter().map(|b| b.interval.map_or(b.value, |(_, high)| high));
    let top = percent_top(subject, most.fold(0.0, f64::max) * 1.15, (1.1, 105.0));
    let (x, label) = match alignment {
        Alignment::Answer => (
            Axis::bands(names.clone()).labelled("answer digit, ones first"),
            format!("wrong of {}, with 95 % intervals", words::count(errors.n.into())),
        ),
        Alignment::Script => (Axis::bands(names.clone()), "wrong".into()),
    };
    let mut facet = Facet::new(x, Axis::numbers(label, 0.0, top, Unit::Percent))
        .with(Layer::Rules(rules(errors, alignment)))
        .with(Layer::Bars(bars));
    if errors.total() == 0 {
        facet.statement = format!("No errors in {} additions", errors.n);
    }
    let mut chart = Chart::one(Aspect::Landscape, facet);
    chart.legend = legend(errors, alignment);
    Panel {
        aside: exact(errors),
        sentence: match alignment {
            Alignment::Answer => format!("{} {GIVEN}", sentence(errors, &names)),
            Alignment::Script => sentence(errors, &names),
        },
        table: values(errors, &names, alignment),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

/// What rates by digit are of.
const GIVEN: &str = "Each digit is asked after right ones (teacher forcing).";

fn digit_bar(errors: &Errors, alignment: Alignment, (k, name): (usize, &str)) -> Bar {
    let rate = errors.rate(k);
    let (wrong, total) = (errors.digit_errors[k], errors.digit_totals[k]);
    let own = interval(wrong, total);
    let (tone, hatch) = match alignment {
        Alignment::Answer => look(is_above(errors, k)),
        Alignment::Script => class(rate),
    };
    let between = match alignment {
        Alignment::Answer => format!(" ({})", between(own)),
        Alignment::Script => String::new(),
    };
    Bar {
        hatch,
        interval: (alignment == Alignment::Answer).then_some(own),
        text: if rate > LABELLED { format!("{rate:.1}") } else { String::new() },
        items: vec![Item::Row(error_row(alignment, k))],
        label: name.to_owned(),
        says: format!("{wrong} of {total} wrong, {}{between}", words::percent(rate)),
        ..bar(k, rate, tone)
    }
}

/// `0.7 % to 1.4 %`
fn between((low, high): (f64, f64)) -> String {
    format!("95 %: {} to {}", words::percent(low), words::percent(high))
}

/// Whether a digit is wrong more often than all of them together, beyond chance.
fn is_above(errors: &Errors, k: usize) -> bool {
    interval(errors.digit_errors[k], errors.digit_totals[k]).0 > errors.mean_rate()
}

fn look(above: bool) -> (Tone, Hatch) {
    if above { (Tone::Bad, Hatch::Single) } else { (Tone::Accent, Hatch::Plain) }
}

/// The script's classes.
fn class(rate: f64) -> (Tone, Hatch) {
    if rate > BAD {
        (Tone::Bad, Hatch::Cross)
    } else if rate > MIDDLING {
        (Tone::Middling, Hatch::Single)
    } else {
        (Tone::Good, Hatch::Plain)
    }
}

fn rules(errors: &Errors, alignment: Alignment) -> Vec<Rule> {
    match alignment {
        Alignment::Answer if errors.total() == 0 => Vec::new(),
        Alignment::Answer => vec![Rule { at: errors.mean_rate(), tone: Tone::Muted }],
        Alignment::Script => [(MIDDLING, Tone::Middling), (BAD, Tone::Bad)]
            .map(|(at, tone)| Rule { at, tone })
            .into(),
    }
}

fn legend(errors: &Errors, alignment: Alignment) -> Vec<Key> {
    let bar = |(tone, hatch), text: &str| Key::new(Swatch::Bar(tone, hatch), text);
    match alignment {
        Alignment::Answer if errors.total() == 0 => Vec::new(),
        Alignment::Answer => vec![
            Key::new(
                Swatch::Line(Tone::Muted),
                format!("all, {}", words::percent(errors.mean_rate())),
            ),
            bar(look(true), "above beyond chance"),
        ],
        Alignment::Script => [(0.0, "≤ 1 %"), (2.0, "> 1 %"), (6.0, "> 5 %")]
            .map(|(rate, text)| bar(class(rate), text))
            .into(),
    }
}

fn exact(errors: &Errors) -> String {
    let share = 100.0 * f64::from(errors.n_exact) / f64::from(errors.n.max(1));
    format!("exact {} of {} ({})", errors.n_exact, errors.n, words::percent(share))
}

fn sentence(errors: &Errors, names: &[String]) -> String {
    if errors.total() == 0 {
        return "Every digit is right in every addition.".into();
    }
    let rates: Vec<f64> = (0..ANSWER_DIGITS).map(|k| errors.rate(k)).listed();
    let most = rates.iter().copied().fold(0.0, f64::max);
    let never: Vec<&str> = (0..ANSWER_DIGITS)
        .filter(|&k| errors.digit_errors[k] == 0)
        .map(|k| names[k].as_str())
        .listed();
    let worst: Vec<usize> = (0..ANSWER_DIGITS).filter(|&k| rates[k] >= 0.6 * most).listed();
    let worst = order::falling(&worst, |&k| rates[k]);
    let first = if worst.len() <= 3 {
        let list: Vec<&str> = worst.iter().map(|&k| names[k].as_str()).listed();
        let verb = if list.len() == 1 { "fails" } else { "fail" };
        let values: Vec<String> = worst.iter().map(|&k| words::percent(rates[k])).listed();
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
    let columns = ["digit", "wrong", "total", "wrong %", "at least %", "at most %"];
    let columns = &columns[..if alignment == Alignment::Answer { 6 } else { 4 }];
    let mut table = Table::new(columns.iter().copied());
    for (k, name) in names.iter().enumerate() {
        let (low, high) = interval(errors.digit_errors[k], errors.digit_totals[k]);
        let cells: [Written; 6] = [
            name.clone().into(),
            errors.digit_errors[k].to_string().into(),
            errors.digit_totals[k].to_string().into(),
            errors.rate(k).into(),
            low.into(),
            high.into(),
        ];
        let cells = cells.into_iter().take(columns.len());
        table.push(Item::Row(error_row(alignment, k)), cells);
    }
    table
}
