//! `adderscope addition`.

use super::files::open;
use super::intervene::Switches;
use super::{Failure, print_json, summand};
use adderscope::analysis::answer::{Answered, Place, answer_by};
use adderscope::analysis::ruler::{RulerAxis, ruler_by};
use adderscope::analysis::steps::{LogitPart, Stage, StepSource, Steps, steps_by};
use adderscope::figure::ruler_sentence;
use adderscope::model::Forward;
use adderscope::numbers::order;
use adderscope::numbers::words::{exact, number, percent};
use adderscope::task::addition::ANSWER_DIGITS;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Width of a column of the sum.
const COLUMN: usize = 8;
/// Sources that are listed; the others are added up.
const LISTED: usize = 8;

/// Which addition, and which of its digits.
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint.
    checkpoint: PathBuf,
    /// First summand, at most ten digits.
    #[arg(value_parser = summand)]
    a: u64,
    /// Second summand, at most ten digits.
    #[arg(value_parser = summand)]
    b: u64,
    /// One answer digit step by step, after right digits: 0 for Z0, the ones digit, to 10 for the carry-out.
    #[arg(long, value_name = "K",
          value_parser = clap::value_parser!(u64).range(..ANSWER_DIGITS as u64))]
    digit: Option<u64>,
    #[command(flatten)]
    switches: Switches,
    /// One JSON object instead of a sum as on paper; with `--digit` it has the ruler's lanes and all steps.
    #[arg(long)]
    json: bool,
}

/// A model's own answer to one addition.
pub fn addition(args: &Args) -> Result<ExitCode, Failure> {
    let Args { checkpoint, a, b, digit, switches, json } = args;
    let (a, b) = (*a, *b);
    let model = open(checkpoint)?.model;
    let under = switches.of(&model)?;
    let forward = Forward::under(&under);
    let answered = answer_by(&forward, a, b);
    let digit = digit.and_then(|digit| usize::try_from(digit).ok());
    let looked = digit.map(|digit| {
        let both = ruler_by(&forward, a, b, digit).zip(steps_by(&forward, a, b, digit));
        both.ok_or_else(|| Failure::Bad(format!("Z{digit}: a number of the pass is not finite")))
    });
    let looked = looked.transpose()?;
    if *json {
        print_json(&adderscope::json::addition(&answered, looked.as_ref(), &switches.texts()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    if let Some(named) = switches.named() {
        writeln!(out, "{named}")?;
    }
    print_sum(&mut out, &answered)?;
    if let Some((ruler, steps)) = looked {
        writeln!(out, "\nZ{}, after right digits", steps.digit)?;
        writeln!(out, "{}", ruler_sentence(&ruler))?;
        print_steps(&mut out, &steps)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// As on paper, the ones digit on the right.
fn print_sum(out: &mut impl Write, answered: &Answered) -> io::Result<()> {
    let Answered { a, b, answer, correct, places } = answered;
    let verdict =
        if *correct { "right".to_owned() } else { format!("wrong, the sum is {}", a + b) };
    writeln!(out, "{a} + {b} = {answer}  ({verdict})\n")?;
    let digit = |digit: Option<u8>| digit.map_or_else(String::new, |digit| digit.to_string());
    let mut line = |name: &str, cell: &dyn Fn(&Place) -> String| {
        let cells = places.iter().rev().map(|place| format!("{:>COLUMN$}", cell(place)));
        writeln!(out, "{}", format!("{name:<6}{}", cells.collect::<String>()).trim_end())
    };
    line("", &|place| format!("Z{}", place.digit))?;
    line("carry", &|place| digit(Some(place.carry).filter(|carry| *carry > 0)))?;
    line("X", &|place| digit(place.x))?;
    line("Y", &|place| digit(place.y))?;
    line("model", &|place| match place.said {
        Some(said) if said == place.right => said.to_string(),
        Some(said) => format!("!{said}"),
        None => "!".into(),
    })?;
    line("lead", &|place| place.lead.map_or_else(String::new, number))
}

fn print_steps(out: &mut impl Write, steps: &Steps) -> io::Result<()> {
    let whole = match steps.along {
        RulerAxis::Number => "s, what attention adds up: weight × value",
        RulerAxis::Direction => {
            "how far attention moved the row: weight × value along that direction"
        }
    };
    writeln!(out, "\n{:>12}  {whole}", exact(steps.total))?;
    let sources: Vec<&StepSource> = steps.sources.iter().collect();
    let by_size = order::falling(&sources, |source| source.product.abs());
    let several = sources.iter().any(|source| source.head > 0);
    for StepSource { head, name, token, weight, value, product, .. } in by_size.iter().take(LISTED)
    {
        let head = if several { format!(", head {}", head + 1) } else { String::new() };
        let share = percent(100.0 * weight.value);
        writeln!(
            out,
            "{:>12}  {name} = {token}{head}: {share} × {}",
            exact(*product),
            exact(*value)
        )?;
    }
    let rest: f64 = by_size.iter().skip(LISTED).map(|source| source.product).sum();
    writeln!(out, "{:>12}  all others", exact(rest))?;
    writeln!(out, "\nhidden units before and after GELU")?;
    for (unit, of) in steps.units.iter().enumerate() {
        writeln!(
            out,
            "{:>12}  {:>12}  unit {unit}",
            exact(of.before.value),
            exact(of.after.value)
        )?;
    }
    writeln!(out, "\nlogits, their parts (token and position, attention, FFN) and probabilities")?;
    for token in &steps.tokens {
        let part = |part: &LogitPart| {
            part.logits.get(usize::from(token.token)).copied().unwrap_or(f64::NAN)
        };
        let parts = steps.parts.iter().map(|of| format!("{:>12}", exact(part(of))));
        let (logit, share) = (exact(token.logit.value), percent(100.0 * token.probability));
        writeln!(out, "{logit:>12} {}  {share:>8}  {}", parts.collect::<String>(), token.token)?;
    }
    let said = |stage: Stage| {
        let of = steps.lens.iter().find(|lens| lens.stage == stage);
        of.map_or_else(String::new, |lens| lens.said.to_string())
    };
    writeln!(
        out,
        "\nIt would say {} after its token and position, {} after attention, {} after the FFN. {}",
        said(Stage::Embed),
        said(Stage::Attention),
        said(Stage::Ffn),
        steps.norm
    )
}
