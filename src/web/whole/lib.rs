//! The library in one, for other people's pages and scripts: what the parts of the page do, but for the trainer, and what
//! the command line prints as JSON.

pub use adderscope_exact as exact;
pub use adderscope_explain as explain;
pub use adderscope_files as files;
pub use adderscope_page as page;

use adderscope::json::ModelReport;
use analysis::Report;
use js_sys::Array;
use model::Engine;
use seam::{error, foreign, model_of, plain};
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
