//! State dicts and what is beside them in the forms that people have: each opens with the numbers of the model that it was made
//! from and says where they stood and what was left unread, or is refused in words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;
#[path = "common/files.rs"]
mod files;
#[path = "common/made.rs"]
mod made;

use made::{json_notes, notes, opened, refusal, source, tensors};
use serde_json::{Map, Value, json};

#[test]
fn side_fields_are_read_in_whatever_form() {
    let base = source();
    let with = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut value = base.clone();
        change(value.as_object_mut().unwrap());
        let checkpoint = opened(value.to_string().as_bytes());
        (checkpoint.about.step, checkpoint.about.config_inferred, json_notes(&value))
    };
    let step = base["step"].as_u64();
    let config = base["config"].to_string();
    let python = config.replace('"', "'").replace("true", "True");
    let none: Vec<String> = Vec::new();
    for text in [config, python] {
        assert_eq!(
            with(&|c| drop(c.insert("config".into(), text.as_str().into()))),
            (step, false, none.clone())
        );
    }
    assert_eq!(
        with(&|c| drop(c.insert("step".into(), "7".into()))),
        (Some(7), false, none.clone())
    );
    let (found, _, told) = with(&|c| drop(c.insert("step".into(), json!([1, {"a": 2}]))));
    assert_eq!((found, told), (None, vec!["Left unread: step.".to_owned()]));
    for key in ["hyper_parameters", "hparams", "model_args", "args"] {
        let (_, inferred, told) = with(&|c| {
            let config = c.remove("config").unwrap();
            c.insert(key.into(), config);
        });
        assert_eq!(
            (inferred, told),
            (false, vec![format!("The configuration was read from {key}.")])
        );
    }
    let (_, _, told) = with(&|c| {
        c.insert("metrics".into(), "good".into());
        c.insert("history".into(), json!({"a": 1}));
    });
    assert_eq!(told, ["Left unread: metrics, history."]);
    // Every safetensors file that PyTorch writes says so in its metadata.
    assert_eq!(with(&|c| drop(c.insert("format".into(), "pt".into()))), (step, false, none));
}

#[test]
fn weights_are_found_under_any_key_and_behind_any_prefix() {
    let base = source();
    let state = base["model_state_dict"].as_object().unwrap();
    let under =
        |key: &str, state: Map<String, Value>| json!({key: state, "config": base["config"]});
    for key in ["net", "network", "module", "model_weights", "best"] {
        let told = format!("The weights were read from under {key}.");
        assert_eq!(json_notes(&under(key, state.clone())), [told]);
    }
    let prefixed = |prefix: &str| -> Map<String, Value> {
        state.iter().map(|(name, value)| (format!("{prefix}{name}"), value.clone())).collect()
    };
    for prefix in ["model.", "module._orig_mod.", "_forward_module.", "a.b."] {
        let told = format!(
            "The weights were read from under state_dict.{}.",
            prefix.trim_end_matches('.')
        );
        assert_eq!(json_notes(&under("state_dict", prefixed(prefix))), [told]);
    }
    let mut nested = Map::new();
    for (name, value) in state {
        match name.split_once('.') {
            Some((module, name)) => {
                let module = nested.entry(module).or_insert_with(|| json!({}));
                module.as_object_mut().unwrap().insert(name.into(), value.clone());
            }
            None => drop(nested.insert(name.clone(), value.clone())),
        }
    }
    assert_eq!(json_notes(&under("model_state_dict", nested)), [""; 0]);
    let deep = json!({"checkpoint": base});
    assert_eq!(
        json_notes(&deep),
        ["The weights were read from under checkpoint.model_state_dict."]
    );
    // Copies of the model, and what keeps them, beside it.
    let mut copied = prefixed("");
    copied.extend(prefixed("ema."));
    copied.insert("n_averaged".into(), json!([3]));
    assert_eq!(
        json_notes(&under("state_dict", copied)),
        ["Not of this model, so left alone: ema.…, n_averaged."]
    );
    // What a program that counts operations leaves in the model and in each of its modules.
    let mut counted = prefixed("");
    counted.insert("total_ops".into(), json!([0.0]));
    counted.insert("q_proj.total_params".into(), json!([6.0]));
    assert_eq!(
        json_notes(&under("state_dict", counted)),
        ["Not of this model, so left alone: total_ops, q_proj.total_params."]
    );
}

