//! As much of the zip format as `torch.save` uses: stored entries, found by the central
//! directory at the end. Every offset is checked before it is used.

use crate::element::first;
use crate::error::{Error, at_most, shown};
use crate::limits::MAX_ZIP_ENTRIES;
use crc::{CRC_32_ISO_HDLC, Crc};
use std::collections::BTreeMap;

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// Bytes of each record before its variable part.
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
/// A comment at the end of the archive has a 16-bit length.
const MAX_COMMENT: usize = 0xffff;

/// One entry of the central directory.
struct Entry<'a> {
    flags: u16,
    method: u16,
    crc: u32,
    data: &'a [u8],
}

/// A zip archive in memory.
pub(crate) struct Archive<'a> {
    entries: BTreeMap<&'a str, Entry<'a>>,
}

impl<'a> Archive<'a> {
    /// Reads the central directory; contents are not looked at.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let end = find_end(bytes).ok_or_else(|| Error::Truncated {
            what: "a .pt file ends with its table of contents, and there is none".to_owned(),
        })?;
        let count = usize::from(u16_at(bytes, end + 10));
        let start = u32_at(bytes, end + 16) as usize;
        if count == 0xffff || start == 0xffff_ffff {
            let what = "it is a zip64 archive, which a small checkpoint has no need to be";
            return Err(Error::Zip { offset: end, what });
        }
        at_most("entries in the zip archive", count, MAX_ZIP_ENTRIES)?;
        let mut entries = BTreeMap::new();
        let mut at = start;
        let mut total = 0usize;
        for _ in 0..count {
            let record = bytes.get(at..end).filter(|rest| rest.starts_with(CENTRAL));
            let record = record.ok_or(Error::Zip { offset: at, what: "an entry is missing" })?;
            let (name, entry, length) = read_entry(bytes, at, record, start)?;
            total = total.saturating_add(entry.data.len());
            if entries.insert(name, entry).is_some() {
                return Err(Error::DuplicateEntry { entry: shown(name) });
            }
            at += length;
        }
        // Stored entries lie side by side. Entries that share bytes would let a small file
        // ask for a lot of work.
        if total > start {
            return Err(Error::Zip { offset: start, what: "its entries overlap" });
        }
        Ok(Self { entries })
    }

    /// Checks that every entry is stored as it is and has its CRC-32.
    pub(crate) fn verify(&self) -> Result<(), Error> {
        for (name, entry) in &self.entries {
            let repacked = |how| Err(Error::Repacked { entry: shown(name), how });
            if entry.flags & 1 != 0 {
                return repacked("encrypted");
            }
            if entry.method != 0 {
                return repacked("compressed");
            }
            if CRC.checksum(entry.data) != entry.crc {
                return Err(Error::Checksum { entry: shown(name) });
            }
        }
        Ok(())
    }

    /// The entries' names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.entries.keys().copied()
    }

    /// The bytes of an entry.
    pub(crate) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.entries.get(name).map(|entry| entry.data)
    }
}

/// Where the end record is: the last one whose comment fits into the file.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_SIZE)?;
    let earliest = last.saturating_sub(MAX_COMMENT);
    (earliest..=last).rev().find(|at| {
        let comment = usize::from(u16_at(bytes, at + 20));
        bytes.get(*at..).is_some_and(|rest| {
            rest.starts_with(END) && comment <= rest.len().saturating_sub(END_SIZE)
        })
    })
}

/// One entry of the central directory at `at`, with the length of its record. Contents end
/// before the directory does at `directory`.
fn read_entry<'a>(
    bytes: &'a [u8],
    at: usize,
    record: &'a [u8],
    directory: usize,
) -> Result<(&'a str, Entry<'a>, usize), Error> {
    let broken = |what| Error::Zip { offset: at, what };
    let name_length = usize::from(u16_at(record, 28));
    let variable = name_length + usize::from(u16_at(record, 30)) + usize::from(u16_at(record, 32));
    let length = CENTRAL_SIZE + variable;
    let name = record
        .get(..length)
        .and_then(|record| record.get(CENTRAL_SIZE..CENTRAL_SIZE + name_length))
        .ok_or_else(|| broken("an entry of the table of contents is cut short"))?;
    let size = u32_at(record, 20) as usize;
    let local = u32_at(record, 42) as usize;
    let header = bytes
        .get(local..)
        .filter(|header| header.starts_with(LOCAL) && header.len() >= LOCAL_SIZE)
        .ok_or_else(|| broken("an entry points at no file header"))?;
    let local_name = usize::from(u16_at(header, 26));
    if header.get(LOCAL_SIZE..LOCAL_SIZE + local_name) != Some(name) {
        return Err(broken("an entry has another name in its file header"));
    }
    // At most 30 + 2 · 65535 after a position inside the file: no overflow.
    let start = local + LOCAL_SIZE + local_name + usize::from(u16_at(header, 28));
    let data = start
        .checked_add(size)
        .filter(|end| *end <= directory)
        .and_then(|end| bytes.get(start..end))
        .ok_or_else(|| broken("an entry reaches into the table of contents"))?;
    let entry = Entry {
        flags: u16_at(record, 8),
        method: u16_at(record, 10),
        crc: u32_at(record, 16),
        data,
    };
    let name = std::str::from_utf8(name).map_err(|_| broken("the name of an entry is no text"))?;
    Ok((name, entry, length))
}

/// Two bytes, little-endian; what is not there counts as zero.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(first(bytes.get(at..).unwrap_or_default()))
}

/// Four bytes, little-endian; what is not there counts as zero.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(first(bytes.get(at..).unwrap_or_default()))
}
