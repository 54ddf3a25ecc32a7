//! Each supported variant of the architecture against an independent NumPy model, on
//! made-up weights (`tests/golden/variants.py`), and each refusal by its exact words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;

use adderscope::analysis::trace::trace;
use adderscope::formats;
use adderscope::model::Edit;
use adderscope::model::file::{Checkpoint, Format};
use serde_json::{Value, json};

fn variants() -> impl Iterator<Item = (String, Value)> {
    let files = files::all("variants").into_iter();
    files.map(|(name, bytes)| (name, serde_json::from_slice(&bytes).unwrap()))
}

fn open(checkpoint: &Value) -> Result<Checkpoint, String> {
    formats::open(&serde_json::to_vec(checkpoint).unwrap()).map_err(|e| e.to_string())
}

fn logits(checkpoint: &Checkpoint, golden: &Value) -> Vec<Vec<f64>> {
    trace(&checkpoint.model, golden["a"].as_u64().unwrap(), golden["b"].as_u64().unwrap()).logits
}

#[test]
fn every_variant_computes_what_numpy_computes() {
    let variants: Vec<(String, Value)> = variants().collect();
    assert_eq!(variants.len(), 13);
    for (name, value) in variants {
        let checkpoint = open(&value["checkpoint"]).unwrap_or_else(|e| panic!("{name}: {e}"));
        let golden = &value["golden"];
        assert_eq!(json!(checkpoint.model.params().count()), golden["param_count"], "{name}");
        let wanted: Vec<Vec<f64>> = serde_json::from_value(golden["logits"].clone()).unwrap();
        let found = logits(&checkpoint, golden);
        let scale = wanted.iter().flatten().fold(0.0f64, |m, v| m.max(v.abs()));
        for (r, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            for (f, w) in found.iter().zip(wanted) {
                // Both are f64 on the same f32 weights; the file has nine decimals.
                assert!((f - w).abs() < 1e-8 * scale.max(1.0), "{name}, row {r}: {f} is not {w}");
            }
        }
    }
}

#[test]
fn every_variant_is_edited_and_comes_back_from_safetensors() {
    for (name, value) in variants() {
        let raw = formats::read_raw(&serde_json::to_vec(&value["checkpoint"]).unwrap()).unwrap();
        let whole = formats::checkpoint(&raw).unwrap();
        for param in whole.model.params().iter() {
            let index = param.values.len() - 1;
            let edit = Edit { name: param.name.to_owned(), index, value: 0.625 };
            if !param.learned {
                continue;
            }
            let edited = raw.clone().edited(&[edit]).unwrap();
            let bytes = formats::export(&edited, Format::Safetensors).unwrap();
            let back = formats::open(&bytes).unwrap();
            assert_eq!(back.model.config(), whole.model.config(), "{name}");
            let moved = back.model.params().get(param.name).unwrap();
            assert_eq!(moved.iter().nth(index), Some(&0.625), "{name}, {}", param.name);
            assert_eq!(back.model.params().count(), whole.model.params().count(), "{name}");
        }
    }
}

#[test]
fn what_the_verdicts_do_not_know_is_said() {
    let notes = |name: &str| open(&files::variant(name)).unwrap().about.notes.concat();
    for name in ["trainer_softmax1", "softmax1_on_a_circle"] {
        assert!(
            notes(name)
                .contains("softmax1: how firm a number is stays open where several scores can be")
        );
    }
    for name in ["trainer_defaults_242p", "trainer_queries_of_tokens", "trainer_frozen_pad"] {
        assert_eq!(notes(name), "", "{name}");
    }
}

#[test]
fn a_frozen_pad_takes_a_token_of_its_own() {
    let refused = refusal("trainer_frozen_pad", |value| value["config"]["vocab_size"] = json!(10));
    let words = "it opens models with freeze_pad where embeddings are learned and PAD is a token";
    assert!(
        refused.contains(&format!("freeze_pad = true, which AdderScope does not support: {words}")),
        "{refused}"
    );
}

#[test]
fn a_nested_configuration_is_the_same_model() {
    let flat = files::variant("learned_spiral_74p");
    let mut nested = flat.clone();
    nested["config"] = json!({"model": flat["config"], "training": {"lr": 0.02}});
    let (flat, nested) = (open(&flat).unwrap(), open(&nested).unwrap());
    assert_eq!(flat.about.config, nested.about.config);
    assert_eq!(flat.model.params(), nested.model.params());
}

#[test]
fn published_names_of_the_spiral_mean_the_spiral() {
    for name in ["spiral_correct", "spiral", "sinusoidal"] {
        let mut value = files::variant("scalar_vocab_12");
        value["config"]["pos_mode"] = json!(name);
        open(&value).unwrap();
    }
}

