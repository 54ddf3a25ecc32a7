//! Two charts as one: A's marks filled, B's outlined, on axes that hold both.

use crate::chart::{
    Axis, Bar, Chart, Dot, Facet, Hatch, Key, Layer, Moment, Scale, Series, Span, Spot, Swatch,
};
use crate::theme::Tone;
use numbers::listed::Listed;

/// Colours of B's lines, in the order of the lines.
const LINES: [Tone; 3] = [Tone::Carry, Tone::Z, Tone::Muted];

/// What a legend says of the two.
pub fn keys() -> [Key; 2] {
    [
        Key::new(Swatch::Bar(Tone::Muted, Hatch::Plain), "A, filled"),
        Key::new(Swatch::Ghost, "B, outlined"),
    ]
}

/// Both as one chart; `None` where their plots are not of the same.
pub fn both(a: &Chart, b: &Chart) -> Option<Chart> {
    let mut chart = a.clone();
    if !share_axes(&mut chart, b) {
        return None;
    }
    for (facet, other) in chart.facets.iter_mut().zip(&b.facets) {
        facet.layers = facet.layers.iter().map(filled).listed();
        add_moment(facet, other);
        facet.ghost = other.layers.iter().filter_map(outlined).listed();
        for layer in &other.layers {
            match layer {
                Layer::Lines(list) => add_lines(&mut facet.layers, lines(list)),
                Layer::Spans(list) => {
                    let span =
                        |span: &Span| Span { label: named("B", &span.label), ..span.clone() };
                    facet.layers.push(Layer::Spans(list.iter().map(span).listed()));
                }
                _ => {}
            }
        }
        // Where one has nothing to draw, the other's marks would lie under what is said of that.
        if facet.statement != other.statement {
            facet.statement.clear();
        }
    }
    let more = b.legend.iter().filter(|key| !a.legend.contains(key));
    chart.legend.extend(more.cloned());
    if chart.facets.iter().any(|facet| !facet.ghost.is_empty()) {
        chart.legend.splice(0..0, keys());
    }
    let mut layers = chart.facets.iter().flat_map(|facet| &facet.layers);
    if layers.any(|layer| matches!(layer, Layer::Lines(_))) {
        let words = ["A, drawn through", "B, dashed"].map(|text| Key::new(Swatch::None, text));
        chart.legend.splice(0..0, words);
    }
    Some(chart)
}

/// The step at which B stands: a line of its own, dashed as all of B's; where A stands there too, one line is of both.
fn add_moment(facet: &mut Facet, other: &Facet) {
    let of_b = other.layers.iter().find_map(|layer| match layer {
        Layer::Moment(moment) => Some(moment),
        _ => None,
    });
    let Some(Moment { at, text }) = of_b else { return };
    let own = facet.layers.iter_mut().find_map(|layer| match layer {
        Layer::Moment(moment) if moment.at == *at => Some(moment),
        _ => None,
    });
    if let Some(own) = own {
        own.text = format!("A and B: {text}");
        return;
    }
    let (low, high) = facet.y.range();
    let spot = |y| Spot { at: (*at, y), item: None, label: "in B".to_owned(), says: text.clone() };
    let spots = vec![spot(low), spot(high)];
    let line = Series { name: format!("B: {text}"), tone: Tone::Ink, dashed: true, spots };
    add_lines(&mut facet.layers, vec![line]);
}

/// Lines of B go into one layer with those of A, so that no name is written over another.
fn add_lines(layers: &mut Vec<Layer>, list: Vec<Series>) {
    let own = layers.iter_mut().find_map(|layer| match layer {
        Layer::Lines(own) => Some(own),
        _ => None,
    });
    match own {
        Some(own) => own.extend(list),
        None => layers.push(Layer::Lines(list)),
    }
}

/// Both beside each other, where their plots are not of the same.
pub fn apart(a: &Chart, b: &Chart) -> Chart {
    let named = |name: &str, chart: &Chart| -> Vec<Facet> {
        let title = |facet: &Facet| {
            if facet.title.is_empty() {
                name.to_owned()
            } else {
                format!("{name}, {}", facet.title)
            }
        };
        let titled = |facet: &Facet| Facet { title: title(facet), ..facet.clone() };
        chart.facets.iter().map(titled).listed()
    };
    let mut chart = a.clone();
    chart.facets = named("A", a);
    chart.facets.extend(named("B", b));
    chart
}

