//! PNG files: our SVG rasterised, with a font that comes along.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, OnceLock};

/// Widest and tallest picture; more would not fit the memory of small machines.
const MAX_PIXELS: f32 = 20_000.0;

/// The SVG could not be turned into a PNG.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the PNG could not be made: {0}")]
pub struct Error(String);

/// Rasterises an SVG of ours at `scale` pixels per CSS pixel.
///
/// # Errors
/// The SVG does not parse, or the picture would be too large.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    let failed = |e: &dyn std::fmt::Display| Error(e.to_string());
    let options = Options { fontdb: fonts(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|e| failed(&e))?;
    let size = (tree.size().width() * scale, tree.size().height() * scale);
    if !(size.0 <= MAX_PIXELS && size.1 <= MAX_PIXELS) {
        return Err(Error(format!("{:.0} × {:.0} pixels are too many", size.0, size.1)));
    }
    let mut picture = Pixmap::new(size.0.round() as u32, size.1.round() as u32)
        .ok_or_else(|| Error("the picture has no size".into()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|e| failed(&e))
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}
