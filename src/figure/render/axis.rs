//! Axes as they are drawn: ticks, labels and the margins that they take.

use super::brackets;
use super::canvas::Canvas;
use super::plot::Map;
use crate::chart::{Axis, BandLabel, Scale, Unit};
use crate::surface::{Align, Rect, Type, text_box};
use crate::text::{self, SMALL};
use crate::theme::Tone;
use numbers::listed::Listed;
use numbers::words;

/// Space between an axis and its tick labels.
const GAP: f64 = 6.0;
/// Height of a row of tick labels.
pub(super) const TICK_ROW: f64 = 15.0;
/// Least space between two labels of an axis.
pub(super) const CLEAR: f64 = 2.5;

/// Ticks within `(lo, hi)`, about `space` pixels of `length` apart, and their texts.
fn ticks(axis: &Axis, (lo, hi): (f64, f64), length: f64, space: f64) -> Vec<(f64, String)> {
    let Scale::Numbers { unit, .. } = axis.scale else { return Vec::new() };
    let (step, decimals, next) = nice_step((hi - lo) * space / length);
    let style = Style::of(lo.abs().max(hi.abs()), next, decimals);
    let (first, last) = ((lo / step - 1e-6).ceil(), (hi / step + 1e-6).floor());
    let count = (last - first).clamp(0.0, 40.0) as usize;
    (0..=count).map(|i| (first + i as f64) * step).map(|v| (v, written(unit, v, style))).listed()
}

/// Space that the labels of a vertical axis over `range` take on its left.
pub fn left_margin(axis: &Axis, range: (f64, f64), height: f64) -> f64 {
    let widest = match &axis.scale {
        Scale::Bands(names) => {
            let width = |(i, name): (usize, &BandLabel)| {
                text::width(&name.text, SMALL, axis.strong == Some(i))
            };
            names.iter().enumerate().map(width).fold(0.0, f64::max)
        }
        Scale::Numbers { .. } => {
            let ticks = ticks(axis, range, height, 40.0);
            ticks.iter().map(|t| text::width(&t.1, SMALL, false)).fold(18.0, f64::max)
        }
    };
    widest + GAP + 2.0
}

/// Space that the labels of a horizontal axis take below it.
pub fn bottom_margin(axis: &Axis) -> f64 {
    let label = if axis.label.is_empty() { 0.0 } else { TICK_ROW };
    let lines = match &axis.scale {
        Scale::Bands(_) if !axis.groups.is_empty() => 2.0,
        Scale::Bands(n) if n.iter().any(|n| n.text.contains('\n')) => 2.0,
        _ => 1.0,
    };
    GAP + TICK_ROW * lines + label
}

/// How the numbers of an axis are written, all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// With so many decimals.
    Fixed(usize),
    /// `2e30`, with so many decimals before the exponent.
    Scientific(usize),
}

impl Style {
    /// For numbers up to `most` in size, whose steps need another digit from `next` on: more digits than these leave no room for the plot.
    fn of(most: f64, next: f64, decimals: usize) -> Style {
        if decimals <= MOST_DECIMALS && most < MOST_PLAIN {
            return Style::Fixed(decimals);
        }
        let (mut digits, mut size) = (0, next);
        while size <= most && digits < MOST_DECIMALS {
            size *= 10.0;
            digits += 1;
        }
        Style::Scientific(digits)
    }

    fn written(self, v: f64) -> String {
        match self {
            Style::Fixed(decimals) => minus(format!("{v:.decimals$}")),
            // A sum of steps need not be 0 where it should be.
            Style::Scientific(_) if v == 0.0 => "0".into(),
            Style::Scientific(digits) => format!("{v:.digits$e}").replace('-', "−"),
        }
    }
}

/// Numbers from here on, and those of more decimals, are written with an exponent.
const MOST_PLAIN: f64 = 1e6;
const MOST_DECIMALS: usize = 5;

/// A tick's text.
fn written(unit: Unit, v: f64, style: Style) -> String {
    match unit {
        Unit::Plain => style.written(v),
        Unit::Percent => format!("{} %", style.written(v)),
        Unit::Thousands => thousands(v),
    }
}

