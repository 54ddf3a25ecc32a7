//! Training: settings, batches, gradients, AdamW, and the run that holds them together.
//!
//! ```text
//! Settings → Architecture → initial Model ─┐
//! Random → batch ──────────────────────────┴→ gradient → clip → AdamW → Model …
//!                                                  every eval_every steps → History
//! ```
//!
//! # A saved run
//!
//! One safetensors file: a history (see [`formats::history`]) marked `run`, with
//!
//! | tensor or metadata | value |
//! |---|---|
//! | `run/NAME` | the tensor NAME now, f32 |
//! | `run/first`, `run/second` | AdamW's moments of the learned numbers, f64 |
//! | `state` | updates done, generator, sum and number of losses since the last evaluation |
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod architecture;
pub mod chances;
pub mod curriculum;
mod error;
pub mod evaluation;
pub mod gradient;
pub mod optimizer;
mod outcome;
mod prolong;
pub mod random;
pub mod sample;
mod saved;
pub mod schedule;
pub mod settings;
mod trainer;

pub use architecture::Architecture;
pub use chances::{CHANCES, Chance};
pub use curriculum::Curriculum;
pub use error::Error;
pub use evaluation::Accuracy;
pub use outcome::{Outcome, RunFile, all_additions};
pub use settings::{Settings, Until};
pub use trainer::{Progress, Trainer, is_proven};
