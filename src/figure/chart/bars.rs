//! Bars from zero.

use super::facet::Frame;
use super::{Canvas, Mark};
use crate::surface::{Align, Rect, Type, text_box};
use crate::text::SMALL;
use crate::theme::Tone;
use plotters::style::Color;

/// A bar. One without a value is not added to a chart at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Middle of the bar, in bands.
    pub x: f64,
    /// Width, in bands.
    pub width: f64,
    /// Height, in units of the vertical axis.
    pub value: f64,
    /// Colour.
    pub tone: Tone,
    /// Pattern, so that a class can be told without its colour.
    pub hatch: Hatch,
    /// Text above; empty for none.
    pub text: String,
    /// What it is.
    pub label: String,
    /// Its value in words.
    pub says: String,
}

/// Distance between the lines of a hatch, along an edge.
const HATCH: f64 = 7.0;

/// A pattern of lines in the card's colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hatch {
    /// None.
    #[default]
    Plain,
    /// Diagonal lines.
    Single,
    /// Diagonal lines that cross.
    Cross,
}

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, bars: &[Bar], frame: &Frame) {
    let zero = frame.y.at(0.0_f64.clamp(frame.y.lo, frame.y.hi));
    let ink = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Centre);
    let mut texts: Vec<Rect> = Vec::new();
    for bar in bars {
        let (x, w) = (frame.x.at(bar.x), frame.x.unit() * bar.width);
        let top = frame.y.at(bar.value);
        let area = Rect::new(x - w / 2.0, top.min(zero), w, (top - zero).abs());
        // A value that is not zero can be seen, whatever the scale.
        let seen = if bar.value == 0.0 { area } else { at_least(area, zero, bar.value) };
        if bar.value != 0.0 {
            canvas.surface.fill(seen, canvas.theme.colour(bar.tone));
            draw_hatch(canvas, seen, bar.hatch);
        }
        if !bar.text.is_empty() {
            let y = if bar.value < 0.0 { seen.bottom() + 8.0 } else { seen.y - 8.0 };
            let room = text_box(&bar.text, x, y, ink);
            if !texts.iter().any(|t| t.meets(&room)) {
                canvas.surface.text(&bar.text, x, y, ink);
                texts.push(room);
            }
        }
        canvas.mark(|| Mark::area(seen, bar.label.as_str(), bar.says.as_str()));
    }
}

fn at_least(area: Rect, zero: f64, value: f64) -> Rect {
    let h = area.h.max(1.5);
    Rect { y: if value > 0.0 { zero - h } else { zero }, h, ..area }
}

pub(super) fn draw_hatch(canvas: &mut Canvas<'_, '_>, area: Rect, hatch: Hatch) {
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
