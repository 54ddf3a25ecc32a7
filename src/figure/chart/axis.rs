//! Axes: numbers with ticks, or named bands.

use super::Canvas;
use crate::surface::{Align, Rect, Type, text_box};
use crate::text::{self, SMALL};
use crate::theme::Tone;

/// Space between an axis and its tick labels.
const GAP: f64 = 6.0;
/// Height of a row of tick labels.
const TICK_ROW: f64 = 15.0;
/// Least space between two labels of an axis.
const CLEAR: f64 = 2.5;

/// One axis of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows, with the unit; may be empty.
    pub label: String,
    /// Numbers or bands.
    pub scale: Scale,
    /// A vertical axis runs down instead of up.
    pub flip: bool,
}

/// What an axis runs over.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// A range of numbers.
    Numbers {
        /// Lowest.
        lo: f64,
        /// Highest.
        hi: f64,
        /// How ticks are written.
        unit: Unit,
    },
    /// Named bands; band `i` is centred at `i`.
    Bands(Vec<BandLabel>),
}

/// How ticks are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `1.5`
    Plain,
    /// `5 %`
    Percent,
    /// Thousands: `20k`
    Thousands,
}

/// The name of a band.
#[derive(Clone, Debug, PartialEq)]
pub struct BandLabel {
    /// The name; a line break starts a second line.
    pub text: String,
    /// Where not all fit, those of the highest weight are shown first.
    pub weight: u8,
}

impl Axis {
    /// An axis of numbers.
    pub fn numbers(label: impl Into<String>, lo: f64, hi: f64, unit: Unit) -> Axis {
        Axis { label: label.into(), scale: Scale::Numbers { lo, hi, unit }, flip: false }
    }

    /// An axis of bands that are equally worth a label.
    pub fn bands<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Axis {
        let labels = names.into_iter().map(|n| BandLabel { text: n.into(), weight: 0 }).collect();
        Axis { label: String::new(), scale: Scale::Bands(labels), flip: false }
    }

    /// The same with a label.
    pub fn labelled(self, label: impl Into<String>) -> Axis {
        Axis { label: label.into(), ..self }
    }

    /// The same, running down.
    pub fn flipped(self) -> Axis {
        Axis { flip: true, ..self }
    }

    /// Lowest and highest value.
    pub fn range(&self) -> (f64, f64) {
        match &self.scale {
            Scale::Numbers { lo, hi, .. } => (*lo, *hi),
            Scale::Bands(names) => (-0.5, names.len() as f64 - 0.5),
        }
    }

    /// The number of bands; 0 for numbers.
    pub fn band_count(&self) -> usize {
        match &self.scale {
            Scale::Numbers { .. } => 0,
            Scale::Bands(names) => names.len(),
        }
    }

    /// The name of band `i`.
    pub fn band(&self, i: usize) -> &str {
        match &self.scale {
            Scale::Bands(names) => names.get(i).map_or("", |n| &n.text),
            Scale::Numbers { .. } => "",
        }
    }

    /// Ticks within `(lo, hi)`, about `space` pixels of `length` apart, and their texts.
    fn ticks(&self, (lo, hi): (f64, f64), length: f64, space: f64) -> Vec<(f64, String)> {
        let Scale::Numbers { unit, .. } = self.scale else { return Vec::new() };
        let (step, decimals) = nice_step((hi - lo) * space / length);
        let (first, last) = ((lo / step - 1e-6).ceil(), (hi / step + 1e-6).floor());
        let count = (last - first).clamp(0.0, 40.0) as usize;
        (0..=count)
            .map(|i| (first + i as f64) * step)
            .map(|v| (v, unit.write(v, decimals)))
            .collect()
    }

