//! `adderscope figure`.

use super::files::{bad, extension, load, write};
use super::{Failure, Reading};
use adderscope::analysis::map::Map;
use adderscope::figure::{self, BESIDE, Frame, Subject, Theme};
use adderscope::model::exact::Exact;
use adderscope::png::png;
use adderscope::task::addition::DIGITS;
use std::path::Path;
use std::process::ExitCode;

/// Width of a panel on its own, in CSS pixels.
const PANEL_WIDTH: f64 = 720.0;
/// Pixels of a PNG per CSS pixel.
const PNG_SCALE: f32 = 2.0;

/// Intervals that a map of all additions may look at: some seconds.
const LOOKS: u64 = 5_000_000;

fn no_panel(key: &str) -> Failure {
    let keys: Vec<&str> = figure::panels().map(|p| p.key).collect();
    Failure::Bad(format!("--panel {key}: the panels are {}", keys.join(", ")))
}

/// The script's twelve panels, or any one, as a picture.
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
            // What no other panel needs takes its time.
            let map = BESIDE
                .iter()
                .any(|beside| beside.key == key)
                .then(|| Exact::decided(&loaded.checkpoint.model, LOOKS).map(DIGITS));
            let panel = (spec.build)(&Subject { map: map.as_ref(), ..subject });
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
