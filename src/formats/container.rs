//! Files that come packed: compressed by gzip, or together in a zip or tar archive. Each is taken apart within limits, as
//! often as one is inside of another.

use super::element::first;
use super::error::{Error, at_most, shown};
use super::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_NESTING};
use super::read::File;
use super::sniff::{Container, Kind, sniff};
use super::zip::{Archive, crc32};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The files that are in a file, if it is a container of some; else itself. Of an archive only what AdderScope reads is
/// kept: a checkpoint or a log beside notes and pictures is found.
///
/// # Errors
/// It is damaged or over a limit, or there is nothing in it that AdderScope reads.
pub fn unpack(file: File) -> Result<Vec<File>, Error> {
    let Kind::Container(container) = sniff(&file.bytes) else { return Ok(vec![file]) };
    let mut budget = Budget { bytes: MAX_FILE_BYTES, files: MAX_FILES };
    let mut found = Vec::new();
    open(file, container, MAX_NESTING, &mut budget, &mut found)?;
    if found.is_empty() {
        return Err(Error::NotACheckpoint {
            looks_like: match container {
                Container::Zip => "a zip archive of other files",
                Container::Tar => "a tar archive of other files",
                Container::Gzip => "a gzip file of other files",
            },
        });
    }
    Ok(found)
}

/// What may still be unpacked.
struct Budget {
    bytes: usize,
    files: usize,
}

impl Budget {
    fn take(&mut self, bytes: usize) -> Result<(), Error> {
        let before = MAX_FILE_BYTES - self.bytes;
        at_most("unpacked bytes", before.saturating_add(bytes), MAX_FILE_BYTES)?;
        at_most("files in one file", MAX_FILES - self.files + 1, MAX_FILES)?;
        self.bytes -= bytes;
        self.files -= 1;
        Ok(())
    }
}

fn open(
    file: File,
    container: Container,
    nesting: usize,
    budget: &mut Budget,
    found: &mut Vec<File>,
) -> Result<(), Error> {
    let nesting = nesting.checked_sub(1).ok_or(Error::Container {
        kind: container.name(),
        what: "too many are one inside of the other",
    })?;
    let inner = match container {
        Container::Gzip => gzip(&file, budget)?,
        Container::Zip => zip(&file, budget)?,
        Container::Tar => tar(&file, budget)?,
    };
    // What is compressed alone is what the person brought, whatever it is.
    let alone = container == Container::Gzip;
    for file in inner {
        match sniff(&file.bytes) {
            Kind::Container(container) => open(file, container, nesting, budget, found)?,
            Kind::Other(_) if !alone => {}
            _ => found.push(file),
        }
    }
    Ok(())
}

/// Whether an entry of an archive is a file that a person put there: not a folder, nor what a system adds.
fn is_a_file(name: &str) -> bool {
    let hidden = |part: &str| part.starts_with('.') && part.len() > 2 || part == "__MACOSX";
    !name.ends_with('/') && !name.split('/').any(hidden)
}

/// A file inside of another one.
fn inside(outer: &File, name: &str, bytes: Vec<u8>) -> File {
    File { name: format!("{}: {}", outer.name, shown(name)), bytes }
}

fn zip(file: &File, budget: &mut Budget) -> Result<Vec<File>, Error> {
    let mut archive = Archive::open(&file.bytes)?;
    archive.unpack(is_a_file)?;
    let mut files = Vec::new();
    for name in archive.names().filter(|name| is_a_file(name)) {
        let bytes = archive.get(name).unwrap_or_default();
        budget.take(bytes.len())?;
        files.push(inside(file, name, bytes.to_vec()));
    }
    Ok(files)
}

/// Bytes of a header of a tar archive, and of what its contents are rounded up to.
const BLOCK: usize = 512;

fn tar(file: &File, budget: &mut Budget) -> Result<Vec<File>, Error> {
    let damaged =
        || Error::Container { kind: Container::Tar.name(), what: "it is damaged or cut short" };
    let mut rest = file.bytes.as_slice();
    let mut files = Vec::new();
    let mut long_name: Option<String> = None;
    while let Some((header, after)) = rest.split_at_checked(BLOCK) {
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        let size = octal(header.get(124..136).unwrap_or_default()).ok_or_else(damaged)?;
        let data = after.get(..size).ok_or_else(damaged)?;
        rest = after.get(size.next_multiple_of(BLOCK)..).unwrap_or_default();
        match header.get(156) {
            // A name that does not fit into the header, of the next file.
            Some(b'L') => long_name = Some(text(data)),
            Some(b'0' | 0) => {
                let name =
                    long_name.take().unwrap_or_else(|| text(header.get(..100).unwrap_or_default()));
                if is_a_file(&name) {
                    budget.take(data.len())?;
                    files.push(inside(file, &name, data.to_vec()));
                }
            }
            _ => {}
        }
    }
    Ok(files)
}

fn octal(field: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(field).ok()?;
    usize::from_str_radix(text.trim_matches([' ', '\0']), 8).ok()
}

/// Text up to its first zero.
fn text(bytes: &[u8]) -> String {
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned()
}

fn gzip(file: &File, budget: &mut Budget) -> Result<Vec<File>, Error> {
    let damaged =
        || Error::Container { kind: Container::Gzip.name(), what: "it is damaged or cut short" };
    let bytes = file.bytes.as_slice();
    let body = bytes.get(gzip_header(bytes).ok_or_else(damaged)?..).ok_or_else(damaged)?;
    let (body, end) = body.split_at_checked(body.len().wrapping_sub(8)).ok_or_else(damaged)?;
    let size = u32::from_le_bytes(first(end.get(4..).unwrap_or_default())) as usize;
    budget.take(size)?;
    let unpacked = decompress_to_vec_with_limit(body, size).map_err(|_| damaged())?;
    if unpacked.len() != size || crc32(&unpacked) != u32::from_le_bytes(first(end)) {
        return Err(damaged());
    }
    let name = file.name.strip_suffix(".gz").unwrap_or(&file.name).to_owned();
    Ok(vec![File { name, bytes: unpacked }])
}

/// Bytes of a gzip file before its contents.
fn gzip_header(bytes: &[u8]) -> Option<usize> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const CHECKSUM: u8 = 2;
    let [0x1f, 0x8b, 8, flags, ..] = bytes else { return None };
    let mut at = 10;
    if flags & EXTRA != 0 {
        at += 2 + usize::from(u16::from_le_bytes(first(bytes.get(at..)?)));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    if flags & CHECKSUM != 0 {
        at += 2;
    }
    Some(at)
}
