//! The run that a model is a snapshot of, and the way through it.

use super::Loaded;
use crate::analysis::extremes::Extremes;
use crate::analysis::report::Snapshot;
use crate::checkpoint::{Checkpoint, Error, History};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// What the axes of a snapshot's panels are chosen for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scales {
    /// This snapshot alone.
    #[default]
    Snapshot,
    /// All snapshots, so that nothing moves but the model.
    Run,
}

/// A history, the snapshot of it that is shown, and on what scales.
#[derive(Clone, Debug)]
pub struct Run {
    history: Rc<History>,
    /// Whether its file holds all that training needs to go on.
    is_saved: bool,
    index: usize,
    scales: Scales,
    /// Found once, when scales are first fixed.
    extremes: Option<Rc<Extremes>>,
}

/// What the run logged at a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Training steps so far.
    pub step: u64,
    /// Share of additions that were right in every digit.
    pub exact: Option<f64>,
    /// Share of answer tokens that were right.
    pub tokens: Option<f64>,
}

impl Run {
    /// The run of a history, or of a saved run, at its foremost snapshot, which comes with it.
    pub(super) fn new(history: History, is_saved: bool) -> Result<(Run, Checkpoint), Error> {
        let index = history.foremost();
        let history = Rc::new(history);
        let run = Run { history, is_saved, index, scales: Scales::default(), extremes: None };
        let checkpoint = run.checkpoint(index)?;
        Ok((run, checkpoint))
    }

    /// All snapshots.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The snapshot that is shown.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether training can go on from its file: that of a saved run which is not at its end,
    /// where every run is evaluated.
    pub fn can_go_on(&self) -> bool {
        let steps = self.history.settings().and_then(|s| s.get("steps")?.as_u64());
        let last = self.history.log().last().map(|e| e.step);
        self.is_saved && steps.zip(last).is_some_and(|(steps, last)| last < steps)
    }

    /// What was logged at each snapshot.
    pub fn steps(&self) -> Vec<Step> {
        let step = |e: &crate::checkpoint::LogEntry| Step {
            step: e.step,
            exact: e.val_exact,
            tokens: e.val_tok_acc,
        };
        self.history.log().iter().map(step).collect()
    }

    /// Where the shown snapshot stands.
    pub(super) fn snapshot(&self) -> Snapshot {
        let fixed = self.scales == Scales::Run;
        Snapshot {
            index: self.index,
            count: self.history.len(),
            scales: self.extremes.as_deref().filter(|_| fixed).cloned(),
        }
    }

    fn checkpoint(&self, index: usize) -> Result<Checkpoint, Error> {
        let count = self.history.len();
        self.history.checkpoint(index).unwrap_or(Err(Error::NoSnapshot { index, count }))
    }

    fn extremes(&self) -> Result<Extremes, Error> {
        let mut all = Extremes::of(&self.checkpoint(0)?.model);
        for index in 1..self.history.len() {
            all.widen(&Extremes::of(&self.checkpoint(index)?.model));
        }
        Ok(all)
    }
}

impl Loaded {
    /// Shows snapshot `index` of the run; what was edited of the one before is dropped.
    ///
    /// # Errors
    /// There is no such snapshot, as in a model that is not of a run; nothing changes then.
    pub fn show_snapshot(&mut self, index: usize) -> Result<(), Error> {
        let run = self.run.as_mut().ok_or(Error::NoSnapshot { index, count: 0 })?;
        self.checkpoint = run.checkpoint(index)?;
        run.index = index;
        self.analyse();
        Ok(())
    }

    /// Chooses the scales. A model that is not of a run has its own, whatever is chosen.
    ///
    /// # Errors
    /// None that a history which opened can give.
    pub fn set_scales(&mut self, scales: Scales) -> Result<(), Error> {
        let Some(run) = &mut self.run else { return Ok(()) };
        if scales == Scales::Run && run.extremes.is_none() {
            run.extremes = Some(Rc::new(run.extremes()?));
        }
        run.scales = scales;
        self.report.snapshot = Some(run.snapshot());
        Ok(())
    }
}
