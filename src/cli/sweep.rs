//! `adderscope sweep`.

use super::files::{bad, write};
use super::folder::{Existing, Folder, claim};
use super::settings::SettingArgs;
use super::train::{INTERRUPTED, go_on, interruption, style};
use super::{Failure, say};
use adderscope::analysis::adderboard::Score;
use adderscope::model::Engine;
use adderscope::train::{Outcome, Trainer, all_additions, settings::MAX_SEED};
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

/// The table, in the folder of the sweep.
const TABLE: &str = "sweep.csv";
const HEADER: &str = "seed,steps,val_exact,best_step,adderboard_passed,adderboard_total,\
                      exact,first_half,seconds,outcome";

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

/// A finished run, as a row of the table.
struct Row {
    seed: u64,
    cells: String,
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
    let count = args.seeds.end - args.seeds.start;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let jobs = args
        .jobs
        .map_or(cores, NonZero::get)
        .min(MOST_JOBS)
        .min(usize::try_from(count).unwrap_or(cores));
    let bar = ProgressBar::with_draw_target(
        Some(count.saturating_mul(steps)),
        ProgressDrawTarget::stderr(),
    )
    .with_style(style());

    let next = AtomicU64::new(args.seeds.start);
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

/// The rows of the table that a sweep goes on with, by seed.
fn before(args: &Args) -> BTreeMap<u64, String> {
    // Whatever cannot be read is made again from the folders of the seeds.
    let text = fs::read_to_string(args.out.join(TABLE)).unwrap_or_default();
    let rows = text.lines().filter(|_| args.existing.resume).filter_map(|line| {
        let seed = line.split(',').next()?.parse().ok()?;
        // Tables from before there were as many columns are made again.
        if line.split(',').count() != HEADER.split(',').count() {
            return None;
        }
        Some((seed, line.to_owned()))
    });
    rows.collect()
}

/// Writes the table anew with every run that ends, and says how it ended.
fn collect(
    args: &Args,
    rows: &mpsc::Receiver<Result<Row, Failure>>,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let mut table = before(args);
    for row in rows {
        let row = row?;
        table.insert(row.seed, row.cells);
        let lines: String = table.values().map(|cells| format!("{cells}\n")).collect();
        write(&args.out.join(TABLE), format!("{HEADER}\n{lines}").as_bytes())?;
        bar.suspend(|| say(&row.told))?;
    }
    Ok(())
}

/// One thread of a sweep.
#[derive(Clone, Copy)]
struct Worker<'a> {
    args: &'a Args,
    given: &'a Map<String, Value>,
    next: &'a AtomicU64,
    stop: &'a AtomicBool,
    bar: &'a ProgressBar,
}

impl Worker<'_> {
    /// Takes seeds until there are none.
    fn work(self, send: &mpsc::Sender<Result<Row, Failure>>) {
        loop {
            let seed = self.next.fetch_add(1, Ordering::Relaxed);
            if seed >= self.args.seeds.end || self.stop.load(Ordering::Relaxed) {
                return;
            }
            let Some(row) = self.run(seed).transpose() else { return };
            // Nobody listens once the table cannot be written.
            if send.send(row).is_err() {
                return;
            }
        }
    }

    /// Trains with one seed; nothing when it was stopped.
    fn run(self, seed: u64) -> Result<Option<Row>, Failure> {
        let folder = Folder::new(&self.args.out.join(format!("seed-{seed}")), self.args.existing)?;
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
            Ok(true) => row(seed, &trainer, "done").map(Some),
            Ok(false) => Ok(None),
            Err(Failure::Bad(_)) if trainer.diverged() => row(seed, &trainer, "diverged").map(Some),
            Err(failure) => Err(failure),
        }
    }
}

/// What became of a run.
fn row(seed: u64, trainer: &Trainer, outcome: &str) -> Result<Row, Failure> {
    let best = trainer.best().map_err(|e| bad(Path::new(TABLE), e))?;
    let Score { passed, total, .. } = Engine::new(&best.model).score();
    let all = all_additions(&best.model);
    let exact = all.right().map_or_else(String::new, |right| right.to_string());
    let proven = if all.proven() { ", right on all 10^20 additions" } else { "" };
    let Outcome { step, best_step, val_exact, half_step, .. } = trainer.outcome();
    let half = half_step.map_or_else(String::new, |step| step.to_string());
    let seconds = trainer.history().log().last().and_then(|e| e.wall_time).unwrap_or(0.0);
    Ok(Row {
        seed,
        cells: format!(
            "{seed},{step},{val_exact},{best_step},{passed},{total},{exact},{half},{seconds:.1},{outcome}"
        ),
        told: format!(
            "seed {seed}: {outcome} at step {step}, best {:.2} % exact at step {best_step}, \
             AdderBoard {passed} of {total}{proven}, {seconds:.1} s",
            100.0 * val_exact
        ),
    })
}
