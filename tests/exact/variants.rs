//! Variants of the architecture: what is decided of each is what it answers.

use super::models;
use adderscope::model::Engine;
use adderscope::model::exact::Exact;
use adderscope::task::addition::{ANSWER_DIGITS, digit};
use adderscope::task::sampling::pairs;

/// Intervals that are looked at; models that nobody trained are not decided by any number of them.
const LOOKS: u64 = 20_000;
const ADDITIONS: usize = 3000;

/// Whether any row of the additions was decided; all that were are as the engine answers.
fn is_decided(name: &str) -> bool {
    let model = &models::all().into_iter().find(|(found, _)| found == name).unwrap().1;
    let exact = Exact::decided(model, LOOKS);
    let mut decided = 0;
    Engine::new(model).each_prediction(pairs(5, ADDITIONS), |(a, b), said| {
        for (k, known) in exact.rows_of(a, b).into_iter().enumerate() {
            decided += usize::from(known.is_some());
            let right = said[k] == digit(a + b, k);
            assert!(known.is_none_or(|known| known == right), "{name}: Z{k} of {a} + {b}");
        }
    });
    println!("{name}: {decided} of {} rows are decided", ADDITIONS * ANSWER_DIGITS);
    decided > 0
}

#[test]
fn variants_of_the_trainer_answer_as_is_decided() {
    let names = ["trainer_defaults_242p", "trainer_queries_of_tokens", "trainer_frozen_pad"];
    let decided: Vec<bool> = names.map(is_decided).to_vec();
    assert!(decided.contains(&true), "{decided:?}");
}

#[test]
fn softmax1_answers_as_is_decided() {
    assert!(is_decided("softmax1_on_a_circle"));
    is_decided("trainer_softmax1"); // nobody trained it: what little is decided of it is right
}
