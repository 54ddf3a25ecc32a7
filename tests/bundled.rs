//! The models that come with the page: small, as good as they are said to be, and what the
//! trainer still makes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;

use adderscope::addition::{Alignment, EQUALS, tokens};
use adderscope::analysis::Report;
use adderscope::checkpoint::History;
use adderscope::gallery::GALLERY;
use adderscope::model::{Engine, Forward};
use adderscope::sampling::{ADDERBOARD_PAIRS, ADDERBOARD_SEED, adderboard};
use adderscope::train::{Settings, Trainer};
use std::fs;

/// A person waits for the first of them.
const MOST_BYTES: usize = 100_000;

fn read(file: &str) -> Vec<u8> {
    fs::read(format!("{}/www/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn they_are_small_and_score_as_they_should() {
    for bundled in GALLERY {
        let bytes = read(bundled.file);
        assert!(bytes.len() < MOST_BYTES, "{}: {} bytes", bundled.name, bytes.len());
        let history = History::read(&bytes).unwrap();
        let model = history.checkpoint(history.best().unwrap()).unwrap().unwrap().model;
        assert_eq!(format!("{}p", model.params().count()), bundled.name);
        let score = Engine::new(&model).verify(adderboard(ADDERBOARD_SEED, ADDERBOARD_PAIRS));
        match bundled.name {
            "62p" => assert!((5000..9500).contains(&score.passed), "{}", score.passed),
            _ => assert_eq!(score.passed, score.total, "{}", bundled.name),
        }
    }
}

/// The first evaluations of each run again, to the last bit: `./build.sh models` then gives
/// the same files.
#[test]
fn the_trainer_still_makes_them() {
    for bundled in GALLERY {
        let history = History::read(&read(bundled.file)).unwrap();
        let settings = Settings::from_map(history.settings().unwrap()).unwrap();
        let mut trainer = Trainer::new(settings).unwrap();
        while trainer.history().len() < 2 {
            trainer.run(1000).unwrap();
        }
        for index in 0..2 {
            let (made, kept) = (trainer.history().raw(index), history.raw(index));
            let (made, kept) = (made.unwrap(), kept.unwrap());
            assert_eq!(made.tensors, kept.tensors, "{}, step {:?}", bundled.name, kept.step);
        }
    }
}

/// `tests/golden/bundled.py` has asked PyTorch, in a model of its own.
#[test]
fn pytorch_says_the_same_of_them() {
    let golden = files::json("bundled.json");
    let traced: Vec<(u64, u64)> = serde_json::from_value(golden["traced"].clone()).unwrap();
    for bundled in GALLERY {
        let wanted = &golden["models"][bundled.name];
        let history = History::read(&read(bundled.file)).unwrap();
        let checkpoint = history.checkpoint(history.best().unwrap()).unwrap().unwrap();
        let score =
            Engine::new(&checkpoint.model).verify(adderboard(ADDERBOARD_SEED, ADDERBOARD_PAIRS));
        assert_eq!(score.passed, wanted["passed"], "{}", bundled.name);
        let failures: Vec<[u64; 3]> =
            score.failures.iter().take(20).map(|f| [f.a, f.b, f.got]).collect();
        assert_eq!(serde_json::to_value(failures).unwrap(), wanted["failures"]);
        let report = Report::new(&checkpoint, None);
        let errors = report.errors.of(Alignment::Answer).digit_errors;
        assert_eq!(serde_json::to_value(errors).unwrap(), wanted["digit_errors"]);
        let logits: Vec<Vec<Vec<f64>>> = serde_json::from_value(wanted["logits"].clone()).unwrap();
        let forward = Forward::new(&checkpoint.model);
        let vocabulary = checkpoint.model.config().vocabulary;
        for (&pair, rows) in traced.iter().zip(&logits) {
            let found = forward.trace(&tokens(pair.0, pair.1, vocabulary)).logits;
            let largest = rows.iter().flatten().fold(0.0, |m: f64, v| m.max(v.abs()));
            for (r, row) in rows.iter().enumerate() {
                for (t, value) in row.iter().enumerate() {
                    let away = (found[[EQUALS + r, t]] - value).abs() / largest;
                    assert!(away < 1e-9, "{}, {pair:?}, row {r}: {away:e}", bundled.name);
                }
            }
        }
    }
}
