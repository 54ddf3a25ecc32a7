//! A chart as data, and the one renderer that draws it.
//!
//! Panels describe: axes, layers of marks, legend. `draw` decides on pixels: margins,
//! ticks, where a label finds room. It returns what was drawn where, for pointing at it.

mod axis;
mod bars;
mod cells;
mod dots;
mod facet;
mod labels;
mod legend;
mod lines;

pub use axis::{Axis, BandLabel, Scale, Unit};
pub use bars::{Bar, Hatch};
pub use cells::Cells;
pub use dots::{Dot, Marker, Radius, Tag};
pub use legend::{Key, Swatch};
pub use lines::{Moment, Rule, Series, Spot};

use super::surface::{Rect, Surface};
use super::theme::Theme;
use super::theme::Tone;
use serde::Serialize;

/// A mark that was drawn: what a pointer or the keyboard can stop at.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Mark {
    /// Centre, in CSS pixels from the left.
    pub x: f64,
    /// Centre, in CSS pixels from the top.
    pub y: f64,
    /// Radius of a dot; 0 for a box.
    pub r: f64,
    /// Width of a box; 0 for a dot.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub w: f64,
    /// Height of a box; 0 for a dot.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub h: f64,
    /// What it is: `digit 3`, `Z4 → X4`.
    pub label: String,
    /// Its value: `(7.65, 0.23)`, `43.6 %`.
    pub value: String,
    /// Where it is on a horizontal axis of numbers, for a point of a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
}

fn is_zero(size: &f64) -> bool {
    *size == 0.0
}

impl Mark {
    fn dot(x: f64, y: f64, r: f64, label: impl Into<String>, value: &str) -> Mark {
        Mark { x, y, r, w: 0.0, h: 0.0, label: label.into(), value: value.into(), at: None }
    }

    fn area(b: Rect, label: impl Into<String>, value: impl Into<String>) -> Mark {
        let (x, y) = (b.x + b.w / 2.0, b.y + b.h / 2.0);
        let (label, value) = (label.into(), value.into());
        Mark { x, y, r: 0.0, w: b.w, h: b.h, label, value, at: None }
    }
}

/// How tall a chart wants to be for its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// About as tall as wide: geometry.
    Square,
    /// Bars.
    Landscape,
    /// Matrices, and what stands beside them.
    Wide,
    /// Time.
    Strip,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Proportions.
    pub shape: Shape,
    /// One plot, or one per attention head.
    pub facets: Vec<Facet>,
    /// What shapes and colours mean, where direct labels do not say it.
    pub legend: Vec<Key>,
    /// Whether the attention scale is shown.
    pub colour_bar: Option<ColourBar>,
}

/// The scale of a heat map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourBar {
    /// The value of the last colour; larger values share it.
    pub top: f64,
    /// Ticks between 0 and the top.
    pub step: f64,
}

/// One plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// Its heading; empty where the panel's is enough.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// One unit is as long across as up.
    pub equal_aspect: bool,
    /// Tinted zones along an axis.
    pub zones: Vec<Zone>,
    /// Marks, drawn in order.
    pub layers: Vec<Layer>,
    /// A statement in the middle of an empty plot.
    pub statement: String,
}

/// A tinted zone along the vertical axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// From, in axis units.
    pub from: f64,
    /// To, in axis units.
    pub to: f64,
    /// Tint.
    pub tone: Tone,
}

/// Marks of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Bars from zero.
    Bars(Vec<Bar>),
    /// Dots with labels.
    Dots(Vec<Dot>),
    /// A heat map.
    Cells(Cells),
    /// Lines over a numeric axis.
    Lines(Vec<Series>),
    /// A thin line that joins points in order.
    Thread(Vec<(f64, f64)>, Tone),
    /// Thresholds.
    Rules(Vec<Rule>),
    /// A place on the horizontal axis.
    Moment(Moment),
}

