//! The one renderer of charts. It decides on pixels: margins, ticks, where a label finds room, and says what it drew where.

mod axis;
mod bars;
mod brackets;
mod canvas;
pub mod cells;
mod dots;
mod facet;
mod ghost;
mod labels;
mod legend;
mod lines;
mod plot;
pub(super) mod tiles;
pub(super) mod tracks;
mod verdicts;

pub use canvas::{Canvas, Mark};

use super::chart::{Aspect, Chart};
use super::surface::Rect;

/// A legend that takes more of a picture's height than this is left out.
const LEGEND: f64 = 0.3;

/// Draws `chart` into `area`.
pub fn draw(canvas: &mut Canvas<'_, '_>, chart: &Chart, area: Rect) {
    let mut area = area;
    let shared = chart.facets.len() == 1 && chart.facets.iter().all(|f| f.title.is_empty());
    let left = if shared { chart.facets[0].y.label.as_str() } else { "" };
    // Where nothing else is in the header, a ghost is named in the first plot's heading.
    let alone = match legend::split(&chart.legend) {
        ([], Some(ghost)) if !shared => Some(ghost),
        _ => None,
    };
    // In a low picture marks come first: what they are is said where one points.
    let room = LEGEND * area.h;
    let is_left_out = alone.is_some() || legend::height(left, &chart.legend, area.w) > room;
    let legend = if is_left_out { &[] } else { chart.legend.as_slice() };
    area = legend::draw_header(canvas, left, legend, area);
    let bar_width = if chart.colour_bar.is_some() { legend::COLOUR_BAR } else { 0.0 };
    let plots = area.inset(0.0, 0.0, bar_width, 0.0);
    if chart.aspect == Aspect::Tiles {
        for (facet, place) in chart.facets.iter().zip(tiles::places(chart, plots)) {
            facet::draw(canvas, facet, place, (false, None));
        }
        if let Some(bar) = &chart.colour_bar {
            legend::draw_colour_bar(canvas, bar, plots);
        }
        return;
    }
    let n = chart.facets.len() as f64;
    let gap = if chart.facets.len() > 1 { 14.0 } else { 0.0 };
    let beside = chart.side_by_side(area.w, area.h);
    let mut reach = plots;
    for (i, facet) in chart.facets.iter().enumerate() {
        let key = alone.filter(|_| i == 0);
        let i = i as f64;
        let place = if beside {
            let w = (plots.w - gap * (n - 1.0)) / n;
            Rect::new(plots.x + i * (w + gap), plots.y, w, plots.h)
        } else {
            let h = (plots.h - gap * (n - 1.0)) / n;
            Rect::new(plots.x, plots.y + i * (h + gap), plots.w, h)
        };
        let plot = facet::draw(canvas, facet, place, (shared, key));
        if i == 0.0 {
            reach = plot;
        } else if beside {
            reach.w = plot.right() - reach.x;
        }
    }
    if let Some(bar) = &chart.colour_bar {
        legend::draw_colour_bar(canvas, bar, reach);
    }
}
