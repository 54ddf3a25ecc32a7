//! What files hold, between the part of the page that reads them and the part that shows them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;
#[path = "common/models.rs"]
mod models;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::Report;
use adderscope::formats::{self, File, History, export_files, read_files};
use adderscope::json::report as json_of;
use adderscope::model::Edit;
use adderscope::model::file::{Format, Input};
use adderscope::open_in;
use adderscope::session::{Loaded, Session};
use adderscope::task::addition::Alignment;
use proptest::prelude::*;
use serde_json::json;
use std::sync::LazyLock;

fn file(name: &str, bytes: &[u8]) -> File {
    File { name: name.into(), bytes: bytes.to_vec() }
}

/// Files read in one place and shown in another.
fn sent(files: Vec<File>) -> Loaded {
    let input = read_files(files).unwrap();
    let bytes = input.to_bytes().unwrap();
    let again = Input::from_bytes(&bytes).unwrap();
    assert_eq!(again, input);
    let mut session = Session::default();
    session.take(again).unwrap();
    session.loaded().unwrap().clone()
}

/// The histories of short runs, and one of these runs saved.
static RUNS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let run = |arch| runs::short(arch);
    let mut all: Vec<Vec<u8>> =
        ["57p", "62p", "67p"].map(|arch| run(arch).history().to_bytes().unwrap()).into();
    all.push(run("62p").save().unwrap());
    all
});

#[test]
fn a_checkpoint_is_shown_as_its_file_says() {
    for (name, bytes) in models::files() {
        let checkpoint = formats::open(&bytes).unwrap();
        let loaded = sent(vec![file(&name, &bytes)]);
        assert_eq!(loaded.file, name);
        assert_eq!(loaded.checkpoint.about, checkpoint.about, "{name}");
        assert_eq!(loaded.checkpoint.model.config(), checkpoint.model.config(), "{name}");
        assert_eq!(loaded.checkpoint.model.params(), checkpoint.model.params(), "{name}");
        assert_eq!(loaded.checkpoint.original(), checkpoint.original(), "{name}");
        let report = Report::new(&checkpoint, None);
        assert_eq!(loaded.report, report, "{name}");
        let json = |report: &Report| json_of(report, Alignment::Answer);
        assert_eq!(json(&loaded.report), json(&report), "{name}");
    }
}

#[test]
fn every_snapshot_is_shown_as_its_history_says() {
    for bytes in &*RUNS {
        let history = History::read(bytes).unwrap();
        let mut loaded = sent(vec![file("run", bytes)]);
        assert_eq!(loaded.summary().snapshot, Some(history.foremost()));
        for index in 0..history.len() {
            loaded.show_snapshot(index).unwrap();
            let wanted = history.checkpoint(index).unwrap().unwrap();
            let json = |checkpoint| json_of(&Report::new(checkpoint, None), Alignment::Answer);
            assert_eq!(json(&loaded.checkpoint), json(&wanted), "snapshot {index}");
            assert_eq!(loaded.checkpoint.about.notes, wanted.about.notes);
            assert_eq!(loaded.checkpoint.model.config(), wanted.model.config());
            assert_eq!(loaded.checkpoint.model.params(), wanted.model.params());
        }
        let none = loaded.show_snapshot(history.len()).unwrap_err();
        assert_eq!(none.to_string(), "there is no snapshot 5, counted from 0: there are 5");
    }
}

#[test]
fn a_run_opens_with_one_snapshot_and_takes_the_others_later() {
    for bytes in &*RUNS {
        let Input::Model(whole) = read_files(vec![file("run", bytes)]).unwrap() else { panic!() };
        let opening = Input::Model(whole.clone().opening_alone()).to_bytes().unwrap();
        assert!(2 * opening.len() < Input::Model(whole.clone()).to_bytes().unwrap().len());

        let (mut session, mut all) = (Session::default(), Session::default());
        session.take(Input::from_bytes(&opening).unwrap()).unwrap();
        all.take(Input::Model(whole.clone())).unwrap();
        let facts = |session: &Session| {
            let loaded = session.loaded().unwrap();
            (loaded.summary(), loaded.report.clone(), loaded.log.clone())
        };
        assert_eq!(facts(&session), facts(&all));
        let other = (whole.foremost() + 1) % whole.count();
        assert!(session.loaded_mut().unwrap().show_snapshot(other).is_err());
        assert_eq!(facts(&session), facts(&all));

        // What was edited meanwhile stays.
        let name = all.loaded().unwrap().weights().tensors[0].name.to_owned();
        let edit = Edit { name, index: 0, value: 3.0 };
        session.loaded_mut().unwrap().edit(std::slice::from_ref(&edit)).unwrap();
        all.loaded_mut().unwrap().edit(&[edit]).unwrap();
        assert!(session.complete(Input::Model(whole.clone())));
        assert_eq!(facts(&session), facts(&all));
        for index in 0..whole.count() {
            session.loaded_mut().unwrap().show_snapshot(index).unwrap();
            all.loaded_mut().unwrap().show_snapshot(index).unwrap();
            assert_eq!(facts(&session), facts(&all));
        }
        assert_eq!(session.loaded().unwrap().extremes(), all.loaded().unwrap().extremes());
    }
}

#[test]
fn a_run_is_completed_by_its_own_file_alone() {
    let read = |name, at: usize| match read_files(vec![file(name, &RUNS[at])]).unwrap() {
        Input::Model(model) => model,
        Input::Log(_) => panic!(),
    };
    let mut session = Session::default();
    assert!(!session.complete(Input::Model(read("run", 0))));
    session.take(Input::Model(read("run", 0).opening_alone())).unwrap();
    let before = session.loaded().unwrap().summary();
    let others = [read("another", 0), read("run", 1), read("run", 0).opening_alone()];
    for other in others {
        assert!(!session.complete(Input::Model(other)));
        assert_eq!(session.loaded().unwrap().summary(), before);
    }
    assert!(session.complete(Input::Model(read("run", 0))));
}

