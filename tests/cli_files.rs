//! Files and folders as the command line meets them: links, devices, folders, two processes at once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;
#[path = "common/files.rs"]
mod files;
#[path = "common/packing.rs"]
mod packing;

use packing::{gzip, tar};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-files").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn command(folder: &Path, args: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adderscope"));
    command.current_dir(folder).args(args.split_whitespace());
    command
}

fn run(folder: &Path, args: &str) -> Output {
    command(folder, args).output().unwrap()
}

fn told(folder: &Path, args: &str) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "{args}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &Path, args: &str) -> String {
    let output = run(folder, args);
    assert_eq!(output.status.code(), Some(2), "{args}: {output:?}");
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(words.trim_end().lines().count(), 1, "{words}");
    words
}

fn variant(name: &str) -> String {
    files::variant(name).to_string()
}

#[test]
fn a_folder_is_opened_with_all_that_fits() {
    let folder = folder("report");
    assert!(refused(&folder, "report .").contains("the folder holds no file"));
    fs::write(folder.join("model.json"), variant("learned_spiral_74p")).unwrap();
    fs::write(folder.join("log.jsonl"), "{\"step\": 1, \"val_exact\": 0.5}\nnothing\n").unwrap();
    fs::write(folder.join("notes.txt"), "text").unwrap();
    fs::write(folder.join(".hidden"), "text").unwrap();
    fs::create_dir(folder.join("inner")).unwrap();
    let words = told(&folder, "report .");
    assert!(words.contains("log.jsonl: 1 line skipped, the first: 2 ("), "{words}");
    assert!(words.contains("notes.txt was left aside: "), "{words}");
    assert!(!words.contains(".hidden"), "{words}");
    assert_eq!(told(&folder, "trace . 57 68"), told(&folder, "trace model.json 57 68"));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_device_a_device() {
    let folder = folder("links");
    fs::write(folder.join("model.json"), variant("learned_spiral_74p")).unwrap();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.join(name)).unwrap();
    fs::create_dir(folder.join("far")).unwrap();
    link("far/out.json", "near.json");
    link("near.json", "nearer.json");
    for _ in 0..2 {
        told(&folder, "convert model.json nearer.json");
        assert!(folder.join("near.json").is_symlink() && folder.join("nearer.json").is_symlink());
        assert!(!folder.join("far/out.json").is_symlink());
        assert!(fs::read_to_string(folder.join("far/out.json")).unwrap().starts_with('{'));
    }
    link("round.json", "round.json");
    assert!(refused(&folder, "convert model.json round.json").contains("leads to itself"));
    link("/dev/null", "null.json");
    told(&folder, "convert model.json null.json");
    assert!(folder.join("null.json").is_symlink() && !Path::new("/dev/null").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn a_size_that_is_not_told_is_limited_all_the_same() {
    let words = refused(&folder("devices"), "report /dev/zero");
    assert!(words.contains("too large: 67108865 bytes"), "{words}");
}

#[test]
fn a_folder_is_written_by_one_process_at_a_time() {
    let folder = folder("locked");
    let mut first = command(&folder, "train --out run --steps 1000000 --eval-every 1000")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Its first line says that the folder is its own.
    let mut lines = std::io::BufReader::new(first.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut lines, &mut String::new()).unwrap();
    for args in ["train --out run --force", "train --out run --resume"] {
        let words = refused(&folder, args);
        assert!(words.contains("another process is writing to this folder"), "{words}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
    // Whatever became of it, the folder is free again.
    told(&folder, "train --out run --force --steps 20 --eval-every 10");
}

#[test]
fn a_run_goes_on_when_nobody_reads_what_it_says() {
    let folder = folder("unread");
    let mut child = command(&folder, "train --out run --steps 200 --eval-every 10")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    let log = fs::read_to_string(folder.join("run/log.jsonl")).unwrap();
    assert!(log.lines().last().unwrap().contains("\"step\":200"), "{log}");
}

#[test]
fn a_sweep_has_as_many_seeds_as_anyone_waits_for() {
    let folder = folder("sweep");
    let words = refused(&folder, "sweep --seeds 0..99999999999 --out runs");
    assert!(words.contains("99999999999 seeds are more than the 1000000 of one sweep"), "{words}");
    assert!(!folder.join("runs").exists());
}

#[test]
fn what_an_archive_holds_beside_the_model_is_said_when_it_is_converted() {
    let folder = folder("archive");
    let model = variant("learned_spiral_74p");
    let config = r#"{"d_model": 5, "tok_dim": 2, "pos_dim": 3, "vocab_size": 10}"#;
    let log = "{\"step\": 1, \"val_exact\": 0.5}\n{\"step\": 2, \"val_exact\": 0.5}\n";
    let files: [(&str, &[u8]); 3] = [
        ("run/model.json", model.as_bytes()),
        ("run/config.json", config.as_bytes()),
        ("run/log.jsonl", log.as_bytes()),
    ];
    fs::write(folder.join("run.tar"), tar(&files)).unwrap();
    let output = run(&folder, "convert run.tar out.safetensors");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "adderscope: note: run/config.json was left aside: the checkpoint has a configuration of its own.\n\
         adderscope: note: run/log.jsonl was left aside: it is a log, and only the checkpoint was read.\n"
    );
    let words = String::from_utf8(run(&folder, "report run.tar").stdout).unwrap();
    assert!(words.contains("run/config.json was left aside: "), "{words}");
}

#[test]
fn a_log_may_be_compressed() {
    let folder = folder("gz");
    fs::write(folder.join("model.json"), variant("learned_spiral_74p")).unwrap();
    let log = b"{\"step\": 1, \"val_exact\": 0.25}\n{\"step\": 2, \"val_exact\": 0.75}\n";
    fs::write(folder.join("log.jsonl.gz"), gzip(log)).unwrap();
    let words = told(&folder, "report model.json --log log.jsonl.gz");
    assert!(words.contains("it ends at 75.0 %"), "{words}");
}

#[test]
fn what_was_opened_and_what_was_left_aside_is_said() {
    let folder = folder("aside");
    fs::write(folder.join("a.json"), variant("learned_spiral_74p")).unwrap();
    fs::write(folder.join("b.json"), variant("learned_spiral_74p")).unwrap();
    fs::write(folder.join("log.jsonl"), "{\"step\": 1, \"val_exact\": 0.5}\nnothing\n").unwrap();
    let said = |args: &str| String::from_utf8(run(&folder, args).stderr).unwrap();
    let words = said("verify . --pairs 5");
    assert!(words.contains("note: ./a.json was opened.\n"), "{words}");
    assert!(
        words.contains("note: ./b.json was left aside: it is a second checkpoint.\n"),
        "{words}"
    );
    for args in ["report . --json", "figure . -o figure.svg"] {
        let words = said(args);
        assert!(words.contains("note: ./b.json was left aside: "), "{words}");
        assert!(words.contains("log.jsonl: 1 line skipped"), "{words}");
    }
}
