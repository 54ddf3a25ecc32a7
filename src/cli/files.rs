//! Files in and out, with errors that name the file.

use super::Failure;
use adderscope::formats::{self, File, in_a_line};
use adderscope::model::file::{Checkpoint, Format, Input, size};
use adderscope::session::Loaded;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Files of a folder that are read: a run has six, a checkpoint in parts with its log hardly more.
const MAX_FILES: usize = 32;

/// Links that lead to links, as systems follow them.
const MAX_LINKS: usize = 40;

/// A problem with the file at `path`.
pub fn bad(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::Bad(in_a_line(&path.display().to_string(), error))
}

/// Says on standard error what a reader should know about how a file was read, a note a line.
pub fn say<'a>(notes: impl IntoIterator<Item = &'a String>) {
    for note in notes {
        // Where nobody listens there is nothing left to do.
        let _ = writeln!(io::stderr(), "adderscope: note: {}", in_a_line("", note));
    }
}

/// The same of a checkpoint with its log, and of what was left aside.
pub fn say_of(loaded: &Loaded) {
    say(&loaded.log_notes);
    say(&loaded.checkpoint.about.notes);
    say(loaded.aside.iter().map(|aside| &aside.sentence));
}

/// A file's bytes, if it is not too large. A device or a pipe tells its size by its end alone.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let check = |size: u64| size::check_size(size).map_err(|e| bad(path, e));
    let file = fs::File::open(path).map_err(|e| bad(path, e))?;
    check(file.metadata().map_err(|e| bad(path, e))?.len())?;
    let mut bytes = Vec::new();
    let most = size::MAX_FILE_BYTES as u64 + 1;
    file.take(most).read_to_end(&mut bytes).map_err(|e| bad(path, e))?;
    check(bytes.len() as u64)?;
    Ok(bytes)
}

/// A file with its name as it was given.
fn file(path: &Path) -> Result<File, Failure> {
    Ok(File { name: path.display().to_string(), bytes: read(path)? })
}

/// The file at `path`; of a folder those in it that are not hidden, by name.
pub fn files(path: &Path) -> Result<Vec<File>, Failure> {
    if !path.is_dir() {
        return Ok(vec![file(path)?]);
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(path).map_err(|e| bad(path, e))? {
        let inner = entry.map_err(|e| bad(path, e))?.path();
        let is_hidden = inner.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if !is_hidden && inner.is_file() {
            paths.push(inner);
        }
        if paths.len() > MAX_FILES {
            let what =
                format!("the folder holds more than {MAX_FILES} files: name the checkpoint in it");
            return Err(bad(path, what));
        }
    }
    if paths.is_empty() {
        return Err(bad(path, "the folder holds no file"));
    }
    paths.sort();
    paths.iter().map(|path| file(path)).collect()
}

/// Opens a checkpoint, or that in a folder.
pub fn open(path: &Path) -> Result<Checkpoint, Failure> {
    match formats::read_files(files(path)?).map_err(|e| Failure::Bad(e.to_string()))? {
        Input::Model(file) => {
            let checkpoint = file.opening();
            if path.is_dir() {
                say([&format!("{} was opened.", file.name())]);
            }
            say(&checkpoint.about.notes);
            say(file.aside().iter().map(|aside| &aside.sentence));
            Ok(checkpoint)
        }
        Input::Log(_) => Err(bad(path, "there is no checkpoint in that, only a log")),
    }
}

/// Opens a checkpoint with its log, as a page would that gets both; of a folder what fits together.
pub fn load(path: &Path, log: Option<&PathBuf>) -> Result<Loaded, Failure> {
    let mut all = Vec::new();
    if let Some(log) = log {
        let log = file(log)?;
        let name = log.name.clone();
        let told = |name: &str, error| Failure::Bad(in_a_line(name, error));
        // It may be compressed.
        for log in formats::unpack(log).map_err(|e| told(&name, e))? {
            // A checkpoint given as the log would be opened as a second checkpoint.
            formats::read_log(&log.bytes).map_err(|e| told(&log.name, e))?;
            all.push(log);
        }
    }
    all.extend(files(path)?);
    adderscope::open(all).map_err(|e| Failure::Bad(e.to_string()))
}

/// How a file's name ends, in lower case and without the dot.
pub fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The format that a file's name asks for.
pub fn format_of(output: &Path) -> Result<Format, Failure> {
    let formats = [Format::Safetensors, Format::Json];
    let found = formats.into_iter().find(|format| format.extension() == extension(output));
    found.ok_or_else(|| bad(output, "the format is told by the ending: .safetensors or .json"))
}

/// Where a link leads in the end, though there may be nothing; a path that is none as it is.
fn target(path: &Path) -> Result<PathBuf, Failure> {
    let mut end = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(link) = fs::read_link(&end) else { return Ok(end) };
        end = end.parent().map_or(link.clone(), |folder| folder.join(&link));
    }
    Err(bad(path, "it is a link that leads to itself"))
}

/// Writes beside the target and renames, so that a full disk spoils nothing. A link stays, and what it leads to is written; a
/// device or a pipe takes the bytes.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let path = &target(path)?;
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(path, bytes).map_err(|e| bad(path, e));
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        // The half-written copy may not even be there.
        let _ = fs::remove_file(&part);
        bad(path, error)
    })
}
