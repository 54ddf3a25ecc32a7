//! A training run: the model, what trains it, and what it was on the way.

use super::architecture::Built;
use super::error::Error;
use super::evaluation::{Accuracy, evaluate};
use super::gradient::{LossAndGradient, params_gradient};
use super::optimizer::{AdamW, Rates, clip, norm};
use super::random::Random;
use super::sample;
use super::schedule::{carry_mix, decay_factor, learning_rate};
use super::settings::{Settings, Until};
use formats::{History, LogEntry};
use model::Model;
use model::exact::{Exact, additions};
use model::file::Checkpoint;
use serde::{Deserialize, Serialize};
use task::addition::DIGITS;
use task::sampling::Pair;

/// With fewer right tokens no model answers all additions right, and most would take long to decide.
const WORTH_DECIDING: f64 = 0.999;

/// Most work that an evaluation does to decide all additions: a tenth of a second where attention does not move with the
/// tokens.
const EVALUATION_LOOKS: u64 = 200_000;

/// Whether an evaluation found that all additions are right.
pub fn is_proven(entry: &LogEntry) -> bool {
    let right = entry.exact.as_deref().and_then(|text| text.parse().ok());
    right == Some(additions(DIGITS))
}

/// What of a run is neither in its model, its optimiser nor its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    /// Updates done.
    pub step: u64,
    /// Of the batches to come.
    pub random: Random,
    /// Sum of the losses since the last evaluation.
    pub loss_sum: f64,
    /// How many those are.
    pub losses: u64,
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// Updates done.
    pub step: u64,
    /// Updates of the whole run.
    pub steps: u64,
    /// Mean loss since the last evaluation, in nats; `None` right after one.
    pub loss: Option<f64>,
    /// Learning rate of the next update.
    pub lr: f64,
    /// The evaluation that ended this stretch, if one did.
    pub evaluated: Option<LogEntry>,
    /// Whether the run is over.
    pub finished: bool,
}

/// What a run goes on from.
#[derive(Clone)]
struct Moment {
    model: Model,
    optimizer: AdamW,
    state: State,
}

/// Seconds since some fixed moment.
type Clock = Box<dyn Fn() -> f64>;

/// A training run that goes on in stretches. The same settings give the same snapshots to
/// the last bit, natively and in wasm, however long the stretches are and however often the
/// run is saved and restored in between.
pub struct Trainer {
    pub(super) settings: Settings,
    pub(super) built: Built,
    pub(super) model: Model,
    pub(super) optimizer: AdamW,
    pub(super) state: State,
    pub(super) history: History,
    /// The last that was known to be good: of the last evaluation, or as restored.
    good: Moment,
    diverged: Option<Error>,
    batch: Vec<Pair>,
    loss_and_gradient: LossAndGradient,
    gradient: Vec<f64>,
    clock: Option<Clock>,
    /// Seconds of stretches before the clock was set, less the clock's then.
    offset: f64,
}

impl Trainer {
    /// A run before its first step. Its history begins with the initial model.
    ///
    /// # Errors
    /// A setting is out of range, or the architecture is not supported.
    pub fn new(settings: Settings) -> Result<Trainer, Error> {
        settings.check()?;
        let built = settings.arch.build()?;
        let mut random = Random::new(settings.seed);
        let model = built.model(&mut random)?;
        let optimizer = AdamW::new(model.params().count());
        let state = State { step: 0, random, loss_sum: 0.0, losses: 0 };
        let history = History::new(built.stored.clone(), settings.to_map());
        let mut trainer = Trainer::assemble(settings, built, model, optimizer, state, history);
        trainer.snapshot();
        Ok(trainer)
    }

    pub(super) fn assemble(
        settings: Settings,
        built: Built,
        model: Model,
        optimizer: AdamW,
        state: State,
        history: History,
    ) -> Trainer {
        Trainer {
            batch: vec![(0, 0); settings.batch as usize],
            loss_and_gradient: LossAndGradient::new(model.config()),
            gradient: Vec::with_capacity(model.params().count()),
            good: Moment {
                model: model.clone(),
                optimizer: optimizer.clone(),
                state: state.clone(),
            },
            settings,
            built,
            model,
            optimizer,
            state,
            history,
            diverged: None,
            clock: None,
            offset: 0.0,
        }
    }

