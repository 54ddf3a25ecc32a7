//! Two models side by side.

use crate::{Folder, object, refusal, run, snapshots, stdout};
use adderscope::formats;
use adderscope::model::exact::Exact;
use adderscope::task::addition::DIGITS;
use serde_json::Value;

fn at(folder: &Folder, name: &str, step: u64) -> String {
    let bytes = formats::to_safetensors(&snapshots::raw(name, step)).unwrap();
    folder.write(&format!("{name}-{step}.safetensors"), &bytes)
}

fn count(kind: &Value) -> u128 {
    kind["count"].as_str().unwrap().parse().unwrap()
}

#[test]
fn compare_counts_where_two_steps_of_a_run_differ() {
    let folder = Folder::new("compare");
    let (early, last) = (at(&folder, "67p", 244_000), snapshots::path("67p"));
    let output = run(&["compare", &early, &last, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told = object(&output, "adderscope/comparison");
    let keys: Vec<&String> = told.as_object().unwrap().keys().skip(2).collect();
    let wanted = [
        "a",
        "b",
        "settings",
        "tensors",
        "adderboard",
        "digits",
        "total",
        "decided",
        "same",
        "kinds",
        "milliseconds",
    ];
    assert_eq!(keys, wanted);
    let kinds = told["kinds"].as_array().unwrap();
    let named: Vec<&str> = kinds.iter().map(|kind| kind["who"].as_str().unwrap()).collect();
    assert_eq!(named, ["both", "only_a", "only_b", "neither"]);
    let counts: Vec<u128> = kinds.iter().map(count).collect();
    assert_eq!(counts, [99_989_999_990_000_000_000, 0, 10_000_010_000_000_000, 0]);
    let rule = &kinds[2]["rules"][0];
    let text = "column 7 is 5 + 6 or 6 + 5 and column 6 is 0 + 0 without a carry";
    assert_eq!(rule["text"], text);
    let example = &rule["example"];
    assert_eq!((&example["a"], &example["b"]), (&50_000_000.into(), &60_000_000.into()));
    assert!(example["got_a"] != example["expected"] && example["got_b"] == example["expected"]);
    // Both have all of AdderBoard right.
    assert_eq!(told["adderboard"], serde_json::json!({"total": 10_010, "differences": []}));
    assert_eq!((&told["a"]["step"], &told["b"]["step"]), (&244_000.into(), &300_000.into()));
    assert_eq!(told["a"]["right"], "99989999990000000000");
    let phase = told["tensors"].as_array().unwrap().iter().find(|t| t["name"] == "q_phase_angle");
    let number = &phase.unwrap()["numbers"][0];
    let of = |key: &str| number[key].as_f64().unwrap();
    assert_eq!(of("delta"), of("b") - of("a"));

    let text = stdout(&run(&["compare", &early, &last]));
    let wanted =
        "wrong in A, right in B   10\u{202f}000\u{202f}010\u{202f}000\u{202f}000\u{202f}000";
    assert!(text.contains(wanted) && text.contains("decided in exact arithmetic"), "{text}");
    assert!(text.contains("50000000 + 60000000 = 110000000; A says "), "{text}");
    assert!(text.contains("both answer the same ones right"), "{text}");
    // README shows it.
    let plain = |text: &str| text.replace('\u{202f}', " ");
    let shown = &plain(&text)[plain(&text).find("Of all").unwrap()..];
    assert!(plain(include_str!("../../README.md")).contains(shown), "{shown}");
    // All that differ have more digits.
    let output = run(&["compare", &early, &last, "--digits", "7"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("additions of at most 7 digits, decided"), "{output:?}");
}

#[test]
fn compare_says_where_architectures_part() {
    let folder = Folder::new("compare-shapes");
    let (one, other) = (snapshots::path("62p"), folder.variant("no_ln2_two_heads_170p_like"));
    let output = run(&["compare", &one, &other, "--seconds", "1", "--json"]);
    let told = object(&output, "adderscope/comparison");
    let setting = |name: &str| {
        let all = told["settings"].as_array().unwrap();
        all.iter().find(|setting| setting["name"] == name).cloned()
    };
    assert_eq!(setting("heads").unwrap()["b"], "2");
    assert!(setting("queries and keys read").is_none());
    let apart: Vec<String> = told["tensors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|tensor| Some(tensor["apart"].as_str()?.to_owned()))
        .collect();
    assert!(apart.iter().any(|why| why.starts_with("shape (") && why.contains(" in B")));
    assert!(apart.contains(&"only in A".to_owned()) && apart.contains(&"only in B".to_owned()));
    let text = stdout(&run(&["compare", &one, &other, "--seconds", "1"]));
    assert!(text.contains("\nConfiguration\n") && text.contains("A: 1; B: 2"), "{text}");
    assert!(refusal(&["compare", &one]).contains("<B>"));
    assert!(refusal(&["compare", &one, &other, "--digits", "0"]).contains("0 is not in 1..=10"));
    assert!(refusal(&["compare", &one, &folder.path("none.pt")]).contains("none.pt"));
}

#[test]
fn a_model_beside_itself_differs_nowhere() {
    let file = snapshots::path("62p");
    let output = run(&["compare", &file, &file, "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let told = object(&output, "adderscope/comparison");
    assert_eq!((&told["same"], &told["settings"]), (&true.into(), &serde_json::json!([])));
    let right = Exact::decided(&snapshots::last("62p"), 1_000_000).count(DIGITS).right().unwrap();
    let counts: Vec<u128> = told["kinds"].as_array().unwrap().iter().map(count).collect();
    assert_eq!(counts, [right, 0, 0, 10u128.pow(20) - right]);
    for tensor in told["tensors"].as_array().unwrap() {
        for number in tensor["numbers"].as_array().unwrap() {
            assert_eq!(number["delta"], 0.0);
        }
    }
    assert!(stdout(&run(&["compare", &file, &file])).contains("one architecture with the same"));
}