/// Gives the axes of `chart` the ranges that hold both. False where they are not of the same; nothing changes then.
pub fn share_axes(chart: &mut Chart, other: &Chart) -> bool {
    let pairs = || chart.facets.iter().zip(&other.facets);
    let alike = chart.facets.len() == other.facets.len()
        && pairs().all(|(own, other)| are_alike(&own.x, &other.x) && are_alike(&own.y, &other.y));
    if alike {
        for (own, other) in chart.facets.iter_mut().zip(&other.facets) {
            share(&mut own.x, &other.x);
            share(&mut own.y, &other.y);
        }
    }
    alike
}

/// Whether two axes are both of numbers, or of the same bands.
fn are_alike(one: &Axis, other: &Axis) -> bool {
    match (&one.scale, &other.scale) {
        (Scale::Numbers { .. }, Scale::Numbers { .. }) => true,
        (Scale::Bands(one), Scale::Bands(other)) => {
            // Those that come after are of what the other has not.
            one.iter().zip(other).all(|(one, other)| one.text == other.text)
        }
        _ => false,
    }
}

pub fn share(axis: &mut Axis, other: &Axis) {
    match (&mut axis.scale, &other.scale) {
        (Scale::Numbers { lo, hi, .. }, Scale::Numbers { lo: low, hi: high, .. }) => {
            (*lo, *hi) = (lo.min(*low), hi.max(*high));
        }
        (Scale::Bands(own), Scale::Bands(other)) => {
            own.extend(other.iter().skip(own.len()).cloned());
        }
        _ => {}
    }
}

fn named(name: &str, label: &str) -> String {
    if label.is_empty() { String::new() } else { format!("in {name}, {label}") }
}

/// A bar in a half of its place.
fn halved(bar: &Bar, name: &str, side: f64) -> Bar {
    let width = bar.width / 2.0;
    Bar {
        x: bar.x + side * width / 2.0,
        width: width * 0.94,
        label: named(name, &bar.label),
        ..bar.clone()
    }
}

fn dot(dot: &Dot, name: &str) -> Dot {
    Dot { label: named(name, &dot.label), ..dot.clone() }
}

fn line(line: &Series, name: &str, tone: Tone) -> Series {
    let called =
        if line.name.is_empty() { String::new() } else { format!("{name}: {}", line.name) };
    let spot = |spot: &Spot| Spot { label: named(name, &spot.label), ..spot.clone() };
    let spots = line.spots.iter().map(spot).listed();
    Series { name: called, tone, dashed: name == "B", spots }
}

/// A's marks.
fn filled(layer: &Layer) -> Layer {
    match layer {
        // The texts of both would lie on each other; values are said where one points, and in the table.
        Layer::Bars(list) => Layer::Bars(
            list.iter().map(|bar| Bar { text: String::new(), ..halved(bar, "A", -1.0) }).listed(),
        ),
        Layer::Dots(list) => Layer::Dots(list.iter().map(|each| dot(each, "A")).listed()),
        Layer::Lines(list) => {
            Layer::Lines(list.iter().map(|each| line(each, "A", each.tone)).listed())
        }
        Layer::Moment(Moment { at, text }) => {
            Layer::Moment(Moment { at: *at, text: format!("A: {text}") })
        }
        other => other.clone(),
    }
}

/// B's marks, as outlines; lines are drawn as such.
fn outlined(layer: &Layer) -> Option<Layer> {
    match layer {
        Layer::Bars(list) => {
            Some(Layer::Bars(list.iter().map(|bar| halved(bar, "B", 1.0)).listed()))
        }
        Layer::Dots(list) => Some(Layer::Dots(list.iter().map(|each| dot(each, "B")).listed())),
        Layer::Thread(points, tone) => Some(Layer::Thread(points.clone(), *tone)),
        _ => None,
    }
}

fn lines(list: &[Series]) -> Vec<Series> {
    let toned = list.iter().zip(LINES.into_iter().cycle());
    toned.map(|(each, tone)| line(each, "B", tone)).listed()
}
