//! The figure on the page's main thread: text and values for its elements, pixels for its
//! canvases.

use crate::canvas::{self, alignment, prepare};
use analysis::Report;
use figure::{Content, PANELS, Panel, PanelSpec, Section, Surface};
use seam::{error, plain};
use serde::Serialize;
use task::addition::Alignment;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// What JavaScript reads of a panel.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct PanelText<'a> {
    key: &'static str,
    number: u8,
    title: &'static str,
    aside: &'a str,
    sentence: &'a str,
    note: Option<&'a str>,
    has_table: bool,
}

impl<'a> PanelText<'a> {
    fn new(spec: &PanelSpec, panel: &'a Panel) -> PanelText<'a> {
        let PanelSpec { key, number, title, .. } = *spec;
        let Panel { aside, sentence, table, content } = panel;
        let note = match content {
            Content::Note(note) => Some(note.as_str()),
            Content::Chart(_) => None,
        };
        PanelText { key, number, title, aside, sentence, note, has_table: !table.is_empty() }
    }
}

/// The figure of one model at a time.
#[wasm_bindgen]
pub struct Figure {
    inner: figure::Figure,
}

fn report(bytes: &[u8]) -> Result<Report, JsValue> {
    Report::from_bytes(bytes).map_err(error)
}

#[wasm_bindgen]
impl Figure {
    /// Takes the bytes of `Session.report`.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Figure, JsValue> {
        Ok(Figure { inner: figure::Figure::new(report(bytes)?) })
    }

    /// Shows another report; returns the keys of the panels to draw again.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn replace(&mut self, bytes: &[u8], alignment_name: &str) -> Result<JsValue, JsValue> {
        plain(&self.inner.replace(report(bytes)?, alignment(alignment_name)?))
    }

    /// The words of the twelve panels.
    #[wasm_bindgen(unchecked_return_type = "PanelText[]")]
    pub fn panels(&self, alignment_name: &str) -> Result<JsValue, JsValue> {
        let panels = self.inner.panels(alignment(alignment_name)?);
        let texts = PANELS.iter().zip(panels).map(|(spec, panel)| PanelText::new(spec, panel));
        plain(&texts.collect::<Vec<_>>())
    }

    /// What a section says of this model.
    pub fn section_sentence(&self, key: &str, alignment_name: &str) -> Result<String, JsValue> {
        let section = Section::ALL.into_iter().find(|s| s.key() == key);
        let section = section.ok_or_else(|| error(format!("{key} is no section")))?;
        Ok(section.sentence(self.inner.report(), alignment(alignment_name)?))
    }

    /// Draws a panel on a canvas, whose pixels it sets.
    pub fn draw(
        &self,
        key: &str,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let (alignment, frame, scale) = canvas::options(&options)?;
        let (spec, panel) = self.panel(key, alignment)?;
        let mut backend = prepare(canvas, frame.width, frame.height, scale)?;
        let surface = Surface::canvas(&mut backend);
        figure::draw_panel(surface, spec, panel, frame).map_err(error)
    }

    /// What [`Figure::draw`] draws where with these options, in CSS pixels.
    #[wasm_bindgen(unchecked_return_type = "Mark[]")]
    pub fn marks(
        &self,
        key: &str,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (alignment, frame, _) = canvas::options(&options)?;
        let (spec, panel) = self.panel(key, alignment)?;
        plain(&figure::marks(spec, panel, frame))
    }

    /// Draws the whole figure at its own size; `scale` canvas pixels per CSS pixel.
    pub fn draw_figure(
        &self,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let (alignment, frame, scale) = canvas::options(&options)?;
        let report = self.inner.report();
        let size = (figure::FIGURE_WIDTH, figure::figure_height(report, alignment));
        let mut backend = prepare(canvas, size.0, size.1, scale)?;
        let surface = Surface::canvas(&mut backend);
        figure::draw_figure(surface, report, alignment, frame.theme).map_err(error)
    }

    /// A panel, or the whole figure for no panel, as an SVG document.
    pub fn svg(
        &self,
        key: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<String, JsValue> {
        let (alignment, frame, _) = canvas::options(&options)?;
        let Some(key) = key else {
            let report = self.inner.report();
            return figure::figure_svg(report, alignment, frame.theme).map_err(error);
        };
        let (spec, panel) = self.panel(&key, alignment)?;
        figure::panel_svg(spec, panel, frame).map_err(error)
    }

    /// A panel's values: columns and rows of text.
    #[wasm_bindgen(unchecked_return_type = "Table")]
    pub fn table(&self, key: &str, alignment_name: &str) -> Result<JsValue, JsValue> {
        plain(&self.panel(key, alignment(alignment_name)?)?.1.table)
    }

    /// A panel's values as comma-separated text.
    pub fn csv(&self, key: &str, alignment_name: &str) -> Result<String, JsValue> {
        Ok(self.panel(key, alignment(alignment_name)?)?.1.csv())
    }

    /// The height, in CSS pixels, that suits a panel of this width; the same in both
    /// alignments, so that a switch moves nothing.
    pub fn aspect(&self, key: &str, width: f64) -> Result<f64, JsValue> {
        Ok(figure::height(self.panel(key, Alignment::default())?.1, width))
    }

    /// The same with title, aside and sentence, as in downloads.
    pub fn titled_aspect(
        &self,
        key: &str,
        width: f64,
        alignment_name: &str,
    ) -> Result<f64, JsValue> {
        let (spec, panel) = self.panel(key, alignment(alignment_name)?)?;
        Ok(figure::titled_height(spec, panel, width))
    }
}

impl Figure {
    fn panel(
        &self,
        key: &str,
        alignment: Alignment,
    ) -> Result<(&'static PanelSpec, &Panel), JsValue> {
        self.inner.panel(key, alignment).ok_or_else(|| error(format!("{key} is no panel")))
    }
}
