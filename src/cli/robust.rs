//! `adderscope robust`.

mod landscape;

use super::files::open;
use super::train::style;
use super::{Failure, print_json};
use adderscope::model::robust::{
    Decimals, Kept, Landscape, NumberRange, Ranges, Ranging, Shortening, Side,
};
use adderscope::model::{EditError, Model, weight_text};
use adderscope::numbers::words::{grouped_digits, percent};
use indicatif::ProgressBar;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Positions of the bar.
const BAR: u64 = 1000;

/// What `adderscope robust` is asked.
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint.
    checkpoint: PathBuf,
    /// Only this number, or all of this tensor: `fc1.weight/3`, `fc1.weight`. Can be given several times.
    #[arg(long, value_name = "NUMBER")]
    number: Vec<String>,
    /// Of a model that is not right on all additions: the part of its right answers that may be lost, from 0 to 1.
    #[arg(long, default_value_t = 0.01, value_parser = part)]
    part: f64,
    /// Only the fewest decimals of all numbers.
    #[arg(long, conflicts_with_all = ["number", "landscape"])]
    decimals: bool,
    #[command(flatten)]
    landscape: landscape::Wanted,
    /// One JSON object instead of a summary.
    #[arg(long)]
    json: bool,
}

fn part(text: &str) -> Result<f64, String> {
    let part = text.parse().ok().filter(|part| (0.0..=1.0).contains(part));
    part.ok_or_else(|| "a part is a number from 0 to 1".to_owned())
}

fn bad(error: EditError) -> Failure {
    Failure::Bad(error.to_string())
}

