//! What can go wrong in drawing.

/// What can go wrong in drawing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The backend could not draw.
    #[error("the drawing failed: {0}")]
    Backend(String),
}
