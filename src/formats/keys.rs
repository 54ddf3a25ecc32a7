//! Typed look-ups in a stored configuration. A value of the wrong kind is refused by
//! its key; so is a setting that no supported model has.

use super::error::shown;
use super::literal;
use super::settings::{FIXED, GENERIC, KNOWN, PARTS, TRAINERS};
use model::Error;
use model::tensors::{self, First, FrozenBy};
use serde_json::{Map, Value};

/// A stored configuration; without one, every look-up finds nothing.
#[derive(Clone, Copy)]
pub struct Keys<'a>(Option<&'a Map<String, Value>>);

/// A refusal that names the key and its value.
pub fn unsupported(key: &str, value: &Value, supported: impl Into<String>) -> Error {
    Error::Unsupported {
        key: shown(key),
        value: shown(&value.to_string()),
        supported: format!("it opens models with {}", supported.into()),
    }
}

impl<'a> Keys<'a> {
    /// Wraps `config`, looking for the settings of the model where they are nested. One without any is none.
    pub fn new(config: Option<&'a Map<String, Value>>) -> Keys<'a> {
        Keys(config.and_then(settings))
    }

    /// The flat settings.
    pub fn map(self) -> Option<&'a Map<String, Value>> {
        self.0
    }

    /// Whether there is a configuration at all.
    pub fn exist(self) -> bool {
        self.0.is_some()
    }

