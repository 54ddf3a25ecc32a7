//! Other numbers in a model: the model, its file and what is said of both change together,
//! and the file's own numbers come back to the bit.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;
#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::Report;
use adderscope::analysis::adderboard::{self, Scoring};
use adderscope::figure::{self, Content, Subject, Theme, figure_svg, heading};
use adderscope::formats::File;
use adderscope::formats::{self, read_raw};
use adderscope::json::report as json_of;
use adderscope::model::file::{Checkpoint, Format};
use adderscope::model::{Edit, EditError, Engine, Forward, Params};
use adderscope::open_in;
use adderscope::session::{Loaded, Session};
use adderscope::task::addition::Alignment;
use adderscope::task::sampling::{self, ADDERBOARD_PAIRS, ADDERBOARD_SEED, PythonRandom};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every learned number moved a little.
fn edits_of(checkpoint: &Checkpoint, seed: u64) -> Vec<Edit> {
    let mut random = PythonRandom::new(seed);
    let mut edits = Vec::new();
    for param in checkpoint.model.params().iter().filter(|p| p.learned) {
        for (index, value) in param.values.iter().enumerate() {
            let value = value + (random.up_to(2000) as f32 / 1000.0 - 1.0) * 0.1 + 5e-5;
            edits.push(Edit { name: param.name.into(), index, value });
        }
    }
    edits
}

fn bits(params: &Params) -> Vec<(&'static str, Vec<u32>)> {
    params.iter().map(|p| (p.name, p.values.iter().map(|v| v.to_bits()).collect())).collect()
}

fn edit(name: &str, index: usize, value: f32) -> Edit {
    Edit { name: name.into(), index, value }
}

/// A file opened as a person does it.
fn opened(bytes: Vec<u8>) -> Loaded {
    adderscope::open(vec![File { name: "a file".into(), bytes }]).unwrap()
}

/// A small model of the clean dialect as its file, for tests that change the file.
fn clean_file() -> Value {
    files::variant("learned_spiral_74p")
}

#[test]
fn an_edited_model_opens_again_from_its_export() {
    for (seed, (name, file)) in models::files().into_iter().enumerate() {
        let raw = || read_raw(&file).unwrap();
        let mut checkpoint = formats::checkpoint(&raw()).unwrap();
        let before = bits(checkpoint.model.params());
        let edits = edits_of(&checkpoint, seed as u64);
        checkpoint.edit(&edits).unwrap();
        assert!(checkpoint.edits() == edits, "{name}");
        assert_eq!(bits(checkpoint.original()), before, "{name}");

        let suite = || sampling::adderboard(ADDERBOARD_SEED, 300);
        let score = Engine::new(&checkpoint.model).verify(suite());
        for format in [Format::Json, Format::Safetensors] {
            let bytes = formats::export(&raw().edited(&edits).unwrap(), format).unwrap();
            let again = formats::open(&bytes).unwrap();
            assert_eq!(bits(again.model.params()), bits(checkpoint.model.params()), "{name}");
            assert_eq!(again.model.config(), checkpoint.model.config(), "{name}");
            let about = &again.about;
            assert_eq!((&about.metrics, about.step), (&None, raw().step), "{name}");
            assert!(about.edited && again.is_edited() && again.edit_count() == 0, "{name}");
            assert!(about.notes.iter().any(|n| n.starts_with("Edited by hand in AdderScope")));
            assert_eq!(Engine::new(&again.model).verify(suite()), score, "{name}");
        }

        let back = |Edit { name, index, .. }: &Edit| {
            let value = checkpoint.original().get(name).unwrap().iter().nth(*index);
            Edit { name: name.clone(), index: *index, value: *value.unwrap() }
        };
        let resets: Vec<Edit> = edits.iter().map(back).collect();
        let there_and_back = [edits, resets].concat();
        checkpoint.reset();
        assert_eq!(bits(checkpoint.model.params()), before, "{name}");
        for nothing in [&[][..], &there_and_back] {
            assert_eq!(raw().edited(nothing).unwrap(), raw(), "{name}: as if nothing had been");
        }
    }
}

