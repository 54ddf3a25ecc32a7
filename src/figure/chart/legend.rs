//! Legends, and the scale of colours.

use super::layer::{Hatch, Marker, Shade, Verdict};
use super::tracks::Landing;
use crate::theme::Tone;

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// What it looks like.
    pub swatch: Swatch,
    /// What it means.
    pub text: String,
}

/// A sample of a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Swatch {
    /// A marker in a tone.
    Marker(Marker, Tone),
    /// A bar with its hatch.
    Bar(Tone, Hatch),
    /// A line.
    Line(Tone),
    /// The outline of a mark as it was.
    Ghost,
    /// A cell of a matrix of verdicts.
    Verdict(Verdict),
    /// Stops on a ruler.
    Stop(Landing),
    /// A pointer on a ruler, at what is right or at what is not.
    Needle(bool),
    /// Words only.
    None,
}

impl Key {
    /// An entry.
    pub fn new(swatch: Swatch, text: impl Into<String>) -> Key {
        Key { swatch, text: text.into() }
    }
}

/// The scale of a heat map.
#[derive(Clone, Debug, PartialEq)]
pub struct ColourBar {
    /// Which colour a value has.
    pub shade: Shade,
    /// Ticks from the first colour to the last. Where larger values share the last one, it says so.
    pub ticks: Vec<f64>,
}
