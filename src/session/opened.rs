//! A model as its file holds it, read and checked.

use crate::analysis::trajectory::Evaluation;
use crate::checkpoint::{self, About, Checkpoint, History, Metrics};
use crate::model::{Config, Model, Params};
use serde::{Deserialize, Serialize};

/// A model as its file holds it, read and checked: a checkpoint, or all snapshots of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Name of the file.
    pub file: String,
    /// What the file says of the model that it opens with.
    about: About,
    config: Config,
    /// The tensors of `config`, in its order: the numbers of every snapshot, one after the other.
    tensors: Vec<Vec<f32>>,
    run: Option<Snapshots>,
}

/// What a history has beside the numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Snapshots {
    /// What was logged at each.
    log: Vec<Evaluation>,
    /// The one that the history opens with.
    foremost: usize,
    can_go_on: bool,
}

impl Opened {
    /// A checkpoint.
    pub(super) fn checkpoint(file: &str, checkpoint: Checkpoint) -> Opened {
        let Checkpoint { about, model, .. } = checkpoint;
        let tensors = model.params().iter().map(|p| p.values.iter().copied().collect()).collect();
        Opened { file: file.to_owned(), about, config: model.config().clone(), tensors, run: None }
    }

    /// A history, or that of a saved run, as every other reader of it opens it.
    pub(super) fn history(
        file: &str,
        history: &History,
        is_saved: bool,
    ) -> Result<Opened, checkpoint::Error> {
        let foremost = history.foremost();
        let Checkpoint { about, model, .. } = history.foremost_checkpoint()?;
        let config = model.config().clone();
        let tensors = history.values(&config)?;
        let steps = history.settings().and_then(|s| s.get("steps")?.as_u64());
        let last = history.log().last().map(|e| e.step);
        let can_go_on = is_saved && steps.zip(last).is_some_and(|(steps, last)| last < steps);
        let log = history.log().iter().map(Evaluation::from).collect();
        let run = Some(Snapshots { log, foremost, can_go_on });
        Ok(Opened { file: file.to_owned(), about, config, tensors, run })
    }

    /// Whether it is a run.
    pub fn is_run(&self) -> bool {
        self.run.is_some()
    }

    /// What a run logged at each of its snapshots; empty for a checkpoint.
    pub fn log(&self) -> &[Evaluation] {
        self.run.as_ref().map_or(&[], |run| &run.log)
    }

    /// The snapshot that it opens with.
    pub fn foremost(&self) -> usize {
        self.run.as_ref().map_or(0, |run| run.foremost)
    }

    /// Whether training can go on from its file: that of a saved run which is not at its end,
    /// where every run is evaluated.
    pub fn can_go_on(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.can_go_on)
    }

    /// Models that it holds: the snapshots of a run, else one.
    pub fn count(&self) -> usize {
        self.run.as_ref().map_or(1, |run| run.log.len())
    }

    /// The model at `index`; `None` past the last.
    pub fn model(&self, index: usize) -> Option<Checkpoint> {
        if index >= self.count() {
            return None;
        }
        let tensors = self.tensors.iter().map(|numbers| {
            let size = numbers.len() / self.count();
            numbers.get(index * size..(index + 1) * size)
        });
        let params = Params::of(&self.config, tensors.collect::<Option<Vec<&[f32]>>>()?)?;
        let mut about = self.about.clone();
        if let Some(Evaluation { step, val_exact, val_tok_acc }) = self.log().get(index) {
            about.step = Some(*step);
            about.metrics = Metrics::measured(*val_exact, *val_tok_acc);
        }
        Some(Checkpoint::opened(about, Model::new(self.config.clone(), params)))
    }
}
