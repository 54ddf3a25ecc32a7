//! A chart as data: axes, layers of marks, legend. No pixels: drawing decides on margins and ticks, and where a label
//! finds room.

mod axis;
mod layer;
mod legend;
mod tracks;

pub use axis::{Axis, BandGroup, BandLabel, Scale, Unit};
pub use layer::{
    Bar, Cell, Cells, Dot, Hatch, Layer, Marker, Moment, Radius, Rule, Series, Shade, Span, Spot,
    Tag, Verdict, VerdictCell,
};
pub use legend::{ColourBar, Key, Swatch};
pub use tracks::{Landing, Needle, Stop, Stretch, Track, Tracks};

use super::render::{tiles, tracks as lanes};
use super::theme::Tone;

/// Below this height rows of bars stand beside each other instead, in CSS pixels.
const LEAST_ROW: f64 = 105.0;

/// How tall a chart wants to be for its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// About as tall as wide: geometry.
    Square,
    /// Bars.
    Landscape,
    /// Bars in two rows.
    Rows,
    /// Matrices, and what stands beside them.
    Wide,
    /// Time.
    Strip,
    /// Many small matrices, in columns.
    Tiles,
    /// Lanes below each other.
    Tracks,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Proportions.
    pub aspect: Aspect,
    /// One plot, or one per attention head or answer digit.
    pub facets: Vec<Facet>,
    /// What shapes and colours mean, where direct labels do not say it.
    pub legend: Vec<Key>,
    /// Whether the attention scale is shown.
    pub colour_bar: Option<ColourBar>,
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
    /// Bars, dots and threads of another model, as outlines: as they were before an edit, or of one that is compared. Those
    /// with a label can be pointed at.
    pub ghost: Vec<Layer>,
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
            ghost: Vec::new(),
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
    pub fn one(aspect: Aspect, facet: Facet) -> Chart {
        Chart { aspect, facets: vec![facet], legend: Vec::new(), colour_bar: None }
    }

    /// The height that suits `width`, both in CSS pixels.
    pub fn height(&self, width: f64) -> f64 {
        let n = self.facets.len() as f64;
        let (stacked, w) =
            if self.side_by_side(width, f64::MAX) { (1.0, width / n) } else { (n, width) };
        let (ratio, least, most) = match self.aspect {
            Aspect::Square => (0.82, 240.0, 400.0),
            Aspect::Landscape => (0.62, 210.0, 340.0),
            Aspect::Rows if stacked > 1.0 => (0.42, 150.0, 250.0),
            Aspect::Rows => (0.62, 210.0, 340.0),
            Aspect::Wide => (0.6, 270.0, 400.0),
            Aspect::Strip => (0.34, 210.0, 300.0),
            Aspect::Tiles => return tiles::height(self, width),
            Aspect::Tracks => return lanes::height(self, width),
        };
        ((w * ratio).clamp(least, most) * stacked).round()
    }

    /// Facets stand beside each other where each gets enough room, or where stacked ones
    /// would be too flat for a square.
    pub(crate) fn side_by_side(&self, width: f64, height: f64) -> bool {
        let n = self.facets.len() as f64;
        let flat = match self.aspect {
            Aspect::Square => (width / n).min(height) > height / n,
            Aspect::Rows => height / n < LEAST_ROW,
            _ => false,
        };
        width / n >= 290.0 || (flat && height < f64::MAX)
    }
}
