//! The model: configuration, parameters, layers and the forward pass.

mod error;

pub use error::Error;