/// Whole numbers in thousands, millions and so on.
fn thousands(v: f64) -> String {
    let units = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let unit = units.into_iter().find(|(size, _)| v >= *size);
    // Half a thousand beside whole ones is 0.5k nowhere.
    unit.map_or_else(|| format!("{v:.0}"), |(size, name)| words::short(v / size) + name)
}

/// A true minus sign, and no `-0`.
fn minus(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// The next of 1, 2, 5, 10, … at or above `least`, the decimals that it needs, and the power of ten above it.
/// Plain steps rather than logarithms: those differ between native code and wasm.
fn nice_step(least: f64) -> (f64, usize, f64) {
    let mut power = 1.0;
    let mut decimals = 0;
    while power > least && decimals < 300 {
        decimals += 1;
        power = 1.0 / 10f64.powi(decimals);
    }
    while power * 10.0 <= least && power < 1e300 {
        power *= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= least).unwrap_or(10.0);
    let decimals = if step == 10.0 { decimals - 1 } else { decimals };
    let next = if step == 10.0 { power * 100.0 } else { power * 10.0 };
    (step * power, decimals.max(0) as usize, next)
}

/// Grid and labels of the vertical axis.
pub fn draw_y(canvas: &mut Canvas<'_, '_>, axis: &Axis, map: &Map, plot: Rect) {
    let kind = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Right);
    let x = plot.x - GAP;
    if let Scale::Bands(names) = &axis.scale {
        let strong = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Right).bold();
        let at = |i: usize| text_box(&names[i].text, x, map.at(i as f64), kind);
        for i in thinned(names, at, 0.0) {
            let kind = if axis.strong == Some(i) { strong } else { kind };
            canvas.surface.text(&names[i].text, x, map.at(i as f64), kind);
        }
        return;
    }
    let grid = canvas.colour(Tone::Grid);
    for (v, text) in ticks(axis, (map.lo, map.hi), plot.h, 40.0) {
        let y = map.at(v);
        canvas.surface.rule_h(plot.x, plot.right(), y, grid);
        canvas.surface.text(&text, x, y, kind);
    }
}

/// Labels of the horizontal axis, with a grid when `grid`.
pub fn draw_x(canvas: &mut Canvas<'_, '_>, axis: &Axis, map: &Map, plot: Rect, grid: bool) {
    let kind = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Centre);
    let y = plot.bottom() + GAP + TICK_ROW / 2.0;
    let mut below = y + TICK_ROW;
    match &axis.scale {
        Scale::Bands(_) if !axis.groups.is_empty() => {
            brackets::draw(canvas, &axis.groups, map, y);
            below += TICK_ROW;
        }
        Scale::Bands(names) => {
            let at =
                |i: usize| {
                    let widest =
                        names[i].text.lines().map(|l| text_box(l, map.at(i as f64), y, kind));
                    widest.fold(Rect::new(map.at(i as f64), y, 0.0, 1.0), |a, b| {
                        if a.w > b.w { a } else { b }
                    })
                };
            for i in thinned(names, at, CLEAR) {
                for (line, text) in names[i].text.lines().enumerate() {
                    let y = y + line as f64 * TICK_ROW;
                    canvas.surface.text(text, map.at(i as f64), y, kind);
                    below = below.max(y + TICK_ROW);
                }
            }
        }
        Scale::Numbers { .. } => {
            let colour = canvas.colour(Tone::Grid);
            let mut taken = f64::NEG_INFINITY;
            for (v, text) in ticks(axis, (map.lo, map.hi), plot.w, 64.0) {
                if grid {
                    canvas.surface.rule_v(map.at(v), plot.y, plot.bottom(), colour);
                }
                let room = text_box(&text, map.at(v), y, kind);
                if room.x >= taken {
                    canvas.surface.text(&text, map.at(v), y, kind);
                    taken = room.right() + CLEAR;
                }
            }
        }
    }
    let x = plot.x + plot.w / 2.0;
    canvas.surface.text(&axis.label, x, below, kind);
}

