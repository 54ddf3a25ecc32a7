//! The figure on the page's main thread: text and values for its elements, pixels for its
//! canvases.

#[cfg(feature = "page-only")]
mod page_only;

use analysis::Report;
use analysis::extremes::Extremes;
use analysis::map::Map;
use analysis::ruler::Ruler;
use drawing::{Options, PanelText, alignment, prepare};
use figure::{Frame, Panel, Scales, Surface, View};
use seam::{error, foreign, plain};
use task::addition::Alignment;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// The figure of one model at a time.
///
/// Questions say how rows are labelled; what axes are made for is of the figure.
#[wasm_bindgen]
pub struct Figure {
    inner: figure::Figure,
    scales: Scales,
    /// The bytes of its ghost.
    ghost: Option<Vec<u8>>,
}

#[wasm_bindgen]
impl Figure {
    /// Takes the bytes of `Session.report`. Its axes fit the model.
    #[wasm_bindgen(constructor)]
    pub fn new(report: &[u8]) -> Result<Figure, JsValue> {
        let report = Report::from_bytes(report).map_err(foreign)?;
        let inner = figure::Figure::new(report, None);
        Ok(Figure { inner, scales: Scales::default(), ghost: None })
    }

    /// Takes the bytes of `Session.extremes`, without which axes cannot be made for the run.
    pub fn set_extremes(&mut self, extremes: &[u8]) -> Result<(), JsValue> {
        self.inner.set_extremes(Some(Extremes::from_bytes(extremes).map_err(foreign)?));
        Ok(())
    }

    /// Takes the bytes of `Deciding.map`, what is known of the model over all additions, case by case, and what is switched
    /// off in it, as a sentence; none: nothing yet. Panels 13 and 14 are to be drawn again.
    pub fn set_map(&mut self, map: Option<Vec<u8>>, off: String) -> Result<(), JsValue> {
        let map = map.map(|bytes| Map::from_bytes(&bytes).map_err(foreign)).transpose()?;
        self.inner.set_map(map.map(|map| Map { off, ..map }));
        Ok(())
    }

    /// Takes the bytes of `Session.ruler`; none: there is no ruler. Panel 14 is to be drawn again.
    pub fn set_ruler(&mut self, ruler: Option<Vec<u8>>) -> Result<(), JsValue> {
        let ruler = ruler.map(|bytes| Ruler::from_bytes(&bytes).map_err(foreign)).transpose()?;
        self.inner.set_ruler(ruler);
        Ok(())
    }

    /// Shows another report of the same run, or one by `Intervention.measured`, on these scales from now on; returns the keys of the panels to draw again.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn replace(
        &mut self,
        report: &[u8],
        alignment_name: &str,
        #[wasm_bindgen(unchecked_param_type = "Scales")] scales: &str,
    ) -> Result<JsValue, JsValue> {
        let report = Report::from_bytes(report).map_err(foreign)?;
        let from = self.view(alignment_name)?;
        self.scales = drawing::scales(scales)?;
        let to = View { scales: self.scales, ..from };
        plain(&self.inner.replace(report, from, to))
    }

    /// The words of all panels.
    #[wasm_bindgen(unchecked_return_type = "PanelText[]")]
    pub fn panels(&self, alignment_name: &str) -> Result<JsValue, JsValue> {
        let panels = self.inner.panels(self.view(alignment_name)?);
        let texts = figure::panels().zip(panels).map(|(spec, panel)| PanelText::new(spec, panel));
        plain(&texts.collect::<Vec<_>>())
    }

    /// Draws a panel on a canvas, whose pixels it sets.
    pub fn draw(
        &self,
        key: &str,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let options = drawing::options(&options)?;
        let panel = self.panel(key, self.view_of(&options))?;
        let Options { frame, scale, .. } = options;
        let mut backend = prepare(canvas, frame.width, frame.height, scale)?;
        let surface = Surface::canvas(&mut backend);
        figure::draw_panel(surface, panel, frame).map_err(error)
    }

    /// What [`Figure::draw`] draws where with these options, in CSS pixels.
    #[wasm_bindgen(unchecked_return_type = "Mark[]")]
    pub fn marks(
        &self,
        key: &str,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = drawing::options(&options)?;
        let panel = self.panel(key, self.view_of(&options))?;
        plain(&figure::marks(panel, options.frame))
    }

    /// Draws the whole figure at its own size; `scale` canvas pixels per CSS pixel.
    pub fn draw_figure(
        &self,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let options = drawing::options(&options)?;
        let subject = self.inner.subject(self.view_of(&options));
        let size = (figure::FIGURE_WIDTH, figure::figure_height(&subject));
        let mut backend = prepare(canvas, size.0, size.1, options.scale)?;
        let surface = Surface::canvas(&mut backend);
        let Frame { theme, ground, .. } = options.frame;
        figure::draw_figure(surface, &subject, theme, ground).map_err(error)
    }

    /// A panel, or the whole figure for no panel, as an SVG document.
    pub fn svg(
        &self,
        key: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions")] options: JsValue,
    ) -> Result<String, JsValue> {
        let options = drawing::options(&options)?;
        let view = self.view_of(&options);
        let Some(key) = key else {
            let subject = self.inner.subject(view);
            let Frame { theme, ground, .. } = options.frame;
            return figure::figure_svg(&subject, theme, ground).map_err(error);
        };
        let panel = self.panel(&key, view)?;
        figure::panel_svg(panel, options.frame).map_err(error)
    }

    /// A panel's values: columns, rows of text, and what each cell stands for. No scale changes them.
    #[wasm_bindgen(unchecked_return_type = "Table")]
    pub fn table(&self, key: &str, alignment_name: &str) -> Result<JsValue, JsValue> {
        plain(&self.panel(key, self.view(alignment_name)?)?.table)
    }

    /// A panel's values as comma-separated text.
    pub fn csv(&self, key: &str, alignment_name: &str) -> Result<String, JsValue> {
        Ok(self.panel(key, self.view(alignment_name)?)?.csv())
    }

    /// The height, in CSS pixels, that suits a panel of this width; the same in all
    /// views, so that a switch moves nothing.
    pub fn aspect(&self, key: &str, width: f64) -> Result<f64, JsValue> {
        let view = View { alignment: Alignment::default(), scales: self.scales };
        Ok(figure::height(self.panel(key, view)?, width))
    }

    /// The same with title, aside and sentence, as in downloads.
    pub fn titled_aspect(
        &self,
        key: &str,
        width: f64,
        alignment_name: &str,
    ) -> Result<f64, JsValue> {
        let panel = self.panel(key, self.view(alignment_name)?)?;
        Ok(figure::titled_height(panel, width))
    }
}

impl Figure {
    fn view(&self, alignment_name: &str) -> Result<View, JsValue> {
        Ok(View { alignment: alignment(alignment_name)?, scales: self.scales })
    }

    fn view_of(&self, options: &Options) -> View {
        View { alignment: options.alignment, scales: self.scales }
    }

    fn panel(&self, key: &str, view: View) -> Result<&Panel, JsValue> {
        let found = self.inner.panel(key, view).map(|(_, panel)| panel);
        found.ok_or_else(|| error(format!("{key} is no panel")))
    }
}
