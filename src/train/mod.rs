//! Training: settings, batches, gradients, AdamW.
//!
//! ```text
//! Settings → Architecture → initial Model ─┐
//! Random → batch ──────────────────────────┴→ gradient → clip → AdamW → Model …
//! ```

pub mod architecture;
pub mod curriculum;
mod error;
pub mod gradient;
pub mod optimizer;
pub mod random;
pub mod sample;
pub mod schedule;
pub mod settings;

pub use architecture::Architecture;
pub use curriculum::Curriculum;
pub use error::Error;
pub use settings::Settings;