/// Which labels are shown, so that none meets another: heavier ones first. Those of the
/// lowest of several weights are shown together or not at all, which looks regular.
fn thinned(names: &[BandLabel], at: impl Fn(usize) -> Rect, clear: f64) -> Vec<usize> {
    let room = |i: usize| {
        let b = at(i);
        Rect::new(b.x - clear / 2.0, b.y, b.w + clear, b.h)
    };
    let used = |w: &u8| names.iter().any(|n| n.weight == *w);
    let heaviest = names.iter().map(|n| n.weight).max().unwrap_or(0);
    let weights: Vec<u8> = (0..=heaviest).filter(used).listed();
    let several = weights.len() > 1;
    let mut shown: Vec<usize> = Vec::new();
    for (last, &weight) in weights.iter().enumerate().rev() {
        let before = shown.len();
        let mut dropped = false;
        for i in (0..names.len()).filter(|&i| names[i].weight == weight) {
            if names[i].text.is_empty() {
                continue;
            }
            if shown.iter().any(|&j| room(j).meets(&room(i))) {
                dropped = true;
            } else {
                shown.push(i);
            }
        }
        if several && last == 0 && dropped {
            shown.truncate(before);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five() {
        let step = |least| {
            let (step, decimals, _) = nice_step(least);
            (step, decimals)
        };
        assert_eq!(step(0.3), (0.5, 1));
        assert_eq!(step(1.0), (1.0, 0));
        assert_eq!(step(6.0), (10.0, 0));
        assert_eq!(step(0.07), (0.1, 1));
        assert_eq!(step(1200.0), (2000.0, 0));
        assert_eq!(step(0.012), (0.02, 2));
    }

    #[test]
    fn ticks_carry_their_unit_and_a_true_minus() {
        let axis = Axis::numbers("", -1.0, 1.0, Unit::Plain);
        let texts: Vec<String> =
            ticks(&axis, (-1.0, 1.0), 200.0, 50.0).into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(written(Unit::Percent, 5.0, Style::Fixed(0)), "5 %");
        let steps = [
            (0.0, "0"),
            (500.0, "500"),
            (2500.0, "2.5k"),
            (20_000.0, "20k"),
            (1.5e6, "1.5M"),
            (9e15, "9P"),
        ];
        for (step, text) in steps {
            assert_eq!(written(Unit::Thousands, step, Style::Fixed(0)), text);
        }
    }

    #[test]
    fn ticks_of_any_size_are_short_and_told_apart() {
        for size in [1e-90, 1e-30, 1e-6, 1e-3, 1.0, 1e3, 1e6, 1e30, 3e38, 1e300] {
            for (lo, hi) in [(-size, size), (0.0, size), (-size, 2.2 * size), (size * 0.999, size)]
            {
                let axis = Axis::numbers("", lo, hi, Unit::Plain);
                let texts: Vec<String> =
                    ticks(&axis, (lo, hi), 240.0, 64.0).into_iter().map(|t| t.1).collect();
                assert!((2..=7).contains(&texts.len()), "{texts:?}");
                assert!(texts.iter().all(|t| t.chars().count() <= 12), "{texts:?}");
                assert!(texts.windows(2).all(|pair| pair[0] != pair[1]), "{texts:?}");
            }
        }
    }

    #[test]
    fn heavier_labels_win() {
        let names: Vec<BandLabel> = ["a", "b", "c"]
            .iter()
            .zip([0, 1, 0])
            .map(|(t, weight)| BandLabel { text: (*t).into(), weight })
            .collect();
        let at = |i: usize| Rect::new(i as f64 * 6.0, 0.0, 8.0, 10.0);
        assert_eq!(thinned(&names, at, 0.0), [1]);
        let wide = |i: usize| Rect::new(i as f64 * 10.0, 0.0, 8.0, 10.0);
        assert_eq!(thinned(&names, wide, 0.0), [1, 0, 2]);
    }
}
