//! Edits, as JavaScript has them.

use crate::model::Edit;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

/// Edits, each `{name, index, value}`. What an edit lacks is what no model has.
pub fn edits(edits: Array) -> Result<Vec<Edit>, JsValue> {
    let read = |edit: JsValue| -> Result<Edit, JsValue> {
        let field = |key: &str| Reflect::get(&edit, &key.into());
        let name = field("name")?.as_string().unwrap_or_default();
        let index = field("index")?.as_f64().unwrap_or(f64::MAX) as usize;
        Ok(Edit { name, index, value: field("value")?.as_f64().unwrap_or(f64::NAN) as f32 })
    };
    edits.iter().map(read).collect()
}