#[test]
fn every_name_of_a_tied_tensor_is_edited() {
    // The same file in both dialects, with the shared norm under all three names.
    let research = |name: &str| {
        let name = match name.split('.').next().unwrap() {
            "norm1" => name.replace("norm1", "blocks.0.ln1"),
            "norm2" => name.replace("norm2", "blocks.0.ln2"),
            "norm_f" => name.replace("norm_f", "ln_f"),
            "q_proj" | "out_proj" | "q_phase_angle" => format!("blocks.0.attn.{name}"),
            "fc1" | "fc2" => format!("blocks.0.ffn.{name}"),
            _ => name.to_owned(),
        };
        format!("module.{name}")
    };
    let mut file = clean_file();
    file["model_state_dict"]["norm2.weight"] = file["model_state_dict"]["norm1.weight"].clone();
    file["model_state_dict"]["norm_f.weight"] = file["model_state_dict"]["norm1.weight"].clone();
    file["config"]["tie_tok_arc_ab"] = json!(true);
    file["model_state_dict"]["tok_arc_B"] = file["model_state_dict"]["tok_arc_A"].clone();
    let mut other = json!({"model_state_dict": {}, "config": {
        "norm_mode": "shared", "tok_emb_mode": "parametric", "tie_tok_arc_ab": true,
        "tie_qk": true, "q_phase": true, "attn_out_rank": 1, "tie_vo": true, "qk_dim": 5,
        "ffn_bias": false, "pos_correction_mode": "none", "freeze_special": "plus_eos",
    }});
    for (name, values) in file["model_state_dict"].as_object().unwrap() {
        other["model_state_dict"][research(name)] = values.clone();
    }
    for file in [file, other] {
        let raw = read_raw(file.to_string().as_bytes()).unwrap();
        let mut checkpoint = formats::checkpoint(&raw).unwrap();
        let edits = [edit("norm1.weight", 3, 1.5), edit("tok_arc_A", 0, -0.25)];
        checkpoint.edit(&edits).unwrap();
        let raw = raw.edited(&edits).unwrap();
        let mut changed: Vec<&str> = Vec::new();
        for (name, values) in &raw.tensors {
            if values.iter().any(|v| *v == 1.5 || *v == -0.25) {
                changed.push(name);
            }
        }
        assert_eq!(changed.len(), 5, "{changed:?}");
        let bytes = formats::export(&raw, Format::Safetensors).unwrap();
        let again = formats::open(&bytes).unwrap();
        assert_eq!(bits(again.model.params()), bits(checkpoint.model.params()));
    }
}

#[test]
fn what_cannot_be_edited_says_why_and_changes_nothing() {
    let mut loaded = opened(clean_file().to_string().into_bytes());
    let before = loaded.clone();
    let good = edit("tok_arc_A", 0, 1.0);
    for (bad, error, text) in [
        (
            edit("nonsense", 0, 1.0),
            EditError::NoTensor { name: "nonsense".into() },
            "this model has no tensor nonsense",
        ),
        (
            edit("_eos_pos", 0, 1.0),
            EditError::Frozen { name: "_eos_pos".into() },
            "the tensor _eos_pos was frozen in training: only learned numbers can be changed",
        ),
        (
            edit("z_hi_pos", 3, 1.0),
            EditError::NoNumber { name: "z_hi_pos".into(), index: 3, len: 3 },
            "the tensor z_hi_pos has no number 3, counted from 0: its size is 3",
        ),
        (
            edit("z_hi_pos", 2, f32::INFINITY),
            EditError::NotFinite { value: "inf".into() },
            "inf is no weight: a weight is a finite number, at most 3.4e38 in size",
        ),
    ] {
        let found = loaded.edit(&[good.clone(), bad]).unwrap_err();
        assert_eq!((found.to_string().as_str(), found), (text, error));
        assert_eq!(bits(loaded.checkpoint.model.params()), bits(before.checkpoint.original()));
        assert_eq!(loaded.report, before.report);
    }
    let none = loaded.reset_weight("tok_arc_A", 1).unwrap_err();
    assert_eq!(none, EditError::NoNumber { name: "tok_arc_A".into(), index: 1, len: 1 });
}

