//! One value of a run log.

use crate::error::shown;
use serde_json::Value;

/// One value, as a number where it is one.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Number(f64),
    /// A number with a percent sign.
    Percent(f64),
    /// Nothing was measured: missing, null, NaN or infinite.
    Nothing,
    /// Something else, for a message.
    Bad(Box<str>),
}

/// What stands where there is no number.
const NOTHING: [&str; 10] =
    ["", "-", "nan", "null", "none", "na", "n/a", "inf", "-inf", "infinity"];

impl Cell {
    pub fn of(value: &Value) -> Cell {
        match value {
            Value::Null => Cell::Nothing,
            Value::Bool(truth) => Cell::Number(f64::from(u8::from(*truth))),
            Value::Number(number) => number.as_f64().map_or(Cell::Nothing, Cell::Number),
            Value::String(text) => Cell::of_text(text, false),
            Value::Array(items) => match &items[..] {
                [] => Cell::Nothing,
                [only] if !only.is_array() => Cell::of(only),
                _ => Cell::bad(&value.to_string()),
            },
            Value::Object(_) => Cell::bad(&value.to_string()),
        }
    }

    /// A number as text; with a decimal comma where points are not.
    pub fn of_text(text: &str, decimal_comma: bool) -> Cell {
        let trimmed = text.trim();
        if NOTHING.iter().any(|nothing| trimmed.eq_ignore_ascii_case(nothing)) {
            return Cell::Nothing;
        }
        let (number, is_percent) = match trimmed.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (trimmed, false),
        };
        let number = match decimal_comma && !number.contains('.') {
            true => number.replacen(',', ".", 1).parse::<f64>(),
            false => number.parse::<f64>(),
        };
        match number {
            Ok(number) if !number.is_finite() => Cell::Nothing,
            Ok(number) if is_percent => Cell::Percent(number),
            Ok(number) => Cell::Number(number),
            Err(_) => Cell::bad(&format!("\"{text}\"")),
        }
    }

    fn bad(found: &str) -> Cell {
        Cell::Bad(shown(found).into())
    }

    /// The number, whatever it is of.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(number) | Cell::Percent(number) => Some(*number),
            Cell::Nothing | Cell::Bad(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_in_whatever_they_stand() {
        let number = |value| Cell::of(&value);
        for value in [json!(0.5), json!("0.5"), json!(" 5e-1 "), json!([0.5])] {
            assert_eq!(number(value), Cell::Number(0.5));
        }
        assert_eq!(number(json!(true)), Cell::Number(1.0));
        assert_eq!(number(json!("87.5 %")), Cell::Percent(87.5));
        assert_eq!(Cell::of_text("0,875", true), Cell::Number(0.875));
        for value in [json!(null), json!("NaN"), json!(""), json!("-inf"), json!([]), json!("None")]
        {
            assert_eq!(number(value), Cell::Nothing);
        }
        assert_eq!(number(json!("np.float64(0.5)")), Cell::Bad("\"np.float64(0.5)\"".into()));
        assert_eq!(number(json!([1, 2])), Cell::Bad("[1,2]".into()));
    }
}
