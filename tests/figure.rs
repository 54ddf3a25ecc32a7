//! Panels and figure: what they say, what they draw, and that nothing overlaps.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/clock.rs"]
mod clock;
#[path = "figure/dense.rs"]
mod dense;
#[path = "figure/drawing.rs"]
mod drawing;
#[path = "figure/exact.rs"]
mod exact;
#[path = "figure/gallery.rs"]
mod gallery;
#[path = "figure/ghost.rs"]
mod ghost;
#[path = "figure/items.rs"]
mod items;
#[path = "figure/landscape.rs"]
mod landscape;
#[path = "figure/map.rs"]
mod map;
#[path = "common/models.rs"]
mod models;
#[path = "figure/pair.rs"]
mod pair;
#[path = "figure/panels.rs"]
mod panels;
#[path = "figure/reports.rs"]
mod reports;
#[path = "figure/ruler.rs"]
mod ruler;
#[path = "common/shared.rs"]
mod shared;
#[path = "figure/sight.rs"]
mod sight;
#[path = "common/snapshots.rs"]
mod snapshots;
#[path = "figure/under.rs"]
mod under;
#[path = "figure/words.rs"]
mod words;
