//! `adderscope patch`.

use super::files::open;
use super::intervene::Switches;
use super::{Failure, print_json, summand};
use adderscope::analysis::patch::{Combination, Patching, patching};
use adderscope::numbers::words::{exact, number};
use adderscope::task::addition::ANSWER_DIGITS;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Which two additions, and which of their digits.
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint.
    checkpoint: PathBuf,
    /// First summand of the addition that is asked, at most ten digits.
    #[arg(value_parser = summand)]
    a: u64,
    /// Its second summand.
    #[arg(value_parser = summand)]
    b: u64,
    /// First summand of the addition that ways are taken from.
    #[arg(value_parser = summand)]
    a2: u64,
    /// Its second summand.
    #[arg(value_parser = summand)]
    b2: u64,
    /// The answer digit, after right digits: 0 for Z0, the ones digit, to 10 for the carry-out.
    #[arg(long, value_name = "K",
          value_parser = clap::value_parser!(u64).range(..ANSWER_DIGITS as u64))]
    digit: u64,
    #[command(flatten)]
    switches: Switches,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// One digit of one addition with ways from another, in all sixteen combinations.
pub fn patch(args: &Args) -> Result<ExitCode, Failure> {
    let Args { checkpoint, a, b, a2, b2, digit, switches, json } = args;
    let model = open(checkpoint)?.model;
    let both = ((*a, *b), (*a2, *b2));
    let told = patching(&model, &switches.parts(), both, *digit as usize);
    let told = told.map_err(|e| Failure::Bad(e.to_string()))?;
    if *json {
        print_json(&adderscope::json::patching(&told))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    if let Some(named) = switches.named() {
        writeln!(out, "{named}")?;
    }
    print(&mut out, &told)?;
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, told: &Patching) -> io::Result<()> {
    let Patching { a, b, a2, b2, digit, first, second, ways, combinations, .. } = told;
    writeln!(out, "Z{digit} of {a} + {b} is {first}, of {a2} + {b2} it is {second}\n")?;
    for way in ways {
        let note = if way.first.is_empty() {
            "there is none".to_owned()
        } else if way.same {
            format!("{}, in both", way.first)
        } else {
            format!("{} or {}", way.first, way.second)
        };
        writeln!(out, "{:<10} {}: {note}", way.name, way.title)?;
    }
    writeln!(out)?;
    let names: String = ways.iter().map(|way| format!("{:>11}", way.name)).collect();
    writeln!(out, "{names}   says       lead          s  as asked by")?;
    for Combination { second, said, lead, s, is_first, is_second, .. } in combinations {
        let from: String = second
            .iter()
            .map(|is| format!("{:>11}", if *is { "second" } else { "first" }))
            .collect();
        let asked = match (is_first, is_second) {
            (true, true) => "both",
            (true, false) => "the first",
            (false, true) => "the second",
            (false, false) => "neither",
        };
        let s = s.map_or_else(|| "several".to_owned(), exact);
        writeln!(out, "{from} {said:>6} {:>10} {s:>10}  {asked}", number(*lead))?;
    }
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "nothing".to_owned(), number);
    let values = told.place_values.iter();
    let values: Vec<String> =
        values.map(|each| format!("{} in Z{}", ratio(each.ratio), each.column)).collect();
    if !values.is_empty() {
        writeln!(
            out,
            "\nA digit weighs as many times more than one of the column before (ten, where a carry counts as one):\n{}",
            values.join(", ")
        )?;
    }
    Ok(())
}
