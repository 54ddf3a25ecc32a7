//! Other numbers in the place of learned ones, and why that can fail.

use super::{Model, Weights};
use serde::Serialize;
use thiserror::Error;

/// One learned number set to a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Edit {
    /// The tensor's clean name, as [`Config::specs`](super::Config::specs) has it.
    pub name: String,
    /// Flat index, row by row.
    pub index: usize,
    /// The value.
    pub value: f32,
}

/// Why a number stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// The architecture has no such tensor.
    #[error("this model has no tensor {name}")]
    NoTensor {
        /// The name asked for.
        name: String,
    },
    /// The tensor is no part of what was learned.
    #[error("the tensor {name} was frozen in training: only learned numbers can be changed")]
    Frozen {
        /// The tensor's name.
        name: String,
    },
    /// The tensor is smaller.
    #[error("the tensor {name} has no number {index}, counted from 0: its size is {len}")]
    NoNumber {
        /// The tensor's name.
        name: String,
        /// The index asked for.
        index: usize,
        /// How many numbers it has.
        len: usize,
    },
    /// NaN, infinity, or more than an `f32` holds.
    #[error("{value} is no weight: a weight is a finite number, at most 3.4e38 in size")]
    NotFinite {
        /// The value as it was given.
        value: String,
    },
    /// Text that spells no number.
    #[error("“{text}” is no number: write it like -1.25 or 3e-4")]
    NotANumber {
        /// The text.
        text: String,
    },
}

/// A weight as a person writes it.
///
/// # Errors
/// The text spells no number, or one that an `f32` cannot hold.
pub fn parse_weight(text: &str) -> Result<f32, EditError> {
    parse_weight_by(text, |plain| plain.parse().ok())
}

/// The same with another parser of plain decimal numbers, like `-1.25` or `3e-4`: the page takes its browser's, since
/// the standard library's would add 8 KB to it.
///
/// # Errors
/// As [`parse_weight`].
pub fn parse_weight_by(text: &str, parse: impl Fn(&str) -> Option<f64>) -> Result<f32, EditError> {
    // Figures and tables have the true minus sign; copied from there, it is one here.
    let plain = text.trim().replace('−', "-");
    let size = plain.strip_prefix('-').unwrap_or(&plain);
    // No parser's own words, such as "inf" or "0x10".
    let is_decimal = size.starts_with(|c: char| c == '.' || c.is_ascii_digit())
        && !size.ends_with('.')
        && size.chars().all(|c| matches!(c, '0'..='9' | '.' | 'e' | 'E' | '-' | '+'));
    match parse(&plain).filter(|value| is_decimal && !value.is_nan()) {
        Some(value) if (value as f32).is_finite() => Ok(value as f32),
        Some(_) => Err(EditError::NotFinite { value: plain }),
        None => Err(EditError::NotANumber { text: text.trim().to_owned() }),
    }
}

/// A weight as [`parse_weight`] reads it back to the same bits, as short as that allows.
pub fn weight_text(value: f32) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

impl Model {
    /// Makes all `edits`, in their order.
    ///
    /// # Errors
    /// One of them cannot be made; then none is.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<(), EditError> {
        let mut params = self.params.clone();
        for Edit { name, index, value } in edits {
            params.set(name, *index, *value)?;
        }
        self.weights = Weights::new(&self.config, &params);
        self.params = params;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_weight_is_written_to_the_bit(value in prop::num::f32::ANY) {
            prop_assume!(value.is_finite());
            let again = parse_weight(&weight_text(value)).map(f32::to_bits);
            prop_assert_eq!(again, Ok(value.to_bits()));
        }
    }

    #[test]
    fn weights_are_read_as_people_write_them() {
        for (text, value) in [
            ("7.65", 7.65),
            (" -0.5 ", -0.5),
            ("−38", -38.0),
            ("3e-4", 3e-4),
            (".5", 0.5),
            ("-.5", -0.5),
            ("1E2", 100.0),
        ] {
            assert_eq!(parse_weight(text), Ok(value), "{text}");
        }
        for text in ["", "1,5", "seven", "0x10", "1e", "--1", "NaN", "inf", "1 2", "null", "-"] {
            let error = parse_weight(text).unwrap_err();
            assert_eq!(error, EditError::NotANumber { text: text.into() });
        }
        for text in ["1e39", "-1e39", "1e400"] {
            let error = parse_weight(text).unwrap_err();
            assert_eq!(error, EditError::NotFinite { value: text.into() });
        }
    }

    #[test]
    fn weights_are_written_short() {
        assert_eq!(weight_text(80.0), "80");
        assert_eq!(weight_text(0.1), "0.1");
    }
}
