//! What is done to the pass that the page shows, and what comes of it.

use analysis::Report;
use analysis::answer::{Answered, answer_by};
use analysis::explain::{Explanation, explain_by};
use analysis::measured::Measured;
use analysis::patch::{Patching, PlaceValue, carried, patching, place_values};
use analysis::ruler::{Ruler, ruler_by};
use analysis::steps::{Steps, steps_by};
use js_sys::Array;
use model::intervened::{switches, zeros};
use model::{Edit, Forward, Intervened, Model};
use seam::{error, model_of, plain, summand};
use serde::Serialize;
use task::addition::{EQUALS, ROWS, label};
use task::intervene::{Interventions, Off, Patch};
use wasm_bindgen::prelude::*;

/// What can be switched off.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// The FFN or a hidden unit.
    Ffn,
    /// Attention to a group of places.
    Group,
    /// Attention to a column.
    Column,
    /// Attention to a place.
    Place,
}

/// A part of the model that can be switched off.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Part {
    /// The intervention.
    text: String,
    /// What it is called on a switch.
    label: String,
    /// What it is called in a sentence.
    name: String,
    kind: PartKind,
    is_off: bool,
    /// Whether no row looks there because of something else that is switched off.
    is_hidden: bool,
}

/// What is done to the pass, what else can be, and one digit with ways from another addition.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Intervening {
    /// All that can be switched off.
    parts: Vec<Part>,
    /// What is switched off, as a sentence without its full stop.
    off: Option<String>,
    /// What is taken from the other addition, likewise.
    taken: Option<String>,
    /// How much a digit of each column weighs, 1 to 9; none where attention writes several numbers.
    place_values: Vec<PlaceValue>,
    /// The digit with ways from the other addition, in all combinations, where there is another addition.
    patching: Option<Patching>,
    /// Which of the combinations the pass has now: as it is written; none where it is the addition alone.
    chosen: Option<String>,
    /// An addition that differs by a carry into the digit's column, where one can come in.
    carried: Option<(u64, u64)>,
}

/// What the part of the page that decides all additions takes of interventions.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Switched {
    /// Numbers that are 0.
    zeros: Vec<Edit>,
    /// Of the 33 places, those that no row looks at.
    hidden: Vec<usize>,
    /// What is switched off, as a sentence.
    off: String,
}

fn part(off: Off, all: &Interventions) -> Part {
    let (label, kind) = match off {
        Off::Ffn => ("FFN".to_owned(), PartKind::Ffn),
        Off::Hidden(unit) => (format!("unit {unit}"), PartKind::Ffn),
        Off::Group(group) => (group.label().to_owned(), PartKind::Group),
        Off::Column(column) => (column.to_string(), PartKind::Column),
        Off::Place(place) => (label(place), PartKind::Place),
    };
    let is_off = all.off.contains(&off);
    let places = || (0..ROWS).filter(|place| off.hides(*place));
    let hidden = all.hidden();
    let by_place = places().next().is_some() && places().all(|place| hidden[place]);
    let by_ffn = matches!(off, Off::Hidden(_)) && all.off.contains(&Off::Ffn);
    let (text, name) = (off.to_string(), off.name());
    Part { text, label, name, kind, is_off, is_hidden: !is_off && (by_place || by_ffn) }
}

/// With its full stop.
fn sentence(text: Option<String>) -> String {
    text.map_or_else(String::new, |text| format!("{text}."))
}

/// What is done to a pass, and what it is done to.
pub struct Pass {
    model: Model,
    all: Interventions,
    under: Intervened,
}

impl Pass {
    /// # Errors
    /// What is to be done is nothing, or nothing that the model has.
    pub fn new(model: Model, texts: &[String]) -> Result<Pass, String> {
        let all = Interventions::of(texts.iter().map(String::as_str)).map_err(|e| e.to_string())?;
        let under = Intervened::new(&model, &all).map_err(|e| e.to_string())?;
        Ok(Pass { model, all, under })
    }

