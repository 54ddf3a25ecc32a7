//! Axes: numbers with ticks, or named bands.

use numbers::listed::Listed;

/// One axis of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows, with the unit; may be empty.
    pub label: String,
    /// Numbers or bands.
    pub scale: Scale,
    /// A vertical axis runs down instead of up.
    pub flip: bool,
    /// The band whose label is written in bold.
    pub strong: Option<usize>,
    /// Bands that belong together, of a horizontal axis: each has a bracket below its labels.
    pub groups: Vec<BandGroup>,
}

/// Bands that belong together. Labels of those in brackets are thinned alike in all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct BandGroup {
    /// The first and the last band.
    pub bands: (usize, usize),
    /// Their name. One band alone has a name and no bracket.
    pub text: String,
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
        Axis {
            strong: None,
            label: label.into(),
            scale: Scale::Numbers { lo, hi, unit },
            flip: false,
            groups: Vec::new(),
        }
    }

    /// An axis of bands that are equally worth a label.
    pub fn bands<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Axis {
        Axis::weighted(names.into_iter().map(|n| BandLabel { text: n.into(), weight: 0 }).listed())
    }

    /// An axis of bands.
    pub fn weighted(labels: Vec<BandLabel>) -> Axis {
        let scale = Scale::Bands(labels);
        Axis { label: String::new(), scale, flip: false, strong: None, groups: Vec::new() }
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
}
