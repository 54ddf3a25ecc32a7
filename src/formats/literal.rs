//! Values written as text: JSON, or as Python shows its own.

use super::json::{parse, plain};
use crate::limits::MAX_LITERAL_BYTES;
use serde_json::Value;

/// The value that a text writes: JSON, a dict, list or number of Python's, `True`, `False` or `None`; nothing for
/// a text that is just one.
pub(super) fn value(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LITERAL_BYTES {
        return None;
    }
    let json = |text: &str| parse(text.as_bytes()).ok().map(plain);
    json(text).or_else(|| json(&as_json(text)?))
}

/// Python's way of writing plain data, as JSON.
fn as_json(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\'' | '"' => string(rest, letter, &mut out)?,
            '(' | ')' => {
                // A tuple is a list.
                if letter == ')' {
                    trim_comma(&mut out);
                }
                out.push(if letter == '(' { '[' } else { ']' });
                1
            }
            ']' | '}' => {
                trim_comma(&mut out);
                out.push(letter);
                1
            }
            letter if letter.is_alphabetic() || letter == '_' => word(rest, &mut out)?,
            letter => {
                out.push(letter);
                letter.len_utf8()
            }
        };
        rest = rest.get(length..)?;
    }
    Some(out)
}

fn trim_comma(out: &mut String) {
    let length = out.trim_end().strip_suffix(',').map_or(out.len(), str::len);
    out.truncate(length);
}

/// Writes the string that `text` begins with; its length with both quotes.
fn string(text: &str, quote: char, out: &mut String) -> Option<usize> {
    let mut inner = String::new();
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            'n' if escaped => inner.push('\n'),
            _ if escaped => inner.push(letter),
            '\\' => {
                escaped = true;
                continue;
            }
            _ if letter == quote => {
                out.push_str(&Value::from(inner).to_string());
                return Some(at + 1);
            }
            _ => inner.push(letter),
        }
        escaped = false;
    }
    None
}

/// Writes the word that `text` begins with. An exponent's e follows a digit and is no word.
fn word(text: &str, out: &mut String) -> Option<usize> {
    if out.ends_with(|before: char| before.is_ascii_digit() || before == '.')
        && text.starts_with(['e', 'E'])
    {
        out.push('e');
        return Some(1);
    }
    let length =
        text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    out.push_str(match text.get(..length)? {
        "True" => "true",
        "False" => "false",
        "None" => "null",
        // Python's words for what JSON has none for.
        "nan" | "inf" => "null",
        _ => return None,
    });
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_as_json_and_python_write_them() {
        for (text, wanted) in [
            ("{\"a\": [1, true]}", json!({"a": [1, true]})),
            (
                "{'a': 'it\\'s', \"b\": None, 'c': (1, 2.5e-3,), 'd': True}",
                json!({"a": "it's", "b": null, "c": [1, 2.5e-3], "d": true}),
            ),
            ("80000", json!(80000)),
            ("True", json!(true)),
            ("None", json!(null)),
            ("-0.5", json!(-0.5)),
            ("{'x': nan}", json!({"x": null})),
        ] {
            assert_eq!(value(text), Some(wanted), "{text}");
        }
        for text in ["spiral", "", "amp,phase", "{'a': ", "<object at 0x7f>", "a: 1"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
