//! Training on the command line: what a run writes, how it stops and goes on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::formats::{self, History, LogEntry};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A folder of this test's own that is not there yet.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("train").join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

/// A short run of small batches.
const SHORT: [&str; 8] =
    ["--steps", "60", "--batch", "8", "--eval-every", "20", "--eval-examples", "50"];

fn command(name: &str, out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adderscope"));
    command.arg(name).arg("--out").arg(out).args(more);
    command
}

fn train(out: &Path, more: &[&str]) -> Output {
    command("train", out, &[&SHORT, more].concat()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one line of a refusal, which must exit with 2.
fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim_end().to_owned()
}

/// The log without the one thing that two runs differ in.
fn log(out: &Path) -> Vec<LogEntry> {
    let entries = formats::read_log(&fs::read(out.join("log.jsonl")).unwrap()).unwrap();
    entries.entries.into_iter().map(|e| LogEntry { wall_time: None, ..e }).collect()
}

#[test]
fn a_run_writes_checkpoints_log_history_and_settings() {
    let out = folder("writes");
    let output = train(&out, &["--arch", "67p", "--seed", "5", "--adaptive-decay"]);
    assert!(output.status.success(), "{output:?}");
    let lines: Vec<String> = stdout(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(lines[0].starts_with("step 0 of 60  loss –  exact 0 %  tokens "), "{}", lines[0]);
    assert!(lines[3].starts_with("step 60 of 60  loss "), "{}", lines[3]);
    assert!(
        lines[4].starts_with("best at step ")
            && lines[4].contains(" of 10\u{202f}010 right, not qualified")
    );

    let read = |name: &str| fs::read(out.join(name)).unwrap();
    let last = formats::open(&read("last.safetensors")).unwrap();
    assert_eq!((last.model.params().count(), last.about.step), (67, Some(60)));
    let history = History::read(&read("history.safetensors")).unwrap();
    assert_eq!(history.len(), 4);
    let best = formats::open(&read("best.safetensors")).unwrap();
    let wanted = history.checkpoint(history.best().unwrap()).unwrap().unwrap();
    assert_eq!(best.about, wanted.about);
    assert_eq!(log(&out).iter().map(|e| e.step).collect::<Vec<_>>(), [0, 20, 40, 60]);
    let first = read("log.jsonl");
    let first: Value =
        serde_json::from_slice(first.split(|b| *b == b'\n').next().unwrap()).unwrap();
    assert_eq!((&first["schema"], &first["version"]), (&"adderscope/log".into(), &1.into()));
    let mut settings: Value = serde_json::from_slice(&read("settings.json")).unwrap();
    let map = settings.as_object_mut().unwrap();
    assert_eq!(map.shift_remove("schema"), Some("adderscope/settings".into()));
    assert_eq!(map.shift_remove("version"), Some(1.into()));
    assert_eq!(Some(&*map), history.settings());
    assert_eq!((&settings["seed"], &settings["adaptive_decay"]), (&5.into(), &true.into()));
    assert!(
        fs::read_dir(&out).unwrap().all(|f| f
            .unwrap()
            .path()
            .extension()
            .is_none_or(|e| e != "part"))
    );

    // The settings file makes the same run again.
    let again = folder("again");
    let file = out.join("settings.json");
    let output = command("train", &again, &["--settings", file.to_str().unwrap()]).output();
    assert!(output.unwrap().status.success());
    assert_eq!(fs::read(again.join("last.safetensors")).unwrap(), read("last.safetensors"));

    // So does one that does not say what it is, as older versions wrote it; one of another kind is refused.
    let older = out.join("older.json");
    fs::write(&older, settings.to_string()).unwrap();
    let args = ["--settings", older.to_str().unwrap(), "--force"];
    assert!(command("train", &again, &args).output().unwrap().status.success());
    assert_eq!(fs::read(again.join("last.safetensors")).unwrap(), read("last.safetensors"));
    settings["schema"] = "adderscope/report".into();
    fs::write(&older, settings.to_string()).unwrap();
    let text = refusal(&command("train", &again, &args).output().unwrap());
    assert!(
        text.ends_with(
            "older.json: it is adderscope/report, where adderscope/settings, version 1 should be"
        ),
        "{text}"
    );
}

#[test]
fn a_run_is_never_written_over_by_accident() {
    let out = folder("existing");
    assert!(train(&out, &[]).status.success());
    let before = fs::read(out.join("run.safetensors")).unwrap();
    let text = refusal(&train(&out, &["--seed", "2"]));
    assert_eq!(
        text,
        format!(
            "adderscope: {}: the folder holds a run already: go on with it (--resume), write over \
             it (--force) or choose another (--out)",
            out.display()
        )
    );
    assert_eq!(fs::read(out.join("run.safetensors")).unwrap(), before);
    let text = refusal(&train(&out, &["--resume", "--lr", "0.5"]));
    assert!(
        text.ends_with(
            "this run was begun with lr = 0.02, so it cannot go on with 0.5: leave the option out, \
             or begin anew (--force)"
        ),
        "{text}"
    );
    let text = refusal(&train(&out.join("typo"), &["--resume"]));
    assert!(text.ends_with("typo: the folder holds no run to go on with"), "{text}");
    assert!(!out.join("typo").exists());
    assert!(train(&out, &["--force", "--seed", "2"]).status.success());
    assert_ne!(fs::read(out.join("run.safetensors")).unwrap(), before);
}

#[test]
fn a_run_that_is_over_can_be_given_more_steps() {
    let (more, whole) = (folder("more"), folder("more-whole"));
    assert!(train(&more, &["--warmup", "10"]).status.success());
    let text = refusal(&command("train", &more, &["--resume", "--steps", "90"]).output().unwrap());
    assert!(
        text.contains(
            "begun with steps = 60, so it cannot go on with 90: give it more with --extra-steps"
        ),
        "{text}"
    );
    let output = command("train", &more, &["--resume", "--extra-steps", "30"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(train(&whole, &["--warmup", "10", "--extra-steps", "30"]).status.success());
    assert_eq!(log(&more).iter().map(|e| e.step).collect::<Vec<_>>(), [0, 20, 40, 60, 80, 90]);
    for name in ["last.safetensors", "best.safetensors", "settings.json"] {
        let [one, other] = [&more, &whole].map(|folder| fs::read(folder.join(name)).unwrap());
        assert!(one == other, "{name} of a run that was begun with them");
    }
    // The rates of the last step stay; fewer steps than were done are refused.
    let rates: Vec<_> = log(&more).iter().map(|e| e.lr).collect();
    assert_eq!(rates[4], rates[5]);
    let text = refusal(&train(&more, &["--resume", "--extra-steps", "10"]));
    assert!(text.contains("at least 30: the run is at step 90"), "{text}");
    assert!(
        train(&more, &["--resume", "--extra-steps", "30", "--until", "proven"]).status.success()
    );
}

#[test]
fn wrong_settings_are_refused_before_anything_is_written() {
    let out = folder("refused");
    for (args, text) in [
        (vec!["--lr", "fast"], "lr: “fast” should be a number from 0 to 10"),
        (vec!["--lr", "-1"], "lr: -1 should be a number from 0 to 10"),
        (
            vec!["--arch", "58p"],
            "arch: “58p” should be 57p, 62p, 67p, 74p, 62p_boost or a \
             configuration of the clean dialect",
        ),
        (vec!["--adaptive-decay", "maybe"], "adaptive_decay: “maybe” should be true or false"),
    ] {
        assert_eq!(refusal(&train(&out, &args)), format!("adderscope: {text}"));
    }
    assert!(refusal(&train(&out, &["--rate", "1"])).contains("unexpected argument '--rate'"));
    assert!(refusal(&train(&out, &["--arch", "none.json"])).contains("none.json: No such file"));
    assert!(!out.exists());
    let file = folder("file");
    fs::write(&file, b"").unwrap();
    assert!(refusal(&train(&file, &[])).contains("the folder cannot be made"));
}

#[test]
fn a_file_that_cannot_be_written_stops_the_run_and_spoils_nothing() {
    let out = folder("full");
    assert!(train(&out, &[]).status.success());
    let last = fs::read(out.join("last.safetensors")).unwrap();
    fs::remove_file(out.join("best.safetensors")).unwrap();
    fs::create_dir(out.join("best.safetensors")).unwrap();
    let text = refusal(&train(&out, &["--force", "--seed", "9"]));
    assert!(
        text.contains("best.safetensors: ")
            && text.ends_with(
                "What was written before is still there: mend this and go on with --resume"
            ),
        "{text}"
    );
    assert_eq!(fs::read(out.join("last.safetensors")).unwrap(), last);
    assert!(!out.join("best.safetensors.part").exists());
    fs::remove_dir(out.join("best.safetensors")).unwrap();
    assert!(train(&out, &["--resume", "--seed", "9"]).status.success());
    assert_ne!(fs::read(out.join("last.safetensors")).unwrap(), last);
}

/// Waits until the program has printed a line that starts with `start`.
#[cfg(unix)]
fn wait_for(child: &mut Child, start: &str) {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with(start)), "{start} was never printed");
}

/// Presses Ctrl+C after 500 steps; whether the run was not over by then.
#[cfg(unix)]
fn stopped(out: &Path, settings: &[&str]) -> bool {
    let mut child = command("train", out, settings).stdout(Stdio::piped()).spawn().unwrap();
    wait_for(&mut child, "step 500 of ");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let code = child.wait().unwrap().code();
    assert!(matches!(code, Some(0 | 130)), "{code:?}");
    code == Some(130)
}

#[cfg(unix)]
#[test]
fn a_run_survives_ctrl_c_and_ends_the_same() {
    let settings =
        |steps| ["--steps", steps, "--batch", "4", "--eval-every", "500", "--eval-examples", "50"];
    // A machine that is busy may come to stop a run when it is over: then a longer one.
    let (out, steps) = ["3000", "30000", "300000"]
        .into_iter()
        .map(|steps| (folder("stopped"), steps))
        .find(|(out, steps)| stopped(out, &settings(steps)))
        .unwrap();
    let whole = folder("whole");
    assert!(command("train", &whole, &settings(steps)).output().unwrap().status.success());
    let run = adderscope::train::Trainer::restore(&fs::read(out.join("run.safetensors")).unwrap());
    let step = run.unwrap().progress().step;
    assert!((500..steps.parse().unwrap()).contains(&step), "{step}");

    assert!(command("train", &out, &["--resume"]).output().unwrap().status.success());
    for name in ["last.safetensors", "best.safetensors"] {
        assert!(fs::read(out.join(name)).unwrap() == fs::read(whole.join(name)).unwrap(), "{name}");
    }
    assert_eq!(log(&out), log(&whole));
}

#[test]
fn a_sweep_writes_a_table_and_a_folder_for_each_seed() {
    let out = folder("sweep");
    let args = [&SHORT[..], &["--arch", "57p", "--seeds", "3..6", "--jobs", "2"]].concat();
    let output = command("sweep", &out, &args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        stdout(&output).lines().filter(|l| l.contains(": done at step 60, best ")).count(),
        3
    );
    let table = fs::read_to_string(out.join("sweep.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let header = "seed,steps,val_exact,best_step,adderboard_passed,adderboard_total,exact,first_half,seconds,outcome,\
                  name,parameters,closest,ratio_1,ratio_2,ratio_3,ratio_4,ratio_5,ratio_6,ratio_7,ratio_8,ratio_9";
    assert_eq!(rows[0].join(","), header);
    assert_eq!(rows[1..].iter().map(|r| r[0]).collect::<Vec<_>>(), ["3", "4", "5"]);
    for row in &rows[1..] {
        assert_eq!((row[1], row[5], row[7], row[9]), ("60", "10010", "", "done"));
        assert_eq!((row[10], row[11]), (&*format!("seed-{}", row[0]), "57"));
        // Hardly any addition is right by then, if it could be decided at all.
        assert!(row[6].is_empty() || row[6].parse::<u128>().unwrap() < 10u128.pow(18), "{row:?}");
        let best = out.join(format!("seed-{}/best.safetensors", row[0]));
        let best = formats::open(&fs::read(best).unwrap()).unwrap();
        assert_eq!(best.about.step.unwrap().to_string(), row[3]);
    }
    // A seed of a sweep is the run that train makes of it.
    let alone = folder("alone");
    assert!(train(&alone, &["--arch", "57p", "--seed", "4"]).status.success());
    let last = |out: &Path| fs::read(out.join("last.safetensors")).unwrap();
    assert!(last(&alone) == last(&out.join("seed-4")));

    let text = refusal(&command("sweep", &out, &args).output().unwrap());
    assert!(text.contains("the folder holds a sweep already"), "{text}");
    let more = [&SHORT[..], &["--arch", "57p", "--seeds", "2..4", "--resume"]].concat();
    assert!(command("sweep", &out, &more).output().unwrap().status.success());
    let wider = fs::read_to_string(out.join("sweep.csv")).unwrap();
    let seeds: Vec<&str> = wider.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(seeds, ["seed", "2", "3", "4", "5"]);

    // A table of another version is kept, and made again of the seeds that are asked for.
    fs::write(out.join("sweep.csv"), "seed,exact\n7,1\n").unwrap();
    let output = command("sweep", &out, &more).output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("it is no table of this version"), "{said}");
    assert!(said.contains("sweep.csv.unread, and a new one is made of the seeds"), "{said}");
    assert_eq!(fs::read_to_string(out.join("sweep.csv.unread")).unwrap(), "seed,exact\n7,1\n");
    let again = fs::read_to_string(out.join("sweep.csv")).unwrap();
    assert_eq!(without_seconds(&again)[1..], without_seconds(&wider)[1..3]);
}

/// The lines of a table, without the one cell in which two runs differ.
fn without_seconds(table: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines: Vec<_> = table.lines().map(cells).collect();
    lines.iter_mut().for_each(|cells| cells[8].clear());
    lines
}

#[test]
fn the_parts_of_a_sweep_make_the_same_table_as_one_run() {
    let home = folder("shards");
    let sweep = |out: &Path, more: &[&str]| {
        let args = [&SHORT[..], &["--arch", "57p", "--seeds", "8..11"], more].concat();
        assert!(command("sweep", out, &args).output().unwrap().status.success());
    };
    let whole = home.join("whole");
    sweep(&whole, &[]);
    let parts = ["1/2", "2/2"].map(|part| {
        let out = home.join(format!("part-{}", &part[..1]));
        sweep(&out, &["--shard", part]);
        out
    });
    let seeds = |out: &Path| {
        let table = fs::read_to_string(out.join("sweep.csv")).unwrap();
        table.lines().skip(1).map(|l| l.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(parts.each_ref().map(|out| seeds(out)), [vec!["8", "10"], vec!["9"]]);

    let table = |paths: &[&Path], to: &str| {
        let to = home.join(to);
        let mut command = Command::new(env!("CARGO_BIN_EXE_adderscope"));
        command.arg("table").args(paths).args(["--sort", "name", "-o"]).arg(&to);
        assert!(command.output().unwrap().status.success());
        fs::read_to_string(to).unwrap()
    };
    let merged = table(&parts.each_ref().map(PathBuf::as_path), "merged.csv");
    let one = fs::read_to_string(whole.join("sweep.csv")).unwrap();
    assert_eq!(without_seconds(&merged), without_seconds(&one));
    assert_eq!(without_seconds(&table(&[&whole], "whole.csv")), without_seconds(&one));
    // A folder of parts, tables alone, and a part that is named twice.
    let files = parts.each_ref().map(|out| out.join("sweep.csv"));
    let files: Vec<&Path> = files.iter().chain(&files[..1]).map(PathBuf::as_path).collect();
    assert_eq!(table(&files, "files.csv"), merged);

    // More parts than seeds: those without one have an empty table.
    let empty = home.join("empty");
    sweep(&empty, &["--shard", "7/9"]);
    assert_eq!(fs::read_to_string(empty.join("sweep.csv")).unwrap().lines().count(), 1);
    for part in ["0/3", "4/3", "1", "1/0", "a/b"] {
        let args = ["--seeds", "0..4", "--shard", part];
        let text = refusal(&command("sweep", &home.join("none"), &args).output().unwrap());
        assert!(text.contains("a part is given like 1/4"), "{text}");
    }
}

#[test]
fn sweeps_refuse_what_is_not_a_range_of_seeds() {
    let out = folder("no_sweep");
    for seeds in ["5", "5..5", "6..5", "a..b"] {
        let text = refusal(&command("sweep", &out, &["--seeds", seeds]).output().unwrap());
        assert!(text.contains("seeds are given like 0..64"), "{text}");
    }
    let text =
        refusal(&command("sweep", &out, &["--seeds", "0..2", "--seed", "1"]).output().unwrap());
    assert_eq!(text, "adderscope: --seed is for train: a sweep takes --seeds");
    assert!(!out.exists());
}
