//! The models that come with the page: small, as good as they are said to be, and what the
//! trainer still makes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::formats::History;
use adderscope::model::Engine;
use adderscope::task::sampling::{ADDERBOARD_PAIRS, ADDERBOARD_SEED, adderboard};
use adderscope::train::{Settings, Trainer};
use adderscope_page::gallery::GALLERY;
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
