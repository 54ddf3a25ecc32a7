//! The browser: opaque handles in, plain data out, errors translated. Nothing else is
//! here; the command line is its peer on the same library.
//!
//! `Session` lives in a Worker and computes; so does each `Trainer`. `Figure` lives on the
//! page and draws what the Worker sent over.
//!
//! The page loads what it exports in three parts, each a build with one of the features `page`,
//! `formats` and `trainer`: what reads and writes files comes when someone brings or wants one,
//! what trains when someone wants to train.

#[cfg(any(feature = "page", feature = "trainer"))]
mod canvas;
#[cfg(any(feature = "page", feature = "formats"))]
mod edits;
#[cfg(feature = "page")]
mod figure;
#[cfg(feature = "formats")]
mod formats;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "page")]
mod session;
#[cfg(feature = "trainer")]
mod training;

use js_sys::Error;
#[cfg(any(feature = "page", feature = "trainer"))]
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds on a clock that a Worker has too.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

fn error(message: impl std::fmt::Display) -> JsValue {
    Error::new(&message.to_string()).into()
}

/// Plain objects rather than `Map`s, so that JavaScript reads them as it expects.
#[cfg(any(feature = "page", feature = "trainer"))]
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(error)
}
