//! A model as it was opened, whatever format it came in: its numbers, what its file says of it, the run that it is of and
//! the log beside it. What reads files makes it ([`ModelFile`]), what shows models takes it, and between the two it goes
//! as bytes ([`Input::to_bytes`]).

mod about;
mod aside;
mod check;
mod checkpoint;
mod evaluation;
mod format;
mod input;
mod model_file;
mod numbers;
mod series;
pub mod size;

pub use about::{About, Metric, Metrics, measured};
pub use aside::Aside;
pub use check::InputError;
pub use checkpoint::Checkpoint;
pub use evaluation::{Evaluation, Log};
pub use format::Format;
pub use input::Input;
pub use model_file::{ModelFile, Snapshots};
pub use numbers::sent_model;
pub use series::Series;