    fn get(self, key: &str) -> Option<&'a Value> {
        self.0?.get(key).filter(|v| !v.is_null())
    }

    /// The value of `key` as `read` takes it; `kind` says what else would be refused.
    fn typed<T>(
        self,
        key: &str,
        kind: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let found = read(&meant(value));
        found.map(Some).ok_or_else(|| unsupported(key, value, format!("{kind} as {key}")))
    }

    /// A whole number that is not negative. `8.0` counts as 8.
    pub fn count(self, key: &str) -> Result<Option<usize>, Error> {
        let is_whole = |v: &f64| v.fract() == 0.0 && (0.0..1e9).contains(v);
        self.typed(key, "a whole number", |v| v.as_f64().filter(is_whole).map(|v| v as usize))
    }

    /// Any finite number.
    pub fn number(self, key: &str) -> Result<Option<f64>, Error> {
        self.typed(key, "a number", Value::as_f64)
    }

    /// `true` or `false`.
    pub fn flag(self, key: &str) -> Result<Option<bool>, Error> {
        self.typed(key, "true or false", Value::as_bool)
    }

    /// One of `choices`: a word of the file and what it stands for.
    pub fn choice<T: Copy>(self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let word = value.as_str().unwrap_or_default();
        let found = choices.iter().find(|(name, _)| *name == word).map(|(_, t)| Some(*t));
        found.ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            unsupported(key, value, format!("{key} one of {}", names.join(", ")))
        })
    }

    /// Words between commas, each one of `choices`.
    pub fn list<T: Copy>(self, key: &str, choices: &[(&str, T)]) -> Result<Vec<T>, Error> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let refuse = || {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            unsupported(key, value, format!("{key} made of {}", names.join(", ")))
        };
        let listed: Option<Vec<&str>> = match value {
            Value::Array(words) => words.iter().map(Value::as_str).collect(),
            value => value.as_str().map(|text| text.split(',').collect()),
        };
        let listed = listed.ok_or_else(refuse)?;
        let words = listed.into_iter().map(str::trim).filter(|w| !w.is_empty());
        words
            .map(|word| {
                choices.iter().find(|(n, _)| *n == word).map(|(_, t)| *t).ok_or_else(refuse)
            })
            .collect()
    }

    /// Whether these settings freeze a tensor.
    pub fn freezes(self, tensor: &str) -> Result<bool, Error> {
        let freeze = tensors::find(tensor).and_then(|tensor| tensor.freeze);
        for by in freeze.iter().flat_map(|freeze| freeze.by) {
            let does = match *by {
                FrozenBy::Listed { key, .. } => {
                    self.list(key, &tensors::listed(key))?.contains(&tensor)
                }
                FrozenBy::Flag(key) => self.flag(key)? == Some(true),
                FrozenBy::NotNegative(key) => self.number(key)?.is_some_and(|n| n >= 0.0),
                FrozenBy::Choice { key, word } => {
                    self.get(key).and_then(Value::as_str) == Some(word)
                }
            };
            if does {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The number that a tensor has when training starts; 0 for one that these settings say nothing of.
    ///
    /// # Errors
    /// The setting is no number.
    pub fn first_number(self, tensor: &str) -> Result<f64, Error> {
        match tensors::find(tensor).map(|tensor| tensor.first) {
            Some(First::Number { key, default }) => Ok(self.number(key)?.unwrap_or(default)),
            Some(First::NumberLike { key, other }) => match self.number(key)? {
                Some(number) => Ok(number),
                None => self.first_number(other),
            },
            _ => Ok(0.0),
        }
    }

    /// Refuses every setting that changes what a model computes in a way that we do
    /// not know: a fixed setting of another value, or an unknown one that is on.
    pub fn refuse_unsupported(self) -> Result<(), Error> {
        for (key, value) in self.0.into_iter().flatten() {
            let fixed = FIXED.iter().find(|(name, ..)| name == key);
            if let Some((_, allowed, words)) = fixed {
                let text = whole(&meant(value)).to_string();
                if !value.is_null() && !allowed.contains(&text.as_str()) {
                    return Err(unsupported(key, value, *words));
                }
            } else if !is_known(key) && !may_be_left(key, value) {
                return Err(Error::Unsupported {
                    key: shown(key),
                    value: shown(&value.to_string()),
                    supported: "it knows no setting of that name".into(),
                });
            }
        }
        Ok(())
    }
}

/// Whether the reader looks at a setting, or may leave it.
fn is_known(key: &str) -> bool {
    KNOWN.contains(&key) || tensors::is_setting(key)
}

/// Whether a setting is one of a MicroAdder.
pub(super) fn is_setting(key: &str) -> bool {
    is_known(key) || FIXED.iter().any(|(name, ..)| *name == key)
}

/// Whether a dict has the settings of a model, itself or in a dict inside.
pub(super) fn looks_like_one(config: &Map<String, Value>) -> bool {
    settings(config).is_some()
}

/// The dict with the settings of the model: in `config` under `model`, `config` itself, or another one inside.
fn settings(config: &Map<String, Value>) -> Option<&Map<String, Value>> {
    fn search(map: &Map<String, Value>, levels: usize) -> Option<&Map<String, Value>> {
        let inside = map
            .get("model")
            .and_then(Value::as_object)
            .and_then(|map| search(map, levels.checked_sub(1)?));
        if inside.is_some() {
            return inside;
        }
        if map.keys().any(|key| KNOWN.contains(&key.as_str())) {
            return Some(map);
        }
        let levels = levels.checked_sub(1)?;
        map.values().filter_map(Value::as_object).find_map(|map| search(map, levels))
    }
    search(config, 2)
}

/// A text that writes a number, true or false is meant as that: a command line's, or metadata.
fn meant(value: &Value) -> Value {
    let written = value.as_str().and_then(literal::value);
    written.filter(|v| v.is_number() || v.is_boolean()).unwrap_or_else(|| value.clone())
}

/// Whether an unknown setting can have its value in a model that computes as ours do.
fn may_be_left(key: &str, value: &Value) -> bool {
    let key = key.to_lowercase();
    let has =
        |words: &[&str]| key.split(['_', '-', '.', '/', ' ']).any(|word| words.contains(&word));
    let is_text = |value: &Value| value.is_string();
    let is_gelu = value.as_str().is_some_and(|word| word.to_lowercase().ends_with("gelu"));
    !is_on(value)
        || has(&TRAINERS)
        || key.starts_with("carry_mix")
        || is_gelu
        || GENERIC.contains(&key.as_str())
        || (is_text(value) && !has(&PARTS))
        || value.as_array().is_some_and(|list| list.iter().all(is_text))
}

/// `1.0` as `1`: JSON does not keep Python's int and float apart.
fn whole(value: &Value) -> Value {
    match value.as_f64() {
        Some(v) if v.fract() == 0.0 && v.abs() < 1e9 => Value::from(v as i64),
        _ => value.clone(),
    }
}

/// Whether an unknown setting asks for something: not for off, zero, nothing or `"none"`.
fn is_on(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(s) => !["", "none", "off", "false"].contains(&s.as_str()),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}
