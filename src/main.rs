//! The command line: `adderscope report | trace | verify | figure | convert`.
//!
//! A thin peer of the page: it reads files, calls the library and prints.
//! Exit codes: 0 done, 1 not qualified (`verify`), 2 bad input.

use adderscope::addition::{Alignment, MAX_SUMMAND};
use adderscope::analysis::trace::trace;
use adderscope::checkpoint::{self, Checkpoint, Format};
use adderscope::figure::{self, Content, Frame, PANELS, Theme};
use adderscope::model::Engine;
use adderscope::sampling::{self, ADDERBOARD_PAIRS, ADDERBOARD_SEED};
use adderscope::session::{File, Loaded, Session};
use adderscope::words::grouped;
use clap::{Parser, Subcommand, ValueEnum, error::ErrorKind};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Most random pairs that `verify` takes; ten million keep a list of failures that fits in memory.
const MAX_PAIRS: u64 = 10_000_000;
/// Width of a panel on its own, in CSS pixels.
const PANEL_WIDTH: f64 = 720.0;
/// Pixels of a PNG per CSS pixel.
const PNG_SCALE: f32 = 2.0;

/// Looks into MicroAdder checkpoints (.pt, .safetensors or .json).
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All analyses of a checkpoint.
    Report {
        /// The checkpoint.
        checkpoint: PathBuf,
        #[command(flatten)]
        reading: Reading,
        /// One JSON object instead of a summary.
        #[arg(long)]
        json: bool,
    },
    /// One addition with every intermediate.
    Trace {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// First summand, at most ten digits.
        #[arg(value_parser = summand)]
        a: u64,
        /// Second summand, at most ten digits.
        #[arg(value_parser = summand)]
        b: u64,
        /// One JSON object instead of a summary.
        #[arg(long)]
        json: bool,
    },
    /// The AdderBoard suite; exits 1 when the model does not qualify.
    Verify {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// Seed of the random pairs, or `random` for a fresh one.
        #[arg(long, default_value_t = ADDERBOARD_SEED.to_string())]
        seed: String,
        /// Random pairs after the ten edge cases.
        #[arg(long, default_value_t = ADDERBOARD_PAIRS as u64,
              value_parser = clap::value_parser!(u64).range(..=MAX_PAIRS))]
        pairs: u64,
        /// One JSON object instead of a summary.
        #[arg(long)]
        json: bool,
    },
    /// The twelve panels as one picture.
    Figure {
        /// The checkpoint.
        checkpoint: PathBuf,
        #[command(flatten)]
        reading: Reading,
        /// Colours.
        #[arg(long, value_enum, default_value = "light")]
        theme: ThemeArg,
        /// One panel only, by its key.
        #[arg(long)]
        panel: Option<String>,
        /// Where to write: `.svg` or `.png`.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// The same checkpoint in another format.
    Convert {
        /// The checkpoint: `.pt`, `.safetensors` or `.json`.
        input: PathBuf,
        /// Where to write: `.safetensors` or `.json`.
        output: PathBuf,
    },
}

/// What `report` and `figure` read beside the checkpoint.
#[derive(clap::Args)]
struct Reading {
    /// The run's log (JSON Lines).
    #[arg(long)]
    log: Option<PathBuf>,
    /// How answer rows are chosen and named.
    #[arg(long, value_enum, default_value = "answer")]
    alignment: AlignmentArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum AlignmentArg {
    /// By the digit that a row predicts.
    Answer,
    /// As the original script does, one row late.
    Script,
}

#[derive(Clone, Copy, ValueEnum)]
enum ThemeArg {
    Light,
    Dark,
}

impl From<AlignmentArg> for Alignment {
    fn from(arg: AlignmentArg) -> Alignment {
        match arg {
            AlignmentArg::Answer => Alignment::Answer,
            AlignmentArg::Script => Alignment::Script,
        }
    }
}

impl From<ThemeArg> for Theme {
    fn from(arg: ThemeArg) -> Theme {
        match arg {
            ThemeArg::Light => Theme::Light,
            ThemeArg::Dark => Theme::Dark,
        }
    }
}

fn summand(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|&n: &u64| n <= MAX_SUMMAND);
    number.ok_or_else(|| format!("a summand is a whole number from 0 to {MAX_SUMMAND}"))
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match run(cli.command) {
        Ok(code) => code,
        Err(Failure::Bad(message)) => complain(&message),
        // Whoever read our output has enough of it.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Failure::Output(error)) => complain(&format!("standard output: {error}")),
    }
}

