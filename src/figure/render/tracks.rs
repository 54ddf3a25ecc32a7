//! Rulers.

use super::canvas::{Canvas, Mark};
use super::plot::Plot;
use super::{axis, legend};
use crate::chart::{Chart, Landing, Needle, Stop, Stretch, Track, Tracks};
use crate::surface::{Align, Rect, Type, text_box};
use crate::text::{self, SMALL};
use crate::theme::Tone;

/// Height of a lane of several, and of one that is alone.
const PITCH: f64 = 28.0;
const ALONE: f64 = 66.0;
/// No lane is higher, however much room there is.
const TALLEST: f64 = 66.0;
/// Shares of a lane's height: above its segments, where the needle's head is; the segments; right stops; wrong ones.
const HEAD: f64 = 0.17;
const BAND: f64 = 0.5;
const RIGHT: f64 = 0.15;
const WRONG: f64 = 0.27;
/// Widths that can be seen and pointed at, in pixels.
const LEAST_RIGHT: f64 = 2.0;
const LEAST_WRONG: f64 = 7.0;
/// From this width on, segments stand apart.
const APART: f64 = 3.0;
/// Half the width of the needle's head.
const NEEDLE: f64 = 5.5;

/// The height that suits a chart of this width.
pub fn height(chart: &Chart, width: f64) -> f64 {
    let lanes = chart.facets.iter().map(|facet| facet.y.band_count()).sum::<usize>();
    let below = chart.facets.first().map_or(0.0, |facet| axis::bottom_margin(&facet.x));
    let label = chart.facets.first().map_or("", |facet| facet.y.label.as_str());
    let header = legend::height(label, &chart.legend, width);
    let pitch = if lanes < 3 { ALONE } else { PITCH };
    (header + below + lanes as f64 * pitch + 12.0).ceil()
}

/// Where the parts of a lane are.
struct Lane {
    top: f64,
    unit: f64,
}

impl Lane {
    fn new(plot: &Plot, row: usize) -> Lane {
        let unit = plot.y.unit().min(TALLEST);
        Lane { top: plot.y.at(row as f64) - unit / 2.0, unit }
    }

    fn band(&self, x0: f64, x1: f64) -> Rect {
        Rect::new(x0, self.top + HEAD * self.unit, x1 - x0, BAND * self.unit)
    }

    fn stops(&self) -> f64 {
        self.top + (HEAD + BAND) * self.unit + 1.0
    }
}

/// Draws rulers into `plot`.
pub fn draw(canvas: &mut Canvas<'_, '_>, tracks: &Tracks, plot: &Plot) {
    let headed = usize::from(!tracks.heading.is_empty());
    draw_heading(canvas, &tracks.heading, plot);
    for (row, track) in tracks.lanes.iter().enumerate() {
        let lane = Lane::new(plot, row + headed);
        draw_stretches(canvas, track, &lane, plot);
        for stop in &track.stops {
            draw_stop(canvas, (stop, track.hollow), &lane, plot);
        }
        if let Some(needle) = &track.needle {
            draw_needle(canvas, needle, &lane, plot);
        }
    }
}

/// As many texts as find room.
fn draw_heading(canvas: &mut Canvas<'_, '_>, heading: &[(f64, String)], plot: &Plot) {
    let muted = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Centre);
    let y = plot.y.at(0.0);
    let mut taken = f64::NEG_INFINITY;
    for (x, text) in heading {
        let room = text_box(text, plot.x.at(*x), y, muted);
        if room.x > taken && plot.area.x <= room.x && room.right() <= plot.area.right() {
            canvas.surface.text(text, plot.x.at(*x), y, muted);
            taken = room.right() + 2.0;
        }
    }
}

