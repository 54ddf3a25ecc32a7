//! Several files at once: what fits is used, what does not is left aside and said.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;

use adderscope::formats::{File, Raw, export_files, read_raw, to_safetensors};
use adderscope::model::file::{Aside, Format, Input};
use adderscope::session::Loaded;
use adderscope::train::{RunFile, Settings, Trainer};
use serde_json::{Map, Value, json};

fn file(name: &str, bytes: impl AsRef<[u8]>) -> File {
    File { name: name.into(), bytes: bytes.as_ref().to_vec() }
}

fn variant(name: &str) -> File {
    file(&format!("{name}.json"), files::variant(name).to_string())
}

fn open(files: Vec<File>) -> Loaded {
    adderscope::open(files).unwrap()
}

fn refused(files: Vec<File>) -> String {
    adderscope::open(files).unwrap_err().to_string()
}

/// What was left aside: names, and whether each opens.
fn aside(loaded: &Loaded) -> Vec<(&str, bool)> {
    loaded.aside.iter().map(|aside| (aside.file.as_str(), aside.opens)).collect()
}

fn log() -> File {
    file("log.jsonl", "{\"step\": 1, \"val_exact\": 0.5}\n")
}

#[test]
fn the_six_files_of_a_run_open_as_the_run() {
    let mut given = Map::new();
    for (name, value) in [("steps", 20), ("eval_every", 10)] {
        given.insert(name.into(), value.into());
    }
    let mut trainer = Trainer::new(Settings::from_map(&given).unwrap()).unwrap();
    trainer.run(10).unwrap();
    let mut all: Vec<File> =
        RunFile::ALL.iter().map(|of| file(of.name(), trainer.file(*of).unwrap())).collect();
    for turn in 0..all.len() {
        all.rotate_left(1);
        let loaded = open(all.clone());
        assert_eq!(loaded.file, "run.safetensors", "{turn}");
        assert!(loaded.summary().can_go_on && loaded.log.is_some());
        assert!(loaded.log_notes.is_empty(), "{:?}", loaded.log_notes);
        let mut left = aside(&loaded);
        left.sort();
        let models = ["best.safetensors", "history.safetensors", "last.safetensors"];
        assert_eq!(left[..3], models.map(|name| (name, true)));
        assert_eq!(left[3..], [("settings.json", false)]);
    }
    all.retain(|file| file.name != "run.safetensors");
    assert_eq!(open(all.clone()).file, "history.safetensors");
    all.retain(|file| file.name != "history.safetensors");
    assert!(["best.safetensors", "last.safetensors"].contains(&&*open(all).file));
}

/// A checkpoint in two: safetensors without a configuration, and the configuration.
fn apart(name: &str) -> (Raw, Value) {
    let mut checkpoint = files::variant(name);
    let config = checkpoint["config"].take();
    let mut raw = read_raw(checkpoint.to_string().as_bytes()).unwrap();
    (raw.config, raw.step, raw.metrics) = (None, None, None);
    (raw, config)
}

#[test]
fn a_configuration_beside_the_weights_is_theirs() {
    let (raw, config) = apart("scalar_vocab_12");
    let weights = file("model.safetensors", to_safetensors(&raw).unwrap());
    assert!(open(vec![weights.clone()]).checkpoint.about.config_inferred);
    for config in [config.clone(), json!({"model": config}), json!({"config": config, "seed": 1})] {
        let config = file("config.json", config.to_string());
        for files in [vec![weights.clone(), config.clone()], vec![config.clone(), weights.clone()]]
        {
            let loaded = open(files.clone());
            assert!(!loaded.checkpoint.about.config_inferred && loaded.aside.is_empty());
            assert_eq!(loaded.file, "model.safetensors");
            let saved = export_files(files, None, &[], Format::Json).unwrap();
            assert!(read_raw(&saved).unwrap().config.is_some());
        }
        let own = open(vec![variant("scalar_vocab_12"), config.clone()]);
        assert_eq!(aside(&own), [("config.json", false)]);
        assert_eq!(
            refused(vec![config]),
            "config.json holds no weights: open it together with them (.pt, .safetensors or .json)"
        );
    }
}

#[test]
fn parts_of_a_model_open_with_and_without_their_index() {
    let (raw, config) = apart("learned_spiral_74p");
    let names: Vec<&String> = raw.tensors.keys().collect();
    for parts in [2, 3] {
        let name = |part: usize| format!("model-0000{}-of-0000{parts}.safetensors", part + 1);
        let part = |part: usize| {
            let mut own = raw.clone();
            own.tensors = raw
                .tensors
                .iter()
                .enumerate()
                .filter(|(at, _)| at % parts == part)
                .map(|(_, (name, values))| (name.clone(), values.clone()))
                .collect();
            file(&name(part), to_safetensors(&own).unwrap())
        };
        let mut all: Vec<File> = (0..parts).map(part).collect();
        let places: Map<String, Value> = names
            .iter()
            .enumerate()
            .map(|(at, n)| ((*n).clone(), name(at % parts).into()))
            .collect();
        let index = file(
            "model.safetensors.index.json",
            json!({"metadata": {}, "weight_map": places}).to_string(),
        );
        let config = file("config.json", config.to_string());
        let whole = open(all.clone());
        assert_eq!((whole.report.param_count, whole.aside.len()), (74, 0));
        assert_eq!(whole.file, format!("{} and {} more", name(0), parts - 1));
        for more in
            [vec![index.clone()], vec![config.clone(), index.clone()], vec![index.clone(), log()]]
        {
            let loaded = open(more.into_iter().chain(all.clone()).collect());
            assert_eq!((loaded.report.param_count, loaded.aside.len()), (74, 0));
        }
        // Another model beside them, and a part that is not there.
        let both = open(all.iter().cloned().chain([variant("scalar_vocab_12")]).collect());
        assert_eq!(both.file, "scalar_vocab_12.json");
        let gone = all.pop().unwrap();
        all.push(index);
        let wanted = format!(
            "model.safetensors.index.json names {}, which is not among these files: open all of them at once",
            gone.name
        );
        assert_eq!(refused(all), wanted);
    }
}

