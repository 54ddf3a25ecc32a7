//! Panel 9: the one number that attention passes on for each digit, and for each sum of two.

use super::parts::{bar, bar_range};
use crate::chart::{Aspect, Axis, Bar, Chart, Dot, Facet, Layer, Marker, Radius, Tag, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, whole};
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
    named: [1, 1],
    under: whole,
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
        table.push(Item::Token(d as u8), [d.to_string().into(), Written::from(v)]);
    }
    let mut facets = vec![facet];
    if subject.alignment == Alignment::Answer {
        let pairs = pairs(values);
        for pair in &pairs {
            table.push(pair.item(), [pair.name().into(), Written::from(pair.value)]);
        }
        facets.push(sums(subject, &pairs));
    }
    Panel {
        aside: match subject.alignment {
            Alignment::Answer => "what attention passes on for a digit".into(),
            Alignment::Script => "should be monotonic".into(),
        },
        sentence: match subject.alignment {
            Alignment::Answer => sentence(values) + &told(values),
            Alignment::Script => sentence(values),
        },
        table,
        content: Content::Chart(Chart {
            aspect: if facets.len() > 1 { Aspect::Rows } else { Aspect::Landscape },
            facets,
            legend: Vec::new(),
            colour_bar: None,
        }),
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

/// Two digits of a column, the smaller first.
struct Pair {
    digits: [usize; 2],
    /// What attention passes on for both.
    value: f64,
}

impl Pair {
    fn name(&self) -> String {
        self.digits.map(|d| d.to_string()).join(" + ")
    }

    fn item(&self) -> Item {
        let [x, y] = self.digits.map(|d| d as u64);
        Item::Addition(x, y)
    }

    fn sum(&self) -> usize {
        self.digits.iter().sum()
    }
}

/// All pairs of digits, in whichever order X and Y have them.
fn pairs(values: &[f64]) -> Vec<Pair> {
    let all = values.iter().enumerate().flat_map(|(x, one)| {
        let rest = values.iter().enumerate().skip(x);
        rest.map(move |(y, other)| Pair { digits: [x, y], value: one + other })
    });
    all.listed()
}

/// What is passed on for X and Y of a column over what they add up to: the number that a digit is read off.
fn sums(subject: &Subject, pairs: &[Pair]) -> Facet {
    let dot = |pair: &Pair| Dot {
        at: (pair.sum() as f64, pair.value),
        radius: Radius::Pixels(2.5),
        marker: Marker::Circle,
        tones: vec![Tone::Accent],
        tag: Tag::None,
        items: vec![pair.item()],
        label: pair.name(),
        says: words::number(pair.value),
    };
    let most = pairs.iter().map(Pair::sum).max().unwrap_or(0) as f64;
    let ends = bar_range(subject, pairs.iter().map(|pair| pair.value), |s| {
        s.readout.ends().map(|end| 2.0 * end)
    });
    Facet::new(
        Axis::numbers("X + Y", -0.5, most + 0.5, Unit::Plain),
        Axis::numbers("A·V of both", ends.0, ends.1, Unit::Plain),
    )
    .with(Layer::Dots(pairs.iter().map(dot).listed()))
}

/// How far pairs of one sum lie apart, and sums from their neighbours: where those overlap, no edge between them is right
/// for all pairs.
fn told(values: &[f64]) -> String {
    let falls = values.windows(2).all(|w| w[1] < w[0]);
    if !falls && !values.windows(2).all(|w| w[1] > w[0]) {
        return String::new();
    }
    let pairs = pairs(values);
    let ends = |sum| {
        let of = pairs.iter().filter(|pair| pair.sum() == sum);
        of.fold((f64::MAX, f64::MIN), |(lo, hi), p| (lo.min(p.value), hi.max(p.value)))
    };
    let all: Vec<(f64, f64)> = (0..2 * values.len() - 1).map(ends).listed();
    let apart = all.iter().map(|(lo, hi)| hi - lo).fold(0.0, f64::max);
    let gap = |w: &[(f64, f64)]| if falls { w[0].0 - w[1].1 } else { w[1].0 - w[0].1 };
    let between = all.windows(2).map(gap).fold(f64::MAX, f64::min);
    let neighbours = if between > 0.0 {
        format!("neighbouring sums at least {}", words::number(between))
    } else {
        "and some neighbouring sums overlap".into()
    };
    format!(" Pairs of one sum lie up to {} apart, {neighbours}.", words::number(apart))
}

#[cfg(test)]
mod tests {
    use super::{sentence, told};

    #[test]
    fn monotonic_is_said_only_of_what_is() {
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().map(|v| -v).collect();
        assert!(sentence(&rising).starts_with("Rises strictly"));
        let even = " Pairs of one sum lie up to 0.00 apart, neighbouring sums at least 1.00.";
        assert_eq!((told(&rising), told(&falling)), (even.into(), even.into()));
        let squares: Vec<f64> = rising.iter().map(|v| v * v).collect();
        assert!(told(&squares).ends_with(" apart, and some neighbouring sums overlap."));
        assert!(sentence(&falling).starts_with("Falls strictly"));
        let mut turned = rising.clone();
        turned[7] = 3.5;
        assert!(sentence(&turned).starts_with("Not monotonic: it turns at digit 6"));
        assert_eq!(told(&turned), "");
        assert!(sentence(&[0.0; 10]).starts_with("The same for all digits"));
        let mut level = rising;
        level[1] = level[0];
        assert!(sentence(&level).starts_with("Not monotonic: it turns at digit 0"));
    }
}
