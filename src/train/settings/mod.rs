//! What a run is made with. One table, [`FIELDS`], names every setting with its range;
//! reading, checking, the command line and the page go by it.

mod fields;

pub use fields::{FIELDS, Field, Kind};

use super::architecture::Architecture;
use super::curriculum::Curriculum;
use super::error::Error;
use fields::find;
use formats::limits::{MAX_HISTORY_ELEMENTS, MAX_SNAPSHOTS};
use model::config::ParamSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Largest whole number that JSON and JavaScript keep exactly, 2⁵³ − 1.
pub const MAX_SEED: u64 = (1 << 53) - 1;
/// Most steps of a run: days of work.
pub const MAX_STEPS: u64 = 100_000_000;
/// Most pairs in a batch.
pub const MAX_BATCH: u64 = 65_536;
/// Most pairs in an evaluation.
pub const MAX_EVALUATION: u64 = 1_000_000;

/// Everything that decides a run. The same settings give the same run to the last bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What is trained.
    pub arch: Architecture,
    /// Seed of the initial values and of the batches.
    pub seed: u64,
    /// Updates over which rates change; those of the whole run, but for `extra_steps`.
    pub steps: u64,
    /// Updates behind those, at the rates of the last. A run that was given none does not say so in its files.
    #[serde(skip_serializing_if = "is_none")]
    pub extra_steps: u64,
    /// Additions per update.
    pub batch: u64,
    /// Learning rate after warm-up.
    pub lr: f64,
    /// Updates over which the learning rate rises linearly.
    pub warmup: u64,
    /// Learning rate at the end, as a share of `lr`, reached along half a cosine.
    pub final_lr: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Weight decay falls when evaluations say that the model has understood; see
    /// [`decay_factor`](super::schedule::decay_factor).
    pub adaptive_decay: bool,
    /// AdamW's β₁.
    pub beta1: f64,
    /// AdamW's β₂.
    pub beta2: f64,
    /// AdamW's ε.
    pub epsilon: f64,
    /// Largest norm of a whole gradient; 0 for no clipping.
    pub clip: f64,
    /// Digits of the summands as the run goes on.
    pub curriculum: Curriculum,
    /// Share of carry-heavy additions at the start.
    pub carry_mix: f64,
    /// Step from which that share falls linearly.
    pub fade_from: u64,
    /// Step from which it is 0.
    pub fade_to: u64,
    /// Updates between two evaluations, each of which leaves a snapshot.
    pub eval_every: u64,
    /// Additions per evaluation.
    pub eval_examples: u64,
    /// What ends the run. A run that only its steps end does not say so in its files.
    #[serde(skip_serializing_if = "Until::is_steps")]
    pub until: Until,
}

/// What ends a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// Its steps.
    #[default]
    Steps,
    /// The first evaluation whose model is right on all 10²⁰ additions, or its steps.
    Proven,
}

impl Until {
    /// Their names.
    pub const NAMES: [&'static str; 2] = ["steps", "proven"];

    fn is_steps(&self) -> bool {
        *self == Until::Steps
    }
}

fn is_none(extra_steps: &u64) -> bool {
    *extra_steps == 0
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            arch: Architecture::default(),
            seed: 42,
            steps: 60_000,
            extra_steps: 0,
            batch: 256,
            lr: 0.02,
            warmup: 1000,
            final_lr: 0.1,
            weight_decay: 0.01,
            adaptive_decay: false,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            clip: 1.0,
            curriculum: Curriculum::default(),
            carry_mix: 0.8,
            fade_from: 15_000,
            fade_to: 45_000,
            eval_every: 500,
            eval_examples: 5000,
            until: Until::Steps,
        }
    }
}

/// What a saved run holds beside its history, in snapshots: the model and two f64 moments.
const BESIDE_HISTORY: usize = 5;

impl Settings {
    /// What someone's first run is made with: it ends, after a third of its steps, with a model that is right on all
    /// 10²⁰ additions.
    pub fn first() -> Settings {
        Settings {
            arch: Architecture::named("67p"),
            seed: 25,
            steps: 100_000,
            adaptive_decay: true,
            until: Until::Proven,
            ..Settings::default()
        }
    }

    /// The value of a setting, whether files say it or not.
    pub fn value(&self, name: &str) -> Value {
        let unsaid = |name: &str| match name {
            "until" => json!(self.until),
            "extra_steps" => json!(self.extra_steps),
            _ => Value::Null,
        };
        self.to_map().remove(name).unwrap_or_else(|| unsaid(name))
    }

    /// Updates of the whole run.
    pub fn end(&self) -> u64 {
        self.steps.saturating_add(self.extra_steps)
    }

    /// Settings by name; those that are left out have their defaults.
    ///
    /// # Errors
    /// A name that is no setting, or a value of the wrong kind or out of range.
    pub fn from_map(map: &Map<String, Value>) -> Result<Settings, Error> {
        for (name, value) in map {
            find(name)?.check(value)?;
        }
        let settings: Settings =
            serde_json::from_value(Value::Object(map.clone())).map_err(|error| Error::Setting {
                name: "arch",
                value: map.get("arch").cloned().unwrap_or_default().to_string(),
                wanted: format!("{} ({error})", Architecture::wanted()),
            })?;
        settings.check()?;
        Ok(settings)
    }

