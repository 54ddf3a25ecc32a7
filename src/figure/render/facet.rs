//! One plot: margins, grid, layers.

use super::axis;
use super::canvas::Canvas;
use super::plot::{Map, Plot};
use super::{bars, cells, dots, ghost, legend, lines, tracks, verdicts};
use crate::chart::{Facet, Key, Layer};
use crate::surface::{Align, Rect, Type};
use crate::text::{self, BODY, SMALL};
use crate::theme::Tone;
use plotters::style::Color;

/// Height of a heading or of the vertical axis' label.
const ROW: f64 = 18.0;
/// Room above and to the right of the rectangle between the axes.
const TOP: f64 = 6.0;
const RIGHT: f64 = 8.0;
/// A plot of equal scale is at most this much wider than its marks need.
const MOST_WIDER: f64 = 1.6;

/// Draws `facet` into `place`; returns the rectangle between its axes. The label of the
/// vertical axis is left out where the chart's header has it already; otherwise `key` stands beside it.
pub fn draw(
    canvas: &mut Canvas<'_, '_>,
    facet: &Facet,
    place: Rect,
    (headed, key): (bool, Option<&Key>),
) -> Rect {
    let mut place = place;
    let heading = !facet.title.is_empty() || !facet.y.label.is_empty();
    if heading && !headed {
        draw_heading(canvas, facet, place, key);
        place = place.inset(0.0, ROW, 0.0, 0.0);
    }
    let plot = laid_out(facet, place);
    let area = plot.area;
    for zone in &facet.zones {
        let (a, b) = (plot.y.at(zone.from), plot.y.at(zone.to));
        let tinted = Rect::new(area.x, a.min(b), area.w, (a - b).abs());
        canvas.surface.fill(tinted, canvas.theme.colour(zone.tone).mix(0.09));
    }
    axis::draw_y(canvas, &facet.y, &plot.y, area);
    axis::draw_x(canvas, &facet.x, &plot.x, area, facet.equal_aspect);
    draw_zero(canvas, facet, &plot);
    ghost::draw_behind(canvas, &facet.ghost, &plot);
    for layer in &facet.layers {
        match layer {
            Layer::Bars(list) => bars::draw(canvas, list, &plot),
            Layer::Dots(list) => dots::draw(canvas, list, &plot),
            Layer::Cells(matrix) => cells::draw(canvas, matrix, facet, &plot),
            Layer::Verdicts(rows) => verdicts::draw(canvas, rows, &plot),
            Layer::Lines(list) => lines::draw(canvas, list, &plot),
            Layer::Thread(points, tone) => {
                lines::draw_thread(
                    canvas,
                    points,
                    &plot,
                    (1.5, canvas.theme.colour(*tone).mix(0.45)),
                );
            }
            Layer::Spans(list) => bars::draw_spans(canvas, list, &plot),
            Layer::Rules(list) => lines::draw_rules(canvas, list, &plot),
            Layer::Moment(moment) => lines::draw_moment(canvas, moment, &plot),
            Layer::Tracks(lanes) => tracks::draw(canvas, lanes, &plot),
        }
    }
    ghost::draw_over(canvas, &facet.ghost, &plot);
    draw_statement(canvas, facet, area);
    area
}

fn draw_heading(canvas: &mut Canvas<'_, '_>, facet: &Facet, place: Rect, key: Option<&Key>) {
    let y = place.y + 7.0;
    let right = match key {
        Some(key) => legend::draw_last(canvas, key, place.right(), y) - 12.0,
        None => place.right(),
    };
    let ink = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Left).bold();
    let title = canvas.surface.text(&facet.title, place.x, y, ink);
    let muted = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Left);
    let left = if facet.title.is_empty() { place.x } else { title.right() + 10.0 };
    let label = text::fit(&facet.y.label, SMALL, false, right - left);
    canvas.surface.text(&label, left, y, muted);
}

/// What a plot with a heading takes beside its bands: in width and in height.
pub fn margins(facet: &Facet) -> (f64, f64) {
    let left = axis::left_margin(&facet.y, facet.y.range(), 0.0);
    (left + RIGHT, ROW + TOP + axis::bottom_margin(&facet.x))
}

/// Margins, and ranges of equal scale where asked. Cells get whole pixels, so that all
/// have the same size.
fn laid_out(facet: &Facet, place: Rect) -> Plot {
    let bottom = axis::bottom_margin(&facet.x);
    let mut ranges = (facet.x.range(), facet.y.range());
    let mut area = place;
    // An equal-aspect range depends on the plot's size and that on the range's ticks;
    // the second round settles it.
    for _ in 0..2 {
        let left = axis::left_margin(&facet.y, ranges.1, place.h - bottom - TOP);
        area = place.inset(left, TOP, RIGHT, bottom);
        if facet.equal_aspect {
            area = narrowed(facet, area);
            ranges = equal(facet, area);
        }
    }
    if facet.layers.iter().any(|l| matches!(l, Layer::Cells(_) | Layer::Verdicts(_))) {
        area = snapped(area, facet.x.band_count(), facet.y.band_count());
    }
    let (from, to) = if facet.y.flip { (area.y, area.bottom()) } else { (area.bottom(), area.y) };
    let (x, y) = ranges;
    Plot { area, x: Map::new(x, area.x, area.right()), y: Map::new(y, from, to) }
}

/// The plot without what would only be an empty grid beside marks of equal scale.
fn narrowed(facet: &Facet, plot: Rect) -> Rect {
    let (xs, ys) = (facet.x.range(), facet.y.range());
    let w = plot.w.min(MOST_WIDER * plot.h * ((xs.1 - xs.0) / (ys.1 - ys.0)).max(1.0));
    if w.is_finite() { Rect { x: plot.x + (plot.w - w) / 2.0, w, ..plot } } else { plot }
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
fn draw_zero(canvas: &mut Canvas<'_, '_>, facet: &Facet, plot: &Plot) {
    let bars = facet.layers.iter().any(|l| matches!(l, Layer::Bars(_) | Layer::Lines(_)));
    if bars && plot.y.lo <= 0.0 && plot.y.hi >= 0.0 {
        let (x0, x1) = (plot.area.x, plot.area.right());
        canvas.surface.rule_h(x0, x1, plot.y.at(0.0), canvas.theme.colour(Tone::Line));
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
