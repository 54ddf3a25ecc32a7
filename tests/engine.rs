//! The engine gives the plain forward's answers: on published checkpoints, on every variant
//! of the architecture, and on models whose weights were thrown about.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::{adderboard, attention, errors};
use adderscope::model::engine::{ANSWER_ROWS, Doubts, Examples, Path};
use adderscope::model::{Engine, Forward, Model};
use adderscope::task::addition::{MAX_SUMMAND, tokens};
use adderscope::task::item::Point;
use adderscope::task::sampling::{
    ADDERBOARD_PAIRS, ADDERBOARD_SEED, EDGE_CASES, Pair, PythonRandom, adderboard as suite, pairs,
};

/// Additions where most columns sum to 9 and a few decide on the carry.
fn carry_heavy(seed: u64, count: usize) -> Vec<Pair> {
    let mut random = PythonRandom::new(seed);
    let mut column = || {
        let x = random.up_to(9);
        (x, if random.up_to(9) < 7 { 9 - x } else { random.up_to(9) })
    };
    let mut pair =
        || (0..10).map(|_| column()).fold((0, 0), |(a, b), (x, y)| (10 * a + x, 10 * b + y));
    (0..count).map(|_| pair()).collect()
}

/// Random, carry-heavy and edge cases, `count` and ten.
fn mixed(seed: u64, count: usize) -> Vec<Pair> {
    let mut list = EDGE_CASES.to_vec();
    list.extend(pairs(seed, count / 2));
    list.extend(carry_heavy(seed, count - count / 2));
    list
}

/// Every token of every row, and every greedy answer.
fn assert_same(name: &str, engine: &Engine, list: &[Pair], decode: bool) {
    let forward = Forward::new(engine.model());
    let vocabulary = engine.model().config().vocabulary;
    engine.each_prediction(list.iter().copied(), |(a, b), predicted| {
        let plain = forward.predict(&tokens(a, b, vocabulary));
        assert_eq!(predicted, plain, "{name}, {:?}: {a} + {b}", engine.path());
    });
    if decode {
        let score = engine.verify(list.iter().copied());
        let plain = adderboard::verify(&forward, list.iter().copied());
        let (first, wanted) = (score.failures.first(), plain.failures.first());
        assert!(score == plain, "{name}, {:?}: {first:?}, {wanted:?}", engine.path());
    }
}

#[test]
fn three_hundred_thousand_additions_agree_token_by_token() {
    let models = models::all();
    let each = 300_000 / models.len();
    // One thread per model would starve a small machine; two share the work.
    std::thread::scope(|scope| {
        let half = models.len() / 2;
        for part in [&models[..half], &models[half..]] {
            scope.spawn(move || {
                for (i, (name, model)) in part.iter().enumerate() {
                    let engine = Engine::new(model);
                    assert_same(name, &engine, &mixed(i as u64, each), false);
                    assert_same(name, &engine, &mixed(100 + i as u64, 2000), true);
                }
            });
        }
    });
}

#[test]
fn analyses_are_those_of_the_plain_forward() {
    for (name, model) in models::all() {
        let (engine, forward) = (Engine::new(&model), Forward::new(&model));
        let plain = errors::errors(&forward, model.config(), pairs(42, 700));
        assert_eq!(engine.errors(pairs(42, 700)), plain, "{name}");
        let found = engine.mean_attention(pairs(42, 60));
        let plain = attention::mean_attention(&forward, model.config(), pairs(42, 60));
        let differences = found.iter().flatten().flatten().zip(plain.iter().flatten().flatten());
        for (f, p) in differences {
            assert!((f - p).abs() < 1e-12, "{name}: {f} is not {p}");
        }
        let none = engine.mean_attention([]);
        assert!(none.iter().flatten().flatten().all(|w| *w == 0.0));
    }
}

#[test]
fn the_path_follows_the_weights_and_both_agree_where_both_apply() {
    let mut linear = 0;
    for (name, model) in models::all() {
        let engine = Engine::new(&model);
        let general = Engine::on(Path::General, &model).unwrap();
        assert_eq!(general.path(), Path::General);
        match Engine::on(Path::Linear, &model) {
            None => assert_eq!(engine.path(), Path::General, "{name}"),
            Some(fixed) => {
                linear += 1;
                assert_eq!((engine.path(), fixed.path()), (Path::Linear, Path::Linear), "{name}");
                let list = mixed(7, 3000);
                let mut tokens = Vec::new();
                fixed.each_prediction(list.iter().copied(), |_, t| tokens.push(t));
                let mut tokens = tokens.into_iter();
                general.each_prediction(list.iter().copied(), |pair, t| {
                    assert_eq!(Some(t), tokens.next(), "{name}: {pair:?}");
                });
                assert_eq!(fixed.verify(list.iter().copied()), general.verify(list));
            }
        }
    }
    assert!(linear > 0);
}

