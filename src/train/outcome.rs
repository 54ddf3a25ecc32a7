//! What came of a run, and the files that it leaves.

use super::error::Error;
use super::trainer::Trainer;
use formats::{History, Schema, to_safetensors};
use model::Model;
use model::exact::{Count, Exact, LOOKS_OF_MANY};
use serde::Serialize;
use serde_json::{Value, json};
use task::addition::DIGITS;

/// Share of right additions that counts as half of the way.
pub const HALF: f64 = 0.5;

/// How many of all additions the model that came of a run answers right, as far as that is worth the time.
pub fn all_additions(model: &Model) -> Count {
    Exact::decided(model, LOOKS_OF_MANY).count(DIGITS)
}

/// What came of a run so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Outcome {
    /// Updates done.
    pub step: u64,
    /// Step of the best snapshot.
    pub best_step: u64,
    /// Share of additions that the best snapshot gets right.
    pub val_exact: f64,
    /// Share of tokens that it gets right.
    pub val_tok_acc: f64,
    /// The first step of a snapshot that gets at least half of its additions right.
    pub half_step: Option<u64>,
}

/// A file that a run leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFile {
    /// The whole run, which can go on from it and which all others can be made from.
    Run,
    /// Every snapshot.
    History,
    /// What was logged, a line for each snapshot.
    Log,
    /// What the run was made with.
    Settings,
    /// The best snapshot.
    Best,
    /// The model now.
    Last,
}

impl RunFile {
    /// All files, the one that matters most first.
    pub const ALL: [RunFile; 6] = [
        RunFile::Run,
        RunFile::History,
        RunFile::Log,
        RunFile::Settings,
        RunFile::Best,
        RunFile::Last,
    ];

    /// The file's name.
    pub fn name(self) -> &'static str {
        match self {
            RunFile::Run => "run.safetensors",
            RunFile::History => "history.safetensors",
            RunFile::Log => "log.jsonl",
            RunFile::Settings => "settings.json",
            RunFile::Best => "best.safetensors",
            RunFile::Last => "last.safetensors",
        }
    }
}

impl Trainer {
    /// What came of the run so far.
    pub fn outcome(&self) -> Outcome {
        let log = self.history().log();
        let best = self.history().best().and_then(|i| log.get(i)).cloned().unwrap_or_default();
        let half = log.iter().find(|e| e.val_exact.is_some_and(|v| v >= HALF));
        Outcome {
            step: self.progress().step,
            best_step: best.step,
            val_exact: best.val_exact.unwrap_or(0.0),
            val_tok_acc: best.val_tok_acc.unwrap_or(0.0),
            half_step: half.map(|e| e.step),
        }
    }

    /// The bytes of one of the files that the run leaves.
    ///
    /// # Errors
    /// Never for a run that [`Trainer::new`] began.
    pub fn file(&self, file: RunFile) -> Result<Vec<u8>, Error> {
        let checkpoint =
            |of: &History| Ok(of.foremost_raw().and_then(|raw| to_safetensors(&raw))?);
        match file {
            RunFile::Run => self.save(),
            RunFile::History => Ok(self.history().to_bytes()?),
            RunFile::Log => {
                let line = |entry| format!("{}\n", Schema::Log.of(json!(entry)));
                Ok(self.history().log().iter().map(line).collect::<String>().into_bytes())
            }
            RunFile::Settings => {
                let settings = Schema::Settings.of(Value::Object(self.settings().to_map()));
                Ok(format!("{settings:#}\n").into_bytes())
            }
            RunFile::Best => checkpoint(self.history()),
            RunFile::Last => checkpoint(&self.now()),
        }
    }
}