#[test]
fn two_sets_of_weights_are_refused_by_name() {
    let base = source();
    let mut two = base.clone();
    two["model_state_dict"]["module.q_proj.weight"] = json!([[1.0]]);
    assert_eq!(
        refusal(two.to_string().as_bytes()),
        "the file holds two models, model_state_dict.q_proj.weight and model_state_dict.module.q_proj.weight, and \
         which one is meant cannot be told: save one of them alone"
    );
    let twice = json!({"a": base["model_state_dict"], "b": base["model_state_dict"], "config": base["config"]});
    assert!(
        refusal(twice.to_string().as_bytes())
            .starts_with("the file holds two models, a.head_proj.weight and b.")
    );
    // The same numbers under both names are one model.
    let mut same = base.clone();
    same["model_state_dict"]["module.q_proj.weight"] =
        base["model_state_dict"]["q_proj.weight"].clone();
    assert_eq!(json_notes(&same), [""; 0]);
}

#[test]
fn tensors_have_the_shape_that_they_are_written_with() {
    let mut base = source();
    let state = base["model_state_dict"].as_object_mut().unwrap();
    for (index, (name, shape, data)) in
        tensors(&Value::Object(state.clone())).into_iter().enumerate()
    {
        // Without its dimensions of 1, or as a shape and numbers.
        let written = match shape.as_slice() {
            [1, _] | [_, 1] => json!(data),
            _ if index % 2 == 0 => json!({"shape": shape, "data": data}),
            _ => continue,
        };
        state.insert(name, written);
    }
    assert_eq!(json_notes(&base), [""; 0]);
    base["model_state_dict"]["fc1.weight"] = json!({"shape": [2, 5], "data": [1.0]});
    assert!(refusal(base.to_string().as_bytes()).starts_with("the tensor fc1.weight is ragged"));
}

#[test]
fn only_settings_that_change_the_forward_pass_matter() {
    let with = |key: &str, value: Value| {
        let mut base = source();
        base["config"][key] = value;
        base.to_string().into_bytes()
    };
    for (key, value) in [
        ("lr", json!(0.02)),
        ("batch_size", json!(256)),
        ("save_path", json!("/runs/1")),
        ("name", json!("62p")),
        ("torch_dtype", json!("float32")),
        ("v_gain_x_init", json!(1.0)),
        ("v_section_mode", json!("none")),
        ("activation", json!("gelu")),
        ("optim", json!({"lr": 0.1})),
        ("use_cache", json!(true)),
        ("softmax1", json!(false)),
    ] {
        assert_eq!(notes(&with(key, value)), [""; 0], "{key}");
    }
    for (key, value) in [
        ("alibi", json!(true)),
        ("v_section_mode", json!("gain")),
        ("activation", json!("relu")),
        ("n_layers", json!(2)),
        ("use_gate", json!(true)),
        ("rope_base", json!(10000)),
        ("pos_mode", json!("zero")),
        ("norm_eps", json!(0.1)),
    ] {
        let words = refusal(&with(key, value.clone()));
        assert!(words.starts_with(&format!("the configuration has {key} = {value}, ")), "{words}");
    }
    let long = json!({"x\n".repeat(300): "y\n".repeat(300)});
    assert!(refusal(&with(&"k\n".repeat(300), long)).starts_with("the configuration has k\\nk"));
    let mut nested = source();
    nested["config"] = json!({"optim": {"lr": 0.1}, "arch": nested["config"]});
    assert_eq!(json_notes(&nested), [""; 0]);
}

#[test]
fn tensors_make_a_checkpoint_whatever_else_is_there() {
    let base = source();
    let mut spread = base["model_state_dict"].clone();
    spread["step"] = json!(80_000);
    spread["loss"] = json!(0.01);
    spread["config"] = base["config"].clone();
    assert_eq!(json_notes(&spread), ["Left unread: loss."]);
    assert_eq!(opened(spread.to_string().as_bytes()).about.step, Some(80_000));
}

#[test]
fn twins_of_the_same_bits_count_once_without_a_configuration() {
    let mut base = source();
    base.as_object_mut().unwrap().remove("config");
    let count = |value: &Value| opened(value.to_string().as_bytes()).model.params().count();
    let once = count(&base);
    base["model_state_dict"]["tok_arc_B"] = base["model_state_dict"]["tok_arc_A"].clone();
    assert_eq!(count(&base), once);
    let told = opened(base.to_string().as_bytes()).about.notes;
    assert!(
        told.iter()
            .any(|note| note
                == "tok_arc_A and tok_arc_B hold the same numbers, so they count as one.")
    );
    assert!(told[1].contains("plain softmax (not softmax1)"), "{told:?}");
    base["model_state_dict"]["tok_arc_B"] = json!(9.0);
    assert_eq!(count(&base), once + 1);
}

