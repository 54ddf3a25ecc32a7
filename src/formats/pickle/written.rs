//! Numbers and text as protocols 0 and 1 write them: a line each, as Python shows them.

use super::machine::Machine;
use super::object::Object;
use crate::error::Error;
use std::borrow::Cow;

impl Machine<'_> {
    /// Protocol 0's way of writing a whole number, and true and false.
    pub(super) fn written_int(&mut self) -> Result<(), Error> {
        match self.line()?.trim() {
            "00" => self.push(Object::Bool(false)),
            "01" => self.push(Object::Bool(true)),
            text => self.whole(text),
        }
    }

    pub(super) fn written_long(&mut self) -> Result<(), Error> {
        let line = self.line()?.trim();
        self.whole(line.strip_suffix('L').unwrap_or(line))
    }

    fn whole(&mut self, text: &str) -> Result<(), Error> {
        match text.parse::<i128>() {
            Ok(int) => self.int(int),
            Err(_) => self.float(text),
        }
    }

    pub(super) fn written_float(&mut self) -> Result<(), Error> {
        let text = self.line()?;
        self.float(text.trim())
    }

    fn float(&mut self, text: &str) -> Result<(), Error> {
        let float = text.parse().map_err(|_| self.fault("a number cannot be read"))?;
        self.push(Object::Float(float))
    }

    /// A string between quotes, with backslashes before what does not print.
    pub(super) fn written_string(&mut self) -> Result<(), Error> {
        let line = self.line()?.trim_end();
        let inner = ['\'', '"'].iter().find_map(|q| line.strip_prefix(*q)?.strip_suffix(*q));
        let inner = inner.ok_or_else(|| self.fault("a string is not between quotes"))?;
        self.push(Object::Text(unescaped(inner)))
    }

    /// A text that ends with its line, with backslashes before what does not print.
    pub(super) fn written_text(&mut self) -> Result<(), Error> {
        let line = self.raw_line()?;
        let text = match std::str::from_utf8(line) {
            Ok(text) if line.is_ascii() => unescaped(text),
            // Letters up to 255 stand there as one byte each.
            _ => {
                let text: String = line.iter().map(|byte| char::from(*byte)).collect();
                Cow::Owned(unescaped(&text).into_owned())
            }
        };
        self.push(Object::Text(text))
    }
}

/// Text with Python's backslashes taken off.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut letters = after.chars();
        let code = letters.next().unwrap_or('\\');
        rest = letters.as_str();
        let digits = match code {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let letter = rest.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match (code, letter.filter(|_| digits > 0).and_then(char::from_u32)) {
            (_, Some(letter)) => {
                out.push(letter);
                rest = rest.get(digits..).unwrap_or_default();
            }
            ('n', None) => out.push('\n'),
            ('r', None) => out.push('\r'),
            ('t', None) => out.push('\t'),
            ('\\' | '\'' | '"', None) => out.push(code),
            (code, None) => out.extend(['\\', code]),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_backslashes_is_read_as_python_writes_it() {
        assert_eq!(unescaped("plain"), "plain");
        assert_eq!(unescaped(r"a\u000ab\\c\x41\'\u20ac\q\x4"), "a\nb\\cA'€\\q\\x4");
        assert_eq!(unescaped("end\\"), "end\\");
    }
}
