//! Text in whatever encoding Windows saves it.

use crate::limits::MAX_TEXT_LOOKED_AT;
use std::borrow::Cow;

/// `bytes` as UTF-8 without a byte order mark, where a mark says that they are text in UTF-16; else without a byte order
/// mark, as they are.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.into(),
        [0xff, 0xfe, rest @ ..] => utf16(rest, true),
        [0xfe, 0xff, rest @ ..] => utf16(rest, false),
        _ => bytes.into(),
    }
}

/// As [`decoded`]; and of text in UTF-16 that has no mark, what it is in all likelihood.
pub(super) fn guessed(bytes: &[u8]) -> Cow<'_, [u8]> {
    unmarked(bytes).map_or_else(|| decoded(bytes), |little| utf16(bytes, little))
}

fn utf16(text: &[u8], little: bool) -> Cow<'_, [u8]> {
    let unit = |pair: &[u8]| {
        let pair = [pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let letters = char::decode_utf16(text.chunks_exact(2).map(unit));
    let text: String =
        letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.into_bytes().into()
}

/// Whether bytes without a mark are UTF-16 all the same, and little-endian: every other byte is a zero, as in no text of
/// another encoding, and the others are letters.
pub(super) fn unmarked(bytes: &[u8]) -> Option<bool> {
    let head =
        bytes.get(..MAX_TEXT_LOOKED_AT.min(bytes.len()) / 2 * 2).filter(|head| head.len() >= 4)?;
    let all = |at: usize, is: fn(&u8) -> bool| head.iter().skip(at).step_by(2).all(is);
    let is_letter = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e);
    let is_zero = |byte: &u8| *byte == 0;
    match (all(1, is_zero) && all(0, is_letter), all(0, is_zero) && all(1, is_letter)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_with_a_mark_and_without() {
        let text = "{\"é\": 1}";
        let plain = "{\"step\": 1}";
        let units = |text: &str, big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(bytes).collect()
        };
        assert_eq!(decoded(&[&[0xff, 0xfe][..], &units(text, false)].concat()), text.as_bytes());
        assert_eq!(decoded(&[&[0xfe, 0xff][..], &units(text, true)].concat()), text.as_bytes());
        assert_eq!(guessed(&units(plain, false)), plain.as_bytes());
        assert_eq!(guessed(&units(plain, true)), plain.as_bytes());
        assert_eq!(decoded(b"\xef\xbb\xbf{}"), &b"{}"[..]);
        for other in [&b"{}"[..], b"\x01\0\x02\0\x03\0", b"", b"a\0"] {
            assert_eq!((&*decoded(other), &*guessed(other)), (other, other));
        }
    }
}