impl Facet {
    /// A plot with two axes and nothing in it.
    pub fn new(x: Axis, y: Axis) -> Facet {
        Facet {
            title: String::new(),
            x,
            y,
            equal_aspect: false,
            zones: Vec::new(),
            layers: Vec::new(),
            statement: String::new(),
        }
    }

    /// Adds marks.
    pub fn with(mut self, layer: Layer) -> Facet {
        self.layers.push(layer);
        self
    }
}

impl Chart {
    /// A chart with one plot.
    pub fn one(shape: Shape, facet: Facet) -> Chart {
        Chart { shape, facets: vec![facet], legend: Vec::new(), colour_bar: None }
    }

    /// The height that suits `width`, both in CSS pixels.
    pub fn height(&self, width: f64) -> f64 {
        let n = self.facets.len() as f64;
        let (stacked, w) =
            if self.side_by_side(width, f64::MAX) { (1.0, width / n) } else { (n, width) };
        let (ratio, least, most) = match self.shape {
            Shape::Square => (0.82, 240.0, 400.0),
            Shape::Landscape => (0.62, 210.0, 340.0),
            Shape::Wide => (0.6, 270.0, 400.0),
            Shape::Strip => (0.34, 210.0, 300.0),
        };
        ((w * ratio).clamp(least, most) * stacked).round()
    }

    /// Facets stand beside each other where each gets enough room, or where stacked ones
    /// would be too flat for a square.
    fn side_by_side(&self, width: f64, height: f64) -> bool {
        let n = self.facets.len() as f64;
        let flat = self.shape == Shape::Square && (width / n).min(height) > height / n;
        width / n >= 290.0 || (flat && height < f64::MAX)
    }
}

/// What drawing code passes around.
pub(super) struct Canvas<'s, 'b> {
    pub(super) surface: &'s mut Surface<'b>,
    pub(super) theme: Theme,
    /// Where marks go; nowhere where nobody asks, and then their texts are not made.
    pub(super) marks: Option<Vec<Mark>>,
}

impl<'s, 'b> Canvas<'s, 'b> {
    /// A canvas that keeps no marks.
    pub(super) fn new(surface: &'s mut Surface<'b>, theme: Theme) -> Canvas<'s, 'b> {
        Canvas { surface, theme, marks: None }
    }

    fn mark(&mut self, mark: impl FnOnce() -> Mark) {
        if let Some(marks) = &mut self.marks {
            marks.push(mark());
        }
    }

    fn colour(&self, tone: Tone) -> plotters::style::RGBColor {
        self.theme.colour(tone)
    }
}

/// Draws `chart` into `area`.
pub(super) fn draw(canvas: &mut Canvas<'_, '_>, chart: &Chart, area: Rect) {
    let mut area = area;
    let shared = chart.facets.len() == 1 && chart.facets.iter().all(|f| f.title.is_empty());
    let left = if shared { chart.facets[0].y.label.as_str() } else { "" };
    area = legend::draw_header(canvas, left, &chart.legend, area);
    let bar_width = if chart.colour_bar.is_some() { legend::COLOUR_BAR } else { 0.0 };
    let plots = area.inset(0.0, 0.0, bar_width, 0.0);
    let n = chart.facets.len() as f64;
    let gap = if chart.facets.len() > 1 { 14.0 } else { 0.0 };
    let beside = chart.side_by_side(area.w, area.h);
    let mut reach = plots;
    for (i, facet) in chart.facets.iter().enumerate() {
        let i = i as f64;
        let place = if beside {
            let w = (plots.w - gap * (n - 1.0)) / n;
            Rect::new(plots.x + i * (w + gap), plots.y, w, plots.h)
        } else {
            let h = (plots.h - gap * (n - 1.0)) / n;
            Rect::new(plots.x, plots.y + i * (h + gap), plots.w, h)
        };
        let plot = facet::draw(canvas, facet, place, shared);
        if i == 0.0 {
            reach = plot;
        } else if beside {
            reach.w = plot.right() - reach.x;
        }
    }
    if let Some(bar) = chart.colour_bar {
        legend::draw_colour_bar(canvas, bar, reach);
    }
}
