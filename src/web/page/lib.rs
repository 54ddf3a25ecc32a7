//! The part of the page that shows a model.
//!
//! [`Session`](session::Session) lives in a Worker and computes; [`Figure`](figure::Figure) lives on the page and draws
//! what the Worker sent over.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod canvas;
pub mod figure;
pub mod gallery;
pub mod page;
pub mod seeds;
mod sent;
pub mod session;
pub mod trace;

/// An item crosses as its text, and a matrix row by row.
#[wasm_bindgen::prelude::wasm_bindgen(typescript_custom_section)]
const NAMED: &str = "export type Item = string;\nexport type Rows = number[][];";
