//! The verdict under interventions against the plain forward under the same.

use super::{models, snapshots};
use adderscope::model::exact::Exact;
use adderscope::model::layers::argmax;
use adderscope::model::{Forward, Intervened, Model};
use adderscope::task::addition::{ANSWER_DIGITS, digit, tokens};
use adderscope::task::intervene::Interventions;
use adderscope::task::sampling::pairs;

const LOOKS: u64 = 60_000;

pub fn under(model: &Model, texts: &[&str]) -> Intervened {
    Intervened::new(model, &Interventions::of(texts.iter().copied()).unwrap()).unwrap()
}

/// Fixed attention, attention that moves with the digits, several heads, a full output projection.
fn some() -> Vec<(String, Model)> {
    let bundled = ["57p", "62p"].map(|name| (name.to_owned(), snapshots::last(name)));
    bundled.into_iter().chain(models::some()).collect()
}

#[test]
fn what_is_certain_is_what_the_plain_forward_says() {
    let all: [&[&str]; 7] = [
        &["hidden:0"],
        &["ffn"],
        &["column:9"],
        &["group:PLUS"],
        &["group:Z"],
        &["place:Z4", "place:EQUALS", "column:0"],
        &["group:X", "group:Y"],
    ];
    for (name, model) in some() {
        for texts in all {
            let off = under(&model, texts);
            let mut exact = Exact::under(&off);
            exact.step(LOOKS);
            let forward = Forward::under(&off);
            let mut known = 0;
            for (a, b) in pairs(11, 150).chain((0..100).map(|i| (i / 10, i % 10))) {
                let example = tokens(a, b, model.config().vocabulary);
                for (k, certain) in exact.rows_of(a, b).into_iter().enumerate() {
                    let said = argmax(&forward.answer_logits(&example, k));
                    let is_right = said == usize::from(digit(a + b, k));
                    known += usize::from(certain.is_some());
                    assert!(
                        certain.is_none_or(|certain| certain == is_right),
                        "{name}, {texts:?}: {a} + {b}, Z{k}"
                    );
                }
            }
            let finished = name == "57p" || name == "62p";
            assert!(known > 0 || !finished, "{name}, {texts:?}: nothing is known");
            // Of one digit: every answer.
            let count = exact.count(1);
            let right = (0..100)
                .filter(|i| forward.decode(i / 10, i % 10) == i / 10 + i % 10)
                .count() as u128;
            assert!(
                (count.at_least..=count.at_most).contains(&right),
                "{name}, {texts:?}: {right}"
            );
        }
    }
}

#[test]
fn the_finished_models_are_decided_without_a_part() {
    for name in ["57p", "62p", "67p"] {
        let model = snapshots::last(name);
        for texts in
            [&["hidden:0"] as &[&str], &["ffn"], &["column:4"], &["group:Z"], &["group:PLUS"]]
        {
            let off = under(&model, texts);
            let mut exact = Exact::under(&off);
            exact.step(3_000_000);
            let right = exact.count(10).right();
            assert!(right.is_some(), "{name}, {texts:?}");
            // Without its FFN a model is right on 0 + 0 alone.
            if texts == ["ffn"] {
                assert_eq!(right, Some(1), "{name}");
            }
        }
        let nothing = under(&model, &[]);
        let mut bare = Exact::under(&nothing);
        bare.step(LOOKS);
        assert_eq!(bare.count(10), Exact::decided(&model, LOOKS).count(10), "{name}");
    }
}

#[test]
fn what_cannot_be_decided_is_left_open() {
    let model = snapshots::last("57p");
    // What one row has of another addition is of that addition alone.
    let patched = under(&model, &["patch:Z3/57+69/own"]);
    let mut exact = Exact::under(&patched);
    assert!(exact.step(LOOKS) && exact.looks() == 0);
    let count = exact.count(10);
    assert_eq!((count.at_least, count.right()), (0, None));
    assert_eq!(exact.rows_of(57, 68), [None; ANSWER_DIGITS]);
    // An addition was found, but nobody looked at those that lead by less.
    let closest = exact.report(10).closest;
    assert!(closest.is_none_or(|found| found.lead_at_least == 0.0), "{closest:?}");
    // Another addition that is only at hand changes nothing.
    let at_hand = under(&model, &["patch:Z3/57+69", "place:X3", "place:Y3"]);
    let mut exact = Exact::under(&at_hand);
    exact.step(LOOKS);
    assert!(exact.count(10).right().is_some());
}
