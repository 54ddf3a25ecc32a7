//! The part of the page that decides how many of all additions a model answers right.

use js_sys::Array;
use model::exact::{Bounds, Exact, InFloat32, Report};
use model::map::Map;
use model::{Intervened, Model};
use seam::{foreign, plain};
use self_cell::self_cell;
use task::addition::DIGITS;
use task::sampling::Pair;
use wasm_bindgen::prelude::*;

self_cell!(
    /// A verdict in the making, with the model that it is of.
    struct Held {
        owner: Intervened,
        #[not_covariant]
        dependent: Exact,
    }
);

/// A model that is being decided, a step at a time. It takes what `read_files` wrote, the place of a snapshot of a run, and
/// edits.
#[wasm_bindgen]
pub struct Deciding {
    held: Held,
}

impl Deciding {
    /// Nothing of it is decided yet.
    ///
    /// * `hidden` - of the 33 places, those that no row looks at
    pub fn of(model: Model, hidden: &[u8]) -> Deciding {
        let hidden = std::array::from_fn(|place| hidden.iter().any(|h| usize::from(*h) == place));
        let owner = Intervened::masked(model, hidden);
        Deciding { held: Held::new(owner, |owner| Exact::under(owner)) }
    }

    /// What is known so far.
    pub fn known(&self) -> Bounds {
        self.held.with_dependent(|_, exact| exact.count(DIGITS).bounds())
    }

    /// The same within some milliseconds: bounds may be further apart.
    pub fn known_soon(&self) -> Bounds {
        self.held.with_dependent(|_, exact| exact.count_soon(DIGITS).bounds())
    }

    /// What is known of each case of additions.
    pub fn mapped(&self) -> Map {
        self.held.with_dependent(|_, exact| exact.map(DIGITS))
    }

    /// All that is known of additions of at most `digits` digits.
    ///
    /// # Errors
    /// There are no such additions.
    pub fn told(&self, digits: usize) -> Result<Report, String> {
        if !(1..=DIGITS).contains(&digits) {
            return Err(format!("summands have 1 to {DIGITS} digits, not {digits}"));
        }
        Ok(self.held.with_dependent(|_, exact| exact.report(digits)))
    }

    /// Whether float32 answers as exact arithmetic does, as far as that follows from what is known.
    ///
    /// * `near` - additions that are asked for where it is not proven
    pub fn rounded(&self, near: &[Pair]) -> InFloat32 {
        self.held.with_dependent(|_, exact| exact.float32(near))
    }
}

#[wasm_bindgen]
impl Deciding {
    /// Of the 33 places those that are hidden are looked at by no row. Throws what a person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
        hidden: Option<Vec<u8>>,
    ) -> Result<Deciding, JsValue> {
        let model = seam::model_of(input, snapshot, changes)?;
        Ok(Deciding::of(model, &hidden.unwrap_or_default()))
    }

    /// Looks at no more than about `evaluations` intervals. Gives whether there is nothing left to do.
    pub fn step(&mut self, evaluations: u32) -> bool {
        self.held.with_dependent_mut(|_, exact| exact.step(evaluations.into()))
    }

    /// How many are right, as far as it is known.
    #[wasm_bindgen(unchecked_return_type = "Bounds")]
    pub fn bounds(&self) -> Result<JsValue, JsValue> {
        plain(&self.known())
    }

    /// What is known of each case of additions, for the figure's map of them.
    pub fn map(&self) -> Result<Vec<u8>, JsValue> {
        self.mapped().to_bytes().map_err(foreign)
    }
}

/// What only the page asks.
#[cfg(feature = "page-only")]
#[wasm_bindgen]
impl Deciding {
    /// The same within some milliseconds, for those who drag a slider: bounds may be further apart.
    #[wasm_bindgen(unchecked_return_type = "Bounds")]
    pub fn bounds_soon(&self) -> Result<JsValue, JsValue> {
        plain(&self.known_soon())
    }

    /// All that is known of additions of at most `digits` digits. Throws what a person reads where there are none.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self, digits: usize) -> Result<JsValue, JsValue> {
        plain(&self.told(digits).map_err(seam::error)?)
    }
}
