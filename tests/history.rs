//! Training histories and saved runs as files: there and back, and hostile ones.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/clock.rs"]
mod clock;
#[path = "common/runs.rs"]
mod runs;

use adderscope::formats::{self, Error, History, Kind, TooLarge, sniff};
use adderscope::train::{self, RunFile, Settings, Trainer};
use proptest::prelude::*;
use runs::edited;
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::time::Instant;

fn trainer() -> Trainer {
    runs::short("57p")
}

static HISTORY: LazyLock<Vec<u8>> = LazyLock::new(|| trainer().history().to_bytes().unwrap());
static RUN: LazyLock<Vec<u8>> = LazyLock::new(|| trainer().save().unwrap());

/// `bytes` with one field of the metadata changed; null takes it away.
fn field(bytes: &[u8], key: &str, value: Value) -> Vec<u8> {
    edited(bytes, |header, _| {
        let metadata = header["__metadata__"].as_object_mut().unwrap();
        match value {
            Value::Null => drop(metadata.remove(key)),
            Value::String(text) => drop(metadata.insert(key.into(), text.into())),
            other => drop(metadata.insert(key.into(), other.to_string().into())),
        }
    })
}

/// The metadata field `key`, read as JSON.
fn stored(bytes: &[u8], key: &str) -> Value {
    let mut found = Value::Null;
    edited(bytes, |header, _| {
        found = serde_json::from_str(header["__metadata__"][key].as_str().unwrap()).unwrap();
    });
    found
}

#[test]
fn histories_go_there_and_back() {
    let trainer = trainer();
    let history = History::read(&HISTORY).unwrap();
    assert_eq!(&history, trainer.history());
    assert!(history.to_bytes().unwrap() == *HISTORY);
    assert_eq!(history.len(), 5);
    assert_eq!(history.settings(), Some(&trainer.settings().to_map()));
    let steps: Vec<u64> = history.log().iter().map(|e| e.step).collect();
    assert_eq!(steps, [0, 10, 20, 30, 40]);
    let last = history.checkpoint(4).unwrap().unwrap();
    assert_eq!(last.model.params(), trainer.model().params());
    assert_eq!(last.about.step, Some(40));
    assert!(history.checkpoint(5).is_none());
    // The history in a saved run is the same.
    assert_eq!(History::read(&RUN).unwrap(), history);
}

#[test]
fn files_of_each_kind_are_told_apart() {
    let checkpoint = trainer().file(RunFile::Last).unwrap();
    assert_eq!(sniff(&checkpoint), Kind::Safetensors);
    assert_eq!(sniff(&HISTORY), Kind::History);
    assert_eq!(sniff(&RUN), Kind::Run);
    assert_eq!(
        History::read(&checkpoint).unwrap_err().to_string(),
        "the training history is damaged: it is not marked as a history. Save or download it again"
    );
    let refused = |bytes: &[u8]| Trainer::restore(bytes).err().unwrap().to_string();
    assert_eq!(
        refused(&HISTORY),
        "the training history is damaged: it is a history only, so the run cannot go on from it. \
         Save or download it again"
    );
    assert!(refused(&checkpoint).contains("it is not a saved run"));
    assert_eq!(refused(b" "), "the file is empty: save or download it again");
}

#[test]
fn a_history_opens_as_its_best_snapshot_and_without_evaluations_as_its_last() {
    let trainer = trainer();
    let best = trainer.history().best().unwrap();
    let best = trainer.history().checkpoint(best).unwrap().unwrap();
    for file in [&*HISTORY, &*RUN] {
        let opened = formats::open(file).unwrap();
        assert_eq!(opened.model.params(), best.model.params());
        assert_eq!(opened.about, best.about);
    }
    let bare = formats::open(&field(&HISTORY, "log", Value::Null)).unwrap();
    assert_eq!(bare.about.step, Some(40));
}

#[test]
fn a_long_history_is_read_a_snapshot_at_a_time() {
    let model = trainer();
    let config = model.history().raw(0).unwrap().config.unwrap();
    let mut history = History::new(config, Settings::default().to_map());
    // As many as a run can have, and numbers as long as they get.
    for step in 0..9995u64 {
        let long = Some(1e-5 * (step as f64 + 0.1).sqrt());
        let (val_exact, val_tok_acc, loss, lr, wall_time) = (long, long, long, long, long);
        let digits = Some(10);
        let entry = formats::LogEntry {
            step: step * 1_000_003,
            val_exact,
            val_tok_acc,
            loss,
            lr,
            wall_time,
            wd: long,
            carry_mix: long,
            min_digits: digits,
            max_digits: digits,
            exact: None,
        };
        history.push(model.model().params(), entry);
    }
    let bytes = history.to_bytes().unwrap();
    let start = Instant::now();
    let read = History::read(&bytes).unwrap();
    let whole = start.elapsed();
    let mut places = (0..).step_by(20);
    let one = clock::quickest(100, || {
        read.checkpoint(places.next().unwrap()).unwrap().unwrap();
    });
    println!("{} KB: read in {whole:?}, a snapshot in {one:?}", bytes.len() / 1024);
    assert!(one * 20 < whole, "a snapshot takes {one:?}, all of them {whole:?}");
}

