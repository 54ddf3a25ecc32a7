//! Legends and the colour bar, as they are drawn.

use super::bars::draw_hatch;
use super::canvas::Canvas;
use super::dots::draw_marker;
use super::{cells, ghost, tracks, verdicts};
use crate::chart::{ColourBar, Key, Shade, Swatch};
use crate::surface::{Align, Rect, Type};
use crate::text::{self, SMALL};
use crate::theme::Tone;
use numbers::words;

/// Width that a colour bar takes, labels included.
pub const COLOUR_BAR: f64 = 62.0;
const BAR: f64 = 10.0;
const ROW: f64 = 17.0;
const SWATCH: f64 = 9.0;

/// The width of an entry.
fn width(key: &Key) -> f64 {
    let swatch = if key.swatch == Swatch::None { 0.0 } else { SWATCH + 5.0 };
    swatch + text::width(&key.text, SMALL, false)
}

/// A legend without the name of the ghost, which comes last, and that.
pub fn split(legend: &[Key]) -> (&[Key], Option<&Key>) {
    match legend {
        [rest @ .., key] if key.swatch == Swatch::Ghost => (rest, Some(key)),
        all => (all, None),
    }
}

/// Where the entries of a legend go within `area`, beside `label` or below it, and the height of all. The name of a ghost,
/// which comes and goes, finds room where it moves nothing, if there is any.
fn laid_out(label: &str, legend: &[Key], area: Rect) -> (Vec<(f64, f64)>, f64) {
    let (rest, Some(ghost)) = split(legend) else { return in_rows(label, legend, area) };
    let (mut places, height) = in_rows(label, rest, area);
    let first = area.y + 7.0;
    let taken = places.iter().filter(|place| place.1 == first).map(|place| place.0 - 12.0);
    let x = taken.fold(area.right(), f64::min) - width(ghost);
    if height == 0.0 || x < area.x + text::width(label, SMALL, false) + 16.0 {
        return in_rows(label, legend, area);
    }
    places.push((x, first));
    (places, height)
}

fn in_rows(label: &str, legend: &[Key], area: Rect) -> (Vec<(f64, f64)>, f64) {
    if legend.is_empty() {
        return (Vec::new(), if label.is_empty() { 0.0 } else { ROW });
    }
    let total: f64 = legend.iter().map(|k| width(k) + 12.0).sum();
    let beside = text::width(label, SMALL, false) + 16.0 + total <= area.w;
    let mut x = if beside { area.right() - total + 12.0 } else { area.x };
    let mut y = area.y + 7.0;
    if !beside && !label.is_empty() {
        y += ROW;
    }
    let mut places = Vec::new();
    for key in legend {
        if x > area.x && x + width(key) > area.right() + 0.5 {
            x = area.x;
            y += ROW;
        }
        places.push((x, y));
        x += width(key) + 12.0;
    }
    (places, y + ROW - 7.0 - area.y)
}

/// The height that a legend takes beside or below `label`.
pub fn height(label: &str, legend: &[Key], width: f64) -> f64 {
    laid_out(label, legend, Rect::new(0.0, 0.0, width, 0.0)).1
}

/// Draws `label` on the left and the legend beside or below it; returns what is left of
/// `area`.
pub fn draw_header(canvas: &mut Canvas<'_, '_>, label: &str, legend: &[Key], area: Rect) -> Rect {
    let (places, height) = laid_out(label, legend, area);
    if !label.is_empty() {
        let muted = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Left);
        let label = text::fit(label, SMALL, false, area.w);
        canvas.surface.text(&label, area.x, area.y + 7.0, muted);
    }
    for (key, (x, y)) in legend.iter().zip(places) {
        draw_key(canvas, key, x, y, area.right());
    }
    area.inset(0.0, height, 0.0, 0.0)
}

/// Draws an entry that ends at `right`; returns where it begins.
pub fn draw_last(canvas: &mut Canvas<'_, '_>, key: &Key, right: f64, y: f64) -> f64 {
    let x = right - width(key);
    draw_key(canvas, key, x, y, right);
    x
}

fn draw_key(canvas: &mut Canvas<'_, '_>, key: &Key, x: f64, y: f64, right: f64) {
    let centre = x + SWATCH / 2.0;
    let mut x = x;
    if key.swatch != Swatch::None {
        x += SWATCH + 5.0;
    }
    match key.swatch {
        Swatch::Marker(marker, tone) => {
            draw_marker(canvas, marker, (centre, y), SWATCH / 2.0, tone);
        }
        Swatch::Bar(tone, hatch) => {
            let area = Rect::around(centre, y, SWATCH, SWATCH);
            canvas.surface.fill(area, canvas.theme.colour(tone));
            draw_hatch(canvas, area, hatch);
        }
        Swatch::Line(tone) => {
            let ends = [(centre - SWATCH / 2.0, y), (centre + SWATCH / 2.0, y)];
            canvas.surface.line(&ends, 1.5, canvas.colour(tone));
        }
        Swatch::Ghost => ghost::draw_swatch(canvas, Rect::around(centre, y, SWATCH, SWATCH)),
        Swatch::Verdict(verdict) => {
            verdicts::draw_verdict(canvas, Rect::around(centre, y, SWATCH, SWATCH), verdict);
        }
        Swatch::Stop(landing) => {
            tracks::draw_landing(canvas, Rect::around(centre, y, SWATCH, SWATCH), landing);
        }
        Swatch::Needle(right) => tracks::draw_head(canvas, (centre, y + SWATCH / 2.0), right),
        Swatch::None => {}
    }
    let muted = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Left);
    canvas.surface.text(&text::fit(&key.text, SMALL, false, right - x + 1.0), x, y, muted);
}

/// Draws the attention scale to the right of `plot`.
pub fn draw_colour_bar(canvas: &mut Canvas<'_, '_>, bar: &ColourBar, plot: Rect) {
    const STEPS: usize = 32;
    let x = plot.right() + 12.0;
    let h = plot.h.min(220.0);
    for i in 0..STEPS {
        let (a, b) = (i as f64 / STEPS as f64, (i + 1) as f64 / STEPS as f64);
        let area = Rect::new(x, (plot.y + h * (1.0 - b)).floor(), BAR, h * (b - a) + 1.0);
        canvas.surface.fill(area, cells::shaded(canvas.theme, bar.shade, (a + b) / 2.0));
    }
    let muted = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Left);
    let at = |v: f64| {
        let y = plot.y + h * (1.0 - bar.shade.level(v));
        y.clamp(plot.y + SMALL * 0.6, plot.y + h - SMALL * 0.6)
    };
    for (i, &v) in bar.ticks.iter().enumerate() {
        // One that would meet the one above is left out.
        let y = at(v);
        if bar.ticks[i + 1..].iter().any(|&above| y - at(above) < SMALL) {
            continue;
        }
        let is_cut = matches!(bar.shade, Shade::Even(_)) && i + 1 == bar.ticks.len();
        let text = match bar.shade {
            Shade::Signed(_) => cells::signed(v),
            _ => format!("{}{} %", if is_cut { "≥ " } else { "" }, words::short(100.0 * v)),
        };
        canvas.surface.text(&text, x + BAR + 5.0, y, muted);
    }
}
