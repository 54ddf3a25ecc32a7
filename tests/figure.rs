//! Panels and figure: what they say, what they draw, and that nothing overlaps.
#![allow(clippy::unwrap_used)]

#[path = "figure/reports.rs"]
mod reports;

use adderscope::addition::Alignment;
use adderscope::figure::{self, Frame, PANELS, Theme};

/// Not a test of anything: pictures to look at.
/// `GALLERY=/tmp/gallery cargo test --test figure gallery -- --ignored`
#[test]
#[ignore = "writes pictures to look at"]
fn gallery() {
    let Ok(folder) = std::env::var("GALLERY") else { return };
    std::fs::create_dir_all(&folder).unwrap();
    let only = std::env::var("ONLY").unwrap_or_default();
    for name in
        reports::NAMES.iter().filter(|n| only.is_empty() || only.split(',').any(|o| o == **n))
    {
        let Some(report) = reports::golden(name) else { continue };
        for alignment in Alignment::ALL {
            for theme in Theme::ALL {
                let svg = figure::figure_svg(&report, alignment, theme).unwrap();
                let file = format!("{folder}/{name}-{}-{}", alignment.name(), theme.name());
                std::fs::write(format!("{file}.svg"), &svg).unwrap();
                std::fs::write(format!("{file}.png"), figure::png(&svg, 1.0).unwrap()).unwrap();
            }
            for width in [340.0, 460.0, 720.0] {
                for spec in PANELS {
                    let panel = (spec.build)(&report, alignment);
                    let height = figure::height(&panel, width) + 100.0;
                    let frame = Frame { width, height, theme: Theme::Light, title: true };
                    let svg = figure::panel_svg(spec, &panel, frame).unwrap();
                    let file =
                        format!("{folder}/{name}-{}-{}-{width}.svg", spec.key, alignment.name());
                    std::fs::write(file, svg).unwrap();
                }
            }
        }
    }
}
