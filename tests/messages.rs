//! The words that a person reads when a file cannot be opened, pinned.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use adderscope::formats::{Error, read_log, read_raw, to_json, to_safetensors};
use common::{Entry, Pickle, error, floats, instructions, pt, small, zip};
use serde_json::json;

/// Replaces the one occurrence of `from`.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    let [at] = places[..] else { panic!("{} occurrences", places.len()) };
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn texts_for_files_that_are_something_else() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "the file is empty: save or download it again"),
        (b"\n", "the file is empty: save or download it again"),
        (
            b"\x08\x08\x12\x07pytorch",
            "this is not a MicroAdder checkpoint; it looks like an ONNX model. AdderScope opens \
             PyTorch .pt files, NumPy .npz files, and safetensors or JSON exports",
        ),
        (
            b"\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22\x09\0\0\xc0\x9c\x21\x9b\xd9A\x1a\rbrain.Event:2",
            "this is not a MicroAdder checkpoint; it looks like a TensorBoard event file (download \
             the curve as CSV from TensorBoard). AdderScope opens PyTorch .pt files, NumPy .npz files, \
             and safetensors or JSON exports",
        ),
        (
            b"{\"step\": 1, \"loss\": 2}",
            "this is not a MicroAdder checkpoint; it looks like a training log (open it together \
             with its checkpoint). AdderScope opens PyTorch .pt files, NumPy .npz files, and \
             safetensors or JSON exports",
        ),
        (
            b"{\"config\": {}, \"weights\": {}}",
            "the file holds no weights: it should have model_state_dict, or be a dict of tensors by \
             their names; found the keys config, weights",
        ),
        (
            b"{}",
            "the file holds no weights: it should have model_state_dict, or be a dict of tensors by \
             their names; found no keys at all",
        ),
    ];
    for (bytes, text) in cases {
        assert_eq!(error(bytes).to_string(), *text);
    }
}

#[test]
fn texts_for_files_that_are_cut_short() {
    let raw = read_raw(&small()).unwrap();
    let safe = to_safetensors(&raw).unwrap();
    let json = to_json(&raw);
    let header = u64::from_le_bytes(safe[..8].try_into().unwrap());
    let mut pickle = Pickle::new();
    pickle.op(b"}").text("w").tensor(("FloatStorage", "0", 5), 0, &[5], &[1]).op(b"s");
    let cases = [
        (
            small()[..400].to_vec(),
            "the file is cut short: a zip archive, as a .pt file is one, ends with its table of \
             contents, and there is none. Download or copy it again"
                .to_owned(),
        ),
        (
            safe[..60].to_vec(),
            format!(
                "the file is cut short: its header should have {header} bytes, and 52 are there. \
                 Download or copy it again"
            ),
        ),
        (
            safe[..safe.len() - 1].to_vec(),
            "the file is cut short: its tensors should have 20 bytes, and 19 are there. Download or \
             copy it again"
                .to_owned(),
        ),
        (
            json.as_bytes()[..103].to_vec(),
            "the JSON is broken at line 5, column 24: it ends in the middle of a value. Export \
             or download it again"
                .to_owned(),
        ),
        (
            pt(&pickle),
            "the tensor w needs 20 bytes, but its storage has 16: the file is cut short or damaged. \
             Download or copy it again"
                .to_owned(),
        ),
    ];
    for (bytes, text) in cases {
        assert_eq!(error(&bytes).to_string(), text);
    }
}

#[test]
fn texts_for_dangerous_pickles() {
    let call = instructions(b"cos\nsystem\nX\x04\0\0\0exit\x85R");
    assert_eq!(error(&call), Error::ForbiddenGlobal { name: "os.system".to_owned() });
    assert_eq!(
        error(&call).to_string(),
        "the file names os.system, which could run a program where Python loads it; nothing was run \
         here, and it was not opened. Weights have no need of that: do not load it, and ask for a \
         .safetensors file"
    );
    let object = instructions(b"\x82\x01");
    assert_eq!(error(&object), Error::ForbiddenOpcode { name: "EXT1".to_owned(), offset: 2 });
    assert_eq!(
        error(&object).to_string(),
        "the pickle uses EXT1 at byte 2, an instruction that no checkpoint needs, so it was not \
         opened (nothing was run). Download it again, or ask for a .safetensors file"
    );
    assert_eq!(
        error(&instructions(b"\xff")),
        Error::ForbiddenOpcode { name: "0xff".to_owned(), offset: 2 }
    );
}

