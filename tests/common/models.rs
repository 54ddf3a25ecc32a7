//! Models to test and to measure: the repository's variants, and published checkpoints
//! where they are beside it.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::formats;
use adderscope::model::file::Checkpoint;
use adderscope::model::{Model, Params};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// All of them, by name.
pub fn checkpoints() -> Vec<(String, Checkpoint)> {
    files().into_iter().map(|(name, bytes)| (name, formats::open(&bytes).unwrap())).collect()
}

/// Their files, by name.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    let variants = root.join("tests/golden/variants");
    for folder in [Some(variants), crate::shared::folder("checkpoints")].into_iter().flatten() {
        files.extend(fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()));
    }
    files.retain(|p| p.extension().is_some_and(|e| e == "json" || e == "pt"));
    files.sort();
    files.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> (String, Vec<u8>) {
    let mut bytes = fs::read(&path).unwrap();
    if path.extension().is_some_and(|e| e == "json") {
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        bytes = serde_json::to_vec(&value["checkpoint"]).unwrap();
    }
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    (name, bytes)
}

/// All models, by name.
pub fn all() -> Vec<(String, Model)> {
    checkpoints().into_iter().map(|(name, c)| (name, c.model)).collect()
}

/// One model for each compiled kernel, and one of another shape.
pub fn some() -> Vec<(String, Model)> {
    let wanted = ["57p", "62p", "133p", "226p", "no_ln2_two_heads_170p_like"];
    all().into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect()
}

/// `model` with the numbers of some tensors changed by `change(name, value)`.
pub fn changed(model: &Model, mut change: impl FnMut(&str, f32) -> f32) -> Model {
    let config = model.config().clone();
    let values: Vec<_> =
        model.params().iter().map(|p| (p.name, p.values.mapv(|v| change(p.name, v)))).collect();
    let find = |name: &str| {
        let found = values.iter().find(|(n, _)| *n == name);
        (name.to_owned(), found.map(|(_, values)| values.clone()))
    };
    let params = Params::collect(&config, find).unwrap();
    Model::new(config, params)
}

/// The same model, with values so small that their products with attention weights would
/// be subnormal in f32.
pub fn subnormal(model: &Model) -> Model {
    changed(model, |name, v| match name {
        "out_proj.A" => v * 1e-30,
        "out_proj.B" => v * 1e30,
        _ => v,
    })
}
