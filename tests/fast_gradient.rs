//! The fast loss and gradient are the plain ones: for trained models, for initial ones, and
//! for every shape that the fast path takes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/shared.rs"]
mod shared;

use adderscope::model::engine::LANES;
use adderscope::model::weights::OutWeights;
use adderscope::model::{Model, Weights};
use adderscope::task::addition::{DIGITS, Y0, Z0};
use adderscope::task::sampling::{EDGE_CASES, Pair, pairs};
use adderscope::train::Architecture;
use adderscope::train::gradient::{Fast, params_gradient, plain};
use ndarray::{Array1, Array2, ArrayD};

/// Largest difference to the plain gradient, of a tensor's largest magnitude.
const TOLERANCE: f64 = 1e-4;
/// The same for trained models: there the gradient is a small rest of large parts, and f32
/// leaves less of it. PyTorch's own f32 is up to 7e-4 off its f64 on these checkpoints.
const TOLERANCE_TRAINED: f64 = 5e-4;

/// Every field by name, in a form where both paths must agree: X, Y and Z share positions,
/// and only those changes of the token table count that keep all embeddings equally long.
fn fields(model: &Model, gradient: &Weights) -> Vec<(&'static str, ArrayD<f64>)> {
    let g = gradient.clone();
    let phase: Array1<f64> = g.phase.iter().flat_map(|p| [p.0, p.1]).collect();
    let mut list = vec![
        ("positions", folded_positions(&g.positions).into_dyn()),
        ("tokens", equal_length_changes(&model.weights().tokens, &g.tokens).into_dyn()),
        ("norm1", g.norm1.into_dyn()),
        ("norm_f", g.norm_f.into_dyn()),
        ("q", g.q.into_dyn()),
        ("k", g.k.into_dyn()),
        ("v", g.v.into_dyn()),
        ("fc1", g.fc1.into_dyn()),
        ("fc2", g.fc2.into_dyn()),
        ("head", g.head.into_dyn()),
        ("phase", phase.into_dyn()),
    ];
    list.extend(g.norm2.map(|norm2| ("norm2", norm2.into_dyn())));
    match g.out {
        OutWeights::LowRank { a, b } => {
            list.extend([("out.a", a.into_dyn()), ("out.b", b.into_dyn())]);
        }
        OutWeights::Full(w) => list.push(("out", w.into_dyn())),
    }
    if model.config().ffn_bias {
        list.push(("fc1_bias", g.fc1_bias.into_dyn()));
        list.push(("fc2_bias", g.fc2_bias.into_dyn()));
    }
    list
}

fn folded_positions(positions: &Array2<f64>) -> Array2<f64> {
    let mut folded = positions.clone();
    for i in 0..DIGITS {
        for start in [0, Y0] {
            let row = positions.row(start + i);
            folded.row_mut(start + i).fill(0.0);
            folded.row_mut(Z0 + i).zip_mut_with(&row, |f, v| *f += v);
        }
    }
    folded
}

/// For each token the change along the circle, and in a last row that of the radius.
fn equal_length_changes(tokens: &Array2<f64>, gradient: &Array2<f64>) -> Array2<f64> {
    let mut changes = Array2::zeros((tokens.nrows() + 1, 1));
    for (t, (e, g)) in tokens.outer_iter().zip(gradient.outer_iter()).enumerate() {
        changes[[t, 0]] = g[1] * e[0] - g[0] * e[1];
        changes[[tokens.nrows(), 0]] += g.dot(&e);
    }
    changes
}

fn largest<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().fold(0.0, |m: f64, v| if v.is_nan() { *v } else { m.max(v.abs()) })
}

/// The worst difference, and where it is.
fn compare(name: &str, model: &Model, batch: &[Pair]) -> Option<(f64, String)> {
    let mut fast = Fast::new(model.config())?;
    let (loss, wanted) = plain::loss_and_gradient(model, batch);
    let mut found = model.weights().clone();
    let fast_loss = fast.loss_and_gradient(model.weights(), batch, &mut found);
    assert!((fast_loss - loss).abs() < 1e-6 + 1e-6 * loss, "{name}: loss {fast_loss}, not {loss}");
    let mut worst = (0.0, String::new());
    for ((field, wanted), (_, found)) in
        fields(model, &wanted).into_iter().zip(fields(model, &found))
    {
        let size = largest(&wanted);
        let error = largest(&(&found - &wanted)) / if size == 0.0 { 1.0 } else { size };
        if error.is_nan() || error > worst.0 {
            worst = (error, format!("{field}, at most {size:.1e}"));
        }
    }
    Some(worst)
}