    /// Gives the log its `wall_time`: `clock` says how many seconds have gone by since some
    /// fixed moment. Without one the log has none. A run that was restored counts on from
    /// its last evaluation.
    pub fn set_clock(&mut self, clock: impl Fn() -> f64 + 'static) {
        let before = self.history.log().last().and_then(|e| e.wall_time).unwrap_or(0.0);
        self.offset = before - clock();
        self.clock = Some(Box::new(clock));
    }

    /// What the run is made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The model now.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Every evaluation so far with its snapshot, the initial model first.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How good the model is now.
    pub fn evaluate(&self) -> Accuracy {
        evaluate(&self.model, self.settings.eval_examples)
    }

    /// Where the run is.
    pub fn progress(&self) -> Progress {
        let State { step, loss_sum, losses, .. } = self.state;
        Progress {
            step,
            steps: self.settings.end(),
            loss: (losses > 0).then(|| loss_sum / losses as f64),
            lr: learning_rate(&self.settings, step),
            evaluated: None,
            finished: step >= self.settings.end() || self.is_proven(),
        }
    }

    /// Whether the run was to end with a proven model and has one.
    pub(super) fn is_proven(&self) -> bool {
        let now = |entry: &LogEntry| entry.step == self.state.step && is_proven(entry);
        self.settings.until == Until::Proven && self.history.log().last().is_some_and(now)
    }

    /// The model now as a checkpoint; its metrics are there if it was just evaluated.
    ///
    /// # Errors
    /// Never for a run that [`Trainer::new`] began.
    pub fn checkpoint(&self) -> Result<Checkpoint, formats::Error> {
        self.now().foremost_checkpoint()
    }

    /// The model now as a history of one snapshot.
    pub(super) fn now(&self) -> History {
        let mut now = History::new(self.built.stored.clone(), self.settings.to_map());
        let last = self.history.log().last().filter(|e| e.step == self.state.step);
        let bare = LogEntry { step: self.state.step, ..LogEntry::default() };
        now.push(self.model.params(), last.cloned().unwrap_or(bare));
        now
    }

    /// The best snapshot so far as a checkpoint.
    ///
    /// # Errors
    /// Never for a run that [`Trainer::new`] began.
    pub fn best(&self) -> Result<Checkpoint, formats::Error> {
        self.history.foremost_checkpoint()
    }

    /// Whether the run has diverged, so that it cannot go on.
    pub fn diverged(&self) -> bool {
        self.diverged.is_some()
    }

    /// Goes on for `most` steps, to the next evaluation or to the end, whichever is first.
    ///
    /// # Errors
    /// The loss or a weight became NaN or infinite. The run is then back where it was last
    /// evaluated or restored, and cannot go on; history and checkpoints can still be had.
    pub fn run(&mut self, most: u64) -> Result<Progress, Error> {
        if let Some(error) = &self.diverged {
            return Err(error.clone());
        }
        if self.is_proven() {
            return Ok(self.progress());
        }
        let end = self.state.step.saturating_add(most).min(self.settings.end());
        while self.state.step < end {
            if let Err(what) = self.step() {
                return Err(self.go_back(what));
            }
            self.state.step += 1;
            let step = self.state.step;
            if self.is_evaluated_at(step) {
                let evaluated = Some(self.snapshot());
                return Ok(Progress { evaluated, ..self.progress() });
            }
        }
        Ok(self.progress())
    }

    /// Whether a snapshot is made there: now and then, and at the end, that before any extra steps too.
    fn is_evaluated_at(&self, step: u64) -> bool {
        let Settings { steps, eval_every, .. } = self.settings;
        step.is_multiple_of(eval_every) || step == steps || step == self.settings.end()
    }

