//! Each format read, written and told from the others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;
#[path = "common/shared.rs"]
mod shared;

use adderscope::formats::{
    Container, Kind, LogEntry, Raw, read_log, read_raw, sniff, to_json, to_safetensors,
};
use adderscope::model::file::Format;
use common::{
    Entry, Named, Pickle, floats, named, torch_archive, torch_file, torch_state_dict, zip,
};
use serde_json::{Value, json};

fn tensors() -> Vec<Named> {
    let odd = [0.1, -0.0, 1e-45, f32::MAX, f32::MIN_POSITIVE, -1.0 / 3.0];
    vec![
        named("tok_arc_A", &[], &[2.5]),
        named("q_proj.weight", &[2, 3], &odd),
        named("norm1.weight", &[5], &[1.0, 0.74, 2.83, 4.0, 5.1]),
        named("cube", &[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]),
        named("nothing", &[0], &[]),
    ]
}

fn config() -> Value {
    json!({"d_model": 5, "norm_mode": "spiral", "tie": true, "seed": 12345678901u64,
        "model": {"lr": 0.0020000000071163627, "none": null, "list": [1, -2, 70000, "ü\n"]}})
}

fn metrics() -> Value {
    json!({"exact_match": 0.875, "token_accuracy": 0.9890166666666667})
}

fn made() -> Vec<u8> {
    torch_file(&tensors(), Some(&config()), Some(80_000), Some(&metrics()))
}

/// Names, shapes and bits, so that −0 and NaN count.
fn bits(raw: &Raw) -> Vec<(String, Vec<usize>, Vec<u32>)> {
    let bits = |(name, array): (&String, &ndarray::ArrayD<f32>)| {
        (name.clone(), array.shape().to_vec(), array.iter().map(|value| value.to_bits()).collect())
    };
    raw.tensors.iter().map(bits).collect()
}

#[test]
fn a_pt_file_gives_what_was_saved() {
    let raw = read_raw(&made()).unwrap();
    assert_eq!(raw.format, Format::Torch);
    assert_eq!(Value::from(raw.config.clone().unwrap()), config());
    assert_eq!(Value::from(raw.metrics.clone().unwrap()), metrics());
    assert_eq!(raw.step, Some(80_000));
    let mut saved: Vec<_> = tensors()
        .into_iter()
        .map(|(name, shape, data)| {
            (name, shape, data.iter().map(|value| value.to_bits()).collect())
        })
        .collect();
    saved.sort_by(|(left, ..), (right, ..)| left.cmp(right));
    assert_eq!(bits(&raw), saved);
}

#[test]
fn a_bare_state_dict_has_no_configuration() {
    let raw = read_raw(&torch_state_dict(&tensors())).unwrap();
    assert_eq!(bits(&raw), bits(&read_raw(&made()).unwrap()));
    assert_eq!((raw.config, raw.step, raw.metrics), (None, None, None));
}

