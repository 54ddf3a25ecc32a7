//! Lines over a numeric axis, each named at its end, and thresholds.

use super::canvas::{Canvas, Mark};
use super::labels::{Order, Placer, Wish};
use super::plot::Plot;
use crate::chart::{Moment, Rule, Series};
use crate::surface::{Align, Rect, Type};
use crate::text::{self, SMALL};
use crate::theme::Tone;
use crate::thin::seen;
use numbers::listed::Listed;
use plotters::style::{Color, RGBAColor};

/// How far a moment's line rises above the plot.
const MOMENT_RISE: f64 = 5.0;

/// From so many points on a line is blocked by cells, of this size.
const DENSE: usize = 512;
const CELL: f64 = 4.0;

/// Points at a line's end, and farther back, at which its name is tried: many times what it takes where there is room.
const NEAR_END: usize = 64;
const FARTHER_BACK: usize = 64;

/// How long a dash is, and a gap, in pixels.
const DASH: f64 = 5.0;

/// More points than this on a line are not dotted.
const DOTTED: usize = 120;

/// Draws `series` into `plot`.
pub fn draw(canvas: &mut Canvas<'_, '_>, series: &[Series], plot: &Plot) {
    let mut placer = Placer::new(plot.area);
    let mut paths = Vec::new();
    for line in series {
        let colour = canvas.colour(line.tone);
        let all: Vec<(f64, f64)> =
            line.spots.iter().map(|s| (plot.x.at(s.at.0), plot.y.at(s.at.1))).listed();
        let shown = seen(&all);
        let points: Vec<(f64, f64)> = shown.iter().map(|at| all[*at]).listed();
        if line.dashed {
            for dash in dashes(&points) {
                canvas.surface.line(&dash, 1.8, colour);
            }
        } else {
            canvas.surface.line(&points, 1.8, colour);
        }
        for (spot, &(x, y)) in shown.iter().map(|at| &line.spots[*at]).zip(&points) {
            if points.len() <= DOTTED {
                canvas.surface.disc(x, y, 2.2, colour);
            }
            canvas.mark(|| Mark {
                at: Some(spot.at.0),
                ..Mark::dot(x, y, 4.0)
                    .stands_for(spot.item.as_slice())
                    .says(&spot.label, &spot.says)
            });
        }
        block(&mut placer, &points, &plot.area);
        paths.push(points);
    }
    for (line, points) in series.iter().zip(&paths).filter(|(line, _)| !line.name.is_empty()) {
        draw_name(canvas, &mut placer, line, points);
    }
}

/// A line in dashes of the same length, with gaps as long.
fn dashes(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut dashes = Vec::new();
    let mut dash: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let (mut is_drawn, mut left) = (true, DASH);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = libm::hypot(to.0 - from.0, to.1 - from.1);
            // Of what is no number there is nothing to cut.
            if length.is_nan() || length <= left {
                left -= length.max(0.0);
                break;
            }
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            dash.push(from);
            let done = std::mem::replace(&mut dash, vec![from]);
            if is_drawn {
                dashes.push(done);
            }
            (is_drawn, left) = (!is_drawn, DASH);
        }
        dash.push(to);
    }
    if is_drawn && dash.len() > 1 {
        dashes.push(dash);
    }
    dashes
}

/// Writes a line's name near its end, or where there is no room, farther back.
fn draw_name(
    canvas: &mut Canvas<'_, '_>,
    placer: &mut Placer,
    line: &Series,
    points: &[(f64, f64)],
) {
    let texts = [line.name.clone()];
    // Next to the line wherever that is possible; a leader may cross other lines.
    let found = [Order::Adjacent, Order::BestText].into_iter().find_map(|order| {
        tried(points).find_map(|at| {
            let wish = Wish { at, r: 3.0, texts: &texts, towards: (-0.5, 0.86), order };
            placer.place(&wish)
        })
    });
    let Some(placed) = found else { return };
    let kind = Type::new(SMALL, canvas.colour(line.tone), Align::Left);
    let y = placed.room.y + placed.room.h / 2.0;
    canvas.surface.text(placed.text, placed.room.x, y, kind);
    if let Some(leader) = placed.leader {
        canvas.surface.line(&leader, 1.0, canvas.theme.colour(line.tone).mix(0.6));
    }
}

/// Draws a thin line as far as it lies in the plot.
pub fn draw_thread(
    canvas: &mut Canvas<'_, '_>,
    points: &[(f64, f64)],
    plot: &Plot,
    (width, colour): (f64, RGBAColor),
) {
    let points: Vec<(f64, f64)> =
        points.iter().map(|&(x, y)| (plot.x.at(x), plot.y.at(y))).listed();
    let is_outside = |&(x, y): &(f64, f64)| !plot.area.holds(&Rect::new(x, y, 0.0, 0.0));
    for piece in points.split(is_outside).filter(|piece| piece.len() > 1) {
        canvas.surface.line(piece, width, colour);
    }
}

/// The points of a line that its name may stand at, best first: those at its end, then some that are farther back.
fn tried(points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    let (before, end) = points.split_at(points.len().saturating_sub(NEAR_END));
    let apart = before.len().div_ceil(FARTHER_BACK).max(1);
    end.iter().rev().chain(before.iter().rev().step_by(apart)).copied()
}

/// Keeps labels off a line.
fn block(placer: &mut Placer, points: &[(f64, f64)], area: &Rect) {
    // Where there are many, those of one cell are blocked once.
    let is_dense = points.len() > DENSE;
    let across = (area.w / CELL) as usize + 1;
    let mut blocked = vec![false; across * ((area.h / CELL) as usize + 1)];
    let mut is_first = |x: f64, y: f64| {
        let (column, row) = ((x - area.x) / CELL, (y - area.y) / CELL);
        let cell = blocked.get_mut(row as usize * across + column as usize);
        cell.is_none_or(|cell| !std::mem::replace(cell, true))
    };
    for pair in points.windows(2) {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let steps = (dx.abs().max(dy.abs()) / 5.0).ceil().clamp(1.0, 200.0);
        for i in 0..=steps as usize {
            let t = i as f64 / steps;
            let (x, y) = (pair[0].0 + dx * t, pair[0].1 + dy * t);
            if !is_dense || is_first(x, y) {
                placer.take(Rect::around(x, y, 5.0, 5.0));
            }
        }
    }
}

/// Draws thresholds.
pub fn draw_rules(canvas: &mut Canvas<'_, '_>, rules: &[Rule], plot: &Plot) {
    for rule in rules.iter().filter(|r| r.at <= plot.y.hi) {
        let colour = canvas.theme.colour(rule.tone).mix(0.55);
        canvas.surface.rule_h(plot.area.x, plot.area.right(), plot.y.at(rule.at), colour);
    }
}

/// Draws a place that stands out. Its name stands above the plot, in the row of the vertical axis' label.
pub fn draw_moment(canvas: &mut Canvas<'_, '_>, moment: &Moment, plot: &Plot) {
    let (ink, area) = (canvas.colour(Tone::Ink), plot.area);
    let x = plot.x.at(moment.at);
    canvas.surface.rule_v(x, area.y - MOMENT_RISE, area.bottom(), ink);
    let half = text::width(&moment.text, SMALL, true) / 2.0;
    let x = x.min(area.right() - half).max(area.x + half);
    let kind = Type::new(SMALL, ink, Align::Centre).bold();
    canvas.surface.text(&moment.text, x, area.y - MOMENT_RISE - 6.0, kind);
}
