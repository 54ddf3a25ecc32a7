//! A model as its file holds it, read and checked.

use super::{About, Aside, Checkpoint, Evaluation, InputError, Log, Metrics, Series};
use crate::{Config, Model, Params};
use numbers::listed::Listed;
use serde::{Deserialize, Serialize, Serializer};

/// A model as its file holds it: a checkpoint, or all snapshots of a run. Whatever made it, all of it was
/// checked: its configuration is supported, and the numbers of each of its [`count`](ModelFile::count) models are there, or
/// those of the one that it opens with alone ([`ModelFile::opening_alone`]).
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    held: Box<Held>,
    /// The numbers of the model that it opens with.
    opening: Params,
}

/// What a [`ModelFile`] is made of, as it goes from one part to another: nothing of it is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) config: Config,
    /// The tensors of `config`, in its order.
    pub(super) series: Series,
    pub(super) run: Option<Snapshots>,
    // Up to here it is what `numbers.rs` reads.
    /// Name of the file.
    pub(super) name: String,
    /// What the file says of the model that it opens with.
    pub(super) about: About,
    /// The run log that came beside it.
    pub(super) log: Option<Log>,
    /// What else came, and was left aside.
    pub(super) aside: Vec<Aside>,
}

/// What a run has beside the numbers of its snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshots {
    /// The one that the run opens with.
    pub foremost: usize,
    /// What was logged at each.
    pub log: Vec<Evaluation>,
    /// Whether training can go on from the file: that of a saved run. One at its end can be given more steps.
    pub can_go_on: bool,
}

impl Held {
    /// Models that it holds: the snapshots of a run, else one.
    pub(super) fn count(&self) -> usize {
        self.run.as_ref().map_or(1, |run| run.log.len())
    }

    /// The snapshot that it opens with.
    pub(super) fn foremost(&self) -> usize {
        self.run.as_ref().map_or(0, |run| run.foremost)
    }

    /// Whether all numbers are here: else those of the model that it opens with are.
    pub(super) fn is_whole(&self) -> bool {
        self.series.count == self.count()
    }

    /// The numbers of the model at `index`; `None` past the last, and where they are not here.
    pub(super) fn params(&self, index: usize) -> Option<Params> {
        Params::of(&self.config, self.numbers(index)?)
    }

    /// The same, tensor by tensor.
    fn numbers(&self, index: usize) -> Option<Vec<&[f32]>> {
        let here = if self.is_whole() { index } else { index.checked_sub(self.foremost())? };
        if here >= self.series.count {
            return None;
        }
        let tensors = self.series.tensors.iter().map(|numbers| {
            let size = numbers.len() / self.series.count;
            numbers.get(here * size..(here + 1) * size)
        });
        tensors.collect()
    }
}

impl Serialize for ModelFile {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.held.serialize(to)
    }
}

impl TryFrom<Box<Held>> for ModelFile {
    type Error = InputError;

    fn try_from(held: Box<Held>) -> Result<ModelFile, InputError> {
        let opening = held.check()?;
        Ok(ModelFile { held, opening })
    }
}

impl ModelFile {
    /// A checkpoint, with the numbers of its file.
    pub fn checkpoint(name: &str, checkpoint: Checkpoint) -> ModelFile {
        let opening = checkpoint.original().clone();
        let tensors = opening.iter().map(|p| p.values.iter().copied().listed()).listed();
        ModelFile { held: Held::new(name, checkpoint, tensors, None), opening }
    }

    /// A run that opens as `foremost`. `tensors` are those of its configuration, in its order: the
    /// numbers of every snapshot, one after the other.
    ///
    /// # Errors
    /// These are not the snapshots of such a run.
    pub fn run(
        name: &str,
        foremost: Checkpoint,
        tensors: Vec<Vec<f32>>,
        snapshots: Snapshots,
    ) -> Result<ModelFile, InputError> {
        Held::new(name, foremost, tensors, Some(snapshots)).try_into()
    }

