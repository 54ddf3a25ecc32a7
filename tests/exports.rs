//! The lines of Python that README and the page give to a person: the same in both, and run with the PyTorch that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use adderscope::formats::read_raw;
use common::{Pickle, named, torch_archive};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// A file of the repository.
fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The lines of README, as a person copies them.
fn lines() -> Vec<String> {
    let readme = text("README.md");
    readme
        .lines()
        .filter(|line| line.starts_with("import json, torch"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn readme_and_page_give_the_same_lines_for_any_machine() {
    let page = text("www/index.html");
    let lines = lines();
    assert_eq!(lines.len(), 2);
    for line in lines {
        assert!(line.contains("map_location=\"cpu\", weights_only=True"), "{line}");
        assert!(page.contains(&format!("<code>{line}</code>")), "{line}");
    }
}

/// A checkpoint that was trained on a GPU, which a machine without one has to be able to export.
fn on_a_gpu() -> Vec<u8> {
    let tensors = [named("w", &[2, 2], &[1., 2., 3., 4.])];
    let mut pickle = Pickle::new();
    pickle.op(b"}(").text("model_state_dict").state_dict(&tensors);
    for (key, value) in [("config", json!({"d_model": 5})), ("metrics", json!({"exact": 0.5}))] {
        pickle.text(key).value(&value);
    }
    let pickle = pickle.text("step").int(7).op(b"u").stop();
    let place = pickle.windows(8).position(|part| part == b"X\x03\0\0\0cpu").unwrap();
    let gpu = [&pickle[..place], b"X\x06\0\0\0cuda:0", &pickle[place + 8..]].concat();
    torch_archive(&gpu, &common::storages(&tensors))
}

#[test]
fn the_lines_run_where_there_is_pytorch() {
    let python = std::env::var("ADDERSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = |folder: &Path, line: &str| {
        Command::new(&python).args(["-c", line]).current_dir(folder).output()
    };
    let folder = std::env::temp_dir().join(format!("adderscope-exports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = on_a_gpu();
    std::fs::write(folder.join("best.pt"), &file).unwrap();
    let wanted = read_raw(&file).unwrap();
    for (line, (needs, written)) in
        lines().iter().zip([("safetensors.torch", "best.safetensors"), ("torch", "best.json")])
    {
        let is_there = run(&folder, &format!("import {needs}"));
        if !is_there.is_ok_and(|output| output.status.success()) {
            let _ = writeln!(std::io::stderr(), "skipped an export line: {python} has no {needs}");
            continue;
        }
        let output = run(&folder, line).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found = read_raw(&std::fs::read(folder.join(written)).unwrap()).unwrap();
        assert_eq!(
            (found.tensors, found.config, found.step),
            (wanted.tensors.clone(), wanted.config.clone(), wanted.step)
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
