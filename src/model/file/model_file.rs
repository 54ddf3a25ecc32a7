//! A model as its file holds it, read and checked.

use super::{About, Checkpoint, Evaluation, Log, Metrics};
use crate::{Config, Model, Params};
use serde::{Deserialize, Serialize};

/// A model as its file holds it, read and checked: a checkpoint, or all snapshots of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Name of the file.
    pub name: String,
    /// What the file says of the model that it opens with.
    about: About,
    config: Config,
    /// The tensors of `config`, in its order: the numbers of every snapshot, one after the other.
    tensors: Vec<Vec<f32>>,
    run: Option<Snapshots>,
    /// The run log that came beside it.
    log: Option<Log>,
}

/// What a run has beside the numbers of its snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshots {
    /// What was logged at each.
    pub log: Vec<Evaluation>,
    /// The one that the run opens with.
    pub foremost: usize,
    /// Whether training can go on from the file: that of a saved run which is not at its end,
    /// where every run is evaluated.
    pub can_go_on: bool,
}

impl ModelFile {
    /// A checkpoint, with the numbers of its file.
    pub fn checkpoint(name: &str, checkpoint: Checkpoint) -> ModelFile {
        let tensors = checkpoint.original().iter();
        let tensors = tensors.map(|p| p.values.iter().copied().collect()).collect();
        ModelFile::new(name, checkpoint, tensors, None)
    }

    /// A run that opens as `foremost`. `tensors` are those of its configuration, in its order: the
    /// numbers of every snapshot, one after the other.
    pub fn run(
        name: &str,
        foremost: Checkpoint,
        tensors: Vec<Vec<f32>>,
        snapshots: Snapshots,
    ) -> ModelFile {
        ModelFile::new(name, foremost, tensors, Some(snapshots))
    }

    fn new(
        name: &str,
        Checkpoint { about, model, .. }: Checkpoint,
        tensors: Vec<Vec<f32>>,
        run: Option<Snapshots>,
    ) -> ModelFile {
        let config = model.config().clone();
        ModelFile { name: name.to_owned(), about, config, tensors, run, log: None }
    }

    /// The same with the log that came beside it.
    pub fn with_log(self, log: Option<Log>) -> ModelFile {
        ModelFile { log, ..self }
    }

    /// What was logged: the log that came beside it, else that of its run.
    pub fn log(&self) -> Option<&[Evaluation]> {
        let beside = self.log.as_ref().map(|log| log.entries.as_slice());
        beside.or(self.run.as_ref().map(|run| run.log.as_slice()))
    }

    /// What its run has beside the numbers; `None` for a checkpoint.
    pub fn snapshots(&self) -> Option<&Snapshots> {
        self.run.as_ref()
    }

    /// The snapshot that it opens with.
    pub fn foremost(&self) -> usize {
        self.run.as_ref().map_or(0, |run| run.foremost)
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
        if let Some(Evaluation { step, val_exact, val_tok_acc }) =
            self.run.as_ref().and_then(|run| run.log.get(index))
        {
            about.step = Some(*step);
            about.metrics = Metrics::measured(*val_exact, *val_tok_acc);
        }
        Some(Checkpoint::new(about, Model::new(self.config.clone(), params)))
    }
}
