//! The panels of both models on the page's main thread: text and values for its elements, pixels for its canvases.

use analysis::Report;
use analysis::ruler::Ruler;
use drawing::{Options, PanelText, alignment, prepare};
use figure::{Panel, Shown, Surface};
use model::map::Map;
use seam::{error, foreign, plain};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// The panels of two models. Questions say which of them is shown: `both`, `a` or `b`.
#[wasm_bindgen]
pub struct Pair {
    inner: figure::Pair,
}

fn shown(name: &str) -> Result<Shown, JsValue> {
    Shown::of_name(name).ok_or_else(|| error(format!("{name} is neither of two, nor both")))
}

fn maps(bytes: Option<Vec<u8>>) -> Result<Option<Map>, JsValue> {
    bytes.map(|bytes| Map::from_bytes(&bytes).map_err(foreign)).transpose()
}

fn rulers(bytes: Option<Vec<u8>>) -> Result<Option<Ruler>, JsValue> {
    bytes.map(|bytes| Ruler::from_bytes(&bytes).map_err(foreign)).transpose()
}

#[wasm_bindgen]
impl Pair {
    /// Takes the bytes of `Comparing.report` of A and of B.
    #[wasm_bindgen(constructor)]
    pub fn new(a: &[u8], b: &[u8]) -> Result<Pair, JsValue> {
        let read = |bytes| Report::from_bytes(bytes).map_err(foreign);
        Ok(Pair { inner: figure::Pair::new(read(a)?, read(b)?) })
    }

    /// Takes the bytes of `Comparing.map` of both.
    pub fn set_maps(&mut self, a: Option<Vec<u8>>, b: Option<Vec<u8>>) -> Result<(), JsValue> {
        self.inner.set_maps([maps(a)?, maps(b)?]);
        Ok(())
    }

    /// Takes the bytes of `Comparing.ruler` of both.
    pub fn set_rulers(&mut self, a: Option<Vec<u8>>, b: Option<Vec<u8>>) -> Result<(), JsValue> {
        self.inner.set_rulers([rulers(a)?, rulers(b)?]);
        Ok(())
    }

    /// The words of all panels.
    #[wasm_bindgen(unchecked_return_type = "PanelText[]")]
    pub fn panels(&self, alignment_name: &str, of: &str) -> Result<JsValue, JsValue> {
        let panels = self.inner.panels(alignment(alignment_name)?, shown(of)?).iter();
        let texts = figure::panels().zip(panels).map(|(spec, panel)| PanelText::new(spec, panel));
        plain(&texts.collect::<Vec<_>>())
    }

    /// Whether the panel is of cells in both: they are drawn beside each other, with their difference where there is one.
    pub fn is_map(&self, key: &str, alignment_name: &str) -> Result<bool, JsValue> {
        let alignment = alignment(alignment_name)?;
        let of = |side| self.inner.panel(key, alignment, side).is_some_and(figure::is_map);
        Ok(of(Shown::A) && of(Shown::B))
    }

    /// Draws a panel on a canvas, whose pixels it sets.
    pub fn draw(
        &self,
        key: &str,
        of: &str,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let Options { alignment, frame, scale } = drawing::options(&options)?;
        let panel = self.panel(key, alignment, of)?;
        let mut backend = prepare(canvas, frame.width, frame.height, scale)?;
        figure::draw_panel(Surface::canvas(&mut backend), panel, frame).map_err(error)
    }

    /// What [`Pair::draw`] draws where with these options, in CSS pixels.
    #[wasm_bindgen(unchecked_return_type = "Mark[]")]
    pub fn marks(
        &self,
        key: &str,
        of: &str,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let Options { alignment, frame, .. } = drawing::options(&options)?;
        plain(&figure::marks(self.panel(key, alignment, of)?, frame))
    }

    /// The height, in CSS pixels, that suits a panel of this width.
    pub fn aspect(
        &self,
        key: &str,
        of: &str,
        alignment_name: &str,
        width: f64,
    ) -> Result<f64, JsValue> {
        Ok(figure::height(self.panel(key, alignment(alignment_name)?, of)?, width))
    }

    /// The same with title, aside and sentence, as in downloads.
    pub fn titled_aspect(
        &self,
        key: &str,
        of: &str,
        alignment_name: &str,
        width: f64,
    ) -> Result<f64, JsValue> {
        Ok(figure::titled_height(self.panel(key, alignment(alignment_name)?, of)?, width))
    }

    /// A panel as an SVG document.
    pub fn svg(
        &self,
        key: &str,
        of: &str,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<String, JsValue> {
        let Options { alignment, frame, .. } = drawing::options(&options)?;
        figure::panel_svg(self.panel(key, alignment, of)?, frame).map_err(error)
    }

    /// A panel's values: columns, rows of text, and what each cell stands for.
    #[wasm_bindgen(unchecked_return_type = "Table")]
    pub fn table(&self, key: &str, of: &str, alignment_name: &str) -> Result<JsValue, JsValue> {
        plain(&self.panel(key, alignment(alignment_name)?, of)?.table)
    }

    /// A panel's values as comma-separated text.
    pub fn csv(&self, key: &str, of: &str, alignment_name: &str) -> Result<String, JsValue> {
        Ok(self.panel(key, alignment(alignment_name)?, of)?.csv())
    }
}

impl Pair {
    fn panel(
        &self,
        key: &str,
        alignment: task::addition::Alignment,
        of: &str,
    ) -> Result<&Panel, JsValue> {
        let found = self.inner.panel(key, alignment, shown(of)?);
        found.ok_or_else(|| error(format!("{key} is no panel")))
    }
}
