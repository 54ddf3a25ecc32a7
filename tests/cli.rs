//! The command line as a person uses it: output, exit codes, one-line errors.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "cli/addition.rs"]
mod addition;
mod common;
#[path = "cli/compare.rs"]
mod compare;
#[path = "common/files.rs"]
mod files;
#[path = "cli/link.rs"]
mod link;
#[path = "cli/patch.rs"]
mod patch;
#[path = "common/shared.rs"]
mod shared;
#[path = "cli/site.rs"]
mod site;
#[path = "common/snapshots.rs"]
mod snapshots;
#[path = "cli/table.rs"]
mod table;

use adderscope::formats;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of this test's own, emptied first.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.0.join(name), bytes).unwrap();
        self.path(name)
    }

    /// A made-up checkpoint of `tests/golden/variants`.
    fn variant(&self, name: &str) -> String {
        self.write(&format!("{name}.json"), files::variant(name).to_string().as_bytes())
    }
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_adderscope")).args(args).output().unwrap()
}

/// A JSON object that says first what it is.
fn object(output: &Output, schema: &str) -> Value {
    let value = json(output);
    let first: Vec<&String> = value.as_object().unwrap().keys().take(2).collect();
    assert_eq!(first, ["schema", "version"]);
    assert_eq!((&value["schema"], &value["version"]), (&schema.into(), &1.into()));
    value
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The one line of a refusal, which must exit with 2 and print nothing else.
fn refusal(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{args:?}: {text}");
    text.trim_end().to_owned()
}

#[test]
fn what_was_left_unread_is_said_on_standard_error() {
    let folder = Folder::new("unread");
    let mut value = files::variant("learned_spiral_74p");
    value["metrics"] = "good".into();
    let path = folder.write("odd.json", value.to_string().as_bytes());
    let said = |args: &[&str]| String::from_utf8(run(args).stderr).unwrap();
    let note = "adderscope: note: Left unread: metrics.\n";
    assert_eq!(said(&["trace", &path, "5", "7"]), note);
    assert_eq!(said(&["report", &path, "--json"]), note);
    assert_eq!(said(&["convert", &path, &folder.path("out.json")]), note);
    // The report for people has it among its notes.
    assert_eq!(said(&["report", &path]), "");
    assert!(stdout(&run(&["report", &path])).contains("\nNote: Left unread: metrics.\n"));
}

#[test]
fn the_version_names_the_commit() {
    let git = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    let head = git
        .ok()
        .filter(|output| output.status.success())
        .map_or("unknown".to_owned(), |output| stdout(&output));
    let expected = format!("adderscope {} ({})\n", env!("CARGO_PKG_VERSION"), head.trim());
    assert_eq!(stdout(&run(&["--version"])), expected);
}

#[test]
fn report_prints_one_object_with_the_reference_keys() {
    let folder = Folder::new("report");
    let file = folder.variant("learned_spiral_74p");
    let log = folder.write("log.jsonl", b"{\"step\":10,\"val_exact\":0.5,\"val_tok_acc\":0.9}\n");
    let output = run(&["report", &file, "--log", &log, "--json"]);
    assert!(output.status.success());
    let report = object(&output, "adderscope/report");
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    for key in [
        "family",
        "config",
        "step",
        "metrics",
        "param_count",
        "parameter_breakdown",
        "token_embedding",
        "positions",
        "positions_qk",
        "mean_attention_500",
        "errors",
        "norm_weight",
        "rank1_readout",
        "out_proj_A",
        "out_proj_B",
        "trajectory",
    ] {
        assert!(keys.contains(&key), "{key}");
    }
    assert_eq!(report["param_count"], 74);
    assert_eq!(
        report["trajectory"],
        serde_json::json!([{"step": 10, "val_exact": 0.5, "val_tok_acc": 0.9}])
    );
    assert_eq!(report["errors"]["n"], 3000);
}

#[test]
fn keys_that_do_not_apply_are_null() {
    let folder = Folder::new("nulls");
    let file = folder.variant("elliptic_arc_full_correction");
    let report = json(&run(&["report", &file, "--json"]));
    for key in ["rank1_readout", "out_proj_A", "out_proj_B", "trajectory"] {
        assert!(report[key].is_null(), "{key}");
        assert!(report.as_object().unwrap().contains_key(key));
    }
}

#[test]
fn the_alignment_changes_the_errors() {
    let folder = Folder::new("alignment");
    let file = folder.variant("learned_spiral_74p");
    let of = |name| json(&run(&["report", &file, "--alignment", name, "--json"]))["errors"].clone();
    assert_ne!(of("answer"), of("script"));
    assert_eq!(json(&run(&["report", &file, "--json"]))["errors"], of("answer"));
}

#[test]
fn report_for_people_says_what_the_model_is() {
    let folder = Folder::new("summary");
    let text = stdout(&run(&["report", &folder.variant("learned_spiral_74p")]));
    assert!(text.starts_with("learned parameters"), "{text}");
    assert!(text.contains("head_proj.weight") && text.contains("12. Training trajectory"));
}

#[test]
fn trace_has_an_answer_for_any_summands() {
    let folder = Folder::new("trace");
    let file = folder.variant("learned_spiral_74p");
    let output = run(&["trace", &file, "9999999999", "1", "--json"]);
    let trace = object(&output, "adderscope/trace");
    assert_eq!(trace["a"], 9_999_999_999u64);
    assert_eq!(trace["tokens"].as_array().unwrap().len(), 33);
    assert_eq!(trace["attention"][0].as_array().unwrap().len(), 33);
    assert_eq!(trace["correct"], trace["answer"] == 10_000_000_000u64);
    assert_eq!(
        refusal(&["trace", &file, "10000000000", "1"]),
        "adderscope: invalid value '10000000000' for '<A>': a summand is a whole number from 0 \
         to 9999999999 (see adderscope --help)"
    );
}

#[test]
fn explain_gives_a_numbers_arithmetic() {
    let folder = Folder::new("explain");
    let file = folder.variant("learned_spiral_74p");
    let output = run(&["explain", &file, "57", "68", "hidden:Z1/0", "--json"]);
    let hidden = object(&output, "adderscope/explanation");
    let trace = json(&run(&["trace", &file, "57", "68", "--json"]));
    assert_eq!((&hidden["a"], &hidden["b"]), (&57.into(), &68.into()));
    assert_eq!(hidden["item"], "hidden:Z1/0");
    assert_eq!(hidden["value"], trace["hidden"][22][0]);
    assert_eq!(hidden["rule"], serde_json::json!({"kind": "sum"}));
    let terms = hidden["terms"].as_array().unwrap();
    assert_eq!(terms[0]["item"], "ffn_input:Z1/0");
    assert_eq!(terms[0]["label"], "weight:fc1.weight/0 · ffn_input:Z1/0");
    let sum: f64 = terms.iter().map(|term| term["value"].as_f64().unwrap()).sum();
    assert!((sum - hidden["value"].as_f64().unwrap()).abs() < 1e-12);

    let text = stdout(&run(&["explain", &file, "57", "68", "attention:Z1/X1"]));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("attention:Z1/X1 = ") && lines[0].ends_with("  in 57 + 68"));
    assert!(lines[1].starts_with("attention = exp(score − largest) / Σ"), "{}", lines[1]);
    assert!(lines[2].ends_with(')') && lines[2].contains("exp(score:Z1/X0 − largest) ("));
    assert_eq!(lines.len(), 2 + 23 + 1, "{text}");
    assert!(lines[25].ends_with("the sum, of which the share of exp(score:Z1/X1 − largest)"));

    let text = refusal(&["explain", &file, "57", "68", "hidden:Z1/9"]);
    assert_eq!(text, "adderscope: “hidden:Z1/9” is no number of this model");
    let text = refusal(&["explain", &file, "57", "68", "what is\nthis"]);
    assert!(text.ends_with("names nothing that can be selected"), "{text}");
    assert!(refusal(&["explain", &file, "57", "x", "hidden:Z1/0"]).contains("a summand is"));
}

