//! Panel 1: the digits' embeddings, joined in order.

use super::parts::{Box2, unsquashed};
use crate::chart::{
    Aspect, Axis, Chart, Dot, Facet, Key, Layer, Marker, Radius, Swatch, Tag, Unit,
};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, whole};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::{Report, Rows};
use numbers::listed::Listed;
use numbers::words;
use task::addition::{Alignment, DIGITS};
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "token_embeddings",
    number: 1,
    title: "Token embeddings",
    script_title: None,
    section: Section::Geometry,
    wide: false,
    named: [1, 1],
    under: whole,
    build,
};

/// Half the length of the origin's cross, as a share of the plot.
const CROSS: f64 = 0.03;
/// Pieces of a circle and of a line.
const CORNERS: usize = 240;

fn build(subject: &Subject) -> Panel {
    let report = subject.report;
    let table = &report.geometry.token_embedding[..DIGITS];
    let point = |d: usize| (table[d][0], table[d].get(1).copied().unwrap_or(0.0));
    let dots = (0..DIGITS).map(|d| Dot {
        at: point(d),
        radius: Radius::Pixels(10.5),
        marker: Marker::Circle,
        tones: vec![Tone::Accent],
        tag: Tag::Inside(d.to_string()),
        items: vec![Item::Token(d as u8)],
        label: format!("digit {d}"),
        says: words::pair(point(d)),
    });
    let is_script = subject.alignment == Alignment::Script;
    // Where points lie around the origin is what there is to see; the script leaves it out.
    let origin = (!is_script).then_some(0.0);
    let own = [
        range((0..DIGITS).map(|d| point(d).0).chain(origin)),
        range((0..DIGITS).map(|d| point(d).1).chain(origin)),
    ];
    let [xs, ys] = match subject.scales.map(|s| s.token_embedding.as_slice()) {
        Some([x, y, ..]) => {
            let all = [x, y].map(|span| range(span.ends().into_iter().chain(origin)));
            unsquashed(all, own)
        }
        _ => own,
    };
    let mut facet = Facet::new(
        Axis::numbers("dim 0", xs.0, xs.1, Unit::Plain),
        Axis::numbers("dim 1", ys.0, ys.1, Unit::Plain),
    );
    let mut legend = Vec::new();
    if !is_script {
        (facet.layers, legend) = around(report, [xs, ys]);
    }
    let mut facet = facet
        .with(Layer::Thread((0..DIGITS).map(point).listed(), Tone::Accent))
        .with(Layer::Dots(dots.listed()));
    facet.equal_aspect = true;
    Panel {
        aside: aside(report),
        sentence: sentence(report),
        table: values(&report.geometry.token_embedding[..DIGITS]),
        content: Content::Chart(Chart { legend, ..Chart::one(Aspect::Square, facet) }),
        ..Panel::default()
    }
}

/// What the digits lie around: the origin, the circle or ellipse that they are on, and the direction that is read.
fn around(report: &Report, [xs, ys]: Box2) -> (Vec<Layer>, Vec<Key>) {
    let size = (xs.1 - xs.0).max(ys.1 - ys.0);
    let cross = CROSS * size;
    let mut layers = vec![
        Layer::Thread(vec![(-cross, 0.0), (cross, 0.0)], Tone::Ink),
        Layer::Thread(vec![(0.0, -cross), (0.0, cross)], Tone::Ink),
    ];
    let mut legend = Vec::new();
    if let Some(arc) = report.geometry.arc {
        let turn = |i: usize| {
            let (sin, cos) = libm::sincos(std::f64::consts::TAU * i as f64 / CORNERS as f64);
            (arc.a * cos, arc.b * sin)
        };
        layers.push(Layer::Thread((0..=CORNERS).map(turn).listed(), Tone::Muted));
        let name = if arc.a == arc.b { "circle" } else { "ellipse" };
        legend.push(Key::new(Swatch::Line(Tone::Muted), name));
    }
    // Of more dimensions than two the plane does not hold it.
    if let Some([x, y]) = report.rank1.as_ref().map(|rank1| rank1.direction.as_slice()) {
        let length = libm::sqrt(x * x + y * y);
        if length > 0.0 {
            // As far as a corner of the plot, whatever its shape.
            let at = |i: usize| 2.0 * size * (2.0 * i as f64 / CORNERS as f64 - 1.0) / length;
            let line = (0..=CORNERS).map(|i| (at(i) * x, at(i) * y)).listed();
            layers.push(Layer::Thread(line, Tone::Second));
            legend.push(Key::new(Swatch::Line(Tone::Second), "readout's direction"));
        }
    }
    (layers, legend)
}

