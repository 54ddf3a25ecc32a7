//! Files that are damaged or made to do harm. The variant of each error is asserted; its
//! words are in `messages.rs`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use adderscope::formats::limits::{MAX_ELEMENTS, MAX_FILE_BYTES, MAX_JSON_BYTES};
use adderscope::formats::{Error, TooLarge, read_log, read_raw, sniff, to_json, to_safetensors};
use common::{Entry, Pickle, error, floats, instructions, named, pt, small, torch_archive, zip};
use proptest::prelude::*;
use serde_json::json;

/// A safetensors file with this header.
fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

// Every damage that one byte can do.

/// Reads `bytes` as everything that it could be; the result does not matter.
fn survive(bytes: &[u8]) {
    let _ = (sniff(bytes), read_raw(bytes), read_log(bytes));
}

#[test]
fn every_prefix_and_every_changed_byte_is_survived() {
    let raw = read_raw(&small()).unwrap();
    let files = [
        small(),
        to_safetensors(&raw).unwrap(),
        to_json(&raw).into_bytes(),
        b"{\"step\": 1, \"loss\": NaN}\r\n{\"step\": 2}".to_vec(),
    ];
    for mut file in files {
        for length in 0..file.len() {
            survive(&file[..length]);
        }
        for at in 0..file.len() {
            let byte = file[at];
            for change in [0x01, 0x04, 0x20, 0x80, 0x55, 0xff] {
                file[at] = byte ^ change;
                survive(&file);
            }
            file[at] = byte;
        }
    }
}

#[test]
fn every_changed_byte_of_a_pickle_is_survived() {
    // Without the CRC-32 in the way. Every third value: each is met in many places.
    let pickle = whole_pickle();
    for at in 0..pickle.len() {
        for value in (0..=255).step_by(3) {
            let mut changed = pickle.clone();
            changed[at] = value;
            survive(&torch_archive(&changed, &[floats(&[1., 2., 3., 4.])]));
        }
    }
}

