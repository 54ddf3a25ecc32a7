//! The fast gradient against the plain one of the same run: ratios, never times. Release only:
//! `cargo test --release --test gradient_speed -- --nocapture`.
#![cfg(not(debug_assertions))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shapes.rs"]
mod shapes;

use adderscope::model::Model;
use adderscope::sampling::pairs;
use adderscope::train::Architecture;
use adderscope::train::gradient::{Fast, plain};
use adderscope::train::random::Random;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// About a third of what a quiet machine gives: the shapes that have a compiled kernel, and
/// any other.
const FLOOR: f64 = 8.0;
const FLOOR_ANY: f64 = 3.0;
/// A model whose products would be subnormal takes at most this much longer.
const SUBNORMAL: f64 = 1.3;

/// Additions of a step.
const BATCH: usize = 256;

/// The quickest of `tries` runs: what the work takes when nothing else disturbs.
fn quickest(tries: usize, mut run: impl FnMut()) -> Duration {
    let time = |()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    std::iter::repeat_n((), tries).map(time).min().unwrap_or_default()
}

fn fast(model: &Model, tries: usize) -> Duration {
    let batch: Vec<_> = pairs(1, BATCH).collect();
    let mut fast = Fast::new(model.config()).unwrap();
    let mut gradient = model.weights().clone();
    quickest(tries, || {
        black_box(fast.loss_and_gradient(model.weights(), &batch, &mut gradient));
    })
}

fn ratio(model: &Model) -> f64 {
    let batch: Vec<_> = pairs(1, BATCH).collect();
    let slow = quickest(3, || drop(black_box(plain::loss_and_gradient(model, &batch))));
    let fast = fast(model, 60);
    slow.as_secs_f64() / fast.as_secs_f64()
}

#[test]
fn the_fast_gradient_stays_ahead_of_the_plain_one() {
    let named = Architecture::names().map(|name| {
        let built = Architecture::named(name).build().unwrap();
        (format!("{name} at the start"), built.model(&mut Random::new(1)).unwrap(), FLOOR)
    });
    let trained = models::all().into_iter().filter(|(_, m)| Fast::new(m.config()).is_some());
    let trained = trained.map(|(name, model)| (name, model, FLOOR));
    let others = [2, 3, 7].map(|seed| {
        let config = shapes::config(seed);
        (shapes::words(&config), shapes::model(&config, seed), FLOOR_ANY)
    });
    for (name, model, floor) in named.chain(trained).chain(others) {
        let ratio = ratio(&model);
        println!("{name}: {ratio:.1}x (floor {floor})");
        assert!(ratio > floor, "{name}: {ratio:.1}x");
    }
}

#[test]
fn small_products_take_no_longer() {
    for name in Architecture::names() {
        let config = Architecture::named(name).build().unwrap().config;
        let model = shapes::model(&config, 3);
        let (usual, tiny) = (fast(&model, 60), fast(&models::subnormal(&model), 60));
        let ratio = tiny.as_secs_f64() / usual.as_secs_f64();
        println!("{name}: {ratio:.2} of the usual time with subnormal products");
        assert!(ratio < SUBNORMAL, "{name}: {ratio:.2}");
    }
}