#[test]
fn the_state_dict_may_have_other_names() {
    for key in ["state_dict", "model"] {
        let mut pickle = Pickle::new();
        pickle.op(b"}(").text(key).state_dict(&tensors()).text("step").int(7).op(b"u");
        let raw = read_raw(&torch_archive(&pickle.stop(), &common::storages(&tensors()))).unwrap();
        assert_eq!((raw.tensors.len(), raw.step), (5, Some(7)), "{key}");
        let raw = read_raw(format!(r#"{{"{key}": {{"a": [1, 2]}}, "step": 7.0}}"#).as_bytes());
        assert_eq!(raw.unwrap().step, Some(7), "{key}");
    }
}

#[test]
fn views_are_read_by_their_strides() {
    let mut pickle = Pickle::new();
    let storage = ("FloatStorage", "0", 12);
    pickle.op(b"}(");
    pickle.text("transposed").tensor(storage, 0, &[3, 4], &[1, 3]);
    pickle.text("part").tensor(storage, 5, &[2, 2], &[4, 1]);
    pickle.text("repeated").tensor(storage, 2, &[2, 2], &[0, 1]);
    pickle.text("scalar").tensor(storage, 11, &[], &[]);
    pickle.text("one").tensor(storage, 11, &[1], &[i64::MAX]);
    pickle.text("parameter").global("torch._utils", "_rebuild_parameter").op(b"(");
    pickle.tensor(storage, 1, &[2], &[1]).op(b"\x88");
    pickle.global("collections", "OrderedDict").op(b")RtRu");
    let data: Vec<f32> = (0u8..12).map(f32::from).collect();
    let raw = read_raw(&torch_archive(&pickle.stop(), &[floats(&data)])).unwrap();
    let values = |name: &str| raw.tensors[name].iter().copied().collect::<Vec<f32>>();
    assert_eq!(values("transposed"), [0., 3., 6., 9., 1., 4., 7., 10., 2., 5., 8., 11.]);
    assert_eq!(values("part"), [5., 6., 9., 10.]);
    assert_eq!(values("repeated"), [2., 3., 2., 3.]);
    assert_eq!(values("scalar"), [11.]);
    assert_eq!(values("one"), [11.]);
    assert_eq!(values("parameter"), [1., 2.]);
}

#[test]
fn every_element_type_becomes_f32() {
    let types: [(&str, Vec<u8>, f32); 10] = [
        ("DoubleStorage", 0.1f64.to_le_bytes().to_vec(), 0.1),
        ("FloatStorage", 0.1f32.to_le_bytes().to_vec(), 0.1),
        ("HalfStorage", vec![0x00, 0xc2], -3.0),
        ("BFloat16Storage", vec![0x40, 0xc0], -3.0),
        ("LongStorage", (-3i64).to_le_bytes().to_vec(), -3.0),
        ("IntStorage", (-3i32).to_le_bytes().to_vec(), -3.0),
        ("ShortStorage", (-3i16).to_le_bytes().to_vec(), -3.0),
        ("CharStorage", vec![0xfd], -3.0),
        ("ByteStorage", vec![0xfd], 253.0),
        ("BoolStorage", vec![1], 1.0),
    ];
    for (kind, bytes, value) in types {
        let mut pickle = Pickle::new();
        pickle.op(b"}").text("x").tensor((kind, "0", 1), 0, &[1], &[1]).op(b"s");
        let raw = read_raw(&torch_archive(&pickle.stop(), &[bytes])).unwrap();
        assert_eq!(raw.tensors["x"].first(), Some(&value), "{kind}");
    }
}

#[test]
fn newer_protocols_are_read() {
    // Protocol 4: FRAME, SHORT_BINUNICODE, MEMOIZE, STACK_GLOBAL.
    let mut pickle =
        b"\x80\x04\x95\0\0\0\0\0\0\0\0}\x94(\x8c\x04step\x94K\x07\x8c\x05model\x94".to_vec();
    pickle.extend(b"\x8c\x0bcollections\x94\x8c\x0bOrderedDict\x94\x93\x94)R\x94u.");
    let raw = read_raw(&torch_archive(&pickle, &[])).unwrap();
    assert_eq!((raw.step, raw.tensors.len()), (Some(7), 0));
}

#[test]
fn safetensors_and_json_come_back_to_the_bit() {
    let raw = read_raw(&made()).unwrap();
    let safetensors = to_safetensors(&raw).unwrap();
    let json = to_json(&raw);
    for (format, bytes) in
        [(Format::Safetensors, safetensors.as_slice()), (Format::Json, json.as_bytes())]
    {
        let back = read_raw(bytes).unwrap();
        assert_eq!(back.format, format);
        assert_eq!(bits(&back), bits(&raw));
        assert_eq!((&back.config, back.step, &back.metrics), (&raw.config, raw.step, &raw.metrics));
        assert_eq!(to_safetensors(&back).unwrap(), safetensors);
        assert_eq!(to_json(&back), json);
    }
    assert_eq!(::safetensors::SafeTensors::deserialize(&safetensors).unwrap().len(), 5);
}

#[test]
fn every_float_survives_json() {
    // A walk over all exponents and many fractions, and the neighbours of powers of ten.
    let walk = (0u32..=u32::MAX).step_by(65_521).map(f32::from_bits).filter(|x| x.is_finite());
    let tens = (-44i32..=38).flat_map(|power| {
        let ten = 10f64.powi(power) as f32;
        [ten.to_bits() - 1, ten.to_bits(), ten.to_bits() + 1].map(f32::from_bits)
    });
    let data: Vec<f32> = walk.chain(tens).collect();
    let mut raw = read_raw(&torch_state_dict(&[named("x", &[data.len()], &data)])).unwrap();
    raw.format = Format::Json;
    assert_eq!(bits(&read_raw(to_json(&raw).as_bytes()).unwrap()), bits(&raw));
}

#[test]
fn non_finite_weights_are_delivered_as_they_are() {
    let data = [1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
    let torch = torch_state_dict(&[named("w", &[4], &data)]);
    let raw = read_raw(&torch).unwrap();
    let safetensors = to_safetensors(&raw).unwrap();
    let json = to_json(&raw);
    assert!(json.contains("[1.0, NaN, Infinity, -Infinity]"));
    for bytes in [torch.as_slice(), &safetensors, json.as_bytes()] {
        let raw = read_raw(bytes).unwrap();
        assert!(raw.tensors["w"][1].is_nan());
        assert_eq!(raw.tensors["w"][2], f32::INFINITY);
        assert_eq!(raw.tensors["w"][3], f32::NEG_INFINITY);
    }
}

#[test]
fn python_s_words_for_non_numbers_count_outside_of_text_only() {
    let text = r#"{"state_dict": {"NaN": [[-1, NaN], [-Infinity, 2]]},
        "config": {"Infinity \" NaN": "NaN, -Infinity", "a": NaN, "b": [Infinity]}}"#;
    let raw = read_raw(text.as_bytes()).unwrap();
    assert!(raw.tensors["NaN"][[0, 1]].is_nan());
    assert_eq!(raw.tensors["NaN"][[1, 0]], f32::NEG_INFINITY);
    let config = json!({"Infinity \" NaN": "NaN, -Infinity", "a": null, "b": [null]});
    assert_eq!(Value::from(raw.config.unwrap()), config);
}

#[test]
fn a_bare_json_dict_of_lists_is_a_state_dict() {
    let raw =
        read_raw(b"\xef\xbb\xbf {\"A\": 2.5, \"w\": [[1, 2, 3], [4, 5, 6]], \"m\": [true, false]}");
    let raw = raw.unwrap();
    assert_eq!(raw.tensors["A"].shape(), [0usize; 0]);
    assert_eq!(raw.tensors["w"].shape(), [2, 3]);
    assert_eq!(raw.tensors["m"].iter().copied().collect::<Vec<f32>>(), [1.0, 0.0]);
    assert_eq!((raw.config, raw.step), (None, None));
}

#[test]
fn safetensors_without_metadata_and_with_other_types() {
    let header = br#"{"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},
        "i":{"dtype":"I64","shape":[],"data_offsets":[2,10]}}"#;
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend([0x00, 0xc2]);
    file.extend((-3i64).to_le_bytes());
    let raw = read_raw(&file).unwrap();
    assert_eq!((raw.tensors["h"][0], raw.tensors["i"].first()), (-3.0, Some(&-3.0)));
    assert_eq!((raw.config, raw.step, raw.metrics), (None, None, None));
}

#[test]
fn files_are_told_apart_by_their_bytes() {
    let raw = read_raw(&made()).unwrap();
    let json = to_json(&raw);
    let log = b"{\"step\": 1, \"loss\": 2}\n";
    let cases: &[(&[u8], Kind)] = &[
        (&made(), Kind::TorchZip),
        (&to_safetensors(&raw).unwrap(), Kind::Safetensors),
        (json.as_bytes(), Kind::Json),
        (br#"{"step": 1, "model_state_dict": {}, "metrics": {"loss": 1}}"#, Kind::Json),
        (b"{\n\"param_groups\": [\n{\n\"lr\": 1}\n],\n\"model\": {}}", Kind::Json),
        (log, Kind::RunLog),
        (b"\xef\xbb\xbf\r\n{\"step\": 1, \"lo\r\n{\"step\": 2, \"loss\": NaN}", Kind::RunLog),
        (b"", Kind::Other("an empty file")),
        (b" \n", Kind::Other("an empty file")),
        (b"\x08\x08\x12\x07pytorch\x1a\x05", Kind::Other("an ONNX model")),
        (b"\x93NUMPY\x01\0v\0{'descr'", Kind::Npy),
        (&zip(&[Entry::new("arr_0.npy", b"\x93NUMPY")]), Kind::Npz),
        (b"\x89PNG\r\n\x1a\n\0\0", Kind::Other("a PNG image")),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Kind::Other("a JPEG image")),
        (b"GIF89a", Kind::Other("a GIF image")),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Kind::Other("a WebP image")),
        (
            b"\n<!DOCTYPE html>\n<html>",
            Kind::Other("an HTML page (the link may have led to a page, not to the file)"),
        ),
        (b"%PDF-1.7", Kind::Other("a PDF document")),
        (b"\x1f\x8b\x08\0", Kind::Container(Container::Gzip)),
        (&zip(&[Entry::new("best.pt", &made())]), Kind::Container(Container::Zip)),
        (
            &zip(&[Entry::new("m/data.pkl", b""), Entry::new("m/constants.pkl", b"")]),
            Kind::Other("a TorchScript program (save its state_dict with torch.save instead)"),
        ),
        (b"\x89HDF\r\n\x1a\n\0", Kind::Other("an HDF5 file, such as Keras writes")),
        (b"GGUF\x03\0\0\0", Kind::Other("a GGUF model")),
        (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M", Kind::TorchLegacy),
        (b"\x80\x04\x95\x0b\0", Kind::Pickle),
        (b"import torch\n", Kind::Other("plain text")),
        (b"[1, 2]", Kind::Other("a JSON list, where an export is an object ({…})")),
        (b"\0\x01\x02", Kind::Other("binary data of an unknown kind")),
    ];
    for (bytes, kind) in cases {
        assert_eq!(sniff(bytes), *kind);
    }
}

fn entry(step: u64, val_exact: Option<f64>) -> LogEntry {
    LogEntry { step, val_exact, ..LogEntry::default() }
}

#[test]
fn a_log_is_read_as_python_writes_it() {
    let text = b"\xef\xbb\xbf{\"step\": 2000, \"loss\": NaN, \"lr\": 0.02, \"val_exact\": 0.5, \
        \"val_tok_acc\": Infinity, \"wall_time\": 34.4, \"wd\": [1, 2]}\r\n\r\n\
        {\"step\": 4000.0, \"val_exact\": null}";
    let log = read_log(text).unwrap().entries;
    let first = LogEntry { lr: Some(0.02), wall_time: Some(34.4), ..entry(2000, Some(0.5)) };
    assert_eq!(log, [first, entry(4000, None)]);
}

#[test]
fn a_resumed_run_counts_with_its_last_lines() {
    let text = b"{\"step\": 1, \"val_exact\": 0.1}\n{\"step\": 3, \"val_exact\": 0.3}\n\
        {\"step\": 2, \"val_exact\": 0.2}\n{\"step\": 3, \"val_exact\": 0.4}\n";
    let log = read_log(text).unwrap().entries;
    assert_eq!(log, [entry(1, Some(0.1)), entry(2, Some(0.2)), entry(3, Some(0.4))]);
}

#[test]
fn published_checkpoints_open_and_come_back() {
    let Some(folder) = shared::folder("checkpoints") else { return };
    let mut opened = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|end| end == "jsonl") {
            assert_eq!(sniff(&bytes), Kind::RunLog);
            assert!(read_log(&bytes).unwrap().entries.len() > 10);
        }
        if path.extension().is_none_or(|end| end != "pt") {
            continue;
        }
        let raw = read_raw(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(raw.tensors.len() > 5 && raw.config.is_some() && raw.step.is_some());
        for back in [to_safetensors(&raw).unwrap(), to_json(&raw).into_bytes()] {
            let back = read_raw(&back).unwrap();
            assert_eq!(bits(&back), bits(&raw));
            assert_eq!((back.config, back.step), (raw.config.clone(), raw.step));
            assert_eq!(back.metrics, raw.metrics);
        }
        opened += 1;
    }
    assert!(opened >= 8, "{opened}");
}