    /// One update, which the caller counts, or what is no longer finite.
    fn step(&mut self) -> Result<(), &'static str> {
        let (settings, state) = (&self.settings, &mut self.state);
        let stage = settings.curriculum.at(state.step);
        let mix = carry_mix(settings, state.step);
        sample::batch(&mut state.random, stage, mix, &mut self.batch);
        let (loss, weights) = self.loss_and_gradient.of(&self.model, &self.batch);
        if !loss.is_finite() {
            return Err("the loss is not finite");
        }
        let gradient = params_gradient(self.model.config(), self.model.params(), weights);
        self.gradient.clear();
        self.gradient.extend(gradient.learned());
        let length = norm(&self.gradient);
        if !length.is_finite() {
            return Err("the gradient is not finite");
        }
        clip(&mut self.gradient, length, settings.clip);
        let rates = self.rates();
        let (optimizer, settings, gradient) = (&mut self.optimizer, &self.settings, &self.gradient);
        let mut finite = true;
        self.model.change(|params| {
            optimizer.update(settings, rates, params.learned_mut(), gradient);
            finite = params.learned_mut().all(|p| p.is_finite());
        });
        self.state.loss_sum += loss;
        self.state.losses += 1;
        if finite { Ok(()) } else { Err("a weight is not finite") }
    }

    /// Learning rate and weight decay of the next update.
    fn rates(&self) -> Rates {
        let Settings { weight_decay, adaptive_decay, .. } = self.settings;
        let factor = if adaptive_decay { decay_factor(self.history.log()) } else { 1.0 };
        Rates {
            lr: learning_rate(&self.settings, self.state.step),
            weight_decay: weight_decay * factor,
        }
    }

    /// Evaluates the model and adds it to the history. Rates and stage are those of the last
    /// update.
    fn snapshot(&mut self) -> LogEntry {
        let Accuracy { exact, tokens } = self.evaluate();
        let progress = self.progress();
        let last = self.state.step.saturating_sub(1);
        let stage = self.settings.curriculum.at(last);
        let entry = LogEntry {
            step: self.state.step,
            val_exact: Some(exact),
            val_tok_acc: Some(tokens),
            loss: progress.loss,
            lr: Some(learning_rate(&self.settings, last)),
            wall_time: self.clock.as_ref().map(|clock| self.offset + clock()),
            wd: Some(self.rates().weight_decay),
            carry_mix: Some(carry_mix(&self.settings, last)),
            min_digits: Some(stage.least.into()),
            max_digits: Some(stage.most.into()),
            exact: self.exact(tokens),
        };
        self.history.push(self.model.params(), entry.clone());
        (self.state.loss_sum, self.state.losses) = (0.0, 0);
        self.good = Moment {
            model: self.model.clone(),
            optimizer: self.optimizer.clone(),
            state: self.state.clone(),
        };
        entry
    }

    /// How many of all additions are right, where the run wants to know and the token accuracy makes it worth it.
    fn exact(&self, tokens: f64) -> Option<String> {
        let asked = self.settings.until == Until::Proven && tokens >= WORTH_DECIDING;
        let count = asked.then(|| Exact::decided(&self.model, EVALUATION_LOOKS).count(DIGITS))?;
        count.right().map(|right| right.to_string())
    }

    /// Back to where all was well, to stay there.
    fn go_back(&mut self, what: &'static str) -> Error {
        let step = self.state.step + 1;
        let Moment { model, optimizer, state } = self.good.clone();
        let error = Error::Diverged { step, what, kept: state.step };
        (self.model, self.optimizer, self.state) = (model, optimizer, state);
        self.diverged = Some(error.clone());
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Architecture;

    /// A run that has come to the model that the page's run of 57p came to.
    fn trained(until: Until) -> Trainer {
        let path =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/models/57p/57p.history.safetensors");
        let model = formats::open(&std::fs::read(path).unwrap()).unwrap().model;
        let settings = Settings { arch: Architecture::named("57p"), until, ..Settings::default() };
        let mut trainer = Trainer::new(settings).unwrap();
        trainer.model = model;
        trainer.state.step = 500;
        trainer.snapshot();
        trainer
    }

    #[test]
    fn a_proven_model_ends_a_run_that_was_to_end_with_one() {
        let mut trainer = trained(Until::Proven);
        let entry = trainer.history().log().last().cloned().unwrap();
        assert_eq!(entry.exact.as_deref(), Some("100000000000000000000"));
        assert!(is_proven(&entry) && trainer.progress().finished);
        assert_eq!(trainer.run(10).unwrap().step, 500);
        // The first evaluation's model was far from it, and nobody asked.
        assert_eq!(trainer.history().log()[0].exact, None);
    }

    #[test]
    fn a_run_that_its_steps_end_neither_asks_nor_stops() {
        let mut trainer = trained(Until::Steps);
        assert_eq!(trainer.history().log().last().and_then(|e| e.exact.clone()), None);
        assert_eq!(trainer.run(10).unwrap().step, 510);
    }
}
