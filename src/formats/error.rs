//! What can be wrong with a file, in words that a person can act on.

pub use model::file::size::{TooLarge, at_most};
use thiserror::Error;

/// Why a file cannot be opened. Every text is one line: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// The file has no bytes, or only white space.
    #[error("the file is empty: save or download it again")]
    Empty,
    /// The file is something else.
    #[error(
        "this is not a MicroAdder checkpoint; it looks like {looks_like}. AdderScope opens \
         PyTorch .pt files, NumPy .npz files, and safetensors or JSON exports"
    )]
    NotACheckpoint {
        /// What the bytes look like, with an article.
        looks_like: &'static str,
    },
    /// A format that is read but not written.
    #[error("PyTorch .pt files are read only: export to .safetensors or .json")]
    ReadOnly,
    /// A size is over its limit.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The file ends too early.
    #[error("the file is cut short: {what}. Download or copy it again")]
    Truncated {
        /// What is missing.
        what: String,
    },
    /// The zip archive is damaged.
    #[error("the zip archive is damaged at byte {offset}: {what}. Download or copy it again")]
    Zip {
        /// Where in the file.
        offset: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// A zip entry is packed in a way that is not read.
    #[error("the entry {entry} of the zip archive is {how}: unpack it, and open what is inside")]
    Repacked {
        /// The entry's name.
        entry: String,
        /// `encrypted`, or how it is compressed.
        how: &'static str,
    },
    /// What a container of files holds is packed wrongly.
    #[error("the {kind} cannot be unpacked: {what}. Download or copy it again")]
    Container {
        /// What it is.
        kind: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Two zip entries have one name.
    #[error(
        "the zip archive holds the entry {entry} twice, so it does not say which one is meant: \
         take the original file"
    )]
    DuplicateEntry {
        /// The name.
        entry: String,
    },
    /// A zip entry that the checkpoint refers to is not there.
    #[error("the .pt file has no entry {entry}: it is not complete, so save it again")]
    MissingEntry {
        /// The name.
        entry: String,
    },
    /// A zip entry's bytes do not have its CRC-32.
    #[error(
        "the entry {entry} of the zip archive is damaged (its CRC-32 does not match). Download or \
         copy it again"
    )]
    Checksum {
        /// The entry's name.
        entry: String,
    },
    /// The storages are not little-endian.
    #[error(
        "this .pt file was saved with the byte order {found:?}; AdderScope reads \"little\": save \
         it again on a little-endian machine, or export it as JSON"
    )]
    ByteOrder {
        /// What the `byteorder` entry says.
        found: String,
    },
    /// The pickle mentions a name that could do harm where Python loads it.
    #[error(
        "the file names {name}, which could run a program where Python loads it; nothing was run here, and it was not \
         opened. Weights have no need of that: do not load it, and ask for a .safetensors file"
    )]
    ForbiddenGlobal {
        /// Module and name, like `os.system`.
        name: String,
    },
    /// The pickle uses an instruction that no checkpoint needs.
    #[error(
        "the pickle uses {name} at byte {offset}, an instruction that no checkpoint needs, so it was not opened \
         (nothing was run). Download it again, or ask for a .safetensors file"
    )]
    ForbiddenOpcode {
        /// The opcode's name in Python's pickletools, or its number.
        name: String,
        /// Where in the pickle.
        offset: usize,
    },
    /// The pickle is not well formed.
    #[error(
        "the pickle in this file is damaged at byte {offset}: {what}. Download or copy it again"
    )]
    Pickle {
        /// Where in the pickle.
        offset: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// There are no weights where a checkpoint has them.
    #[error(
        "the file holds no weights: it should have model_state_dict, or be a dict of tensors by their names; found \
         {found}"
    )]
    NoStateDict {
        /// What the top level is, or its keys.
        found: String,
    },
    /// A value of the state dict is not a tensor of numbers.
    #[error("{name} in the state dict is {found}, where a tensor of numbers should be")]
    NotATensor {
        /// Its key.
        name: String,
        /// What it is.
        found: String,
    },
    /// Two sets of weights are in the file.
    #[error(
        "the file holds two models, {first} and {second}, and which one is meant cannot be told: save one of them alone"
    )]
    TwoModels {
        /// A tensor of the one, or where it is.
        first: String,
        /// The same of the other.
        second: String,
    },
    /// A tensor was saved without its numbers.
    #[error(
        "the tensor {name} was saved from the meta device, so the file does not have its numbers: load the weights \
         before saving"
    )]
    NoNumbers {
        /// Its name.
        name: String,
    },
    /// The nested lists of a JSON tensor have different lengths.
    #[error(
        "the tensor {name} is ragged: its nested lists differ in length or depth. Export it with \
         tensor.tolist()"
    )]
    Ragged {
        /// Its name.
        name: String,
    },
    /// A tensor's elements have a type that weights do not have.
    #[error("the tensor {name} has elements of type {dtype}: save it as float32 (tensor.float())")]
    ElementType {
        /// Its name.
        name: String,
        /// The type, as the file calls it.
        dtype: String,
    },
    /// A tensor reaches beyond its storage.
    #[error(
        "the tensor {name} needs {wanted} bytes, but its storage has {found}: the file is cut \
         short or damaged. Download or copy it again"
    )]
    StorageTooShort {
        /// Its name.
        name: String,
        /// Bytes up to the tensor's last element.
        wanted: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// `config`, `step` or `metrics` is of the wrong kind.
    #[error("{key} is {found}, where {wanted} should be")]
    Field {
        /// The key.
        key: &'static str,
        /// What is there.
        found: String,
        /// What should be.
        wanted: &'static str,
    },
    /// The safetensors header does not describe the file.
    #[error("the safetensors file is damaged: {what}. Save it again")]
    Safetensors {
        /// What the safetensors crate says.
        what: String,
    },
    /// The weights in an address are not as they were written.
    #[error("the link is damaged: {what}. Copy the whole of it again")]
    Link {
        /// What is wrong.
        what: String,
    },
    /// A link that a later AdderScope wrote.
    #[error(
        "the link is of version {version}, and this AdderScope knows {known}: open it with a newer one"
    )]
    LinkVersion {
        /// The link's.
        version: u8,
        /// The newest that is read.
        known: u8,
    },
    /// A training history, or a saved run, that does not hold what one holds.
    #[error("the training history is damaged: {what}. Save or download it again")]
    History {
        /// What is wrong.
        what: String,
    },
    /// The JSON text cannot be read.
    #[error(
        "the JSON is broken at line {line}, column {column}: {what}. Export or download it again"
    )]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// No entry of the run log can be read.
    #[error("nothing in the log can be read; the first is line {line}: {what}")]
    LogLine {
        /// From 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The run log has no name that is known.
    #[error(
        "the log has {found}, where AdderScope needs val_exact (or exact_match, val_acc) or val_tok_acc (or \
         token_accuracy), and step (or global_step, iter, epoch)"
    )]
    LogNames {
        /// Names that it has.
        found: String,
    },
    /// The run log has no entries.
    #[error("the log is empty: it should hold one JSON object a line, like {{\"step\": 2000, …}}")]
    LogEmpty,
    /// The file can be read, but its content is not a model that we support.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// The file holds a model that cannot be edited so.
    #[error(transparent)]
    Edit(#[from] model::EditError),
}

