//! `adderscope sweep`.

use super::files::{self, bad, write};
use super::folder::{Existing, Folder, claim};
use super::settings::SettingArgs;
use super::table::{csv, read_rows};
use super::train::{INTERRUPTED, go_on, interruption, style};
use super::{Failure, say};
use adderscope::analysis::table::{By, OfRun, Row, sort};
use adderscope::model::exact::additions;
use adderscope::task::addition::DIGITS;
use adderscope::train::{Outcome, Trainer, settings::MAX_SEED};
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::{Map, Value};
use std::fs;
use std::iter::StepBy;
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;

/// The table, in the folder of the sweep.
pub const TABLE: &str = "sweep.csv";
/// The ending of a table that could not be read.
const UNREAD: &str = "csv.unread";

/// Seeds of one sweep: each is a folder, and at some seconds a run months of work.
const MOST_SEEDS: u64 = 1_000_000;
/// Runs at a time: more than any machine has cores for.
const MOST_JOBS: usize = 1024;

/// What `sweep` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Seeds: the first, two dots, the one after the last.
    #[arg(long, value_name = "FIRST..END", value_parser = seeds)]
    seeds: Range<u64>,
    /// Train only part I of N of the seeds, every N-th, for sweeps on several machines: each to a folder of its
    /// own, which `table` puts together.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// The folder that the table and a folder for each seed are written to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Runs at a time [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    #[command(flatten)]
    existing: Existing,
    #[command(flatten)]
    settings: SettingArgs,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let parse = |text: &str| text.parse().ok().filter(|&seed: &u64| seed <= MAX_SEED);
    let ends = text.split_once("..").and_then(|(first, end)| Some(parse(first)?..parse(end)?));
    let range = ends.filter(|range| !range.is_empty());
    let range = range.ok_or("seeds are given like 0..64, which is 64 seeds from 0 to 63")?;
    match range.end - range.start {
        count if count > MOST_SEEDS => {
            Err(format!("{count} seeds are more than the {MOST_SEEDS} of one sweep"))
        }
        _ => Ok(range),
    }
}

/// One of several parts of the seeds.
#[derive(Clone, Copy, Debug)]
struct Shard {
    /// From 0.
    index: u64,
    of: u64,
}

fn shard(text: &str) -> Result<Shard, String> {
    let whole = |text: &str| text.parse().ok().filter(|n: &u64| (1..=MOST_SEEDS).contains(n));
    let parts = text.split_once('/').and_then(|(i, of)| Some((whole(i)?, whole(of)?)));
    let part = parts.filter(|(i, of)| i <= of).map(|(i, of)| Shard { index: i - 1, of });
    part.ok_or_else(|| "a part is given like 1/4, the first of four, to 4/4".to_owned())
}

/// Seeds to come.
type Seeds = StepBy<Range<u64>>;

impl Args {
    /// The seeds of this part.
    fn own_seeds(&self) -> Seeds {
        let Shard { index, of } = self.shard.unwrap_or(Shard { index: 0, of: 1 });
        let (first, count) = (self.seeds.start, self.seeds.end - self.seeds.start);
        let own = (count + of - 1 - index) / of;
        (first + index..first + index + own * of).step_by(of as usize)
    }
}

/// A finished run.
struct Done {
    row: Row,
    told: String,
}

