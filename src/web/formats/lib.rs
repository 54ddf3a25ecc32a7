//! Files in and out. What they hold goes to the other part's `Session` as bytes.

#[cfg(feature = "page-only")]
mod page_only;

use formats::File;
use js_sys::{Array, Reflect, Uint8Array};
use model::file::size;
use seam::error;
use wasm_bindgen::prelude::*;

/// A file as it was dropped, picked or pasted.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[allow(dead_code, reason = "what is read of it is read one by one, which takes less code")]
struct NamedBytes {
    name: String,
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Uint8Array"))]
    bytes: Vec<u8>,
}

/// Files, each `{name, bytes}`.
fn read(files: Array) -> Result<Vec<File>, JsValue> {
    let read = |file: JsValue| -> Result<File, JsValue> {
        let name = Reflect::get(&file, &"name".into())?.as_string().unwrap_or_default();
        let bytes = Reflect::get(&file, &"bytes".into())?.dyn_into::<Uint8Array>()?;
        size::check_size(bytes.length().into()).map_err(|e| error(format!("{name}: {e}")))?;
        Ok(File { name, bytes: bytes.to_vec() })
    };
    files.iter().map(read).collect()
}

/// Reads files that came together, each `{name, bytes}`, for `Session.open`. Throws what a
/// person reads.
#[wasm_bindgen]
pub fn read_files(
    #[wasm_bindgen(unchecked_param_type = "NamedBytes[]")] files: Array,
) -> Result<Vec<u8>, JsValue> {
    formats::read_files(read(files)?).map_err(error)?.to_bytes().map_err(error)
}

/// The checkpoint among files in a link: `weights=…`, for an address. Of a run a snapshot, else `undefined`.
#[wasm_bindgen]
pub fn link_of(
    #[wasm_bindgen(unchecked_param_type = "NamedBytes[]")] files: Array,
    snapshot: Option<usize>,
) -> Result<String, JsValue> {
    formats::link_files(read(files)?, snapshot).map_err(error)
}
