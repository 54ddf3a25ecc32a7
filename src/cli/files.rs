//! Files in and out, with errors that name the file.

use super::Failure;
use adderscope::formats::{self, File};
use adderscope::model::file::{Checkpoint, Input, size};
use adderscope::session::Loaded;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of a folder that are read: a run has six, a checkpoint in parts with its log hardly more.
const MAX_FILES: usize = 32;

/// A problem with the file at `path`.
pub fn bad(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::Bad(format!("{}: {error}", path.display()))
}

/// A file's bytes, if it is not too large.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let size = fs::metadata(path).map_err(|e| bad(path, e))?.len();
    size::check_size(size).map_err(|e| bad(path, e))?;
    fs::read(path).map_err(|e| bad(path, e))
}

/// A file with its name as it was given.
fn file(path: &Path) -> Result<File, Failure> {
    Ok(File { name: path.display().to_string(), bytes: read(path)? })
}

/// The file at `path`; of a folder those in it that are not hidden, by name.
fn files(path: &Path) -> Result<Vec<File>, Failure> {
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
        Input::Model(file) => Ok(file.opening()),
        Input::Log(_) => Err(bad(path, "there is no checkpoint in that, only a log")),
    }
}

/// Opens a checkpoint with its log, as a page would that gets both; of a folder what fits together.
pub fn load(path: &Path, log: Option<&PathBuf>) -> Result<Loaded, Failure> {
    let mut all = Vec::new();
    if let Some(log) = log {
        let log = file(log)?;
        // A checkpoint given as the log would be opened as a second checkpoint.
        formats::read_log(&log.bytes).map_err(|e| Failure::Bad(format!("{}: {e}", log.name)))?;
        all.push(log);
    }
    all.extend(files(path)?);
    adderscope::open(all).map_err(|e| Failure::Bad(e.to_string()))
}

/// How a file's name ends, in lower case and without the dot.
pub fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Writes beside the target and renames, so that a full disk spoils nothing.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
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
