//! The part of the page that finds how firm a model is: how far each number can go, how short all of them can be, what
//! two of them do together, and whether float32, which rounds, answers as exact arithmetic does.

use js_sys::Array;
use model::Model;
use model::exact::{Exact, InFloat32};
use model::robust::{Landscaping, Ranging, Shortening};
use seam::{error, model_of, plain, summand};
use self_cell::self_cell;
use task::sampling::Pair;
use wasm_bindgen::prelude::*;

/// How far each number can go, in the making. As the others it takes what `read_files` wrote, the place of a snapshot of a run,
/// and edits.
#[wasm_bindgen]
pub struct FirmNumbers {
    ranging: Ranging,
}

#[wasm_bindgen]
impl FirmNumbers {
    /// Of all learned numbers or, where `tensor` is one, of its number at `index` alone. Of a model that is not right on all
    /// additions `part` of its right answers may be lost. Throws what a person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
        part: f64,
        tensor: Option<String>,
        index: usize,
    ) -> Result<FirmNumbers, JsValue> {
        let all = Ranging::new(&model_of(input, snapshot, changes)?, part);
        let ranging = match tensor {
            Some(tensor) => all.only(&[(&tensor, index)]).map_err(error)?,
            None => all,
        };
        Ok(FirmNumbers { ranging })
    }

    /// Does a piece of the work. Gives whether there is nothing left to do.
    pub fn step(&mut self) -> bool {
        self.ranging.step()
    }

    /// How much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.ranging.progress()
    }

    /// What is known so far.
    #[wasm_bindgen(unchecked_return_type = "Ranges")]
    pub fn found(&self) -> Result<JsValue, JsValue> {
        plain(&self.ranging.ranges())
    }
}

/// The shortest roundings that keep the verdict, in the making.
#[wasm_bindgen]
pub struct ShortNumbers {
    shortening: Shortening,
}

#[wasm_bindgen]
impl ShortNumbers {
    /// As [`FirmNumbers::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
        part: f64,
    ) -> Result<ShortNumbers, JsValue> {
        Ok(ShortNumbers { shortening: Shortening::new(&model_of(input, snapshot, changes)?, part) })
    }

    /// Tries the next rounding. Gives whether there is nothing left to do.
    pub fn step(&mut self) -> bool {
        self.shortening.step()
    }

    /// Roughly how much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.shortening.progress()
    }

    /// What is known so far.
    #[wasm_bindgen(unchecked_return_type = "Decimals")]
    pub fn found(&self) -> Result<JsValue, JsValue> {
        plain(self.shortening.decimals())
    }
}

/// Intervals that are looked at for one cell: a tenth of a second or so.
const LOOKS: u64 = 100_000;

/// Intervals between two looks at the clock: some milliseconds.
const PIECE: u64 = 5_000;

/// Exact accuracy over two numbers, in the making.
#[wasm_bindgen]
pub struct TwoNumbers {
    landscaping: Landscaping,
}

#[wasm_bindgen]
impl TwoNumbers {
    /// Of `values` values of each, as far as `reach` to both sides of its own. Throws what a person reads.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::too_many_arguments, reason = "JavaScript gives two numbers as four arguments")]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
        x: &str,
        x_index: usize,
        y: &str,
        y_index: usize,
        reach: f64,
        values: usize,
    ) -> Result<TwoNumbers, JsValue> {
        let model = model_of(input, snapshot, changes)?;
        let around = |number| Landscaping::around(&model, number, reach, values).map_err(error);
        let (x, y) = (around((x, x_index))?, around((y, y_index))?);
        Ok(TwoNumbers { landscaping: Landscaping::new(&model, x, y, LOOKS).map_err(error)? })
    }

    /// Decides the next cell. Gives whether there is nothing left to do.
    pub fn step(&mut self) -> bool {
        self.landscaping.step()
    }

    /// How much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.landscaping.progress()
    }

    /// What is known so far.
    #[wasm_bindgen(unchecked_return_type = "Landscape")]
    pub fn found(&self) -> Result<JsValue, JsValue> {
        plain(self.landscaping.landscape())
    }
}

self_cell!(
    /// A verdict in the making, with the model that it is of.
    struct Held {
        owner: Model,
        #[not_covariant]
        dependent: Exact,
    }
);

/// Whether float32 answers as exact arithmetic does, in the making: a verdict, then case by case how far it may be off.
#[wasm_bindgen]
pub struct RoundedNumbers {
    held: Held,
    near: Vec<Pair>,
}

impl RoundedNumbers {
    /// Nothing of it is decided yet.
    ///
    /// * `near` - additions that are asked for where it is not proven
    pub fn of(model: Model, near: Vec<Pair>) -> RoundedNumbers {
        RoundedNumbers { held: Held::new(model, |model| Exact::new(model)), near }
    }

    /// What follows from what is decided.
    pub fn known(&self) -> InFloat32 {
        self.held.with_dependent(|_, exact| exact.float32(&self.near))
    }
}

#[wasm_bindgen]
impl RoundedNumbers {
    /// Where it is not proven, additions are asked for whose summands are in `near`, one after the other. Throws what a
    /// person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
        near: &[f64],
    ) -> Result<RoundedNumbers, JsValue> {
        let pair = |ab: &[f64]| Ok((summand(ab[0])?, summand(ab[1])?));
        let near = near.chunks_exact(2).map(pair).collect::<Result<_, String>>().map_err(error)?;
        Ok(RoundedNumbers::of(model_of(input, snapshot, changes)?, near))
    }

    /// Decides a piece. Gives whether there is nothing left to decide.
    pub fn step(&mut self) -> bool {
        self.held.with_dependent_mut(|_, exact| exact.step(PIECE))
    }

    /// What follows from what is decided.
    #[wasm_bindgen(unchecked_return_type = "InFloat32")]
    pub fn found(&self) -> Result<JsValue, JsValue> {
        plain(&self.known())
    }
}
