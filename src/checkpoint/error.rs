//! Why a file did not open.
use thiserror::Error;
/// Why a file did not open.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// The model is not supported.
    #[error(transparent)]
    Model(#[from] crate::model::Error),
    /// Not written yet.
    #[error("no reader")]
    NoReader,
}
