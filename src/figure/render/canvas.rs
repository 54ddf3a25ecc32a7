//! What drawing code passes around, and what it says that it drew.

use crate::surface::{Rect, Surface};
use crate::theme::{Theme, Tone};
use plotters::style::RGBColor;
use serde::Serialize;
use task::item::Item;

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
    /// What it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// What else it stands for, where several things are one mark: `place:Y3` and `place:Z3` beside `place:X3`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub also: Vec<Item>,
    /// What it is called: `digit 3`, `Z4 → X4`.
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
    pub(super) fn dot(x: f64, y: f64, r: f64) -> Mark {
        let (label, value) = (String::new(), String::new());
        Mark { x, y, r, w: 0.0, h: 0.0, item: None, also: Vec::new(), label, value, at: None }
    }

    pub(super) fn area(b: Rect) -> Mark {
        Mark { w: b.w, h: b.h, ..Mark::dot(b.x + b.w / 2.0, b.y + b.h / 2.0, 0.0) }
    }

    /// The same with what it is called and its value.
    pub(super) fn says(self, label: impl Into<String>, value: impl Into<String>) -> Mark {
        Mark { label: label.into(), value: value.into(), ..self }
    }

    /// The same with what it stands for, the foremost first.
    pub(super) fn stands_for(self, items: &[Item]) -> Mark {
        let (item, also) = match items {
            [] => (None, &[][..]),
            [item, also @ ..] => (Some(item.clone()), also),
        };
        Mark { item, also: also.to_vec(), ..self }
    }
}

/// A surface, in a theme.
pub struct Canvas<'s, 'b> {
    pub surface: &'s mut Surface<'b>,
    pub theme: Theme,
    /// Where marks go; nowhere where nobody asks, and then their texts are not made.
    pub marks: Option<Vec<Mark>>,
}

impl<'s, 'b> Canvas<'s, 'b> {
    /// A canvas that keeps no marks.
    pub fn new(surface: &'s mut Surface<'b>, theme: Theme) -> Canvas<'s, 'b> {
        Canvas { surface, theme, marks: None }
    }

    /// Keeps a mark, where someone asked for them.
    pub fn mark(&mut self, mark: impl FnOnce() -> Mark) {
        if let Some(marks) = &mut self.marks {
            marks.push(mark());
        }
    }

    /// The colour of `tone`.
    pub fn colour(&self, tone: Tone) -> RGBColor {
        self.theme.colour(tone)
    }
}