/// Any instructions, with operands that fit often enough to get somewhere.
fn program() -> impl Strategy<Value = Vec<u8>> {
    const INSTRUCTIONS: &str = "( N \u{88} K\u{2} J\u{ff}\u{ff}\u{ff}\u{ff} ) ] } t \u{85} \u{86} \u{87} a e s u \
        R b Q q\0 q\u{1} h\0 h\u{1} \u{94} \u{93} X\u{1}\0\0\0a X\u{7}\0\0\0storage X\u{6}\0\0\0config \
        X\u{5}\0\0\0model ctorch\nFloatStorage\n ccollections\nOrderedDict\n ctorch\nSize\n \
        ctorch._utils\n_rebuild_tensor_v2\n ctorch._utils\n_rebuild_parameter\n";
    // Each letter stands for one byte.
    let bytes = |part: &str| part.chars().map(|letter| letter as u8).collect();
    let parts: Vec<Vec<u8>> = INSTRUCTIONS.split(' ').map(bytes).collect();
    prop::collection::vec(prop::sample::select(parts), 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_program_is_survived(program in program()) {
        for before in [&b"}"[..], b"}X\x05\0\0\0model}sX\x06\0\0\0config}q\0"] {
            survive(&instructions(&[before, &program, b"s"].concat()));
        }
    }

    #[test]
    fn any_json_is_survived(text in "[\\[\\]{}:,\"\\\\ 0-2eE.NaInfity\\-\\nulé]{0,60}") {
        survive(text.as_bytes());
        survive(format!("{{\"model\": {{\"w\": {text}}}}}").as_bytes());
    }
}

fn whole_pickle() -> Vec<u8> {
    let mut pickle = Pickle::new();
    pickle.op(b"}(").text("model_state_dict").state_dict(&[named("a", &[2, 2], &[0.; 4])]);
    pickle.text("config").value(&json!({"d": [1, 70_000, null, 0.5]})).op(b"u");
    pickle.stop()
}

#[test]
fn every_cut_of_a_pt_file_says_that_it_is_cut() {
    let file = small();
    for length in 4..file.len() {
        let error = error(&file[..length]);
        assert!(matches!(error, Error::Truncated { .. }), "{length}: {error:?}");
    }
}

#[test]
fn every_changed_byte_of_a_storage_is_noticed() {
    let file = small();
    let data = floats(&[1., 2., 3., 4.]);
    let at = (0..file.len()).find(|at| file[*at..].starts_with(&data)).unwrap();
    for offset in 0..data.len() {
        let mut changed = file.clone();
        changed[at + offset] ^= 0x10;
        assert_eq!(error(&changed), Error::Checksum { entry: "best/data/0".to_owned() });
    }
}

// Archives that lie.

#[test]
fn archives_are_checked() {
    let file = small();
    let directory = (0..file.len()).rfind(|at| file[*at..].starts_with(b"PK\x05\x06")).unwrap();
    let first = (0..file.len()).find(|at| file[*at..].starts_with(b"PK\x01\x02")).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        error(&file)
    };
    let zip_error = |offset, what| Error::Zip { offset, what };
    // The local header of another entry.
    let second = u32::from_le_bytes(file[first + 46 + 13 + 42..][..4].try_into().unwrap());
    let cases = [
        (
            with(directory + 10, &[0xff, 0xff]),
            zip_error(directory, "its 64-bit table of contents is missing"),
        ),
        (
            with(directory + 16, &[0xfe, 0xff, 0xff, 0xff]),
            zip_error(0xffff_fffe, "an entry is missing"),
        ),
        (with(directory + 10, &[200, 0]), zip_error(directory, "an entry is missing")),
        (
            with(directory + 10, &[0, 0x80]),
            Error::TooLarge(TooLarge {
                what: "entries in the zip archive",
                found: 0x8000,
                limit: 4096,
            }),
        ),
        (
            with(first + 42, &[0xff, 0xff, 0xff, 0xff]),
            zip_error(first, "an entry points at no file header"),
        ),
        (
            with(first + 42, &second.to_le_bytes()),
            zip_error(first, "an entry has another name in its file header"),
        ),
        (
            with(first + 20, &[0xff, 0xff, 0xff, 0xff]),
            zip_error(first, "an entry reaches into the table of contents"),
        ),
        (
            with(first + 28, &[0xff, 0xff]),
            zip_error(first, "an entry of the table of contents is cut short"),
        ),
        (with(first + 16, &[1; 4]), Error::Checksum { entry: "best/data.pkl".to_owned() }),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn entries_cannot_share_bytes() {
    let half = vec![0; 2000];
    let file = zip(&[Entry::new("a/data.pkl", &half), Entry::new("a/data/0", &half)]);
    let directory = (0..file.len()).find(|at| file[*at..].starts_with(b"PK\x01\x02")).unwrap();
    let mut file = file.clone();
    // The first entry now reaches over the second.
    file[directory + 20..directory + 24].copy_from_slice(&4000u32.to_le_bytes());
    assert_eq!(error(&file), Error::Zip { offset: directory, what: "its entries overlap" });
}

#[test]
fn a_missing_storage_is_named() {
    let mut pickle = Pickle::new();
    pickle.op(b"}").text("w").tensor(("FloatStorage", "../7", 4), 0, &[4], &[1]).op(b"s");
    assert_eq!(error(&pt(&pickle)), Error::MissingEntry { entry: "best/data/../7".to_owned() });
}

// safetensors and JSON that lie.

#[test]
fn safetensors_headers_are_checked() {
    let f32_at = |shape: &str, offsets: &str| {
        format!("{{\"w\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}")
    };
    let damaged = |what: &str| Error::Safetensors { what: what.to_owned() };
    let cases = [
        (
            safetensors(&f32_at("[1]", "[0,4]"), &[0; 5]),
            damaged("there are bytes after its last tensor"),
        ),
        (
            safetensors(&f32_at("[1]", "[4,8]"), &[0; 8]),
            damaged("the bytes of the tensor w are not where the one before ends"),
        ),
        (
            safetensors(&f32_at("[0,99999999]", "[0,0]"), &[]),
            Error::TooLarge(TooLarge {
                what: "elements in tensors",
                found: 99_999_999,
                limit: MAX_ELEMENTS as u64,
            }),
        ),
        (
            safetensors(&f32_at("[1]", "[0,1]").replace("F32", "F8_E4M3"), &[0]),
            Error::ElementType { name: "w".to_owned(), dtype: "F8_E4M3".to_owned() },
        ),
        (
            safetensors(
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                &[0; 8],
            ),
            damaged("it holds the tensor w twice, so which one is meant cannot be told"),
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(error(&file), expected);
    }
    for header in [
        f32_at("[1,18446744073709551615,4]", "[0,4]"),
        f32_at("[2]", "[0,4]"),
        f32_at("[1]", "[0]"),
        "{]".to_owned(),
    ] {
        let error = error(&safetensors(&header, &[0; 4]));
        assert!(matches!(error, Error::Safetensors { .. }), "{header}: {error:?}");
    }
}

#[test]
fn large_files_are_refused_before_they_are_parsed() {
    let log = vec![b'\n'; MAX_FILE_BYTES + 1];
    let (found, limit) = (MAX_FILE_BYTES as u64 + 1, MAX_FILE_BYTES as u64);
    assert_eq!(read_log(&log), Err(Error::TooLarge(TooLarge { what: "bytes", found, limit })));
    let mut file = log;
    file[0] = b'{';
    assert_eq!(error(&file), Error::TooLarge(TooLarge { what: "bytes", found, limit }));

    let json = [b"{\"w\": [".as_slice(), &b"0,".repeat(MAX_JSON_BYTES / 2)].concat();
    let (found, limit) = (json.len() as u64, MAX_JSON_BYTES as u64);
    assert_eq!(error(&json), Error::TooLarge(TooLarge { what: "bytes of JSON", found, limit }));
}

#[test]
fn a_step_that_is_no_whole_number_is_left_unread() {
    for step in ["-1", "1.5", "1e300", "9007199254740992", "18446744073709551615", "\"x\"", "[7]"] {
        let file = format!("{{\"state_dict\": {{}}, \"step\": {step}}}");
        let raw = read_raw(file.as_bytes()).unwrap();
        assert_eq!(
            (raw.step, raw.notes.as_slice()),
            (None, &["Left unread: step.".to_owned()][..]),
            "{step}"
        );
    }
}

#[test]
fn long_keys_take_no_longer_than_their_length() {
    let dots = ".".repeat(1 << 20);
    let nested = (0..8000).map(|at| format!("\"{at}\":[1]")).collect::<Vec<_>>().join(",");
    for text in [
        format!("{{\"{dots}\": 1, \"step\": 2}}"),
        format!("{{\"state_dict\": {{\"{dots}\": [1]}}}}"),
        format!("{{\"state_dict\": {{\"{dots}\": {{{nested}}}}}}}"),
        format!("{{\"step\": 1, \"{dots}\": {{{nested}}}}}\n").repeat(2),
    ] {
        let before = std::time::Instant::now();
        survive(text.as_bytes());
        assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
    }
}