#[test]
fn without_a_configuration_names_and_shapes_tell() {
    for (name, value) in variants() {
        let mut bare = value["checkpoint"].clone();
        bare.as_object_mut().unwrap().remove("config");
        let (full, bare) = (open(&value["checkpoint"]).unwrap(), open(&bare).unwrap());
        assert!(bare.about.config_inferred && !full.about.config_inferred);
        assert!(bare.about.notes[1].contains("plain softmax (not softmax1)"), "{name}");
        assert_eq!(
            bare.about.notes[0],
            "The file has no configuration: it was inferred from names and shapes."
        );
        let golden = &value["golden"];
        let is_told = !full.model.config().softmax1; // which names and shapes do not tell
        assert_eq!(logits(&full, golden) == logits(&bare, golden), is_told, "{name}");
    }
}

#[test]
fn a_tied_tensor_may_stand_under_any_of_its_names() {
    let mut value = files::variant("learned_spiral_74p");
    let whole = open(&value).unwrap();
    let state = value["model_state_dict"].as_object_mut().unwrap();
    let weight = state.remove("norm1.weight").unwrap();
    state.insert("norm_f.weight".into(), weight);
    assert_eq!(open(&value).unwrap().model.params(), whole.model.params());
}

#[test]
fn a_tensor_that_is_not_used_is_left_alone_and_said() {
    let mut value = files::variant("scalar_vocab_12");
    value["model_state_dict"]["pos_corr_slope"] = json!(0.5);
    let notes = open(&value).unwrap().about.notes;
    assert_eq!(notes, ["Not used by this configuration, so left alone: pos_corr_slope."]);
}

/// Changes one stored value and returns the refusal.
fn refusal(name: &str, change: impl Fn(&mut Value)) -> String {
    let mut value = files::variant(name);
    change(&mut value);
    open(&value).map(|_| ()).expect_err("a refusal")
}

#[test]
fn unsupported_settings_are_refused_by_key_and_value() {
    let set = |key: &'static str, to: Value| {
        refusal("scalar_vocab_12", move |value| value["config"][key] = to.clone())
    };
    let says = |what: &str, opens: &str| {
        format!("the configuration has {what}, which AdderScope does not support: {opens}")
    };
    for (key, value, opens) in [
        ("n_layers", json!(2), "it opens models with one layer"),
        ("alibi", json!(true), "it opens models with no ALiBi"),
        ("attn_mode", json!("offset"), "it opens models with attn_mode = \"split\""),
        ("q_proj_mode", json!("toeplitz"), "it opens models with q_proj_mode = \"full\""),
        (
            "pos_mode",
            json!("zero"),
            "it opens models with pos_mode one of spiral_correct, spiral, sinusoidal, learned",
        ),
        ("num_kv_heads", json!(3), "it opens models with as many key as query heads"),
        ("vocab_size", json!(11), "it opens models with 10, 12, 14 tokens"),
        ("pos_dim", json!(2), "it opens models with d_model = tok_dim + pos_dim, here 2 + 2"),
        ("tok_dim", json!("two"), "it opens models with a whole number as tok_dim"),
        ("tie_qk", json!(1), "it opens models with true or false as tie_qk"),
        ("ffn_dim", json!(1000), "it opens models with ffn_dim from 1 to 64"),
        ("n_heads", json!(0), "it opens models with n_heads from 1 to 64"),
        ("rope", json!(true), "it knows no setting of that name"),
    ] {
        let message = set(key, value.clone());
        let shown =
            if key == "pos_dim" { "d_model = 5".into() } else { format!("{key} = {value}") };
        assert_eq!(message, says(&shown, opens), "{key}");
    }
    assert_eq!(
        set("norm_mode", json!("layer")),
        says(
            "norm_mode = \"layer\"",
            "it opens models with norm_mode one of weighted, shared, full, no_ln2, \
             parameterless, fixed, scalar, structured, spiral"
        )
    );
}

#[test]
fn missing_wrong_and_foreign_tensors_are_named() {
    let state = |change: &dyn Fn(&mut Value)| {
        refusal("scalar_vocab_12", |value| change(&mut value["model_state_dict"]))
    };
    assert_eq!(
        state(&|s| {
            s.as_object_mut().unwrap().remove("blocks.0.attn.q_proj.weight");
        }),
        "the tensor blocks.0.attn.q_proj.weight is missing: this architecture has one of \
         shape (5, 3)"
    );
    assert_eq!(
        state(&|s| s["blocks.0.ffn.fc1.weight"] = json!([[1.0, 2.0, 3.0, 4.0, 5.0]])),
        "the tensor blocks.0.ffn.fc1.weight has shape (1, 5), where this architecture has \
         (2, 5)"
    );
    assert_eq!(
        state(&|s| s["blocks.0.attn.x_offset"] = json!([1.0, 0.0])),
        "the tensor blocks.0.attn.x_offset belongs to no model that AdderScope knows: it opens \
         one-layer MicroAdder checkpoints only"
    );
    assert_eq!(
        state(&|s| s["blocks.1.ln1.weight"] = json!([1.0])),
        "the tensor blocks.1.ln1.weight belongs to no model that AdderScope knows: it opens \
         one-layer MicroAdder checkpoints only"
    );
    assert_eq!(
        state(&|s| s["blocks.0.ln2.scale"] = json!([3.0])),
        "the tensors blocks.0.ln1.scale and blocks.0.ln2.scale are one in this architecture \
         but hold different values: export the checkpoint again, or correct the configuration"
    );
}
