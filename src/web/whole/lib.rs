//! The library in one, for other people's pages and scripts: what the parts of the page do, but for the trainer, and what
//! the command line prints as JSON.

pub use adderscope_exact as exact;
pub use adderscope_explain as explain;
pub use adderscope_files as files;
pub use adderscope_page as page;

use adderscope::json::{ModelReport, Proof};
use adderscope_exact::Deciding;
use analysis::Report;
use js_sys::Array;
use model::Engine;
use numbers::listed::Listed;
use seam::{error, foreign, model_of, plain};
use serde::Serialize;
use task::addition::Alignment;
use wasm_bindgen::prelude::*;

/// The bytes of `Session.report` as programs read it: `report --json` of the command line prints the same.
#[wasm_bindgen(unchecked_return_type = "ModelReport")]
pub fn model_report(
    report: &[u8],
    #[wasm_bindgen(unchecked_param_type = "Alignment")] alignment: &str,
) -> Result<JsValue, JsValue> {
    let report = Report::from_bytes(report).map_err(foreign)?;
    let alignment = Alignment::ALL.into_iter().find(|each| each.name() == alignment);
    let alignment = alignment.ok_or_else(|| error("rows are named as answer or as script"))?;
    plain(&ModelReport::new(&report, alignment))
}

/// The score on AdderBoard's own suite, with every wrong answer. It takes what `read_files` wrote, the place of a snapshot of a
/// run, and edits.
#[wasm_bindgen(unchecked_return_type = "Score")]
pub fn suite_score(
    input: &[u8],
    snapshot: Option<usize>,
    #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
) -> Result<JsValue, JsValue> {
    plain(&Engine::new(&model_of(input, snapshot, changes)?).score())
}

/// What is known of all additions of at most `digits` digits, in exact arithmetic and of float32: `prove --json` of the command
/// line prints the same, and how long it took. Throws what a person reads where there are none.
#[wasm_bindgen(unchecked_return_type = "Proof")]
pub fn proof(deciding: &Deciding, digits: usize) -> Result<JsValue, JsValue> {
    let report = deciding.told(digits).map_err(error)?;
    plain(&Proof::new(&report, deciding.rounded(&report.near())))
}

/// A panel by its key.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
struct PanelName {
    key: &'static str,
    title: &'static str,
}

/// All panels, by their numbers.
#[wasm_bindgen(unchecked_return_type = "PanelName[]")]
pub fn panel_names() -> Result<JsValue, JsValue> {
    let names = figure::panels().map(|panel| PanelName { key: panel.key, title: panel.title });
    plain(&names.listed())
}
