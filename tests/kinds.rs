//! Files of the kinds that people have, made small: each opens with the numbers of the model that it was made from and says
//! where they stood and what was left unread, or is refused in words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;
#[path = "common/files.rs"]
mod files;
#[path = "common/packed.rs"]
mod packed;

use adderscope::formats::limits::{MAX_FILE_BYTES, MAX_NESTING};
use adderscope::formats::{File, MAX_MESSAGE, open, read_files};
use adderscope::model::file::{Checkpoint, Input};
use common::{Named, Pickle, floats, storages, torch_archive};
use packed::{gzip, npy, tar};
use serde_json::{Map, Value, json};

/// The model that all files are made from.
fn source() -> Value {
    files::variant("learned_spiral_74p")
}

fn opened(bytes: &[u8]) -> Checkpoint {
    open(bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// Asserts that a file opens with the numbers of [`source`]; what is said of it.
fn notes(bytes: &[u8]) -> Vec<String> {
    let wanted = opened(source().to_string().as_bytes());
    let found = opened(bytes);
    assert_eq!(found.model.params(), wanted.model.params());
    found.about.notes
}

/// The same for JSON.
fn json_notes(value: &Value) -> Vec<String> {
    notes(value.to_string().as_bytes())
}

/// Why a file is refused, which is one short line.
fn refusal(bytes: &[u8]) -> String {
    let words = open(bytes).map(|_| "it opens").unwrap_err().to_string();
    assert!(words.chars().count() <= MAX_MESSAGE && !words.contains(char::is_control), "{words}");
    words
}

/// The tensors of a state dict of nested lists.
fn tensors(state: &Value) -> Vec<Named> {
    fn flatten(value: &Value, out: &mut Vec<f32>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| flatten(item, out)),
            number => out.push(number.as_f64().unwrap() as f32),
        }
    }
    let named = |(name, value): (&String, &Value)| {
        let mut shape = Vec::new();
        let mut first = value;
        while let Some(items) = first.as_array() {
            shape.push(items.len());
            first = &items[0];
        }
        let mut data = Vec::new();
        flatten(value, &mut data);
        (name.clone(), shape, data)
    };
    state.as_object().unwrap().iter().map(named).collect()
}

/// The pickle of [`source`] with what `beside` writes: keys and their values. The configuration is one of these.
fn pickled(beside: impl Fn(&mut Pickle)) -> Vec<u8> {
    let tensors = tensors(&source()["model_state_dict"]);
    let mut pickle = Pickle::new();
    pickle.op(b"}(").text("model_state_dict").state_dict(&tensors);
    beside(&mut pickle);
    pickle.op(b"u");
    torch_archive(&pickle.stop(), &storages(&tensors))
}

#[test]
fn objects_beside_the_weights_are_stand_ins() {
    let cases: [(&[u8], Option<&str>); 11] = [
        (b"ctrain\nMode\nK\x01\x85R", None),
        (b"ctorch.nn.functional\nrelu\n", None),
        (b"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(X\x02\0\0\0f8K\0K\x01tR(K\x03X\x01\0\0\0<NNNK\0K\0K\0tbC\x08\0\0\0\0\0\0\xf0?tR", None),
        (b"cpathlib\nPosixPath\n(X\x01\0\0\0/X\x01\0\0\0atR", None),
        (b"cbuiltins\nset\n](K\x01K\x02e\x85R", None),
        (b"ctypes\nSimpleNamespace\n)R}X\x01\0\0\0aK\x01sb", None),
        (b"ccollections\ndefaultdict\nctrain\nf\n\x85R", None),
        (b"cdatetime\ndatetime\nC\x04abcd\x85R", Some("datetime.datetime")),
        (b"cbuiltins\ncomplex\nG\0\0\0\0\0\0\0\0G\0\0\0\0\0\0\0\0\x86R", Some("builtins.complex")),
        (b"ctrain\nOptimizer\n)\x81", Some("train.Optimizer")),
        (b"(ctrain\nOld\nK\x01o", None),
    ];
    for (value, told) in cases {
        let file = pickled(|pickle| {
            pickle.text("config").value(&source()["config"]);
            pickle.text("args").op(b"}(").text("thing").op(value).op(b"u");
        });
        let wanted: Vec<String> =
            told.iter().map(|class| format!("Left unread: args.thing ({class}).")).collect();
        assert_eq!(notes(&file), wanted, "{}", String::from_utf8_lossy(value));
    }
}