#[test]
fn the_best_snapshot_is_the_latest_of_the_most_right() {
    let mut log = stored(&HISTORY, "log");
    let scores = [(0.1, 0.9), (0.7, 0.8), (0.7, 0.9), (0.7, 0.9), (0.2, 1.0)];
    for (entry, (exact, tokens)) in log.as_array_mut().unwrap().iter_mut().zip(scores) {
        entry["val_exact"] = json!(exact);
        entry["val_tok_acc"] = json!(tokens);
    }
    assert_eq!(History::read(&field(&HISTORY, "log", log)).unwrap().best(), Some(3));
    let bare = History::read(&field(&HISTORY, "log", Value::Null)).unwrap();
    assert_eq!((bare.best(), bare.len()), (None, 5));
}

/// What [`History::read`] says of a damaged history.
fn complaint(bytes: &[u8]) -> String {
    let text = match History::read(bytes).unwrap_err() {
        Error::History { what } => what,
        other => other.to_string(),
    };
    assert!(formats::open(bytes).is_err() || text.contains("configuration"), "{text}");
    text
}

#[test]
fn damaged_metadata_is_refused_by_name() {
    let history = &*HISTORY;
    let log = stored(history, "log");
    let mut late = log.clone();
    late[2]["step"] = json!(21);
    let mut wrong = log.clone();
    wrong[1]["val_exact"] = json!("high");
    let short = &log.as_array().unwrap()[1..];
    for (key, value, text) in [
        ("steps", Value::Null, "it does not say which steps its snapshots are of"),
        ("steps", json!([]), "its steps are not whole numbers that rise"),
        ("steps", json!("[0,10"), "steps is [0,10, where JSON text should be"),
        ("steps", json!({"0": 1}), "its steps are not whole numbers that rise"),
        ("steps", json!([0, 10, 10, 20, 30]), "its steps are not whole numbers that rise"),
        ("steps", json!([0, 10, 20, 30.5, 40]), "its steps are not whole numbers that rise"),
        ("steps", json!([0, 10, 20, 30, 50]), "its log does not have the steps of its snapshots"),
        ("log", json!({}), "its log is not a list"),
        ("log", json!(short), "its log does not have the steps of its snapshots"),
        ("log", late, "its log does not have the steps of its snapshots"),
        ("log", wrong, "entry 1 of its log: its val_exact is \"high\", not a number"),
        ("config", json!([1]), "config is [1], where an object with named values should be"),
    ] {
        let found = complaint(&field(history, key, value));
        assert_eq!(found, text);
    }
    let config = json!({"norm_mode": "layer"});
    assert!(complaint(&field(history, "config", config)).contains("norm_mode = \"layer\""));
    let many: Vec<u64> = (0..10_001).collect();
    assert!(
        complaint(&field(history, "steps", json!(many)))
            .starts_with("too large: 10001 snapshots, and AdderScope reads at most 10000")
    );
}

/// The history with the header of the tensor fc1.weight, (5, 2, 5), changed.
fn reshaped(shape: Value) -> Vec<u8> {
    edited(&HISTORY, |header, _| header["fc1.weight"]["shape"] = shape)
}

#[test]
fn stacks_that_do_not_fit_are_refused_by_name() {
    for (shape, text) in [
        (json!([10, 5]), "the tensor fc1.weight has 10 snapshots, but there are 5 steps"),
        (
            json!([5, 5, 2]),
            "the tensor fc1.weight has shape (5, 2), where this architecture has (2, 5)",
        ),
    ] {
        assert_eq!(complaint(&reshaped(shape)), text);
    }
    let huge = complaint(&reshaped(json!([5, 1u64 << 40, 1u64 << 40, 0])));
    assert!(huge.starts_with("the safetensors file is damaged"), "{huge}");
    let empty = edited(&HISTORY, |header, _| {
        header["none"] = json!({"dtype": "F32", "shape": [5, 0], "data_offsets": [0, 0]});
    });
    assert_eq!(complaint(&empty), "the tensor none has a dimension of 0");
    let scalar = edited(&HISTORY, |header, data| {
        let end = data.len();
        data.extend([0; 4]);
        let offsets = json!([end, end + 4]);
        header["one"] = json!({"dtype": "F32", "shape": [], "data_offsets": offsets});
    });
    assert_eq!(complaint(&scalar), "the tensor one has no snapshots");
    let integers = edited(&HISTORY, |header, _| header["fc1.weight"]["dtype"] = json!("I32"));
    assert!(complaint(&integers).starts_with("the tensor fc1.weight has elements of type I32"));
    let nan = edited(&HISTORY, |header, data| {
        let start = header["fc1.weight"]["data_offsets"][0].as_u64().unwrap() as usize;
        // The second number of snapshot 3.
        data[start + 4 * 31..start + 4 * 32].copy_from_slice(&f32::NAN.to_le_bytes());
    });
    assert_eq!(complaint(&nan), "the tensor fc1.weight of snapshot 3 holds NaN");
    let none = edited(&HISTORY, |header, data| {
        *header = json!({"__metadata__": {"adderscope": "history", "steps": "[0]"}});
        data.clear();
    });
    assert!(complaint(&none).contains("head_proj.weight is missing"));
}

