//! What several panels are made of.

use crate::chart::{BandLabel, Bar, Facet, Hatch};
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::extremes::{Extremes, Span};
use task::addition::{ANSWER_DIGITS, Alignment};
use task::item::{Item, Point};

/// The heading of head `h` of `n`; empty where there is one.
pub fn head_title(h: usize, n: usize) -> String {
    if n > 1 { format!("Head {}", h + 1) } else { String::new() }
}

/// A facet for each head, with the head's name where there are several.
pub fn by_head<T>(heads: &[T], facet: impl Fn(usize, &T) -> Facet) -> Vec<Facet> {
    let titled = |(h, head)| Facet { title: head_title(h, heads.len()), ..facet(h, head) };
    heads.iter().enumerate().map(titled).collect()
}

/// Labels of the input places. `+` and `=` come first where not all fit, then every
/// third digit.
pub fn place_bands(alignment: Alignment, places: usize) -> Vec<BandLabel> {
    let names: Vec<String> = (0..places).map(|j| alignment.place_label(j)).collect();
    let special = |j: usize| names.get(j).is_some_and(|n| n == "+" || n == "=");
    let since = |j: usize| (0..=j).rev().find(|&s| special(s)).map_or(j, |s| j - s);
    let weight = |j: usize| match since(j) {
        _ if special(j) => 2,
        d if d % 3 == 0 && !special(j + 1) => 1,
        _ => 0,
    };
    (0..places).map(|j| BandLabel { text: names[j].clone(), weight: weight(j) }).collect()
}

/// What `row` looks at in a place.
pub fn source(head: usize, row: usize, place: usize) -> Item {
    Item::Source { point: Point::Attention, row, place, head }
}

/// The input row that errors of digit `k` are counted in.
pub fn error_row(alignment: Alignment, k: usize) -> usize {
    alignment.error_rows().start + k
}

/// The names of the eleven rows that errors are counted in.
pub fn error_rows(alignment: Alignment) -> Vec<String> {
    (0..ANSWER_DIGITS).map(|k| alignment.row_label(k)).collect()
}

/// A bar in the middle of its band.
pub fn bar(i: usize, value: f64, tone: Tone) -> Bar {
    Bar {
        x: i as f64,
        width: 0.76,
        value,
        tone,
        hatch: Hatch::Plain,
        text: String::new(),
        items: Vec::new(),
        label: String::new(),
        says: String::new(),
    }
}

/// The same bar as number `series` of `count` in its band.
pub fn beside(bar: Bar, series: usize, count: usize) -> Bar {
    let width = 0.76 / count as f64;
    let x = bar.x - 0.38 + (series as f64 + 0.5) * width;
    Bar { x, width: width * if count > 1 { 0.94 } else { 1.0 }, ..bar }
}

/// The ends of what a scale holds that is fixed over a run; nothing where it fits the model.
pub fn over_run(subject: &Subject, span: impl Fn(&Extremes) -> Span) -> impl Iterator<Item = f64> {
    subject.scales.map(|scales| span(scales).ends()).into_iter().flatten()
}

/// The end of an axis of percentages: what `fits`, between `least` and `most`. Where scales
/// are fixed over a run it is `most`, since a run begins with nearly all wrong.
pub fn percent_top(subject: &Subject, fits: f64, (least, most): (f64, f64)) -> f64 {
    if subject.scales.is_some() { most } else { fits.clamp(least, most) }
}

/// A range that holds zero and all `values`, with room above and below for texts.
pub fn around_zero(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (lo, hi) =
        values.into_iter().fold((0.0_f64, 0.0_f64), |(lo, hi), v| (lo.min(v), hi.max(v)));
    if lo == 0.0 && hi == 0.0 { (0.0, 1.0) } else { (lo * 1.12, hi * 1.12) }
}