/// Text out of a file, fit for a one-line message: what does not print is escaped, long text cut.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let (mut out, mut length) = (String::new(), 0);
    for letter in text.chars() {
        let escaped = letter.escape_debug();
        let own = matches!(letter, '"' | '\'' | '\\');
        length += if own { 1 } else { escaped.len() };
        if length > LONGEST {
            out.push('…');
            break;
        }
        if own {
            out.push(letter);
        } else {
            out.extend(escaped);
        }
    }
    out
}

/// A message about the file `name` in one line of at most [`MAX_MESSAGE`] letters. Of a name that is too long the end is kept,
/// which tells files apart.
pub fn in_a_line(name: &str, message: impl std::fmt::Display) -> String {
    let escaped = |text: &str| -> String {
        let escape = |letter: char| match letter {
            letter if letter.is_control() => letter.escape_default().to_string(),
            letter => letter.to_string(),
        };
        text.chars().map(escape).collect()
    };
    let message = escaped(&message.to_string());
    let length = message.chars().count();
    let message: String = if length > MAX_MESSAGE {
        message.chars().take(MAX_MESSAGE - 1).chain(['…']).collect()
    } else {
        message
    };
    if name.is_empty() {
        return message;
    }
    let name = escaped(name);
    let room = MAX_MESSAGE.saturating_sub(message.chars().count() + 2);
    let long = name.chars().count();
    if long <= room {
        return format!("{name}: {message}");
    }
    if room < 2 {
        return message;
    }
    let end: String = name.chars().skip(long - (room - 1)).collect();
    format!("…{end}: {message}")
}

/// Letters of a message: what a person reads at a glance.
pub const MAX_MESSAGE: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_cut_by_what_is_written() {
        assert_eq!(shown("a\"b\n"), "a\"b\\n");
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shown(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert!(shown(&"\u{1}".repeat(100)).chars().count() <= 81);
    }

    #[test]
    fn a_message_is_one_line_of_bounded_length() {
        assert_eq!(in_a_line("a.pt", "it is empty"), "a.pt: it is empty");
        assert_eq!(in_a_line("", "it is\nempty"), "it is\\nempty");
        let long = in_a_line(&format!("{}end.pt", "x".repeat(5000)), "it is empty");
        assert!(long.starts_with("…x") && long.ends_with("end.pt: it is empty"));
        assert_eq!(long.chars().count(), MAX_MESSAGE);
        let long = in_a_line("a.pt", "y".repeat(5000));
        assert_eq!(long.chars().count(), MAX_MESSAGE);
    }
}