fn draw_stretches(canvas: &mut Canvas<'_, '_>, track: &Track, lane: &Lane, plot: &Plot) {
    let card = canvas.colour(Tone::Card);
    let area = |stretch: &Stretch| lane.band(plot.x.at(stretch.x.0), plot.x.at(stretch.x.1));
    for stretch in &track.stretches {
        if track.hollow {
            draw_frame(canvas, area(stretch).inset(0.5, 0.5, 0.5, 0.5), 1.0, Tone::Muted);
        } else {
            let colour = canvas.theme.stretch(track.own, stretch.odd, stretch.here);
            canvas.surface.fill(area(stretch), colour);
        }
    }
    let tone = if track.own { Tone::Ink } else { Tone::Muted };
    let digit = Type::new(SMALL, canvas.colour(tone), Align::Centre);
    for (i, stretch) in track.stretches.iter().enumerate() {
        let room = area(stretch);
        if i > 0 && room.w >= APART {
            canvas.surface.rule_v(room.x, room.y, room.bottom(), card);
        }
        let kind = if stretch.here { digit.bold() } else { digit };
        if text::width(&stretch.text, SMALL, stretch.here) + 2.0 <= room.w {
            let (x, y) = (room.x + room.w / 2.0, room.y + room.h / 2.0);
            canvas.surface.text(&stretch.text, x, y, kind);
        }
        let item = std::slice::from_ref(&stretch.item);
        canvas.mark(|| Mark::area(room).stands_for(item).says(&stretch.label, &stretch.says));
    }
    if track.own {
        draw_frame(canvas, lane.band(plot.area.x, plot.area.right()), 1.2, Tone::Accent);
    }
}

fn draw_frame(canvas: &mut Canvas<'_, '_>, a: Rect, width: f64, tone: Tone) {
    let corners =
        [(a.x, a.y), (a.right(), a.y), (a.right(), a.bottom()), (a.x, a.bottom()), (a.x, a.y)];
    let colour = canvas.colour(tone);
    canvas.surface.line(&corners, width, colour);
}

fn draw_stop(
    canvas: &mut Canvas<'_, '_>,
    (stop, is_hollow): (&Stop, bool),
    lane: &Lane,
    plot: &Plot,
) {
    let (share, least) = match stop.landing {
        Landing::Right | Landing::Open => (RIGHT, LEAST_RIGHT),
        Landing::Wrong => (WRONG, LEAST_WRONG),
    };
    let (x0, x1) = (plot.x.at(stop.x.0), plot.x.at(stop.x.1));
    let w = (x1 - x0).max(least);
    let centre = ((x0 + x1) / 2.0).max(plot.area.x + w / 2.0).min(plot.area.right() - w / 2.0);
    let room = Rect::new(centre - w / 2.0, lane.stops(), w, (share * lane.unit).max(3.0));
    match stop.landing {
        Landing::Right if is_hollow => draw_frame(canvas, room, 1.0, Tone::Good),
        landing => draw_landing(canvas, room, landing),
    }
    let item = std::slice::from_ref(&stop.item);
    canvas.mark(|| Mark::area(room).stands_for(item).says(&stop.label, &stop.says));
}

/// Draws what stops of a kind look like.
pub fn draw_landing(canvas: &mut Canvas<'_, '_>, room: Rect, landing: Landing) {
    match landing {
        Landing::Right => canvas.surface.fill(room, canvas.colour(Tone::Good)),
        Landing::Open => draw_frame(canvas, room.inset(0.5, 0.5, 0.5, 0.5), 1.0, Tone::Muted),
        Landing::Wrong => {
            canvas.surface.fill(room, canvas.colour(Tone::Bad));
            let card = canvas.colour(Tone::Card);
            let half = (room.h / 2.0 - 1.0).max(1.0);
            let (x, y) = (room.x + room.w / 2.0, room.y + room.h / 2.0);
            for up in [half, -half] {
                canvas.surface.line(&[(x - half, y + up), (x + half, y - up)], 1.2, card);
            }
        }
    }
}

fn draw_needle(canvas: &mut Canvas<'_, '_>, needle: &Needle, lane: &Lane, plot: &Plot) {
    let x = plot.x.at(needle.at);
    let band = lane.band(x, x);
    let tone = needle_tone(needle.right);
    let below = lane.stops() + WRONG * lane.unit;
    let colour = canvas.colour(tone);
    canvas.surface.line(&[(x, band.bottom() - 0.25 * band.h), (x, lane.stops())], 2.0, colour);
    draw_head(canvas, (x, band.y + 2.0), needle.right);
    let room = Rect::new(x - NEEDLE, lane.top, 2.0 * NEEDLE, below - lane.top);
    canvas.mark(|| Mark::area(room).stands_for(&needle.items).says(&needle.label, &needle.says));
}

fn needle_tone(right: bool) -> Tone {
    if right { Tone::Ink } else { Tone::Bad }
}

/// The head of a needle, by its tip.
pub fn draw_head(canvas: &mut Canvas<'_, '_>, (x, y): (f64, f64), right: bool) {
    let corners = [(x - NEEDLE, y - 1.4 * NEEDLE), (x + NEEDLE, y - 1.4 * NEEDLE), (x, y)];
    let colour = canvas.colour(needle_tone(right));
    canvas.surface.polygon(&corners, colour);
}
