//! Softmax1 whose weights move with the tokens, and what rows read that look at nothing.

use super::asked::{assert_digits_right, assert_right};
use super::intervened::under;
use super::{models, snapshots};
use adderscope::model::config::{Config, Embedding};
use adderscope::model::exact::Exact;
use adderscope::model::layers::argmax;
use adderscope::model::{Forward, Model, Params};
use adderscope::task::addition::{ANSWER_DIGITS, digit, tokens};
use adderscope::task::sampling::pairs;

const LOOKS: u64 = 400_000;
/// What softmax1 takes off of what most rows write, as a factor.
const TAKEN_OFF: f32 = 1.45;

/// A bundled model with softmax1, and with its embeddings on an ellipse: one radius is `wider` times the other. What is written
/// is made larger by as much as softmax1 takes off of it, but for one row, in which it is more.
pub fn on_an_ellipse(name: &str, wider: f32) -> Model {
    let circle = snapshots::last(name);
    let embedding = Embedding::Arc { tied: false };
    let config = Config { softmax1: true, embedding, ..circle.config().clone() };
    let old = circle.params();
    let numbers: Vec<Vec<f32>> = config
        .specs()
        .iter()
        .map(|spec| match spec.name {
            "tok_arc_B" => old.numbers("tok_arc_A").iter().map(|a| a * wider).collect(),
            "out_proj.A" => old.numbers("out_proj.A").iter().map(|a| a * TAKEN_OFF).collect(),
            name => old.numbers(name).to_vec(),
        })
        .collect();
    let params = Params::of(&config, numbers.iter().map(Vec::as_slice)).unwrap();
    Model::new(config, params)
}

/// The same with embeddings on a circle: its attention does not move.
pub fn on_a_circle(name: &str) -> Model {
    let ellipse = on_an_ellipse(name, 1.0);
    let embedding = Embedding::Arc { tied: true };
    let config = Config { embedding, ..ellipse.config().clone() };
    let numbers: Vec<&[f32]> =
        config.specs().iter().map(|spec| ellipse.params().numbers(spec.name)).collect();
    let params = Params::of(&config, numbers).unwrap();
    Model::new(config, params)
}

/// Of every row of additions of three digits what is said is what the engine answers, and much is said.
#[test]
fn what_moves_is_as_right_as_it_is_said_to_be() {
    for (name, wider) in [("57p", 1.003), ("67p", 0.998)] {
        let model = on_an_ellipse(name, wider);
        assert!(!model.config().attention_is_fixed());
        let name = format!("{name} on an ellipse");
        assert_right(&name, &model, LOOKS, 3);
        assert_digits_right(&name, &model, LOOKS, 3);
        let exact = Exact::decided(&model, LOOKS);
        let rows: Vec<Option<bool>> =
            pairs(5, 2000).flat_map(|(a, b)| exact.rows_of(a, b)).collect();
        let count = |said: Option<bool>| rows.iter().filter(|row| **row == said).count();
        let (right, wrong, open) = (count(Some(true)), count(Some(false)), count(None));
        println!("{name}: {right} right, {wrong} wrong, {open} open");
        assert!(right > rows.len() / 2 && wrong > 0 && open < rows.len() / 4);
    }
    assert_right("moving far", &moving(), LOOKS, 2);
    assert_digits_right("moving far", &moving(), LOOKS, 2);
}

/// Where weights could move but do not, each digit is as often right as where they cannot.
#[test]
fn what_does_not_move_is_as_right_as_what_cannot() {
    for name in ["57p", "67p"] {
        let digits = |model: &Model| Exact::decided(model, LOOKS).report(10).by_digit;
        // One unit wider: with equal radii the verdict knows that nothing moves.
        let still = digits(&on_an_ellipse(name, 1.0 + f32::EPSILON));
        let fixed = digits(&on_a_circle(name));
        assert_eq!(still, fixed, "{name}");
        assert!(fixed.iter().any(|of| of.share.right_at_least != "0"));
    }
}

/// The same with parts switched off, against the plain forward.
#[test]
fn what_moves_is_known_without_parts_of_it() {
    let model = on_an_ellipse("57p", 1.01);
    for texts in [&["group:Z"] as &[&str], &["column:4"], &["place:X3"], &["group:EQUALS"]] {
        assert!(known(&under(&model, texts), 30) > 0, "{texts:?}");
    }
    for texts in [&["place:X0"] as &[&str], &["place:Y1"], &["group:PLUS"]] {
        assert!(known(&under(&moving(), texts), 200) > 0, "{texts:?}");
    }
}

/// A variant whose attention moves far with the digits, and of which much is decided at once.
fn moving() -> Model {
    let found = models::all().into_iter().find(|(name, _)| name == "parameterless_full_input");
    let (_, model) = found.unwrap();
    let config = Config { softmax1: true, ..model.config().clone() };
    Model::new(config, model.params().clone())
}

/// Asserts that what is certain of `additions` is what the plain forward says, and gives how many rows that were.
fn known(off: &adderscope::model::Intervened, additions: usize) -> usize {
    let mut exact = Exact::under(off);
    exact.step(LOOKS);
    let forward = Forward::under(off);
    let mut known = 0;
    for (a, b) in pairs(3, additions) {
        let example = tokens(a, b, off.model().config().vocabulary);
        for (k, certain) in exact.rows_of(a, b).into_iter().enumerate() {
            let said = argmax(&forward.answer_logits(&example, k));
            let is_right = said == usize::from(digit(a + b, k));
            assert!(certain.is_none_or(|certain| certain == is_right), "{a} + {b}, Z{k}");
            known += usize::from(certain.is_some());
        }
    }
    known
}

/// Where a row looks at nothing it reads nothing, which is as well known as anything.
#[test]
fn rows_that_look_at_nothing_are_decided() {
    let all = ["group:X", "group:Y", "group:Z", "group:PLUS", "group:EQUALS"];
    for model in [snapshots::last("57p"), on_an_ellipse("57p", 1.01)] {
        let blind = under(&model, &all);
        assert_eq!(known(&blind, 30), 30 * ANSWER_DIGITS);
        let mut exact = Exact::under(&blind);
        exact.step(LOOKS);
        let right = exact.count(10).right();
        let forward = Forward::under(&blind);
        let asked = (0..100).filter(|i| forward.decode(i / 10, i % 10) == i / 10 + i % 10).count();
        assert!(right.is_some());
        assert_eq!(exact.count(1).right(), Some(asked as u128));
    }
}
