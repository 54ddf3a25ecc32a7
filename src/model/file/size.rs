//! How much one file may hold. What reads files has further limits; these count for what comes as bytes, too.

use thiserror::Error;

/// Bytes of one file. Published checkpoints have 22–34 KB; a browser tab can hold
/// this many several times over.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// Snapshots of a run's history: an evaluation every hundred steps of a million.
pub const MAX_SNAPSHOTS: usize = 10_000;

/// Elements of all tensors of a history or of a saved run, 16 to 32 MB: the most snapshots
/// of a model of a few hundred numbers.
pub const MAX_HISTORY_ELEMENTS: usize = 1 << 22;

/// Lines of a run log: a long run that logs every step.
pub const MAX_LOG_LINES: usize = 1_000_000;

/// Steps and other whole numbers are below it: from here on JavaScript's numbers have gaps.
pub const MAX_WHOLE: u64 = 1 << 53;

/// Bytes of a file's name: the longest path that systems take.
pub const MAX_FILE_NAME_BYTES: usize = 4096;

/// Bytes of what a file says beside its numbers, as text: two objects of a megabyte, of which JSON writes
/// each byte as six, and notes.
pub const MAX_ABOUT_BYTES: usize = 16 << 20;

/// A size is over its limit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "too large: {found} {what}, and AdderScope reads at most {limit}; check that this is the \
     right file"
)]
pub struct TooLarge {
    /// What was counted, in the plural.
    pub what: &'static str,
    /// How many the file has, or where counting stopped.
    pub found: u64,
    /// The limit, a named const.
    pub limit: u64,
}

/// Refuses a file by its size alone, before it is read.
///
/// # Errors
/// The file is larger than [`MAX_FILE_BYTES`].
pub fn check_size(bytes: u64) -> Result<(), TooLarge> {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    at_most("bytes", bytes, MAX_FILE_BYTES)
}

/// Fails when `found` is over `limit`.
///
/// # Errors
/// It is.
pub fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), TooLarge> {
    if found <= limit {
        return Ok(());
    }
    Err(TooLarge { what, found: found as u64, limit: limit as u64 })
}
