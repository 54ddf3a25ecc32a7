//! `adderscope link` and `adderscope open`: a model in the address of a page, and out of it.

use super::files::{bad, format_of, read, say, write};
use super::{AlignmentArg, Failure, summand};
use adderscope::figure;
use adderscope::formats::{self, History, Kind, Raw, link, read_raw, sniff};
use adderscope::model::Edit;
use adderscope::task::addition::ANSWER_DIGITS;
use clap::ValueEnum;
use form_urlencoded::{Serializer, parse};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What the page is laid out as.
#[derive(Clone, Copy, ValueEnum)]
pub enum ViewArg {
    /// The sum first.
    Addition,
    /// The twelve panels.
    Panels,
    /// The twelve panels on one screen.
    Overview,
    /// The map of all additions.
    Map,
}

/// What a link holds.
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint.
    checkpoint: PathBuf,
    /// The snapshot of a run at this training step [default: the one that the run opens with].
    #[arg(long)]
    step: Option<u64>,
    /// First summand of the addition that is looked at.
    #[arg(long, value_parser = summand, requires = "b")]
    a: Option<u64>,
    /// Second summand.
    #[arg(long, value_parser = summand, requires = "a")]
    b: Option<u64>,
    /// The answer digit that is looked at, 0 for Z0, the ones digit.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(..ANSWER_DIGITS as u64))]
    digit: Option<u64>,
    /// The layout of the page.
    #[arg(long, value_enum)]
    view: Option<ViewArg>,
    /// The panel that is open large, by its key.
    #[arg(long)]
    panel: Option<String>,
    /// How answer rows are chosen and named.
    #[arg(long, value_enum)]
    alignment: Option<AlignmentArg>,
    /// The page that the link leads to [default: print only the part from `#` on].
    #[arg(long, value_name = "URL", default_value = "")]
    page: String,
}

/// Prints a link with a model in it.
pub fn link(args: &Args) -> Result<ExitCode, Failure> {
    let Args { checkpoint, step, panel, page, .. } = args;
    let raw = snapshot(checkpoint, *step)?;
    let name = checkpoint.file_name().unwrap_or_default().to_string_lossy();
    let weights = link::to_link(&raw, &name).map_err(|e| bad(checkpoint, e))?;
    if let Some(key) = panel {
        figure::panel(key).ok_or_else(|| super::figure::no_panel(key))?;
    }
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let fields = [
        ("a", number(args.a)),
        ("b", number(args.b)),
        ("digit", number(args.digit)),
        ("alignment", args.alignment.as_ref().map(word)),
        ("view", args.view.as_ref().map(word)),
        ("panel", panel.clone()),
    ];
    let mut link = Serializer::new(weights);
    for (key, value) in fields {
        if let Some(value) = value {
            link.append_pair(key, &value);
        }
    }
    writeln!(io::stdout(), "{}#{}", page.trim_end_matches('#'), link.finish())?;
    Ok(ExitCode::SUCCESS)
}

/// What a choice is called.
fn word<Choice: ValueEnum>(choice: &Choice) -> String {
    choice.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// A checkpoint, or of a run the snapshot at a step.
fn snapshot(path: &Path, step: Option<u64>) -> Result<Raw, Failure> {
    let bytes = read(path)?;
    let raw = match (step, sniff(&bytes)) {
        (None, _) => read_raw(&bytes),
        (Some(step), Kind::History | Kind::Run) => {
            let history = History::read(&bytes).map_err(|e| bad(path, e))?;
            let mut steps = history.log().iter().map(|entry| entry.step);
            let Some(index) = steps.position(|each| each == step) else {
                let nearest = history.log().iter().map(|entry| entry.step);
                let nearest = nearest.min_by_key(|each| each.abs_diff(step)).unwrap_or_default();
                let what =
                    format!("the run has no snapshot at step {step}: the nearest is {nearest}");
                return Err(bad(path, what));
            };
            history.snapshot(index)
        }
        (Some(_), _) => return Err(bad(path, "--step is of runs, and this is one checkpoint")),
    };
    raw.map_err(|e| bad(path, e))
}

/// Takes a link apart: writes the model that it holds, and prints what else it asks for.
pub fn open(text: &str, output: &Path) -> Result<ExitCode, Failure> {
    let format = format_of(output)?;
    let fields = link::fields_in(text);
    let mut edits = Vec::new();
    let mut others = Vec::new();
    for (key, value) in parse(fields.as_bytes()) {
        match &*key {
            "weights" => {}
            "model" => {
                let what = format!(
                    "the link names {value}, which comes with the page and is not in the link: open it there, and \
                     download it"
                );
                return Err(Failure::Bad(formats::in_a_line("", what)));
            }
            "edits" => edits = edits_in(&value)?,
            _ => others.push(formats::in_a_line("", format!("{key} = {value}"))),
        }
    }
    let failed = |error: formats::Error| Failure::Bad(formats::in_a_line("", error));
    let raw = link::read(fields.as_bytes()).map_err(failed)?;
    let notes = formats::checkpoint(&raw).map_err(|e| failed(e.into()))?.about.notes;
    let raw = raw.edited(&edits).map_err(failed)?;
    say(&notes);
    write(output, &formats::export(&raw, format).map_err(failed)?)?;
    if !others.is_empty() {
        writeln!(io::stdout(), "the link also asks for {}", others.join(", "))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Edits as an address has them: `fc1.weight~3:0.5,…`.
fn edits_in(text: &str) -> Result<Vec<Edit>, Failure> {
    let edit = |text: &str| {
        let (name, rest) = text.split_once('~')?;
        let (index, value) = rest.split_once(':')?;
        let (index, value) = (index.parse().ok()?, value.parse().ok()?);
        Some(Edit { name: name.to_owned(), index, value })
    };
    let edits: Option<Vec<Edit>> = text.split(',').map(edit).collect();
    let words = || "the link's edits cannot be read: they are a list like fc1.weight~3:0.5";
    edits.ok_or_else(|| Failure::Bad(words().into()))
}
