//! Training in the page: the form's fields, and a run in a Worker.

use formats::{LogEntry, to_safetensors};
use model::Engine;
use model::measure::adderboard::Score;
use seam::{error, now, plain};
use serde::Serialize;
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use train::settings::{FIELDS, Field, Kind};
use train::{self, Architecture, CHANCES, Chance, Outcome, RunFile, Settings};
use wasm_bindgen::prelude::*;

/// Steps between two looks at the clock: a millisecond at the usual batch.
const STRETCH: u64 = 4;
/// Additions per stretch that are surely less than a moment: larger batches look every step.
const LARGE_BATCH: u64 = 1024;

/// What a person fills in.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
enum FieldKind {
    Number,
    Switch,
    Text,
    Choice,
}

/// A setting as the form shows it.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
struct TrainingField {
    name: &'static str,
    about: &'static str,
    kind: FieldKind,
    /// What it may be, in words.
    wanted: String,
    /// What the form begins with, as text: that of a first run.
    first: String,
    /// What it may be, where that is a list.
    choices: Vec<&'static str>,
}

impl TrainingField {
    fn new(field: &Field) -> TrainingField {
        let first = Settings::first().value(field.name);
        let (kind, choices) = match field.kind {
            Kind::Whole(..) | Kind::Number(..) => (FieldKind::Number, Vec::new()),
            Kind::Switch => (FieldKind::Switch, Vec::new()),
            Kind::Choice(names) => (FieldKind::Choice, names.to_vec()),
            Kind::Curriculum => (FieldKind::Text, Vec::new()),
            Kind::Architecture => (FieldKind::Choice, Architecture::names().collect()),
        };
        TrainingField {
            name: field.name,
            about: field.about,
            kind,
            wanted: field.wanted(),
            first: text_of(&first),
            choices,
        }
    }
}

/// A setting's value as a person writes it.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Every setting of a training run.
#[wasm_bindgen(unchecked_return_type = "TrainingField[]")]
pub fn training_fields() -> Result<JsValue, JsValue> {
    plain(&FIELDS.iter().map(TrainingField::new).collect::<Vec<_>>())
}

/// How often training ends well.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
struct TrainingChance {
    arch: &'static str,
    sentence: String,
}

/// What became of many seeds of each architecture that was tried.
#[wasm_bindgen(unchecked_return_type = "TrainingChance[]")]
pub fn training_chances() -> Result<JsValue, JsValue> {
    let chance =
        |chance: &Chance| TrainingChance { arch: chance.arch, sentence: chance.sentence() };
    plain(&CHANCES.iter().map(chance).collect::<Vec<_>>())
}

/// A setting that does not serve.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
struct SettingFault {
    /// Empty where no single field is to blame.
    name: String,
    message: String,
}

fn settings(texts: JsValue) -> Result<Result<Settings, Vec<train::Error>>, JsValue> {
    let texts: BTreeMap<String, String> = serde_wasm_bindgen::from_value(texts).map_err(error)?;
    Ok(Settings::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))))
}

/// What is wrong with settings, given as text by name: a list, empty where all serve.
#[wasm_bindgen(unchecked_return_type = "SettingFault[]")]
pub fn check_settings(
    #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] texts: JsValue,
) -> Result<JsValue, JsValue> {
    let fault = |error: &train::Error| SettingFault {
        name: match error {
            train::Error::Setting { name, .. } => (*name).to_owned(),
            train::Error::NoSetting { name, .. } => name.clone(),
            _ => String::new(),
        },
        message: error.to_string(),
    };
    let errors = settings(texts)?.err().unwrap_or_default();
    plain(&errors.iter().map(fault).collect::<Vec<_>>())
}

/// How long a run has trained, pauses left out, in milliseconds.
#[derive(Default)]
struct Stopwatch {
    before: Cell<f64>,
    since: Cell<f64>,
}

/// A training run. Lives in a Worker of its own.
#[wasm_bindgen]
pub struct Trainer {
    inner: train::Trainer,
    watch: Rc<Stopwatch>,
    /// Evaluations that were told.
    told: usize,
    diverged: Option<String>,
}

/// What a run is.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
struct RunAbout {
    title: String,
    seed: String,
    steps: u64,
}

/// Where a run is.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
struct RunProgress {
    step: u64,
    steps: u64,
    loss: Option<f64>,
    /// Evaluations since this was asked last.
    evaluated: Vec<LogEntry>,
    outcome: Outcome,
    finished: bool,
    /// Why the run cannot go on.
    diverged: Option<String>,
}

/// Bounds of how many of all additions a run's best snapshot answers right, as decimal texts.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
struct AllAdditions {
    /// So many are certainly right.
    right_at_least: String,
    /// All others are certainly wrong.
    right_at_most: String,
    /// Whether the two are the same.
    decided: bool,
}

