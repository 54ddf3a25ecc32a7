//! The figure of several training runs.

use crate::canvas::{self, Options, prepare};
use figure::{Panel, Surface, seeds};
use seam::{error, plain};
use serde::Deserialize;
use task::item::Item;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Exact match of several runs, or loss and exact match of one, as a figure.
#[wasm_bindgen]
pub struct Seeds {
    panel: Panel,
}

/// A run in the figure of several.
#[derive(Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub(crate) struct SeedCurve {
    name: String,
    /// As text: JavaScript's numbers do not hold every seed.
    seed: String,
    /// Step and share.
    points: Vec<(f64, f64)>,
}

fn curve(SeedCurve { name, seed, points }: SeedCurve) -> seeds::Curve {
    let item = seed.parse().ok().map(Item::Seed);
    let points = points.into_iter().map(|(step, share)| (step as u64, share)).collect();
    seeds::Curve { name, item, points }
}

#[wasm_bindgen]
impl Seeds {
    /// The figure of runs, each `{name, seed, points}`, over `steps`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SeedCurve[]")] curves: JsValue,
        steps: f64,
    ) -> Result<Seeds, JsValue> {
        let curves: Vec<SeedCurve> = serde_wasm_bindgen::from_value(curves).map_err(error)?;
        let curves: Vec<seeds::Curve> = curves.into_iter().map(curve).collect();
        Ok(Seeds { panel: seeds::seeds(&curves, steps as u64) })
    }

    /// The figure of one run, with its losses by step, over `steps`.
    pub fn learning(
        #[wasm_bindgen(unchecked_param_type = "SeedCurve")] run: JsValue,
        #[wasm_bindgen(unchecked_param_type = "[number, number][]")] losses: JsValue,
        steps: f64,
    ) -> Result<Seeds, JsValue> {
        let run: SeedCurve = serde_wasm_bindgen::from_value(run).map_err(error)?;
        let losses: Vec<(f64, f64)> = serde_wasm_bindgen::from_value(losses).map_err(error)?;
        let losses: Vec<(u64, f64)> =
            losses.into_iter().map(|(step, loss)| (step as u64, loss)).collect();
        Ok(Seeds { panel: seeds::learning(&curve(run), &losses, steps as u64) })
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
        let Options { frame, scale, .. } = canvas::options(&options)?;
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
        plain(&figure::bare_marks(&self.panel, canvas::options(&options)?.frame))
    }
}
