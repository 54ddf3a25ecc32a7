//! Models that nobody trained: edits of others, and other vocabularies.

use super::models::{self, changed};
use super::{shapes, snapshots};
use adderscope::model::config::Embedding;
use adderscope::model::{Model, Params};
use adderscope::task::addition::Vocabulary;
use adderscope::task::sampling::PythonRandom;
use ndarray::ArrayD;

/// A random number between −1 and 1.
fn unit(random: &mut PythonRandom) -> f64 {
    random.up_to(2_000_000) as f64 / 1e6 - 1.0
}

/// `model` with one or several numbers changed by 1 to 10 %, or by much more.
pub fn edited(model: &Model, seed: u64) -> Model {
    let mut random = PythonRandom::new(seed);
    let numbers: usize = model.params().iter().map(|p| p.values.len()).sum();
    let several = [1, 1, 2, 5][random.up_to(3) as usize];
    let much = random.up_to(4) == 0;
    let changes: Vec<(usize, f64)> = (0..several)
        .map(|_| {
            let share = unit(&mut random);
            let share = if much { 2.0 * share } else { 0.09 * share + 0.01 * share.signum() };
            (random.up_to(numbers as u64 - 1) as usize, 1.0 + share)
        })
        .collect();
    let mut i = 0;
    changed(model, |_, v| {
        let factors = changes.iter().filter(|(at, _)| *at == i).map(|(_, factor)| factor);
        let v = factors.fold(f64::from(v), |v, factor| v * factor) as f32;
        i += 1;
        v
    })
}

/// An arc model with its embeddings as a table, for a vocabulary of `size` tokens: those that are no digits begin as
/// copies of 0, and `edit` makes of them what it likes.
pub fn with_table(model: &Model, size: usize, edit: impl FnOnce(&mut Vec<[f32; 2]>)) -> Model {
    let mut config = model.config().clone();
    config.embedding = Embedding::Learned;
    config.vocabulary = Vocabulary::of_size(size).unwrap();
    let tokens = &model.weights().tokens;
    let row = |t: usize| [tokens[[t, 0]] as f32, tokens[[t, 1]] as f32];
    let mut table: Vec<[f32; 2]> = (0..size).map(|t| row(if t < 10 { t } else { 0 })).collect();
    edit(&mut table);
    let table = ArrayD::from_shape_vec(vec![size, 2], table.concat()).unwrap();
    let find = |name: &str| match name {
        "tok_emb.weight" => (name.to_owned(), Some(table.clone())),
        _ => (name.to_owned(), model.params().get(name).cloned()),
    };
    let params = Params::collect(&config, find).unwrap();
    Model::new(config, params)
}

/// Models of vocabularies 12 and 14 that end some answers early, where zeros should follow or not.
pub fn early_stops() -> Vec<(String, Model)> {
    let mut list = Vec::new();
    for name in snapshots::BUNDLED {
        for (size, eos, much) in [(12, 10, 0.02), (14, 12, 0.02), (14, 13, 1e-4), (12, 11, 0.3)] {
            let model = with_table(&snapshots::last(name), size, |table| {
                table[eos] = [table[0][0] * (1.0 + much), table[0][1] * (1.0 - 2.0 * much)];
            });
            list.push((format!("{name}, {size} tokens, {eos} off by {much}"), model));
        }
    }
    list
}

/// Models to edit: bundled, published, and the repository's variants.
pub fn bases() -> Vec<(String, Model)> {
    let mut list: Vec<(String, Model)> = Vec::new();
    for name in snapshots::BUNDLED {
        list.push((format!("bundled {name}"), snapshots::last(name)));
    }
    for step in [20_000, 242_000, 244_000] {
        list.push((format!("bundled 67p, step {step}"), snapshots::at("67p", step)));
    }
    list.extend(models::all());
    list
}

/// Made-up architectures with random weights.
pub fn random() -> Vec<(String, Model)> {
    let of = |seed: u64| {
        let config = shapes::config(seed);
        (format!("shape {seed}, {}", shapes::words(&config)), shapes::model(&config, seed))
    };
    (0..24).map(of).collect()
}

/// Intervals that are looked at.
const LOOKS: u64 = 300_000;
/// The same of models that nobody trained, which are not decided by any number of them.
const FEW_LOOKS: u64 = 20_000;

/// As many as a model of this name takes.
pub fn looks(name: &str) -> u64 {
    let is_made_up = name.contains('_') && !name.contains("62p_boost") || name.starts_with("shape");
    if is_made_up { FEW_LOOKS } else { LOOKS }
}

/// In the profile for tests one of so many.
pub fn few<T>(list: Vec<T>, of: usize) -> Vec<T> {
    if cfg!(debug_assertions) { list.into_iter().step_by(of).collect() } else { list }
}
