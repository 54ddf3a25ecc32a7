//! Panel 8: by how much wrong digits are off.

use super::parts::{bar, percent_top};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, passes};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::errors::Errors;
use numbers::listed::Listed;
use numbers::words;
use task::addition::Alignment;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "error_direction",
    number: 8,
    title: "Direction of errors",
    script_title: None,
    section: Section::Errors,
    wide: false,
    named: [1, 1],
    under: passes,
    build,
};

/// Above this many percent a bar's value is written out.
const LABELLED: f64 = 2.0;
/// One too small, and one too large, modulo ten.
const BELOW: usize = 9;
const ABOVE: usize = 1;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let errors = report.errors.of(alignment);
    let total = errors.total();
    let bars = match alignment {
        Alignment::Answer => centred(errors),
        Alignment::Script => {
            (0..10).map(|d| direction_bar(errors, d, (d, errors.off_by[d]))).listed()
        }
    };
    let bars = if total > 0 { bars } else { Vec::new() };
    let most = bars.iter().map(|b| b.value).fold(0.0, f64::max);
    let fits = if total == 0 { 100.0 } else { most * 1.15 };
    let x = match alignment {
        Alignment::Answer => {
            let none = (errors.not_digits > 0).then(|| "no digit".into());
            Axis::bands(CENTRED.into_iter().map(signed).chain(none)).labelled("said − right")
        }
        Alignment::Script => {
            Axis::bands((0..10).map(|d| format!("+{d}"))).labelled("(predicted − right) mod 10")
        }
    };
    let top = percent_top(subject, fits, (10.0, 108.0));
    let y = Axis::numbers("of all errors", 0.0, top, Unit::Percent);
    let mut facet = Facet::new(x, y).with(Layer::Bars(bars));
    if total == 0 {
        facet.statement = format!("No errors in {} additions", errors.n);
    }
    let mut chart = Chart::one(Aspect::Landscape, facet);
    if alignment == Alignment::Answer && total > 0 {
        let key = |(_, tone, hatch, name)| Key::new(Swatch::Bar(tone, hatch), name);
        chart.legend = PARTS.map(key).into();
    }
    let plural = if total == 1 { "" } else { "s" };
    Panel {
        aside: format!("{total} wrong digit{plural}"),
        sentence: sentence(errors, alignment),
        table: values(errors, alignment),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

/// Directions by size, so that −1 and +1 stand beside each other. There is no 0: that is right.
const CENTRED: [usize; 9] = [6, 7, 8, BELOW, ABOVE, 2, 3, 4, 5];

/// A direction with its sign: modulo ten 5 is both.
fn signed(d: usize) -> String {
    match d {
        5 => "±5".into(),
        6.. => format!("−{}", 10 - d),
        _ => format!("+{d}"),
    }
}

/// Without a carry coming in and with one, as in panel 7, from the bottom to the top.
const PARTS: [(usize, Tone, Hatch, &str); 2] = [
    (1, Tone::Carry, Hatch::Plain, "carry in: −1 misses it"),
    (0, Tone::Special, Hatch::Single, "none: +1 invents one"),
];

/// Errors of digits by size, and those that are no digits.
fn centred(errors: &Errors) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (at, &d) in CENTRED.iter().enumerate() {
        let (counts, mut from) = (errors.off_by_carry[d], 0.0);
        for (carry, tone, hatch, _) in PARTS {
            let mut bar = direction_bar(errors, at, (d, counts[carry]));
            (bar.from, bar.value) = (from, from + bar.value);
            (bar.tone, bar.hatch) = (tone, hatch);
            bar.label = format!("off by {}, carry {carry}", signed(d));
            // The upper part bears what both are.
            let both = share(errors, counts[0] + counts[1]);
            bar.text = if carry == 0 { written(both) } else { String::new() };
            from = bar.value;
            bars.push(bar);
        }
    }
    if errors.not_digits > 0 {
        let bar = direction_bar(errors, CENTRED.len(), (0, errors.not_digits));
        bars.push(Bar { tone: Tone::Special, label: "no digit".into(), ..bar });
    }
    bars
}

