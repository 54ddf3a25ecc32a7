//! Typed look-ups in a stored configuration. A value of the wrong kind is refused by
//! its key; so is a setting that no supported model has.

use model::Error;
use model::tensors::{self, First, FrozenBy};
use serde_json::{Map, Value};

/// Settings that must have one value, since every supported model has it. The
/// second column says so in words.
const FIXED: [(&str, &[&str], &str); 10] = [
    ("n_layers", &["1"], "one layer"),
    ("max_seq_len", &["34"], "34 tokens"),
    ("pos_mode", &["\"spiral_correct\"", "\"spiral\"", "\"sinusoidal\""], "positions on a spiral"),
    ("alibi", &["false"], "no ALiBi"),
    ("share_layers", &["false"], "layers that are not shared"),
    ("freeze_pad", &["false"], "a learned PAD embedding"),
    ("softmax1", &["false"], "plain softmax"),
    ("attn_mode", &["\"split\""], "attn_mode = \"split\""),
    ("q_proj_rank", &["0"], "a full q_proj"),
    ("q_proj_mode", &["\"full\""], "q_proj_mode = \"full\""),
];

/// Settings that the reader looks at, or that do not change what a trained model computes, beside those of
/// [single tensors](tensors::is_setting).
const KNOWN: [&str; 27] = [
    "d_model",
    "tok_dim",
    "pos_dim",
    "n_heads",
    "head_dim",
    "qk_dim",
    "ffn_dim",
    "vocab_size",
    "num_kv_heads",
    "norm_mode",
    "qk_input",
    "qk_source",
    "tie_qk",
    "tie_vo",
    "q_phase",
    "attn_out_rank",
    "ffn_bias",
    "tie_fc2_head",
    "tok_emb_mode",
    "tie_tok_arc_ab",
    "pos_correction_mode",
    "freeze_special",
    "token_init",
    "dropout",
    "seed",
    "device",
    "run_name",
];

/// A stored configuration; without one, every look-up finds nothing.
#[derive(Clone, Copy)]
pub struct Keys<'a>(Option<&'a Map<String, Value>>);

/// A refusal that names the key and its value.
pub fn unsupported(key: &str, value: &Value, supported: impl Into<String>) -> Error {
    Error::Unsupported {
        key: key.to_owned(),
        value: value.to_string(),
        supported: format!("it opens models with {}", supported.into()),
    }
}

impl<'a> Keys<'a> {
    /// Wraps `config`, looking under `"model"` where the settings are nested there.
    pub fn new(config: Option<&'a Map<String, Value>>) -> Keys<'a> {
        let nested = config.and_then(|c| c.get("model")).and_then(Value::as_object);
        Keys(nested.or(config))
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
        read(value).map(Some).ok_or_else(|| unsupported(key, value, format!("{kind} as {key}")))
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
        let text = value.as_str().ok_or_else(refuse)?;
        let words = text.split(',').map(str::trim).filter(|w| !w.is_empty());
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
                let text = whole(value).to_string();
                if !value.is_null() && !allowed.contains(&text.as_str()) {
                    return Err(unsupported(key, value, *words));
                }
            } else if !is_known(key) && is_on(value) {
                return Err(Error::Unsupported {
                    key: key.clone(),
                    value: value.to_string(),
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
