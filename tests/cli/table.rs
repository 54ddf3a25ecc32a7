//! Many checkpoints, a row each.

use crate::{Folder, object, refusal, run, snapshots, stdout};
use adderscope::formats;
use std::fs;

fn put(folder: &Folder, file: &str, name: &str, step: u64) {
    folder.write(file, &formats::to_safetensors(&snapshots::raw(name, step)).unwrap());
}

#[test]
fn a_folder_is_a_table_of_its_checkpoints() {
    let folder = Folder::new("table");
    put(&folder, "early.safetensors", "67p", 244_000);
    put(&folder, "last.safetensors", "67p", 300_000);
    put(&folder, "small.safetensors", "62p", 60_000);
    folder.variant("no_ln2_two_heads_170p_like");
    folder.write("settings.json", b"{\"steps\": 3}");
    folder.write("notes.txt", b"mine");
    let home = folder.path("");
    let output = run(&["table", &home, "--json"]);
    assert!(output.status.success());
    let told = object(&output, "adderscope/table");
    let rows = told["rows"].as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    let wanted = [
        "last.safetensors",
        "early.safetensors",
        "small.safetensors",
        "no_ln2_two_heads_170p_like.json",
    ];
    assert_eq!(names, wanted);
    let left_out = String::from_utf8(output.stderr).unwrap();
    assert!(left_out.contains("left out: ") && left_out.contains("settings.json"), "{left_out}");
    let exact: Vec<&str> = rows[..3].iter().map(|row| row["exact"].as_str().unwrap()).collect();
    assert_eq!(exact, ["100000000000000000000", "99989999990000000000", "75796234891818082276"]);
    assert_eq!(rows[2]["adderboard_passed"], 7542);
    assert_eq!((&rows[0]["step"], &rows[0]["run"]), (&300_000.into(), &serde_json::Value::Null));
    // DESIGN's ratio of Z1 and Z9 is that of the published 62p; every model has its own.
    assert_eq!(rows[0]["ratios"].as_array().unwrap().len(), 9);
    assert!(rows[3]["ratios"].as_array().unwrap().is_empty());

    let csv = folder.path("all.csv");
    assert!(run(&["table", &home, "--sort", "parameters", "-o", &csv]).status.success());
    let lines = fs::read_to_string(&csv).unwrap();
    let first = lines.lines().nth(1).unwrap();
    assert!(first.starts_with(",,,60000,7542,10010,75796234891818082276,,,,small.safetensors,62,"));
    // A table is a file that can be put into another.
    let again = object(&run(&["table", &csv, "--json"]), "adderscope/table");
    assert_eq!(again["rows"], told["rows"]);

    let text = stdout(&run(&["table", &folder.path("last.safetensors")]));
    assert!(text.starts_with("name ") && text.contains("100\u{202f}000\u{202f}000"), "{text}");
    assert!(refusal(&["table", &folder.path("none.pt")]).contains("none.pt"));
    assert!(refusal(&["table", &folder.path("settings.json")]).contains("settings.json"));
    let other = folder.write("other.csv", b"a,b\n1,2\n");
    assert!(refusal(&["table", &other]).contains("it is no table of this version"));
    fs::create_dir(folder.path("empty")).unwrap();
    assert!(refusal(&["table", &folder.path("empty")]).contains("no checkpoint, run or sweep"));
}