#[test]
fn texts_for_damaged_files() {
    let wrong = replaced(&small(), &floats(&[1., 2., 3., 4.]), &floats(&[1., 2., 3., 5.]));
    let data = Entry::new("best/data.pkl", b"\x80\x02N.");
    let zipped = zip(&[Entry { method: 14, ..data.clone() }]);
    let locked = zip(&[Entry { flags: 1, ..data.clone() }]);
    let big = zip(&[data.clone(), Entry::new("best/byteorder", b"big")]);
    let cases: [(Vec<u8>, &str); 9] = [
        (
            wrong,
            "the entry best/data/0 of the zip archive is damaged (its CRC-32 does not match). \
             Download or copy it again",
        ),
        (
            zipped,
            "the entry best/data.pkl of the zip archive is compressed in a way that is not deflate: \
             unpack it, and open what is inside",
        ),
        (
            locked,
            "the entry best/data.pkl of the zip archive is encrypted: unpack it, and open what is \
             inside",
        ),
        (
            zip(&[data.clone(), data]),
            "the zip archive holds the entry best/data.pkl twice, so it does not say which one is \
             meant: take the original file",
        ),
        (
            big,
            "this .pt file was saved with the byte order \"big\"; AdderScope reads \"little\": save \
             it again on a little-endian machine, or export it as JSON",
        ),
        (
            instructions(b"h\x05"),
            "the pickle in this file is damaged at byte 2: it recalls something that it did \
             not store. Download or copy it again",
        ),
        (
            b"{\"state_dict\": {\"w\": [[1, 2], [3]]}}".to_vec(),
            "the tensor w is ragged: its nested lists differ in length or depth. Export it with \
             tensor.tolist()",
        ),
        (
            b"{\"state_dict\": {\"w\": [1, null]}}".to_vec(),
            "w in the state dict is a list with null in it, where a tensor of numbers should be",
        ),
        (
            b"{\n  \"state_dict\": {\"w\": [NaN, 2,, 3]}}".to_vec(),
            "the JSON is broken at line 2, column 31: expected value. Export or download it \
             again",
        ),
    ];
    for (bytes, text) in cases {
        assert_eq!(error(&bytes).to_string(), text);
    }
}

#[test]
fn texts_for_broken_logs() {
    let cases: &[(&[u8], &str)] = &[
        (
            b"\n{\"step\": 1, \"lo\n{\"step\": 2, \"lo",
            "nothing in the log can be read; the first is line 2: column 15: it ends in the middle of a \
             value",
        ),
        (
            b"{\"loss\": 1, \"grad\": 2}\n",
            "the log has loss, grad, where AdderScope needs val_exact (or exact_match, val_acc) or \
             val_tok_acc (or token_accuracy), and step (or global_step, iter, epoch)",
        ),
        (
            b"{\"step\": 1.5}",
            "nothing in the log can be read; the first is line 1: its step is 1.5, not a whole number \
             below 2^53",
        ),
        (
            b"{\"step\": 2, \"val_exact\": \"high\"}",
            "nothing in the log can be read; the first is line 1: its val_exact is \"high\", not a number",
        ),
        (
            b"[1]",
            "nothing in the log can be read; the first is line 1: it is not a JSON object ({\u{2026}})",
        ),
        (
            b" \r\n",
            "the log is empty: it should hold one JSON object a line, like {\"step\": \
             2000, \u{2026}}",
        ),
    ];
    for (bytes, text) in cases {
        assert_eq!(read_log(bytes).unwrap_err().to_string(), *text);
    }
}

#[test]
fn messages_are_one_short_line_whatever_the_file_says() {
    let name = format!("a\n\u{1b}[2J{}", "x".repeat(100_000));
    let texts = [
        error(format!("{{\"{}\": {{}}}}", "k".repeat(100_000)).as_bytes()),
        error(json!({"state_dict": {&name: [1, "x"]}}).to_string().as_bytes()),
        error(&instructions(format!("cos\n{}\n", "y".repeat(100_000)).as_bytes())),
        error(json!({"state_dict": {&name: [[1], [2, 3]]}}).to_string().as_bytes()),
    ];
    let notes = [
        json!({"state_dict": {&name: "x"}, "step": name}),
        json!({"state_dict": {}, &name: 1, "a": [0], "b": {"c": 1}}),
    ];
    let notes = notes.iter().flat_map(|file| read_raw(file.to_string().as_bytes()).unwrap().notes);
    for text in texts.map(|error| error.to_string()).into_iter().chain(notes) {
        assert!(text.len() <= 300 && !text.contains(char::is_control), "{text}");
    }
}
