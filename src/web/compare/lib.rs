//! The part of the page that puts two models side by side: A, which is open, and B.

mod landscape;
mod many;
mod pair;

use analysis::compare::{SideBySide, side_by_side};
use analysis::ruler::ruler;
use js_sys::Array;
use model::Model;
use model::exact::Closest;
use model::exact::versus::{Comparison, Versus};
use model::file::Input;
use numbers::words;
use seam::{edits, error, foreign, plain, summand};
use self_cell::self_cell;
use serde::Serialize;
use session::{Loaded, Run};
use task::addition::{ANSWER_DIGITS, DIGITS};
use wasm_bindgen::prelude::*;

self_cell!(
    /// What is known of two models, with them.
    struct Held {
        owner: [Model; 2],
        #[not_covariant]
        dependent: Versus,
    }
);

/// What all additions say of two models.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Told {
    /// Which they answer right, of what kind.
    pub comparison: Comparison,
    /// A's right answer with the smallest lead.
    pub closest_a: Option<Closest>,
    /// B's.
    pub closest_b: Option<Closest>,
}

/// Two models that are compared, a step at a time. Of each it takes what `read_files` wrote, the place of a snapshot of a run
/// or a training step, the nearest of which is taken, and edits.
#[wasm_bindgen]
pub struct Comparing {
    loaded: [Loaded; 2],
    held: Held,
}

/// A model as it is to be compared.
fn loaded(input: &[u8], at: At, changes: Array) -> Result<Loaded, JsValue> {
    let input = Input::from_bytes(input).map_err(foreign)?;
    let mut loaded = Loaded::open(input).map_err(error)?;
    let index = match at {
        At::Opened => None,
        At::Snapshot(index) => Some(index),
        At::Step(step) => loaded.run.as_ref().map(Run::log).and_then(|log| nearest(log, step)),
    };
    if let Some(index) = index {
        loaded.show_snapshot(index).map_err(foreign)?;
    }
    let changes = edits(changes)?;
    if !changes.is_empty() {
        loaded.edit(&changes).map_err(foreign)?;
    }
    Ok(loaded)
}

/// Where in its run a model stands.
enum At {
    /// Where its file opens.
    Opened,
    Snapshot(usize),
    Step(u64),
}

/// The answer digit to look at where nobody chose one and all are right in both: the first that another stands before.
const LOOKED: usize = 1;

/// The place of the step that is nearest.
fn nearest(log: &[model::file::Evaluation], step: u64) -> Option<usize> {
    (0..log.len()).min_by_key(|i| log[*i].step.abs_diff(step))
}

impl Comparing {
    /// Two models, of which nothing is decided yet.
    pub fn of(loaded: [Loaded; 2]) -> Comparing {
        let models = loaded.each_ref().map(|loaded| loaded.checkpoint.model.clone());
        let held = Held::new(models, |[a, b]| Versus::new(a, b));
        Comparing { loaded, held }
    }

    /// Shows another step of A's run, the nearest to this one; nothing is decided of it yet. False where A is not of a run.
    pub fn moved(&mut self, step: u64) -> bool {
        let [a, b] = &mut self.loaded;
        let index = a.run.as_ref().map(Run::log).and_then(|log| nearest(log, step));
        let is_shown = index.is_some_and(|index| a.show_snapshot(index).is_ok());
        if is_shown {
            let models = [a, b].map(|loaded| loaded.checkpoint.model.clone());
            self.held = Held::new(models, |[a, b]| Versus::new(a, b));
        }
        is_shown
    }

    /// The answer digit of `a + b` to look at: the first in which the answers differ, else the first that is wrong.
    pub fn looked_at(&self, a: u64, b: u64) -> usize {
        let said = self.held.with_dependent(|_, versus| versus.asked((a, b)));
        // The lowest digit that is not the same.
        let apart = |one: u64, other: u64| {
            let power = |k: usize| 10_u64.pow(k as u32);
            (0..ANSWER_DIGITS).find(|k| one / power(*k) % 10 != other / power(*k) % 10)
        };
        let differs = apart(said.got_a, said.got_b);
        let wrong = || apart(said.got_a, said.expected);
        differs.or_else(wrong).unwrap_or(LOOKED)
    }

