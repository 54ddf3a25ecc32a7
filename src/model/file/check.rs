//! What must be true of an input, wherever it came from.

use super::model_file::Held;
use super::size::{
    MAX_ABOUT_BYTES, MAX_FILE_NAME_BYTES, MAX_HISTORY_ELEMENTS, MAX_LOG_LINES, MAX_SNAPSHOTS,
    MAX_WHOLE, TooLarge, at_most,
};
use super::{About, Evaluation, Log, Metric, Metrics};
use crate::Params;
use crate::tensors::is_freezable;
use numbers::listed::Listed;
use thiserror::Error;

/// Why bytes are no input.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum InputError {
    /// They end too early, do not have their checksum, or spell something else: numbers of neither all snapshots nor one.
    #[error("it is no input that this version of AdderScope wrote: {0}")]
    Bytes(#[from] postcard::Error),
    /// Something follows the input.
    #[error("{count} bytes follow the input")]
    MoreBytes {
        /// How many.
        count: usize,
    },
    /// Something is over its limit.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The configuration is not supported.
    #[error(transparent)]
    Config(#[from] crate::Error),
    /// The configuration freezes what no run can freeze.
    #[error("the configuration freezes {name}, which no run can freeze")]
    Frozen {
        /// The name.
        name: String,
    },
    /// There are more or fewer tensors than the configuration asks for.
    #[error("it has {found} tensors, but the configuration asks for {wanted}")]
    Tensors {
        /// Tensors in the input.
        found: usize,
        /// Tensors of the configuration.
        wanted: usize,
    },
    /// A tensor has more or fewer numbers than its shape and the snapshots ask for.
    #[error(
        "the tensor {name} has {found} numbers, but its shape and the snapshots ask for {wanted}"
    )]
    Numbers {
        /// The tensor's clean name.
        name: &'static str,
        /// Numbers in the input.
        found: usize,
        /// Numbers that there should be.
        wanted: usize,
    },
    /// A weight is NaN or infinite.
    #[error("the tensor {name} holds {value} at index {index}, counted through all snapshots")]
    NotFinite {
        /// The tensor's clean name.
        name: &'static str,
        /// Flat index of the first such number, through all snapshots.
        index: usize,
        /// `NaN`, `inf` or `-inf`.
        value: f32,
    },
    /// A run without snapshots.
    #[error("its run has no snapshots")]
    NoSnapshots,
    /// The run opens with a snapshot that it does not have.
    #[error("its run opens with snapshot {foremost}, counted from 0, but has {count}")]
    Foremost {
        /// The snapshot.
        foremost: usize,
        /// Snapshots of the run.
        count: usize,
    },
    /// A log without entries.
    #[error("its log is empty")]
    EmptyLog,
    /// A step is no number that JavaScript has.
    #[error("step {step} is not below 2^53")]
    Step {
        /// The step.
        step: u64,
    },
    /// Steps of a log do not rise.
    #[error("step {step} of its log is not above the one before it")]
    Steps {
        /// The step.
        step: u64,
    },
    /// A stored number is NaN or infinite, or a logged share is none.
    #[error("{what} is {value}, not a number, or no share from 0 to 1")]
    Share {
        /// What it is of.
        what: String,
        /// The value.
        value: f64,
    },
}

/// A step crosses to JavaScript, and back.
fn check_step(step: u64) -> Result<(), InputError> {
    if step < MAX_WHOLE { Ok(()) } else { Err(InputError::Step { step }) }
}

/// An evaluation's steps rise, and its shares are drawn in a plot from 0 to 1.
fn check_log(log: &[Evaluation]) -> Result<(), InputError> {
    for pair in log.windows(2) {
        if pair[1].step <= pair[0].step {
            return Err(InputError::Steps { step: pair[1].step });
        }
    }
    for Evaluation { step, val_exact, val_tok_acc } in log {
        check_step(*step)?;
        for (what, share) in [("val_exact", val_exact), ("val_tok_acc", val_tok_acc)] {
            check_value(share, |v| (0.0..=1.0).contains(&v), || format!("{what} of step {step}"))?;
        }
    }
    Ok(())
}