#[test]
fn objects_that_hold_a_configuration_are_read_as_dicts() {
    let config = source()["config"].clone();
    let entries = |pickle: &mut Pickle| {
        for (key, value) in config.as_object().unwrap() {
            pickle.text(key).value(value);
        }
    };
    type Write<'a> = &'a dyn Fn(&mut Pickle);
    let cases: [Write<'_>; 5] = [
        // A Namespace or a dataclass: attributes.
        &|pickle| {
            pickle.global("argparse", "Namespace").op(b")\x81}(");
            entries(pickle);
            pickle.op(b"ub");
        },
        // A dict of a class of its own.
        &|pickle| {
            pickle.global("train", "Config").op(b")\x81(");
            entries(pickle);
            pickle.op(b"u");
        },
        // Attributes that have slots.
        &|pickle| {
            pickle.global("train", "Config").op(b")\x81N}(");
            entries(pickle);
            pickle.op(b"u\x86b");
        },
        // OmegaConf: a dict inside, each value in a node.
        &|pickle| {
            pickle
                .global("omegaconf.dictconfig", "DictConfig")
                .op(b")\x81}")
                .text("_content")
                .op(b"}(");
            for (key, value) in config.as_object().unwrap() {
                pickle.text(key).global("omegaconf.nodes", "AnyNode").op(b")\x81}").text("_val");
                pickle.value(value).op(b"sb");
            }
            pickle.op(b"usb");
        },
        // Protocols 0 and 1: of a class, of what it is based on, and what that held.
        &|pickle| {
            pickle.global("copy_reg", "_reconstructor").op(b"(").global("train", "Config");
            pickle.global("__builtin__", "dict").op(b"}(");
            entries(pickle);
            pickle.op(b"utR");
        },
    ];
    for write in cases {
        let file = pickled(|pickle| {
            pickle.text("config");
            write(pickle);
        });
        let opened = opened(&file);
        assert!(!opened.about.config_inferred);
        assert_eq!(notes(&file), [""; 0]);
    }
}

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
        ("softmax1", json!(true)),
        ("v_section_mode", json!("gain")),
        ("activation", json!("relu")),
        ("n_layers", json!(2)),
        ("use_gate", json!(true)),
        ("rope_base", json!(10000)),
        ("pos_mode", json!("learned")),
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
fn containers_are_taken_apart() {
    let file = pickled(|pickle| drop(pickle.text("config").value(&source()["config"])));
    let log = b"{\"step\": 1, \"val_exact\": 0.5}\n{\"step\": 2, \"val_exact\": 0.75}\n".as_slice();
    let zipped =
        packed::zip(&[("run/best.pt*", &file), ("run/log.jsonl", log), ("run/notes.md", b"hello")]);
    let tarred = tar(&[("run/best.pt", &file), ("._best.pt", b"\0\x01")]);
    for packed in [
        gzip(&file),
        tarred.clone(),
        gzip(&tarred),
        zipped.clone(),
        packed::zip(&[("a.zip", &zipped)]),
    ] {
        assert_eq!(notes(&packed), [""; 0]);
    }
    let read = read_files(vec![File { name: "run.zip".into(), bytes: zipped }]).unwrap();
    let Input::Model(model) = read else { panic!("no model") };
    assert_eq!(model.log().map(<[_]>::len), Some(2));
    assert_eq!(model.name(), "run.zip: run/best.pt");
    // A checkpoint of PyTorch that a person packed again, in a folder of its own.
    let tensors = tensors(&source()["model_state_dict"]);
    let mut pickle = Pickle::new();
    pickle.op(b"}(").text("model_state_dict").state_dict(&tensors);
    let pickle = pickle.text("config").value(&source()["config"]).op(b"u").stop();
    let names: Vec<String> = (0..tensors.len()).map(|at| format!("a/best/data/{at}*")).collect();
    let storages = storages(&tensors);
    let mut entries = vec![("a/best/data.pkl*", pickle.as_slice())];
    entries
        .extend(names.iter().zip(&storages).map(|(name, data)| (name.as_str(), data.as_slice())));
    assert_eq!(notes(&packed::zip(&entries)), [""; 0]);
    entries.push(("b/data.pkl", &pickle));
    assert!(
        refusal(&packed::zip(&entries))
            .starts_with("the file holds two models, a/best/data.pkl and b/data.pkl, and which")
    );
}

