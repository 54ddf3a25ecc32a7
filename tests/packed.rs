//! The files that other programs write around weights: objects in a pickle, containers, arrays, modules, older formats. Each opens
//! with the numbers of the model that it was made from, or is refused in words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;
#[path = "common/files.rs"]
mod files;
#[path = "common/made.rs"]
mod made;
#[path = "common/packing.rs"]
mod packing;

use adderscope::formats::limits::{MAX_FILE_BYTES, MAX_NESTING};
use adderscope::formats::{File, open, read_files};
use adderscope::model::file::Input;
use common::{Entry, Pickle, floats, storages, torch_archive, zip};
use made::{notes, opened, pickled, refusal, source, tensors};
use packing::{gzip, npy, tar};

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
fn containers_are_taken_apart() {
    let file = pickled(|pickle| {
        pickle.text("config").value(&source()["config"]);
    });
    let log = b"{\"step\": 1, \"val_exact\": 0.5}\n{\"step\": 2, \"val_exact\": 0.75}\n".as_slice();
    let zipped = packing::zip(&[
        ("run/best.pt*", &file),
        ("run/log.jsonl", log),
        ("run/notes.md", b"hello"),
    ]);
    let tarred = tar(&[("run/best.pt", &file), ("._best.pt", b"\0\x01")]);
    for packed in [gzip(&file), tarred.clone(), gzip(&tarred)] {
        assert_eq!(notes(&packed), [""; 0]);
    }
    for (packed, name) in [
        (zipped.clone(), "run/log.jsonl"),
        (packing::zip(&[("a.zip", &zipped)]), "a.zip: run/log.jsonl"),
    ] {
        let left = "was left aside: it is a log, and only the checkpoint was read.";
        assert_eq!(notes(&packed), [format!("{name} {left}")]);
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
    assert_eq!(notes(&packing::zip(&entries)), [""; 0]);
    entries.push(("b/data.pkl", &pickle));
    assert!(
        refusal(&packing::zip(&entries))
            .starts_with("the file holds two models, a/best/data.pkl and b/data.pkl, and which")
    );
}

#[test]
fn a_program_that_was_exported_is_told_as_one() {
    let file = zip(&[
        Entry::new("exported/archive_format", b"pt2"),
        Entry::new("exported/models/model.json", b"{}"),
        Entry::new("exported/data/sample_inputs/model.pt", b"PK"),
    ]);
    let words = refusal(&file);
    assert!(words.contains("looks like a torch.export program (save its state_dict"), "{words}");
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
    let two = packing::zip(&[("a.json", &half), ("b.json", &half)]);
    assert!(refusal(&two).starts_with("too large"));
    for cut in 1..gzip(b"{}").len() {
        assert!(open(&gzip(b"{}")[..cut]).is_err());
    }
    assert!(
        refusal(&packing::zip(&[("a.txt", b"x")]))
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
    let file = packing::zip(&entries);
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

#[test]
fn a_checkpoint_in_a_container_has_the_configuration_beside_it() {
    let mut checkpoint = source();
    let config = checkpoint["config"].take();
    let (config, weights) = (config.to_string(), checkpoint.to_string());
    let both = [("config.json", config.as_bytes()), ("model.json", weights.as_bytes())];
    assert!(!opened(&packing::zip(&both)).about.config_inferred);
    let words = refusal(&packing::zip(&both[..1]));
    assert!(words.contains("a configuration alone"), "{words}");
}
