//! From the files that a person opens to what a session takes.

use super::Error;
use super::opened::Opened;
use crate::analysis::trajectory::Evaluation;
use crate::checkpoint::{self, Format, History, Kind, sniff};
use crate::model::Edit;
use crc::{CRC_32_ISO_HDLC, Crc};
use serde::{Deserialize, Serialize};

/// A file as it was dropped, picked or pasted.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, for messages only.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    fn fault(&self, error: checkpoint::Error) -> Error {
        Error::File { file: self.name.clone(), error }
    }
}

/// What files hold that came together, read and checked: all that a session needs of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The model, if one of the files holds one.
    pub model: Option<Opened>,
    /// The run log, if one of the files is one.
    pub log: Option<Log>,
}

/// Sizes that were read and checked are not checked again: bytes that changed on their way must not count as read.
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A run log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// Name of the file.
    pub file: String,
    /// What was logged.
    pub entries: Vec<Evaluation>,
}

impl Input {
    /// Reads files in any order; what each is for is told from its bytes.
    ///
    /// # Errors
    /// There is no file, or one is broken, of no use, or one too many.
    pub fn read(files: Vec<File>) -> Result<Input, Error> {
        let Roles { checkpoint, log } = Roles::of(files)?;
        // The log first: it is the quicker one to find broken.
        let log = log.as_ref().map(read_log).transpose()?;
        let model = checkpoint.as_ref().map(read_model).transpose()?;
        if model.is_none() && log.is_none() {
            return Err(Error::NoFile);
        }
        Ok(Input { model, log })
    }

    /// The input as bytes with a checksum, for a session elsewhere. Not for files: the format is
    /// of this build.
    ///
    /// # Errors
    /// None that files which were read can give.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec_crc32(self, CHECKSUM.digest())
    }

    /// What [`Input::to_bytes`] wrote.
    ///
    /// # Errors
    /// These are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Input, postcard::Error> {
        postcard::from_bytes_crc32(bytes, CHECKSUM.digest())
    }
}

/// The checkpoint among files that were read, as the bytes of a file of `format`: of a run the
/// snapshot at an index, or the one that it opens with; with `edits` made in it.
///
/// # Errors
/// None of the files holds a model, or such a snapshot; an edit cannot be made; the format is
/// read only.
pub fn export(
    files: Vec<File>,
    snapshot: Option<usize>,
    edits: &[Edit],
    format: Format,
) -> Result<Vec<u8>, Error> {
    let file = Roles::of(files)?.checkpoint.ok_or(Error::NoFile)?;
    let raw = match snapshot {
        Some(index) => History::read(&file.bytes).and_then(|history| history.snapshot(index)),
        None => checkpoint::read_raw(&file.bytes),
    };
    let bytes = raw.and_then(|raw| checkpoint::export(&raw.edited(edits)?, format));
    bytes.map_err(|error| file.fault(error))
}

/// Files by the role that their bytes give them.
#[derive(Default)]
struct Roles {
    checkpoint: Option<File>,
    log: Option<File>,
}

impl Roles {
    fn of(files: Vec<File>) -> Result<Roles, Error> {
        let mut roles = Roles::default();
        for file in files {
            let (kind, slot) = match sniff(&file.bytes) {
                Kind::RunLog => ("run log", &mut roles.log),
                _ => ("checkpoint", &mut roles.checkpoint),
            };
            if let Some(first) = slot {
                // A file that is no checkpoint at all is the better complaint.
                for file in [first, &file] {
                    read(file)?;
                }
                let (first, second) = (first.name.clone(), file.name);
                return Err(Error::Two { kind, first, second });
            }
            *slot = Some(file);
        }
        Ok(roles)
    }
}

/// Reads a file for its errors alone.
fn read(file: &File) -> Result<(), Error> {
    match sniff(&file.bytes) {
        Kind::RunLog => read_log(file).map(drop),
        _ => read_model(file).map(drop),
    }
}

fn read_log(file: &File) -> Result<Log, Error> {
    let entries = checkpoint::read_log(&file.bytes).map_err(|error| file.fault(error))?;
    Ok(Log { file: file.name.clone(), entries: entries.iter().map(Evaluation::from).collect() })
}

fn read_model(file: &File) -> Result<Opened, Error> {
    let File { name, bytes } = file;
    let opened = match sniff(bytes) {
        kind @ (Kind::History | Kind::Run) => History::read(bytes)
            .and_then(|history| Opened::history(name, &history, kind == Kind::Run)),
        _ => checkpoint::open(bytes).map(|checkpoint| Opened::checkpoint(name, checkpoint)),
    };
    opened.map_err(|error| file.fault(error))
}
