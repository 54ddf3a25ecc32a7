//! Pickles made to do harm: to run code, to use up memory, to read what is not theirs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use adderscope::formats::limits::{
    MAX_ELEMENTS, MAX_PICKLE_BYTES, MAX_PICKLE_OBJECTS, MAX_RANK, MAX_TENSORS,
};
use adderscope::formats::{Error, TooLarge, read_raw};
use common::{Named, Pickle, error, instructions, named, pt, torch_archive};

#[test]
fn laughing_configurations_are_stopped() {
    let mut strings = Pickle::new();
    strings.op(b"}").text("config").op(b"}").text("lol").op(b"](");
    for _ in 0..2000 {
        strings.text(&"ha".repeat(1000));
    }
    strings.op(b"es").op(b"s").text("model").op(b"}s");
    left_unread(&pt(&strings));

    // Ten lists, each with ten mentions of the one before: 10^10 values when written out.
    let mut lists = Pickle::new();
    lists.op(b"}").text("model").op(b"}s").text("config").op(b"}").text("lol");
    for level in 0..10u8 {
        lists.op(b"](");
        for _ in 0..10 {
            match level {
                0 => lists.op(b"N"),
                _ => lists.op(&[b'h', 99 + level]),
            };
        }
        // Into the memo, and into the dict under the key before.
        lists.op(&[b'e', b'q', 100 + level, b's']).text(&format!("after {level}"));
    }
    lists.op(b"Nss");
    left_unread(&pt(&lists));
}

/// Asserts that a file opens without its configuration, and says so.
fn left_unread(file: &[u8]) {
    let raw = read_raw(file).unwrap();
    assert_eq!(raw.config, None);
    assert_eq!(raw.notes, ["Left unread: config (too large or too deep)."]);
}

#[test]
fn a_list_that_contains_itself_has_an_end() {
    let mut pickle = Pickle::new();
    pickle.op(b"}").text("model").op(b"}s").text("config");
    pickle.op(b"}q\x64").text("self").op(b"h\x64ss");
    left_unread(&pt(&pickle));
}

#[test]
fn deep_nesting_has_an_end() {
    let mut pickle = Pickle::new();
    pickle.op(b"}").text("model").op(b"}s").text("config").op(b"}").text("deep");
    pickle.op(&[b"N".as_slice(), &[0x85; 100_000]].concat()).op(b"ss");
    left_unread(&pt(&pickle));

    let json = format!("{{\"state_dict\": {{}}, \"config\": {}", "[".repeat(1_000_000));
    assert!(matches!(error(json.as_bytes()), Error::Json { line: 1, column: 156, .. }));
    let json = format!("{{\"w\": {}1{}}}", "[".repeat(9), "]".repeat(9));
    let (found, limit) = (MAX_RANK as u64 + 1, MAX_RANK as u64);
    let what = "dimensions of a tensor";
    assert_eq!(error(json.as_bytes()), Error::TooLarge(TooLarge { what, found, limit }));
}

#[test]
fn pickles_have_limits() {
    let cases: [(&[u8], &str); 3] = [
        (b"N", "objects in the pickle"),
        (b"(", "open marks in the pickle"),
        (b"h\0", "places on the pickle's stack"),
    ];
    for (instruction, what) in cases {
        let mut pickle = Pickle::new();
        pickle.op(b"Nq\0").op(&instruction.repeat(MAX_PICKLE_OBJECTS + 1));
        let limit = MAX_PICKLE_OBJECTS as u64;
        assert_eq!(
            error(&pt(&pickle)),
            Error::TooLarge(TooLarge { what, found: limit + 1, limit })
        );
    }
    let mut pickle = Pickle::new();
    pickle.op(b"N");
    for place in 0..=MAX_PICKLE_OBJECTS as u32 {
        pickle.op(b"r").op(&place.to_le_bytes());
    }
    let (what, limit) = ("places in the pickle's memo", MAX_PICKLE_OBJECTS as u64);
    assert_eq!(error(&pt(&pickle)), Error::TooLarge(TooLarge { what, found: limit + 1, limit }));

    let pickle = instructions(&vec![b'N'; MAX_PICKLE_BYTES]);
    let (what, limit) = ("bytes in the pickle", MAX_PICKLE_BYTES as u64);
    assert_eq!(error(&pickle), Error::TooLarge(TooLarge { what, found: limit + 3, limit }));
}

