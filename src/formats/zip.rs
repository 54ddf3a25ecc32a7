//! As much of the zip format as `torch.save`, NumPy and people use: entries that are stored or deflated, found by the central
//! directory at the end. Every offset is checked before it is used.

use crate::element::first;
use crate::error::{Error, at_most, shown};
use crate::limits::{MAX_FILE_BYTES, MAX_ZIP_ENTRIES};
use crc::{CRC_32_ISO_HDLC, Crc};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use std::collections::BTreeMap;

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
/// The checksum that zip and gzip have.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    CRC.checksum(bytes)
}

/// How an archive begins: with its first entry, or with its end where it has none.
pub(crate) const MAGIC: [&[u8]; 2] = [LOCAL, END];
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const LOCATOR64: &[u8] = b"PK\x06\x07";
/// Bytes of each record before its variable part.
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
const LOCATOR64_SIZE: usize = 20;
/// A comment at the end of the archive has a 16-bit length.
const MAX_COMMENT: usize = 0xffff;

/// One entry of the central directory.
struct Entry<'a> {
    flags: u16,
    method: u16,
    crc: u32,
    /// Bytes that it unpacks to.
    size: u64,
    /// As it stands in the archive.
    data: &'a [u8],
    unpacked: Option<Vec<u8>>,
}

/// A zip archive in memory.
pub(crate) struct Archive<'a> {
    entries: BTreeMap<String, Entry<'a>>,
}

/// Where the central directory is.
struct Directory {
    count: u64,
    start: usize,
    end: usize,
}

impl Directory {
    fn find(bytes: &[u8]) -> Result<Directory, Error> {
        let end = find_end(bytes).ok_or_else(|| Error::Truncated {
            what: "a zip archive, as a .pt file is one, ends with its table of contents, and there is none".to_owned(),
        })?;
        let count = u64::from(u16_at(bytes, end + 10));
        let start = u32_at(bytes, end + 16);
        if count != 0xffff && start != 0xffff_ffff && u32_at(bytes, end + 12) != 0xffff_ffff {
            return Ok(Directory { count, start: start as usize, end });
        }
        // Sizes of 64 bits have an end record of their own, with a pointer to it in front of the other.
        let broken = || Error::Zip { offset: end, what: "its 64-bit table of contents is missing" };
        let locator = end.checked_sub(LOCATOR64_SIZE).ok_or_else(broken)?;
        let record = usize::try_from(u64_at(bytes, locator + 8)).map_err(|_| broken())?;
        let is_there = |at: usize, magic: &[u8]| {
            bytes.get(at..end).is_some_and(|rest| rest.starts_with(magic))
        };
        if !is_there(locator, LOCATOR64) || !is_there(record, END64) {
            return Err(broken());
        }
        let start = usize::try_from(u64_at(bytes, record + 48)).map_err(|_| broken())?;
        Ok(Directory { count: u64_at(bytes, record + 32), start, end })
    }
}