    /// Parameters, settings, weights and AdderBoard's suite.
    pub fn beside(&self) -> SideBySide {
        let [a, b] = self.held.borrow_owner();
        side_by_side(a, b)
    }

    /// What is known of all additions so far.
    pub fn known(&self) -> Told {
        self.held.with_dependent(|_, versus| {
            // Of a model that is not decided, the search for it would take minutes.
            let [closest_a, closest_b] = versus
                .each()
                .each_ref()
                .map(|exact| exact.count(DIGITS).right().and_then(|_| exact.closest(DIGITS)));
            Told { comparison: versus.report(DIGITS), closest_a, closest_b }
        })
    }
}

#[wasm_bindgen]
impl Comparing {
    /// A at the snapshot that is shown; B at a training step, or where its file opens. Throws what a person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        input_a: &[u8],
        snapshot_a: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes_a: Array,
        input_b: &[u8],
        snapshot_b: Option<usize>,
        step_b: Option<f64>,
    ) -> Result<Comparing, JsValue> {
        let at = |snapshot: Option<usize>| snapshot.map_or(At::Opened, At::Snapshot);
        let step = step_b.filter(|step| *step >= 0.0).map(|step| At::Step(step as u64));
        let a = loaded(input_a, at(snapshot_a), changes_a)?;
        let b = loaded(input_b, step.unwrap_or_else(|| at(snapshot_b)), Array::new())?;
        Ok(Comparing::of([a, b]))
    }

    /// The analyses of A and of B, for the figure.
    pub fn report(&self, is_b: bool) -> Result<Vec<u8>, JsValue> {
        self.loaded[usize::from(is_b)].report.to_bytes().map_err(error)
    }

    /// What A or B is called: its file, and its step where it has one.
    pub fn name(&self, is_b: bool) -> String {
        let summary = self.loaded[usize::from(is_b)].summary();
        let step = summary.step;
        let step = step.map_or_else(String::new, |step| format!(", step {}", words::count(step)));
        format!("{}, {}{step}", summary.file, summary.name)
    }

    /// Parameters, settings, weights and AdderBoard's suite.
    #[wasm_bindgen(unchecked_return_type = "SideBySide")]
    pub fn sides(&self) -> Result<JsValue, JsValue> {
        plain(&self.beside())
    }

    /// Shows the step of A's run that is nearest; nothing is decided of it yet. Gives whether A is of a run.
    pub fn go_to(&mut self, step: f64) -> bool {
        self.moved(step.max(0.0) as u64)
    }

    /// The answer digit of `a + b` to look at where nobody chose one. Throws what a person reads.
    pub fn digit(&self, a: f64, b: f64) -> Result<usize, JsValue> {
        let (a, b) = (summand(a).map_err(error)?, summand(b).map_err(error)?);
        Ok(self.looked_at(a, b))
    }

    /// The ruler that answer digit `digit` is read off in A or B, with `a + b` on it, for `Pair`. `undefined` where
    /// there is none. Throws what a person reads.
    pub fn ruler(
        &self,
        is_b: bool,
        a: f64,
        b: f64,
        digit: usize,
    ) -> Result<Option<Vec<u8>>, JsValue> {
        let (a, b) = (summand(a).map_err(error)?, summand(b).map_err(error)?);
        let model = &self.loaded[usize::from(is_b)].checkpoint.model;
        let ruler = ruler(model, a, b, digit);
        ruler.map(|ruler| ruler.to_bytes().map_err(error)).transpose()
    }

    /// What is known of each case of additions in A or B, for `Pair`.
    pub fn map(&self, is_b: bool) -> Result<Vec<u8>, JsValue> {
        let map = self.held.with_dependent(|_, versus| {
            let [a, b] = versus.each();
            if is_b { b } else { a }.map(DIGITS)
        });
        map.to_bytes().map_err(error)
    }

    /// Looks at no more than about `evaluations` intervals. Gives whether there is nothing left to do.
    pub fn step(&mut self, evaluations: u32) -> bool {
        self.held.with_dependent_mut(|_, versus| versus.step(evaluations.into()))
    }

    /// What all additions say, as far as it is known.
    #[wasm_bindgen(unchecked_return_type = "Told")]
    pub fn told(&self) -> Result<JsValue, JsValue> {
        plain(&self.known())
    }
}