/// A share as it stands above a bar, where that is large enough.
fn written(share: f64) -> String {
    if share > LABELLED { format!("{share:.0} %") } else { String::new() }
}

fn direction_bar(errors: &Errors, at: usize, (d, count): (usize, u32)) -> Bar {
    let share = share(errors, count);
    Bar {
        text: written(share),
        items: vec![Item::Direction(d as u8)],
        label: format!("off by +{d}"),
        says: format!("{count} of {} errors, {}", errors.total(), words::percent(share)),
        ..bar(at, share, Tone::Accent)
    }
}

/// The share of all errors in percent.
fn share(errors: &Errors, count: u32) -> f64 {
    100.0 * f64::from(count) / f64::from(errors.total().max(1))
}

fn sentence(errors: &Errors, alignment: Alignment) -> String {
    if errors.total() == 0 {
        return "Nothing is wrong, so there is no direction to show.".into();
    }
    let (above, below) = (share(errors, errors.off_by[ABOVE]), share(errors, errors.off_by[BELOW]));
    let both = share(errors, errors.off_by[ABOVE] + errors.off_by[BELOW]);
    let finding = if both >= 90.0 {
        let amount = if both == 100.0 {
            "All errors are".into()
        } else {
            format!("{both:.0} % of errors are")
        };
        let (small, large) = ("one too small (+9 modulo 10)", "one too large (+1)");
        let kind = match (below > 0.0, above > 0.0) {
            _ if alignment == Alignment::Answer => "off by one".into(),
            (true, true) => format!(
                "off by one: {small}, as when a carry is missed, or {large}, as when one is invented"
            ),
            (true, false) => format!("{small}, as when a carry is missed"),
            _ => format!("{large}, as when a carry is invented"),
        };
        format!("{amount} {kind}.")
    } else if both >= 50.0 {
        format!("Most errors ({both:.0} %) are off by one, the rest by more.")
    } else {
        format!("Only {both:.0} % of errors are off by one: it is not just carries that go wrong.")
    };
    let finding = match alignment {
        Alignment::Answer => finding + &carries(errors),
        Alignment::Script => finding,
    };
    match errors.not_digits {
        0 => finding,
        1 => format!("{finding} One prediction is no digit at all; its direction means nothing."),
        n => {
            format!("{finding} {n} predictions are no digit at all; their direction means nothing.")
        }
    }
}

/// Whether it is carries that are missed and invented.
fn carries(errors: &Errors) -> String {
    let of = |d: usize, carry: usize, what: &str| {
        let all: u32 = errors.off_by_carry[d].iter().sum();
        (all > 0).then(|| format!("{} of {all} {what}", errors.off_by_carry[d][carry]))
    };
    let missed = of(BELOW, 1, "that are one too small miss a carry that comes in");
    let invented = of(ABOVE, 0, "that are one too large invent one");
    let found: Vec<String> = [missed, invented].into_iter().flatten().listed();
    if found.is_empty() { String::new() } else { format!(" {}.", words::list(&found)) }
}

fn values(errors: &Errors, alignment: Alignment) -> Table {
    if alignment == Alignment::Script {
        let mut table = Table::new(["off by", "errors", "of errors %"]);
        for (d, count) in errors.off_by.into_iter().enumerate() {
            let cells = [
                format!("+{d}").into(),
                count.to_string().into(),
                Written::from(share(errors, count)),
            ];
            table.push(Item::Direction(d as u8), cells);
        }
        return table;
    }
    let mut table = Table::new([
        "off by",
        "errors",
        "of errors %",
        "where no carry comes in",
        "where one does",
    ]);
    for d in CENTRED {
        let [without, with] = errors.off_by_carry[d];
        let cells: [Written; 5] = [
            signed(d).into(),
            (without + with).to_string().into(),
            share(errors, without + with).into(),
            without.to_string().into(),
            with.to_string().into(),
        ];
        table.push(Item::Direction(d as u8), cells);
    }
    if errors.not_digits > 0 {
        let share = share(errors, errors.not_digits).into();
        let count = errors.not_digits.to_string().into();
        table.push(
            Item::Direction(0),
            ["no digit".into(), count, share, "".into(), Written::from("")],
        );
    }
    table
}