    /// All of it but the numbers of every snapshot that it does not open with. They are most of a run, and nobody sees them at
    /// first: [`ModelFile::completes`] says what has them.
    pub fn opening_alone(mut self) -> ModelFile {
        let numbers = self.opening.iter().map(|p| p.values.iter().copied().listed());
        self.held.series = Series { count: 1, tensors: numbers.listed() };
        self
    }

    /// Whether this is the same file as `part`, with all its numbers.
    pub fn completes(&self, part: &ModelFile) -> bool {
        let (own, others) = (&self.held, &part.held);
        self.held.is_whole()
            && own.name == others.name
            && own.config == others.config
            && own.run == others.run
            && self.numbers(self.foremost()) == part.numbers(self.foremost())
    }

    /// The same with the log that came beside it.
    pub fn with_log(mut self, log: Option<Log>) -> ModelFile {
        self.held.log = log;
        self
    }

    /// The same with what else came and was left aside.
    pub fn with_aside(mut self, aside: Vec<Aside>) -> ModelFile {
        self.held.aside = aside;
        self
    }

    /// What came with it and was left aside.
    pub fn aside(&self) -> &[Aside] {
        &self.held.aside
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        &self.held.name
    }

    /// What was logged: the log that came beside it, else that of its run.
    pub fn log(&self) -> Option<&[Evaluation]> {
        let beside = self.held.log.as_ref().map(|log| log.entries.as_slice());
        beside.or(self.snapshots().map(|run| run.log.as_slice()))
    }

    /// The log that came beside it.
    pub fn beside(&self) -> Option<&Log> {
        self.held.log.as_ref()
    }

    /// What its run has beside the numbers; `None` for a checkpoint.
    pub fn snapshots(&self) -> Option<&Snapshots> {
        self.held.run.as_ref()
    }

    /// The snapshot that it opens with.
    pub fn foremost(&self) -> usize {
        self.held.foremost()
    }

    /// Models that it holds: the snapshots of a run, else one.
    pub fn count(&self) -> usize {
        self.held.count()
    }

    /// The model that it opens with.
    pub fn opening(&self) -> Checkpoint {
        self.with(self.foremost(), self.opening.clone())
    }

    /// Its architecture.
    pub fn config(&self) -> &Config {
        &self.held.config
    }

    /// The numbers of the model at `index`, tensor by tensor; `None` past the last, and where they are not here.
    pub fn numbers(&self, index: usize) -> Option<Vec<&[f32]>> {
        self.held.numbers(index)
    }

    /// The model at `index`; `None` past the last, and where its numbers are not here.
    pub fn model(&self, index: usize) -> Option<Checkpoint> {
        Some(self.with(index, self.held.params(index)?))
    }

    /// All its models whose numbers are here, in the order of their steps.
    pub fn models(&self) -> impl Iterator<Item = Checkpoint> {
        (0..self.count()).filter_map(|index| self.model(index))
    }

    /// The model at `index`, which has the numbers `params`.
    fn with(&self, index: usize, params: Params) -> Checkpoint {
        let mut about = self.held.about.clone();
        let logged = self.snapshots().and_then(|run| run.log.get(index));
        if let Some(Evaluation { step, val_exact, val_tok_acc }) = logged {
            about.step = Some(*step);
            about.metrics = Metrics::measured(*val_exact, *val_tok_acc);
        }
        Checkpoint::new(about, Model::new(self.held.config.clone(), params))
    }
}

impl Held {
    fn new(
        name: &str,
        Checkpoint { about, model, .. }: Checkpoint,
        tensors: Vec<Vec<f32>>,
        run: Option<Snapshots>,
    ) -> Box<Held> {
        let config = model.config().clone();
        let count = run.as_ref().map_or(1, |run| run.log.len());
        Box::new(Held {
            name: name.to_owned(),
            about,
            config,
            series: Series { count, tensors },
            run,
            log: None,
            aside: Vec::new(),
        })
    }
}
