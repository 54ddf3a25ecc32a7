//! Many models, a row each: the table of `adderscope table`.

use analysis::table::{Row, header};
use figure::Table;
use js_sys::Array;
use model::Config;
use model::file::{Input, ModelFile};
use numbers::listed::Listed;
use seam::{error, foreign, plain};
use serde::Serialize;
use std::hash::{DefaultHasher, Hasher};
use wasm_bindgen::prelude::*;

fn texts(cells: Vec<String>) -> Vec<JsValue> {
    cells.into_iter().map(JsValue::from).listed()
}

/// What the columns are called.
#[wasm_bindgen(unchecked_return_type = "string[]")]
pub fn table_header() -> Vec<JsValue> {
    texts(header())
}

/// What is told of a model that comes into the table.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ManyRow {
    /// Its cells; none where it is no model of its own.
    pub cells: Vec<String>,
    /// The file that came before and has the same numbers, or a snapshot with them; none where it is a model of its own.
    pub same: Option<String>,
}

/// Models that come one after the other, a row each. One whose numbers a file that came before has too, as it opens or in a
/// snapshot of its run, gets none: of a run's folder there is one row.
#[wasm_bindgen]
#[derive(Default)]
pub struct Many {
    known: Vec<Known>,
}

/// What tells the models of a file apart. The files themselves can have gigabytes.
struct Known {
    name: String,
    config: Config,
    /// Of the numbers of every snapshot.
    hashes: Vec<u64>,
}

/// A hash of the bits of a model's numbers; `None` where they are not here.
fn hash(file: &ModelFile, index: usize) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    for number in file.numbers(index)?.into_iter().flatten() {
        hasher.write_u32(number.to_bits());
    }
    Some(hasher.finish())
}

impl Known {
    fn of(file: &ModelFile) -> Known {
        let hashes = (0..file.count()).filter_map(|index| hash(file, index)).listed();
        Known { name: file.name().to_owned(), config: file.config().clone(), hashes }
    }

    /// Whether it has what `file` opens with.
    fn holds(&self, file: &ModelFile) -> bool {
        let opening = hash(file, file.foremost());
        self.config == *file.config() && opening.is_some_and(|own| self.hashes.contains(&own))
    }
}

impl Many {
    /// The row of a model that was read.
    ///
    /// # Errors
    /// It is a log, without a model.
    pub fn next(&mut self, input: Input) -> Result<ManyRow, session::Error> {
        let file = match input {
            Input::Model(file) => file,
            Input::Log(log) => return Err(session::Error::LogAlone { file: log.file }),
        };
        if let Some(before) = self.known.iter().find(|before| before.holds(&file)) {
            return Ok(ManyRow { cells: Vec::new(), same: Some(before.name.clone()) });
        }
        let opening = file.opening();
        let row = Row::new(file.name().to_owned(), opening.about.step, &opening.model);
        self.known.push(Known::of(&file));
        Ok(ManyRow { cells: row.cells(), same: None })
    }
}

#[wasm_bindgen]
impl Many {
    /// No model yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Many {
        Many::default()
    }

    /// A model's row, by the bytes that `read_files` wrote: of a run its best snapshot. Throws what a person reads.
    #[wasm_bindgen(unchecked_return_type = "ManyRow")]
    pub fn row(&mut self, input: &[u8]) -> Result<JsValue, JsValue> {
        let input = Input::from_bytes(input).map_err(foreign)?;
        plain(&self.next(input).map_err(error)?)
    }
}

/// Rows as comma-separated text, with their header.
pub fn csv(rows: &[Vec<String>]) -> String {
    let mut table = Table::new(header());
    for row in rows {
        table.push_cells(row.iter().map(|cell| (cell.as_str(), None)));
    }
    table.csv()
}

/// The same of the cells of rows as [`Many::row`] gave them.
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