/// How firm a model is.
pub fn robust(args: &Args) -> Result<ExitCode, Failure> {
    let model = open(&args.checkpoint)?.model;
    let landscape = args.landscape.of(&model)?;
    let all = landscape.is_none() && !args.decimals;
    let ranges = if all { Some(ranges(&model, args)?) } else { None };
    let short = landscape.is_none() && args.number.is_empty();
    let decimals = short.then(|| decimals(&model, args.part));
    let found = (ranges.as_ref(), decimals.as_ref(), landscape.as_ref());
    if args.json {
        print_json(&adderscope::json::robustness(found))?;
    } else {
        print_found(&model, found)?;
    }
    // Last: where it cannot be written, nothing else is lost.
    if let Some(landscape) = &landscape {
        args.landscape.draw(&model, landscape)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_found(
    model: &Model,
    (ranges, decimals, landscape): (Option<&Ranges>, Option<&Decimals>, Option<&Landscape>),
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if let Some(ranges) = ranges {
        print_ranges(&mut out, model, ranges)?;
    }
    if let Some(decimals) = decimals {
        print_decimals(&mut out, decimals)?;
    }
    landscape.map_or(Ok(()), |landscape| landscape::print(&mut out, landscape))
}

/// Does all steps; on a terminal with a bar.
fn finish(mut step: impl FnMut() -> (bool, f64)) {
    let bar = io::stderr().is_terminal().then(|| ProgressBar::new(BAR).with_style(style()));
    loop {
        let (done, progress) = step();
        if let Some(bar) = &bar {
            bar.set_position((progress * BAR as f64) as u64);
        }
        if done {
            break;
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn ranges(model: &Model, args: &Args) -> Result<Ranges, Failure> {
    let mut ranging = Ranging::new(model, args.part);
    if !args.number.is_empty() {
        let mut numbers = Vec::new();
        for text in &args.number {
            numbers.extend(numbers_of(model, text)?);
        }
        ranging = ranging.only(&numbers).map_err(bad)?;
    }
    finish(|| (ranging.step(), ranging.progress()));
    Ok(ranging.ranges())
}

fn decimals(model: &Model, part: f64) -> Decimals {
    let mut shortening = Shortening::new(model, part);
    finish(|| (shortening.step(), shortening.progress()));
    shortening.decimals().clone()
}

/// `fc1.weight/3`, or the first number of a tensor.
fn number(text: &str) -> Result<(&str, usize), Failure> {
    let Some((tensor, index)) = text.split_once('/') else { return Ok((text, 0)) };
    let index = index.parse().map_err(|_| {
        Failure::Bad(format!("{text}: a number is named like fc1.weight/3, counted from 0"))
    })?;
    Ok((tensor, index))
}

/// The same, or all numbers of a tensor.
fn numbers_of<'t>(model: &Model, text: &'t str) -> Result<Vec<(&'t str, usize)>, Failure> {
    let (tensor, index) = number(text)?;
    if text.contains('/') {
        return Ok(vec![(tensor, index)]);
    }
    let len = model.params().get(tensor).map_or(1, |values| values.len());
    Ok((0..len).map(|index| (tensor, index)).collect())
}

fn print_ranges(out: &mut impl Write, model: &Model, ranges: &Ranges) -> io::Result<()> {
    let name = format!("{}p", model.params().count());
    let right = grouped_digits(&ranges.right_at_least);
    match ranges.kept {
        Kept::Right => {
            writeln!(out, "{name}: right on all {right} additions, in exact arithmetic")?;
            writeln!(out, "It stays so with any one number changed within its range.")?;
        }
        Kept::Part { lost } => {
            let lost = percent(100.0 * lost);
            writeln!(out, "{name}: right on {right} additions, in exact arithmetic")?;
            writeln!(out, "With any one number in its range at most {lost} of them are lost, by")?;
            writeln!(out, "the values that were tried: nothing is proven between them.")?;
        }
    }
    for range in &ranges.numbers {
        let name = format!("{}{}", range.tensor, range.subscript);
        let value = weight_text(range.value);
        if !range.read {
            writeln!(out, "{name:<28} {value:>12}  reaches no answer digit")?;
            continue;
        }
        let (from, to) = (inward(range, &range.below), inward(range, &range.above));
        let sides = [(&range.below, "below"), (&range.above, "above")];
        let notes = sides.map(|(side, words)| note(ranges.kept, side, words));
        let notes = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
        writeln!(out, "{name:<28} {value:>12}  {from} to {to}{notes}")?;
    }
    Ok(())
}

/// A bound with as many digits as its distance from the number is worth, rounded towards the number.
fn inward(range: &NumberRange, side: &Side) -> String {
    let (value, kept) = (f64::from(range.value), side.kept);
    let distance = (kept - value).abs();
    if distance == 0.0 {
        return weight_text(range.value);
    }
    let decimals = (2 - distance.log10().floor() as i32).clamp(0, 12);
    let scale = 10f64.powi(decimals);
    let whole = if kept > value { (kept * scale).floor() } else { (kept * scale).ceil() };
    format!("{:.*}", decimals as usize, whole / scale)
}

/// What is to be said of a side beside its bound.
fn note(kept: Kept, side: &Side, words: &str) -> Option<String> {
    let unproven = kept == Kept::Right && side.proven != side.kept;
    let lost = side.lost.map(|lost| {
        let lost = weight_text(lost as f32);
        if kept == Kept::Right { format!("wrong at {lost}") } else { format!("lost at {lost}") }
    });
    let tried = unproven.then(|| {
        let (n, from) = (side.tried, weight_text(side.proven as f32));
        format!("{words}, beyond {from}, no wrong value among {n} tried")
    });
    let all: Vec<String> = [lost, tried].into_iter().flatten().collect();
    (!all.is_empty()).then(|| format!("  {}", all.join(", ")))
}

fn print_decimals(out: &mut impl Write, decimals: &Decimals) -> io::Result<()> {
    let enough = |digits: Option<usize>| {
        digits.map_or("none are few enough".to_owned(), |digits| digits.to_string())
    };
    let (after, count) = (enough(decimals.decimals), enough(decimals.significant));
    writeln!(out, "Fewest decimals of all numbers that keep the verdict: {after} after the point")?;
    writeln!(out, "Fewest digits that count: {count}")
}
