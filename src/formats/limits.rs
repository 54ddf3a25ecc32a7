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

/// Dicts inside of dicts that are looked into for tensors: modules in modules.
pub const MAX_LEVELS: usize = 10;

/// Values that are looked at for tensors under one key; an optimizer's state has some hundred.
pub const MAX_VALUES: usize = 1 << 14;

/// The same under all keys. A dict can be mentioned under each of a hundred thousand.
pub const MAX_ALL_VALUES: usize = 1 << 17;

/// Tensors, and numbers that could be some, in the whole of a file: an optimizer has three for each of the model's.
pub const MAX_LEAVES: usize = 1 << 13;

/// Items of a list that is looked into for tensors. One of more is no tuple of a state dict and what belongs to it.
pub const MAX_LIST: usize = 64;

/// Bytes of text plus values of all that is beside the weights: some large things are read, and a hundred thousand mentions of
/// one are not.
pub const MAX_SIDE_SIZE: usize = 2 * MAX_CONFIG_SIZE;

/// Things beside the weights that were left unread and are told one by one.
pub const MAX_UNREAD: usize = 8;

/// Bytes of a text that is looked at for a value that it writes: a configuration has under 2 KB.
pub const MAX_LITERAL_BYTES: usize = 1 << 16;

/// Axes that an array can have in NumPy.
pub const MAX_AXES: usize = 64;

/// Wrappers that can be around one another in a pickle: a parameter around a tensor, and what a trainer puts around that.
pub const MAX_WRAPPERS: usize = 8;

/// Bytes of a path, as systems limit them.
pub const MAX_PATH_BYTES: usize = 4096;

/// Bytes of all that stands before the numbers of a storage that is a file of its own: types, a key and a place, under 400.
pub const MAX_STORAGE_HEAD: usize = 4096;

/// Lines of a log that are looked at before text is taken for something else.
pub const MAX_LINES_LOOKED_AT: usize = 1000;

/// Lines of a CSV that may stand before the names of its columns.
pub const MAX_LINES_BEFORE: usize = 20;

/// Columns of a log that are told apart; all that are known have far fewer.
pub const MAX_COLUMNS: usize = 64;

/// Names of columns that are remembered as unknown; those after them are looked at again in each row.
pub const MAX_REMEMBERED: usize = 1024;

/// Objects within objects of a log that are looked into.
pub const MAX_LOG_DEPTH: usize = 4;

/// The first bytes of a text that say whether it is UTF-16, where no mark does.
pub const MAX_TEXT_LOOKED_AT: usize = 512;

/// Bytes of the words for why a file was left aside.
pub const MAX_WORDS: usize = 160;
