//! `adderscope train`.

use super::Failure;
use super::folder::{Existing, Folder, holds_run};
use super::settings::SettingArgs;
use adderscope::formats::LogEntry;
use adderscope::model::Engine;
use adderscope::numbers::words::{count, grouped, percent};
use adderscope::train::{Trainer, is_proven};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Steps between two looks at the clock and at Ctrl-C: some ten milliseconds.
pub const STRETCH: u64 = 50;
/// What shells say of a program that Ctrl-C ended.
pub const INTERRUPTED: u8 = 130;

/// What `train` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The folder that the run is written to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    existing: Existing,
    #[command(flatten)]
    settings: SettingArgs,
}

/// Set once Ctrl-C, or a request to end, has come.
pub fn interruption() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    ctrlc::set_handler(move || set.store(true, Ordering::Relaxed))
        .map_err(|e| Failure::Bad(format!("Ctrl-C cannot be caught: {e}")))?;
    Ok(stop)
}

/// Progress: a bar on a terminal, a line per evaluation elsewhere.
enum Show {
    Bar(ProgressBar),
    Lines,
}

impl Show {
    fn new(trainer: &Trainer) -> Show {
        if !io::stderr().is_terminal() {
            return Show::Lines;
        }
        let progress = trainer.progress();
        let bar = ProgressBar::new(progress.steps).with_style(style());
        bar.set_position(progress.step);
        bar.reset_eta();
        Show::Bar(bar)
    }

    fn steps(&self, trainer: &Trainer) {
        if let Show::Bar(bar) = self {
            bar.set_position(trainer.progress().step);
        }
    }

    fn evaluation(&self, entry: &LogEntry, steps: u64) -> Result<(), Failure> {
        let text = told(entry);
        match self {
            Show::Bar(bar) => bar.set_message(text),
            Show::Lines => {
                let step = entry.step;
                let seconds = entry.wall_time.unwrap_or(0.0);
                super::say(format_args!("step {step} of {steps}  {text}  {seconds:.1} s"))?;
            }
        }
        Ok(())
    }

    fn end(&self) {
        if let Show::Bar(bar) = self {
            bar.abandon();
        }
    }
}

/// How a bar looks; the plain one of the library if ours were wrong.
pub fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {human_pos}/{human_len}  {per_sec}  {eta} left  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// An evaluation in a few words.
fn told(entry: &LogEntry) -> String {
    let share = |v: Option<f64>| v.map_or_else(|| "–".into(), |v| percent(100.0 * v));
    let loss = entry.loss.map_or_else(|| "–".into(), |v| format!("{v:.4}"));
    let all = match &entry.exact {
        Some(_) if is_proven(entry) => "  right on all 10^20".into(),
        Some(right) => format!("  {right} of 10^20 right"),
        None => String::new(),
    };
    format!(
        "loss {loss}  exact {}  tokens {}  lr {:.4}{all}",
        share(entry.val_exact),
        share(entry.val_tok_acc),
        entry.lr.unwrap_or(0.0)
    )
}

/// Trains one model.
pub fn train(args: Args) -> Result<ExitCode, Failure> {
    let given = args.settings.given()?;
    args.settings.settings()?;
    if args.existing.resume {
        holds_run(&args.out)?;
    }
    let folder = Folder::new(&args.out, args.existing)?;
    let mut trainer = folder.trainer(&given, args.existing.resume)?;
    let stop = interruption()?;
    folder.write(&trainer)?;
    let show = Show::new(&trainer);
    if let Some(entry) = trainer.history().log().last() {
        show.evaluation(entry, trainer.settings().end())?;
    }
    let ended = go_on(&mut trainer, &folder, &stop, |trainer, entry| {
        show.steps(trainer);
        entry.map_or(Ok(()), |entry| show.evaluation(entry, trainer.settings().end()))
    });
    show.end();
    let step = trainer.progress().step;
    if !ended? {
        let out = args.out.display();
        super::say(format_args!(
            "stopped at step {} and saved: go on with --resume --out {out}",
            count(step)
        ))?;
        return Ok(ExitCode::from(INTERRUPTED));
    }
    conclude(&trainer)?;
    Ok(ExitCode::SUCCESS)
}

/// Trains to the end or until `stop` is set, and says which: `true` is the end. Writes to
/// `folder` after every evaluation, and when it stops. `tell` hears of every stretch and of
/// the evaluation that ended it.
///
/// # Errors
/// A file cannot be written, or the run diverged; what it has is written.
pub fn go_on(
    trainer: &mut Trainer,
    folder: &Folder,
    stop: &AtomicBool,
    mut tell: impl FnMut(&Trainer, Option<&LogEntry>) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    while !trainer.progress().finished {
        if stop.load(Ordering::Relaxed) {
            folder.write(trainer)?;
            return Ok(false);
        }
        match trainer.run(STRETCH) {
            Ok(progress) => {
                if progress.evaluated.is_some() {
                    folder.write(trainer)?;
                }
                tell(trainer, progress.evaluated.as_ref())?;
            }
            Err(error) => {
                folder.write(trainer)?;
                return Err(Failure::Bad(error.to_string()));
            }
        }
    }
    Ok(true)
}

/// The best snapshot, and what AdderBoard says of it.
fn conclude(trainer: &Trainer) -> Result<(), Failure> {
    let best = trainer.best().map_err(|e| Failure::Bad(e.to_string()))?;
    let score = Engine::new(&best.model).score();
    let verdict = if score.qualified { "qualified" } else { "not qualified" };
    writeln!(
        io::stdout(),
        "best at step {}: AdderBoard {} of {} right, {verdict}",
        count(best.about.step.unwrap_or(0)),
        grouped(score.passed as u64),
        grouped(score.total as u64)
    )?;
    Ok(())
}
