//! Snapshots of the runs that come with the page.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::formats::{self, History, Raw};
use adderscope::model::Model;
use std::fs;

/// The bundled models.
pub const BUNDLED: [&str; 3] = ["57p", "62p", "67p"];

/// The file of a bundled run.
pub fn path(name: &str) -> String {
    format!("{}/www/models/{name}/{name}.history.safetensors", env!("CARGO_MANIFEST_DIR"))
}

fn history(name: &str) -> History {
    History::read(&fs::read(path(name)).unwrap()).unwrap()
}

/// The last snapshot of a bundled run.
pub fn last(name: &str) -> Model {
    let history = history(name);
    history.checkpoint(history.len() - 1).unwrap().unwrap().model
}

/// The snapshot at `step`.
pub fn raw(name: &str, step: u64) -> Raw {
    let history = history(name);
    let mut all = (0..history.len()).map(|index| history.raw(index).unwrap());
    all.find(|raw| raw.step == Some(step)).unwrap()
}

/// The same as a model.
pub fn at(name: &str, step: u64) -> Model {
    formats::checkpoint(&raw(name, step)).unwrap().model
}
