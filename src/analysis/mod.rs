//! Plain numbers about a model. No drawing.
//!
//! Each file computes one concept from a [`Model`](crate::model::Model);
//! [`report::Report`] holds all of it in one serde struct, which is what the figure and
//! the command line read.

pub mod adderboard;
pub mod attention;
pub mod errors;
pub mod extremes;
pub mod geometry;
pub mod readout;
pub mod report;
pub mod trace;
pub mod trajectory;

pub use report::Report;

/// A table of numbers as nested lists, row by row.
pub type Rows = Vec<Vec<f64>>;

/// The rows of a matrix.
pub(crate) fn rows(matrix: &ndarray::Array2<f64>) -> Rows {
    matrix.outer_iter().map(|row| row.to_vec()).collect()
}