#[test]
fn foreign_models_are_told_as_such() {
    let ones = |names: &[&str]| -> Vec<u8> {
        let state: Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!([1.0]))).collect();
        Value::Object(state).to_string().into_bytes()
    };
    assert_eq!(
        refusal(&ones(&["conv1.weight", "fc.weight", "fc.bias"])),
        "this looks like a convolutional network's state dict, not like a MicroAdder: of its 3 tensors, conv1.weight and \
         fc.bias belong to no model that AdderScope knows. It opens one-layer MicroAdder checkpoints"
    );
    let layers = [
        "model.layers.0.self_attn.q_proj.weight",
        "model.layers.0.self_attn.q_norm.weight",
        "lm_head.weight",
    ];
    assert!(refusal(&ones(&layers)).starts_with("this looks like a Qwen-style state dict, not"));
    assert!(
        refusal(&source()["config"].to_string().into_bytes())
            .starts_with("the file holds no weights")
    );
}

#[test]
fn other_numbers_under_the_name_of_the_other_dialect_are_refused() {
    let mut both = source();
    let state = both["model_state_dict"].as_object_mut().unwrap();
    let mut values = state["q_proj.weight"].clone();
    values[0][0] = json!(17.0);
    state.insert("blocks.0.attn.q_proj.weight".into(), values);
    let words = refusal(both.to_string().as_bytes());
    assert!(words.contains("q_proj.weight and blocks.0.attn.q_proj.weight"), "{words}");
}

#[test]
fn numbers_beside_a_shape_are_read_in_its_order_alone() {
    let written = |tensor: Value| {
        let mut base = source();
        base["model_state_dict"]["fc1.weight"] = tensor;
        base.to_string().into_bytes()
    };
    let data = source()["model_state_dict"]["fc1.weight"].take();
    let shape = [data.as_array().unwrap().len(), data[0].as_array().unwrap().len()];
    let strides = [shape[1], 1];
    for more in [
        json!({}),
        json!({"stride": strides, "offset": 0}),
        json!({"strides": strides.map(|stride| 4 * stride), "order": "C"}),
    ] {
        let mut tensor = json!({"shape": shape, "data": data});
        tensor.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(notes(&written(tensor)), [""; 0]);
    }
    let turned = json!({"shape": [shape[1], shape[0]], "data": data});
    let strided = json!({"shape": shape, "data": data, "stride": [1, shape[0]]});
    let offset = json!({"shape": shape, "data": data, "offset": 1});
    let fortran = json!({"shape": shape, "data": data, "order": "F"});
    for other in [turned, strided, offset, fortran] {
        assert!(refusal(&written(other)).starts_with(
            "fc1.weight in the state dict is a list of numbers in another order than its shape says"
        ));
    }
}

#[test]
fn a_tensor_that_is_not_read_is_no_tensor_left_out() {
    let mut base = source();
    base["model_state_dict"]["norm2.scale"] = json!("sparse");
    assert_eq!(
        refusal(base.to_string().as_bytes()),
        "norm2.scale in the state dict is a string, where a tensor of numbers should be"
    );
    base["model_state_dict"]["norm2.scale"] = Value::Null;
    let _ = opened(base.to_string().as_bytes());
    // Elsewhere it is of no matter.
    let mut beside = source();
    beside["optimizer"] = json!({"norm2.scale": "sparse"});
    let _ = opened(beside.to_string().as_bytes());
}

#[test]
fn what_is_said_of_a_file_is_the_same_each_time() {
    let raw = adderscope::formats::read_raw(source().to_string().as_bytes()).unwrap();
    let plain = adderscope::formats::to_safetensors(&raw).unwrap();
    let length = u64::from_le_bytes(plain[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&plain[8..8 + length]).unwrap();
    let keys: Vec<String> = (0..12).map(|at| format!("note_{at:02}")).collect();
    for key in keys.iter().rev() {
        header["__metadata__"][key] = json!("words");
    }
    let header = header.to_string();
    let file =
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &plain[8 + length..]].concat();
    assert_eq!(notes(&file), [format!("Left unread: {}.", keys.join(", "))]);
}
