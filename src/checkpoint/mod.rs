//! Files in and out: `.pt`, safetensors, JSON and the run log.

mod element;
mod error;
mod export;
mod json;
pub mod limits;
mod raw;
mod runlog;
mod safetensors;
mod sniff;
mod torch;

pub use error::Error;
pub use export::{to_json, to_safetensors};
pub use raw::{Format, Raw, read_raw};
pub use runlog::{LogEntry, read_log};
pub use sniff::{Kind, sniff};
