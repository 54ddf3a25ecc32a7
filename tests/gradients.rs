//! The hand-written gradient against finite differences and against PyTorch's autograd
//! (`tests/golden/gradients.py`), for every variant of the architecture; AdamW, clipping and
//! the learning rate against PyTorch's over ten steps.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;
#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::formats;
use adderscope::model::{Model, Params};
use adderscope::task::sampling::{self, Pair};
use adderscope::train::Settings;
use adderscope::train::gradient::{params_gradient, plain};
use adderscope::train::optimizer::{AdamW, Rates, clip, norm};
use adderscope::train::schedule::learning_rate;
use serde_json::Value;

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

/// Largest difference that is allowed, as a share of a tensor's largest derivative or of a
/// loss.
const TOLERANCE: f64 = 1e-3;

fn golden() -> Value {
    files::json("gradients/golden.json")
}

/// The models that the golden file speaks of, as far as they are here.
fn golden_models() -> Vec<(String, Model)> {
    let ours = files::all("gradients/models").into_iter();
    let ours = ours.map(|(name, bytes)| (name, formats::open(&bytes).unwrap().model));
    ours.chain(models::all()).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn pairs(golden: &Value, after: u64) -> Vec<Pair> {
    let seed = golden["seed"].as_u64().unwrap() + after;
    sampling::pairs(seed, 24).collect()
}

#[test]
fn gradients_are_those_of_autograd() {
    let golden = golden();
    let models = golden_models();
    assert!(models.len() >= 18, "{}", models.len());
    for (name, model) in models {
        let golden = &golden["models"][&name];
        let (loss, weights) = plain::loss_and_gradient(&model, &pairs(golden, 0));
        let wanted = golden["loss"].as_f64().unwrap();
        assert!((loss / wanted - 1.0).abs() < TOLERANCE, "{name}: loss {loss}, not {wanted}");
        let gradient = params_gradient(model.config(), model.params(), &weights);
        let learned: Vec<_> = gradient.iter().filter(|t| t.learned).collect();
        assert_eq!(learned.len(), golden["gradients"].as_object().unwrap().len(), "{name}");
        println!("{name}: loss {:.1e}", (loss / wanted - 1.0).abs());
        for tensor in learned {
            let wanted = numbers(&golden["gradients"][tensor.name]);
            assert_eq!(wanted.len(), tensor.values.len(), "{name} {}", tensor.name);
            let largest = wanted.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            let differences = tensor.values.iter().zip(&wanted).map(|(a, b)| (a - b).abs());
            let worst = differences.fold(0.0f64, f64::max) / largest.max(f64::MIN_POSITIVE);
            println!("    {:<22} {worst:.1e}", tensor.name);
            assert!(worst < TOLERANCE, "{name} {}: {worst}", tensor.name);
        }
    }
}

#[test]
fn ten_steps_of_adamw_lose_what_pytorch_loses() {
    let golden = golden();
    let run = &golden["run"];
    let number = |key: &str| run[key].as_f64().unwrap();
    let settings = Settings {
        steps: run["steps"].as_u64().unwrap(),
        warmup: run["warmup"].as_u64().unwrap(),
        lr: number("lr"),
        final_lr: number("final_lr"),
        weight_decay: number("weight_decay"),
        clip: number("clip"),
        ..Settings::default()
    };
    let mut tested = 0;
    for (name, mut model) in golden_models() {
        let run = &golden["models"][&name]["run"];
        if run.is_null() {
            continue;
        }
        let mut adam = AdamW::new(model.params().count());
        let mut worst: f64 = 0.0;
        for (step, wanted) in (0..).zip(numbers(&run["losses"])) {
            let (loss, weights) = plain::loss_and_gradient(&model, &pairs(run, step));
            worst = worst.max((loss / wanted - 1.0).abs());
            assert!(worst < TOLERANCE, "{name}, step {step}: loss {loss}, not {wanted}");
            let gradient = params_gradient(model.config(), model.params(), &weights);
            let mut gradient: Vec<f64> = gradient.learned().collect();
            let length = norm(&gradient);
            clip(&mut gradient, length, settings.clip);
            let lr = learning_rate(&settings, step);
            let rates = Rates { lr, weight_decay: settings.weight_decay };
            model.change(|p| adam.update(&settings, rates, p.learned_mut(), &gradient));
        }
        println!("{name}: largest difference of ten losses {worst:.1e}");
        tested += 1;
    }
    assert_eq!(tested, 5);
}
