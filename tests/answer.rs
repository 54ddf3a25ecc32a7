//! A model's answer to one addition, digit by digit.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;
#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::analysis::answer::answer;
use adderscope::analysis::trace::trace;
use adderscope::model::config::Embedding;
use adderscope::model::layers::argmax;
use adderscope::model::{Forward, Model};
use adderscope::task::addition::{ANSWER_DIGITS, EQUALS, carries, digit, tokens};
use adderscope::task::sampling::{EDGE_CASES, pairs as random};

/// AdderBoard's edge cases, and some that nobody chose.
fn pairs() -> impl Iterator<Item = (u64, u64)> {
    EDGE_CASES.into_iter().chain([(57, 68), (50_000_000, 60_000_000)]).chain(random(7, 10))
}

/// By how much `token` leads the others.
fn lead(logits: &[f64], token: usize) -> f64 {
    let others = logits.iter().enumerate().filter(|(i, _)| *i != token).map(|(_, v)| *v);
    logits[token] - others.fold(f64::NEG_INFINITY, f64::max)
}

fn all() -> Vec<(String, Model)> {
    let bundled = snapshots::BUNDLED.map(|name| (name.to_owned(), snapshots::last(name)));
    let early = ("67p early".to_owned(), snapshots::at("67p", 20_000));
    models::all().into_iter().chain(bundled).chain([early]).collect()
}

#[test]
fn it_is_what_decoding_and_the_trace_say() {
    for (name, model) in all() {
        for (a, b) in pairs() {
            let answered = answer(&model, a, b);
            let traced = trace(&model, a, b);
            let what = format!("{name}: {a} + {b}");
            assert_eq!(answered.answer, Forward::new(&model).decode(a, b), "{what}");
            assert_eq!((answered.answer, answered.correct), (traced.answer, traced.correct));
            assert_eq!(answered.places.len(), ANSWER_DIGITS);
            for (k, place) in answered.places.iter().enumerate() {
                let logits = &traced.logits[EQUALS + k];
                let token = argmax(logits);
                assert_eq!(place.forced, Some(token as u8).filter(|t| *t < 10), "{what}, Z{k}");
                assert_eq!(place.forced_lead, lead(logits, token), "{what}, Z{k}");
                assert_eq!(usize::from(place.digit), k);
                assert_eq!(place.right, digit(a + b, k));
                assert_eq!(place.carry, carries(a, b)[k]);
                let column = (k < 10).then(|| (digit(a, k), digit(b, k)));
                assert_eq!(place.x.zip(place.y), column);
            }
        }
    }
}

#[test]
fn a_digit_is_said_after_those_that_were_said() {
    for (name, model) in all() {
        let forward = Forward::new(&model);
        for (a, b) in pairs() {
            let answered = answer(&model, a, b);
            let mut said = tokens(a, b, model.config().vocabulary);
            let mut ended = false;
            let mut answer = 0;
            for (k, place) in answered.places.iter().enumerate() {
                let logits = forward.answer_logits(&said, k);
                let token = argmax(&logits);
                let wanted = (!ended).then(|| lead(&logits, token));
                assert_eq!(place.lead, wanted, "{name}: {a} + {b}, Z{k}");
                ended |= token >= 10;
                let digit = Some(token as u8).filter(|_| !ended);
                assert_eq!(place.said, digit, "{name}: {a} + {b}, Z{k}");
                answer += u64::from(digit.unwrap_or(0)) * 10u64.pow(k as u32);
                said[EQUALS + k + 1] = token as u8;
            }
            assert_eq!(answered.answer, answer, "{name}: {a} + {b}");
        }
    }
}

#[test]
fn what_is_no_digit_ends_the_answer() {
    let learned = |model: &Model| model.config().embedding == Embedding::Learned;
    let (_, model) = models::all()
        .into_iter()
        .find(|(_, m)| m.config().vocabulary.eos == 10 && learned(m))
        .unwrap();
    let (mut ends, width) = (0, model.config().tok_dim);
    for scale in [-50.0, 50.0] {
        let mut index = 0;
        // A long embedding leads wherever it points the right way.
        let broken = models::changed(&model, |name, v| {
            index += usize::from(name == "tok_emb.weight");
            if name == "tok_emb.weight" && (index - 1) / width == 10 { v * scale } else { v }
        });
        for (a, b) in pairs() {
            let places = answer(&broken, a, b).places;
            let Some(end) = places.iter().position(|place| place.said.is_none()) else { continue };
            assert!(places[end].lead.is_some());
            let rest = &places[end + 1..];
            assert!(rest.iter().all(|place| place.said.is_none() && place.lead.is_none()));
            ends += 1;
        }
    }
    assert!(ends > 0, "no model says a token that is no digit");
}

#[test]
fn the_run_that_qualifies_says_one_wrong_digit() {
    let model = snapshots::at("67p", 244_000);
    let answered = answer(&model, 50_000_000, 60_000_000);
    assert_eq!((answered.answer, answered.correct), (120_000_000, false));
    let wrong: Vec<usize> = (0..ANSWER_DIGITS)
        .filter(|k| answered.places[*k].said != Some(answered.places[*k].right))
        .collect();
    assert_eq!(wrong, [7]);
    assert_eq!((answered.places[7].said, answered.places[7].right), (Some(2), 1));
}

/// Wrong answers of AdderBoard's suite as PyTorch decodes them.
#[test]
fn wrong_answers_are_those_of_the_golden_file() {
    let golden = files::json("bundled/62p.json");
    let model = snapshots::last("62p");
    let failures = golden["adderboard"]["first_failures"].as_array().unwrap();
    assert!(failures.len() > 10);
    for failure in failures {
        let [a, b, sum, got] = [0, 1, 2, 3].map(|i| failure[i].as_u64().unwrap());
        let answered = answer(&model, a, b);
        assert_eq!((answered.answer, answered.correct), (got, false), "{a} + {b} = {sum}");
        for (k, place) in answered.places.iter().enumerate() {
            assert_eq!((place.said, place.right), (Some(digit(got, k)), digit(sum, k)));
        }
    }
}
