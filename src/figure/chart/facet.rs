//! One plot: margins, grid, layers.

use super::axis::{self, Map};
use super::{Canvas, Facet, Layer, bars, cells, dots, lines};
use crate::surface::{Align, Rect, Type};
use crate::text::{self, BODY, SMALL};
use crate::theme::Tone;
use plotters::style::Color;

/// Height of a heading or of the vertical axis' label.
const ROW: f64 = 18.0;

/// A plot's place on the drawing, and its two maps.
pub(super) struct Frame {
    pub(super) plot: Rect,
    pub(super) x: Map,
    pub(super) y: Map,
}

/// Draws `facet` into `place`; returns the rectangle between its axes. The label of the
/// vertical axis is left out where the chart's header has it already.
pub(super) fn draw(canvas: &mut Canvas<'_, '_>, facet: &Facet, place: Rect, headed: bool) -> Rect {
    let mut place = place;
    let heading = !facet.title.is_empty() || !facet.y.label.is_empty();
    if heading && !headed {
        draw_heading(canvas, facet, place);
        place = place.inset(0.0, ROW, 0.0, 0.0);
    }
    let frame = frame(facet, place);
    let plot = frame.plot;
    for zone in &facet.zones {
        let (a, b) = (frame.y.at(zone.from), frame.y.at(zone.to));
        let area = Rect::new(plot.x, a.min(b), plot.w, (a - b).abs());
        canvas.surface.fill(area, canvas.theme.colour(zone.tone).mix(0.09));
    }
    axis::draw_y(canvas, &facet.y, &frame.y, plot);
    axis::draw_x(canvas, &facet.x, &frame.x, plot, facet.equal_aspect);
    draw_zero(canvas, facet, &frame);
    for layer in &facet.layers {
        match layer {
            Layer::Bars(list) => bars::draw(canvas, list, &frame),
            Layer::Dots(list) => dots::draw(canvas, list, &frame),
            Layer::Cells(matrix) => cells::draw(canvas, matrix, facet, &frame),
            Layer::Lines(list) => lines::draw(canvas, list, &frame),
            Layer::Thread(points, tone) => {
                let points: Vec<(f64, f64)> =
                    points.iter().map(|&(x, y)| (frame.x.at(x), frame.y.at(y))).collect();
                canvas.surface.line(&points, 1.5, canvas.theme.colour(*tone).mix(0.45));
            }
            Layer::Rules(list) => lines::draw_rules(canvas, list, &frame),
            Layer::Moment(moment) => lines::draw_moment(canvas, moment, &frame),
        }
    }
    draw_statement(canvas, facet, plot);
    plot
}

fn draw_heading(canvas: &mut Canvas<'_, '_>, facet: &Facet, place: Rect) {
    let y = place.y + 7.0;
    let ink = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Left).bold();
    let title = canvas.surface.text(&facet.title, place.x, y, ink);
    let muted = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Left);
    let left = if facet.title.is_empty() { place.x } else { title.right() + 10.0 };
    let label = text::fit(&facet.y.label, SMALL, false, place.right() - left);
    canvas.surface.text(&label, left, y, muted);
}

/// Margins, and ranges of equal scale where asked. Cells get whole pixels, so that all
/// have the same size.
fn frame(facet: &Facet, place: Rect) -> Frame {
    let bottom = facet.x.bottom_margin();
    let mut ranges = (facet.x.range(), facet.y.range());
    let mut plot = place;
    // An equal-aspect range depends on the plot's size and that on the range's ticks;
    // the second round settles it.
    for _ in 0..2 {
        let left = facet.y.left_margin(ranges.1, place.h - bottom - 6.0);
        plot = place.inset(left, 6.0, 8.0, bottom);
        if facet.equal_aspect {
            ranges = equal(facet, plot);
        }
    }
    if facet.layers.iter().any(|l| matches!(l, Layer::Cells(_))) {
        plot = snapped(plot, facet.x.band_count(), facet.y.band_count());
    }
    let (from, to) = if facet.y.flip { (plot.y, plot.bottom()) } else { (plot.bottom(), plot.y) };
    let (x, y) = ranges;
    Frame { plot, x: Map::new(x, plot.x, plot.right()), y: Map::new(y, from, to) }
}

/// The ranges of both axes, one of them widened so that a unit is as long across as up.
fn equal(facet: &Facet, plot: Rect) -> ((f64, f64), (f64, f64)) {
    let (xs, ys) = (facet.x.range(), facet.y.range());
    let per_pixel = ((xs.1 - xs.0) / plot.w).max((ys.1 - ys.0) / plot.h);
    (centred(xs, per_pixel * plot.w), centred(ys, per_pixel * plot.h))
}

fn snapped(plot: Rect, columns: usize, rows: usize) -> Rect {
    let fit = |length: f64, n: usize| ((length / n.max(1) as f64).floor().max(1.0)) * n as f64;
    Rect::new(plot.x.round(), plot.y.round(), fit(plot.w, columns), fit(plot.h, rows))
}

fn centred((lo, hi): (f64, f64), length: f64) -> (f64, f64) {
    let middle = (lo + hi) / 2.0;
    (middle - length / 2.0, middle + length / 2.0)
}

/// The line that bars stand on.
fn draw_zero(canvas: &mut Canvas<'_, '_>, facet: &Facet, frame: &Frame) {
    let bars = facet.layers.iter().any(|l| matches!(l, Layer::Bars(_) | Layer::Lines(_)));
    if bars && frame.y.lo <= 0.0 && frame.y.hi >= 0.0 {
        let (x0, x1) = (frame.plot.x, frame.plot.right());
        canvas.surface.rule_h(x0, x1, frame.y.at(0.0), canvas.theme.colour(Tone::Line));
    }
}

fn draw_statement(canvas: &mut Canvas<'_, '_>, facet: &Facet, plot: Rect) {
    let lines = text::wrap(&facet.statement, BODY, plot.w - 24.0);
    let kind = Type::new(BODY, canvas.colour(Tone::Ink), Align::Centre);
    let first = plot.y + plot.h / 2.0 - (lines.len() as f64 - 1.0) * BODY * text::LEADING / 2.0;
    for (i, line) in lines.iter().enumerate() {
        let y = first + i as f64 * BODY * text::LEADING;
        canvas.surface.text(line, plot.x + plot.w / 2.0, y, kind);
    }
}
