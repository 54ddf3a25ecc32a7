//! Dots with labels.

use super::canvas::{Canvas, Mark};
use super::labels::{Order, Placed, Placer, Wish};
use super::plot::Plot;
use crate::chart::{Dot, Marker, Radius, Tag};
use crate::surface::{Align, Rect, Type};
use crate::text::{self, SMALL};
use crate::theme::Tone;
use numbers::listed::Listed;
use numbers::words;
use plotters::style::Color;

/// The radius of dots whose labels had to move out.
pub(super) const CROWDED: f64 = 4.5;
/// Text height of labels in dots.
const INSIDE: f64 = 11.0;
/// The largest radius of [`Radius::Area`].
const LARGEST: f64 = 15.0;
/// Distance of an off-scale arrow from the border.
const BORDER: f64 = 9.0;

/// A dot on the drawing.
#[derive(Clone, Copy)]
struct Drawn {
    x: f64,
    y: f64,
    r: f64,
    /// For a dot off the scale: where it lies, as a unit vector.
    off: Option<(f64, f64)>,
    /// Where its label would rather be.
    away: (f64, f64),
}

/// Draws `dots` into `plot`.
pub fn draw(canvas: &mut Canvas<'_, '_>, dots: &[Dot], plot: &Plot) {
    let crowded = are_crowded(dots, plot);
    let mut spots: Vec<Drawn> = dots.iter().map(|dot| spot(dot, plot, crowded)).listed();
    if crowded {
        spread(&mut spots);
    }
    let origin = (plot.x.at(0.0), plot.y.at(0.0));
    for (dot, spot) in dots.iter().zip(&spots) {
        let Drawn { x, y, r, off, .. } = *spot;
        let mark = || Mark::dot(x, y, r).stands_for(&dot.items);
        match off {
            Some(direction) => {
                draw_arrow(canvas, (x, y), direction, dot.tones[0]);
                let label = || format!("{}, off the scale", dot.label);
                canvas.mark(|| mark().says(label(), &dot.says));
            }
            None => {
                match dot.marker {
                    Marker::Arrow => draw_ray(canvas, origin, (x, y), dot.tones[0]),
                    _ => draw_dot(canvas, dot, (x, y), r),
                }
                canvas.mark(|| mark().says(&dot.label, &dot.says));
            }
        }
    }
    let mut placer = Placer::new(plot.area);
    spots.iter().for_each(|s| placer.take(Rect::around(s.x, s.y, 2.0 * s.r, 2.0 * s.r)));
    let length = adjacent_length(dots, plot);
    // Arrows first: their labels are the longest and have the fewest places.
    let (arrows, rest): (Vec<usize>, Vec<usize>) =
        (0..dots.len()).partition(|&i| spots[i].off.is_some());
    for i in arrows.into_iter().chain(rest) {
        draw_tag(canvas, &mut placer, (&dots[i], spots[i]), length);
    }
}

fn spot(dot: &Dot, plot: &Plot, crowded: bool) -> Drawn {
    let r = if crowded { CROWDED } else { pixels(dot.radius, plot) };
    let (x, y) = (plot.x.at(dot.at.0), plot.y.at(dot.at.1));
    match off_scale(x, y, plot.area) {
        None => Drawn { x, y, r, off: None, away: (0.0, 0.0) },
        Some(((x, y), direction)) => {
            Drawn { x, y, r: r.max(5.0), off: Some(direction), away: (0.0, 0.0) }
        }
    }
}

/// Labels go away from the middle of all dots: there a ring or an arc has room.
fn spread(spots: &mut [Drawn]) {
    let n = spots.len().max(1) as f64;
    let sum = spots.iter().fold((0.0, 0.0), |s, p| (s.0 + p.x, s.1 + p.y));
    for spot in spots {
        spot.away = (spot.x - sum.0 / n, spot.y - sum.1 / n);
    }
}

pub(super) fn pixels(radius: Radius, plot: &Plot) -> f64 {
    match radius {
        Radius::Pixels(r) => r,
        Radius::Area(share) => {
            let most = (plot.x.unit() * 0.46).min(plot.area.h / 16.0).min(LARGEST);
            (most * share.max(0.0).sqrt()).max(1.5)
        }
    }
}

/// Whether dots with their label inside would hide each other's labels.
pub(super) fn are_crowded(dots: &[Dot], plot: &Plot) -> bool {
    let inside: Vec<(f64, f64, f64)> = dots
        .iter()
        .filter(|d| matches!(d.tag, Tag::Inside(_)))
        .map(|d| (plot.x.at(d.at.0), plot.y.at(d.at.1), pixels(d.radius, plot)))
        .listed();
    inside.iter().enumerate().any(|(i, a)| {
        inside[..i].iter().any(|b| {
            let (dx, dy, r) = (a.0 - b.0, a.1 - b.1, (a.2 + b.2) * 0.86);
            dx * dx + dy * dy < r * r
        })
    })
}

/// For a point outside of `plot`: the place at the border, on the line from the middle,
/// and the direction of that line.
fn off_scale(x: f64, y: f64, plot: Rect) -> Option<((f64, f64), (f64, f64))> {
    if plot.holds(&Rect::new(x, y, 0.0, 0.0)) {
        return None;
    }
    let (cx, cy) = (plot.x + plot.w / 2.0, plot.y + plot.h / 2.0);
    let (dx, dy) = (x - cx, y - cy);
    let t = ((plot.w / 2.0 - BORDER) / dx.abs()).min((plot.h / 2.0 - BORDER) / dy.abs());
    let length = (dx * dx + dy * dy).sqrt();
    Some(((cx + dx * t, cy + dy * t), (dx / length, dy / length)))
}

