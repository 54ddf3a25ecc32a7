//! Panel 9: the one number that attention passes on for each digit.

use super::parts::{bar, bar_range};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Layer, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use numbers::listed::Listed;
use numbers::words;
use task::addition::Alignment;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "readout",
    number: 9,
    title: "Rank-1 readout",
    script_title: None,
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
    let (lo, hi) = bar_range(subject, values.iter().copied(), |s| s.readout.ends());
    let facet = Facet::new(
        Axis::bands((0..values.len()).map(|d| d.to_string())).labelled("digit"),
        Axis::numbers("A·V", lo, hi, Unit::Plain),
    )
    .with(Layer::Bars(bars.listed()));
    let mut table = Table::new(["digit", "A·V"]);
    for (d, &v) in values.iter().enumerate() {
        table.push(Item::Token(d as u8), [d.to_string(), words::exact(v)]);
    }
    Panel {
        aside: match subject.alignment {
            Alignment::Answer => "what attention passes on for a digit".into(),
            Alignment::Script => "should be monotonic".into(),
        },
        sentence: match subject.alignment {
            Alignment::Answer => sentence(values) + &steps(values),
            Alignment::Script => sentence(values),
        },
        table,
        content: Content::Chart(Chart::one(Aspect::Landscape, facet)),
        ..Panel::default()
    }
}

fn sentence(values: &[f64]) -> String {
    if values.windows(2).all(|w| w[0] == w[1]) {
        return "The same for all digits: nothing of a sum can be read off it.".into();
    }
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

/// How even the steps from digit to digit are: of uneven ones the same sum is not always the same number.
fn steps(values: &[f64]) -> String {
    let steps: Vec<f64> = values.windows(2).map(|w| (w[1] - w[0]).abs()).listed();
    let (least, most) =
        steps.iter().fold((f64::MAX, 0.0_f64), |(lo, hi), &step| (lo.min(step), hi.max(step)));
    let is_one_way =
        values.windows(2).all(|w| w[1] > w[0]) || values.windows(2).all(|w| w[1] < w[0]);
    if !is_one_way {
        return String::new();
    }
    let [least, most] = [least, most].map(words::number);
    format!(" Its steps are {least} to {most}: the more even they are, the surer the sum.")
}

#[cfg(test)]
mod tests {
    use super::{sentence, steps};

    #[test]
    fn monotonic_is_said_only_of_what_is() {
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().map(|v| -v).collect();
        assert!(sentence(&rising).starts_with("Rises strictly"));
        assert_eq!(
            steps(&falling),
            " Its steps are 1.00 to 1.00: the more even they are, the surer the sum."
        );
        assert!(sentence(&falling).starts_with("Falls strictly"));
        let mut turned = rising.clone();
        turned[7] = 3.5;
        assert!(sentence(&turned).starts_with("Not monotonic: it turns at digit 6"));
        assert_eq!(steps(&turned), "");
        assert!(sentence(&[0.0; 10]).starts_with("The same for all digits"));
        let mut level = rising;
        level[1] = level[0];
        assert!(sentence(&level).starts_with("Not monotonic: it turns at digit 0"));
    }
}
