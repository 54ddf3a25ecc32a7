//! `adderscope table`.

use super::files::{bad, extension, open, read, say, write};
use super::sweep;
use super::{Failure, print_json};
use adderscope::analysis::table::{By, Row, header, sort};
use adderscope::json;
use adderscope::numbers::words::{fixed, grouped, number};
use adderscope::train::RunFile;
use clap::ValueEnum;
use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Rows of one table.
const MOST_ROWS: usize = 1_000_000;

/// How checkpoints' names end.
const CHECKPOINTS: [&str; 11] =
    ["pt", "pth", "ckpt", "bin", "safetensors", "json", "npz", "pkl", "zip", "tar", "gz"];

/// Which checkpoints, and how they are told.
#[derive(clap::Args)]
pub struct Args {
    /// Checkpoints, folders of them, folders of runs, folders of sweeps or their tables.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Sort order.
    #[arg(long, value_enum, default_value = "right")]
    sort: SortArg,
    /// Where to write the table as CSV instead of printing it.
    #[arg(short, long, value_name = "FILE.csv", conflicts_with = "json")]
    output: Option<PathBuf>,
    /// One JSON object instead of a table for people.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum SortArg {
    /// The most of all additions right.
    Right,
    /// Names in their order, seeds as numbers.
    Name,
    /// The fewest learned numbers.
    Parameters,
    /// The best score on AdderBoard's suite.
    Adderboard,
    /// Largest closest call first.
    Closest,
}

impl From<SortArg> for By {
    fn from(arg: SortArg) -> By {
        match arg {
            SortArg::Right => By::Right,
            SortArg::Name => By::Name,
            SortArg::Parameters => By::Parameters,
            SortArg::Adderboard => By::Adderboard,
            SortArg::Closest => By::Closest,
        }
    }
}

/// What a path holds.
#[derive(Default)]
struct Found {
    /// Rows that a sweep wrote.
    rows: Vec<Row>,
    /// What they say, but for seconds.
    told: HashSet<Vec<String>>,
    /// Checkpoints to look at, by what they are called, and whether it was named itself.
    checkpoints: Vec<(String, PathBuf, bool)>,
}

