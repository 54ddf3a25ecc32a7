//! Axes as they are drawn: ticks, labels and the margins that they take.

use super::brackets;
use super::canvas::Canvas;
use super::plot::Map;
use crate::chart::{Axis, BandLabel, Scale, Unit};
use crate::surface::{Align, Rect, Type, text_box};
use crate::text::{self, SMALL};
use crate::theme::Tone;

/// Space between an axis and its tick labels.
const GAP: f64 = 6.0;
/// Height of a row of tick labels.
pub(super) const TICK_ROW: f64 = 15.0;
/// Least space between two labels of an axis.
pub(super) const CLEAR: f64 = 2.5;

/// Ticks within `(lo, hi)`, about `space` pixels of `length` apart, and their texts.
fn ticks(axis: &Axis, (lo, hi): (f64, f64), length: f64, space: f64) -> Vec<(f64, String)> {
    let Scale::Numbers { unit, .. } = axis.scale else { return Vec::new() };
    let (step, decimals) = nice_step((hi - lo) * space / length);
    let (first, last) = ((lo / step - 1e-6).ceil(), (hi / step + 1e-6).floor());
    let count = (last - first).clamp(0.0, 40.0) as usize;
    (0..=count)
        .map(|i| (first + i as f64) * step)
        .map(|v| (v, written(unit, v, decimals)))
        .collect()
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

/// A tick's text.
fn written(unit: Unit, v: f64, decimals: usize) -> String {
    match unit {
        Unit::Plain => minus(format!("{v:.decimals$}")),
        Unit::Percent => format!("{v:.decimals$} %"),
        Unit::Thousands => thousands(v),
    }
}

fn thousands(v: f64) -> String {
    let k = v / 1000.0;
    if v == 0.0 {
        "0".into()
    } else if (k - k.round()).abs() < 1e-9 {
        format!("{k:.0}k")
    } else if v < 1000.0 {
        format!("{v:.0}")
    } else {
        format!("{k:.1}k")
    }
}

/// A true minus sign, and no `-0`.
fn minus(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// The next of 1, 2, 5, 10, … at or above `least`, and the decimals that it needs.
/// Plain steps rather than logarithms: those differ between native code and wasm.
fn nice_step(least: f64) -> (f64, usize) {
    let mut power = 1.0;
    let mut decimals = 0;
    while power > least && decimals < 12 {
        decimals += 1;
        power = 1.0 / 10f64.powi(decimals);
    }
    while power * 10.0 <= least && power < 1e15 {
        power *= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= least).unwrap_or(10.0);
    let decimals = if step == 10.0 { decimals - 1 } else { decimals };
    (step * power, decimals.max(0) as usize)
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
            for (v, text) in ticks(axis, (map.lo, map.hi), plot.w, 64.0) {
                if grid {
                    canvas.surface.rule_v(map.at(v), plot.y, plot.bottom(), colour);
                }
                canvas.surface.text(&text, map.at(v), y, kind);
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
    let weights: Vec<u8> = (0..=heaviest).filter(used).collect();
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
        assert_eq!(nice_step(0.3), (0.5, 1));
        assert_eq!(nice_step(1.0), (1.0, 0));
        assert_eq!(nice_step(6.0), (10.0, 0));
        assert_eq!(nice_step(0.07), (0.1, 1));
        assert_eq!(nice_step(1200.0), (2000.0, 0));
        assert_eq!(nice_step(0.012), (0.02, 2));
    }

    #[test]
    fn ticks_carry_their_unit_and_a_true_minus() {
        let axis = Axis::numbers("", -1.0, 1.0, Unit::Plain);
        let texts: Vec<String> =
            ticks(&axis, (-1.0, 1.0), 200.0, 50.0).into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(written(Unit::Percent, 5.0, 0), "5 %");
        assert_eq!(written(Unit::Thousands, 20_000.0, 0), "20k");
        assert_eq!(written(Unit::Thousands, 2500.0, 0), "2.5k");
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