#[test]
fn facts_and_pictures_of_an_edited_model_say_so() {
    let mut file = clean_file();
    file["metrics"] = json!({"exact_match": 0.875});
    let mut loaded = opened(file.to_string().into_bytes());
    let before = loaded.clone();
    let value = |loaded: &Loaded, key: &str| {
        let facts = loaded.summary().facts;
        let fact = facts.into_iter().find(|f| f.key == key).unwrap();
        (fact.label, fact.value, fact.note)
    };
    let unedited = ("exact match (measured in training)", "87.5 %".to_owned(), None);
    assert_eq!(value(&loaded, "exact_match"), unedited);

    loaded.edit(&[edit("tok_arc_A", 0, 9.0), edit("z_hi_pos", 1, 9.0)]).unwrap();
    assert_eq!(loaded.report, Report::new(&loaded.checkpoint, None));
    assert_ne!(loaded.report.geometry, before.report.geometry);
    let summary = loaded.summary();
    assert_eq!((summary.name.as_str(), summary.edited), ("74 parameters, 2 edited", 2));
    let parameters = ("learned parameters", "74".to_owned(), Some("2 edited".to_owned()));
    assert_eq!(value(&loaded, "parameters"), parameters);
    assert_eq!(value(&loaded, "exact_match").0, "exact match (of the unedited file)");
    assert!(heading(&loaded.report).starts_with("74 parameters, edited by hand"));
    assert!(!heading(&loaded.report).contains("exact match"));
    assert_eq!(json_of(&loaded.report, Alignment::Answer)["metrics"], Value::Null);

    loaded.reset_weight("z_hi_pos", 1).unwrap();
    assert_eq!(loaded.summary().edited, 1);
    loaded.reset_weights();
    assert_eq!(
        (loaded.report.clone(), loaded.summary()),
        (before.report.clone(), before.summary())
    );
    assert_eq!(value(&loaded, "exact_match"), unedited);
}

#[test]
fn the_unedited_model_is_kept_beside_its_edits() {
    let mut loaded = opened(serde_json::to_vec(&clean_file()).unwrap());
    let file = loaded.report.clone();
    assert_eq!(loaded.unedited, None);
    loaded.edit(&[edit("tok_arc_A", 0, 3.0)]).unwrap();
    loaded.edit(&[edit("z_hi_pos", 1, 2.0)]).unwrap();
    assert_eq!(loaded.unedited.as_ref(), Some(&file));
    loaded.edit(&[edit("no such tensor", 0, 2.0)]).unwrap_err();
    assert_eq!(loaded.unedited.as_ref(), Some(&file));
    loaded.reset_weight("tok_arc_A", 0).unwrap();
    loaded.reset_weight("z_hi_pos", 1).unwrap();
    assert_eq!((loaded.unedited.as_ref(), &loaded.report), (None, &file));
    loaded.edit(&[edit("no such tensor", 0, 2.0)]).unwrap_err();
    assert_eq!(loaded.unedited, None);
    loaded.edit(&[edit("tok_arc_A", 0, 3.0)]).unwrap();
    loaded.reset_weights();
    assert_eq!(loaded.unedited, None);
}

#[test]
fn a_log_keeps_the_edits_and_another_checkpoint_drops_them() {
    let mut session = Session::default();
    let model = || File { name: "a.json".into(), bytes: clean_file().to_string().into_bytes() };
    let log = File { name: "log.jsonl".into(), bytes: b"{\"step\": 1}\n{\"step\": 2}\n".to_vec() };
    open_in(&mut session, vec![model()]).unwrap();
    session.loaded_mut().unwrap().edit(&[edit("tok_arc_A", 0, 9.0)]).unwrap();
    open_in(&mut session, vec![log]).unwrap();
    let with_log = session.loaded().unwrap();
    assert_eq!(with_log.checkpoint.edits(), [edit("tok_arc_A", 0, 9.0)]);
    assert!(with_log.log.is_some() && with_log.report.edited);
    open_in(&mut session, vec![model()]).unwrap();
    let again = session.loaded().unwrap();
    assert_eq!(again.checkpoint.edit_count(), 0);
    assert!(!again.report.edited);
}

