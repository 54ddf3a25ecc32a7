//! `adderscope figure`.

use super::files::{load, say_of};
use super::intervene::Switches;
use super::picture::{Kind, PANEL_WIDTH, PNG_SCALE, write_picture};
use super::{Failure, Reading, ThemeArg, summand};
use adderscope::analysis::map::Map;
use adderscope::analysis::measured::Measured;
use adderscope::analysis::ruler::{Ruler, ruler_by};
use adderscope::figure::{self, BESIDE, Frame, Subject, Theme};
use adderscope::model::exact::Exact;
use adderscope::model::{Forward, Intervened};
use adderscope::task::addition::{ANSWER_DIGITS, DIGITS};
use std::path::PathBuf;
use std::process::ExitCode;

/// How wide a panel on its own may be, in CSS pixels.
const PANEL_WIDTHS: std::ops::RangeInclusive<i64> = 240..=2400;
/// How many pixels of a PNG there can be per CSS pixel.
const PNG_SCALES: std::ops::RangeInclusive<i64> = 1..=6;

/// Intervals that a map of all additions may look at: some seconds.
const LOOKS: u64 = 5_000_000;

/// The panels, where there is none of a key.
pub(super) fn no_panel(key: &str) -> Failure {
    let keys: Vec<&str> = figure::panels().map(|p| p.key).collect();
    Failure::Bad(format!("--panel {key}: the panels are {}", keys.join(", ")))
}

/// What is drawn, and how.
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint.
    checkpoint: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Colours.
    #[arg(long, value_enum, default_value = "light")]
    theme: ThemeArg,
    /// One panel only, by its key: `all_additions` is the map of all 10^20, `ruler` what one digit is read off; both take
    /// some seconds at most.
    #[arg(long)]
    panel: Option<String>,
    /// Of the ruler: the addition.
    #[arg(long, num_args = 2, value_names = ["A", "B"], value_parser = summand, default_values = ["57", "68"])]
    add: Vec<u64>,
    /// Of the ruler: the answer digit, 0 for Z0, the ones digit.
    #[arg(long, value_name = "K", default_value_t = 1,
          value_parser = clap::value_parser!(u64).range(..ANSWER_DIGITS as u64))]
    digit: u64,
    #[command(flatten)]
    switches: Switches,
    /// Width of a single panel in CSS pixels (96 per inch).
    #[arg(long, default_value_t = PANEL_WIDTH, value_parser = clap::value_parser!(u32).range(PANEL_WIDTHS),
          requires = "panel")]
    width: u32,
    /// Leave out a panel's title and sentence.
    #[arg(long, requires = "panel")]
    bare: bool,
    /// A transparent background.
    #[arg(long)]
    transparent: bool,
    /// PNG pixels per CSS pixel.
    #[arg(long, default_value_t = PNG_SCALE, value_parser = clap::value_parser!(u32).range(PNG_SCALES))]
    scale: u32,
    /// Where to write: `.svg` or `.png`.
    #[arg(short, long)]
    output: PathBuf,
}

/// All additions, case by case, with what is switched off.
fn map(under: &Intervened, off: &str) -> Map {
    let mut exact = Exact::under(under);
    exact.step(LOOKS);
    Map { off: off.to_owned(), ..exact.map(DIGITS) }
}

/// The script's twelve panels, or any one, as a picture.
pub fn draw(args: &Args) -> Result<ExitCode, Failure> {
    let Args { checkpoint, reading, theme, panel, add, digit, switches, output, .. } = args;
    let theme = Theme::from(*theme);
    let kind = Kind::of(output)?;
    let loaded = load(checkpoint, reading.log.as_ref())?;
    say_of(&loaded);
    let under = switches.of(&loaded.checkpoint.model)?;
    let mut report = loaded.report;
    let off = switches.named().map_or_else(String::new, |off| format!("{off}."));
    if !off.is_empty() {
        Measured::new(&under, off.clone()).put(&mut report);
    }
    let subject = Subject::new(&report, reading.alignment.into());
    let svg = match panel.as_deref() {
        None => figure::figure_svg(&subject, theme, !args.transparent),
        Some(key) => {
            let spec = figure::panel(key).ok_or_else(|| no_panel(key))?;
            // What no other panel needs takes its time.
            let is_beside = BESIDE.iter().any(|beside| beside.key == key);
            let map = is_beside.then(|| map(&under, &off));
            let of = |add: &[u64]| match add {
                [a, b] => ruler_by(&Forward::under(&under), *a, *b, usize::try_from(*digit).ok()?),
                _ => None,
            };
            let ruler = is_beside.then(|| of(add)).flatten();
            let ruler = ruler.map(|ruler| Ruler { off, ..ruler });
            let (map, ruler) = (map.as_ref(), ruler.as_ref());
            let panel = spec.panel(&Subject { map, ruler, ..subject });
            let (width, title) = (f64::from(args.width), !args.bare);
            let height = if title { figure::titled_height } else { figure::height };
            let height = height(&panel, width);
            let frame = Frame { width, height, theme, title, ground: !args.transparent };
            figure::panel_svg(&panel, frame)
        }
    };
    write_picture(output, kind, args.scale, svg)?;
    Ok(ExitCode::SUCCESS)
}
