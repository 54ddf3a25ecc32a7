//! What the page is made of, whatever is loaded.

use crate::gallery::{Bundled, GALLERY};
use figure::{PanelSpec, Section};
use model::file::size;
use seam::{error, plain};
use serde::Serialize;
use session::SLIDER_POSITIONS;
use task::addition::Alignment;
use task::sampling::{ADDERBOARD_PAIRS, ADDERBOARD_SEED, MAX_PAGE_PAIRS, QUALIFYING_ACCURACY};
use wasm_bindgen::prelude::*;

/// The custom properties of both themes, for the page's style sheet.
#[wasm_bindgen]
pub fn theme_css() -> String {
    figure::theme_css()
}

#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct Page {
    sections: Vec<PageSection>,
    panels: Vec<PagePanel>,
    alignments: Vec<PageAlignment>,
    gallery: [Bundled; 3],
    accepts: [&'static str; 5],
    suite: PageSuite,
    slider_positions: f64,
}

/// AdderBoard's own suite.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct PageSuite {
    seed: u64,
    pairs: usize,
    max_pairs: usize,
    qualifying_accuracy: f64,
}

#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct PageSection {
    key: &'static str,
    question: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct PagePanel {
    key: &'static str,
    number: u8,
    title: &'static str,
    section: &'static str,
    wide: bool,
}

#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct PageAlignment {
    key: Alignment,
    label: &'static str,
    sentence: &'static str,
}

/// What the page is made of, whatever is loaded: sections, panels, alignments.
#[wasm_bindgen(unchecked_return_type = "Page")]
pub fn page() -> Result<JsValue, JsValue> {
    let section = |s: Section| PageSection { key: s.key(), question: s.question() };
    let panel = |p: &PanelSpec| PagePanel {
        key: p.key,
        number: p.number,
        title: p.title,
        section: p.section.key(),
        wide: p.wide,
    };
    let alignment =
        |a: Alignment| PageAlignment { key: a, label: a.title(), sentence: a.explanation() };
    plain(&Page {
        sections: Section::ALL.map(section).into(),
        panels: figure::panels().map(panel).collect(),
        alignments: Alignment::ALL.map(alignment).into(),
        gallery: GALLERY,
        accepts: [".pt", ".safetensors", ".json", ".jsonl", ".csv"],
        suite: PageSuite {
            seed: ADDERBOARD_SEED,
            pairs: ADDERBOARD_PAIRS,
            max_pairs: MAX_PAGE_PAIRS,
            qualifying_accuracy: QUALIFYING_ACCURACY,
        },
        slider_positions: SLIDER_POSITIONS,
    })
}

/// Refuses a file for its size, before it is read. Throws what a person reads.
#[wasm_bindgen]
pub fn check_size(name: &str, bytes: f64) -> Result<(), JsValue> {
    size::check_size(bytes as u64).map_err(|e| error(format!("{name}: {e}")))
}