#[test]
fn everything_learned_is_listed_once_with_a_name_of_its_own() {
    for (name, file) in models::files() {
        let checkpoint = formats::open(&file).unwrap();
        let weights = opened(file).weights();
        let specs = checkpoint.model.config().specs();
        let learned: Vec<&str> = specs.iter().filter(|s| s.learned).map(|s| s.name).collect();
        let listed: Vec<&str> = weights.tensors.iter().map(|t| t.name).collect();
        assert_eq!(listed, learned, "{name}");
        let count: usize = weights.tensors.iter().map(|t| t.numbers.len()).sum();
        assert_eq!(count, checkpoint.model.params().count(), "{name}");
        let titles: BTreeSet<&str> = weights.tensors.iter().map(|t| t.title.as_str()).collect();
        assert_eq!(titles.len(), listed.len(), "{name}: {titles:?}");
        for tensor in &weights.tensors {
            assert_ne!(tensor.title, tensor.name, "{name}: every tensor has words");
            let places: BTreeSet<&str> = tensor.numbers.iter().map(|n| n.place.as_str()).collect();
            assert_eq!(places.len(), tensor.numbers.len(), "{name}: {places:?}");
            assert!(tensor.numbers.len() == 1 || !places.contains(""), "{name}: {places:?}");
        }
        for spec in specs.iter().filter(|s| !s.learned) {
            let source = checkpoint.about.family.source_name(spec.name);
            assert!(weights.left_out.contains(&source), "{name}: {}", weights.left_out);
        }
    }
}

#[test]
fn extreme_edits_draw_and_score_without_a_panic() {
    for (name, file) in models::files() {
        let mut loaded = opened(file);
        let checkpoint = loaded.checkpoint.clone();
        for (i, value) in [f32::MAX, f32::MIN, 1e-40, 0.0, -1e20].into_iter().enumerate() {
            let learned = checkpoint.model.params().iter().filter(|p| p.learned);
            // A few of the numbers at a time: each tensor has its turn with some value.
            let edits: Vec<Edit> = learned
                .enumerate()
                .filter(|(tensor, _)| tensor % 5 == i || i == 1)
                .flat_map(|(_, p)| (0..p.values.len()).map(|k| edit(p.name, k, value)))
                .collect();
            loaded.edit(&edits).unwrap();
            let model = &loaded.checkpoint.model;
            let suite = || sampling::adderboard(7, 20);
            let plain = adderboard::verify(&Forward::new(model), suite());
            assert_eq!(Engine::new(model).verify(suite()), plain, "{name} with {value}");
            for alignment in Alignment::ALL {
                // Over the file's model, too: axes hold both.
                let beside = loaded.unedited.as_ref();
                let subject = Subject { beside, ..Subject::new(&loaded.report, alignment) };
                for spec in figure::panels() {
                    let panel = spec.panel(&subject);
                    let Content::Chart(_) = panel.content else { continue };
                    assert!(!panel.sentence.is_empty(), "{name}: {}", spec.key);
                }
                figure_svg(&subject, Theme::Light, true).unwrap();
            }
            loaded.reset_weights();
        }
    }
}

#[test]
fn a_score_in_parts_is_the_score_at_once() {
    for (name, model) in models::some() {
        let engine = Engine::new(&model);
        let suite = || sampling::adderboard(ADDERBOARD_SEED, ADDERBOARD_PAIRS);
        let whole = engine.verify(suite());
        for part in [1000, 4096, 10_009, 10_010, 20_000] {
            let mut scoring = Scoring::new(suite(), usize::MAX);
            let mut parts = 1;
            while scoring.advance(&engine, part) {
                assert_eq!(scoring.score().total, part * parts);
                parts += 1;
            }
            assert_eq!(scoring.score(), whole, "{name} in {parts} parts of {part}");
            assert_eq!(parts, whole.total.div_ceil(part));
        }
    }
}

#[test]
fn a_score_lists_as_many_failures_as_it_is_told_to_and_counts_all() {
    let mut checkpoint = formats::open(clean_file().to_string().as_bytes()).unwrap();
    checkpoint.edit(&[edit("tok_arc_A", 0, -3.0)]).unwrap();
    let engine = Engine::new(&checkpoint.model);
    let whole = engine.verify(sampling::adderboard(5, 2000));
    assert!(whole.failures.len() > 100);
    let mut scoring = Scoring::new(sampling::adderboard(5, 2000), 100);
    while scoring.advance(&engine, 77) {}
    let score = scoring.score();
    assert_eq!(score.failures, whole.failures[..100]);
    assert_eq!((score.total, score.passed), (whole.total, whole.passed));
}