#[test]
fn settings_in_yaml_are_left_aside_with_what_to_do() {
    let yaml = file("run/Config.YAML", "d_model: 5\ntok_dim: 2\n");
    let loaded = open(vec![variant("learned_spiral_74p"), yaml]);
    assert_eq!(
        loaded.aside[0].sentence,
        "run/Config.YAML was left aside: YAML is not read: save its settings as JSON, as config.json beside the weights."
    );
}

#[test]
fn what_is_of_no_use_is_left_aside_and_said() {
    let others = || {
        vec![
            file("a.html", "<!doctype html>"),
            variant("fixed_all_frozen"),
            file("notes.txt", "nothing"),
            file("empty", ""),
            file("second.jsonl", "{\"step\": 1, \"val_exact\": 0.25}\n"),
        ]
    };
    let loaded = open(
        [vec![file("a.png", b"\x89PNG\r\n\x1a\n"), log(), variant("scalar_vocab_12")], others()]
            .concat(),
    );
    assert_eq!(loaded.file, "scalar_vocab_12.json");
    assert_eq!(loaded.log.as_ref().unwrap()[0].val_exact, Some(0.5));
    let mut left = aside(&loaded);
    left.sort();
    assert_eq!(
        left,
        [
            ("a.html", false),
            ("a.png", false),
            ("empty", false),
            ("fixed_all_frozen.json", true),
            ("notes.txt", false),
            ("second.jsonl", false)
        ]
    );
    let summary = loaded.summary();
    let said = |name: &str| {
        summary.aside.iter().find(|aside| aside.file == name).unwrap().sentence.clone()
    };
    assert_eq!(
        said("fixed_all_frozen.json"),
        "fixed_all_frozen.json was left aside: it is a second checkpoint."
    );
    assert_eq!(said("second.jsonl"), "second.jsonl was left aside: it is a second log.");
    assert!(said("a.png").starts_with(
        "a.png was left aside: this is not a MicroAdder checkpoint; it looks like a PNG image"
    ));
    assert!(
        summary
            .aside
            .iter()
            .all(|Aside { sentence, .. }| sentence.len() <= 300 && !sentence.contains('\n'))
    );
    // A log alone says so, too.
    let Input::Log(log) =
        adderscope::formats::read_files(vec![log(), file("a.html", "<html>")]).unwrap()
    else {
        panic!("a log is a model")
    };
    assert!(
        log.notes.iter().any(|note| note.starts_with("a.html was left aside")),
        "{:?}",
        log.notes
    );
    // Broken files do not hide a good one, whatever the order.
    let broken = file("broken.pt", b"PK\x03\x04 and nothing more");
    assert_eq!(open(vec![broken.clone(), variant("scalar_vocab_12")]).file, "scalar_vocab_12.json");
    assert!(refused(vec![broken]).starts_with("broken.pt: "));
}

#[test]
fn a_log_that_cannot_be_read_stands_in_no_checkpoint_s_way() {
    let events = file("events.jsonl", "{\"time\": 1, \"msg\": \"x\"}\n".repeat(2));
    let loaded = open(vec![events.clone(), variant("scalar_vocab_12"), log()]);
    assert_eq!(loaded.log.as_ref().unwrap()[0].val_exact, Some(0.5));
    assert_eq!(aside(&loaded), [("events.jsonl", false)]);
    let loaded = open(vec![variant("scalar_vocab_12"), events.clone()]);
    assert!(loaded.log.is_none());
    let said = &loaded.aside[0].sentence;
    assert!(said.starts_with("events.jsonl was left aside: the log has "), "{said}");
    assert!(refused(vec![events]).starts_with("events.jsonl: the log has "));
}

#[test]
fn a_whole_checkpoint_takes_nothing_from_a_stranger() {
    let lora = json!({"q_proj.lora_A.weight": [[1.0]], "q_proj.lora_B.weight": [[1.0]]});
    let lora = file("lora.json", lora.to_string());
    for files in
        [vec![lora.clone(), variant("scalar_vocab_12")], vec![variant("scalar_vocab_12"), lora]]
    {
        let loaded = open(files);
        assert_eq!(loaded.file, "scalar_vocab_12.json");
        assert_eq!(aside(&loaded), [("lora.json", false)]);
    }
}

#[test]
fn what_is_said_of_a_log_is_one_line_whatever_its_file_is_called() {
    let name = format!("{}\n.jsonl", "x".repeat(2000));
    let entry = "{\"step\": 1, \"val_exact\": 0.5}\n".repeat(2);
    let mut checkpoint = files::variant("scalar_vocab_12");
    checkpoint["step"] = json!(1_000_000);
    let checkpoint = file("model.json", checkpoint.to_string());
    let loaded = open(vec![checkpoint, file(&name, format!("{entry}nothing\n"))]);
    assert!(loaded.log_notes.iter().any(|note| note.contains("another run")));
    for note in &loaded.log_notes {
        assert!(note.chars().count() <= 400 && !note.contains(char::is_control), "{note}");
    }
}
