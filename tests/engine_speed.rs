//! The engine against the plain forward of the same run: ratios, never times. Release only:
//! `cargo test --release --test engine_speed -- --nocapture`.
#![cfg(not(debug_assertions))]

#[path = "common/clock.rs"]
mod clock;
#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::{adderboard, errors};
use adderscope::model::engine::Path;
use adderscope::model::{Engine, Forward, Model};
use adderscope::task::sampling::{PANEL_SEED, adderboard as suite, pairs};
use clock::{lead, quickest_in_turns, ratio};
use std::hint::black_box;

/// Little more than half of the least that a quiet machine gives: the linear path, the
/// general path, and the variants, whose made-up weights spread attention everywhere and whose
/// shapes have no compiled kernel.
const FLOORS: [(&str, f64); 3] = [("linear", 12.0), ("general", 7.0), ("any shape", 2.5)];
/// A model whose products would be subnormal takes at most this much longer.
const SUBNORMAL: f64 = 1.3;

fn floor(name: &str, model: &Model) -> (&'static str, f64) {
    match (name, Engine::new(model).path()) {
        (n, _) if n.contains('_') && n != "62p_boost" => FLOORS[2],
        (_, Path::Linear) => FLOORS[0],
        (_, Path::General) => FLOORS[1],
    }
}

#[test]
fn the_engine_stays_ahead_of_the_plain_forward() {
    for (name, model) in models::all() {
        let (kind, floor) = floor(&name, &model);
        let forward = Forward::new(&model);
        let score = lead(
            floor,
            || drop(black_box(adderboard::verify(&forward, suite(1, 2000)))),
            || drop(black_box(Engine::new(&model).verify(suite(1, 2000)))),
        );
        let config = model.config();
        let analysis = lead(
            floor,
            || {
                black_box(errors::errors(&forward, config, pairs(PANEL_SEED, 1000)));
            },
            || {
                black_box(Engine::new(&model).errors(pairs(PANEL_SEED, 1000)));
            },
        );
        println!("{name}: suite {score:.1}x, errors {analysis:.1}x (floor {floor}, {kind})");
        assert!(score > floor && analysis > floor, "{name}: {score:.1}x and {analysis:.1}x");
    }
}

#[test]
fn small_products_take_no_longer() {
    for (name, model) in models::some() {
        let (engine, tiny) = (Engine::new(&model), models::subnormal(&model));
        let engine_tiny = Engine::new(&tiny);
        let run = |engine: &Engine| {
            black_box(engine.errors(pairs(PANEL_SEED, 1000)));
        };
        let [normal, slow] = quickest_in_turns(40, || run(&engine), || run(&engine_tiny));
        let ratio = ratio(slow, normal);
        println!("{name}: {ratio:.2} of the usual time with subnormal products");
        assert!(ratio < SUBNORMAL, "{name}: {ratio:.2}");
    }
}