fn check(name: &str, model: &Model, batch: &[Pair], tolerance: f64) {
    let (error, place) = compare(name, model, batch).unwrap();
    println!("{name:<44} {error:.1e} of a tensor's largest ({place})");
    assert!(error < tolerance, "{name}: {error:e} in {place}");
}

/// Additions of all kinds; the last block is not full.
fn batch(seed: u64) -> Vec<Pair> {
    EDGE_CASES.into_iter().chain(pairs(seed, 2 * LANES + 9)).collect()
}

#[test]
fn trained_models_agree() {
    let mut taken = 0;
    for (name, model) in models::all() {
        if Fast::new(model.config()).is_some() {
            for seed in 0..6 {
                check(&name, &model, &batch(seed), TOLERANCE_TRAINED);
            }
            taken += 1;
        }
    }
    assert!(taken > 0);
}

#[test]
fn architectures_that_a_name_trains_take_the_fast_path() {
    for name in Architecture::names() {
        let config = Architecture::named(name).build().unwrap().config;
        for seed in 0..4 {
            check(name, &shapes::model(&config, seed), &batch(seed), TOLERANCE);
        }
    }
}

#[test]
fn every_shape_agrees() {
    for seed in 0..120 {
        let config = shapes::config(seed);
        let (name, model) = (shapes::words(&config), shapes::model(&config, seed));
        check(&name, &model, &batch(seed), TOLERANCE);
    }
}

#[test]
fn parameters_agree_where_ties_come_together() {
    for name in Architecture::names() {
        let config = Architecture::named(name).build().unwrap().config;
        let (model, batch) = (shapes::model(&config, 5), batch(5));
        let mut found = model.weights().clone();
        Fast::new(&config).unwrap().loss_and_gradient(model.weights(), &batch, &mut found);
        let (_, wanted) = plain::loss_and_gradient(&model, &batch);
        let params = |w: &Weights| params_gradient(&config, model.params(), w);
        let (found, wanted) = (params(&found), params(&wanted));
        let scale = largest(wanted.learned().collect::<Vec<_>>().iter());
        for (f, w) in found.learned().zip(wanted.learned()) {
            assert!((f - w).abs() < 1e-5 * scale, "{name}: {f} is not {w}");
        }
    }
}

#[test]
fn memory_is_used_again_without_a_trace() {
    let config = Architecture::named("67p").build().unwrap().config;
    let (model, other) = (shapes::model(&config, 1), shapes::model(&config, 2));
    let run = |fast: &mut Fast, model: &Model, batch: &[Pair]| {
        let mut gradient = model.weights().clone();
        let loss = fast.loss_and_gradient(model.weights(), batch, &mut gradient);
        let bits = |v: &f64| v.to_bits();
        (
            loss.to_bits(),
            fields(model, &gradient)
                .iter()
                .flat_map(|(_, g)| g.iter().map(bits).collect::<Vec<_>>())
                .collect::<Vec<_>>(),
        )
    };
    let fresh = run(&mut Fast::new(&config).unwrap(), &model, &batch(3));
    let mut used = Fast::new(&config).unwrap();
    run(&mut used, &other, &batch(4));
    assert_eq!(run(&mut used, &model, &batch(3)), fresh);
    let mut gradient = model.weights().clone();
    assert_eq!(used.loss_and_gradient(model.weights(), &[], &mut gradient), 0.0);
    assert!(fields(&model, &gradient).iter().all(|(_, g)| g.iter().all(|v| *v == 0.0)));
}

#[test]
fn a_loss_that_is_no_number_is_seen() {
    let config = Architecture::named("67p").build().unwrap().config;
    let model = shapes::model(&config, 1);
    let mut fast = Fast::new(&config).unwrap();
    let spoil: [fn(&mut Weights, f64); 6] = [
        |w, v| w.tokens[[3, 0]] = v,
        |w, v| w.positions[[24, 1]] = v,
        |w, v| w.q[[0, 0]] = v,
        |w, v| w.fc1[[0, 0]] = v,
        |w, v| w.head[[0, 0]] = v,
        |w, v| w.norm1[0] = v,
    ];
    for (i, spoil) in spoil.iter().enumerate() {
        for value in [f64::NAN, f64::INFINITY] {
            let mut weights = model.weights().clone();
            spoil(&mut weights, value);
            let mut gradient = weights.clone();
            let loss = fast.loss_and_gradient(&weights, &batch(1), &mut gradient);
            assert!(!loss.is_finite(), "{i}, {value}: {loss}");
        }
    }
    // Nothing of it stays.
    check("67p after NaN", &model, &batch(1), TOLERANCE);
}