/// Help and version go to the reader; a wrong call is one line and exit 2.
fn usage(error: &clap::Error) -> ExitCode {
    let informs = [
        ErrorKind::DisplayHelp,
        ErrorKind::DisplayVersion,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
    ];
    if informs.contains(&error.kind()) {
        return if error.print().is_ok() {
            ExitCode::from(error.exit_code() as u8)
        } else {
            ExitCode::from(2)
        };
    }
    let text = error.render().to_string();
    let what: Vec<&str> =
        text.split("\n\n").next().unwrap_or_default().lines().map(str::trim).collect();
    complain(&format!("{} (see adderscope --help)", what.join(" ").trim_start_matches("error: ")))
}

fn complain(message: &str) -> ExitCode {
    // Nothing is left to do where even standard error is closed.
    let _ = writeln!(io::stderr(), "adderscope: {message}");
    ExitCode::from(2)
}

/// Why a command stopped.
enum Failure {
    /// Bad input: what, where and what to do.
    Bad(String),
    /// Standard output could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Report { checkpoint, reading, json } => report(&checkpoint, &reading, json),
        Command::Trace { checkpoint, a, b, json } => print_trace(&checkpoint, (a, b), json),
        Command::Verify { checkpoint, seed, pairs, json } => {
            verify(&checkpoint, &seed, pairs, json)
        }
        Command::Figure { checkpoint, reading, theme, panel, output } => {
            draw(&checkpoint, &reading, theme.into(), panel.as_deref(), &output)
        }
        Command::Convert { input, output } => convert(&input, &output),
    }
}

