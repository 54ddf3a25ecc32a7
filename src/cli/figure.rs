//! `adderscope figure`.

use super::files::{bad, extension, load, write};
use super::{Failure, Reading};
use adderscope::figure::{self, Frame, PANELS, Subject, Theme};
use adderscope::png::png;
use std::path::Path;
use std::process::ExitCode;

/// Width of a panel on its own, in CSS pixels.
const PANEL_WIDTH: f64 = 720.0;
/// Pixels of a PNG per CSS pixel.
const PNG_SCALE: f32 = 2.0;

fn no_panel(key: &str) -> Failure {
    let keys: Vec<&str> = PANELS.iter().map(|p| p.key).collect();
    Failure::Bad(format!("--panel {key}: the panels are {}", keys.join(", ")))
}

/// The twelve panels, or one, as a picture.
pub fn draw(
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
    let subject = Subject::new(&loaded.report, reading.alignment.into());
    let svg = match panel {
        None => figure::figure_svg(&subject, theme),
        Some(key) => {
            let spec = figure::panel(key).ok_or_else(|| no_panel(key))?;
            let panel = (spec.build)(&subject);
            let height = figure::titled_height(spec, &panel, PANEL_WIDTH);
            let frame = Frame { width: PANEL_WIDTH, height, theme, title: true };
            figure::panel_svg(spec, &panel, frame)
        }
    };
    let svg = svg.map_err(|e| bad(output, e))?;
    let bytes = match kind.as_str() {
        "svg" => svg.into_bytes(),
        _ => png(&svg, PNG_SCALE).map_err(|e| bad(output, e))?,
    };
    write(output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}
