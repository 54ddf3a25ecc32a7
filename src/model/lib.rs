//! The model: configuration, parameters, layers and the forward pass; what it does over many additions ([`measure`]);
//! and a model as it was opened ([`mod@file`]), whatever format it came in.
//!
//! ```text
//! Config + Params → Model (f64 matrices) → Forward → logits, Trace, answers
//!                                        → Engine  → the same answers, many at a time
//!                                        → Backward → the loss and its derivatives
//! ```
//!
//! # The forward pass
//!
//! One layer; `d_model = tok_dim + pos_dim`; every row of the residual stream is a token
//! embedding beside a position. `rms(x) = sqrt(mean(x²) + 1e-5)`. Code and comments refer to
//! these steps by number.
//!
//! 1. Token table E (vocab × tok_dim): on an arc, `E[d] = [A·cos(start + d·stride),
//!    B·sin(start + d·stride)]`, or learned, PAD's row being 0 where it is frozen.
//! 2. Position table P (34 × pos_dim): Xi, Yi and Zi share point i of a spiral,
//!    `[amp·cos(2πi/10 + phase), amp·sin(2πi/10 + phase), slope·i + offset, 0…]`, scaled by
//!    one plus a correction, or a learned row; Z10 and the special places have their own rows
//!    or zeros.
//! 3. `h = norm1(x)` with `norm(x) = x / rms(x) · w`.
//! 4. Attention: queries and keys read the position part of h, its token part or all of it,
//!    values its token part. Queries are rotated by a learned angle per head, in pairs of
//!    dimensions. `x += concat_heads(softmax(Q·Kᵀ / sqrt(qk_dim)) · V) · out_proj`, causal;
//!    softmax1 in its place adds 1 to each sum of powers, so that weights sum to less than 1.
//! 5. FFN: `x += gelu(norm2(x)·fc1ᵀ + b1)·fc2ᵀ + b2`, with GELU in its exact form.
//! 6. Logits: `(norm_f(x) · headᵀ) · Eᵀ`.
//!
//! Weights can be tied: K to Q, B to A, V and fc2 to the head, the norms to each other.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod backward;
pub mod config;
mod edit;
pub mod engine;
mod error;
pub mod exact;
pub mod file;
pub mod forward;
pub mod intervened;
pub mod layers;
pub mod line;
pub mod map;
pub mod measure;
pub mod names;
pub mod params;
pub mod pass;
pub mod robust;
pub mod tensors;
pub mod trace;
pub mod weights;

pub use backward::Backward;
pub use config::Config;
pub use edit::{Edit, EditError, parse_weight, parse_weight_by, weight_text};
pub use engine::Engine;
pub use error::Error;
pub use forward::Forward;
pub use intervened::Intervened;
pub use params::Params;
pub use trace::Trace;
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

    /// Changes the learned numbers and makes the matrices again.
    pub fn change(&mut self, change: impl FnOnce(&mut Params)) {
        change(&mut self.params);
        self.weights = Weights::new(&self.config, &self.params);
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
