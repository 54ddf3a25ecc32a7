//! The panels of both models on the page's main thread: text and values for its elements, pixels for its canvases.

use analysis::Report;
use analysis::ruler::Ruler;
use drawing::{Options, alignment, prepare};
use figure::{Content, Panel, PanelSpec, Shown, Surface};
use model::map::Map;
use seam::{FOREIGN, error, plain};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Bytes that the page's own Worker did not write.
fn foreign<E>(_: E) -> JsValue {
    error(FOREIGN)
}

/// What JavaScript reads of a panel of both.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct PairText<'a> {
    key: &'static str,
    number: u8,
    title: &'a str,
    aside: &'a str,
    sentence: &'a str,
    note: Option<&'a str>,
    has_table: bool,
    /// Both are of cells: they are drawn beside each other, and their difference where there is one.
    is_map: bool,
}

impl<'a> PairText<'a> {
    fn new(spec: &PanelSpec, panel: &'a Panel, is_map: bool) -> PairText<'a> {
        let PanelSpec { key, number, .. } = *spec;
        let Panel { title, aside, sentence, table, content } = panel;
        let note = match content {
            Content::Note(note) => Some(note.as_str()),
            Content::Chart(_) => None,
        };
        let has_table = !table.is_empty();
        PairText { key, number, title, aside, sentence, note, has_table, is_map }
    }
}

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
    #[wasm_bindgen(unchecked_return_type = "PairText[]")]
    pub fn panels(&self, alignment_name: &str, of: &str) -> Result<JsValue, JsValue> {
        let alignment = alignment(alignment_name)?;
        let panels = self.inner.panels(alignment, shown(of)?).iter();
        let each = [Shown::A, Shown::B].map(|side| self.inner.panels(alignment, side).iter());
        let [a, b] = each.map(|panels| panels.map(figure::is_map));
        let all = figure::panels().zip(panels).zip(a.zip(b));
        let texts = all.map(|((spec, panel), (a, b))| PairText::new(spec, panel, a && b));
        plain(&texts.collect::<Vec<_>>())
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
