//! Whether a log is of the run that a model came from: all that tells is that steps and accuracies go together.

use crate::Loaded;
use model::file::{Evaluation, Log};
use numbers::words;

/// Evaluations after a log's last at which its model may have been saved: scripts save once more at the end.
const INTERVALS: u64 = 2;
/// How far apart shares of one model may be: they are measured on other samples.
const EXACT_APART: f64 = 0.1;
const TOKENS_APART: f64 = 0.03;
/// The same for a share that is measured here, of summands of all lengths.
const MEASURED_APART: f64 = 0.25;

/// Letters of a file's name in a sentence.
const LONGEST_NAME: usize = 80;

impl Loaded {
    /// Why `log` may be of another run than this model's, as a sentence with both names; nothing where all goes together, or
    /// nothing tells.
    pub(crate) fn doubt(&self, log: &Log) -> Option<String> {
        let why = self.another(log)?;
        Some(format!(
            "{} may be the log of another run than that of {}: {why}.",
            shown(&log.file),
            shown(&self.file)
        ))
    }

    fn another(&self, log: &Log) -> Option<String> {
        if !log.has_steps {
            return None;
        }
        let own = self.run.as_ref().map_or(&[][..], |run| run.log());
        if !own.is_empty() {
            return unlike_run(&log.entries, own);
        }
        let Some(step) = self.checkpoint.about.step else { return self.beyond(log) };
        let last = log.entries.last()?.step;
        if step > last + INTERVALS * interval(&log.entries) {
            let (last, step) = (words::count(last), words::count(step));
            return Some(format!("it ends at step {last}, and the model is of step {step}"));
        }
        let stored = |name| self.checkpoint.about.metrics.as_ref()?.number(name);
        let (val_exact, val_tok_acc) = (stored("exact_match"), stored("token_accuracy"));
        let model = Evaluation { step, val_exact, val_tok_acc };
        match log.entries.iter().find(|entry| entry.step == step) {
            Some(entry) if val_exact.is_some() || val_tok_acc.is_some() => unlike(entry, &model),
            _ => self.beyond(log),
        }
    }

    /// A file that says nothing of its accuracy holds a model that has one; it is measured on other additions.
    fn beyond(&self, log: &Log) -> Option<String> {
        let errors = &self.report.errors.answer;
        if self.checkpoint.is_edited() || errors.n == 0 {
            return None;
        }
        let share = f64::from(errors.n_exact) / f64::from(errors.n);
        let best = log.entries.iter().filter_map(|entry| entry.val_exact).reduce(f64::max)?;
        (share - best > MEASURED_APART).then(|| {
            let (share, best) = (words::percent(100.0 * share), words::percent(100.0 * best));
            format!("its best exact match is {best}, and the model's is {share} here")
        })
    }
}

/// The end of a file's name, which tells files apart, in one line.
fn shown(name: &str) -> String {
    let before = name.chars().count().saturating_sub(LONGEST_NAME);
    let printed = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    name.chars().skip(before).map(printed).collect()
}

/// Steps from the last evaluation but one to the last.
fn interval(entries: &[Evaluation]) -> u64 {
    match entries {
        [.., before, last] => last.step.saturating_sub(before.step),
        _ => 0,
    }
}

/// Whether a log has the steps of a run that has its own, and what it has there.
fn unlike_run(entries: &[Evaluation], own: &[Evaluation]) -> Option<String> {
    let mut common = 0usize;
    for run in own {
        let at = entries.partition_point(|entry| entry.step < run.step);
        let Some(entry) = entries.get(at).filter(|entry| entry.step == run.step) else { continue };
        common += 1;
        let why = unlike(entry, run);
        if why.is_some() {
            return why;
        }
    }
    (common == 0).then(|| "they have no step in common".to_owned())
}

/// How the evaluation of a log differs from that of the model at the same step.
fn unlike(logged: &Evaluation, model: &Evaluation) -> Option<String> {
    let shares = [
        ("exact match", logged.val_exact, model.val_exact, EXACT_APART),
        ("token accuracy", logged.val_tok_acc, model.val_tok_acc, TOKENS_APART),
    ];
    shares.into_iter().find_map(|(name, logged_share, share, apart)| {
        let (there, here) = (logged_share?, share?);
        ((there - here).abs() > apart).then(|| {
            let step = words::count(logged.step);
            let (there, here) = (words::percent(100.0 * there), words::percent(100.0 * here));
            format!("at step {step} it has {there} {name}, and the model {here}")
        })
    })
}
