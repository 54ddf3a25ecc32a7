//! The browser: opaque handles in, plain data out, errors translated. Nothing else is
//! here; the command line is its peer on the same library.
//!
//! `Session` lives in a Worker and computes. `Figure` lives on the page and draws what
//! the Worker sent over as plain data.

use crate::addition::Alignment;
use crate::analysis::Report;
use crate::analysis::adderboard::{Failure, Score};
use crate::checkpoint::{self, Format};
use crate::figure::{
    self, Content, Frame, PANELS, PanelSpec, SUBPIXELS, Section, Surface, Table, Theme,
};
use crate::model::Engine;
use crate::sampling::{self, ADDERBOARD_PAIRS, ADDERBOARD_SEED, QUALIFYING_ACCURACY};
use crate::session::{self, File};
use crate::words::grouped;
use js_sys::{Array, Error, Reflect, Uint8Array};
use plotters_canvas::CanvasBackend;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Pairs that one call scores at most: more would keep the Worker busy for minutes.
const MAX_PAIRS: u32 = 1_000_000;

fn error(message: impl std::fmt::Display) -> JsValue {
    Error::new(&message.to_string()).into()
}

/// Plain objects rather than `Map`s, so that JavaScript reads them as it expects.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(error)
}

fn alignment(name: &str) -> Result<Alignment, JsValue> {
    let found = Alignment::ALL.into_iter().find(|a| a.name() == name);
    found.ok_or_else(|| error(format!("{name} is no alignment")))
}

/// The custom properties of both themes, for the page's style sheet.
#[wasm_bindgen]
pub fn theme_css() -> String {
    figure::theme_css()
}

#[derive(Serialize)]
struct Page {
    sections: Vec<PageSection>,
    panels: Vec<PagePanel>,
    alignments: Vec<PageAlignment>,
    accepts: [&'static str; 4],
    suite: PageSuite,
}

/// AdderBoard's own suite.
#[derive(Serialize)]
struct PageSuite {
    seed: u64,
    pairs: usize,
    qualifying_accuracy: f64,
}

#[derive(Serialize)]
struct PageSection {
    key: &'static str,
    question: &'static str,
}

#[derive(Serialize)]
struct PagePanel {
    key: &'static str,
    number: u8,
    title: &'static str,
    section: &'static str,
    wide: bool,
}

#[derive(Serialize)]
struct PageAlignment {
    key: &'static str,
    label: &'static str,
    sentence: &'static str,
}

/// What the page is made of, whatever is loaded: sections, panels, alignments.
#[wasm_bindgen]
pub fn page() -> Result<JsValue, JsValue> {
    let section = |s: Section| PageSection { key: s.key(), question: s.question() };
    let panel = |p: &&PanelSpec| PagePanel {
        key: p.key,
        number: p.number,
        title: p.title,
        section: p.section.key(),
        wide: p.wide,
    };
    let alignment =
        |a: Alignment| PageAlignment { key: a.name(), label: a.title(), sentence: a.explanation() };
    plain(&Page {
        sections: Section::ALL.map(section).into(),
        panels: PANELS.iter().map(panel).collect(),
        alignments: Alignment::ALL.map(alignment).into(),
        accepts: [".pt", ".safetensors", ".json", ".jsonl"],
        suite: PageSuite {
            seed: ADDERBOARD_SEED,
            pairs: ADDERBOARD_PAIRS,
            qualifying_accuracy: QUALIFYING_ACCURACY,
        },
    })
}

/// Refuses a file for its size, before it is read. Throws what a person reads.
#[wasm_bindgen]
pub fn check_size(name: &str, bytes: f64) -> Result<(), JsValue> {
    checkpoint::check_size(bytes as u64).map_err(|e| error(format!("{name}: {e}")))
}

/// The files that a person opens, and the model that is loaded.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    inner: session::Session,
}

