//! A heat map.

use super::canvas::{Canvas, Mark};
use super::plot::Plot;
use crate::chart::{Cell, Cells, Facet, Shade};
use crate::surface::Rect;
use crate::theme::{Theme, Tone};
use numbers::words;
use plotters::style::RGBColor;

/// Steps of the colour scale: fine enough for the eye, coarse enough that neighbours of
/// nearly the same weight are one rectangle.
const STEPS: f64 = 100.0;
/// From this share of a scale on, and this size in pixels, a difference has its sign written into its cell.
const SIGNED: f64 = 0.05;
const WRITTEN: f64 = 3.0;

/// The colour of a level of a scale.
pub fn shaded(theme: Theme, shade: Shade, level: f64) -> RGBColor {
    match shade {
        Shade::Signed(_) => theme.signed(level),
        _ => theme.attention(level),
    }
}

/// A difference of two shares in percentage points, with three digits however small it is: `+3.21`.
pub fn signed(value: f64) -> String {
    let points = 100.0 * value.abs();
    let sign = match value {
        0.0 => return "0".into(),
        v if v < 0.0 => "−",
        _ => "+",
    };
    let decimals = match points {
        v if v < 0.001 => return format!("{sign}{v:.1e}"),
        v if v < 0.01 => 5,
        v if v < 0.1 => 4,
        v if v < 1.0 => 3,
        v if v < 10.0 => 2,
        _ => 1,
    };
    let text = format!("{points:.decimals$}");
    format!("{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The same where it stands for itself.
fn in_points(value: f64) -> String {
    if value == 0.0 { signed(value) } else { format!("{} points", signed(value)) }
}

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
                canvas.surface.fill(area, shaded(canvas.theme, cells.shade, step / STEPS));
            }
            start += run;
        }
    }
    draw_gaps(canvas, plot);
    if let Shade::Signed(top) = cells.shade {
        draw_signs(canvas, cells, top, plot);
    }
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

/// A large difference can be told from its opposite without its colour.
fn draw_signs(canvas: &mut Canvas<'_, '_>, cells: &Cells, top: f64, plot: &Plot) {
    let size = plot.x.unit().min(plot.y.unit());
    if size < WRITTEN {
        return;
    }
    let half = (0.35 * size).min(4.0);
    for (r, row) in cells.rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let Some(value) = cell.as_ref().map(|cell| cell.value / top) else { continue };
            if value.abs() < SIGNED {
                continue;
            }
            let (x, y) = (plot.x.at(c as f64), plot.y.at(r as f64));
            let colour = canvas.colour(Theme::on_signed(value));
            canvas.surface.line(&[(x - half, y), (x + half, y)], 1.2, colour);
            if value > 0.0 {
                canvas.surface.line(&[(x, y - half), (x, y + half)], 1.2, colour);
            }
        }
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
                let text = match cells.shade {
                    Shade::Signed(_) => in_points(*value),
                    _ => words::percent(100.0 * value),
                };
                mark.says(label(r, c), text)
            });
        }
    }
}