fn draw_dot(canvas: &mut Canvas<'_, '_>, dot: &Dot, at: (f64, f64), r: f64) {
    let n = dot.tones.len();
    for (i, &tone) in dot.tones.iter().enumerate() {
        // A thin ring of the card keeps dots that touch apart.
        if i == 0 && matches!(dot.radius, Radius::Pixels(_)) {
            canvas.surface.disc(at.0, at.1, r + 1.0, canvas.theme.colour(Tone::Card).mix(0.9));
        }
        draw_marker(canvas, dot.marker, at, r * (n - i) as f64 / n as f64, tone);
    }
}

/// Draws one marker.
pub fn draw_marker(
    canvas: &mut Canvas<'_, '_>,
    marker: Marker,
    (x, y): (f64, f64),
    r: f64,
    tone: Tone,
) {
    let colour = canvas.colour(tone);
    match marker {
        Marker::Circle => canvas.surface.disc(x, y, r, colour),
        Marker::Square => {
            let side = r * 1.772;
            canvas.surface.fill(Rect::around(x, y, side, side), colour);
        }
        Marker::Triangle => {
            // Equilateral, of area πr²: circumradius 1.555 r.
            let (up, down, half) = (r * 1.555, r * 0.778, r * 1.347);
            let points = [(x, y - up), (x + half, y + down), (x - half, y + down)];
            canvas.surface.polygon(&points, colour);
        }
        Marker::Diamond => {
            let d = r * 1.253;
            canvas.surface.polygon(&[(x, y - d), (x + d, y), (x, y + d), (x - d, y)], colour);
        }
        Marker::Arrow => draw_ray(canvas, (x - r, y), (x + r, y), tone),
    }
}

/// An arrow from `from` whose point is at `to`.
fn draw_ray(canvas: &mut Canvas<'_, '_>, from: (f64, f64), to: (f64, f64), tone: Tone) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 1.0 {
        return;
    }
    let (dx, dy) = (dx / length, dy / length);
    let at = |along: f64, across: f64| {
        (to.0 + dx * along - dy * across, to.1 + dy * along + dx * across)
    };
    let colour = canvas.colour(tone);
    canvas.surface.line(&[from, at(-5.0, 0.0)], 1.0, canvas.theme.colour(tone).mix(0.5));
    canvas.surface.polygon(&[at(0.0, 0.0), at(-8.0, 3.2), at(-8.0, -3.2)], colour);
}

fn draw_arrow(canvas: &mut Canvas<'_, '_>, (x, y): (f64, f64), (dx, dy): (f64, f64), tone: Tone) {
    let at = |along: f64, across: f64| (x + dx * along - dy * across, y + dy * along + dx * across);
    let colour = canvas.colour(tone);
    canvas.surface.line(&[at(-9.0, 0.0), at(0.0, 0.0)], 2.0, colour);
    canvas.surface.polygon(&[at(7.0, 0.0), at(-2.0, 5.0), at(-2.0, -5.0)], colour);
}

/// Which of their texts all labels without leader use: the best that fits a band, so that
/// neighbours look alike.
fn adjacent_length(dots: &[Dot], plot: &Plot) -> usize {
    let fits = |length: usize| {
        dots.iter().all(|dot| match &dot.tag {
            Tag::Beside { texts, leader: false, .. } => texts
                .get(length)
                .is_some_and(|t| text::width(t, SMALL, false) + 5.0 <= plot.x.unit()),
            _ => true,
        })
    };
    if fits(0) { 0 } else { 1 }
}

fn draw_tag(
    canvas: &mut Canvas<'_, '_>,
    placer: &mut Placer,
    (dot, spot): (&Dot, Drawn),
    length: usize,
) {
    let Drawn { x, y, r, off, away } = spot;
    let own;
    let (texts, towards, order) = match (&dot.tag, off) {
        (Tag::None, _) => return,
        (Tag::Inside(text), _) if r > CROWDED => {
            let kind = Type::new(INSIDE, canvas.colour(Tone::Card), Align::Centre).bold();
            canvas.surface.text(text, x, y, kind);
            return;
        }
        (Tag::Inside(text), _) => {
            own = [text.clone()];
            (&own[..], away, Order::BestText)
        }
        (Tag::Beside { texts, .. }, Some((dx, dy))) => {
            let round = |v: f64| words::fixed(v, if v.abs() < 10.0 { 1 } else { 0 });
            let place = format!("({}, {})", round(dot.at.0), round(dot.at.1));
            let long = [format!("{} {place}", texts[0]), texts[0].clone()];
            return place_tag(canvas, placer, (spot, &long, (-dx, -dy), Order::Nearest));
        }
        (Tag::Beside { texts, towards, leader }, None) => {
            let (first, order) =
                if *leader { (0, Order::BestText) } else { (length, Order::Adjacent) };
            (
                texts.get(first..).filter(|t| !t.is_empty()).unwrap_or(texts),
                (towards.0, -towards.1),
                order,
            )
        }
    };
    place_tag(canvas, placer, (spot, texts, towards, order));
}

fn place_tag(
    canvas: &mut Canvas<'_, '_>,
    placer: &mut Placer,
    (spot, texts, towards, order): (Drawn, &[String], (f64, f64), Order),
) {
    let wish = Wish { at: (spot.x, spot.y), r: spot.r, texts, towards, order };
    let Some(Placed { text, room, leader }) = placer.place(&wish) else { return };
    if let Some(leader) = leader {
        canvas.surface.line(&leader, 1.0, canvas.theme.colour(Tone::Muted).mix(0.6));
    }
    let kind = Type::new(SMALL, canvas.colour(Tone::Ink), Align::Left);
    canvas.surface.text(text, room.x, room.y + room.h / 2.0, kind);
}