fn check_value(
    value: &Option<f64>,
    is_good: impl Fn(f64) -> bool,
    what: impl Fn() -> String,
) -> Result<(), InputError> {
    match *value {
        Some(value) if !is_good(value) => Err(InputError::Share { what: what(), value }),
        _ => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), TooLarge> {
    at_most("bytes in the name of a file", name.len(), MAX_FILE_NAME_BYTES)
}

impl About {
    fn check(&self) -> Result<(), InputError> {
        let metrics: Vec<&Metric> = self.metrics.iter().flat_map(Metrics::iter).listed();
        let notes = self.notes.iter().map(String::len).sum::<usize>();
        let measured = metrics.iter().map(|m| m.name.len() + m.text.len()).sum::<usize>();
        let text = self.config.len() + notes + measured;
        at_most("bytes of text beside the tensors", text, MAX_ABOUT_BYTES)?;
        self.step.map_or(Ok(()), check_step)?;
        metrics.iter().try_for_each(|m| check_value(&m.number, f64::is_finite, || m.name.clone()))
    }
}

impl Log {
    pub(super) fn check(&self) -> Result<(), InputError> {
        check_name(&self.file)?;
        at_most("lines", self.entries.len(), MAX_LOG_LINES)?;
        if self.entries.is_empty() {
            return Err(InputError::EmptyLog);
        }
        let notes = self.notes.iter().map(String::len).sum();
        at_most("bytes of text beside a log", notes, MAX_ABOUT_BYTES)?;
        check_log(&self.entries)
    }
}

impl Held {
    /// Checks everything in it; the numbers of the model that it opens with.
    pub(super) fn check(&self) -> Result<Params, InputError> {
        check_name(&self.name)?;
        let aside = self.aside.iter().map(|aside| aside.file.len() + aside.sentence.len()).sum();
        at_most("bytes of text beside the files", aside, MAX_ABOUT_BYTES)?;
        self.about.check()?;
        self.config.check()?;
        if let Some(name) = self.config.frozen.iter().find(|name| !is_freezable(name)) {
            return Err(InputError::Frozen { name: name.clone() });
        }
        self.log.as_ref().map_or(Ok(()), Log::check)?;
        let (count, foremost) = (self.count(), self.foremost());
        at_most("snapshots", count, MAX_SNAPSHOTS)?;
        if count == 0 {
            return Err(InputError::NoSnapshots);
        }
        if foremost >= count {
            return Err(InputError::Foremost { foremost, count });
        }
        self.run.as_ref().map_or(Ok(()), |run| check_log(&run.log))?;
        let stored = self.series.count;
        if stored != count && stored != 1 {
            return Err(postcard::Error::SerdeDeCustom.into());
        }
        self.check_tensors(stored)?;
        let (found, wanted) = (self.series.tensors.len(), self.config.specs().len());
        self.params(foremost).ok_or(InputError::Tensors { found, wanted })
    }

    /// All tensors are there, with finite numbers for each of `count` models, whose numbers are here.
    fn check_tensors(&self, count: usize) -> Result<(), InputError> {
        let specs = self.config.specs();
        let (found, wanted) = (self.series.tensors.len(), specs.len());
        if found != wanted {
            return Err(InputError::Tensors { found, wanted });
        }
        let elements = self.series.tensors.iter().map(Vec::len).sum();
        at_most("elements in tensors", elements, MAX_HISTORY_ELEMENTS)?;
        for (spec, numbers) in specs.iter().zip(&self.series.tensors) {
            let (name, found, wanted) = (spec.name, numbers.len(), spec.len() * count);
            if found != wanted {
                return Err(InputError::Numbers { name, found, wanted });
            }
            if let Some(index) = numbers.iter().position(|v| !v.is_finite()) {
                return Err(InputError::NotFinite { name, index, value: numbers[index] });
            }
        }
        Ok(())
    }
}
