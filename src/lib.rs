#![doc = include_str!("../README.md")]
//!
//! # Module map
//!
//! | module | what it holds |
//! |---|---|
//! | [`model`] | the crate `adderscope-model`: configuration, parameters, layers, the plain forward pass and the fast engine |
//! | [`addition`] | of that crate, the task: digits and tokens, the 34-token layout, labels, carries |
//! | [`sampling`] | of that crate, seeded examples: CPython's generator, the AdderBoard suite |
//! | [`train`] | training runs: settings, batches, gradients, AdamW |
//! | [`checkpoint`] | files in and out: `.pt`, safetensors, JSON, the run log, the training history |
//! | [`analysis`] | plain numbers about a model; no drawing |
//! | [`session`] | the files that a person opens, what is loaded now, and edits of it |
//! | [`gallery`] | the models that come with the page |
//! | [`summary`], [`words`] | the facts in a few words; numbers as people read them |
//! | [`figure`] | the twelve panels; knows the analysis, not the model |
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod analysis;
pub mod checkpoint;
pub mod figure;
pub mod gallery;
pub mod session;
pub mod summary;
pub mod train;

pub use adderscope_model as model;
use adderscope_model::order;
pub use adderscope_model::{addition, sampling, words};

#[cfg(target_arch = "wasm32")]
mod web;