#[test]
fn verify_exits_with_one_when_a_model_does_not_qualify() {
    let folder = Folder::new("verify");
    let file = folder.variant("learned_spiral_74p");
    let output = run(&["verify", &file, "--pairs", "5", "--seed", "7", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let score = object(&output, "adderscope/score");
    assert_eq!((&score["total"], &score["qualified"]), (&15.into(), &false.into()));
    let passed = score["passed"].as_u64().unwrap();
    let failures = score["failures"].as_array().unwrap();
    assert_eq!(failures.len() as u64, 15 - passed);
    for f in failures {
        let at = |key: &str| f[key].as_u64().unwrap();
        assert!(at("expected") == at("a") + at("b") && at("got") != at("expected"));
    }
}

#[test]
fn verify_takes_pairs_from_a_file() {
    let folder = Folder::new("pairs");
    let file = snapshots::path("57p");
    let lines = b"# mine\r\n57 68\r\n\r\n9999999999,1\n12 + 30\n0\t7";
    let pairs = folder.write("pairs.csv", lines);
    let output = run(&["verify", &file, "--pairs", &pairs]);
    assert_eq!(stdout(&output).trim_end(), "4 of 4 right: qualified");
    let output = run(&["verify", &file, "--pairs", &pairs, "--json"]);
    let score = object(&output, "adderscope/score");
    assert_eq!((&score["total"], &score["seed"]), (&4.into(), &serde_json::Value::Null));
    for (text, wanted) in [
        ("57 68\na b\n", "line 2: \"a b\" is no pair"),
        ("57\n", "line 1: \"57\" is no pair"),
        ("1 2 3\n", "line 1: "),
        ("10000000000 1\n", "from 0 to 9999999999"),
        ("# none\n", "there are no pairs in it"),
    ] {
        let pairs = folder.write("bad.txt", text.as_bytes());
        let line = refusal(&["verify", &file, "--pairs", &pairs]);
        assert!(
            line.starts_with(&format!("adderscope: {pairs}: ")) && line.contains(wanted),
            "{line}"
        );
    }
    assert!(
        refusal(&["verify", &file, "--pairs", &pairs, "--seed", "7"]).contains("leave out one")
    );
    assert!(refusal(&["verify", &file, "--pairs", "99999999999"]).contains("at most 1000000"));
}

#[test]
fn a_published_model_qualifies() {
    let Some(checkpoints) = shared::folder("checkpoints") else { return };
    let file = checkpoints.join("57p.pt");
    let output = run(&["verify", &file.to_string_lossy(), "--pairs", "200"]);
    assert!(output.status.success());
    assert_eq!(stdout(&output).trim_end(), "210 of 210 right with seed 2025: qualified");
}

#[test]
fn prove_says_how_many_of_all_additions_are_right() {
    let output = run(&["prove", &snapshots::path("57p"), "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let proof = object(&output, "adderscope/proof");
    let keys: Vec<&str> = proof.as_object().unwrap().keys().skip(2).map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "total",
            "right",
            "right_at_least",
            "right_at_most",
            "wrong",
            "decided",
            "proven",
            "float32",
            "float32_differs",
            "counterexamples",
            "closest",
            "rules",
            "by_digit",
            "by_carry_chain",
            "milliseconds",
        ]
    );
    let all = "100000000000000000000";
    for key in ["total", "right", "right_at_least", "right_at_most"] {
        assert_eq!(proof[key], all, "{key}");
    }
    assert_eq!((&proof["wrong"], &proof["float32"]), (&"0".into(), &"open".into()));
    assert_eq!((&proof["decided"], &proof["proven"]), (&true.into(), &true.into()));
    assert_eq!(proof["by_digit"].as_array().unwrap().len(), 21);
    assert_eq!(proof["by_carry_chain"].as_array().unwrap().len(), 11);
    assert!(proof["milliseconds"].as_f64().unwrap() > 0.0);
}

#[test]
fn prove_exits_with_one_when_an_addition_is_wrong() {
    let folder = Folder::new("prove");
    let snapshot = formats::to_safetensors(&snapshots::raw("67p", 244_000)).unwrap();
    let file = folder.write("67p.safetensors", &snapshot);
    let output = run(&["prove", &file, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let proof = object(&output, "adderscope/proof");
    assert_eq!(proof["wrong"], "10000010000000000");
    assert_eq!(proof["right"], "99989999990000000000");
    let text = stdout(&run(&["prove", &file]));
    let first =
        "67p: wrong on exactly 10\u{202f}000\u{202f}010\u{202f}000\u{202f}000\u{202f}000 of";
    assert!(text.starts_with(first) && text.contains("in exact arithmetic"), "{text}");
    // All that are wrong have more digits.
    let output = run(&["prove", &file, "--digits", "7"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(
        text.contains("at most 7 digits each) additions, proven in exact arithmetic"),
        "{text}"
    );
    assert!(refusal(&["prove", &file, "--digits", "11"]).contains("11 is not in 1..=10"));
}

/// Numbers so large that what is made of them may leave the range of f64 are not looked at.
#[test]
fn prove_exits_with_three_when_nothing_is_decided() {
    let folder = Folder::new("undecided");
    let checkpoint = formats::to_json(&snapshots::raw("57p", 200_000));
    let mut checkpoint: Value = serde_json::from_str(&checkpoint).unwrap();
    checkpoint["model_state_dict"]["tok_arc_A"] = 1e20.into();
    let file = folder.write("57p.json", checkpoint.to_string().as_bytes());
    let output = run(&["prove", &file, "--json"]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let proof = object(&output, "adderscope/proof");
    assert_eq!((&proof["right"], &proof["wrong"]), (&Value::Null, &Value::Null));
    assert_eq!((&proof["decided"], &proof["proven"]), (&false.into(), &false.into()));
    assert_eq!(proof["right_at_least"], "0");
    assert_eq!(proof["right_at_most"], "100000000000000000000");
    let output = run(&["prove", &file]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).starts_with("57p: not decided; right on 0 to 100"));
}

#[test]
fn the_bundled_models_say_the_same_on_the_command_line() {
    let right =
        |name: &str| json(&run(&["prove", &snapshots::path(name), "--json"]))["right"].clone();
    assert_eq!(right("62p"), "75796234891818082276");
    assert_eq!(right("67p"), "100000000000000000000");
}

#[test]
fn converting_keeps_every_bit() {
    let folder = Folder::new("convert");
    let file = folder.variant("no_ln2_two_heads_170p_like");
    let (tensors, back) = (folder.path("a.safetensors"), folder.path("b.json"));
    assert!(run(&["convert", &file, &tensors]).status.success());
    assert!(run(&["convert", &tensors, &back]).status.success());
    let report = |file: &str| stdout(&run(&["report", file, "--json"]));
    assert_eq!(report(&file), report(&tensors));
    assert_eq!(report(&file), report(&back));
    let saved: Value = serde_json::from_slice(&fs::read(&back).unwrap()).unwrap();
    assert_eq!((&saved["schema"], &saved["version"]), (&"adderscope/checkpoint".into(), &1.into()));
    assert!(!Path::new(&folder.path("b.json.part")).exists());
    assert_eq!(
        refusal(&["convert", &file, &folder.path("c.pt")]),
        format!(
            "adderscope: {}: .pt is read only: write .safetensors or .json",
            folder.path("c.pt")
        )
    );
}

#[test]
fn figures_are_written_as_svg_and_png() {
    let folder = Folder::new("figure");
    let file = folder.variant("learned_spiral_74p");
    let (svg, png) = (folder.path("f.svg"), folder.path("f.png"));
    assert!(run(&["figure", &file, "-o", &svg]).status.success());
    assert!(run(&["figure", &file, "--theme", "dark", "-o", &png]).status.success());
    let text = fs::read_to_string(&svg).unwrap();
    assert!(text.starts_with("<svg") && text.contains("74 parameters"));
    assert!(fs::read(&png).unwrap().starts_with(b"\x89PNG\r\n"));
    assert_eq!(
        refusal(&["figure", &file, "-o", &folder.path("f.jpg")]),
        format!("adderscope: {}: a figure is written as .svg or .png", folder.path("f.jpg"))
    );
}

#[test]
fn bad_input_is_one_line_with_the_file_in_front() {
    let folder = Folder::new("bad");
    let html = folder.write("page.pt", b"<!doctype html><html></html>");
    for command in ["report", "verify", "prove"] {
        let line = refusal(&[command, &html]);
        assert!(
            line.starts_with(&format!("adderscope: {html}: ")) && line.contains("HTML"),
            "{line}"
        );
    }
    let missing = folder.path("none.pt");
    assert!(refusal(&["report", &missing]).starts_with(&format!("adderscope: {missing}: ")));
    assert!(refusal(&["report"]).contains("(see adderscope --help)"));
    assert!(refusal(&["verify", &html, "--seed", "x"]).contains("a seed is a whole number"));
    let folder_itself = folder.0.to_string_lossy().into_owned();
    assert!(refusal(&["report", &folder_itself]).starts_with("adderscope: "));
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let folder = Folder::new("pipe");
    let file = folder.variant("learned_spiral_74p");
    let mut child = Command::new(env!("CARGO_BIN_EXE_adderscope"))
        .args(["report", &file, "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn robust_says_how_far_numbers_go() {
    let root = env!("CARGO_MANIFEST_DIR");
    let model = format!("{root}/www/models/57p/57p.history.safetensors");
    let asked = ["robust", &model, "--number", "z_hi_pos/2", "--number", "fc1.weight/5"];
    let text = stdout(&run(&asked));
    assert!(text.contains("in exact arithmetic") && text.contains("reaches no answer digit"));
    assert!(text.contains("wrong at 0.3545"), "{text}");
    let value = object(&run(&[&asked[..], &["--json"]].concat()), "adderscope/robustness");
    let numbers = value["ranges"]["numbers"].as_array().unwrap();
    assert_eq!((numbers.len(), &numbers[0]["read"]), (2, &false.into()));
    assert_eq!(value["landscape"], Value::Null);
    assert!(refusal(&["robust", &model, "--number", "fc1.weight/99"]).contains("fc1.weight"));
    assert!(refusal(&["robust", &model, "--number", "no.such/0"]).contains("no.such"));
}

#[test]
fn robust_draws_the_landscape_that_it_prints() {
    let folder = Folder::new("landscape");
    let root = env!("CARGO_MANIFEST_DIR");
    let model = format!("{root}/www/models/57p/57p.history.safetensors");
    let two = ["fc1.weight/0", "fc1.weight/3"];
    let asked =
        [&["robust", &model, "--landscape"], &two[..], &["--reach", "0.02", "--values", "3"]]
            .concat();
    let (svg, png) = (folder.path("two.svg"), folder.path("two.png"));
    let value =
        object(&run(&[&asked[..], &["-o", &svg, "--json"]].concat()), "adderscope/robustness");
    let cells = value["landscape"]["cells"].as_array().unwrap();
    let right = cells.iter().filter(|cell| cell["right"] == true).count();
    assert!(right > 0 && cells.len() == 9);
    let text = std::fs::read_to_string(&svg).unwrap();
    assert!(text.starts_with("<svg") && text.contains("fc1.weight[0, 0]"), "{text}");
    assert!(text.contains(&format!("{right} of 9")), "{text}");
    let printed = stdout(&run(&[&asked[..], &["-o", &png, "--theme", "dark"]].concat()));
    assert_eq!(printed.matches(" all").count(), right);
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    let refused = refusal(&[&asked[..], &["-o", "two.gif"]].concat());
    assert!(refused.contains("two.gif: a figure is written as .svg or .png"), "{refused}");
    assert!(refusal(&["robust", &model, "-o", &svg]).contains("--landscape"));
    assert!(refusal(&[&asked[..], &["--theme", "dark"]].concat()).contains("--output"));
    let even = [&asked[..5], &["--values", "4", "-o", &svg]].concat();
    assert!(refusal(&even).contains("--values 4: a picture has an odd number of them"));
    let twice = [&asked[..], &["--landscape"], &two[..]].concat();
    assert!(refusal(&twice).contains("cannot be used multiple times"));
    // Where the picture cannot be written, what was found is not lost.
    let lost = run(&[&asked[..], &["-o", &folder.path("no/such.svg")]].concat());
    assert_eq!(lost.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&lost.stdout).contains(" all"));
}
