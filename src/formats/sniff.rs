//! What a file is, told from its bytes.

use super::element::first;
use super::history;
use super::link;
use super::log;
use super::pickle::{NUMPY, legacy};
use super::text::{decoded, unmarked};
use super::torch::is_pickle;
use super::zip::{self, Archive};
use model::tensors::name::HEAD_PROJ;

/// What bytes look like. Looking is quick and promises nothing: reading can still fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A zip archive that `torch.save` may have written.
    TorchZip,
    /// What `torch.save` wrote before 1.6.
    TorchLegacy,
    /// A Python pickle that `torch.save` did not write.
    Pickle,
    /// A file of one NumPy array.
    Npy,
    /// An archive of NumPy arrays.
    Npz,
    /// Files in one file, which have to be unpacked first.
    Container(Container),
    /// A safetensors file.
    Safetensors,
    /// A safetensors file with the snapshots of a training run.
    History,
    /// A safetensors file with a training run that can go on.
    Run,
    /// A JSON object.
    Json,
    /// The address of a page, with weights in it.
    Link,
    /// A run log, in any of its forms.
    RunLog,
    /// None of ours: what it is instead, with an article.
    Other(&'static str),
}

/// What files come in together, or packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A zip archive of files.
    Zip,
    /// A tar archive.
    Tar,
    /// A file compressed by gzip.
    Gzip,
}

impl Container {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Container::Zip => "zip archive",
            Container::Tar => "tar archive",
            Container::Gzip => "gzip file",
        }
    }
}

/// How files of other kinds begin.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, such as Keras writes"),
    (b"GGUF", "a GGUF model"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file (if the checkpoint is inside, unpack it first)"),
    (b"BZh", "a bzip2 file (if the checkpoint is inside, unpack it first)"),
    (b"\xfd7zXZ\0", "an xz file (if the checkpoint is inside, unpack it first)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (if the checkpoint is inside, unpack it first)"),
    (b"Rar!\x1a\x07", "a RAR archive (if the checkpoint is inside, unpack it first)"),
];

/// How text of other kinds begins, in lower case.
const TEXT: &[(&str, &str)] = &[
    ("<!doctype html", "an HTML page (the link may have led to a page, not to the file)"),
    ("<html", "an HTML page (the link may have led to a page, not to the file)"),
    ("<svg", "an SVG image"),
    ("<?xml", "an XML document"),
    (
        "version https://git-lfs",
        "a Git LFS pointer, not the file that it stands for (run git lfs pull)",
    ),
    ("[", "a JSON list, where an export is an object ({…})"),
];

/// Says what `bytes` look like. Names play no part.
pub fn sniff(bytes: &[u8]) -> Kind {
    if bytes.trim_ascii().is_empty() {
        return Kind::Other("an empty file");
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Kind::Other(what);
    }
    if zip::MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return in_zip(bytes);
    }
    // The first record of a TensorBoard file is its version.
    if bytes.get(8..bytes.len().min(64)).is_some_and(|head| has(head, "brain.Event:")) {
        return Kind::Other(
            "a TensorBoard event file (download the curve as CSV from TensorBoard)",
        );
    }
    if let Some(container) = container(bytes) {
        return Kind::Container(container);
    }
    if bytes.starts_with(NUMPY) {
        return Kind::Npy;
    }
    if legacy::is_legacy(bytes) {
        return Kind::TorchLegacy;
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Kind::Other("a WebP image");
    }
    if is_safetensors(bytes) {
        return match history::marker(bytes).as_deref() {
            Some(history::HISTORY) => Kind::History,
            Some(history::RUN) => Kind::Run,
            _ => Kind::Safetensors,
        };
    }
    match bytes {
        [0x80, 2..=5, ..] => Kind::Pickle,
        // Protocols 0 and 1: a dict or list with its MARK, or with what the memo calls it.
        [b'(', b'd' | b'l' | b't', b'p' | b'q', ..] | [b'}' | b']', b'q', ..]
            if bytes.ends_with(b".") =>
        {
            Kind::Pickle
        }
        // A protobuf: ir_version, then one of the other fields of ONNX's ModelProto.
        [0x08, 1..=32, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42, ..] => {
            Kind::Other("an ONNX model")
        }
        _ => text(bytes),
    }
}

fn is_safetensors(bytes: &[u8]) -> bool {
    // The safetensors crate refuses headers over 100 MB too.
    bytes.get(8) == Some(&b'{') && u64::from_le_bytes(first(bytes)) <= 100_000_000
}

fn container(bytes: &[u8]) -> Option<Container> {
    match bytes {
        [0x1f, 0x8b, ..] => Some(Container::Gzip),
        _ => (bytes.get(257..262) == Some(b"ustar")).then_some(Container::Tar),
    }
}

fn in_zip(bytes: &[u8]) -> Kind {
    // A damaged archive goes to the reader, which says where the damage is.
    let Ok(archive) = Archive::open(bytes) else { return Kind::TorchZip };
    let any = |test: fn(&str) -> bool| archive.names().any(test);
    if any(|name| name.ends_with("constants.pkl")) {
        return Kind::Other("a TorchScript program (save its state_dict with torch.save instead)");
    }
    if any(|name| {
        name.ends_with("archive_format") || name.ends_with("serialized_exported_program.json")
    }) {
        return Kind::Other("a torch.export program (save its state_dict with torch.save instead)");
    }
    if any(is_pickle) {
        return Kind::TorchZip;
    }
    if any(|name| name.ends_with(".npy") && !name.contains('/')) {
        return Kind::Npz;
    }
    if any(|name| name.ends_with("model.weights.h5")) {
        return Kind::Other("a Keras model");
    }
    Kind::Container(Container::Zip)
}

fn text(bytes: &[u8]) -> Kind {
    if link::weights_in(bytes).is_some() {
        return Kind::Link;
    }
    if log::is_log(bytes) {
        return Kind::RunLog;
    }
    if unmarked(bytes).is_some() {
        return Kind::Other("text in UTF-16 without a byte order mark (save it as UTF-8)");
    }
    let body = &*decoded(bytes);
    let body = body.trim_ascii_start();
    if body.starts_with(b"[") && holds_tensors(body) {
        return Kind::Json;
    }
    if body.starts_with(b"{") {
        return Kind::Json;
    }
    let head: Vec<u8> = body.iter().take(64).map(u8::to_ascii_lowercase).collect();
    if let Some((_, what)) = TEXT.iter().find(|(start, _)| head.starts_with(start.as_bytes())) {
        return Kind::Other(what);
    }
    let printable = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..);
    if std::str::from_utf8(body).is_ok() && body.iter().take(4096).all(printable) {
        return Kind::Other("plain text");
    }
    Kind::Other("binary data of an unknown kind")
}

/// Whether JSON has tensors of a model in it, by the name of the one that every model has. Whatever else it has, it is no
/// log.
fn holds_tensors(body: &[u8]) -> bool {
    let name = HEAD_PROJ.split('.').next().unwrap_or(HEAD_PROJ);
    has(body, name)
}

fn has(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|part| part == text.as_bytes())
}