    /// Every number is of it.
    pub fn forward(&self) -> Forward<'_> {
        Forward::under(&self.under)
    }

    /// What is done, and what else can be, where answer digit `digit` of `a + b` is looked at.
    ///
    /// # Errors
    /// As [`summand`].
    pub fn told(&self, a: f64, b: f64, digit: usize) -> Result<Intervening, String> {
        let (a, b) = (summand(a)?, summand(b)?);
        let patched = |patch: &Patch| {
            let both = ((a, b), (patch.a, patch.b));
            patching(&self.model, &self.all.off, both, digit).map_err(|e| e.to_string())
        };
        let patch = self.all.patch.as_ref();
        let here = patch.filter(|patch| patch.digit == digit && !patch.ways.is_empty());
        let switched = self.switched_off()?;
        Ok(Intervening {
            parts: switches(self.model.config()).map(|off| part(off, &self.all)).collect(),
            off: self.all.switched_off(),
            taken: self.all.taken(),
            place_values: place_values(&Forward::under(&switched), a, b),
            patching: patch.map(patched).transpose()?,
            chosen: here.map(ToString::to_string),
            carried: carried(a, b, digit),
        })
    }

    /// The model without what one row has of another addition.
    fn switched_off(&self) -> Result<Intervened, String> {
        Intervened::new(&self.model, &self.all.switches()).map_err(|e| e.to_string())
    }

    /// What is switched off, for the verdict.
    pub fn switched(&self) -> Switched {
        let hidden = self.all.hidden();
        Switched {
            zeros: zeros(self.model.config(), &self.all.off),
            hidden: (0..ROWS).filter(|place| hidden[*place]).collect(),
            off: sentence(self.all.switched_off()),
        }
    }

    /// What the panels show with what is switched off.
    ///
    /// # Errors
    /// None: what is switched off was before.
    pub fn measured(&self) -> Result<Measured, String> {
        Ok(Measured::new(&self.switched_off()?, sentence(self.all.switched_off())))
    }

    /// The ruler of answer digit `digit`; `None` where a number of the pass is not finite.
    ///
    /// # Errors
    /// As [`summand`].
    pub fn ruled(&self, a: f64, b: f64, digit: usize) -> Result<Option<Ruler>, String> {
        let ruler = ruler_by(&self.forward(), summand(a)?, summand(b)?, digit);
        let off = sentence(self.all.switched_off());
        Ok(ruler.map(|ruler| Ruler { off, taken: sentence(self.all.taken()), ..ruler }))
    }

    /// The model's own answer.
    ///
    /// # Errors
    /// As [`summand`].
    pub fn answered(&self, a: f64, b: f64) -> Result<Answered, String> {
        Ok(answer_by(&self.forward(), summand(a)?, summand(b)?))
    }

    /// How answer digit `digit` comes about; `None` where a number of the pass is not finite.
    ///
    /// # Errors
    /// As [`summand`].
    pub fn stepped(&self, a: f64, b: f64, digit: usize) -> Result<Option<Steps>, String> {
        Ok(steps_by(&self.forward(), summand(a)?, summand(b)?, digit))
    }

    /// How a number was made, as the row of answer digit `digit` sees the addition.
    ///
    /// # Errors
    /// As [`summand`]; or `item` names no number of the model.
    pub fn explained(
        &self,
        item: &str,
        a: f64,
        b: f64,
        digit: usize,
    ) -> Result<Explanation, String> {
        let both = (summand(a)?, summand(b)?);
        explain_by(&self.forward(), both, EQUALS + digit, item).map_err(|e| e.to_string())
    }
}

fn texts(list: &Array) -> Vec<String> {
    list.iter().map(|text| text.as_string().unwrap_or_default()).collect()
}

/// A model with interventions, at work on additions. It takes what `read_files` wrote, the place of a snapshot of a run, edits,
/// and interventions as they are written.
#[wasm_bindgen]
pub struct Intervention {
    pub(crate) pass: Pass,
}

#[wasm_bindgen]
impl Intervention {
    /// Throws what a person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] under: Array,
    ) -> Result<Intervention, JsValue> {
        let model = model_of(input, snapshot, changes)?;
        Ok(Intervention { pass: Pass::new(model, &texts(&under)).map_err(error)? })
    }

    /// The bytes of the model's own report, with what panels show measured anew with what is switched off: for the figure.
    pub fn measured(&self, report: &[u8]) -> Result<Vec<u8>, JsValue> {
        let mut report = Report::from_bytes(report).map_err(error)?;
        self.pass.measured().map_err(error)?.put(&mut report);
        report.to_bytes().map_err(error)
    }

    /// The model's own answer to `a + b`.
    #[wasm_bindgen(unchecked_return_type = "Answered")]
    pub fn answer(&self, a: f64, b: f64) -> Result<JsValue, JsValue> {
        plain(&self.pass.answered(a, b).map_err(error)?)
    }

    /// The ruler of answer digit `digit` with `a + b` on it, for the figure; `undefined` where there is none.
    pub fn ruler(&self, a: f64, b: f64, digit: usize) -> Result<Option<Vec<u8>>, JsValue> {
        let ruler = self.pass.ruled(a, b, digit).map_err(error)?;
        ruler.map(|ruler| ruler.to_bytes().map_err(error)).transpose()
    }

    /// How answer digit `digit` of `a + b` comes about; `null` where a number of the pass is not finite.
    #[wasm_bindgen(unchecked_return_type = "Steps | null")]
    pub fn steps(&self, a: f64, b: f64, digit: usize) -> Result<JsValue, JsValue> {
        plain(&self.pass.stepped(a, b, digit).map_err(error)?)
    }

    /// How the number that `item` names was made, as the row of answer digit `digit` sees `a + b`. Throws what a person reads
    /// where it names none.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain(&self, item: &str, a: f64, b: f64, digit: usize) -> Result<JsValue, JsValue> {
        plain(&self.pass.explained(item, a, b, digit).map_err(error)?)
    }
}
