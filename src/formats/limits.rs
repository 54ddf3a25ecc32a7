//! How much of a file we read. A checkpoint comes from anywhere, so every size
//! that a file can choose has a limit here, with its reason.
//!
//! One limit is no size: a pickle that names what reaches the machine (`os`, `subprocess`, `builtins.eval`, …) is refused
//! as a whole, though nothing of it would be run and its weights could be read. No training script saves such a name by
//! accident, so the file was made against those who load it; who sees it open here would load it in Python next, and
//! numbers of that origin are not worth showing.

pub use model::file::size::{MAX_FILE_BYTES, MAX_HISTORY_ELEMENTS, MAX_LOG_LINES, MAX_SNAPSHOTS};

/// Bytes of JSON text, which includes the header of a safetensors file. Parsed
/// values can take more than 40 times their text (`[0,0,…`), so this is up to 300 MB.
pub const MAX_JSON_BYTES: usize = 4 << 20;

/// Bytes of one line of a run log; those of real ones have some hundreds. A line may hold a configuration.
pub const MAX_LOG_LINE_BYTES: usize = 1 << 16;

/// Entries of a zip archive. Each is a storage; published checkpoints have at most 100.
pub const MAX_ZIP_ENTRIES: usize = 4096;

/// Bytes of the pickle in a `.pt` file; published ones have 6–11 KB.
pub const MAX_PICKLE_BYTES: usize = 1 << 20;

/// Objects, stack places, open marks and memo places of the pickle machine, each.
/// Published checkpoints need fewer than 2000; this many stay under 50 MB.
pub const MAX_PICKLE_OBJECTS: usize = 1 << 17;

/// Nesting of a configuration. Real ones have two levels; a cyclic pickle has no end,
/// and this is far less than what overflows a wasm stack.
pub const MAX_DEPTH: usize = 32;

/// Bytes of text plus values of one configuration. A pickle can mention one long
/// string or list a thousand times for two bytes each; JSON has to write each out.
pub const MAX_CONFIG_SIZE: usize = 1 << 20;

/// Tensors in a state dict; a one-layer model has fewer than 40.
pub const MAX_TENSORS: usize = 1024;

/// Elements of all tensors together. Published models have under 3000, causal masks
/// included; a view with stride 0 can claim any number from four bytes.
pub const MAX_ELEMENTS: usize = 1 << 17;

/// Dimensions of a tensor; a model needs two.
pub const MAX_RANK: usize = 8;

/// Bytes of a tensor's name or of a key. It is repeated in messages and tables.
pub const MAX_NAME_BYTES: usize = 256;

/// Parts between dots, from the end of a name, that are looked at for that of a tensor; the longest has five.
pub const MAX_NAME_PARTS: usize = 8;

/// Items of a pickle's objects that are looked at in all. Each can be mentioned a hundred thousand times; a file that a
/// script saved needs some thousand.
pub const MAX_LOOKED_AT: usize = 1 << 24;

/// Files in one archive. A folder of runs has some hundred.
pub const MAX_FILES: usize = 1024;

/// Containers inside of containers: a checkpoint in a zip in a tar in a gz, and one more.
pub const MAX_NESTING: usize = 4;

/// Characters of a link's weights. A model of 226 numbers takes some 1 500, and browsers and mail programs cut addresses that
/// are much longer than this.
pub const MAX_LINK_BYTES: usize = 8000;

/// Characters of the name that a link has for its model.
pub const MAX_LINK_NAME: usize = 60;
