//! `adderscope-icons SVG FOLDER SIZE…`: writes the SVG, which is a square, as FOLDER/SIZE.png, of so many pixels each way.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [svg, folder, sizes @ ..] = words.as_slice() else {
        eprintln!("usage: adderscope-icons SVG FOLDER SIZE…");
        return ExitCode::from(2);
    };
    match write(svg, folder, sizes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("adderscope-icons: {svg}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(svg: &str, folder: &str, sizes: &[String]) -> Result<(), Box<dyn Error>> {
    let tree = Tree::from_data(&fs::read(svg)?, &Options::default())?;
    for size in sizes {
        let pixels: u32 = size.parse()?;
        let mut picture = Pixmap::new(pixels, pixels).ok_or("an icon has at least one pixel")?;
        let scale = pixels as f32 / tree.size().width();
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
        fs::write(format!("{folder}/{size}.png"), picture.encode_png()?)?;
    }
    Ok(())
}
