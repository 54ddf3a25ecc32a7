//! One digit of one addition with ways from another, and parts that are switched off.

use crate::{Folder, json, object, refusal, run, snapshots, stdout};
use adderscope::analysis::patch::patching;
use adderscope::task::intervene::Interventions;

#[test]
fn patch_has_all_sixteen_combinations() {
    let folder = Folder::new("patch");
    let file = folder.variant("learned_spiral_74p");
    let asked = ["patch", &file, "57", "68", "57", "63", "--digit", "1", "--json"];
    let told = object(&run(&asked), "adderscope/patch");
    let keys: Vec<&String> = told.as_object().unwrap().keys().skip(2).collect();
    let wanted = [
        "a",
        "b",
        "a2",
        "b2",
        "digit",
        "off",
        "first",
        "second",
        "ways",
        "combinations",
        "place_values",
    ];
    assert_eq!(keys, wanted);
    assert_eq!((&told["first"], &told["second"]), (&2.into(), &2.into()));
    let way = &told["ways"][2];
    assert_eq!((&way["name"], &way["title"]), (&"xy_before".into(), &"X0 and Y0".into()));
    assert_eq!(
        (&way["first"], &way["second"]),
        (&"X0 = 7, Y0 = 8".into(), &"X0 = 7, Y0 = 3".into())
    );
    let combinations = told["combinations"].as_array().unwrap();
    assert_eq!(combinations.len(), 16);
    assert_eq!(combinations[0]["patch"], "patch:Z1/57+63");
    assert_eq!(combinations[15]["patch"], "patch:Z1/57+63/own/xy/xy_before/z_before");
    // Where nothing is taken it is the addition itself.
    let addition = json(&run(&["addition", &file, "57", "68", "--digit", "1", "--json"]));
    assert_eq!(combinations[0]["s"], addition["ruler"]["pointer"]["s"]);
    assert_eq!(combinations[0]["lead"], addition["places"][1]["forced_lead"]);
    // Where everything is that differs, it is the other in all that the row reads near it.
    assert_eq!(told["place_values"].as_array().unwrap().len(), 9);

    let text = stdout(&run(&asked[..8]));
    assert!(text.starts_with("Z1 of 57 + 68 is 2, of 57 + 63 it is 2\n"), "{text}");
    assert!(text.contains("xy_before  X0 and Y0: X0 = 7, Y0 = 8 or X0 = 7, Y0 = 3\n"), "{text}");
    assert!(text.contains("xy         X1 and Y1: X1 = 5, Y1 = 6, in both\n"), "{text}");
    let rows = text.lines().filter(|line| line.trim_start().starts_with(['f', 's'])).count();
    assert_eq!(rows, 16, "{text}");
    assert!(text.contains("ten, where a carry counts as one"), "{text}");

    // The ones have no column before, and a model of several heads no place values.
    let several = folder.variant("no_ln2_two_heads_170p_like");
    let text = stdout(&run(&["patch", &several, "57", "68", "1", "2", "--digit", "0"]));
    assert!(text.contains("there is none") && text.contains("several"), "{text}");
    assert!(!text.contains("A digit weighs"), "{text}");
    let missing = refusal(&["patch", &file, "57", "68", "57", "63"]);
    assert!(missing.contains("--digit"), "{missing}");
    assert!(
        refusal(&["patch", &file, "1", "2", "3", "x", "--digit", "1"]).contains("a summand is")
    );
}

#[test]
fn parts_are_switched_off_and_named() {
    let folder = Folder::new("off");
    let file = folder.variant("learned_spiral_74p");
    let all = ["addition", &file, "57", "68"];
    let with = |more: &[&str]| run(&[&all[..], more].concat());
    let plain = json(&with(&["--json"]));
    assert!(plain.get("off").is_none());
    let off = ["--off", "hidden:1", "--off", "place:X3", "--json"];
    let told = json(&with(&off));
    assert_eq!(told["off"], serde_json::json!(["hidden:1", "place:X3"]));
    assert_ne!(told["places"], plain["places"]);
    let text = stdout(&with(&["--off", "group:Y", "--digit", "1"]));
    assert!(text.starts_with("Switched off: attention to all Y\n"), "{text}");
    for (part, why) in [
        ("hidden:2", "hidden:2: this model's hidden units are 0 to 1"),
        ("place:EOS", "“place:EOS” is nothing that can be switched off"),
        ("patch:Z1/1+2/own", "is nothing that can be switched off"),
    ] {
        let refused = refusal(&[&all[..], &["--off", part]].concat());
        assert!(refused.contains(why) && refused.chars().count() <= 300, "{refused}");
    }
    let patched = json(&run(&[
        "patch", &file, "57", "68", "57", "63", "--digit", "1", "--off", "ffn", "--json",
    ]));
    assert_eq!(patched["off"], serde_json::json!(["ffn"]));
}

#[test]
fn the_verdict_without_a_part_is_decided() {
    let folder = Folder::new("prove-off");
    let file = folder.path("57p.safetensors");
    let history = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/models/57p/57p.history.safetensors");
    assert!(run(&["convert", &history.to_string_lossy(), &file]).status.success());
    let output = run(&["prove", &file, "--off", "ffn", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told = object(&output, "adderscope/proof");
    assert_eq!((&told["right"], &told["off"]), (&"1".into(), &serde_json::json!(["ffn"])));
    assert_eq!(told["float32"], "open");
    let output = run(&["prove", &file, "--off", "group:PLUS"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("Switched off: attention to PLUS\n57p: right on all "));

    // Rows look at Y alone: it matters which digit is whose.
    let output = run(&["prove", &file, "--off", "place:X3"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    let begin = "Switched off: attention to X3\n57p: wrong on exactly ";
    assert!(text.starts_with(begin) && text.contains("\nWrong where "), "{text}");
    let told = json(&run(&["prove", &file, "--off", "group:X", "--json"]));
    assert_eq!((&told["decided"], &told["proven"]), (&true.into(), &false.into()));
    let certificate = folder.path("certificate.json");
    let refused = refusal(&["prove", &file, "--off", "ffn", "--certificate", &certificate]);
    assert!(refused.contains("cannot be used with"), "{refused}");
}

#[test]
fn the_table_is_that_of_the_library() {
    let model = snapshots::last("62p");
    let off = Interventions::of(["column:7"]).unwrap().off;
    let told =
        patching(&model, &off, ((4_070_378_921, 1_703_729_684), (4_070_378_921, 9)), 3).unwrap();
    let history = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/models/62p/62p.history.safetensors");
    let output = run(&[
        "patch",
        &history.to_string_lossy(),
        "4070378921",
        "1703729684",
        "4070378921",
        "9",
        "--digit",
        "3",
        "--off",
        "column:7",
        "--json",
    ]);
    let printed = object(&output, "adderscope/patch");
    assert_eq!(printed["combinations"], serde_json::json!(told.combinations));
}
