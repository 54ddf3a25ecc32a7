//! Bars from zero, and ranges of values.

use super::canvas::{Canvas, Mark};
use super::plot::Plot;
use crate::chart::{Bar, Hatch, Span};
use crate::surface::{Align, Rect, Type, text_box};
use crate::text::SMALL;
use crate::theme::Tone;
use plotters::style::Color;

/// Distance between the lines of a hatch, along an edge.
const HATCH: f64 = 7.0;

/// Draws `bars` into `plot`.
pub fn draw(canvas: &mut Canvas<'_, '_>, bars: &[Bar], plot: &Plot) {
    let ink = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Centre);
    let mut texts: Vec<Rect> = Vec::new();
    for bar in bars {
        let (x, w) = (plot.x.at(bar.x), plot.x.unit() * bar.width);
        let zero = plot.y.at(bar.from.clamp(plot.y.lo, plot.y.hi));
        let top = plot.y.at(bar.value);
        let area = Rect::new(x - w / 2.0, top.min(zero), w, (top - zero).abs());
        // A value that is not zero can be seen, whatever the scale.
        let height = bar.value - bar.from;
        let seen = if height == 0.0 { area } else { at_least(area, zero, height) };
        if height != 0.0 {
            canvas.surface.fill(seen, canvas.theme.colour(bar.tone));
            draw_hatch(canvas, seen, bar.hatch);
        }
        if let Some((low, high)) = bar.interval {
            draw_interval(canvas, x, (plot.y.at(low), plot.y.at(high)), w);
        }
        if bar.inside {
            draw_inside(canvas, bar, seen);
        } else if !bar.text.is_empty() {
            let seen = match bar.interval {
                Some((_, high)) => Rect { y: seen.y.min(plot.y.at(high)), ..seen },
                None => seen,
            };
            let y = if bar.value < 0.0 { seen.bottom() + 8.0 } else { seen.y - 8.0 };
            let room = text_box(&bar.text, x, y, ink);
            if !texts.iter().any(|t| t.meets(&room)) {
                canvas.surface.text(&bar.text, x, y, ink);
                texts.push(room);
            }
        }
        canvas.mark(|| Mark::area(seen).stands_for(&bar.items).says(&bar.label, &bar.says));
    }
}

/// Between which values the true one lies: a line with two ends.
fn draw_interval(canvas: &mut Canvas<'_, '_>, x: f64, (low, high): (f64, f64), width: f64) {
    let ink = canvas.colour(Tone::Ink);
    let half = (width * 0.2).min(4.0);
    canvas.surface.line(&[(x, low), (x, high)], 1.0, ink);
    for y in [low, high] {
        canvas.surface.line(&[(x - half, y), (x + half, y)], 1.0, ink);
    }
}

/// Writes a bar's text into it, where it has room.
fn draw_inside(canvas: &mut Canvas<'_, '_>, bar: &Bar, area: Rect) {
    let kind = Type::new(SMALL, canvas.colour(Tone::Card), Align::Centre);
    let (x, y) = (area.x + area.w / 2.0, area.y + area.h / 2.0);
    let room = text_box(&bar.text, x, y, kind);
    if room.w + 2.0 <= area.w && room.h + 2.0 <= area.h {
        canvas.surface.text(&bar.text, x, y, kind);
    }
}

fn at_least(area: Rect, zero: f64, value: f64) -> Rect {
    let h = area.h.max(1.5);
    Rect { y: if value > 0.0 { zero - h } else { zero }, h, ..area }
}

/// Draws ranges: pale between two edges, so that none looks like a value.
pub fn draw_spans(canvas: &mut Canvas<'_, '_>, spans: &[Span], plot: &Plot) {
    for span in spans {
        let (x0, x1) = (plot.x.at(span.x.0), plot.x.at(span.x.1));
        let (low, high) = (plot.y.at(span.y.0), plot.y.at(span.y.1));
        let area = Rect::new(x0, high, (x1 - x0).max(1.0), (low - high).max(1.0));
        let colour = canvas.theme.colour(span.tone);
        canvas.surface.fill(area, colour.mix(0.18));
        for y in [low, high] {
            canvas.surface.rule_h(area.x, area.right(), y, colour.mix(0.6));
        }
        let at = (span.x.0 + span.x.1) / 2.0;
        canvas.mark(|| Mark {
            at: Some(at),
            ..Mark::area(area).stands_for(span.item.as_slice()).says(&span.label, &span.says)
        });
    }
}

/// Draws the pattern of a bar.
pub fn draw_hatch(canvas: &mut Canvas<'_, '_>, area: Rect, hatch: Hatch) {
    let colour = canvas.theme.colour(Tone::Card).mix(0.55);
    if hatch != Hatch::Plain {
        canvas.surface.line(&diagonals(area, false), 1.2, colour);
    }
    if hatch == Hatch::Cross {
        canvas.surface.line(&diagonals(area, true), 1.2, colour);
    }
}

/// Parallel diagonals of `area` as one line that turns at its edges: one call per bar, where
/// line by line would take dozens.
fn diagonals(area: Rect, mirrored: bool) -> Vec<(f64, f64)> {
    let (w, h) = (area.w, area.h);
    let point =
        |u: f64, v: f64| (if mirrored { area.right() - u } else { area.x + u }, area.bottom() - v);
    let mut points = Vec::new();
    let mut c = HATCH;
    while c < w + h {
        let right = point(c.min(w), c - c.min(w));
        let left = point(c - c.min(h), c.min(h));
        let upwards = points.len() % 4 == 0;
        points.extend(if upwards { [right, left] } else { [left, right] });
        c += HATCH;
    }
    points
}
