//! The page as one file, with a site's models in it.

use super::super::Failure;
use super::super::files::{self, bad};
use super::{MODELS, Placed, SINGLE};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::path::Path;

/// How a block begins, up to its name; as `tools/single.ts` writes it.
const BLOCK: &str = "<script type=\"text/plain\" id=\"";
const END: &str = "</script>";

/// The letters of www/single/letters.ts: so many, from the first on, without the one with which the block would end.
const BASE: u32 = 85;
const FIRST: u8 = b'#';
const LEFT_OUT: u8 = b'<';
/// Bytes that become letters at once, and these.
const BYTES: usize = 4;
const LETTERS: usize = 5;

/// That of the built page, where it has one.
pub fn read(page: &Path) -> Result<Option<String>, Failure> {
    let path = page.join(SINGLE);
    if !path.is_file() {
        return Ok(None);
    }
    let text = String::from_utf8(files::read(&path)?).map_err(|e| bad(&path, e))?;
    if text.contains(BLOCK) {
        Ok(Some(text))
    } else {
        Err(bad(&path, "it is not the page as one file: run ./build.sh"))
    }
}

/// It with these models in place of its own.
pub fn with_models<'a>(page: &str, models: impl Iterator<Item = &'a Placed>) -> io::Result<String> {
    let ours = format!("{BLOCK}{MODELS}/");
    let mut without = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, block)) = rest.split_once(&ours) {
        without.push_str(before);
        let after = block.split_once(END).map_or("", |(_, after)| after);
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    without.push_str(rest);
    let mut blocks = String::new();
    for (place, bytes) in models {
        blocks += &block(&place.to_string_lossy(), bytes)?;
    }
    Ok(without.replacen(BLOCK, &format!("{blocks}{BLOCK}"), 1))
}

/// A file as the page unpacks it.
fn block(name: &str, bytes: &[u8]) -> io::Result<String> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::best());
    packing.write_all(bytes)?;
    let packed = lettered(&packing.finish()?);
    Ok(format!("{BLOCK}{name}\" data-block>{packed}{END}\n"))
}

/// Bytes as letters that a block can hold, as `lettered` of www/single/letters.ts.
fn lettered(bytes: &[u8]) -> String {
    let mut letters = String::with_capacity(bytes.len().div_ceil(BYTES) * LETTERS);
    for word in bytes.chunks(BYTES) {
        let mut number = word.iter().fold(0, |number, &byte| number << 8 | u32::from(byte));
        number <<= 8 * (BYTES - word.len());
        let mut five = [0; LETTERS];
        for letter in five.iter_mut().rev() {
            *letter = letter_of((number % BASE) as u8);
            number /= BASE;
        }
        // Of the last word as many as its bytes need: one more than they are.
        letters.extend(five.iter().take(word.len() + 1).map(|&letter| char::from(letter)));
    }
    letters
}

const fn letter_of(digit: u8) -> u8 {
    let letter = FIRST + digit;
    if letter < LEFT_OUT { letter } else { letter + 1 }
}
