//! `adderscope compare`.

use super::files::open;
use super::prove::{MOST_SECONDS, NOT_DECIDED, SECONDS, go_on};
use super::{Failure, print_json};
use adderscope::analysis::compare::{NumberPair, SideBySide, SuitePair, TensorPair, side_by_side};
use adderscope::json::{self, Compared};
use adderscope::model::exact::versus::{Answers, Comparison, Difference, KindOf, Versus, Who};
use adderscope::model::exact::{Closest, Count};
use adderscope::model::weight_text;
use adderscope::numbers::words::{exact, fixed, grouped, grouped_digits};
use adderscope::task::addition::DIGITS;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Rules that are printed of each kind.
const RULES: usize = 5;
/// AdderBoard's differences that are printed.
const SHOWN: usize = 5;

/// Which two, and of which additions.
#[derive(clap::Args)]
pub struct Args {
    /// The first checkpoint, called A.
    a: PathBuf,
    /// The second, called B.
    b: PathBuf,
    /// Only additions of numbers of at most this many digits.
    #[arg(long, default_value_t = DIGITS as u64,
          value_parser = clap::value_parser!(u64).range(1..=DIGITS as u64))]
    digits: u64,
    /// Stop after this many seconds and tell what is decided by then.
    #[arg(long, default_value_t = SECONDS,
          value_parser = clap::value_parser!(u64).range(1..=MOST_SECONDS))]
    seconds: u64,
    /// One JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

/// All that is printed.
struct Told<'a> {
    models: [Compared<'a>; 2],
    sides: &'a SideBySide,
    differ: &'a Comparison,
}

/// Two models side by side.
pub fn compare(args: &Args) -> Result<ExitCode, Failure> {
    let (a, b) = (open(&args.a)?, open(&args.b)?);
    let start = Instant::now();
    let mut versus = Versus::new(&a.model, &b.model);
    go_on(Duration::from_secs(args.seconds), |looks| versus.step(looks));
    let digits = args.digits as usize;
    let differ = versus.report(digits);
    let [alone_a, alone_b] = versus.each();
    // Of a model that is not decided, the search for it would take minutes more.
    let alone = [alone_a, alone_b].map(|exact| {
        let count = exact.count(digits);
        let closest = count.right().and_then(|_| exact.closest(digits));
        (count, closest)
    });
    let milliseconds = start.elapsed().as_micros() as f64 / 1e3;
    let sides = side_by_side(&a.model, &b.model);
    let files = [&args.a, &args.b].map(|path| path.display().to_string());
    let models = [(&a, 0), (&b, 1)].map(|(of, i)| {
        let (count, closest) = &alone[i];
        Compared { file: &files[i], step: of.about.step, count, closest: closest.as_ref() }
    });
    if args.json {
        print_json(&json::comparison(&models, &sides, &differ, milliseconds))?;
    } else {
        let told = Told { models, sides: &sides, differ: &differ };
        print(&mut io::stdout().lock(), &told)?;
    }
    Ok(code(&differ))
}

fn code(differ: &Comparison) -> ExitCode {
    let alone = || differ.kinds.iter().filter(|kind| matches!(kind.who, Who::OnlyA | Who::OnlyB));
    if alone().any(|kind| kind.at_least != "0" || kind.example.is_some()) {
        ExitCode::from(1)
    } else if alone().all(|kind| kind.at_most == "0") {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_DECIDED)
    }
}

fn print(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let [a, b] = &told.models;
    writeln!(out, "A  {}\nB  {}\n", a.file, b.file)?;
    print_facts(out, told)?;
    if !told.sides.settings.is_empty() {
        writeln!(out, "\nConfiguration")?;
        for setting in &told.sides.settings {
            writeln!(out, "{:<34} A: {}; B: {}", setting.name, setting.a, setting.b)?;
        }
    }
    print_weights(out, &told.sides.tensors)?;
    print_kinds(out, told.differ)?;
    print_suite(out, &told.sides.suite)
}

fn line(out: &mut impl Write, label: &str, cells: [String; 3]) -> io::Result<()> {
    let [a, b, delta] = cells;
    writeln!(out, "{}", format!("{label:<22}{a:>28}{b:>28}{delta:>28}").trim_end())
}

fn difference(a: u128, b: u128) -> String {
    if b >= a { format!("+{}", grouped(b - a)) } else { format!("−{}", grouped(a - b)) }
}

fn counts(a: u128, b: u128) -> [String; 3] {
    let delta = if a == b { "0".to_owned() } else { difference(a, b) };
    [grouped(a), grouped(b), delta]
}

fn print_facts(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let SideBySide { parameters_a, parameters_b, suite, .. } = told.sides;
    let [a, b] = &told.models;
    line(out, "", ["A", "B", "Δ = B − A"].map(str::to_owned))?;
    line(out, "learned parameters", counts(*parameters_a as u128, *parameters_b as u128))?;
    if let (Some(a), Some(b)) = (a.step, b.step) {
        line(out, "training step", counts(a.into(), b.into()))?;
    }
    let board = format!("AdderBoard, of {}", grouped(suite.total as u64));
    line(out, &board, counts(suite.passed_a as u128, suite.passed_b as u128))?;
    let cells = match (a.count.right(), b.count.right()) {
        (Some(a), Some(b)) => counts(a, b),
        _ => [right(a.count), right(b.count), String::new()],
    };
    let of = if a.count.digits == DIGITS { "right, of 10^20" } else { "right" };
    line(out, of, cells)?;
    if let (Some(a), Some(b)) = (a.closest, b.closest) {
        let cells = [fixed(a.lead, 3), fixed(b.lead, 3), signed(b.lead - a.lead)];
        line(out, "closest call, logits", cells)?;
    }
    for (name, model) in ["A", "B"].into_iter().zip(&told.models) {
        if let Some(Closest { a, b, digit, .. }) = model.closest {
            writeln!(out, "{name}'s closest call: Z{digit} of {a} + {b}")?;
        }
    }
    Ok(())
}