#[test]
fn a_history_larger_than_the_limit_is_refused_before_it_is_read() {
    let elements = (1usize << 22) + 1;
    let header = json!({
        "__metadata__": {"adderscope": "history", "steps": "[0]"},
        "big": {"dtype": "F32", "shape": [1, elements], "data_offsets": [0, 4 * elements]},
    });
    let text = header.to_string();
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len() + 4 * elements, 0);
    let Error::TooLarge(TooLarge { what, found, limit }) = History::read(&bytes).unwrap_err()
    else {
        panic!()
    };
    assert_eq!((what, found, limit), ("elements in tensors", elements as u64, 1 << 22));
}

/// What [`Trainer::restore`] says of a damaged run.
fn refusal(bytes: &[u8]) -> String {
    match Trainer::restore(bytes).err().unwrap() {
        train::Error::File(Error::History { what }) => what,
        other => other.to_string(),
    }
}

#[test]
fn damaged_runs_are_refused_by_name() {
    let run = &*RUN;
    let state = stored(run, "state");
    let with = |key: &str, value: Value| {
        let mut state = state.clone();
        state[key] = value;
        field(run, "state", state)
    };
    let settings = |key: &str, value: Value| {
        let mut settings = stored(run, "settings");
        settings[key] = value;
        field(run, "settings", settings)
    };
    for (bytes, text) in [
        (field(run, "state", Value::Null), "it has no state"),
        (
            with("step", json!(41)),
            "its state is of step 41, not from 40 (its last snapshot) to 40 (its end)",
        ),
        (with("losses", json!(1)), "its state has losses that no run has"),
        (field(run, "settings", Value::Null), "it has no settings"),
        (settings("lr", json!(-1)), "lr: -1 should be a number from 0 to 10"),
        (
            settings("arch", json!("62p")),
            "its snapshots are not of the architecture that its settings name",
        ),
        (
            edited(run, |header, _| drop(header.as_object_mut().unwrap().remove("run/first"))),
            "the safetensors file is damaged: the bytes of the tensor run/second are not where the \
             one before ends. Save it again",
        ),
        (
            edited(run, |header, _| {
                let moved = header.as_object_mut().unwrap().remove("run/first").unwrap();
                header["run/third"] = moved;
            }),
            "run/first does not hold 57 finite numbers",
        ),
    ] {
        let found = refusal(&bytes);
        if text.starts_with("its snapshots") {
            // 62p asks for one tensor more, which is missing first.
            assert!(found.contains("run/fc2.weight is missing"), "{found}");
        } else {
            assert_eq!(found, text);
        }
    }
    assert!(refusal(&with("random", json!({"s": [1, 2]}))).starts_with("its state: "));
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    for length in 0..HISTORY.len() {
        assert!(History::read(&HISTORY[..length]).is_err(), "{length}");
    }
    for length in 0..RUN.len() {
        assert!(Trainer::restore(&RUN[..length]).is_err(), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        for file in [&*HISTORY, &*RUN] {
            let mut bytes = file.clone();
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            // Either way is fine; what is read must be whole.
            if let Ok(history) = History::read(&bytes) {
                for i in 0..history.len() {
                    prop_assert!(history.raw(i).is_some());
                }
            }
            let _ = formats::open(&bytes);
            let _ = Trainer::restore(&bytes);
        }
    }
}

#[test]
fn a_saved_run_with_other_names_of_its_tensors_can_be_saved_again() {
    let run = runs::short("67p").save().unwrap();
    let renamed = edited(&run, |header, _| {
        let header = header.as_object_mut().unwrap();
        let tensor = header.remove("norm1.weight").unwrap();
        header.insert("norm_f.weight".to_owned(), tensor);
    });
    assert!(Trainer::restore(&renamed).unwrap().save().unwrap() == run);
}
