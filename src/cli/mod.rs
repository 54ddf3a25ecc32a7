//! One file per command, and what they share.

mod addition;
mod certificate;
mod compare;
mod convert;
mod figure;
mod files;
mod folder;
mod intervene;
mod link;
mod patch;
mod picture;
mod prove;
mod report;
mod robust;
mod settings;
mod site;
mod submission;
mod sweep;
mod table;
mod train;
mod verify;

use adderscope::figure::Theme;
use adderscope::task::addition::{Alignment, DIGITS, MAX_SUMMAND};
use adderscope::task::sampling::ADDERBOARD_PAIRS;
use clap::{Parser, Subcommand, ValueEnum};
use intervene::Switches;
use serde_json::Value;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// What `--version` prints: the version, and the commit that it was built from.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("ADDERSCOPE_COMMIT"), ")");

/// Looks into MicroAdder checkpoints (.pt, .safetensors or .json).
#[derive(Parser)]
#[command(version = VERSION, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
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
    /// The model's own answer to one addition, as on paper; one of its digits step by step.
    Addition(addition::Args),
    /// One digit of an addition with ways from another addition: its own token, X and Y of its column, X and Y of the column
    /// before, Z of the column before; all sixteen combinations.
    Patch(patch::Args),
    /// How one number was made, in an addition.
    Explain {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// First summand, at most ten digits.
        #[arg(value_parser = summand)]
        a: u64,
        /// Second summand, at most ten digits.
        #[arg(value_parser = summand)]
        b: u64,
        /// The number: `logits:Z4/7`, `hidden:Z4/0`, `attention:Z4/X4`, `norm:1/2`, `weight:fc1.weight/3`, ….
        item: String,
        /// One JSON object instead of a list of terms.
        #[arg(long)]
        json: bool,
    },
    /// The AdderBoard suite; exits 1 when the model does not qualify.
    Verify {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// Seed of the random pairs, or `random` for a fresh one [default: 2025].
        #[arg(long)]
        seed: Option<String>,
        /// How many random pairs come after the ten edge cases; or a file of pairs, one to a line, to ask those alone.
        #[arg(long, default_value_t = ADDERBOARD_PAIRS.to_string())]
        pairs: String,
        /// One JSON object instead of a summary.
        #[arg(long)]
        json: bool,
    },
    /// Decides all 10^20 additions in exact arithmetic; exits 1 when some are wrong, 3 when it is not decided.
    Prove {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// Only additions of numbers of at most this many digits.
        #[arg(long, default_value_t = DIGITS as u64,
              value_parser = clap::value_parser!(u64).range(1..=DIGITS as u64))]
        digits: u64,
        /// Where to write a certificate, for `tools/check_certificate.py`.
        #[arg(long, conflicts_with = "off")]
        certificate: Option<PathBuf>,
        /// Stop after this many seconds and tell what is decided by then.
        #[arg(long, default_value_t = prove::SECONDS,
              value_parser = clap::value_parser!(u64).range(1..=prove::MOST_SECONDS))]
        seconds: u64,
        #[command(flatten)]
        switches: Switches,
        /// One JSON object instead of a summary.
        #[arg(long)]
        json: bool,
    },
    /// Two models: facts, weights, and how many of all 10^20 additions one answers right and the other wrong; exits 1 when
    /// there are any, 3 when that is not decided.
    Compare(compare::Args),
    /// How far each number can go before an answer is wrong; the fewest decimals; accuracy over two numbers.
    Robust(robust::Args),
    /// The twelve panels of the script as one picture, or any panel.
    Figure(figure::Args),
    /// The same checkpoint in another format.
    Convert {
        /// The checkpoint: `.pt`, `.safetensors` or `.json`.
        input: PathBuf,
        /// Where to write: `.safetensors` or `.json`.
        output: PathBuf,
    },
    /// A link with the model in it: it opens on any page of AdderScope, which computes everything else.
    Link(link::Args),
    /// Takes a link apart: writes its model, and prints what else it asks for.
    Open {
        /// The link, or what follows its `#`.
        link: String,
        /// Where to write: `.safetensors` or `.json`.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Builds a static site: the page with your own models in its gallery.
    Site(site::Args),
    /// A model as one Python file for AdderBoard, with `build_model` and `add`, over NumPy alone.
    Submission {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// Where to write: `.py`.
        #[arg(short, long)]
        output: PathBuf,
        /// The model's name on the board [default: the checkpoint's].
        #[arg(long)]
        name: Option<String>,
    },
    /// Trains a model: writes best.safetensors, last.safetensors, history.safetensors,
    /// log.jsonl, settings.json and run.safetensors (to go on from) as it learns.
    Train(train::Args),
    /// Many checkpoints, a row each; puts the parts of a sweep together.
    Table(table::Args),
    /// Trains with many seeds, on all cores, and writes a table of what became of them.
    Sweep(sweep::Args),
}

/// What `report` and `figure` read beside the checkpoint.
#[derive(clap::Args)]
pub struct Reading {
    /// The run's log (JSON Lines).
    #[arg(long)]
    log: Option<PathBuf>,
    /// How answer rows are chosen and named.
    #[arg(long, value_enum, default_value = "answer")]
    alignment: AlignmentArg,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum AlignmentArg {
    /// By the digit that a row predicts.
    Answer,
    /// As the original script does, one row late.
    Script,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ThemeArg {
    /// Dark on white.
    Light,
    /// Light on black.
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

/// Why a command stopped.
pub enum Failure {
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

/// Does what was asked.
pub fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Report { checkpoint, reading, json } => {
            report::report(&checkpoint, &reading, json)
        }
        Command::Trace { checkpoint, a, b, json } => report::trace(&checkpoint, (a, b), json),
        Command::Addition(args) => addition::addition(&args),
        Command::Patch(args) => patch::patch(&args),
        Command::Explain { checkpoint, a, b, item, json } => {
            report::explain(&checkpoint, (a, b), &item, json)
        }
        Command::Verify { checkpoint, seed, pairs, json } => {
            verify::verify(&checkpoint, seed.as_deref(), &pairs, json)
        }
        Command::Prove { checkpoint, digits, certificate, seconds, switches, json } => {
            let asked = prove::Asked { digits: digits as usize, seconds, switches };
            prove::prove(&checkpoint, &asked, certificate.as_deref(), json)
        }
        Command::Compare(args) => compare::compare(&args),
        Command::Robust(args) => robust::robust(&args),
        Command::Figure(args) => figure::draw(&args),
        Command::Convert { input, output } => convert::convert(&input, &output),
        Command::Link(args) => link::link(&args),
        Command::Open { link, output } => link::open(&link, &output),
        Command::Site(args) => site::site(&args),
        Command::Submission { checkpoint, output, name } => {
            submission::submission(&checkpoint, &output, name.as_deref())
        }
        Command::Train(args) => train::train(args),
        Command::Table(args) => table::table(&args),
        Command::Sweep(args) => sweep::sweep(args),
    }
}

/// A line of what goes on meanwhile. Work that is saved as it goes is not for its listener alone: where nobody reads any
/// more it goes on.
fn say(line: impl Display) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

fn print_json(value: &Value) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{value:#}")?)
}
