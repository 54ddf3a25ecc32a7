//! All additions of at most three digits, and for two models of four.

use super::asked::{assert_digits_right, assert_right};
use super::made::{few, looks};
use super::{made, snapshots};
use adderscope::model::Model;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// `check` of all models, on all cores.
fn on_all(models: &[(String, Model)], check: impl Fn(&str, &Model) + Sync) {
    let (next, check) = (AtomicUsize::new(0), &check);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some((name, model)) = models.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(name, model);
                }
            });
        }
    });
}

/// How many of `models` are decided; none is said to be what it is not.
fn decided(models: &[(String, Model)]) -> usize {
    let decided = AtomicUsize::new(0);
    on_all(models, |name, model| {
        let start = Instant::now();
        let is_decided = assert_right(name, model, looks(name), 3);
        decided.fetch_add(usize::from(is_decided), Ordering::Relaxed);
        println!("{name}: decided {is_decided}, {:.1?}", start.elapsed());
    });
    decided.into_inner()
}

#[test]
fn every_model_is_as_right_as_it_is_said_to_be() {
    let models = few(made::bases(), 5);
    on_all(&models, |name, model| {
        assert_right(name, model, looks(name), 3);
        assert_digits_right(name, model, looks(name), 3);
    });
}

#[test]
fn two_hundred_edited_models_are_as_right_as_they_are_said_to_be() {
    let bases = made::bases();
    let edited = |seed: usize| {
        let (name, model) = &bases[seed % bases.len()];
        (format!("{name}, edit {seed}"), made::edited(model, seed as u64))
    };
    let models = few((0..200).map(edited).collect(), 60);
    let decided = decided(&models);
    println!("{decided} of {} edited models are decided", models.len());
}

#[test]
fn answers_that_end_early_are_counted() {
    let models = few(made::early_stops(), 5);
    decided(&models);
}

#[test]
fn nothing_wrong_is_said_of_random_weights() {
    let models = few(made::random(), 12);
    decided(&models);
}

#[test]
#[ignore = "asks 10⁸ additions of each model: ./build.sh bench"]
fn two_models_are_as_right_on_four_digits() {
    let models =
        ["62p", "67p"].map(|name| (format!("bundled {name}"), snapshots::last(name))).to_vec();
    on_all(&models, |name, model| assert!(assert_right(name, model, 20_000_000, 4), "{name}"));
}
