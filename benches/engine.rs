//! The engine beside the plain forward, in one run: `cargo bench --bench engine`.
//!
//! Uses published checkpoints where they are beside the repository (one per kernel), else
//! a variant of the tests.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

#[path = "../tests/common/models.rs"]
mod models;
#[path = "../tests/common/shared.rs"]
mod shared;

use adderscope::analysis::{Report, adderboard, attention, errors};
use adderscope::model::{Engine, Forward, Model};
use adderscope::task::sampling::{ADDERBOARD_SEED, PANEL_SEED, adderboard as suite, pairs};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;

fn benches(c: &mut Criterion) {
    let models = models::some();
    engine(c, &models);
    plain(c, &models);
    c.bench_function("pairs/10000", |b| {
        b.iter(|| pairs(ADDERBOARD_SEED, 10_000).fold(0, |sum, (a, b)| sum ^ a ^ b));
    });
}

fn engine(c: &mut Criterion, models: &[(String, Model)]) {
    let mut group = c.benchmark_group("engine");
    for (name, model) in models {
        let engine = Engine::new(model);
        let mut bench = |what: &str, run: &mut dyn FnMut()| {
            group.bench_function(BenchmarkId::new(what, name), |b| b.iter(&mut *run));
        };
        bench("tables", &mut || drop(black_box(Engine::new(model))));
        bench("suite", &mut || {
            black_box(Engine::new(model).verify(suite(ADDERBOARD_SEED, 10_000)));
        });
        bench("edit to score", &mut || {
            let model = Model::new(model.config().clone(), model.params().clone());
            black_box(Engine::new(&model).accuracy_on(suite(ADDERBOARD_SEED, 10_000)));
        });
        bench("errors", &mut || {
            black_box(engine.errors(pairs(PANEL_SEED, 3000)));
        });
        bench("attention", &mut || {
            black_box(engine.mean_attention(pairs(PANEL_SEED, 500)));
        });
        bench("subnormal", &mut || {
            black_box(Engine::new(&models::subnormal(model)).errors(pairs(PANEL_SEED, 3000)));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("report");
    for (name, checkpoint) in models::checkpoints() {
        group.bench_function(name, |b| b.iter(|| black_box(Report::new(&checkpoint, None))));
    }
    group.finish();
}

fn plain(c: &mut Criterion, models: &[(String, Model)]) {
    let mut group = c.benchmark_group("plain");
    group.sample_size(10);
    for (name, model) in models {
        let (forward, config) = (Forward::new(model), model.config());
        let mut bench = |what: &str, run: &mut dyn FnMut()| {
            group.bench_function(BenchmarkId::new(what, name), |b| b.iter(&mut *run));
        };
        bench("tables", &mut || drop(black_box(Forward::new(model))));
        bench("suite", &mut || {
            black_box(adderboard::verify(&forward, suite(ADDERBOARD_SEED, 10_000)));
        });
        bench("errors", &mut || {
            black_box(errors::errors(&forward, config, pairs(PANEL_SEED, 3000)));
        });
        bench("attention", &mut || {
            black_box(attention::mean_attention(&forward, config, pairs(PANEL_SEED, 500)));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
