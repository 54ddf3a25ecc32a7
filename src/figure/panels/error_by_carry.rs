//! Panel 7: error rates without and with a carry coming in.

use super::parts::{bar, beside, error_row, error_rows, percent_top};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::errors::Errors;
use numbers::words;
use task::addition::{ANSWER_DIGITS, Alignment};
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "error_by_carry",
    number: 7,
    title: "Error rate by digit and carry-in",
    section: Section::Errors,
    wide: false,
    build,
};

/// Tone and name of carry 0 and carry 1.
const SERIES: [(Tone, &str); 2] = [(Tone::Special, "carry 0"), (Tone::Carry, "carry 1")];

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let errors = report.errors.of(alignment);
    let names = error_rows(alignment);
    let bars: Vec<Bar> = (0..ANSWER_DIGITS)
        .flat_map(|k| [(k, 0), (k, 1)])
        // A digit that never has this carry has no bar, not a bar of zero.
        .filter_map(|(k, c)| Some((k, c, errors.carry_rate(k, c)?)))
        .map(|(k, c, rate)| {
            let (tone, name) = SERIES[c];
            let (wrong, total) = (errors.pos_carry_err[k][c], errors.pos_carry_tot[k][c]);
            let bar = Bar {
                items: vec![item(alignment, k, c)],
                label: format!("{}, {name}", names[k]),
                says: format!("{wrong} of {total} wrong, {}", words::percent(rate)),
                ..bar(k, rate, tone)
            };
            beside(bar, c, 2)
        })
        .collect();
    let most = bars.iter().map(|b| b.value).fold(0.0, f64::max);
    let mut facet = Facet::new(
        Axis::bands(names.clone()),
        Axis::numbers("wrong", 0.0, percent_top(subject, most * 1.1, (1.1, 105.0)), Unit::Percent),
    )
    .with(Layer::Bars(bars));
    if errors.total() == 0 {
        facet.statement = format!("No errors in {} additions", errors.n);
    }
    let mut chart = Chart::one(Aspect::Landscape, facet);
    chart.legend =
        SERIES.map(|(tone, name)| Key::new(Swatch::Bar(tone, Hatch::Plain), name)).into();
    Panel {
        aside: match alignment {
            Alignment::Answer => "carry into the digit's column".into(),
            Alignment::Script => "carry into the column before".into(),
        },
        sentence: sentence(errors, alignment),
        table: values(errors, &names, alignment),
        content: Content::Chart(chart),
    }
}

/// Digit `k` with a carry: the one into its column, or what the script pairs with it.
fn item(alignment: Alignment, k: usize, carry: usize) -> Item {
    let (row, carry) = (error_row(alignment, k), carry as u8);
    match alignment {
        Alignment::Answer => Item::Carry { row, carry },
        Alignment::Script => Item::CarryBefore { row, carry },
    }
}

fn sentence(errors: &Errors, alignment: Alignment) -> String {
    if alignment == Alignment::Script {
        return "The script pairs each digit with the carry into the column before it.".into();
    }
    let note = if errors.carry_rate(0, 1).is_none() { " Z0 never has one." } else { "" };
    if errors.total() == 0 {
        return format!("No digit fails, with a carry coming in or without.{note}");
    }
    // Z0 never has a carry, so it would tilt the comparison.
    let rate = |c: usize| {
        let sum =
            |t: &[[u32; 2]; ANSWER_DIGITS]| t[1..].iter().map(|p| f64::from(p[c])).sum::<f64>();
        100.0 * sum(&errors.pos_carry_err) / sum(&errors.pos_carry_tot).max(1.0)
    };
    let (without, with) = (rate(0), rate(1));
    let both = format!("{} of digits against {}", words::percent(with), words::percent(without));
    let finding = if with > 1.1 * without {
        "Digits with a carry coming in fail more often"
    } else if without > 1.1 * with {
        "Digits with a carry coming in fail less often"
    } else {
        "A carry coming in makes little difference"
    };
    format!("{finding}: {both}.{note}")
}

fn values(errors: &Errors, names: &[String], alignment: Alignment) -> Table {
    let mut table = Table::new(["digit", "carry", "wrong", "total", "wrong %"]);
    for (k, name) in names.iter().enumerate() {
        for c in 0..2 {
            let cells = [
                name.clone(),
                c.to_string(),
                errors.pos_carry_err[k][c].to_string(),
                errors.pos_carry_tot[k][c].to_string(),
                errors.carry_rate(k, c).map_or_else(String::new, words::exact),
            ];
            table.push(item(alignment, k, c), cells);
        }
    }
    table
}
