//! The verdict on all additions against other means: numbers that prototypes and samples confirmed, every addition of at
//! most three digits asked one by one, random ones, and models made to lie at an edge.
//!
//! A few models in the profile for tests, all of them with `cargo test --release --test exact`. Four digits, which is
//! 10⁸ additions, with `--ignored`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/shared.rs"]
mod shared;
#[path = "common/snapshots.rs"]
mod snapshots;

#[path = "exact/asked.rs"]
mod asked;
#[path = "exact/brute.rs"]
mod brute;
#[path = "exact/counts.rs"]
mod counts;
#[path = "exact/edges.rs"]
mod edges;
#[path = "exact/guards.rs"]
mod guards;
#[path = "exact/intervened.rs"]
mod intervened;
#[path = "exact/made.rs"]
mod made;
#[path = "exact/ordered.rs"]
mod ordered;
#[path = "exact/reach.rs"]
mod reach;
#[path = "exact/readme.rs"]
mod readme;
#[path = "exact/said.rs"]
mod said;
#[path = "exact/sampled.rs"]
mod sampled;
#[path = "exact/softmax1.rs"]
mod softmax1;
#[path = "exact/variants.rs"]
mod variants;
#[path = "exact/versus.rs"]
mod versus;
