//! Plain numbers about a model. No drawing.
//!
//! Each file computes one concept from a [`Model`](model::Model);
//! [`report::Report`] holds all of it in one serde struct, which is what the figure and
//! the command line read.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod answer;
pub mod compare;
pub mod explain;
pub mod extremes;
pub mod geometry;
pub mod measured;
pub mod patch;
pub mod readout;
pub mod report;
pub mod ruler;
mod stages;
pub mod steps;
pub mod table;
pub mod trace;
pub mod trajectory;
pub mod wrong;

pub use model::map;
pub(crate) use model::measure::rows;
pub use model::measure::{Rows, adderboard, attention, errors};
pub use model::robust;
pub use report::Report;
