//! A heat map.

use super::facet::Frame;
use super::{Canvas, Facet, Mark};
use crate::surface::Rect;
use crate::theme::Tone;
use numbers::words;

/// A matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Values; `None` where the model cannot look. Those stay as blank as the card.
    pub rows: Vec<Vec<Option<f64>>>,
    /// The value of the last colour.
    pub top: f64,
}

/// Steps of the colour scale: fine enough for the eye, coarse enough that neighbours of
/// nearly the same weight are one rectangle.
const STEPS: f64 = 100.0;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, cells: &Cells, facet: &Facet, frame: &Frame) {
    let (w, h) = (frame.x.unit(), frame.y.unit());
    for (r, row) in cells.rows.iter().enumerate() {
        let y = frame.y.at(r as f64) - h / 2.0;
        let colour_of = |v: &Option<f64>| v.map(|v| (v / cells.top * STEPS).round().min(STEPS));
        let mut start = 0;
        while start < row.len() {
            let colour = colour_of(&row[start]);
            let run = row[start..].iter().take_while(|v| colour_of(v) == colour).count();
            if let Some(step) = colour {
                let area = Rect::new(frame.plot.x + start as f64 * w, y, run as f64 * w, h);
                canvas.surface.fill(area, canvas.theme.attention(step / STEPS));
            }
            start += run;
        }
    }
    draw_gaps(canvas, frame);
    add_marks(canvas, cells, facet, frame);
}

/// Hairlines between cells: 44 calls instead of a rectangle per cell.
fn draw_gaps(canvas: &mut Canvas<'_, '_>, frame: &Frame) {
    let card = canvas.theme.colour(Tone::Card);
    let (w, h) = (frame.x.unit(), frame.y.unit());
    let plot = frame.plot;
    for i in 1..(plot.w / w).round() as usize {
        canvas.surface.rule_v(plot.x + i as f64 * w, plot.y, plot.bottom(), card);
    }
    for i in 1..(plot.h / h).round() as usize {
        canvas.surface.rule_h(plot.x, plot.right(), plot.y + i as f64 * h, card);
    }
}

fn add_marks(canvas: &mut Canvas<'_, '_>, cells: &Cells, facet: &Facet, frame: &Frame) {
    let (w, h) = (frame.x.unit(), frame.y.unit());
    let title = if facet.title.is_empty() { String::new() } else { format!("{}: ", facet.title) };
    let label = |r: usize, c: usize| format!("{title}{} → {}", facet.y.band(r), facet.x.band(c));
    for (r, row) in cells.rows.iter().enumerate() {
        for (c, value) in row.iter().enumerate() {
            let Some(value) = value else { continue };
            let area = Rect::around(frame.x.at(c as f64), frame.y.at(r as f64), w, h);
            canvas.mark(|| Mark::area(area, label(r, c), words::percent(100.0 * value)));
        }
    }
}