#[test]
fn views_cannot_leave_their_storage() {
    let short = |wanted, found| Error::StorageTooShort { name: "w".to_owned(), wanted, found };
    let large = |what, found, limit| Error::TooLarge(TooLarge { what, found, limit });
    let negative = "a size, stride or offset is negative";
    let elements = ("elements in tensors", MAX_ELEMENTS as u64);
    // Count of the storage, offset, shape, strides.
    type View<'a> = (i64, i64, &'a [i64], &'a [i64]);
    let cases: [(View<'_>, Error); 12] = [
        ((4, 1, &[4], &[1]), short(20, 16)),
        ((4, 0, &[2, 2], &[3, 1]), short(20, 16)),
        ((4, 4, &[], &[]), short(20, 16)),
        ((3, 0, &[4], &[1]), short(16, 12)),
        ((5, 0, &[4], &[1]), short(20, 16)),
        ((4, i64::MAX, &[2], &[i64::MAX]), short(u64::MAX, 16)),
        ((4, i64::MAX, &[], &[]), short(u64::MAX, 16)),
        ((4, 0, &[3], &[i64::MAX]), short(u64::MAX, 16)),
        ((i64::MAX, 0, &[1 << 17], &[0]), short(u64::MAX, 16)),
        ((4, 0, &[1 << 40], &[0]), large(elements.0, 1 << 40, elements.1)),
        ((4, 0, &[0, 1 << 40], &[1, 1]), large(elements.0, 1 << 40, elements.1)),
        ((4, 0, &[1 << 10, 1 << 10], &[0, 0]), large(elements.0, 1 << 20, elements.1)),
    ];
    let file = |view: View<'_>| {
        let (count, offset, shape, strides) = view;
        let mut pickle = Pickle::new();
        let storage = ("FloatStorage", "0", count);
        pickle.op(b"}").text("w").tensor(storage, offset, shape, strides).op(b"s");
        pt(&pickle)
    };
    for (view, expected) in cases {
        assert_eq!(error(&file(view)), expected, "{view:?}");
    }
    let bad: [View<'_>; 4] =
        [(-1, 0, &[4], &[1]), (4, -1, &[4], &[1]), (4, 0, &[-4], &[1]), (4, 0, &[4], &[-1])];
    for view in bad {
        let error = error(&file(view));
        assert!(matches!(error, Error::Pickle { what, .. } if what == negative), "{error:?}");
    }
    let error = error(&file((4, 0, &[2, 2], &[1])));
    let Error::Pickle { what, .. } = error else { panic!("{error:?}") };
    assert_eq!(what, "a tensor has not one stride for each dimension");
}

#[test]
fn many_views_of_one_storage_are_counted() {
    let mut pickle = Pickle::new();
    pickle.op(b"}(");
    for index in 0..3 {
        let storage = ("FloatStorage", "0", 4);
        let shape = [MAX_ELEMENTS as i64 / 2];
        pickle.text(&index.to_string()).tensor(storage, 0, &shape, &[0]);
    }
    pickle.op(b"u");
    let (found, limit) = (MAX_ELEMENTS as u64 / 2 * 3, MAX_ELEMENTS as u64);
    let what = "elements in tensors";
    assert_eq!(error(&pt(&pickle)), Error::TooLarge(TooLarge { what, found, limit }));

    let many: Vec<Named> =
        (0..=MAX_TENSORS).map(|index| named(&index.to_string(), &[], &[0.])).collect();
    let (found, limit) = (MAX_TENSORS as u64 + 1, MAX_TENSORS as u64);
    let error = error(&common::torch_state_dict(&many));
    assert_eq!(error, Error::TooLarge(TooLarge { what: "tensors", found, limit }));
}

#[test]
fn calls_and_stacks_are_checked() {
    let cases: [(&[u8], &str); 16] = [
        (b"0", "its stack is empty"),
        (b"1", "a mark is missing"),
        (b"", "its stack is empty"),
        (b"R", "its stack is empty"),
        (b"N(N(R", "its stack is empty"),
        (b"ctorch._utils\n_rebuild_tensor_v2\nNR", "the arguments of a call are not a tuple"),
        (b"N)R", "it calls what is not a function"),
        (b"ctorch\nFloatStorage\n)R", "a call has arguments that do not fit"),
        (b"(o", "an object has no class"),
        (b"I1x\n", "a number cannot be read"),
        (b"]NNs", "it sets an item of what is not a dict"),
        (b"}(Nu", "a key has no value"),
        (b"}Na", "it appends to what is not a list"),
        (b"NQ", "a storage does not have its five fields"),
        (b"X\x01\0\0\0\xff", "a string is not UTF-8"),
        (b"t", "a mark is missing"),
    ];
    for (bytes, expected) in cases {
        match error(&instructions(bytes)) {
            Error::Pickle { what, .. } => assert_eq!(what, expected, "{bytes:?}"),
            other => panic!("{bytes:?}: {other:?}"),
        }
    }
    let newer = torch_archive(b"\x80\x06N.", &[]);
    let what = "its protocol is not one of 0 to 5";
    assert_eq!(error(&newer), Error::Pickle { offset: 0, what });
    let open = torch_archive(b"\x80\x02X\xff\xff\xff\xffabc.", &[]);
    let what = "it ends in the middle of an instruction";
    assert_eq!(error(&open), Error::Pickle { offset: 2, what });
}

#[test]
fn names_that_could_do_harm_are_refused() {
    let names = [
        ("builtins", "eval"),
        ("posix", "system"),
        ("torch", "load"),
        ("torch", "os.system"),
        ("subprocess", "Popen"),
        ("train", "Model.__init__.__globals__"),
    ];
    for (module, name) in names {
        let global = instructions(format!("c{module}\n{name}\n").as_bytes());
        let mut stack = Pickle::new();
        stack.text(module).text(name).op(b"\x93");
        for file in [global, pt(&stack)] {
            let expected = format!("{module}.{name}");
            assert_eq!(error(&file), Error::ForbiddenGlobal { name: expected });
        }
    }
}

#[test]
fn a_large_value_that_is_mentioned_often_is_read_a_bounded_number_of_times() {
    // A dict of 40 000 numbers under each of 40 000 keys, which would be 1.6 · 10^9 values.
    let mut dict = Pickle::new();
    dict.op(b"}(X\x05\0\0\0model}X\x01\0\0\0a}(");
    for index in 0..40_000i64 {
        dict.int(index).op(b"N");
    }
    dict.op(b"uq\xff");
    for index in 0..40_000i64 {
        dict.int(index).op(b"h\xff");
    }
    // A text of half a megabyte that each of 40 000 arrays would be made from.
    let mut arrays = Pickle::new();
    arrays.op(b"}(X\x05\0\0\0model}X\x01\0\0\0a").text(&"x".repeat(500_000));
    arrays.global("_codecs", "encode").op(b"h\0\x85Rq\xfe0");
    arrays.global("numpy.core.multiarray", "_reconstruct").op(b")R(K\x01)");
    arrays.global("numpy", "dtype").op(b"(").text("f4").op(b"\x89\x88tR\x89h\xfetbq\xff");
    for index in 0..40_000i64 {
        arrays.int(index).op(b"h\xff");
    }
    for mut pickle in [dict, arrays] {
        pickle.op(b"u");
        let before = std::time::Instant::now();
        // It is one that would take hours; whether it is refused does not matter.
        let _ = read_raw(&pt(&pickle));
        assert!(before.elapsed().as_secs() < 60, "{:?}", before.elapsed());
    }
}

#[test]
fn a_tensor_with_flags_or_in_a_part_of_a_storage_is_no_plain_one() {
    let written = |part: &[u8], flags: &[u8]| {
        let mut pickle = Pickle::new();
        pickle.op(b"}").text("model").op(b"}").text("w");
        pickle.global("torch._utils", "_rebuild_tensor_v2").op(b"((").text("storage");
        pickle.global("torch", "FloatStorage").text("0").text("cpu").int(1).op(part).op(b"tQK\0");
        pickle.op(b"K\x01\x85K\x01\x85\x89");
        pickle.global("collections", "OrderedDict").op(b")R").op(flags).op(b"tRss");
        torch_archive(&pickle.stop(), &[vec![0; 4]])
    };
    for (part, flags) in [(&b""[..], &b""[..]), (b"N", b"N"), (b"", b"}")] {
        assert!(read_raw(&written(part, flags)).is_ok());
    }
    let negated = error(&written(b"", b"}X\x03\0\0\0neg\x88s")).to_string();
    assert!(negated.starts_with("w in the state dict is a view that negates"), "{negated}");
    let part = error(&written(b"K\x01", b"")).to_string();
    assert!(part.contains("a storage is a part of another one"), "{part}");
}

#[test]
fn a_long_name_is_a_fault() {
    let long = "x".repeat(257);
    for names in [format!("c{long}\nname\n."), format!("cmodule\n{long}\n.")] {
        let words = error(&instructions(names.as_bytes())).to_string();
        assert!(words.contains("too long a name"), "{words}");
    }
}

#[test]
fn an_object_that_is_mentioned_often_is_searched_a_bounded_number_of_times() {
    // A module of 20 000 attributes that are nothing, under each of 16 000 keys.
    let mut pickle = Pickle::new();
    pickle.op(b"}(X\x05\0\0\0model}(").op(b"X\x01\0\0\0a");
    pickle.global("a", "Module").op(b")\x81}(");
    for key in ["_parameters", "_modules"] {
        pickle.text(key).op(b"}");
    }
    for index in 0..20_000i64 {
        pickle.int(index).op(b"N");
    }
    pickle.op(b"ubq\xff");
    for index in 0..16_000i64 {
        pickle.int(index).op(b"h\xff");
    }
    pickle.op(b"uu");
    let what = "values in the pickle";
    assert!(matches!(error(&pt(&pickle)), Error::TooLarge(large) if large.what == what));
}
