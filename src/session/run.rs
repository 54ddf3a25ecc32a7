//! The run that a model is a snapshot of, and the way through it.

use super::Loaded;
use analysis::extremes::Extremes;
use analysis::report::Snapshot;
use model::file::{Checkpoint, Evaluation, ModelFile};
use std::rc::Rc;
use thiserror::Error;

/// A run was asked for a snapshot that it does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no snapshot {index}, counted from 0: the run has {count}")]
pub struct NoSnapshot {
    /// What was asked for.
    pub index: usize,
    /// Snapshots of the run.
    pub count: usize,
}

/// What the axes of a snapshot's panels are chosen for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scales {
    /// This snapshot alone.
    #[default]
    Snapshot,
    /// All snapshots, so that nothing moves but the model.
    Run,
}

/// A run, the snapshot of it that is shown, and on what scales.
#[derive(Clone, Debug)]
pub struct Run {
    file: Rc<ModelFile>,
    index: usize,
    scales: Scales,
    /// Found once, when scales are first fixed.
    extremes: Option<Rc<Extremes>>,
}

impl Run {
    /// A run at its foremost snapshot.
    pub(super) fn new(file: ModelFile) -> Run {
        let index = file.foremost();
        Run { file: Rc::new(file), index, scales: Scales::default(), extremes: None }
    }

    /// What was logged at each snapshot.
    pub fn log(&self) -> &[Evaluation] {
        self.file.snapshots().map_or(&[], |run| &run.log)
    }

    /// The snapshot that is shown.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether training can go on from its file.
    pub fn can_go_on(&self) -> bool {
        self.file.snapshots().is_some_and(|run| run.can_go_on)
    }

    /// Where the shown snapshot stands.
    pub(super) fn snapshot(&self) -> Snapshot {
        let fixed = self.scales == Scales::Run;
        Snapshot {
            index: self.index,
            count: self.file.count(),
            scales: self.extremes.as_deref().filter(|_| fixed).cloned(),
        }
    }

    fn checkpoint(&self, index: usize) -> Result<Checkpoint, NoSnapshot> {
        let count = self.file.count();
        self.file.model(index).ok_or(NoSnapshot { index, count })
    }

    fn extremes(&self) -> Extremes {
        let mut all = Extremes::of(&self.file.opening().model);
        for checkpoint in self.file.models() {
            all.widen(&Extremes::of(&checkpoint.model));
        }
        all
    }
}

impl Loaded {
    /// Shows snapshot `index` of the run; what was edited of the one before is dropped.
    ///
    /// # Errors
    /// There is no such snapshot, as in a model that is not of a run; nothing changes then.
    pub fn show_snapshot(&mut self, index: usize) -> Result<(), NoSnapshot> {
        let run = self.run.as_mut().ok_or(NoSnapshot { index, count: 0 })?;
        self.checkpoint = run.checkpoint(index)?;
        run.index = index;
        self.analyse();
        Ok(())
    }

    /// Chooses the scales. A model that is not of a run has its own, whatever is chosen.
    pub fn set_scales(&mut self, scales: Scales) {
        let Some(run) = &mut self.run else { return };
        if scales == Scales::Run && run.extremes.is_none() {
            run.extremes = Some(Rc::new(run.extremes()));
        }
        run.scales = scales;
        self.report.snapshot = Some(run.snapshot());
    }
}
