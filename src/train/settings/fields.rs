//! The table of settings: every name with its range.

use super::{
    Architecture, Curriculum, Error, MAX_BATCH, MAX_EVALUATION, MAX_SEED, MAX_STEPS, Until,
};
use serde::Serialize;
use serde_json::Value;

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole number, both ends included.
    Whole(u64, u64),
    /// A number, both ends included.
    Number(f64, f64),
    /// `true` or `false`.
    Switch,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// Stages as in [`Curriculum`].
    Curriculum,
    /// A name or a configuration; see [`Architecture`].
    Architecture,
}

/// A setting.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Field {
    /// Its name in files and, with `-` for `_`, on the command line.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// What it does, as half a sentence.
    pub about: &'static str,
}

const fn field(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, about }
}

/// All settings, in the order of [`Settings`](super::Settings).
pub const FIELDS: [Field; 21] = [
    field("arch", Kind::Architecture, "what is trained"),
    field("seed", Kind::Whole(0, MAX_SEED), "seed of initial values and batches"),
    field("steps", Kind::Whole(1, MAX_STEPS), "updates of the whole run"),
    field("extra_steps", Kind::Whole(0, MAX_STEPS), "updates behind those, at the last rates"),
    field("batch", Kind::Whole(1, MAX_BATCH), "additions per update"),
    field("lr", Kind::Number(0.0, 10.0), "learning rate after warm-up"),
    field("warmup", Kind::Whole(0, MAX_STEPS), "updates over which the learning rate rises"),
    field("final_lr", Kind::Number(0.0, 1.0), "learning rate at the end, as a share of lr"),
    field("weight_decay", Kind::Number(0.0, 10.0), "decoupled weight decay"),
    field("adaptive_decay", Kind::Switch, "less weight decay once the model understands"),
    field("beta1", Kind::Number(0.0, 0.999_999), "AdamW's β₁"),
    field("beta2", Kind::Number(0.0, 0.999_999_9), "AdamW's β₂"),
    field("epsilon", Kind::Number(1e-30, 1.0), "AdamW's ε"),
    field("clip", Kind::Number(0.0, 1e9), "largest norm of a gradient; 0 for no clipping"),
    field("curriculum", Kind::Curriculum, "digits of the summands as the run goes on"),
    field("carry_mix", Kind::Number(0.0, 1.0), "share of carry-heavy additions at the start"),
    field("fade_from", Kind::Whole(0, MAX_STEPS), "step from which that share falls"),
    field("fade_to", Kind::Whole(0, MAX_STEPS), "step from which it is 0"),
    field("eval_every", Kind::Whole(1, MAX_STEPS), "updates between two evaluations"),
    field("eval_examples", Kind::Whole(1, MAX_EVALUATION), "additions per evaluation"),
    field("until", Kind::Choice(&Until::NAMES), "what ends the run: its steps, or a proven model"),
];

impl Field {
    /// What it may be, in words.
    pub fn wanted(&self) -> String {
        match self.kind {
            Kind::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Kind::Number(least, most) => {
                format!("a number from {} to {}", shown(least), shown(most))
            }
            Kind::Switch => "true or false".into(),
            Kind::Choice(names) => names.join(" or "),
            Kind::Curriculum => Curriculum::WANTED.into(),
            Kind::Architecture => Architecture::wanted(),
        }
    }

    fn refuse(&self, value: &Value) -> Error {
        Error::Setting { name: self.name, value: value.to_string(), wanted: self.wanted() }
    }

    /// Whether `value` is in the field's range.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self, value: &Value) -> Result<(), Error> {
        let fits = match self.kind {
            Kind::Whole(least, most) => value.as_u64().is_some_and(|v| (least..=most).contains(&v)),
            Kind::Number(least, most) => {
                value.as_f64().is_some_and(|v| (least..=most).contains(&v))
            }
            Kind::Switch => value.is_boolean(),
            Kind::Choice(names) => value.as_str().is_some_and(|v| names.contains(&v)),
            Kind::Curriculum => value.as_str().is_some_and(|v| Curriculum::parse(v).is_some()),
            Kind::Architecture => value.is_string() || value.is_object(),
        };
        if fits { Ok(()) } else { Err(self.refuse(value)) }
    }

    /// The value that `text` spells, as on a command line. Whether it is in range is for
    /// [`Settings::from_map`](super::Settings::from_map) to say.
    pub fn parse(&self, text: &str) -> Value {
        match self.kind {
            Kind::Architecture | Kind::Curriculum | Kind::Choice(_) => Value::from(text),
            _ => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        }
    }
}

/// A bound as people write it: `0.1`, but `1e-30`.
fn shown(bound: f64) -> String {
    if (1e-4..1e6).contains(&bound) || bound == 0.0 {
        bound.to_string()
    } else {
        format!("{bound:e}")
    }
}

/// The setting called `name`.
pub(super) fn find(name: &str) -> Result<&'static Field, Error> {
    FIELDS.iter().find(|f| f.name == name).ok_or_else(|| {
        let known: Vec<&str> = FIELDS.iter().map(|f| f.name).collect();
        Error::NoSetting { name: name.to_owned(), known: known.join(", ") }
    })
}
