//! Exact accuracy over two numbers: as text, and as the page's picture of it.

use super::super::picture::{Kind, PANEL_WIDTH, PNG_SCALE, write_picture};
use super::super::{Failure, ThemeArg};
use super::{bad, finish, number};
use adderscope::figure::{self, Frame, Own};
use adderscope::model::robust::{Along, Landscape, Landscaping};
use adderscope::model::tensors::subscript;
use adderscope::model::{Model, weight_text};
use std::io::{self, Write};
use std::path::PathBuf;

/// Most values along each side.
const MOST_VALUES: u64 = 201;
/// Intervals that are looked at for one of its values.
const LOOKS: u64 = 400_000;

/// What `adderscope robust --landscape` is asked.
#[derive(clap::Args)]
pub struct Wanted {
    /// Only the exact accuracy over two numbers.
    #[arg(long, num_args = 2, action = clap::ArgAction::Set, value_names = ["NUMBER", "NUMBER"], conflicts_with = "number")]
    landscape: Vec<String>,
    /// How far the landscape reaches on each side of the numbers.
    #[arg(long, default_value_t = 0.1, value_parser = reach, requires = "landscape")]
    reach: f64,
    /// How many values of each number the landscape has.
    #[arg(long, default_value_t = 21, requires = "landscape",
          value_parser = clap::value_parser!(u64).range(1..=MOST_VALUES))]
    values: u64,
    /// Where to write a picture of the landscape, too: `.svg` or `.png`.
    #[arg(short, long, value_name = "FILE", requires = "landscape")]
    output: Option<PathBuf>,
    /// The picture's colours.
    #[arg(long, value_enum, default_value = "light", requires = "output")]
    theme: ThemeArg,
}

fn reach(text: &str) -> Result<f64, String> {
    let reach = text.parse().ok().filter(|reach: &f64| *reach > 0.0 && reach.is_finite());
    reach.ok_or_else(|| "a reach is a number above 0".to_owned())
}

impl Wanted {
    /// The landscape that is asked for, if one is.
    pub fn of(&self, model: &Model) -> Result<Option<Landscape>, Failure> {
        let [x, y] = &self.landscape[..] else { return Ok(None) };
        if let Some(output) = &self.output {
            Kind::of(output)?;
            if self.values.is_multiple_of(2) {
                let values = self.values;
                return Err(Failure::Bad(format!(
                    "--values {values}: a picture has an odd number of them, the model's own in the middle"
                )));
            }
        }
        let along = |text: &str| -> Result<Along, Failure> {
            let number = number(text)?;
            Landscaping::around(model, number, self.reach, self.values as usize).map_err(bad)
        };
        let found = Landscaping::new(model, along(x)?, along(y)?, LOOKS);
        let mut landscaping = found.map_err(bad)?;
        finish(|| (landscaping.step(), landscaping.progress()));
        Ok(Some(landscaping.landscape().clone()))
    }

    /// Writes the picture of what was found, if one is asked for.
    pub fn draw(&self, model: &Model, found: &Landscape) -> Result<(), Failure> {
        let Some(output) = &self.output else { return Ok(()) };
        write_picture(output, Kind::of(output)?, PNG_SCALE, self.svg(model, found))
    }

    fn svg(&self, model: &Model, found: &Landscape) -> Result<String, figure::Error> {
        let names = [&found.x, &found.y].map(|along| name(model, along));
        let at = [&found.x, &found.y].map(|along| along.values.len() / 2);
        let panel = figure::landscape(found, Own { names: [&names[0], &names[1]], at });
        let width = f64::from(PANEL_WIDTH);
        let height = figure::titled_height(&panel, width);
        let theme = self.theme.into();
        figure::panel_svg(&panel, Frame { width, height, theme, title: true, ground: true })
    }
}

/// As the page calls a number.
fn name(model: &Model, along: &Along) -> String {
    let values = model.params().get(&along.tensor);
    let place = values.map_or_else(String::new, |values| subscript(values.shape(), along.index));
    format!("{}{place}", along.tensor)
}

/// Rows from the largest value of y down, as a plot has them.
pub fn print(out: &mut impl Write, landscape: &Landscape) -> io::Result<()> {
    let Landscape { x, y, cells } = landscape;
    writeln!(out, "Exact accuracy by {}/{} (across)", x.tensor, x.index)?;
    writeln!(out, "and {}/{} (down), in exact arithmetic", y.tensor, y.index)?;
    let rows = y.values.iter().zip(cells.chunks(x.values.len().max(1)));
    for (value, row) in rows.rev() {
        write!(out, "{:>12}", weight_text(*value))?;
        for cell in row {
            let share = match (cell.right, cell.decided) {
                (true, _) => "all".to_owned(),
                // What is not all is not written as 100.
                (false, true) => {
                    format!("{:.1}", (1000.0 * cell.at_least).floor().min(999.0) / 10.0)
                }
                (false, false) => "?".to_owned(),
            };
            write!(out, " {share:>5}")?;
        }
        writeln!(out)?;
    }
    let ends = x.values.first().zip(x.values.last());
    let ends = ends.map(|(a, b)| format!("{} to {}", weight_text(*a), weight_text(*b)));
    writeln!(out, "{:>12} {}", "", ends.unwrap_or_default())
}
