//! Exact accuracy over two numbers as a picture: what another part has found comes as numbers.

use drawing::{Options, prepare};
use figure::{Own, Panel, Surface};
use model::robust::{Along, Landscape, LandscapeCell};
use numbers::listed::Listed;
use seam::{error, plain};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// One of two numbers in a landscape.
#[wasm_bindgen]
pub struct Side {
    along: Along,
    name: String,
}

#[wasm_bindgen]
impl Side {
    /// A number by its tensor and its index, what it is called, and its values, of which the middle one is the model's own.
    #[wasm_bindgen(constructor)]
    pub fn new(tensor: String, index: usize, name: String, values: Vec<f32>) -> Side {
        Side { along: Along { tensor, index, values }, name }
    }

    fn own(&self) -> usize {
        self.along.values.len() / 2
    }
}

/// The picture of a landscape.
#[wasm_bindgen]
pub struct LandscapePicture {
    panel: Panel,
}

/// What is known of cells: at least and at most which share is right, and whether all are, and whether it is decided.
pub fn cells(shares: &[f64], known: &[u8]) -> Vec<LandscapeCell> {
    let cell = |(shares, known): (&[f64], &[u8])| LandscapeCell {
        at_least: shares[0],
        at_most: shares[1],
        right: known[0] != 0,
        decided: known[1] != 0,
    };
    shares.chunks_exact(2).zip(known.chunks_exact(2)).map(cell).listed()
}

#[wasm_bindgen]
impl LandscapePicture {
    /// Of cells row by row, as far as they are known: two shares and two flags each.
    #[wasm_bindgen(constructor)]
    pub fn new(x: &Side, y: &Side, shares: &[f64], known: &[u8]) -> LandscapePicture {
        let (along, cells) = ([&x.along, &y.along].map(Clone::clone), cells(shares, known));
        let own = Own { names: [&x.name, &y.name], at: [x.own(), y.own()] };
        let [x, y] = along;
        LandscapePicture { panel: figure::landscape(&Landscape { x, y, cells }, own) }
    }

    /// What it says.
    pub fn sentence(&self) -> String {
        self.panel.sentence.clone()
    }

    /// The height, in CSS pixels, that suits this width; with title and sentence, as in downloads.
    pub fn aspect(&self, width: f64, titled: bool) -> f64 {
        let height = if titled { figure::titled_height } else { figure::height };
        height(&self.panel, width)
    }

    /// Draws it on a canvas, whose pixels it sets.
    pub fn draw(
        &self,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let Options { frame, scale, .. } = drawing::options(&options)?;
        let mut backend = prepare(canvas, frame.width, frame.height, scale)?;
        figure::draw_panel(Surface::canvas(&mut backend), &self.panel, frame).map_err(error)
    }

    /// What [`LandscapePicture::draw`] draws where with these options, in CSS pixels.
    #[wasm_bindgen(unchecked_return_type = "Mark[]")]
    pub fn marks(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        plain(&figure::marks(&self.panel, drawing::options(&options)?.frame))
    }

    /// It as an SVG document.
    pub fn svg(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<String, JsValue> {
        figure::panel_svg(&self.panel, drawing::options(&options)?.frame).map_err(error)
    }

    /// Its values as comma-separated text.
    pub fn csv(&self) -> String {
        self.panel.csv()
    }
}