/// What AdderBoard says of a run's best snapshot.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
struct Board {
    passed: usize,
    total: usize,
}

#[wasm_bindgen]
impl Trainer {
    /// A run before its first step, with settings as text by name. Throws what a person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] texts: JsValue,
    ) -> Result<Trainer, JsValue> {
        let settings = settings(texts)?.map_err(|errors| {
            error(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(". "))
        })?;
        Ok(Trainer::timed(train::Trainer::new(settings).map_err(error)?))
    }

    /// A run that was saved. Throws what a person reads.
    pub fn restore(bytes: &[u8]) -> Result<Trainer, JsValue> {
        Ok(Trainer::timed(train::Trainer::restore(bytes).map_err(error)?))
    }

    /// Lets a run that is over go on; see [`train::Trainer::extend`]. Throws what a person reads.
    pub fn extend(&mut self, more: f64) -> Result<(), JsValue> {
        self.inner.extend(more as u64).map_err(error)
    }

    fn timed(mut inner: train::Trainer) -> Trainer {
        let watch = Rc::new(Stopwatch::default());
        watch.since.set(now()); // the clock is looked at as it is set
        let clock = Rc::clone(&watch);
        inner.set_clock(move || (clock.before.get() + now() - clock.since.get()) / 1000.0);
        Trainer { inner, watch, told: 0, diverged: None }
    }

    /// What the run is.
    #[wasm_bindgen(unchecked_return_type = "RunAbout")]
    pub fn about(&self) -> Result<JsValue, JsValue> {
        let settings = self.inner.settings();
        let (title, seed) = (settings.title(), settings.seed.to_string());
        plain(&RunAbout { title, seed, steps: settings.end() })
    }

    /// Goes on for some `milliseconds`; whether it can go on after that.
    pub fn run(&mut self, milliseconds: f64) -> bool {
        let start = now();
        self.watch.since.set(start);
        let stretch = if self.inner.settings().batch > LARGE_BATCH { 1 } else { STRETCH };
        let goes_on = loop {
            match self.inner.run(stretch) {
                Ok(progress) if progress.finished => break false,
                Ok(_) if now() - start >= milliseconds => break true,
                Ok(_) => {}
                Err(error) => {
                    self.diverged = Some(error.to_string());
                    break false;
                }
            }
        };
        self.watch.before.set(self.watch.before.get() + now() - start);
        goes_on
    }

    /// Where the run is, with the evaluations since this was asked last.
    #[wasm_bindgen(unchecked_return_type = "RunProgress")]
    pub fn progress(&mut self) -> Result<JsValue, JsValue> {
        let train::Progress { step, steps, loss, finished, .. } = self.inner.progress();
        let log = self.inner.history().log();
        let evaluated = log.get(self.told..).unwrap_or_default().to_vec();
        self.told = log.len();
        let (outcome, diverged) = (self.inner.outcome(), self.diverged.clone());
        plain(&RunProgress { step, steps, loss, evaluated, outcome, finished, diverged })
    }

    /// The last snapshot as a file.
    pub fn snapshot(&self) -> Result<Vec<u8>, JsValue> {
        let history = self.inner.history();
        let raw = history.raw(history.len().saturating_sub(1));
        to_safetensors(&raw.ok_or_else(|| error("the run has no snapshot"))?).map_err(error)
    }

    /// One of the run's files, by its name.
    pub fn file(&self, name: &str) -> Result<Vec<u8>, JsValue> {
        let file = RunFile::ALL.into_iter().find(|file| file.name() == name);
        let file = file.ok_or_else(|| error(format!("a run leaves no {name}")))?;
        self.inner.file(file).map_err(error)
    }

    /// What AdderBoard's own suite says of the best snapshot.
    #[wasm_bindgen(unchecked_return_type = "Board")]
    pub fn board(&self) -> Result<JsValue, JsValue> {
        let best = self.inner.best().map_err(error)?;
        let Score { passed, total, .. } = Engine::new(&best.model).score();
        plain(&Board { passed, total })
    }

    /// How many of all additions the best snapshot answers right, as far as that is worth the time.
    #[wasm_bindgen(unchecked_return_type = "AllAdditions")]
    pub fn exact(&self) -> Result<JsValue, JsValue> {
        let count = train::all_additions(&self.inner.best().map_err(error)?.model);
        plain(&AllAdditions {
            right_at_least: count.at_least.to_string(),
            right_at_most: count.at_most.to_string(),
            decided: count.right().is_some(),
        })
    }
}

/// The names of the files that a run leaves.
#[wasm_bindgen]
pub fn run_files() -> Vec<String> {
    RunFile::ALL.iter().map(|file| file.name().to_owned()).collect()
}