#[wasm_bindgen]
impl Session {
    /// Nothing is loaded yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Session {
        Session::default()
    }

    /// Opens files, each `{name, bytes}`. Throws what a person reads; what was loaded stays.
    pub fn open(&mut self, files: Array) -> Result<JsValue, JsValue> {
        let read = |file: JsValue| -> Result<File, JsValue> {
            let name = Reflect::get(&file, &"name".into())?.as_string().unwrap_or_default();
            let bytes = Reflect::get(&file, &"bytes".into())?.dyn_into::<Uint8Array>()?;
            check_size(&name, f64::from(bytes.length()))?;
            Ok(File { name, bytes: bytes.to_vec() })
        };
        let files: Vec<File> = files.iter().map(read).collect::<Result<_, _>>()?;
        let loaded = self.inner.open(files).map_err(error)?;
        plain(&loaded.summary())
    }

    /// The analyses of the loaded model, for [`Figure`].
    pub fn report(&self) -> Result<JsValue, JsValue> {
        plain(&self.loaded()?.report)
    }

    /// Scores the loaded model on the AdderBoard suite.
    pub fn verify(&self, seed: u32, pairs: u32) -> Result<JsValue, JsValue> {
        if pairs > MAX_PAIRS {
            return Err(error(format!("at most {MAX_PAIRS} pairs at once")));
        }
        let start = now();
        let engine = Engine::new(&self.loaded()?.checkpoint.model);
        let score = engine.verify(sampling::adderboard(u64::from(seed), pairs as usize));
        plain(&Timed::new(&score, now() - start))
    }

    /// The loaded checkpoint as a file of another format: `safetensors` or `json`.
    pub fn export(&self, format: &str) -> Result<Vec<u8>, JsValue> {
        let formats = [Format::Safetensors, Format::Json];
        let format = formats.into_iter().find(|f| f.extension() == format);
        let format = format.ok_or_else(|| error("the formats are safetensors and json"))?;
        checkpoint::export(&self.loaded()?.checkpoint.raw, format).map_err(error)
    }

    fn loaded(&self) -> Result<&session::Loaded, JsValue> {
        self.inner.loaded().ok_or_else(|| error("no checkpoint is open"))
    }
}

/// A score with the time that it took here. Numbers of wrong answers go as text, digits apart.
#[derive(Serialize)]
struct Timed {
    total: usize,
    passed: usize,
    accuracy: f64,
    qualified: bool,
    milliseconds: f64,
    failures: Vec<WrongAnswer>,
}

#[derive(Serialize)]
struct WrongAnswer {
    a: String,
    b: String,
    expected: String,
    got: String,
}