    /// Settings by name as a person wrote them; those that are left out have their defaults.
    ///
    /// # Errors
    /// Every field whose text does not serve; where each does on its own, the first that
    /// does not fit the others.
    pub fn from_texts<'a>(
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Settings, Vec<Error>> {
        let (mut map, mut errors) = (Map::new(), Vec::new());
        for (name, text) in texts {
            let parsed = find(name).and_then(|field| {
                let value = field.parse(text.trim());
                field.check(&value)?;
                Ok(value)
            });
            match parsed {
                Ok(value) => _ = map.insert(name.to_owned(), value),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Settings::from_map(&map).map_err(|error| vec![error])
    }

    /// The run in a few words: `62p, seed 42`.
    pub fn title(&self) -> String {
        let arch = match &self.arch {
            Architecture::Name(name) => name,
            Architecture::Config(_) => "own architecture",
        };
        format!("{arch}, seed {}", self.seed)
    }

    /// All settings by name.
    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        }
    }

    /// Whether every setting is in its range and they fit together.
    ///
    /// # Errors
    /// The first that does not, with its value and what it may be.
    pub fn check(&self) -> Result<(), Error> {
        for (name, value) in &self.to_map() {
            find(name)?.check(value)?;
        }
        let refuse = |name, value: u64, wanted: String| {
            Err(Error::Setting { name, value: value.to_string(), wanted })
        };
        if self.fade_to < self.fade_from {
            let wanted = format!("at least fade_from = {}", self.fade_from);
            return refuse("fade_to", self.fade_to, wanted);
        }
        let numbers: usize = self.arch.build()?.config.specs().iter().map(ParamSpec::len).sum();
        let most = (MAX_HISTORY_ELEMENTS / numbers.max(1)).min(MAX_SNAPSHOTS);
        let most = most.saturating_sub(BESIDE_HISTORY).max(1);
        if self.end() / self.eval_every > most as u64 {
            let (end, least) = (self.end(), self.end().div_ceil(most as u64));
            let wanted = format!(
                "at least {least} for {end} steps, so that the history keeps to {most} snapshots"
            );
            return refuse("eval_every", self.eval_every, wanted);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(value: Value) -> Result<Settings, String> {
        Settings::from_map(value.as_object().unwrap()).map_err(|e| e.to_string())
    }

    #[test]
    fn the_table_lists_every_setting_in_order() {
        let all = Settings { until: Until::Proven, extra_steps: 1, ..Settings::default() };
        let map = all.to_map();
        let names: Vec<&str> = map.keys().map(String::as_str).collect();
        assert_eq!(names, FIELDS.map(|f| f.name));
        assert_eq!(settings(Value::Object(map)), Ok(all));
        // Files of runs that their steps end are as they were before there was another way.
        for (name, value) in [("until", json!("steps")), ("extra_steps", json!(0))] {
            assert!(!Settings::default().to_map().contains_key(name));
            assert_eq!(Settings::default().value(name), value);
        }
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let wanted = Settings { lr: 0.01, arch: Architecture::named("57p"), ..Settings::default() };
        assert_eq!(settings(json!({"lr": 0.01, "arch": "57p"})), Ok(wanted));
    }

    #[test]
    fn texts_are_read_and_all_that_do_not_serve_are_named() {
        let settings = Settings::from_texts([("lr", " 0.01 "), ("arch", "57p"), ("seed", "7")]);
        assert_eq!(settings.as_ref().map(Settings::title), Ok("57p, seed 7".into()));
        assert_eq!(settings.map(|s| s.lr), Ok(0.01));
        let told = |texts: [(&'static str, &'static str); 2]| -> Vec<String> {
            let errors = Settings::from_texts(texts).unwrap_err();
            errors.iter().map(Error::to_string).collect()
        };
        assert_eq!(
            told([("batch", ""), ("lr", "fast")]),
            [
                "batch: “” should be a whole number from 1 to 65536",
                "lr: “fast” should be a number from 0 to 10",
            ]
        );
        assert_eq!(
            told([("steps", "10"), ("fade_from", "50000")]),
            ["fade_to: 45000 should be at least fade_from = 50000"]
        );
    }

    #[test]
    fn errors_name_the_setting_its_value_and_its_range() {
        for (value, text) in [
            (json!({"lr": -1}), "lr: -1 should be a number from 0 to 10"),
            (json!({"epsilon": 0}), "epsilon: 0 should be a number from 1e-30 to 1"),
            (json!({"batch": 0}), "batch: 0 should be a whole number from 1 to 65536"),
            (json!({"steps": 1.5}), "steps: 1.5 should be a whole number from 1 to 100000000"),
            (json!({"seed": "x"}), "seed: “x” should be a whole number from 0 to 9007199254740991"),
            (json!({"adaptive_decay": 1}), "adaptive_decay: 1 should be true or false"),
            (json!({"fade_to": 10}), "fade_to: 10 should be at least fade_from = 15000"),
            (
                json!({"eval_every": 1}),
                "eval_every: 1 should be at least 7 for 60000 steps, so that the \
                 history keeps to 9995 snapshots",
            ),
            (
                json!({"curriculum": "1-11"}),
                "curriculum: “1-11” should be stages like 1-3:2000,1-6:7000,1-10, \
                 fewest and most digits (1 to 10) and the step where a stage ends",
            ),
            (
                json!({"arch": "58p"}),
                "arch: “58p” should be 57p, 62p, 67p, 74p, 62p_boost or a \
                 configuration of the clean dialect",
            ),
            (
                json!({"arch": {"norm_mode": "layer"}}),
                "the architecture cannot be trained: the configuration has norm_mode = \"layer\", \
                 which AdderScope does not support: it opens models with norm_mode one of weighted, \
                 shared, full, no_ln2, parameterless, fixed, scalar, structured, spiral",
            ),
        ] {
            assert_eq!(settings(value).unwrap_err(), text);
        }
        assert!(settings(json!({"rate": 1})).unwrap_err().starts_with(
            "there is no setting rate: the settings are arch, seed, steps, extra_steps, batch, lr, warmup,"
        ));
    }
}
