//! The run that a model is a snapshot of, and the way through it.

use super::Loaded;
use analysis::extremes::Extremes;
use analysis::report::Snapshot;
use model::file::{Checkpoint, Evaluation, ModelFile};
use std::cell::OnceCell;
use std::rc::Rc;
use thiserror::Error;

/// A run was asked for a snapshot that it does not hold, or whose numbers are not here yet.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no snapshot {index}, counted from 0: there are {count}")]
pub struct NoSnapshot {
    /// What was asked for.
    pub index: usize,
    /// Snapshots of the run.
    pub count: usize,
}

/// A run, and the snapshot of it that is shown.
#[derive(Clone, Debug)]
pub struct Run {
    file: Rc<ModelFile>,
    index: usize,
    /// Found when they are first asked for.
    extremes: Rc<OnceCell<Option<Extremes>>>,
}

impl Run {
    /// A run at its foremost snapshot.
    pub(super) fn new(file: ModelFile) -> Run {
        let index = file.foremost();
        Run { file: Rc::new(file), index, extremes: Rc::default() }
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
        Snapshot { index: self.index, count: self.file.count() }
    }

    fn checkpoint(&self, index: usize) -> Result<Checkpoint, NoSnapshot> {
        let count = self.file.count();
        self.file.model(index).ok_or(NoSnapshot { index, count })
    }

    /// Takes the same file with all its numbers in the place of one with those of its opening snapshot alone. False where it is
    /// another file; nothing changes then.
    pub(super) fn complete(&mut self, file: ModelFile) -> bool {
        let is_same = file.completes(&self.file);
        if is_same {
            (self.file, self.extremes) = (Rc::new(file), Rc::default());
        }
        is_same
    }

    /// How far the numbers of the run go, as its file has them: those of the opening snapshot alone until the others are here.
    /// `None` for a run without snapshots.
    pub fn extremes(&self) -> Option<&Extremes> {
        let found = || {
            let models = self.file.models();
            models.map(|snapshot| Extremes::of(&snapshot.model)).reduce(Extremes::widened)
        };
        self.extremes.get_or_init(found).as_ref()
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
        self.unedited = None;
        self.analyse();
        Ok(())
    }

    /// How far the numbers of the run go; `None` for a model that is not of a run.
    pub fn extremes(&self) -> Option<&Extremes> {
        self.run.as_ref()?.extremes()
    }
}