impl Timed {
    fn new(score: &Score, milliseconds: f64) -> Timed {
        let wrong = |f: &Failure| WrongAnswer {
            a: grouped(f.a),
            b: grouped(f.b),
            expected: grouped(f.expected),
            got: grouped(f.got),
        };
        Timed {
            total: score.total,
            passed: score.passed,
            accuracy: score.accuracy,
            qualified: score.qualified,
            milliseconds,
            failures: score.failures.iter().map(wrong).collect(),
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds on a clock that a Worker has too.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// How a picture is wanted: CSS pixels, canvas pixels per CSS pixel, and the view.
#[derive(Deserialize)]
struct Options {
    width: f64,
    height: f64,
    scale: f64,
    theme: String,
    alignment: String,
    #[serde(default)]
    title: bool,
}

/// What JavaScript reads of a panel.
#[derive(Serialize)]
struct PanelText {
    key: &'static str,
    number: u8,
    title: &'static str,
    aside: String,
    sentence: String,
    note: Option<String>,
    table: Table,
}

/// The figure of one report, on the page's main thread.
#[wasm_bindgen]
pub struct Figure {
    report: Report,
}

#[wasm_bindgen]
impl Figure {
    /// Takes the plain data of [`Session::report`].
    #[wasm_bindgen(constructor)]
    pub fn new(report: JsValue) -> Result<Figure, JsValue> {
        Ok(Figure { report: serde_wasm_bindgen::from_value(report).map_err(error)? })
    }

    /// The words and values of the twelve panels.
    pub fn panels(&self, alignment_name: &str) -> Result<JsValue, JsValue> {
        let alignment = alignment(alignment_name)?;
        let text = |spec: &&PanelSpec| {
            let panel = (spec.build)(&self.report, alignment);
            let note = match panel.content {
                Content::Note(note) => Some(note),
                Content::Chart(_) => None,
            };
            PanelText {
                key: spec.key,
                number: spec.number,
                title: spec.title,
                aside: panel.aside,
                sentence: panel.sentence,
                note,
                table: panel.table,
            }
        };
        plain(&PANELS.iter().map(text).collect::<Vec<_>>())
    }

    /// What a section says of this model.
    pub fn section_sentence(&self, key: &str, alignment_name: &str) -> Result<String, JsValue> {
        let section = Section::ALL.into_iter().find(|s| s.key() == key);
        let section = section.ok_or_else(|| error(format!("{key} is no section")))?;
        Ok(section.sentence(&self.report, alignment(alignment_name)?))
    }

    /// Draws a panel on a canvas, whose pixels it sets; returns its marks in CSS pixels.
    pub fn draw(
        &self,
        panel: &str,
        canvas: HtmlCanvasElement,
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let options: Options = serde_wasm_bindgen::from_value(options).map_err(error)?;
        let spec = spec(panel)?;
        let panel = (spec.build)(&self.report, alignment(&options.alignment)?);
        let frame = options.frame()?;
        let mut backend = prepare(canvas, frame.width, frame.height, options.scale)?;
        let surface = Surface::canvas(&mut backend);
        plain(&figure::draw_panel(surface, spec, &panel, frame).map_err(error)?)
    }

    /// Draws the whole figure at its own size; `scale` canvas pixels per CSS pixel.
    pub fn draw_figure(&self, canvas: HtmlCanvasElement, options: JsValue) -> Result<(), JsValue> {
        let options: Options = serde_wasm_bindgen::from_value(options).map_err(error)?;
        let (alignment, frame) = (alignment(&options.alignment)?, options.frame()?);
        let size = (figure::FIGURE_WIDTH, figure::figure_height(&self.report, alignment));
        let mut backend = prepare(canvas, size.0, size.1, options.scale)?;
        let surface = Surface::canvas(&mut backend);
        figure::draw_figure(surface, &self.report, alignment, frame.theme).map_err(error)?;
        Ok(())
    }

    /// A panel, or the whole figure for no panel, as an SVG document.
    pub fn svg(&self, panel: Option<String>, options: JsValue) -> Result<String, JsValue> {
        let options: Options = serde_wasm_bindgen::from_value(options).map_err(error)?;
        let (alignment, frame) = (alignment(&options.alignment)?, options.frame()?);
        let Some(key) = panel else {
            return figure::figure_svg(&self.report, alignment, frame.theme).map_err(error);
        };
        let spec = spec(&key)?;
        let panel = (spec.build)(&self.report, alignment);
        figure::panel_svg(spec, &panel, frame).map_err(error)
    }

    /// A panel's values as comma-separated text.
    pub fn csv(&self, panel: &str, alignment_name: &str) -> Result<String, JsValue> {
        let alignment = alignment(alignment_name)?;
        Ok((spec(panel)?.build)(&self.report, alignment).csv())
    }

    /// The height, in CSS pixels, that suits a panel of this width; the same in both
    /// alignments, so that a switch moves nothing.
    pub fn aspect(&self, panel: &str, width: f64) -> Result<f64, JsValue> {
        let panel = (spec(panel)?.build)(&self.report, Alignment::default());
        Ok(figure::height(&panel, width))
    }

    /// The same with title, aside and sentence, as in downloads.
    pub fn titled_aspect(
        &self,
        key: &str,
        width: f64,
        alignment_name: &str,
    ) -> Result<f64, JsValue> {
        let spec = spec(key)?;
        let panel = (spec.build)(&self.report, alignment(alignment_name)?);
        Ok(figure::titled_height(spec, &panel, width))
    }
}

impl Options {
    fn frame(&self) -> Result<Frame, JsValue> {
        let theme = Theme::ALL.into_iter().find(|t| t.name() == self.theme);
        let theme = theme.ok_or_else(|| error(format!("{} is no theme", self.theme)))?;
        Ok(Frame { width: self.width, height: self.height, theme, title: self.title })
    }
}

fn spec(key: &str) -> Result<&'static PanelSpec, JsValue> {
    figure::panel(key).ok_or_else(|| error(format!("{key} is no panel")))
}

/// Gives a canvas its pixels and the transform that [`Surface::canvas`] expects.
fn prepare(
    canvas: HtmlCanvasElement,
    width: f64,
    height: f64,
    scale: f64,
) -> Result<CanvasBackend, JsValue> {
    let pixels = |css: f64| (css * scale).round().max(1.0) as u32;
    // Setting a size clears the canvas and resets its transform.
    canvas.set_width(pixels(width));
    canvas.set_height(pixels(height));
    let context = canvas.get_context("2d")?.ok_or_else(|| error("the canvas has no 2d context"))?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let unit = scale / SUBPIXELS;
    context.set_transform(unit, 0.0, 0.0, unit, 0.0, 0.0)?;
    CanvasBackend::with_canvas_object(canvas).ok_or_else(|| error("the canvas cannot be drawn on"))
}