fn bad(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::Bad(format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let size = fs::metadata(path).map_err(|e| bad(path, e))?.len();
    checkpoint::check_size(size).map_err(|e| bad(path, e))?;
    fs::read(path).map_err(|e| bad(path, e))
}

fn open(path: &Path) -> Result<Checkpoint, Failure> {
    checkpoint::open(&read(path)?).map_err(|e| bad(path, e))
}

/// Opens a checkpoint with its log, as a page would that gets both.
fn load(path: &Path, log: Option<&PathBuf>) -> Result<Loaded, Failure> {
    let file = |path: &Path| {
        Ok::<File, Failure>(File { name: path.display().to_string(), bytes: read(path)? })
    };
    let mut files = vec![file(path)?];
    if let Some(log) = log {
        let log = file(log)?;
        // A checkpoint given as the log would be opened as a second checkpoint.
        checkpoint::read_log(&log.bytes).map_err(|e| Failure::Bad(format!("{}: {e}", log.name)))?;
        files.push(log);
    }
    Session::load(files).map_err(|e| Failure::Bad(e.to_string()))
}

fn print_json(value: &Value) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{value:#}")?)
}

fn report(path: &Path, reading: &Reading, json: bool) -> Result<ExitCode, Failure> {
    let loaded = load(path, reading.log.as_ref())?;
    let (report, alignment) = (&loaded.report, reading.alignment.into());
    if json {
        print_json(&report.to_json(alignment))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    for fact in loaded.summary().facts {
        writeln!(out, "{:<28} {}", fact.label, fact.value)?;
    }
    writeln!(out)?;
    for (name, count) in &report.parameter_breakdown {
        writeln!(out, "{count:>5}  {name}")?;
    }
    for spec in PANELS {
        let panel = (spec.build)(report, alignment);
        let text = match &panel.content {
            Content::Note(note) => note,
            Content::Chart(_) => &panel.sentence,
        };
        writeln!(out, "\n{}. {}  {}\n    {text}", spec.number, spec.title, panel.aside)?;
    }
    for note in &loaded.checkpoint.notes {
        writeln!(out, "\nNote: {note}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_trace(path: &Path, (a, b): (u64, u64), json: bool) -> Result<ExitCode, Failure> {
    let trace = trace(&open(path)?.model, a, b);
    if json {
        print_json(&json!(trace))?;
    } else {
        let verdict = if trace.correct { "right" } else { "wrong" };
        writeln!(io::stdout(), "{a} + {b} = {}  ({verdict}; the sum is {})", trace.answer, a + b)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(path: &Path, seed: &str, pairs: u64, json: bool) -> Result<ExitCode, Failure> {
    let seed = match seed {
        "random" => sampling::fresh_seed(),
        text => text.parse().map_err(|_| {
            Failure::Bad(format!("--seed {text}: a seed is a whole number, or the word random"))
        })?,
    };
    let checkpoint = open(path)?;
    let engine = Engine::new(&checkpoint.model);
    let score = engine.verify(sampling::adderboard(seed, pairs as usize));
    if json {
        let mut value = json!(score);
        value["seed"] = json!(seed);
        print_json(&value)?;
    } else {
        let verdict = if score.qualified { "qualified" } else { "not qualified" };
        let (passed, total) = (grouped(score.passed as u64), grouped(score.total as u64));
        writeln!(io::stdout(), "{passed} of {total} right with seed {seed}: {verdict}")?;
        for f in score.failures.iter().take(20) {
            writeln!(io::stdout(), "{} + {} = {}, not {}", f.a, f.b, f.expected, f.got)?;
        }
        if score.failures.len() > 20 {
            let more = grouped(score.failures.len() as u64 - 20);
            writeln!(io::stdout(), "and {more} more (--json lists all)")?;
        }
    }
    Ok(if score.qualified { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn no_panel(key: &str) -> Failure {
    let keys: Vec<&str> = PANELS.iter().map(|p| p.key).collect();
    Failure::Bad(format!("--panel {key}: the panels are {}", keys.join(", ")))
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn draw(
    path: &Path,
    reading: &Reading,
    theme: Theme,
    panel: Option<&str>,
    output: &Path,
) -> Result<ExitCode, Failure> {
    let kind = extension(output);
    if !["svg", "png"].contains(&kind.as_str()) {
        return Err(bad(output, "a figure is written as .svg or .png"));
    }
    let loaded = load(path, reading.log.as_ref())?;
    let (report, alignment) = (&loaded.report, reading.alignment.into());
    let svg = match panel {
        None => figure::figure_svg(report, alignment, theme),
        Some(key) => {
            let spec = figure::panel(key).ok_or_else(|| no_panel(key))?;
            let panel = (spec.build)(report, alignment);
            let height = figure::titled_height(spec, &panel, PANEL_WIDTH);
            let frame = Frame { width: PANEL_WIDTH, height, theme, title: true };
            figure::panel_svg(spec, &panel, frame)
        }
    };
    let svg = svg.map_err(|e| bad(output, e))?;
    let bytes = match kind.as_str() {
        "svg" => svg.into_bytes(),
        _ => figure::png(&svg, PNG_SCALE).map_err(|e| bad(output, e))?,
    };
    write(output, &bytes)
}

fn convert(input: &Path, output: &Path) -> Result<ExitCode, Failure> {
    let format = match extension(output).as_str() {
        "safetensors" => Format::Safetensors,
        "json" => Format::Json,
        "pt" => return Err(bad(output, ".pt is read only: write .safetensors or .json")),
        _ => return Err(bad(output, "the format is told by the ending: .safetensors or .json")),
    };
    let checkpoint = open(input)?;
    let bytes = checkpoint::export(&checkpoint.raw, format).map_err(|e| bad(input, e))?;
    write(output, &bytes)
}

/// Writes beside the target and renames, so that a full disk spoils nothing.
fn write(path: &Path, bytes: &[u8]) -> Result<ExitCode, Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        // The half-written copy may not even be there.
        let _ = fs::remove_file(&part);
        bad(path, error)
    })?;
    Ok(ExitCode::SUCCESS)
}