/// `model` with each tensor changed: noise of any size, zeros, tiny or huge numbers.
fn perturbed(model: &Model, seed: u64) -> Model {
    let mut random = PythonRandom::new(seed);
    let unit = |random: &mut PythonRandom| random.up_to(2_000_000) as f64 / 1e6 - 1.0;
    let size = [1e-3, 0.05, 0.5, 3.0][random.up_to(3) as usize];
    let (mut tensor, mut factor) = (String::new(), 1.0);
    models::changed(model, |name, v| {
        if tensor != name {
            name.clone_into(&mut tensor);
            let special = [0.0, 1e-21, 1e-10, 1e4, 1e30].get(random.up_to(60) as usize);
            factor = special.copied().unwrap_or(1.0);
        }
        let noise = size * unit(&mut random) * (0.1 + f64::from(v.abs()));
        ((f64::from(v) + noise) * factor) as f32
    })
}

#[test]
fn two_hundred_perturbed_models_agree() {
    let models = models::all();
    let mut paths = [0; 2];
    for seed in 0..200u64 {
        let (name, model) = &models[seed as usize % models.len()];
        let model = perturbed(model, seed);
        let engine = Engine::new(&model);
        paths[usize::from(engine.path() == Path::Linear)] += 1;
        assert_same(&format!("{name}, seed {seed}"), &engine, &mixed(seed, 120), true);
        let other = Engine::on(Path::General, &model).unwrap();
        assert_same(&format!("{name}, seed {seed}"), &other, &mixed(seed, 70), false);
    }
    assert!(paths.iter().all(|n| *n > 20), "{paths:?}");
}

/// The shares of the rows asked so far that f64 and the plain forward decided.
fn shares(engine: &Engine, rows: usize) -> (f64, f64) {
    let doubts = engine.doubts();
    (doubts.refined as f64 / rows as f64, doubts.plain as f64 / rows as f64)
}

/// `model` with its `at`th number, over all tensors, changed by `to`; also what it is called.
fn edited(model: &Model, at: usize, to: impl Fn(f32) -> f32) -> (String, Model) {
    let (mut i, mut what) = (0, String::new());
    let model = models::changed(model, |name, v| {
        i += 1;
        if i - 1 != at {
            return v;
        }
        what = format!("{name}: {v} to {}", to(v));
        to(v)
    });
    (what, model)
}

/// As a person who drags one weight about may leave it.
const EDITS: [fn(f32) -> f32; 8] =
    [|_| 0.0, |v| -v, |_| 10.0, |_| -10.0, |_| 100.0, |_| -100.0, |_| 1e6, |_| -1e6];

#[test]
fn one_weight_dragged_anywhere_is_seldom_left_to_the_plain_forward() {
    let wanted = ["57p", "62p", "67p", "226p", "learned_spiral_74p", "two_heads_tied_values"];
    let models: Vec<_> =
        models::all().into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect();
    assert!(!models.is_empty());
    let list = mixed(3, 14);
    let rows = list.len() * ANSWER_ROWS;
    for (name, model) in &models {
        let count: usize = model.params().iter().map(|p| p.values.len()).sum();
        // Every number of a small model; one in three keeps a large one to seconds.
        let numbers: Vec<usize> = (0..count).step_by(if count > 100 { 3 } else { 1 }).collect();
        let edits = (numbers.len() * EDITS.len()) as f64;
        let (mut refined, mut plain, mut worst) = (0.0, 0.0, (0.0, String::new()));
        for (at, to) in numbers.into_iter().flat_map(|at| EDITS.map(|to| (at, to))) {
            let (what, model) = edited(model, at, to);
            let engine = Engine::new(&model);
            assert_same(&format!("{name}, {what}"), &engine, &list, false);
            let (by_f64, by_plain) = shares(&engine, rows);
            refined += by_f64 / edits;
            plain += by_plain / edits;
            if by_plain > worst.0 {
                worst = (by_plain, what);
            }
        }
        println!("{name}: {refined:.5} by f64, {plain:.6} plainly, at most {worst:?}");
        assert!(refined < 0.2 && plain < 0.001, "{name}: {refined}, {plain}, {worst:?}");
        assert!(worst.0 < 0.05, "{name}: {worst:?}");
    }
}