fn signed(delta: f64) -> String {
    let text = fixed(delta, 3);
    if delta > 0.0 { format!("+{text}") } else { text }
}

/// How many are right, or between what bounds: a lower one is rounded down and an upper one up, but not to all unless it is
/// all.
fn right(count: &Count) -> String {
    if let Some(right) = count.right() {
        return grouped(right);
    }
    let percent = |n: u128| 1e4 * n as f64 / count.total() as f64;
    let (least, most) =
        (percent(count.at_least).floor() / 1e2, percent(count.at_most).ceil() / 1e2);
    let most = if count.at_most == count.total() { most } else { most.min(99.99) };
    format!("{least:.2} to {most:.2} %")
}

fn print_weights(out: &mut impl Write, tensors: &[TensorPair]) -> io::Result<()> {
    let equal = |tensor: &&TensorPair| {
        tensor.apart.is_none() && tensor.numbers.iter().all(|n| n.a.to_bits() == n.b.to_bits())
    };
    writeln!(out, "\nWeights")?;
    for tensor in tensors.iter().filter(|tensor| !equal(tensor)) {
        if let Some(apart) = &tensor.apart {
            writeln!(out, "{:<34} {apart}", tensor.name)?;
        }
        for NumberPair { subscript, a, b, delta, .. } in &tensor.numbers {
            let name = format!("{}{subscript}", tensor.name);
            let (a, b) = (weight_text(*a), weight_text(*b));
            writeln!(out, "{name:<34}{a:>16}{b:>16}{:>16}", exact(*delta))?;
        }
    }
    match tensors.iter().filter(equal).map(|tensor| tensor.name).collect::<Vec<_>>() {
        names if names.is_empty() => Ok(()),
        names => writeln!(out, "the same in both: {}", names.join(", ")),
    }
}

fn print_kinds(out: &mut impl Write, differ: &Comparison) -> io::Result<()> {
    let total = grouped_digits(&differ.total);
    let of = match differ.digits {
        DIGITS => format!("Of all {total} additions"),
        digits => format!("Of the {total} additions of at most {digits} digits"),
    };
    let how = if differ.decided {
        "decided in exact arithmetic"
    } else {
        "as far as it is decided in exact arithmetic"
    };
    writeln!(out, "\n{of}, {how}:")?;
    for kind in &differ.kinds {
        print_kind(out, kind)?;
    }
    if differ.same {
        writeln!(out, "A and B are one architecture with the same numbers.")?;
    }
    Ok(())
}

fn print_kind(out: &mut impl Write, kind: &KindOf) -> io::Result<()> {
    let count = match &kind.count {
        Some(count) => grouped_digits(count),
        None => format!("{} to {}", grouped_digits(&kind.at_least), grouped_digits(&kind.at_most)),
    };
    writeln!(out, "{:<24} {count}", kind.title)?;
    if let Some(answers) = &kind.example {
        writeln!(out, "  {}", said(answers))?;
    }
    for Difference { text, count, example, .. } in kind.rules.iter().take(RULES) {
        let example = example.as_ref().map_or_else(String::new, |a| format!(", as {}", said(a)));
        writeln!(out, "  where {text}: {}{example}", grouped_digits(count))?;
    }
    if kind.rules.len() > RULES {
        writeln!(out, "  and {} rules more (--json lists them)", kind.rules.len() - RULES)?;
    }
    Ok(())
}

/// An addition and both answers: `50 + 60 = 110; B says 210`.
fn said(answers: &Answers) -> String {
    let Answers { a, b, expected, got_a, got_b } = answers;
    let sum = format!("{a} + {b} = {expected}");
    match answers.who() {
        Who::Both => sum,
        Who::OnlyA => format!("{sum}; B says {got_b}"),
        Who::OnlyB => format!("{sum}; A says {got_a}"),
        Who::Neither => format!("{sum}; A says {got_a}, B {got_b}"),
    }
}

fn print_suite(out: &mut impl Write, suite: &SuitePair) -> io::Result<()> {
    let (total, count) = (grouped(suite.total as u64), suite.differences.len());
    if count == 0 {
        return writeln!(out, "\nOf AdderBoard's {total} both answer the same ones right.");
    }
    let count = grouped(count as u64);
    writeln!(out, "\nOf AdderBoard's {total} one alone answers {count} right:")?;
    for answers in suite.differences.iter().take(SHOWN) {
        writeln!(out, "  {}", said(answers))?;
    }
    if suite.differences.len() > SHOWN {
        let more = grouped((suite.differences.len() - SHOWN) as u64);
        writeln!(out, "  and {more} more (--json lists all)")?;
    }
    Ok(())
}
