//! Wrong answers: where each first fails, and the simplest one that fails in the same way.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::analysis::wrong::{WrongAnswer, shrunk, wrong_answer};
use adderscope::model::{Engine, Forward, Model};
use adderscope::task::addition::{Vocabulary, Z0, digit, tokens};
use adderscope::task::sampling::{Draw, pairs};
use adderscope_explain::{listed, simplest};

/// Models that are wrong now and then: of every vocabulary, and one that fails in one case only.
fn failing() -> Vec<(String, Model)> {
    let made = (0..40).map(|seed| {
        let config = shapes::config(seed);
        (shapes::words(&config), shapes::model(&config, seed))
    });
    let mut all: Vec<(String, Model)> = made.collect();
    let sizes = |of: &[(String, Model)]| {
        let mut sizes: Vec<usize> = of.iter().map(|(_, m)| m.config().vocabulary.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    };
    assert_eq!(sizes(&all), Vocabulary::SIZES);
    all.push(("62p".into(), snapshots::last("62p")));
    all.push(("67p at step 244 000".into(), snapshots::at("67p", 244_000)));
    all
}

fn vocabulary(model: &Model) -> Vocabulary {
    model.config().vocabulary
}

/// What is said in the first wrong row less what is right there, and that row, by another way: row after row.
fn way(model: &Model, (a, b): (u64, u64)) -> (usize, i32) {
    let tokens = tokens(a, b, vocabulary(model));
    let said = Forward::new(model).predict(&tokens);
    let k = (0..11).find(|k| said[*k] != tokens[Z0 + k]).unwrap();
    let off = i32::from(said[k]) - i32::from(tokens[Z0 + k]);
    (k, if said[k] < 10 { off.rem_euclid(10) } else { i32::from(said[k]) })
}

#[test]
fn what_is_listed_is_what_the_engine_finds_wrong() {
    for (name, model) in failing() {
        let suite: Vec<(u64, u64)> = Draw::Carries.pairs(7, 300).chain(pairs(3, 300)).collect();
        let wrong = Engine::new(&model).verify(suite.iter().copied()).failures;
        let summands: Vec<f64> = suite.iter().flat_map(|(a, b)| [*a as f64, *b as f64]).collect();
        let found = listed(&model, &summands).unwrap();
        let of = |w: &WrongAnswer| (w.a, w.b, w.expected, w.got);
        let wanted: Vec<_> = wrong.iter().map(|f| (f.a, f.b, f.expected, f.got)).collect();
        assert_eq!(found.iter().map(of).collect::<Vec<_>>(), wanted, "{name}");
        for each in found.iter().take(20) {
            assert_eq!(way(&model, (each.a, each.b)).0, each.digit, "{name}: {each:?}");
            assert!(each.lead >= 0.0, "{name}: {each:?}"); // a tie goes to the first
        }
    }
}

#[test]
fn the_simplest_one_fails_in_the_same_way_and_no_column_of_it_can_be_simpler() {
    for (name, model) in failing() {
        let forward = Forward::new(&model);
        let wrong = Engine::new(&model).verify(Draw::Carries.pairs(11, 50)).failures;
        for failure in wrong.iter().take(2) {
            let found = shrunk(&forward, vocabulary(&model), failure.a, failure.b).unwrap();
            let (a, b) = (found.a, found.b);
            let same = way(&model, (failure.a, failure.b));
            assert_eq!(way(&model, (a, b)), same, "{name}: {failure:?}");
            assert_eq!(wrong_answer(&forward, vocabulary(&model), a, b), Some(found));
            let size = |x: u8, y: u8| (u8::from(x > 0) + u8::from(y > 0), x + y);
            for k in 0..10 {
                let (own, place) = ((digit(a, k), digit(b, k)), 10u64.pow(k as u32));
                let less = (0..100).map(|i| (i / 10, i % 10));
                for (x, y) in less.filter(|(x, y)| size(*x, *y) < size(own.0, own.1)) {
                    let put = |n: u64, from: u8, to: u8| {
                        n - place * u64::from(from) + place * u64::from(to)
                    };
                    let (a, b) = (put(a, own.0, x), put(b, own.1, y));
                    let fails = forward.decode(a, b) != a + b && way(&model, (a, b)) == same;
                    assert!(!fails, "{name}: {a} + {b} is simpler than {failure:?}");
                }
            }
        }
    }
}

#[test]
fn the_one_case_of_67p_at_step_244_000_shrinks_to_its_simplest() {
    let model = snapshots::at("67p", 244_000);
    let found = simplest(&model, 1_250_000_123.0, 1_160_000_456.0).unwrap().unwrap();
    assert_eq!((found.a, found.b), (50_000_000, 60_000_000));
    assert_eq!((found.digit, found.chain), (7, 1));
}

#[test]
fn what_is_right_is_not_listed_and_what_is_no_summand_is_refused() {
    let model = snapshots::at("67p", 244_000);
    assert_eq!(listed(&model, &[57.0, 68.0]), Ok(vec![]));
    assert_eq!(simplest(&model, 57.0, 68.0), Ok(None));
    assert!(listed(&model, &[-1.0, 68.0]).unwrap_err().starts_with("a summand should be"));
    assert!(simplest(&model, 1.0, 1e10).unwrap_err().starts_with("a summand should be"));
}
