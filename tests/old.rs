//! Files that an earlier version wrote open, resume and go on to the same bits.
//!
//! `tests/old` holds what the version of commit 2f4ec0c wrote, before all tensors stood in one table. Its page
//! trained a 57p for 40 steps, 8 additions each, with an evaluation of 50 additions every 10 steps and the other
//! settings as they were:
//! - `run.safetensors` was saved at step 24,
//! - `history.safetensors` at the end,
//! - `edited.safetensors` from the last snapshot, with `tok_arc_A` set to 3 and `q_proj.weight[1, 2]` to −0.25.
//!
//! `finished.safetensors` is what its command line made of the saved run: `adderscope train --resume`.
//! `outcome.json` is what its `adderscope report --json` printed of each, without the configuration and the long tables.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/runs.rs"]
mod runs;

use adderscope::formats::{self, File, History};
use adderscope::json::report as json_of;
use adderscope::model::Edit;
use adderscope::model::file::Input;
use adderscope::session::Loaded;
use adderscope::task::addition::Alignment;
use adderscope::train::Trainer;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn old(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old").join(name)).unwrap()
}

fn file(name: &str) -> Vec<u8> {
    old(&format!("{name}.safetensors"))
}

/// A saved run without the seconds that its evaluations took to come.
fn timeless(run: &[u8]) -> Vec<u8> {
    runs::edited(run, |header, _| {
        let stored = header["__metadata__"]["log"].as_str().unwrap();
        let mut log: Vec<Value> = serde_json::from_str(stored).unwrap();
        log.iter_mut().for_each(|entry| entry["wall_time"] = Value::Null);
        header["__metadata__"]["log"] = json!(log).to_string().into();
    })
}

/// What is there now has all that was there then; it may have more.
fn agrees(found: &Value, wanted: &Value, what: &str) {
    match wanted.as_object() {
        Some(wanted) => {
            wanted
                .iter()
                .for_each(|(key, wanted)| agrees(&found[key], wanted, &format!("{what}: {key}")));
        }
        None => assert!(is_same(found, wanted), "{what}: {found}, then {wanted}"),
    }
}

/// The same numbers, but for the last bits of sums that are added up in another order.
fn is_same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| is_same(f, w))
        }
        _ if found.is_f64() && wanted.is_f64() => {
            let [found, wanted] = [found, wanted].map(|number| number.as_f64().unwrap_or(f64::NAN));
            (found - wanted).abs() <= 4.0 * f64::EPSILON * wanted.abs().max(1.0)
        }
        _ => found == wanted,
    }
}

#[test]
fn all_of_them_open_with_the_same_numbers() {
    let outcome: Value = serde_json::from_slice(&old("outcome.json")).unwrap();
    for (name, wanted) in outcome.as_object().unwrap() {
        let input = formats::read_files(vec![File { name: name.clone(), bytes: file(name) }]);
        let sent = Input::from_bytes(&input.unwrap().to_bytes().unwrap()).unwrap();
        let found = json_of(&Loaded::open(sent).unwrap().report, Alignment::Answer);
        agrees(&found, wanted, name);
    }
}

#[test]
fn a_saved_run_is_saved_again_and_goes_on_to_the_same_end() {
    let mut trainer = Trainer::restore(&file("run")).unwrap();
    assert_eq!(trainer.progress().step, 24);
    assert!(trainer.save().unwrap() == file("run"), "nothing had been done with it");
    while !trainer.progress().finished {
        trainer.run(5).unwrap();
    }
    assert!(timeless(&trainer.save().unwrap()) == timeless(&file("finished")));
}

#[test]
fn a_history_is_written_as_it_was() {
    let history = History::read(&file("history")).unwrap();
    assert!(history.to_bytes().unwrap() == file("history"));
    let steps: Vec<u64> = history.log().iter().map(|entry| entry.step).collect();
    assert_eq!(steps, [0, 10, 20, 30, 40]);
    let finished = Trainer::restore(&file("finished")).unwrap();
    for index in 0..history.len() {
        assert_eq!(
            history.raw(index).unwrap().tensors,
            finished.history().raw(index).unwrap().tensors,
            "snapshot {index}"
        );
    }
}

#[test]
fn an_edited_checkpoint_is_the_last_snapshot_but_for_its_edits() {
    let edited = formats::open(&file("edited")).unwrap();
    assert!(edited.is_edited() && edited.about.metrics.is_none());
    let history = History::read(&file("history")).unwrap();
    let raw = history.raw(history.len() - 1).unwrap();
    let edit = |name: &str, index, value| Edit { name: name.into(), index, value };
    let edits = [edit("tok_arc_A", 0, 3.0), edit("q_proj.weight", 5, -0.25)];
    let mut last = formats::checkpoint(&raw).unwrap();
    last.edit(&edits).unwrap();
    assert_eq!(edited.model.params(), last.model.params());
    assert_eq!(edited.model.config(), last.model.config());
    let saved = formats::to_safetensors(&raw.edited(&edits).unwrap()).unwrap();
    assert!(saved == file("edited"));
}