impl<'a> Archive<'a> {
    /// Reads the central directory; contents are not looked at.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let Directory { count, start, end } = Directory::find(bytes)?;
        at_most(
            "entries in the zip archive",
            usize::try_from(count).unwrap_or(usize::MAX),
            MAX_ZIP_ENTRIES,
        )?;
        let mut entries = BTreeMap::new();
        let mut at = start;
        let mut total = 0usize;
        for _ in 0..count {
            let record = bytes.get(at..end).filter(|rest| rest.starts_with(CENTRAL));
            let record = record.ok_or(Error::Zip { offset: at, what: "an entry is missing" })?;
            let (name, entry, length) = read_entry(bytes, at, record, start)?;
            total = total.saturating_add(entry.data.len());
            if entries.contains_key(&name) {
                return Err(Error::DuplicateEntry { entry: shown(&name) });
            }
            entries.insert(name, entry);
            at += length;
        }
        // Entries lie side by side. Entries that share bytes would let a small file ask for a lot of
        // work.
        if total > start {
            return Err(Error::Zip { offset: start, what: "its entries overlap" });
        }
        Ok(Self { entries })
    }

    /// Unpacks the entries whose names are `wanted`, and checks each against its CRC-32.
    pub(crate) fn unpack(&mut self, wanted: impl Fn(&str) -> bool) -> Result<(), Error> {
        let mut total = 0u64;
        for (name, entry) in self.entries.iter_mut().filter(|(name, _)| wanted(name)) {
            let name = || shown(name);
            if entry.flags & 1 != 0 {
                return Err(Error::Repacked { entry: name(), how: "encrypted" });
            }
            total = total.saturating_add(entry.size);
            at_most(
                "bytes in the entries of the zip archive",
                usize::try_from(total).unwrap_or(usize::MAX),
                MAX_FILE_BYTES,
            )?;
            let data = match entry.method {
                0 => entry.data,
                8 => {
                    // A size of more than memory was refused above.
                    let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
                    let unpacked = decompress_to_vec_with_limit(entry.data, size);
                    let unpacked = unpacked.ok().filter(|unpacked| unpacked.len() == size);
                    entry
                        .unpacked
                        .insert(unpacked.ok_or_else(|| Error::Checksum { entry: name() })?)
                }
                _ => {
                    return Err(Error::Repacked {
                        entry: name(),
                        how: "compressed in a way that is not deflate",
                    });
                }
            };
            // PyTorch can be told to leave the sum out, and writes 0 then.
            if entry.crc != 0 && crc32(data) != entry.crc {
                return Err(Error::Checksum { entry: name() });
            }
        }
        Ok(())
    }

    /// The entries' names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The bytes of an entry, unpacked if it was to be.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.entries.get(name).map(|entry| entry.unpacked.as_deref().unwrap_or(entry.data))
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
) -> Result<(String, Entry<'a>, usize), Error> {
    let broken = |what| Error::Zip { offset: at, what };
    let name_length = usize::from(u16_at(record, 28));
    let variable = name_length + usize::from(u16_at(record, 30)) + usize::from(u16_at(record, 32));
    let length = CENTRAL_SIZE + variable;
    let name = record
        .get(..length)
        .and_then(|record| record.get(CENTRAL_SIZE..CENTRAL_SIZE + name_length))
        .ok_or_else(|| broken("an entry of the table of contents is cut short"))?;
    let extra = record.get(CENTRAL_SIZE + name_length..length).unwrap_or_default();
    let [size, packed, local] =
        sizes(record, extra).ok_or_else(|| broken("an entry has no 64-bit sizes"))?;
    let packed = usize::try_from(packed).unwrap_or(usize::MAX);
    let local = usize::try_from(local).unwrap_or(usize::MAX);
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
        .checked_add(packed)
        .filter(|end| *end <= directory)
        .and_then(|end| bytes.get(start..end))
        .ok_or_else(|| broken("an entry reaches into the table of contents"))?;
    let entry = Entry {
        flags: u16_at(record, 8),
        method: u16_at(record, 10),
        crc: u32_at(record, 16),
        size,
        data,
        unpacked: None,
    };
    Ok((String::from_utf8_lossy(name).into_owned(), entry, length))
}

/// Bytes that an entry unpacks to, bytes that it has, and where it starts. What has 32 bits that are all set stands among
/// the extra fields, in this order.
fn sizes(record: &[u8], extra: &[u8]) -> Option<[u64; 3]> {
    let mut sizes = [24, 20, 42].map(|at| u64::from(u32_at(record, at)));
    if sizes.iter().all(|size| *size != 0xffff_ffff) {
        return Some(sizes);
    }
    let mut rest = extra;
    while rest.len() >= 4 {
        let (id, length) = (u16_at(rest, 0), usize::from(u16_at(rest, 2)));
        let (field, after) = (rest.get(4..4 + length)?, rest.get(4 + length..)?);
        if id == 1 {
            let mut long = field.chunks_exact(8).map(|bytes| u64::from_le_bytes(first(bytes)));
            for size in sizes.iter_mut().filter(|size| **size == 0xffff_ffff) {
                *size = long.next()?;
            }
            return Some(sizes);
        }
        rest = after;
    }
    // No archive that we read is so long: its own checks say what is wrong with it.
    Some(sizes)
}

/// Two bytes, little-endian; what is not there counts as zero.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(first(bytes.get(at..).unwrap_or_default()))
}

/// Four bytes, little-endian; what is not there counts as zero.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(first(bytes.get(at..).unwrap_or_default()))
}

/// Eight bytes, little-endian; what is not there counts as zero.
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(first(bytes.get(at..).unwrap_or_default()))
}
