//! Panel 9: the one number that attention passes on for each digit.

use super::parts::{around_zero, bar, over_run};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Layer, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use numbers::words;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "readout",
    number: 9,
    title: "Rank-1 readout",
    section: Section::Weights,
    wide: false,
    build,
};

fn build(subject: &Subject) -> Panel {
    let report = subject.report;
    let Some(rank1) = &report.rank1 else {
        return Panel::note(super::out_proj::not_rank_1(report));
    };
    let values = &rank1.readout;
    let bars = values.iter().enumerate().map(|(d, &v)| Bar {
        items: vec![Item::Token(d as u8)],
        label: format!("digit {d}"),
        says: words::number(v),
        ..bar(d, v, Tone::Accent)
    });
    let (lo, hi) = around_zero(values.iter().copied().chain(over_run(subject, |s| s.readout)));
    let facet = Facet::new(
        Axis::bands((0..values.len()).map(|d| d.to_string())).labelled("digit"),
        Axis::numbers("A·V", lo, hi, Unit::Plain),
    )
    .with(Layer::Bars(bars.collect()));
    let mut table = Table::new(["digit", "A·V"]);
    for (d, &v) in values.iter().enumerate() {
        table.push(Item::Token(d as u8), [d.to_string(), words::exact(v)]);
    }
    Panel {
        aside: "should be monotonic".into(),
        sentence: sentence(values),
        table,
        content: Content::Chart(Chart::one(Aspect::Landscape, facet)),
    }
}

fn sentence(values: &[f64]) -> String {
    let rises = |w: &[f64]| w[1] > w[0];
    let falls = |w: &[f64]| w[1] < w[0];
    if values.windows(2).all(rises) {
        return "Rises strictly from digit 0 to 9, so a sum of digits can be read off one number."
            .into();
    }
    if values.windows(2).all(falls) {
        return "Falls strictly from digit 0 to 9, so a sum of digits can be read off one number."
            .into();
    }
    let up = values.windows(2).next().is_some_and(rises);
    let turn = values.windows(2).position(|w| if up { !rises(w) } else { !falls(w) });
    let turn = turn.unwrap_or(0);
    format!("Not monotonic: it turns at digit {turn}, so the digits are not in order along it.")
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn monotonic_is_said_only_of_what_is() {
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().map(|v| -v).collect();
        assert!(sentence(&rising).starts_with("Rises strictly"));
        assert!(sentence(&falling).starts_with("Falls strictly"));
        let mut turned = rising.clone();
        turned[7] = 3.5;
        assert!(sentence(&turned).starts_with("Not monotonic: it turns at digit 6"));
        let mut level = rising;
        level[1] = level[0];
        assert!(sentence(&level).starts_with("Not monotonic: it turns at digit 0"));
    }
}
