//! What every JSON that we print or save says of itself, in front of all else: which one it is (`schema`) and in which form
//! (`version`), so that a program knows what it reads. What other programs wrote has neither, and is read all the same.

use serde_json::{Map, Value};
use thiserror::Error;

/// The version of all that we write. It rises where a reader of an older one would go wrong.
pub const VERSION: u64 = 1;

const SCHEMA_KEY: &str = "schema";
const VERSION_KEY: &str = "version";

/// What a JSON object of ours is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// All analyses of a model.
    Report,
    /// One addition with every intermediate.
    Trace,
    /// A model's answer to one addition, and one digit of it step by step.
    Addition,
    /// A digit of one addition with ways from another.
    Patch,
    /// How a number was made.
    Explanation,
    /// A score on an AdderBoard suite.
    Score,
    /// The verdict on all additions.
    Proof,
    /// The verdict for programs that check it.
    Certificate,
    /// Two models side by side.
    Comparison,
    /// Many models, a row each.
    Table,
    /// How firm a model is.
    Robustness,
    /// What a run was made with.
    Settings,
    /// A line of a run's log.
    Log,
    /// A checkpoint.
    Checkpoint,
}

/// A JSON of ours where another should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("it is {found}, where {}, version {VERSION} should be", .wanted.name())]
pub struct WrongSchema {
    /// What it says of itself.
    pub found: String,
    /// What was to be read.
    pub wanted: Schema,
}

impl Schema {
    /// What `schema` says.
    pub fn name(self) -> &'static str {
        match self {
            Schema::Report => "adderscope/report",
            Schema::Trace => "adderscope/trace",
            Schema::Addition => "adderscope/addition",
            Schema::Patch => "adderscope/patch",
            Schema::Explanation => "adderscope/explanation",
            Schema::Score => "adderscope/score",
            Schema::Proof => "adderscope/proof",
            Schema::Certificate => "adderscope/certificate",
            Schema::Comparison => "adderscope/comparison",
            Schema::Table => "adderscope/table",
            Schema::Robustness => "adderscope/robustness",
            Schema::Settings => "adderscope/settings",
            Schema::Log => "adderscope/log",
            Schema::Checkpoint => "adderscope/checkpoint",
        }
    }

    /// The two keys and their values.
    pub fn fields(self) -> [(&'static str, Value); 2] {
        [(SCHEMA_KEY, self.name().into()), (VERSION_KEY, VERSION.into())]
    }

    /// `value` with the two keys in front; what is no object stays as it is.
    pub fn of(self, value: Value) -> Value {
        let Value::Object(map) = value else { return value };
        let fields = self.fields().map(|(key, value)| (key.to_owned(), value));
        Value::Object(fields.into_iter().chain(map).collect())
    }

    /// Takes the two keys off what was read, if they are there.
    ///
    /// # Errors
    /// It is another of ours, or of another version.
    pub fn take_off(self, map: &mut Map<String, Value>) -> Result<(), WrongSchema> {
        let (schema, version) = (map.shift_remove(SCHEMA_KEY), map.shift_remove(VERSION_KEY));
        let ours = schema.as_ref().is_none_or(|schema| schema == self.name());
        if ours && version.as_ref().is_none_or(|version| *version == VERSION) {
            return Ok(());
        }
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let name = schema.map_or_else(|| self.name().to_owned(), text);
        let found = match version {
            Some(version) => format!("{name}, version {}", text(version)),
            None => name,
        };
        // A message is one line.
        let found = found.replace(char::is_control, " ").chars().take(100).collect();
        Err(WrongSchema { found, wanted: self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn taken_off(value: Value) -> Result<Value, String> {
        let Value::Object(mut map) = value else { panic!("an object") };
        Schema::Settings.take_off(&mut map).map_err(|e| e.to_string())?;
        Ok(Value::Object(map))
    }

    #[test]
    fn the_two_keys_stand_in_front_and_come_off_again() {
        let plain = json!({"seed": 3, "lr": 0.02});
        let ours = Schema::Settings.of(plain.clone());
        assert_eq!(
            ours.to_string(),
            r#"{"schema":"adderscope/settings","version":1,"seed":3,"lr":0.02}"#
        );
        assert_eq!(taken_off(ours), Ok(plain.clone()));
        assert_eq!(taken_off(plain.clone()), Ok(plain));
        assert_eq!(Schema::Settings.of(json!([1])), json!([1]));
    }

    #[test]
    fn others_and_newer_ones_are_refused_by_name() {
        let says = |found: &str| {
            Err(format!("it is {found}, where adderscope/settings, version 1 should be"))
        };
        assert_eq!(
            taken_off(json!({"schema": "adderscope/report", "version": 1})),
            says("adderscope/report, version 1")
        );
        assert_eq!(
            taken_off(json!({"schema": "adderscope/settings", "version": 2})),
            says("adderscope/settings, version 2")
        );
        assert_eq!(taken_off(json!({"schema": 5})), says("5"));
    }
}