/// A table of many models.
pub fn table(args: &Args) -> Result<ExitCode, Failure> {
    let mut found = Found::default();
    for path in &args.paths {
        found.look(path)?;
    }
    let mut rows = found.rows;
    rows.extend(made(&found.checkpoints)?);
    if rows.len() > MOST_ROWS {
        return Err(Failure::Bad(format!("{} rows are more than {MOST_ROWS}", rows.len())));
    }
    sort(&mut rows, args.sort.into());
    if let Some(to) = &args.output {
        write(to, csv(&rows)?.as_bytes())?;
    } else if args.json {
        print_json(&json::table(&rows))?;
    } else {
        print(&mut io::stdout().lock(), &rows)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Rows as CSV, with a header.
pub fn csv(rows: &[Row]) -> Result<String, Failure> {
    let failed = |e: csv::Error| Failure::Bad(format!("the table cannot be written: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header()).map_err(failed)?;
    for row in rows {
        writer.write_record(row.cells()).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The rows of a table that [`csv`] wrote.
pub fn read_rows(path: &Path) -> Result<Vec<Row>, Failure> {
    let bytes = read(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let theirs = reader.headers().map_err(|e| bad(path, e))?;
    if theirs != header().as_slice() {
        let words = "it is no table of this version: go on with its sweep (--resume), or name the folders of its seeds";
        return Err(bad(path, words));
    }
    let mut rows = Vec::new();
    for (at, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|e| bad(path, e))?;
        let row = Row::of_cells(&record.iter().collect::<Vec<_>>());
        rows.push(row.ok_or_else(|| bad(path, format!("line {at} is no row of a table")))?);
        if rows.len() > MOST_ROWS {
            return Err(bad(path, format!("more than {MOST_ROWS} rows")));
        }
    }
    Ok(rows)
}

/// What a path is called: its last part.
fn called(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

impl Found {
    fn look(&mut self, path: &Path) -> Result<(), Failure> {
        if !path.is_dir() {
            return self.file(path, true);
        }
        if path.join(sweep::TABLE).is_file() {
            return self.file(&path.join(sweep::TABLE), true);
        }
        if path.join(RunFile::Best.name()).is_file() {
            self.checkpoints.push((called(path), path.join(RunFile::Best.name()), true));
            return Ok(());
        }
        let before = self.checkpoints.len() + self.rows.len();
        let mut inner = Vec::new();
        for entry in fs::read_dir(path).map_err(|e| bad(path, e))? {
            inner.push(entry.map_err(|e| bad(path, e))?.path());
            if inner.len() > MOST_ROWS {
                return Err(bad(path, format!("the folder holds more than {MOST_ROWS} files")));
            }
        }
        inner.sort();
        for path in inner.iter().filter(|path| !called(path).starts_with('.')) {
            if path.join(sweep::TABLE).is_file() || path.join(RunFile::Best.name()).is_file() {
                self.look(path)?;
            } else if path.is_file() && CHECKPOINTS.contains(&extension(path).as_str()) {
                self.file(path, false)?;
            }
        }
        if self.checkpoints.len() + self.rows.len() == before {
            return Err(bad(path, "the folder holds no checkpoint, run or sweep"));
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, is_named: bool) -> Result<(), Failure> {
        if extension(path) != "csv" {
            self.checkpoints.push((called(path), path.to_owned(), is_named));
            return Ok(());
        }
        for row in read_rows(path)? {
            // A seed that two parts have trained is one row, but for its seconds.
            if self.told.insert(without_seconds(&row)) {
                self.rows.push(row);
            }
        }
        Ok(())
    }
}

fn without_seconds(row: &Row) -> Vec<String> {
    let mut row = row.clone();
    if let Some(run) = &mut row.run {
        run.seconds = 0.0;
    }
    row.cells()
}

/// Rows of checkpoints, on all cores. Of a folder, what is none is left out, and that is said.
fn made(checkpoints: &[(String, PathBuf, bool)]) -> Result<Vec<Row>, Failure> {
    let row = |(name, path, _): &(String, PathBuf, bool)| {
        let checkpoint = open(path)?;
        Ok(Row::new(name.clone(), checkpoint.about.step, &checkpoint.model))
    };
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(checkpoints.len());
    let work = || {
        let mut made: Vec<(usize, Result<Row, Failure>)> = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(checkpoint) = checkpoints.get(at) else { return made };
            made.push((at, row(checkpoint)));
        }
    };
    let all: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.flat_map(|made| made.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let mut rows = Vec::new();
    for (at, made) in all {
        match made {
            Ok(row) => rows.push(row),
            Err(Failure::Bad(why)) if !checkpoints[at].2 => say([&format!("left out: {why}")]),
            Err(failure) => return Err(failure),
        }
    }
    Ok(rows)
}

fn print(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "{:<width$}{:>6}{:>10}{:>12}{:>28}{:>10}  place value of a column over the one before, 1 to 9",
        "name", "p", "step", "AdderBoard", "right, of 10^20", "closest"
    )?;
    for row in rows {
        let step = row.step.map_or_else(|| "–".to_owned(), grouped);
        let right = row.exact.map_or_else(|| "not decided".to_owned(), grouped);
        let closest = row.closest.map_or_else(|| "–".to_owned(), |lead| fixed(lead, 3));
        let ratio = |ratio: &Option<f64>| ratio.map_or_else(|| "–".to_owned(), number);
        let ratios = match row.ratios.as_slice() {
            [] => "several numbers".to_owned(),
            ratios => ratios.iter().map(ratio).collect::<Vec<_>>().join(" "),
        };
        let (name, parameters) = (&row.name, row.parameters);
        let board = grouped(row.adderboard_passed as u64);
        writeln!(
            out,
            "{name:<width$}{parameters:>6}{step:>10}{board:>12}{right:>28}{closest:>10}  {ratios}"
        )?;
    }
    Ok(())
}
