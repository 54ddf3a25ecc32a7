//! What a model does over many additions: how many it gets right, where it errs, and where it
//! looks. Each measure is there twice, from the [`Engine`](crate::Engine) and from the plain
//! forward pass, which the tests hold it against.

use numbers::listed::Listed;

pub mod adderboard;
pub mod attention;
pub mod errors;

/// A table of numbers as nested lists, row by row.
pub type Rows = Vec<Vec<f64>>;

/// The rows of a matrix.
pub fn rows(matrix: &ndarray::Array2<f64>) -> Rows {
    matrix.outer_iter().map(|row| row.to_vec()).listed()
}
