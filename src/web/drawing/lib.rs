//! Panels on a page: their words, how a picture is wanted, and a canvas that is ready for it.

use figure::{Content, Frame, Panel, PanelSpec, SUBPIXELS, Scales, Theme};
use js_sys::Reflect;
use plotters_canvas::CanvasBackend;
use seam::error;
use serde::Serialize;
use task::addition::Alignment;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// What JavaScript reads of a panel.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PanelText<'a> {
    key: &'static str,
    number: u8,
    title: &'a str,
    aside: &'a str,
    sentence: &'a str,
    note: Option<&'a str>,
    has_table: bool,
}

impl<'a> PanelText<'a> {
    /// Of a panel that was built.
    pub fn new(spec: &PanelSpec, panel: &'a Panel) -> PanelText<'a> {
        let PanelSpec { key, number, .. } = *spec;
        let Panel { title, aside, sentence, table, content } = panel;
        let note = match content {
            Content::Note(note) => Some(note.as_str()),
            Content::Chart(_) => None,
        };
        PanelText { key, number, title, aside, sentence, note, has_table: !table.is_empty() }
    }
}

/// How a picture is wanted, as JavaScript says it.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[allow(dead_code, reason = "what is read of it is read one by one, which takes less code")]
pub struct DrawOptions {
    /// In CSS pixels.
    width: f64,
    /// In CSS pixels.
    height: f64,
    /// Canvas pixels per CSS pixel.
    scale: f64,
    #[cfg_attr(target_arch = "wasm32", tsify(type = "\"light\" | \"dark\""))]
    theme: String,
    alignment: Alignment,
    /// With title, aside and sentence.
    title: bool,
    /// On nothing, for paper of any colour.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    bare: bool,
}

/// How a picture is wanted, as the figure takes it.
pub struct Options {
    /// How rows are labelled.
    pub alignment: Alignment,
    /// Its size and look.
    pub frame: Frame,
    /// Canvas pixels per CSS pixel.
    pub scale: f64,
}

/// The same as the figure takes it.
///
/// # Errors
/// Something is no number, or nothing is called so.
pub fn options(options: &JsValue) -> Result<Options, JsValue> {
    let number = |key: &str| -> Result<f64, JsValue> {
        let number = Reflect::get(options, &key.into())?.as_f64();
        number.ok_or_else(|| error(format!("{key} is no number")))
    };
    let text = |key: &str| -> Result<String, JsValue> {
        Ok(Reflect::get(options, &key.into())?.as_string().unwrap_or_default())
    };
    let name = text("theme")?;
    let theme = Theme::of_name(&name).ok_or_else(|| error(format!("{name} is no theme")))?;
    let is = |key: &str| Reflect::get(options, &key.into()).map(|value| value.is_truthy());
    let (title, ground) = (is("title")?, !is("bare")?);
    let frame = Frame { width: number("width")?, height: number("height")?, theme, title, ground };
    Ok(Options { alignment: alignment(&text("alignment")?)?, frame, scale: number("scale")? })
}

/// An alignment by its name.
///
/// # Errors
/// None is called so.
pub fn alignment(name: &str) -> Result<Alignment, JsValue> {
    let found = Alignment::ALL.into_iter().find(|a| a.name() == name);
    found.ok_or_else(|| error(format!("{name} is no alignment")))
}

/// Scales by their name.
///
/// # Errors
/// None are called so.
pub fn scales(name: &str) -> Result<Scales, JsValue> {
    Scales::of_name(name).ok_or_else(|| error(format!("{name} are no scales")))
}

/// Gives a canvas its pixels and the transform that [`figure::Surface::canvas`] expects.
///
/// # Errors
/// The canvas cannot be drawn on.
pub fn prepare(
    canvas: HtmlCanvasElement,
    width: f64,
    height: f64,
    scale: f64,
) -> Result<CanvasBackend, JsValue> {
    let pixels = |css: f64| (css * scale).round().max(1.0) as u32;
    let size = (pixels(width), pixels(height));
    // Setting a size takes new memory, so that a canvas which has it keeps it.
    if (canvas.width(), canvas.height()) != size {
        canvas.set_width(size.0);
        canvas.set_height(size.1);
    }
    let context = canvas.get_context("2d")?.ok_or_else(|| error("the canvas has no 2d context"))?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let unit = scale / SUBPIXELS;
    context.set_transform(unit, 0.0, 0.0, unit, 0.0, 0.0)?;
    CanvasBackend::with_canvas_object(canvas).ok_or_else(|| error("the canvas cannot be drawn on"))
}
