//! Rulers: lanes of segments, and what stops on them.

use task::item::Item;

/// Lanes from top to bottom, over a numeric axis; the vertical axis has a band for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracks {
    /// What stands in a row of its own above the lanes, where there is something: texts by their places. It has a band too.
    pub heading: Vec<(f64, String)>,
    /// The lanes.
    pub lanes: Vec<Track>,
}

/// A lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// It is the one that matters.
    pub own: bool,
    /// It is another model's: outlines.
    pub hollow: bool,
    /// Its segments, side by side.
    pub stretches: Vec<Stretch>,
    /// What stops below them.
    pub stops: Vec<Stop>,
    /// What is pointed at.
    pub needle: Option<Needle>,
}

/// A segment of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins and ends, on the horizontal axis.
    pub x: (f64, f64),
    /// What is written in it, where it fits.
    pub text: String,
    /// Neighbours differ in this, and so in their tone.
    pub odd: bool,
    /// The needle points at it.
    pub here: bool,
    /// What it stands for.
    pub item: Item,
    /// What it is.
    pub label: String,
    /// From where to where it goes, in words.
    pub says: String,
}

/// How those answer that stop somewhere: each can be told without its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// All are right: a low bar.
    Right,
    /// All are wrong: a high bar, crossed.
    Wrong,
    /// It is not known: a low frame.
    Open,
}

/// Where some stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// From the first to the last, on the horizontal axis.
    pub x: (f64, f64),
    /// How they answer.
    pub landing: Landing,
    /// What they have in common.
    pub item: Item,
    /// What that is called.
    pub label: String,
    /// How they answer and where they stop, in words.
    pub says: String,
}

/// A pointer from above.
#[derive(Clone, Debug, PartialEq)]
pub struct Needle {
    /// Where, on the horizontal axis.
    pub at: f64,
    /// Whether it points at what is right.
    pub right: bool,
    /// What it stands for, the foremost first.
    pub items: Vec<Item>,
    /// What it is.
    pub label: String,
    /// Where it points, in words.
    pub says: String,
}
