//! Marks as they were before the model was edited: pale outlines.

use super::canvas::Canvas;
use super::plot::Plot;
use super::{dots, lines};
use crate::chart::{Bar, Dot, Layer, Marker};
use crate::surface::Rect;
use crate::theme::Tone;
use numbers::listed::Listed;
use plotters::style::{Color, RGBAColor};

/// What lies behind the marks of now: dots and what joins them.
pub fn draw_behind(canvas: &mut Canvas<'_, '_>, ghost: &[Layer], plot: &Plot) {
    let colour = colour(canvas);
    for layer in ghost {
        match layer {
            Layer::Dots(list) => list.iter().for_each(|dot| ring(canvas, dot, plot, colour)),
            Layer::Thread(points, _) => lines::draw_thread(canvas, points, plot, (1.0, colour)),
            _ => {}
        }
    }
}

/// What lies over them: bars, which would hide it.
pub fn draw_over(canvas: &mut Canvas<'_, '_>, ghost: &[Layer], plot: &Plot) {
    let colour = colour(canvas);
    for layer in ghost {
        if let Layer::Bars(list) = layer {
            list.iter().for_each(|bar| frame(canvas, bar, plot, colour));
        }
    }
}

/// A sample for legends.
pub fn draw_swatch(canvas: &mut Canvas<'_, '_>, area: Rect) {
    outline(canvas, area.inset(0.5, 0.5, 0.5, 0.5), colour(canvas));
}

fn colour(canvas: &Canvas<'_, '_>) -> RGBAColor {
    canvas.theme.colour(Tone::Ink).mix(0.5)
}

fn outline(canvas: &mut Canvas<'_, '_>, area: Rect, colour: RGBAColor) {
    let Rect { x, y, .. } = area;
    let (right, bottom) = (area.right(), area.bottom());
    let corners = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)];
    canvas.surface.line(&corners, 1.0, colour);
}

fn frame(canvas: &mut Canvas<'_, '_>, bar: &Bar, plot: &Plot, colour: RGBAColor) {
    let (x, w) = (plot.x.at(bar.x), plot.x.unit() * bar.width);
    let (from, to) = (plot.y.at(bar.from), plot.y.at(bar.value));
    outline(canvas, Rect::new(x - w / 2.0, from.min(to), w, (from - to).abs()), colour);
}

fn ring(canvas: &mut Canvas<'_, '_>, dot: &Dot, plot: &Plot, colour: RGBAColor) {
    let (x, y) = (plot.x.at(dot.at.0), plot.y.at(dot.at.1));
    if !plot.area.holds(&Rect::new(x, y, 0.0, 0.0)) {
        return;
    }
    if dot.marker == Marker::Arrow {
        return canvas.surface.line(&[(plot.x.at(0.0), plot.y.at(0.0)), (x, y)], 1.0, colour);
    }
    let r = dots::pixels(dot.radius, plot);
    let corner = |i: u32| {
        let (sin, cos) = libm::sincos(f64::from(i) * std::f64::consts::TAU / 24.0);
        (x + r * cos, y + r * sin)
    };
    let ring: Vec<(f64, f64)> = (0..=24).map(corner).listed();
    canvas.surface.line(&ring, 1.0, colour);
}
