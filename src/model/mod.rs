//! The model: configuration, parameters, layers and the forward pass.
//!
//! ```text
//! Config + Params → Model (f64 matrices) → Forward → logits, Trace, answers
//! ```

pub mod config;
mod error;
pub mod forward;
pub mod layers;
pub mod params;
pub mod weights;

pub use config::Config;
pub use error::Error;
pub use forward::{Forward, Trace};
pub use params::Params;
pub use weights::Weights;

/// A MicroAdder: its configuration, its parameters, and the matrices made of them.
#[derive(Clone, Debug)]
pub struct Model {
    config: Config,
    params: Params,
    weights: Weights,
}

impl Model {
    /// A model of `params`, which must have been collected for `config`.
    pub fn new(config: Config, params: Params) -> Model {
        let weights = Weights::new(&config, &params);
        Model { config, params, weights }
    }

    /// The architecture.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The numbers by name.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The matrices of the forward pass.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }
}
