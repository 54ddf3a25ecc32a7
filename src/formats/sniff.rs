//! What a file is, told from its bytes.

use super::element::first;
use super::history;
use super::log;
use super::text::decoded;
use super::torch::zip::Archive;

/// What bytes look like. Looking is quick and promises nothing: reading can still fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A zip archive that `torch.save` may have written.
    TorchZip,
    /// A safetensors file.
    Safetensors,
    /// A safetensors file with the snapshots of a training run.
    History,
    /// A safetensors file with a training run that can go on.
    Run,
    /// A JSON object.
    Json,
    /// A run log, in any of its forms.
    RunLog,
    /// None of ours: what it is instead, with an article.
    Other(&'static str),
}

/// How files of other kinds begin.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"\x93NUMPY", "a NumPy array (.npy)"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, such as Keras writes"),
    (b"GGUF", "a GGUF model"),
    (b"\x1f\x8b", "a gzip file (if the checkpoint is inside, unpack it first)"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file (if the checkpoint is inside, unpack it first)"),
    (b"BZh", "a bzip2 file (if the checkpoint is inside, unpack it first)"),
    (b"\xfd7zXZ\0", "an xz file (if the checkpoint is inside, unpack it first)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (if the checkpoint is inside, unpack it first)"),
    (b"Rar!\x1a\x07", "a RAR archive (if the checkpoint is inside, unpack it first)"),
    // The pickled number 0x1950a86a20f9469cfc6c, with which torch.save began before zip.
    (
        b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.",
        "a PyTorch file in the format from before version 1.6 (load it and save it again with a \
         newer PyTorch)",
    ),
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
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip(bytes);
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
        [0x80, 2..=5, ..] => Kind::Other("a Python pickle that torch.save did not write"),
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

fn zip(bytes: &[u8]) -> Kind {
    // A damaged archive goes to the reader, which says where the damage is.
    let Ok(archive) = Archive::open(bytes) else { return Kind::TorchZip };
    let any = |test: fn(&str) -> bool| archive.names().any(test);
    if any(|name| name.ends_with("constants.pkl")) {
        return Kind::Other("a TorchScript program (save its state_dict with torch.save instead)");
    }
    if any(|name| name == "data.pkl" || name.ends_with("/data.pkl")) {
        return Kind::TorchZip;
    }
    if any(|name| name.ends_with(".npy")) {
        return Kind::Other("an archive of NumPy arrays (.npz)");
    }
    if any(|name| name.ends_with("model.weights.h5")) {
        return Kind::Other("a Keras model");
    }
    Kind::Other(
        "a zip archive that torch.save did not write (if the checkpoint is inside, unpack it first)",
    )
}

fn text(bytes: &[u8]) -> Kind {
    if log::is_log(bytes) {
        return Kind::RunLog;
    }
    let body = &*decoded(bytes);
    let body = body.trim_ascii_start();
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
