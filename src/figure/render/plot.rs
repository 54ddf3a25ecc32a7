//! A plot's place on the drawing: from axis units to pixels.

use crate::surface::Rect;

/// The rectangle between the axes, and the map of each.
pub struct Plot {
    pub area: Rect,
    pub x: Map,
    pub y: Map,
}

/// A linear map from axis values to pixels.
#[derive(Clone, Copy, Debug)]
pub struct Map {
    pub lo: f64,
    pub hi: f64,
    from: f64,
    to: f64,
}

impl Map {
    pub fn new((lo, hi): (f64, f64), from: f64, to: f64) -> Map {
        // Beside a number that is large, 1 more is the same.
        Map { lo, hi: if hi > lo { hi } else { lo + lo.abs().max(1.0) }, from, to }
    }

    pub fn at(&self, v: f64) -> f64 {
        self.from + (v - self.lo) / (self.hi - self.lo) * (self.to - self.from)
    }

    /// Pixels per unit.
    pub fn unit(&self) -> f64 {
        (self.to - self.from).abs() / (self.hi - self.lo)
    }
}
