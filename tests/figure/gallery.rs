//! Pictures to look at; not a test of anything.
//!
//! `GALLERY=/tmp/gallery cargo test --release --test figure gallery -- --ignored`, with
//! `ONLY=62p,203p` for some of the checkpoints.

use crate::reports;
use adderscope::figure::{self, Frame, Subject, Theme};
use adderscope::formats::File;
use adderscope::model::Edit;
use adderscope::png::png;
use adderscope::task::addition::Alignment;
use std::fmt::Write;

/// A bundled model with a weight changed, over itself as it was: `EDIT=q_proj.weight:0:1.5`.
#[test]
#[ignore = "writes pictures to look at"]
fn edited() {
    let (Ok(folder), Ok(edit)) = (std::env::var("GALLERY"), std::env::var("EDIT")) else { return };
    let parts: Vec<&str> = edit.split(':').collect();
    let [name, index, value] = parts[..] else { panic!("EDIT=TENSOR:INDEX:VALUE") };
    let (index, value) = (index.parse().unwrap(), value.parse().unwrap());
    let folder_of_models = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models");
    let path = format!("{folder_of_models}/57p/57p.history.safetensors");
    let file = File { name: "57p".into(), bytes: std::fs::read(path).unwrap() };
    let mut loaded = adderscope::open(vec![file]).unwrap();
    loaded.edit(&[Edit { name: name.into(), index, value }]).unwrap();
    let subject = Subject::new(&loaded.report, Alignment::Answer);
    let subject = Subject { beside: loaded.unedited.as_ref(), ..subject };
    for theme in Theme::ALL {
        let png = png(&sheet(&subject, theme, 460.0), 1.0).unwrap();
        std::fs::write(format!("{folder}/edited-{}.png", theme.name()), png).unwrap();
    }
}

#[test]
#[ignore = "writes pictures to look at"]
fn gallery() {
    let Ok(folder) = std::env::var("GALLERY") else { return };
    std::fs::create_dir_all(&folder).unwrap();
    let only = std::env::var("ONLY").unwrap_or_default();
    let wanted = |n: &&&str| only.is_empty() || only.split(',').any(|o| o == **n);
    for name in reports::NAMES.iter().filter(wanted) {
        let Some(report) = reports::published(name) else { continue };
        for alignment in Alignment::ALL {
            let subject = Subject::new(report, alignment);
            for theme in Theme::ALL {
                let file = format!("{folder}/{name}-{}-{}", alignment.name(), theme.name());
                let svg = figure::figure_svg(&subject, theme, true).unwrap();
                std::fs::write(format!("{file}.png"), png(&svg, 1.0).unwrap()).unwrap();
                for width in [300.0, 460.0, 720.0] {
                    let png = png(&sheet(&subject, theme, width), 1.0).unwrap();
                    std::fs::write(format!("{file}-{width}.png"), png).unwrap();
                }
            }
        }
    }
}

/// All panels at one width, with titles.
fn sheet(subject: &Subject, theme: Theme, width: f64) -> String {
    let columns = (1900.0 / width) as usize;
    let (mut body, mut y, mut row) = (String::new(), 8.0, 0.0_f64);
    for (i, spec) in figure::panels().enumerate() {
        let panel = spec.panel(subject);
        let height = figure::titled_height(&panel, width);
        let frame = Frame { width, height, theme, title: true, ground: true };
        let svg = figure::panel_svg(&panel, frame).unwrap();
        if i % columns == 0 && i > 0 {
            y += row + 8.0;
            row = 0.0;
        }
        let x = 8.0 + (i % columns) as f64 * (width + 8.0);
        write!(body, "{}", svg.replacen("<svg", &format!("<svg x=\"{x}\" y=\"{y}\""), 1)).unwrap();
        row = row.max(height);
    }
    let (w, h) = (8.0 + columns as f64 * (width + 8.0), y + row + 8.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\"><rect width=\"{w}\" height=\"{h}\" fill=\"#888\"/>{body}</svg>"
    )
}
