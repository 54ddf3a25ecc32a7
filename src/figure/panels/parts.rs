//! What several panels are made of.

use crate::chart::{Axis, BandGroup, BandLabel, Bar, Facet, Hatch};
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::extremes::Extremes;
use numbers::listed::Listed;
use task::addition::{ANSWER_DIGITS, Alignment, EQUALS, PLUS, ROWS, Y0, Z0, Z10, label};
use task::item::{Item, Point};

/// The heading of head `h` of `n`; empty where there is one.
pub fn head_title(h: usize, n: usize) -> String {
    if n > 1 { format!("Head {}", h + 1) } else { String::new() }
}

/// A facet for each head, with the head's name where there are several.
pub fn by_head<T>(heads: &[T], facet: impl Fn(usize, &T) -> Facet) -> Vec<Facet> {
    let titled = |(h, head)| Facet { title: head_title(h, heads.len()), ..facet(h, head) };
    heads.iter().enumerate().map(titled).listed()
}

/// The input places, in brackets by group.
pub fn places() -> Axis {
    let names = [(0, PLUS - 1, "X"), (PLUS, PLUS, "+"), (Y0, EQUALS - 1, "Y")];
    let groups = names.into_iter().chain([(EQUALS, EQUALS, "="), (Z0, Z10, "Z")]);
    let groups =
        groups.map(|(first, last, name)| BandGroup { bands: (first, last), text: name.into() });
    Axis { groups: groups.listed(), ..Axis::bands((0..ROWS).map(label)) }
}

/// Labels of the input places as the script has them. `+` and `=` come first where not all fit, then every
/// third digit.
pub fn place_bands(alignment: Alignment, places: usize) -> Vec<BandLabel> {
    let names: Vec<String> = (0..places).map(|j| alignment.place_label(j)).listed();
    let special = |j: usize| names.get(j).is_some_and(|n| n == "+" || n == "=");
    let since = |j: usize| (0..=j).rev().find(|&s| special(s)).map_or(j, |s| j - s);
    let weight = |j: usize| match since(j) {
        _ if special(j) => 2,
        d if d % 3 == 0 && !special(j + 1) => 1,
        _ => 0,
    };
    (0..places).map(|j| BandLabel { text: names[j].clone(), weight: weight(j) }).listed()
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
    (0..ANSWER_DIGITS).map(|k| alignment.row_label(k)).listed()
}

/// A bar in the middle of its band.
pub fn bar(i: usize, value: f64, tone: Tone) -> Bar {
    Bar {
        x: i as f64,
        width: 0.76,
        value,
        from: 0.0,
        interval: None,
        tone,
        hatch: Hatch::Plain,
        text: String::new(),
        inside: false,
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

/// Where a scale that is fixed over a run leaves less than this share to the model, it is halved: the model's marks are
/// never squashed into a corner.
const SQUASHED: f64 = 1.0 / 3.0;
/// How often it is halved at most: to a millionth.
const HALVINGS: usize = 20;

/// The end of an axis of percentages: what `fits`, between `least` and `most`. Where scales
/// are fixed over a run it is `most`, since a run begins with nearly all wrong, or half of that as often as little is left.
pub fn percent_top(subject: &Subject, fits: f64, (least, most): (f64, f64)) -> f64 {
    let fits = fits.clamp(least, most);
    if subject.scales.is_none() {
        return fits;
    }
    let halved = |top: &f64| Some(top / 2.0).filter(|_| fits < SQUASHED * top);
    std::iter::successors(Some(most), halved).take(HALVINGS).last().unwrap_or(most)
}

/// A range around zero that holds `values`, and where scales are fixed over a run what `span` says of it.
pub fn bar_range(
    subject: &Subject,
    values: impl IntoIterator<Item = f64>,
    span: impl Fn(&Extremes) -> [f64; 2],
) -> (f64, f64) {
    let values: Vec<f64> = values.into_iter().listed();
    let own = around_zero(values.iter().copied());
    let Some(scales) = subject.scales else { return own };
    let mut range = around_zero(span(scales).into_iter().chain(values.iter().copied()));
    if values.iter().all(|v| *v == 0.0) {
        return range;
    }
    for _ in 0..HALVINGS {
        let half = (range.0 / 2.0, range.1 / 2.0);
        let is_squashed = own.1 - own.0 < SQUASHED * (range.1 - range.0);
        if !is_squashed || own.0 < half.0 || own.1 > half.1 {
            break;
        }
        range = half;
    }
    range
}

/// A range of two dimensions.
pub type Box2 = [(f64, f64); 2];

/// The part of what a run takes, `all`, that shows the model, which takes `own`: all of it, or half of it as often as
/// little is left, at places that do not follow every step.
pub fn unsquashed(all: Box2, own: Box2) -> Box2 {
    let length = |(lo, hi): (f64, f64)| hi - lo;
    let mut range = all;
    for _ in 0..HALVINGS {
        let shares = [0, 1].map(|i| length(own[i]) / length(range[i]));
        if shares[0].max(shares[1]) >= SQUASHED || !shares[0].is_finite() || !shares[1].is_finite()
        {
            break;
        }
        range = [0, 1].map(|i| {
            let ((lo, hi), (first, last)) = (range[i], own[i]);
            let half = (hi - lo) / 2.0;
            let places = (((first + last - half) / 2.0 - lo) / half * 4.0).round().clamp(0.0, 4.0);
            let lo = lo + places * half / 4.0;
            (lo, lo + half)
        });
    }
    range
}

/// How much longer an axis of bars is than the bars.
const ROOM: f64 = 1.12;

/// A range that holds zero and all `values`, with room above and below for texts.
pub fn around_zero(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (lo, hi) =
        values.into_iter().fold((0.0_f64, 0.0_f64), |(lo, hi), v| (lo.min(v), hi.max(v)));
    if lo == 0.0 && hi == 0.0 { (0.0, 1.0) } else { (lo * ROOM, hi * ROOM) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_takes_is_halved_until_the_model_has_a_third_of_it() {
        let all = [(-8.0, 8.0), (0.0, 16.0)];
        assert_eq!(unsquashed(all, [(-8.0, -2.0), (1.0, 2.0)]), all);
        for own in
            [[(-7.5, -7.0), (15.0, 15.5)], [(0.1, 0.4), (7.0, 7.3)], [(6.0, 8.0), (0.0, 2.0)]]
        {
            let found = unsquashed(all, own);
            for (found, own) in found.iter().zip(own) {
                assert!(found.0 <= own.0 && own.1 <= found.1, "{found:?} without {own:?}");
                let share = (own.1 - own.0) / (found.1 - found.0);
                assert!((0.25..=0.75).contains(&share), "{found:?} for {own:?}");
            }
        }
        // A small step moves no axis.
        let near = unsquashed(all, [(0.12, 0.42), (7.0, 7.3)]);
        assert_eq!(near, unsquashed(all, [(0.1, 0.4), (7.0, 7.3)]));
        let point = unsquashed(all, [(1.0, 1.0), (1.0, 1.0)]);
        assert!(point.iter().all(|(lo, hi)| *lo <= 1.0 && 1.0 <= *hi && lo < hi), "{point:?}");
    }
}
