//! The fast gradient against the plain one of the same run: ratios, never times. Release only:
//! `cargo test --release --test gradient_speed -- --nocapture`.
#![cfg(not(debug_assertions))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/clock.rs"]
mod clock;
#[path = "common/models.rs"]
mod models;
#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/shared.rs"]
mod shared;

use adderscope::model::Model;
use adderscope::task::sampling::pairs;
use adderscope::train::Architecture;
use adderscope::train::gradient::{Fast, plain};
use adderscope::train::random::Random;
use clock::{lead, quickest_in_turns, ratio};
use std::hint::black_box;

/// About a third of what a quiet machine gives: the shapes that have a compiled kernel, and
/// any other.
const FLOOR: f64 = 8.0;
const FLOOR_ANY: f64 = 3.0;
/// A model whose products would be subnormal takes at most this much longer.
const SUBNORMAL: f64 = 1.3;

/// Additions of a step.
const BATCH: usize = 256;

/// The fast gradient of one batch, to be computed again and again.
fn fast(model: &Model) -> impl FnMut() {
    let batch: Vec<_> = pairs(1, BATCH).collect();
    let mut fast = Fast::new(model.config()).unwrap();
    let mut gradient = model.weights().clone();
    move || {
        black_box(fast.loss_and_gradient(model.weights(), &batch, &mut gradient));
    }
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
        let batch: Vec<_> = pairs(1, BATCH).collect();
        let slow = || drop(black_box(plain::loss_and_gradient(&model, &batch)));
        let lead = lead(floor, slow, fast(&model));
        println!("{name}: {lead:.1}x (floor {floor})");
        assert!(lead > floor, "{name}: {lead:.1}x");
    }
}

#[test]
fn small_products_take_no_longer() {
    for name in Architecture::names() {
        let config = Architecture::named(name).build().unwrap().config;
        let model = shapes::model(&config, 3);
        let tiny = models::subnormal(&model);
        let [usual, tiny] = quickest_in_turns(60, fast(&model), fast(&tiny));
        let ratio = ratio(tiny, usual);
        println!("{name}: {ratio:.2} of the usual time with subnormal products");
        assert!(ratio < SUBNORMAL, "{name}: {ratio:.2}");
    }
}