    /// Space that the labels of a vertical axis over `range` take on its left.
    pub(super) fn left_margin(&self, range: (f64, f64), height: f64) -> f64 {
        let widest = match &self.scale {
            Scale::Bands(names) => {
                names.iter().map(|n| text::width(&n.text, SMALL, false)).fold(0.0, f64::max)
            }
            Scale::Numbers { .. } => {
                let ticks = self.ticks(range, height, 40.0);
                ticks.iter().map(|t| text::width(&t.1, SMALL, false)).fold(18.0, f64::max)
            }
        };
        widest + GAP + 2.0
    }

    /// Space that the labels of a horizontal axis take below it.
    pub(super) fn bottom_margin(&self) -> f64 {
        let label = if self.label.is_empty() { 0.0 } else { TICK_ROW };
        let lines = match &self.scale {
            Scale::Bands(n) if n.iter().any(|n| n.text.contains('\n')) => 2.0,
            _ => 1.0,
        };
        GAP + TICK_ROW * lines + label
    }
}

/// A linear map from axis values to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Map {
    pub(super) lo: f64,
    pub(super) hi: f64,
    from: f64,
    to: f64,
}

impl Map {
    pub(super) fn new((lo, hi): (f64, f64), from: f64, to: f64) -> Map {
        Map { lo, hi: if hi > lo { hi } else { lo + 1.0 }, from, to }
    }

    pub(super) fn at(&self, v: f64) -> f64 {
        self.from + (v - self.lo) / (self.hi - self.lo) * (self.to - self.from)
    }

    /// Pixels per unit.
    pub(super) fn unit(&self) -> f64 {
        (self.to - self.from).abs() / (self.hi - self.lo)
    }
}

impl Unit {
    fn write(self, v: f64, decimals: usize) -> String {
        match self {
            Unit::Plain => minus(format!("{v:.decimals$}")),
            Unit::Percent => format!("{v:.decimals$} %"),
            Unit::Thousands => thousands(v),
        }
    }
}

fn thousands(v: f64) -> String {
    let k = v / 1000.0;
    if v == 0.0 {
        "0".into()
    } else if (k - k.round()).abs() < 1e-9 {
        format!("{k:.0}k")
    } else if v < 1000.0 {
        format!("{v:.0}")
    } else {
        format!("{k:.1}k")
    }
}

/// A true minus sign, and no `-0`.
fn minus(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// The next of 1, 2, 5, 10, … at or above `least`, and the decimals that it needs.
/// Plain steps rather than logarithms: those differ between native code and wasm.
fn nice_step(least: f64) -> (f64, usize) {
    let mut power = 1.0;
    let mut decimals = 0;
    while power > least && decimals < 12 {
        decimals += 1;
        power = 1.0 / 10f64.powi(decimals);
    }
    while power * 10.0 <= least && power < 1e15 {
        power *= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= least).unwrap_or(10.0);
    let decimals = if step == 10.0 { decimals - 1 } else { decimals };
    (step * power, decimals.max(0) as usize)
}

/// Grid and labels of the vertical axis.
pub(super) fn draw_y(canvas: &mut Canvas<'_, '_>, axis: &Axis, map: &Map, plot: Rect) {
    let kind = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Right);
    let x = plot.x - GAP;
    if let Scale::Bands(names) = &axis.scale {
        let at = |i: usize| text_box(&names[i].text, x, map.at(i as f64), kind);
        for i in thinned(names, at, 0.0) {
            canvas.surface.text(&names[i].text, x, map.at(i as f64), kind);
        }
        return;
    }
    let grid = canvas.colour(Tone::Grid);
    for (v, text) in axis.ticks((map.lo, map.hi), plot.h, 40.0) {
        let y = map.at(v);
        canvas.surface.rule_h(plot.x, plot.right(), y, grid);
        canvas.surface.text(&text, x, y, kind);
    }
}