#[test]
fn a_snapshot_is_saved_from_its_history_with_edits() {
    let log = file("log.jsonl", b"{\"step\": 1}\n{\"step\": 2}\n");
    let files = || vec![log.clone(), file("run", &RUNS[1])];
    let history = History::read(&RUNS[1]).unwrap();
    let edit = Edit { name: "tok_arc_A".into(), index: 0, value: 9.0 };
    for (snapshot, index) in [(Some(1), 1), (None, history.foremost())] {
        let mut wanted = history.checkpoint(index).unwrap().unwrap();
        let same = export_files(files(), snapshot, &[], Format::Json).unwrap();
        let same = formats::open(&same).unwrap();
        assert_eq!(same.model.params(), wanted.model.params());
        assert_eq!((same.about.step, same.about.edited), (wanted.about.step, false));
        let edits = std::slice::from_ref(&edit);
        let changed = export_files(files(), snapshot, edits, Format::Safetensors).unwrap();
        let changed = formats::open(&changed).unwrap();
        wanted.edit(edits).unwrap();
        assert_eq!(changed.model.params(), wanted.model.params());
        assert!(changed.about.edited && changed.about.metrics.is_none());
    }
    let error = |snapshot, edits: &[Edit], files| {
        export_files(files, snapshot, edits, Format::Json).unwrap_err().to_string()
    };
    let none = error(Some(5), &[], files());
    assert!(none.contains("it holds no snapshot 5, counted from 0"), "{none}");
    let wrong = error(None, &[Edit { index: 1, ..edit }], files());
    assert!(
        wrong.starts_with(
            "run: the tensor tok_arc_A has no number 1, counted from 0: its size is 1"
        ),
        "{wrong}"
    );
    assert!(error(None, &[], vec![log]).starts_with("there was no file in that"));
}

/// The history of the 67p with its shared norm under a second name, too, of which the last
/// number is `last`.
fn with_twin(last: Option<f32>) -> Vec<u8> {
    runs::edited(&RUNS[2], |header, data| {
        let info = header["norm1.weight"].clone();
        let at = |i: usize| info["data_offsets"][i].as_u64().unwrap() as usize;
        let mut twin = data[at(0)..at(1)].to_vec();
        if let Some(last) = last {
            let place = twin.len() - 4;
            twin[place..].copy_from_slice(&last.to_le_bytes());
        }
        let offsets = json!([data.len(), data.len() + twin.len()]);
        header["norm2.weight"] =
            json!({"dtype": "F32", "shape": info["shape"], "data_offsets": offsets});
        data.extend(twin);
    })
}

#[test]
fn tied_tensors_of_a_history_are_one_in_every_snapshot() {
    let plain = sent(vec![file("run", &RUNS[2])]);
    let twice = sent(vec![file("run", &with_twin(None))]);
    assert_eq!(twice.checkpoint.model.params(), plain.checkpoint.model.params());
    // The history opens with another snapshot than the one that is wrong.
    let files = vec![file("run", &with_twin(Some(77.0)))];
    let error = read_files(files).unwrap_err().to_string();
    assert!(error.starts_with("run: the tensors norm1.weight and norm2.weight"), "{error}");
}

#[test]
fn a_log_comes_along_or_alone() {
    let log =
        || file("log.jsonl", b"{\"step\": 1, \"val_exact\": 0.5}\n{\"step\": 2, \"loss\": 1}\n");
    let loaded = sent(vec![log(), file("run", &RUNS[0])]);
    assert_eq!(loaded.log.unwrap().len(), 2);
    assert_eq!(loaded.report.trajectory.unwrap().len(), 1, "lines without an evaluation");

    let mut session = Session::default();
    let alone = read_files(vec![log()]).unwrap();
    let error = session.take(alone.clone()).unwrap_err().to_string();
    assert_eq!(error, "log.jsonl is a run log: open its checkpoint first, or both together");
    open_in(&mut session, vec![file("run", &RUNS[0])]).unwrap();
    session.take(Input::from_bytes(&alone.to_bytes().unwrap()).unwrap()).unwrap();
    assert_eq!(session.loaded().unwrap().log.as_ref().unwrap().len(), 2);
}

#[test]
fn metrics_that_are_no_numbers_are_kept_and_not_shown() {
    let mut file = files::variant("learned_spiral_74p");
    let metrics = json!({"exact_match": "high", "token_accuracy": 1, "list": [1.5, null]});
    file["metrics"] = metrics.clone();
    let loaded = sent(vec![self::file("a.json", file.to_string().as_bytes())]);
    assert_eq!(json_of(&loaded.report, Alignment::Answer)["metrics"], metrics);
    let labels: Vec<&str> = loaded.summary().facts.iter().map(|f| f.label).collect();
    assert!(!labels.contains(&"exact match (measured in training)"), "{labels:?}");
    assert!(labels.contains(&"token accuracy (measured in training)"), "{labels:?}");
}

#[test]
fn input_cut_short_anywhere_is_refused() {
    let bytes = read_files(vec![file("run", &RUNS[0])]).unwrap().to_bytes().unwrap();
    for length in 0..bytes.len() {
        assert!(Input::from_bytes(&bytes[..length]).is_err(), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_input_is_refused(at: prop::sample::Index, bit in 0..8u8) {
        static INPUT: LazyLock<Vec<u8>> = LazyLock::new(|| {
            read_files(vec![file("run", &RUNS[1])]).unwrap().to_bytes().unwrap()
        });
        let mut bytes = INPUT.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Input::from_bytes(&bytes).is_err());
    }
}
