//! Pictures that are written, in the format that their names ask for.

use super::Failure;
use super::files::{bad, extension, write};
use adderscope::figure;
use adderscope::png::png;
use std::path::Path;

/// Width of a panel on its own, in CSS pixels, where no other is asked for.
pub const PANEL_WIDTH: u32 = 720;
/// Pixels of a PNG per CSS pixel, where no other number is asked for.
pub const PNG_SCALE: u32 = 2;

/// What a picture is written as.
#[derive(Clone, Copy)]
pub enum Kind {
    /// An SVG document.
    Svg,
    /// Pixels.
    Png,
}

impl Kind {
    /// What a file's name asks for.
    pub fn of(output: &Path) -> Result<Kind, Failure> {
        match extension(output).as_str() {
            "svg" => Ok(Kind::Svg),
            "png" => Ok(Kind::Png),
            _ => Err(bad(output, "a figure is written as .svg or .png")),
        }
    }
}

/// Writes an SVG document as it is, or with `scale` pixels per CSS pixel.
pub fn write_picture(
    output: &Path,
    kind: Kind,
    scale: u32,
    svg: Result<String, figure::Error>,
) -> Result<(), Failure> {
    let svg = svg.map_err(|e| bad(output, e))?;
    let bytes = match kind {
        Kind::Svg => svg.into_bytes(),
        Kind::Png => png(&svg, scale as f32).map_err(|e| bad(output, e))?,
    };
    write(output, &bytes)
}