/// The values' range with a margin for the dots; never empty.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (lo, hi) = values.fold((f64::MAX, f64::MIN), |(lo, hi), v| (lo.min(v), hi.max(v)));
    let margin = ((hi - lo) * 0.12).max(1e-6);
    (lo - margin, hi + margin)
}

fn aside(report: &Report) -> String {
    let dims = report.geometry.token_embedding[0].len();
    match report.geometry.arc {
        Some(arc) => {
            let size = |v: f64| if v.abs() < 1.0 { words::number(v) } else { words::fixed(v, 1) };
            let radius = if arc.a == arc.b {
                format!("A = {}", size(arc.a))
            } else {
                format!("A = {}, B = {}", size(arc.a), size(arc.b))
            };
            format!("{radius}, stride {}°", words::fixed(arc.stride.to_degrees(), 1))
        }
        None if dims > 2 => format!("learned, dims 0 and 1 of {dims}"),
        None => "learned".into(),
    }
}

fn sentence(report: &Report) -> String {
    if let Some(arc) = report.geometry.arc {
        let curve = if arc.a == arc.b { "circle" } else { "ellipse" };
        let turn = 9.0 * arc.stride.to_degrees().abs();
        if arc.stride == 0.0 {
            return "All digits share one point: the model cannot tell them apart.".into();
        }
        let tail = if turn < 180.0 {
            ", so neighbours in value are neighbours in space."
        } else if turn < 360.0 {
            "; 0 and 9 come near each other again."
        } else {
            "; they go around more than once."
        };
        return format!(
            "Equal steps of {}° along one {curve}{tail}",
            words::fixed(arc.stride.to_degrees().abs(), 1)
        );
    }
    let near = digits_near_their_neighbours(&report.geometry.token_embedding);
    let more = match report.geometry.token_embedding[0].len() {
        0..=2 => "",
        _ => " The remaining dimensions are in the table.",
    };
    if near == DIGITS {
        format!("Learned freely, yet the nearest digit is always one above or below.{more}")
    } else {
        format!("Learned freely: for {near} of 10 digits the nearest is one above or below.{more}")
    }
}

/// Digits whose nearest other digit, over all dimensions, is a neighbour in value.
fn digits_near_their_neighbours(table: &Rows) -> usize {
    let distance = |a: usize, b: usize| -> f64 {
        table[a].iter().zip(&table[b]).map(|(p, q)| (p - q) * (p - q)).sum()
    };
    let nearest = |d: usize| {
        (0..DIGITS).filter(|&o| o != d).min_by(|&a, &b| distance(d, a).total_cmp(&distance(d, b)))
    };
    (0..DIGITS).filter(|&d| nearest(d).is_some_and(|n| n.abs_diff(d) == 1)).count()
}

fn values(rows: &[Vec<f64>]) -> Table {
    let dims = (0..rows[0].len()).map(|i| format!("dim {i}"));
    let mut table = Table::new(std::iter::once("digit".to_owned()).chain(dims));
    for (d, row) in rows.iter().enumerate() {
        let numbers = row.iter().map(|&v| Written::from(v));
        table.push(Item::Token(d as u8), std::iter::once(d.to_string().into()).chain(numbers));
    }
    table
}