/// Trains a model with each seed.
pub fn sweep(args: Args) -> Result<ExitCode, Failure> {
    if args.settings.gives("seed") {
        return Err(Failure::Bad("--seed is for train: a sweep takes --seeds".into()));
    }
    let given = args.settings.given()?;
    let steps = args.settings.settings()?.end();
    let _lock = claim(&args.out, TABLE, "sweep", args.existing)?;
    let stop = interruption()?;
    let seeds = args.own_seeds();
    let count = seeds.clone().count();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let jobs = args.jobs.map_or(cores, NonZero::get).min(MOST_JOBS).min(count.max(1));
    let bar = ProgressBar::with_draw_target(
        Some(steps.saturating_mul(count as u64)),
        ProgressDrawTarget::stderr(),
    )
    .with_style(style());

    let next = Mutex::new(seeds);
    let (send, rows) = mpsc::channel();
    let worker = Worker { args: &args, given: &given, next: &next, stop: &stop, bar: &bar };
    let result = thread::scope(|scope| {
        for _ in 0..jobs {
            let send = send.clone();
            scope.spawn(move || worker.work(&send));
        }
        drop(send);
        let result = collect(&args, &rows, &bar);
        if result.is_err() {
            // The others need not finish what cannot be written.
            stop.store(true, Ordering::Relaxed);
        }
        result
    });
    bar.abandon();
    result?;
    if stop.load(Ordering::Relaxed) {
        say("stopped and saved: go on with --resume")?;
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// The rows of the table that a sweep goes on with. One that cannot be read is kept beside the new one, which is made again from
/// the folders of the seeds.
fn before(args: &Args) -> Result<Vec<Row>, Failure> {
    let table = args.out.join(TABLE);
    if !args.existing.resume || !table.exists() {
        return Ok(Vec::new());
    }
    read_rows(&table).or_else(|failure| {
        let kept = table.with_extension(UNREAD);
        fs::rename(&table, &kept).map_err(|e| bad(&table, e))?;
        let Failure::Bad(why) = failure else { return Err(failure) };
        files::say(&[format!(
            "{why}; it is now {}, and a new one is made of the seeds",
            kept.display()
        )]);
        Ok(Vec::new())
    })
}

fn seed_of(row: &Row) -> Option<u64> {
    row.run.as_ref().map(|run| run.seed)
}

/// Writes the table anew with every run that ends, and says how it ended.
fn collect(
    args: &Args,
    done: &mpsc::Receiver<Result<Done, Failure>>,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let mut rows = before(args)?;
    let put = |rows: &mut Vec<Row>| {
        sort(rows, By::Name);
        write(&args.out.join(TABLE), csv(rows)?.as_bytes())
    };
    // A part without a seed has an empty table.
    if args.own_seeds().next().is_none() {
        put(&mut rows)?;
    }
    for each in done {
        let Done { row, told } = each?;
        rows.retain(|other| seed_of(other) != seed_of(&row));
        rows.push(row);
        put(&mut rows)?;
        bar.suspend(|| say(&told))?;
    }
    Ok(())
}

/// One thread of a sweep.
#[derive(Clone, Copy)]
struct Worker<'a> {
    args: &'a Args,
    given: &'a Map<String, Value>,
    next: &'a Mutex<Seeds>,
    stop: &'a AtomicBool,
    bar: &'a ProgressBar,
}

impl Worker<'_> {
    /// Takes seeds until there are none.
    fn work(self, send: &mpsc::Sender<Result<Done, Failure>>) {
        loop {
            let next = self.next.lock().ok().and_then(|mut seeds| seeds.next());
            let Some(seed) = next.filter(|_| !self.stop.load(Ordering::Relaxed)) else { return };
            let Some(row) = self.run(seed).transpose() else { return };
            // Nobody listens once the table cannot be written.
            if send.send(row).is_err() {
                return;
            }
        }
    }

    /// Trains with one seed; nothing when it was stopped.
    fn run(self, seed: u64) -> Result<Option<Done>, Failure> {
        let folder = Folder::new(&self.args.out.join(folder_of(seed)), self.args.existing)?;
        let mut given = self.given.clone();
        given.insert("seed".into(), Value::from(seed));
        let mut trainer = folder.trainer(&given, self.args.existing.resume)?;
        let mut before = trainer.progress().step;
        self.bar.inc(before);
        folder.write(&trainer)?;
        let ended = go_on(&mut trainer, &folder, self.stop, |trainer, _| {
            let step = trainer.progress().step;
            self.bar.inc(step.saturating_sub(before));
            before = step;
            Ok(())
        });
        match ended {
            Ok(true) => done(seed, &trainer, "done").map(Some),
            Ok(false) => Ok(None),
            Err(Failure::Bad(_)) if trainer.diverged() => {
                done(seed, &trainer, "diverged").map(Some)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// What became of a run.
fn done(seed: u64, trainer: &Trainer, outcome: &str) -> Result<Done, Failure> {
    let best = trainer.best().map_err(|e| bad(Path::new(TABLE), e))?;
    let name = folder_of(seed);
    let Outcome { step, best_step, val_exact, half_step, .. } = trainer.outcome();
    let seconds = trainer.history().log().last().and_then(|e| e.wall_time).unwrap_or(0.0);
    let first_half = half_step;
    let outcome = outcome.to_owned();
    let run = OfRun { seed, steps: step, val_exact, first_half, seconds, outcome };
    let row = Row { run: Some(run), ..Row::new(name, Some(best_step), &best.model) };
    Ok(Done { told: told(&row), row })
}

/// How a run ended, in a line.
fn told(row: &Row) -> String {
    let Row { adderboard_passed, adderboard_total, exact, .. } = row;
    let OfRun { seed, steps, val_exact, seconds, outcome, .. } =
        row.run.clone().unwrap_or_default();
    let is_all = *exact == Some(additions(DIGITS));
    let proven = if is_all { ", right on all 10^20 additions" } else { "" };
    let best = row.step.unwrap_or(0);
    format!(
        "seed {seed}: {outcome} at step {steps}, best {:.2} % exact at step {best}, \
         AdderBoard {adderboard_passed} of {adderboard_total}{proven}, {seconds:.1} s",
        100.0 * val_exact
    )
}

/// The folder of a seed, and what its row is called.
fn folder_of(seed: u64) -> String {
    format!("seed-{seed}")
}