#[test]
fn exact_ties_leave_nothing_in_doubt() {
    let list = mixed(4, 300);
    let mut tested = 0;
    for (name, model) in models::all() {
        for zero in ["tok_arc_A", "tok_arc_stride", "tok_emb.weight", "head_proj.weight"] {
            // With a B of its own the arc becomes a line, and keeps digits apart.
            let line = zero == "tok_arc_A" && model.params().get("tok_arc_B").is_some();
            if model.params().get(zero).is_none() || line {
                continue;
            }
            let model = models::changed(&model, |n, v| if n == zero { 0.0 } else { v });
            let engine = Engine::new(&model);
            assert_same(&format!("{name}, {zero} of 0"), &engine, &list, true);
            assert_eq!(engine.doubts(), Doubts::default(), "{name}, {zero} of 0");
            tested += 1;
        }
    }
    assert!(tested > 0);
}

#[test]
fn digits_that_nearly_meet_are_told_apart() {
    use std::f32::consts::{PI, TAU};
    let list = mixed(5, 200);
    let mut tested = 0;
    for (name, model) in models::all() {
        if model.params().get("tok_arc_stride").is_none() {
            continue;
        }
        for stride in [1e-3, 1e-6, -1e-6, PI, TAU] {
            let change = |n: &str, v| if n == "tok_arc_stride" { stride } else { v };
            let model = models::changed(&model, change);
            let engine = Engine::new(&model);
            assert_same(&format!("{name}, stride of {stride}"), &engine, &list, false);
            let (refined, plain) = shares(&engine, list.len() * ANSWER_ROWS);
            println!("{name}, stride of {stride}: {refined:.4} by f64, {plain:.5} plainly");
            assert!(plain < 0.01, "{name}, stride of {stride}: {plain}");
            tested += 1;
        }
    }
    assert!(tested > 0);
}

#[test]
fn weights_at_the_end_of_f32_do_not_panic() {
    for (name, model) in models::all() {
        for huge in [1e30f32, -3e38, 1e-38, 0.0] {
            let model = models::changed(&model, |_, _| huge);
            let engine = Engine::new(&model);
            assert_same(&format!("{name} of {huge}"), &engine, &EDGE_CASES, true);
            engine.mean_attention(EDGE_CASES);
        }
    }
}

#[test]
fn the_ends_of_the_range_and_single_additions() {
    for (name, model) in models::all() {
        let (engine, forward) = (Engine::new(&model), Forward::new(&model));
        for (a, b) in EDGE_CASES {
            assert_eq!(engine.decode(a, b), forward.decode(a, b), "{name}: {a} + {b}");
        }
        let (a, b) = (MAX_SUMMAND, 0);
        let example = tokens(a, b, model.config().vocabulary);
        let (ours, plain) = (engine.trace(&example), forward.trace(&example));
        assert_eq!(ours.at(Point::Logits), plain.at(Point::Logits));
    }
}

#[test]
fn the_same_run_gives_the_same_result_however_it_is_cut() {
    for (name, model) in models::all() {
        let engine = Engine::new(&model);
        let whole = engine.verify(suite(5, 1000));
        assert_eq!(whole, Engine::new(&model).verify(suite(5, 1000)), "{name}");
        let mut failures = Vec::new();
        let tally = engine.each_failure(suite(5, 1000), |f| failures.push(f));
        assert_eq!(failures, whole.failures);
        assert_eq!(tally, engine.accuracy_on(suite(5, 1000)));
        assert_eq!((tally.total, tally.passed), (whole.total as u64, whole.passed as u64));
        let all: Vec<Pair> = suite(5, 1000).collect();
        let cut: u64 = all.chunks(77).map(|c| engine.accuracy_on(c.to_vec()).passed).sum();
        assert_eq!(cut, tally.passed, "{name}");
    }
    let (_, model) = &models::all()[0];
    assert_eq!(Engine::new(model).verify([]).total, 0);
}

#[test]
fn additions_that_are_kept_give_what_drawn_ones_give() {
    for (name, model) in models::all() {
        let engine = Engine::new(&model);
        let drawn = engine.verify(suite(ADDERBOARD_SEED, ADDERBOARD_PAIRS));
        assert_eq!(engine.score(), drawn, "{name}");
        assert_eq!(engine.score(), drawn, "{name}, again");
        // A whole block, one addition more, and none.
        for count in [128, 129, 0] {
            let kept = Examples::new(pairs(3, count));
            assert_eq!(engine.errors_in(&kept), engine.errors(pairs(3, count)), "{name}");
        }
    }
}
