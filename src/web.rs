//! The browser: opaque handles in, plain data out, errors translated. Nothing else is
//! here; the command line is its peer on the same library.
//!
//! `Session` lives in a Worker and computes. `Figure` lives on the page and draws what
//! the Worker sent over.

mod figure;

use crate::addition::Alignment;
use crate::analysis::adderboard::{Failure, Score};
use crate::checkpoint::{self, Format};
use crate::figure::{PANELS, PanelSpec, Section};
use crate::model::Engine;
use crate::sampling::{self, ADDERBOARD_PAIRS, ADDERBOARD_SEED, QUALIFYING_ACCURACY};
use crate::session::{self, File};
use crate::words::grouped;
use js_sys::{Array, Error, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

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
    crate::figure::theme_css()
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

    /// The analyses of the loaded model, as bytes for `Figure`.
    pub fn report(&self) -> Result<Vec<u8>, JsValue> {
        self.loaded()?.report.to_bytes().map_err(error)
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
