//! A heat map.

use super::canvas::{Canvas, Mark};
use super::plot::Plot;
use crate::chart::{Cell, Cells, Facet};
use crate::surface::Rect;
use crate::theme::Tone;
use numbers::words;

/// Steps of the colour scale: fine enough for the eye, coarse enough that neighbours of
/// nearly the same weight are one rectangle.
const STEPS: f64 = 100.0;

/// Draws `cells` into `plot`, named by the bands of `facet`.
pub fn draw(canvas: &mut Canvas<'_, '_>, cells: &Cells, facet: &Facet, plot: &Plot) {
    let (w, h) = (plot.x.unit(), plot.y.unit());
    for (r, row) in cells.rows.iter().enumerate() {
        let y = plot.y.at(r as f64) - h / 2.0;
        let level = |cell: &Cell| (cells.shade.level(cell.value) * STEPS).round().min(STEPS);
        let colour_of = |cell: &Option<Cell>| cell.as_ref().map(level);
        let mut start = 0;
        while start < row.len() {
            let colour = colour_of(&row[start]);
            let run = row[start..].iter().take_while(|v| colour_of(v) == colour).count();
            if let Some(step) = colour {
                let area = Rect::new(plot.area.x + start as f64 * w, y, run as f64 * w, h);
                canvas.surface.fill(area, canvas.theme.attention(step / STEPS));
            }
            start += run;
        }
    }
    draw_gaps(canvas, plot);
    add_marks(canvas, cells, facet, plot);
}

/// Hairlines between cells: 44 calls instead of a rectangle per cell.
fn draw_gaps(canvas: &mut Canvas<'_, '_>, plot: &Plot) {
    let card = canvas.theme.colour(Tone::Card);
    let (w, h) = (plot.x.unit(), plot.y.unit());
    let area = plot.area;
    for i in 1..(area.w / w).round() as usize {
        canvas.surface.rule_v(area.x + i as f64 * w, area.y, area.bottom(), card);
    }
    for i in 1..(area.h / h).round() as usize {
        canvas.surface.rule_h(area.x, area.right(), area.y + i as f64 * h, card);
    }
}

fn add_marks(canvas: &mut Canvas<'_, '_>, cells: &Cells, facet: &Facet, plot: &Plot) {
    let (w, h) = (plot.x.unit(), plot.y.unit());
    let title = if facet.title.is_empty() { String::new() } else { format!("{}: ", facet.title) };
    let label = |r: usize, c: usize| format!("{title}{} → {}", facet.y.band(r), facet.x.band(c));
    for (r, row) in cells.rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let Some(Cell { value, item }) = cell else { continue };
            let area = Rect::around(plot.x.at(c as f64), plot.y.at(r as f64), w, h);
            canvas.mark(|| {
                let mark = Mark::area(area).stands_for(std::slice::from_ref(item));
                mark.says(label(r, c), words::percent(100.0 * value))
            });
        }
    }
}
