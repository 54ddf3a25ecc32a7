//! Many models, a row each: the table of `adderscope table`.

use analysis::table::{Row, header};
use figure::Table;
use js_sys::Array;
use model::file::Input;
use numbers::listed::Listed;
use seam::{error, foreign};
use session::Loaded;
use wasm_bindgen::prelude::*;

fn texts(cells: Vec<String>) -> Vec<JsValue> {
    cells.into_iter().map(JsValue::from).listed()
}

/// What the columns are called.
#[wasm_bindgen(unchecked_return_type = "string[]")]
pub fn table_header() -> Vec<JsValue> {
    texts(header())
}

/// A model's row, by the bytes that `read_files` wrote: of a run its best snapshot. Throws what a person reads.
#[wasm_bindgen(unchecked_return_type = "string[]")]
pub fn table_row(input: &[u8]) -> Result<Vec<JsValue>, JsValue> {
    let input = Input::from_bytes(input).map_err(foreign)?;
    let Loaded { file, checkpoint, .. } = Loaded::open(input).map_err(error)?;
    let row = Row::new(file, checkpoint.about.step, &checkpoint.model);
    Ok(texts(row.cells()))
}

/// Rows as comma-separated text, with their header.
pub fn csv(rows: &[Vec<String>]) -> String {
    let mut table = Table::new(header());
    for row in rows {
        table.push_cells(row.iter().map(|cell| (cell.as_str(), None)));
    }
    table.csv()
}

/// The same of rows as [`table_row`] gave them.
#[wasm_bindgen]
pub fn table_csv(
    #[wasm_bindgen(unchecked_param_type = "string[][]")] rows: Array,
) -> Result<String, JsValue> {
    let row = |row: JsValue| -> Result<Vec<String>, JsValue> {
        let cells = row.dyn_into::<Array>().map_err(foreign)?;
        Ok(cells.iter().map(|cell| cell.as_string().unwrap_or_default()).listed())
    };
    let mut all = Vec::new();
    for each in rows.iter() {
        all.push(row(each)?);
    }
    Ok(csv(&all))
}