#[test]
fn containers_have_limits() {
    let mut nested = b"{}".to_vec();
    for _ in 0..=MAX_NESTING {
        nested = gzip(&nested);
    }
    assert_eq!(
        refusal(&nested),
        "the gzip file cannot be unpacked: too many are one inside of the other. Download or copy it again"
    );
    let mut bomb = gzip(b"{}");
    let length = bomb.len();
    bomb[length - 4..].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refusal(&bomb).starts_with(&format!("too large: {} unpacked bytes", u32::MAX)));
    let half = vec![b' '; MAX_FILE_BYTES / 2 + 1];
    let two = packed::zip(&[("a.json", &half), ("b.json", &half)]);
    assert!(refusal(&two).starts_with("too large"));
    for cut in 1..gzip(b"{}").len() {
        assert!(open(&gzip(b"{}")[..cut]).is_err());
    }
    assert!(
        refusal(&packed::zip(&[("a.txt", b"x")]))
            .contains("looks like a zip archive of other files")
    );
}

#[test]
fn arrays_of_numpy_are_a_state_dict() {
    let base = source();
    let arrays: Vec<(String, Vec<u8>)> = tensors(&base["model_state_dict"])
        .into_iter()
        .map(|(name, shape, data)| (format!("{name}.npy"), npy(&shape, &data)))
        .collect();
    let mut entries: Vec<(&str, &[u8])> =
        arrays.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let step = npy(&[], &[7.0]);
    entries.push(("step.npy", &step));
    let file = packed::zip(&entries);
    let opened = opened(&file);
    assert_eq!(opened.about.step, Some(7));
    assert_eq!(opened.about.format.name(), "NumPy");
    assert!(refusal(&npy(&[2], &[1.0, 2.0])).ends_with("found one NumPy array, without a name"));
    notes(&file);
}

#[test]
fn the_format_before_1_6_is_read() {
    let tensors = tensors(&source()["model_state_dict"]);
    let mut pickle = Pickle::new();
    pickle
        .op(b"}(")
        .text("model_state_dict")
        .state_dict(&tensors)
        .text("config")
        .value(&source()["config"])
        .op(b"u");
    let mut file =
        b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.".to_vec();
    file.extend(b"\x80\x02}X\x0d\0\0\0little_endian\x88s.");
    file.extend(pickle.stop());
    let mut keys = Pickle::new();
    keys.op(b"](");
    for index in 0..tensors.len() {
        keys.text(&index.to_string());
    }
    file.extend(keys.op(b"e").stop());
    for (_, _, data) in &tensors {
        file.extend((data.len() as u64).to_le_bytes());
        file.extend(floats(data));
    }
    assert_eq!(notes(&file), [""; 0]);
    assert!(refusal(&file[..file.len() - 1]).contains("its storage has"));
}

#[test]
fn a_whole_module_is_read_as_data() {
    let tensors = tensors(&source()["model_state_dict"]);
    let mut pickle = Pickle::new();
    pickle
        .global("train", "MicroAdder")
        .op(b")\x81}(")
        .text("training")
        .op(b"\x89")
        .text("_parameters");
    // As PyTorch has it, but flat: the names of a state dict have dots, and so can those of parameters here.
    pickle.state_dict(&tensors).text("_buffers").op(b"}").text("_modules").op(b"}");
    pickle.text("cfg").global("train", "Config").op(b")\x81}(");
    for (key, value) in source()["config"].as_object().unwrap() {
        pickle.text(key).value(value);
    }
    pickle.op(b"ubub");
    let file = torch_archive(&pickle.stop(), &storages(&tensors));
    assert_eq!(notes(&file), ["The configuration was read from cfg."]);
}
