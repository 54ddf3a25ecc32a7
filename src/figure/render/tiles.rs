//! Many small plots in columns. Those of few rows share the first tile.

use super::{facet, legend};
use crate::chart::{Chart, Facet};
use crate::surface::Rect;
use numbers::listed::Listed;

/// Room between tiles.
const GAP: (f64, f64) = (14.0, 10.0);
/// The height of a row of a plot: where that is free, and of the plots that share a tile.
const PITCH: f64 = 9.0;
const SHARED_PITCH: f64 = 14.0;

fn columns(width: f64) -> usize {
    match width {
        w if w < 470.0 => 2,
        w if w < 640.0 => 3,
        _ => 5,
    }
}

/// What all tiles have in common.
struct Tiles {
    columns: usize,
    rows: usize,
    width: f64,
    /// Rows of the tallest plot, and what it takes beside them.
    bands: f64,
    margins: (f64, f64),
    /// Columns of that plot.
    across: f64,
}

fn is_short(facet: &Facet, tallest: f64) -> bool {
    2.0 * (facet.y.band_count() as f64) < tallest
}

impl Tiles {
    fn new(chart: &Chart, width: f64) -> Tiles {
        let rows_of = |facet: &&Facet| facet.y.band_count();
        let tallest = chart.facets.iter().max_by_key(rows_of);
        let bands = tallest.map_or(1, |facet| facet.y.band_count()).max(1) as f64;
        let own = chart.facets.iter().filter(|facet| !is_short(facet, bands)).count();
        let tiles = own + usize::from(own < chart.facets.len());
        let columns = columns(width).min(tiles).max(1);
        let gaps = GAP.0 * (columns as f64 - 1.0);
        Tiles {
            columns,
            rows: tiles.div_ceil(columns).max(1),
            width: (width - gaps) / columns as f64,
            bands,
            margins: tallest.map_or((0.0, 0.0), facet::margins),
            across: tallest.map_or(1, |facet| facet.x.band_count()).max(1) as f64,
        }
    }

    fn gaps(&self) -> f64 {
        GAP.1 * (self.rows as f64 - 1.0)
    }
}

/// What may be left free around a chart, of its width.
const FRAME: f64 = 4.0;

/// The height that suits a chart of this width, with a frame or without: one may take another number of columns.
pub fn height(chart: &Chart, width: f64) -> f64 {
    height_of(chart, width).max(height_of(chart, width - FRAME))
}

fn height_of(chart: &Chart, width: f64) -> f64 {
    let tiles = Tiles::new(chart, width);
    let across = ((tiles.width - tiles.margins.0) / tiles.across).floor();
    let tile = tiles.margins.1 + tiles.bands * across.clamp(4.0, PITCH);
    let header = legend::height("", &chart.legend, width);
    (header + tile * tiles.rows as f64 + tiles.gaps()).ceil() + FRAME
}

/// Where each plot of a chart goes.
pub fn places(chart: &Chart, area: Rect) -> Vec<Rect> {
    let tiles = Tiles::new(chart, area.w);
    let height = (area.h - tiles.gaps()) / tiles.rows as f64;
    let tile = |i: usize| {
        let (column, row) = ((i % tiles.columns) as f64, (i / tiles.columns) as f64);
        let (x, y) = (column * (tiles.width + GAP.0), row * (height + GAP.1));
        Rect::new(area.x + x, area.y + y, tiles.width, height)
    };
    let mut next = usize::from(chart.facets.iter().any(|facet| is_short(facet, tiles.bands)));
    let mut shared = tile(0);
    let place = |facet: &Facet| {
        if is_short(facet, tiles.bands) {
            let own = facet::margins(facet).1 + SHARED_PITCH * facet.y.band_count() as f64;
            let place = Rect { h: own, ..shared };
            shared.y += own;
            return place;
        }
        next += 1;
        tile(next - 1)
    };
    chart.facets.iter().map(place).listed()
}
