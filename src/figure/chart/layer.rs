//! What is drawn on a plot: marks of one kind, each with what it stands for.

use super::tracks::Tracks;
use crate::theme::Tone;
use task::item::Item;

/// Marks of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Bars from zero.
    Bars(Vec<Bar>),
    /// Dots with labels.
    Dots(Vec<Dot>),
    /// A heat map.
    Cells(Cells),
    /// A matrix of verdicts, row by row; nothing where there is nothing to judge.
    Verdicts(Vec<Vec<Option<VerdictCell>>>),
    /// Lines over a numeric axis.
    Lines(Vec<Series>),
    /// Ranges in which a value lies.
    Spans(Vec<Span>),
    /// A thin line that joins points in order.
    Thread(Vec<(f64, f64)>, Tone),
    /// Thresholds.
    Rules(Vec<Rule>),
    /// A place on the horizontal axis.
    Moment(Moment),
    /// Rulers, below each other.
    Tracks(Tracks),
}

/// A bar. One without a value is not added to a chart at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Middle of the bar, in bands.
    pub x: f64,
    /// Width, in bands.
    pub width: f64,
    /// Where it ends, in units of the vertical axis.
    pub value: f64,
    /// Where it begins: at zero, or on the bar below.
    pub from: f64,
    /// Between which values the true one lies, where `value` is an estimate.
    pub interval: Option<(f64, f64)>,
    /// Colour.
    pub tone: Tone,
    /// Pattern, so that a class can be told without its colour.
    pub hatch: Hatch,
    /// Text above; empty for none.
    pub text: String,
    /// The text stands in the bar instead, where it fits.
    pub inside: bool,
    /// What it stands for, the foremost first: the others are the same mark.
    pub items: Vec<Item>,
    /// What it is.
    pub label: String,
    /// Its value in words.
    pub says: String,
}

/// A pattern of lines in the card's colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hatch {
    /// None.
    #[default]
    Plain,
    /// Diagonal lines.
    Single,
    /// Diagonal lines that cross.
    Cross,
}

/// A matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Cells; `None` where the model cannot look. Those stay as blank as the card.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// Which colour a value has.
    pub shade: Shade,
}

/// Which colour a value has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shade {
    /// Evenly, up to this value: larger ones have its colour.
    Even(f64),
    /// By its square root, up to 1: small shares can be told apart, and none is cut.
    Root,
    /// Evenly to both sides of zero, down to minus this value and up to it: a difference.
    Signed(f64),
}

impl Shade {
    /// Where between the first colour, 0, and the last, 1, a value is.
    pub fn level(self, value: f64) -> f64 {
        match self {
            Shade::Even(top) => value / top,
            Shade::Root => value.max(0.0).sqrt(),
            Shade::Signed(top) => 0.5 + 0.5 * value / top,
        }
    }
}

/// A cell of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its value.
    pub value: f64,
    /// What it stands for.
    pub item: Item,
}

/// What a verdict looks like: each can be told without its colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// All is right, by a lead from 0, none, to 1, a large one: the larger, the stronger the colour.
    Right(f64),
    /// This share is right, and some is wrong: a vessel that is filled so far.
    Partly(f64),
    /// All is wrong: a cross.
    Wrong,
    /// It is not decided: hatched.
    Open,
}

/// A cell of a matrix of verdicts.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictCell {
    /// What it looks like.
    pub verdict: Verdict,
    /// What it stands for.
    pub item: Item,
    /// What it is.
    pub label: String,
    /// What is known, in words.
    pub says: String,
}

/// A dot.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Place, in axis units. One that is off the scale is shown as an arrow at the border
    /// with its coordinates.
    pub at: (f64, f64),
    /// Size.
    pub radius: Radius,
    /// Shape.
    pub marker: Marker,
    /// Colours; several are drawn as rings, the first outermost.
    pub tones: Vec<Tone>,
    /// Label.
    pub tag: Tag,
    /// What it stands for, the foremost first: the others are the same mark.
    pub items: Vec<Item>,
    /// What it is.
    pub label: String,
    /// Its value in words.
    pub says: String,
}

/// The size of a dot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Radius {
    /// In pixels.
    Pixels(f64),
    /// The area is proportional to this share of the largest that fits a band.
    Area(f64),
}

/// The shape of a dot. All have the same area for the same radius.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A disc.
    Circle,
    /// A square.
    Square,
    /// A triangle, point up.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// An arrow from the origin.
    Arrow,
}

/// The label of a dot.
#[derive(Clone, Debug, PartialEq)]
pub enum Tag {
    /// None.
    None,
    /// In the dot, as long as the dots do not overlap; beside it otherwise.
    Inside(String),
    /// Next to the dot.
    Beside {
        /// Texts from best to shortest: the first that finds room is shown.
        texts: Vec<String>,
        /// The side that is tried first, in axis units (y up).
        towards: (f64, f64),
        /// Whether it may move away from the dot, with a leader.
        leader: bool,
    },
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name, written at its end; empty for none.
    pub name: String,
    /// Colour.
    pub tone: Tone,
    /// It is dashed: of the second of two models.
    pub dashed: bool,
    /// Points in order.
    pub spots: Vec<Spot>,
}

/// A point of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Place, in axis units.
    pub at: (f64, f64),
    /// What it stands for.
    pub item: Option<Item>,
    /// What it is.
    pub label: String,
    /// Its value in words.
    pub says: String,
}

/// A range in which a value lies that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// From and to, on the horizontal axis.
    pub x: (f64, f64),
    /// From and to, on the vertical axis.
    pub y: (f64, f64),
    /// Colour.
    pub tone: Tone,
    /// What it stands for.
    pub item: Option<Item>,
    /// What it is.
    pub label: String,
    /// Its value in words.
    pub says: String,
}

/// A threshold: a thin line across the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Where, on the vertical axis.
    pub at: f64,
    /// Colour.
    pub tone: Tone,
}

/// A place on the horizontal axis that stands out: a line down the plot, named above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Where, in axis units.
    pub at: f64,
    /// Its name.
    pub text: String,
}
