//! The hand-written gradient against finite differences, for every variant of the
//! architecture.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/models.rs"]
mod models;

use adderscope::model::{Model, Params};
use adderscope::sampling::{self, Pair};
use adderscope::train::gradient::{params_gradient, plain};

fn batch() -> Vec<Pair> {
    sampling::EDGE_CASES.into_iter().chain(sampling::pairs(7, 6)).collect()
}

fn loss(model: &Model, batch: &[Pair]) -> f64 {
    plain::loss_and_gradient(model, batch).0
}

/// `model` with number `index` of the tensor `name` moved by about `step`, and how far it
/// really moved: parameters are f32.
fn moved(model: &Model, name: &str, index: usize, step: f64) -> (Model, f64) {
    let mut distance = 0.0;
    let find = |wanted: &str| {
        let mut values = model.params().get(wanted).cloned();
        if wanted == name {
            let value = values.as_mut().unwrap().iter_mut().nth(index).unwrap();
            let before = f64::from(*value);
            *value = (before + step) as f32;
        }
        (wanted.to_owned(), values)
    };
    let params = Params::collect(model.config(), find).unwrap();
    let value = |params: &Params| f64::from(*params.get(name).unwrap().iter().nth(index).unwrap());
    distance += value(&params) - value(model.params());
    (Model::new(model.config().clone(), params), distance)
}

/// Central differences with two steps, extrapolated to a step of zero.
fn difference(model: &Model, batch: &[Pair], name: &str, index: usize, step: f64) -> f64 {
    let slope = |step: f64| {
        let (above, up) = moved(model, name, index, step);
        let (below, down) = moved(model, name, index, -step);
        (loss(&above, batch) - loss(&below, batch)) / (up - down)
    };
    (4.0 * slope(step) - slope(2.0 * step)) / 3.0
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let batch = batch();
    for (name, model) in models::all() {
        let (_, weights) = plain::loss_and_gradient(&model, &batch);
        let gradient = params_gradient(model.config(), model.params(), &weights);
        let mut worst: (f64, &str) = (0.0, "");
        for tensor in gradient.iter() {
            if !tensor.learned {
                assert!(tensor.values.iter().all(|v| *v == 0.0), "{name} {}", tensor.name);
                continue;
            }
            let largest = tensor.values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            for (index, value) in tensor.values.iter().enumerate() {
                let slope = difference(&model, &batch, tensor.name, index, 2e-5);
                let error = (value - slope).abs() / largest.max(1e-3);
                if error > worst.0 {
                    worst = (error, tensor.name);
                }
            }
        }
        println!(
            "{name:<32} largest difference {:.1e} of a tensor's largest ({})",
            worst.0, worst.1
        );
        assert!(worst.0 < 1e-5, "{name}: {worst:?}");
    }
}