/// Labels of the horizontal axis, with a grid when `grid`.
pub(super) fn draw_x(canvas: &mut Canvas<'_, '_>, axis: &Axis, map: &Map, plot: Rect, grid: bool) {
    let kind = Type::new(SMALL, canvas.colour(Tone::Muted), Align::Centre);
    let y = plot.bottom() + GAP + TICK_ROW / 2.0;
    let mut below = y + TICK_ROW;
    match &axis.scale {
        Scale::Bands(names) => {
            let at =
                |i: usize| {
                    let widest =
                        names[i].text.lines().map(|l| text_box(l, map.at(i as f64), y, kind));
                    widest.fold(Rect::new(map.at(i as f64), y, 0.0, 1.0), |a, b| {
                        if a.w > b.w { a } else { b }
                    })
                };
            for i in thinned(names, at, CLEAR) {
                for (line, text) in names[i].text.lines().enumerate() {
                    let y = y + line as f64 * TICK_ROW;
                    canvas.surface.text(text, map.at(i as f64), y, kind);
                    below = below.max(y + TICK_ROW);
                }
            }
        }
        Scale::Numbers { .. } => {
            let colour = canvas.colour(Tone::Grid);
            for (v, text) in axis.ticks((map.lo, map.hi), plot.w, 64.0) {
                if grid {
                    canvas.surface.rule_v(map.at(v), plot.y, plot.bottom(), colour);
                }
                canvas.surface.text(&text, map.at(v), y, kind);
            }
        }
    }
    let x = plot.x + plot.w / 2.0;
    canvas.surface.text(&axis.label, x, below, kind);
}

/// Which labels are shown, so that none meets another: heavier ones first. Those of the
/// lowest of several weights are shown together or not at all, which looks regular.
fn thinned(names: &[BandLabel], at: impl Fn(usize) -> Rect, clear: f64) -> Vec<usize> {
    let room = |i: usize| {
        let b = at(i);
        Rect::new(b.x - clear / 2.0, b.y, b.w + clear, b.h)
    };
    let used = |w: &u8| names.iter().any(|n| n.weight == *w);
    let heaviest = names.iter().map(|n| n.weight).max().unwrap_or(0);
    let weights: Vec<u8> = (0..=heaviest).filter(used).collect();
    let several = weights.len() > 1;
    let mut shown: Vec<usize> = Vec::new();
    for (last, &weight) in weights.iter().enumerate().rev() {
        let before = shown.len();
        let mut dropped = false;
        for i in (0..names.len()).filter(|&i| names[i].weight == weight) {
            if names[i].text.is_empty() {
                continue;
            }
            if shown.iter().any(|&j| room(j).meets(&room(i))) {
                dropped = true;
            } else {
                shown.push(i);
            }
        }
        if several && last == 0 && dropped {
            shown.truncate(before);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five() {
        assert_eq!(nice_step(0.3), (0.5, 1));
        assert_eq!(nice_step(1.0), (1.0, 0));
        assert_eq!(nice_step(6.0), (10.0, 0));
        assert_eq!(nice_step(0.07), (0.1, 1));
        assert_eq!(nice_step(1200.0), (2000.0, 0));
        assert_eq!(nice_step(0.012), (0.02, 2));
    }

    #[test]
    fn ticks_carry_their_unit_and_a_true_minus() {
        let axis = Axis::numbers("", -1.0, 1.0, Unit::Plain);
        let texts: Vec<String> =
            axis.ticks((-1.0, 1.0), 200.0, 50.0).into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(Unit::Percent.write(5.0, 0), "5 %");
        assert_eq!(Unit::Thousands.write(20_000.0, 0), "20k");
        assert_eq!(Unit::Thousands.write(2500.0, 0), "2.5k");
    }

    #[test]
    fn heavier_labels_win() {
        let names: Vec<BandLabel> = ["a", "b", "c"]
            .iter()
            .zip([0, 1, 0])
            .map(|(t, weight)| BandLabel { text: (*t).into(), weight })
            .collect();
        let at = |i: usize| Rect::new(i as f64 * 6.0, 0.0, 8.0, 10.0);
        assert_eq!(thinned(&names, at, 0.0), [1]);
        let wide = |i: usize| Rect::new(i as f64 * 10.0, 0.0, 8.0, 10.0);
        assert_eq!(thinned(&names, wide, 0.0), [1, 0, 2]);
    }
}
