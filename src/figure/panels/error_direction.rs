//! Panel 8: by how much wrong digits are off.

use super::parts::{bar, percent_top};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Layer, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::errors::Errors;
use numbers::words;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "error_direction",
    number: 8,
    title: "Direction of errors",
    section: Section::Errors,
    wide: false,
    build,
};

/// Above this many percent a bar's value is written out.
const LABELLED: f64 = 2.0;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let errors = report.errors.of(alignment);
    let total = errors.total();
    let share = |d: usize| 100.0 * f64::from(errors.off_by[d]) / f64::from(total.max(1));
    let bars: Vec<Bar> = (0..10)
        .filter(|_| total > 0)
        .map(|d| Bar {
            text: if share(d) > LABELLED { format!("{:.0} %", share(d)) } else { String::new() },
            items: vec![Item::Direction(d as u8)],
            label: format!("off by +{d}"),
            says: format!("{} of {total} errors, {}", errors.off_by[d], words::percent(share(d))),
            ..bar(d, share(d), Tone::Accent)
        })
        .collect();
    let most = bars.iter().map(|b| b.value).fold(0.0, f64::max);
    let fits = if total == 0 { 100.0 } else { most * 1.15 };
    let mut facet = Facet::new(
        Axis::bands((0..10).map(|d| format!("+{d}"))).labelled("(predicted − right) mod 10"),
        Axis::numbers(
            "of all errors",
            0.0,
            percent_top(subject, fits, (10.0, 108.0)),
            Unit::Percent,
        ),
    )
    .with(Layer::Bars(bars));
    if total == 0 {
        facet.statement = format!("No errors in {} additions", errors.n);
    }
    let plural = if total == 1 { "" } else { "s" };
    Panel {
        aside: format!("{total} wrong digit{plural}"),
        sentence: sentence(errors),
        table: values(errors, share),
        content: Content::Chart(Chart::one(Aspect::Landscape, facet)),
    }
}

fn sentence(errors: &Errors) -> String {
    let total = f64::from(errors.total());
    if total == 0.0 {
        return "Nothing is wrong, so there is no direction to show.".into();
    }
    let share = |n: u32| 100.0 * f64::from(n) / total;
    let (above, below) = (share(errors.off_by[1]), share(errors.off_by[9]));
    let both = share(errors.off_by[1] + errors.off_by[9]);
    let finding = if both >= 90.0 {
        let amount = if both == 100.0 {
            "All errors are".into()
        } else {
            format!("{both:.0} % of errors are")
        };
        let kind = match (below > 0.0, above > 0.0) {
            (true, true) => {
                "off by one: one too small (+9), as when a carry is missed, or one \
                             too large (+1), as when one is invented"
            }
            (true, false) => "one too small (+9), as when a carry is missed",
            _ => "one too large (+1), as when a carry is invented",
        };
        format!("{amount} {kind}.")
    } else if both >= 50.0 {
        format!("Most errors ({both:.0} %) are off by one, the rest by more.")
    } else {
        format!("Only {both:.0} % of errors are off by one: it is not just carries that go wrong.")
    };
    match errors.not_digits {
        0 => finding,
        1 => format!("{finding} One prediction is no digit at all; its direction means nothing."),
        n => {
            format!("{finding} {n} predictions are no digit at all; their direction means nothing.")
        }
    }
}

fn values(errors: &Errors, share: impl Fn(usize) -> f64) -> Table {
    let mut table = Table::new(["off by", "errors", "of errors %"]);
    for d in 0..10 {
        let cells = [format!("+{d}"), errors.off_by[d].to_string(), words::exact(share(d))];
        table.push(Item::Direction(d as u8), cells);
    }
    table
}
