//! A matrix of verdicts.

use super::canvas::{Canvas, Mark};
use super::plot::Plot;
use crate::chart::{Verdict, VerdictCell};
use crate::surface::Rect;
use crate::theme::Tone;

/// Steps of the scale of leads: neighbours of nearly the same lead are one rectangle.
const STEPS: f64 = 16.0;
/// From this size on, in pixels, cells stand apart.
const APART: f64 = 6.0;
/// Of a vessel: how much is empty and full at least, and how wide its sides are.
const LEAST_EMPTY: f64 = 0.3;
const LEAST_FULL: f64 = 0.2;
const RIM: f64 = 0.2;

fn level(cell: &VerdictCell) -> Option<f64> {
    match cell.verdict {
        Verdict::Right(lead) => Some((lead * STEPS).round()),
        _ => None,
    }
}

/// Draws `rows` into `plot`.
pub fn draw(canvas: &mut Canvas<'_, '_>, rows: &[Vec<Option<VerdictCell>>], plot: &Plot) {
    let (w, h) = (plot.x.unit(), plot.y.unit());
    for (r, row) in rows.iter().enumerate() {
        let y = plot.y.at(r as f64) - h / 2.0;
        let area = |from: usize, count: usize| {
            Rect::new(plot.area.x + from as f64 * w, y, count as f64 * w, h)
        };
        let level_of = |cell: &Option<VerdictCell>| cell.as_ref().and_then(level);
        let mut start = 0;
        while start < row.len() {
            let own = level_of(&row[start]);
            let run = row[start..].iter().take_while(|c| own.is_some() && level_of(c) == own);
            let run = run.count().max(1);
            match (own, &row[start]) {
                (Some(level), _) => {
                    draw_verdict(canvas, area(start, run), Verdict::Right(level / STEPS));
                }
                (None, Some(cell)) => draw_verdict(canvas, area(start, 1), cell.verdict),
                (None, None) => {}
            }
            start += run;
        }
    }
    if w.min(h) >= APART {
        draw_gaps(canvas, rows, plot);
    }
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let Some(VerdictCell { item, label, says, .. }) = cell else { continue };
            let area = Rect::around(plot.x.at(c as f64), plot.y.at(r as f64), w, h);
            let item = std::slice::from_ref(item);
            canvas.mark(|| Mark::area(area).stands_for(item).says(label, says));
        }
    }
}

/// Hairlines between cells.
fn draw_gaps(canvas: &mut Canvas<'_, '_>, rows: &[Vec<Option<VerdictCell>>], plot: &Plot) {
    let card = canvas.colour(Tone::Card);
    let area = plot.area;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    for i in 1..columns {
        let x = area.x + i as f64 * plot.x.unit();
        canvas.surface.rule_v(x, area.y, area.bottom(), card);
    }
    for i in 1..rows.len() {
        let y = area.y + i as f64 * plot.y.unit();
        canvas.surface.rule_h(area.x, area.right(), y, card);
    }
}

/// Draws what a verdict looks like.
pub fn draw_verdict(canvas: &mut Canvas<'_, '_>, area: Rect, verdict: Verdict) {
    let (card, muted) = (canvas.colour(Tone::Card), canvas.colour(Tone::Muted));
    match verdict {
        Verdict::Right(lead) => canvas.surface.fill(area, canvas.theme.lead(lead)),
        Verdict::Partly(share) => {
            canvas.surface.fill(area, canvas.colour(Tone::Middling));
            // Neither a vessel that is nearly full nor one that is nearly empty looks like one that is.
            let h =
                ((1.0 - share) * area.h).clamp(LEAST_EMPTY * area.h, (1.0 - LEAST_FULL) * area.h);
            let rim = RIM * area.w;
            let empty = Rect::new(area.x + rim, area.y, area.w - 2.0 * rim, h);
            canvas.surface.fill(empty, card);
        }
        Verdict::Wrong => {
            canvas.surface.fill(area, canvas.colour(Tone::Bad));
            let a = area.inset(1.0, 1.0, 1.0, 1.0);
            canvas.surface.line(&[(a.x, a.y), (a.right(), a.bottom())], 1.2, card);
            canvas.surface.line(&[(a.x, a.bottom()), (a.right(), a.y)], 1.2, card);
        }
        Verdict::Open => {
            canvas.surface.fill(area, canvas.colour(Tone::Grid));
            let (x, y) = (area.x + area.w / 2.0, area.y + area.h / 2.0);
            let ends = [
                [(area.x, area.bottom()), (area.right(), area.y)],
                [(area.x, y), (x, area.y)],
                [(x, area.bottom()), (area.right(), y)],
            ];
            for line in ends {
                canvas.surface.line(&line, 1.0, muted);
            }
        }
    }
}
