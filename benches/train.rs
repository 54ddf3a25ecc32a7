//! The fast gradient beside the plain one, and whole steps of the trainer, in one run:
//! `cargo bench --bench train`.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

use adderscope::model::Model;
use adderscope::task::sampling::Pair;
use adderscope::train::gradient::{Fast, params_gradient, plain};
use adderscope::train::random::Random;
use adderscope::train::{Architecture, Settings, Trainer, sample};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// Additions of a step.
const BATCH: usize = 256;
/// Steps of the trainer at a time.
const STEPS: u64 = 100;
/// A step that no bench reaches, so that none has an evaluation.
const LAST: u64 = 10_000_000;

fn model(name: &str) -> Model {
    Architecture::named(name).build().unwrap().model(&mut Random::new(1)).unwrap()
}

fn batch() -> Vec<Pair> {
    let stage = Settings::default().curriculum.at(u64::MAX);
    let mut batch = vec![(0, 0); BATCH];
    sample::batch(&mut Random::new(1), stage, 0.5, &mut batch);
    batch
}

fn gradients(c: &mut Criterion) {
    let batch = batch();
    let mut group = c.benchmark_group("gradient");
    for name in Architecture::names() {
        let model = model(name);
        let mut fast = Fast::new(model.config()).unwrap();
        let mut gradient = model.weights().zeros_like();
        group.bench_function(BenchmarkId::new("fast", name), |b| {
            b.iter(|| black_box(fast.loss_and_gradient(model.weights(), &batch, &mut gradient)));
        });
        group.bench_function(BenchmarkId::new("to parameters", name), |b| {
            b.iter(|| black_box(params_gradient(model.config(), model.params(), &gradient)));
        });
    }
    group.sample_size(10);
    for name in Architecture::names() {
        let model = model(name);
        group.bench_function(BenchmarkId::new("plain", name), |b| {
            b.iter(|| black_box(plain::loss_and_gradient(&model, &batch)));
        });
    }
    group.finish();
}

fn steps(c: &mut Criterion) {
    let stage = Settings::default().curriculum.at(u64::MAX);
    let (mut random, mut batch) = (Random::new(1), batch());
    c.bench_function("batch", |b| b.iter(|| sample::batch(&mut random, stage, 0.5, &mut batch)));
    let mut group = c.benchmark_group(format!("{STEPS} steps"));
    group.sample_size(20);
    for name in Architecture::names() {
        let settings = Settings {
            arch: Architecture::named(name),
            steps: LAST,
            eval_every: LAST,
            ..Settings::default()
        };
        let mut trainer = Trainer::new(settings).unwrap();
        group.bench_function(name, |b| b.iter(|| black_box(trainer.run(STEPS).unwrap())));
    }
    group.finish();
}

criterion_group!(all, gradients, steps);
criterion_main!(all);
