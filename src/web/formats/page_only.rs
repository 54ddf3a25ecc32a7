//! What only the page asks: of a run what it opens with, and files of another format.

use crate::read;
use js_sys::Array;
use model::file::{Format, Input};
use seam::{edits, error};
use wasm_bindgen::prelude::*;

/// As [`read_files`](crate::read_files), with what the page needs at first: of a run the opening snapshot's numbers and no
/// others. `Session.complete` takes what that gives.
#[wasm_bindgen]
pub fn read_opening(
    #[wasm_bindgen(unchecked_param_type = "NamedBytes[]")] files: Array,
) -> Result<Vec<u8>, JsValue> {
    let input = match formats::read_files(read(files)?).map_err(error)? {
        Input::Model(file) => Input::Model(file.opening_alone()),
        log => log,
    };
    input.to_bytes().map_err(error)
}

/// The checkpoint among files that were read, as a file of another format: `safetensors` or
/// `json`. Of a run a snapshot, else `undefined`; with edits, each `{name, index, value}`.
#[wasm_bindgen]
pub fn export_file(
    #[wasm_bindgen(unchecked_param_type = "NamedBytes[]")] files: Array,
    snapshot: Option<usize>,
    #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
    #[wasm_bindgen(unchecked_param_type = "\"safetensors\" | \"json\"")] format: &str,
) -> Result<Vec<u8>, JsValue> {
    let formats = [Format::Safetensors, Format::Json];
    let format = formats.into_iter().find(|f| f.extension() == format);
    let format = format.ok_or_else(|| error("the formats are safetensors and json"))?;
    formats::export_files(read(files)?, snapshot, &edits(changes)?, format).map_err(error)
}
