//! Marks of another model: pale outlines of what was there before an edit, or those of one that is compared, each of which
//! is named and can be pointed at.

use super::canvas::{Canvas, Mark};
use super::plot::Plot;
use super::{dots, lines};
use crate::chart::{Bar, Dot, Layer, Marker, Tag};
use crate::surface::{Align, Rect, Type};
use crate::text::SMALL;
use crate::theme::Tone;
use numbers::listed::Listed;
use plotters::style::{Color, RGBAColor};

/// Widths of an outline that stands behind what is now, and of one that stands for itself.
const BEHIND: f64 = 1.0;
const ITSELF: f64 = 1.6;

/// What lies behind the marks of now: dots and what joins them.
pub fn draw_behind(canvas: &mut Canvas<'_, '_>, ghost: &[Layer], plot: &Plot) {
    let colour = colour(canvas);
    for layer in ghost {
        match layer {
            Layer::Dots(list) => {
                let is_crowded = dots::are_crowded(list, plot);
                list.iter().for_each(|dot| ring(canvas, dot, plot, is_crowded));
            }
            Layer::Thread(points, _) => lines::draw_thread(canvas, points, plot, (1.0, colour)),
            _ => {}
        }
    }
}

/// What lies over them: bars, which would hide it.
pub fn draw_over(canvas: &mut Canvas<'_, '_>, ghost: &[Layer], plot: &Plot) {
    for layer in ghost {
        if let Layer::Bars(list) = layer {
            list.iter().for_each(|bar| frame(canvas, bar, plot));
        }
    }
}

/// A sample for legends.
pub fn draw_swatch(canvas: &mut Canvas<'_, '_>, area: Rect) {
    outline(canvas, area.inset(0.5, 0.5, 0.5, 0.5), (BEHIND, colour(canvas)));
}

fn colour(canvas: &Canvas<'_, '_>) -> RGBAColor {
    canvas.theme.colour(Tone::Ink).mix(0.5)
}

/// How an outline is drawn: one that is named stands for itself, in its own colour.
fn look(canvas: &Canvas<'_, '_>, label: &str, tone: Option<Tone>) -> (f64, RGBAColor) {
    match tone {
        Some(tone) if !label.is_empty() => (ITSELF, canvas.theme.colour(tone).mix(1.0)),
        _ => (BEHIND, colour(canvas)),
    }
}

fn outline(canvas: &mut Canvas<'_, '_>, area: Rect, (width, colour): (f64, RGBAColor)) {
    let Rect { x, y, .. } = area;
    let (right, bottom) = (area.right(), area.bottom());
    let corners = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)];
    canvas.surface.line(&corners, width, colour);
}

fn frame(canvas: &mut Canvas<'_, '_>, bar: &Bar, plot: &Plot) {
    let (x, w) = (plot.x.at(bar.x), plot.x.unit() * bar.width);
    let (from, to) = (plot.y.at(bar.from), plot.y.at(bar.value));
    let area = Rect::new(x - w / 2.0, from.min(to), w, (from - to).abs());
    outline(canvas, area, look(canvas, &bar.label, Some(bar.tone)));
    if !bar.label.is_empty() {
        canvas.mark(|| Mark::area(area).stands_for(&bar.items).says(&bar.label, &bar.says));
    }
}

fn ring(canvas: &mut Canvas<'_, '_>, dot: &Dot, plot: &Plot, is_crowded: bool) {
    let (x, y) = (plot.x.at(dot.at.0), plot.y.at(dot.at.1));
    if !plot.area.holds(&Rect::new(x, y, 0.0, 0.0)) {
        return;
    }
    let (width, colour) = look(canvas, &dot.label, dot.tones.first().copied());
    let r = if is_crowded { dots::CROWDED } else { dots::pixels(dot.radius, plot) };
    if dot.marker == Marker::Arrow {
        canvas.surface.line(&[(plot.x.at(0.0), plot.y.at(0.0)), (x, y)], width, colour);
    } else {
        let corner = |i: u32| {
            let (sin, cos) = libm::sincos(f64::from(i) * std::f64::consts::TAU / 24.0);
            (x + r * cos, y + r * sin)
        };
        let ring: Vec<(f64, f64)> = (0..=24).map(corner).listed();
        canvas.surface.line(&ring, width, colour);
    }
    if dot.label.is_empty() {
        return;
    }
    if let (Tag::Inside(text), false) = (&dot.tag, is_crowded) {
        let kind = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Centre);
        canvas.surface.text(text, x, y, kind);
    }
    canvas.mark(|| Mark::dot(x, y, r).stands_for(&dot.items).says(&dot.label, &dot.says));
}
