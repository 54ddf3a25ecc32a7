//! Pixels: how a picture is wanted, and a canvas that is ready for it.

use super::error;
use crate::addition::Alignment;
use crate::figure::{Frame, SUBPIXELS, Theme};
use plotters_canvas::CanvasBackend;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// How a picture is wanted: CSS pixels, canvas pixels per CSS pixel, and the view.
#[derive(Deserialize)]
pub(super) struct Options {
    width: f64,
    height: f64,
    scale: f64,
    theme: String,
    alignment: String,
    #[serde(default)]
    title: bool,
}

impl Options {
    pub(super) fn read(options: JsValue) -> Result<(Alignment, Frame, f64), JsValue> {
        let wanted: Options = serde_wasm_bindgen::from_value(options).map_err(error)?;
        let theme = Theme::ALL.into_iter().find(|t| t.name() == wanted.theme);
        let theme = theme.ok_or_else(|| error(format!("{} is no theme", wanted.theme)))?;
        let Options { width, height, title, .. } = wanted;
        let frame = Frame { width, height, theme, title };
        Ok((alignment(&wanted.alignment)?, frame, wanted.scale))
    }
}

pub(super) fn alignment(name: &str) -> Result<Alignment, JsValue> {
    let found = Alignment::ALL.into_iter().find(|a| a.name() == name);
    found.ok_or_else(|| error(format!("{name} is no alignment")))
}

/// Gives a canvas its pixels and the transform that [`Surface::canvas`] expects.
pub(super) fn prepare(
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
