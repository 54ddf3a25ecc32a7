//! Axes: numbers with ticks, or named bands.

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
        }
    }

    /// An axis of bands that are equally worth a label.
    pub fn bands<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Axis {
        let labels = names.into_iter().map(|n| BandLabel { text: n.into(), weight: 0 }).collect();
        Axis { label: String::new(), scale: Scale::Bands(labels), flip: false, strong: None }
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
