//! The figure of several training runs.

use drawing::{Options, prepare};
use figure::{Panel, Surface, seeds};
use js_sys::{Array, Reflect};
use seam::{error, plain};
use task::item::Item;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Exact match of several runs, or loss and exact match of one, as a figure.
#[wasm_bindgen]
pub struct Seeds {
    panel: Panel,
}

/// A run in the figure of several.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[allow(dead_code, reason = "what is read of it is read one by one, which takes less code")]
pub(crate) struct SeedCurve {
    name: String,
    /// As text: JavaScript's numbers do not hold every seed.
    seed: String,
    /// Step and share.
    points: Vec<(f64, f64)>,
}

/// A curve as JavaScript has it. What it lacks is empty.
fn curve(run: &JsValue) -> Result<seeds::Curve, JsValue> {
    let field = |key: &str| Reflect::get(run, &key.into());
    let text = |key: &str| Ok::<_, JsValue>(field(key)?.as_string().unwrap_or_default());
    let item = text("seed")?.parse().ok().map(Item::Seed);
    Ok(seeds::Curve { name: text("name")?, item, points: points(field("points")?) })
}

/// A list of pairs of a step and another number.
fn points(list: JsValue) -> Vec<(u64, f64)> {
    let Ok(list) = list.dyn_into::<Array>() else { return vec![] };
    let number = |pair: &Array, at: u32| pair.get(at).as_f64().unwrap_or(f64::NAN);
    let pairs = list.iter().filter_map(|pair| pair.dyn_into::<Array>().ok());
    pairs.map(|pair| (number(&pair, 0) as u64, number(&pair, 1))).collect()
}

#[wasm_bindgen]
impl Seeds {
    /// The figure of runs, each `{name, seed, points}`, over `steps`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SeedCurve[]")] curves: Array,
        steps: f64,
    ) -> Result<Seeds, JsValue> {
        let mut all = Vec::new();
        for run in curves.iter() {
            all.push(curve(&run)?);
        }
        Ok(Seeds { panel: seeds::seeds(&all, steps as u64) })
    }

    /// The figure of one run, with its losses by step, over `steps`.
    pub fn learning(
        #[wasm_bindgen(unchecked_param_type = "SeedCurve")] run: JsValue,
        #[wasm_bindgen(unchecked_param_type = "[number, number][]")] losses: JsValue,
        steps: f64,
    ) -> Result<Seeds, JsValue> {
        let panel = seeds::learning(&curve(&run)?, &points(losses), steps as u64);
        Ok(Seeds { panel })
    }

    /// As [`Figure::aspect`](super::figure::Figure::aspect).
    pub fn aspect(&self, _key: &str, width: f64) -> f64 {
        figure::height(&self.panel, width)
    }

    /// As [`Figure::draw`](super::figure::Figure::draw).
    pub fn draw(
        &self,
        _key: &str,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let Options { frame, scale, .. } = drawing::options(&options)?;
        let mut backend = prepare(canvas, frame.width, frame.height, scale)?;
        figure::draw_bare(Surface::canvas(&mut backend), &self.panel, frame).map_err(error)
    }

    /// As [`Figure::marks`](super::figure::Figure::marks).
    #[wasm_bindgen(unchecked_return_type = "Mark[]")]
    pub fn marks(
        &self,
        _key: &str,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        plain(&figure::bare_marks(&self.panel, drawing::options(&options)?.frame))
    }
}
