//! What the page's Worker computes with: the model that is open, edited and scored.

#[cfg(feature = "page-only")]
mod page_only;

use analysis::adderboard::{Score, Scoring};
use analysis::answer::answer;
use js_sys::Array;
use model::file::Input;
use seam::{edits, error, foreign, plain, summand};
use session::{Loaded, Run};
use task::sampling::Pair;
use wasm_bindgen::prelude::*;

/// The model that is loaded.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    inner: session::Session,
    /// AdderBoard's own suite, as it was scored last.
    score: Score,
    /// How many of it the file's numbers get right, once that was asked.
    file_passed: Option<usize>,
    suite: Option<Suite>,
}

/// What files hold, as `read_files` wrote it.
fn sent(input: &[u8]) -> Result<Input, JsValue> {
    Input::from_bytes(input).map_err(foreign)
}

/// A suite that a person asked for, under way or done.
struct Suite {
    seed: u64,
    scoring: Scoring<Box<dyn Iterator<Item = Pair>>>,
    /// Additions to be asked.
    total: usize,
    milliseconds: f64,
}

#[wasm_bindgen]
impl Session {
    /// Nothing is loaded yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Session {
        Session::default()
    }

    /// Takes what files hold, as `read_files` wrote it; whether that is another model. Throws
    /// what a person reads; what was loaded stays. A log keeps the edits of the model that it joins.
    pub fn open(&mut self, input: &[u8]) -> Result<bool, JsValue> {
        let input = sent(input)?;
        let is_model = matches!(input, Input::Model(_));
        self.inner.take(input).map_err(error)?;
        (self.file_passed, self.suite) = (None, None);
        Ok(is_model)
    }

    /// The facts of the loaded model.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        plain(&self.loaded()?.summary())
    }

    /// The analyses of the loaded model, for [`Figure`](crate::figure::Figure).
    pub fn report(&self) -> Result<Vec<u8>, JsValue> {
        self.loaded()?.report.to_bytes().map_err(foreign)
    }

    /// How far the numbers of the run go, for [`Figure`](crate::figure::Figure): the same for all its snapshots, so that
    /// once is enough. `undefined` for a model that is not of a run.
    pub fn extremes(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let extremes = self.loaded()?.extremes();
        extremes.map(|extremes| extremes.to_bytes().map_err(foreign)).transpose()
    }

    /// Every learned number with its slider.
    #[wasm_bindgen(unchecked_return_type = "Weights")]
    pub fn weights(&self) -> Result<JsValue, JsValue> {
        plain(&self.loaded()?.weights())
    }

    /// Sets learned numbers, each `{name, index, value}`; all of them or, where it throws, none.
    pub fn edit(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
    ) -> Result<(), JsValue> {
        self.loaded_mut()?.edit(&edits(changes)?).map_err(error)?;
        self.suite = None;
        Ok(())
    }

    /// Where the numbers are not the file's: as [`Session::edit`] takes it.
    #[wasm_bindgen(unchecked_return_type = "Edit[]")]
    pub fn edits(&self) -> Result<JsValue, JsValue> {
        plain(&self.loaded()?.checkpoint.edits())
    }

    /// What the run logged at each of its snapshots; empty for a model that is not of a run.
    #[wasm_bindgen(unchecked_return_type = "Evaluation[]")]
    pub fn steps(&self) -> Result<JsValue, JsValue> {
        plain(&self.loaded()?.run.as_ref().map(Run::log).unwrap_or_default())
    }

    /// Shows a snapshot of the run. What was edited is dropped. Throws what a person reads;
    /// then nothing changes.
    pub fn show_snapshot(&mut self, index: usize) -> Result<(), JsValue> {
        self.loaded_mut()?.show_snapshot(index).map_err(error)?;
        (self.file_passed, self.suite) = (None, None);
        Ok(())
    }

    /// The loaded model's own answer to `a + b`, digit by digit. Throws what a person reads.
    #[wasm_bindgen(unchecked_return_type = "Answered")]
    pub fn answer(&self, a: f64, b: f64) -> Result<JsValue, JsValue> {
        let (a, b) = (summand(a).map_err(error)?, summand(b).map_err(error)?);
        plain(&answer(&self.loaded()?.checkpoint.model, a, b))
    }

    pub(crate) fn loaded(&self) -> Result<&Loaded, JsValue> {
        self.inner.loaded().ok_or_else(|| error("no checkpoint is open"))
    }

    fn loaded_mut(&mut self) -> Result<&mut Loaded, JsValue> {
        self.inner.loaded_mut().ok_or_else(|| error("no checkpoint is open"))
    }
}
