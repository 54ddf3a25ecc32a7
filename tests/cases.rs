//! Files of every kind that people have, made from published checkpoints: each opens with the numbers of its source, or is
//! refused in one line.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/shared.rs"]
mod shared;

use adderscope::formats::{File, read_files};
use adderscope::model::file::Input;
use serde_json::Value;
use std::path::Path;

/// What `cases.json` says of a file.
struct Case {
    file: String,
    source: String,
    opens: bool,
}

/// Files that may be refused in words, and which are opened all the same.
const OPENS_ALL_THE_SAME: [&str; 2] = ["pt_inside.tar", "protocol1.pt"];

/// The cases that are to be opened as `kind`.
fn cases(folder: &Path, kind: &str) -> Vec<Case> {
    let text = std::fs::read(folder.join("cases.json")).unwrap();
    let listed: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let word = |case: &Value, key: &str| case[key].as_str().unwrap().to_owned();
    let case = |case: &Value| {
        let file = word(case, "file");
        // It was made from another checkpoint than those around it.
        let source = if file.contains("67p") { "67p.pt".to_owned() } else { word(case, "source") };
        let opens = word(case, "expect") == "opens" || OPENS_ALL_THE_SAME.contains(&file.as_str());
        Case { file, source, opens }
    };
    listed.iter().filter(|case| case["as"] == kind).map(case).collect()
}

fn file(path: &Path) -> File {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    File { name, bytes: std::fs::read(path).unwrap() }
}

/// The numbers of a model, by tensor, and how many were learned.
fn numbers(file: File) -> Result<(usize, Vec<Vec<u32>>), String> {
    let input = read_files(vec![file]).map_err(|error| error.to_string())?;
    let Input::Model(file) = input else { return Err("it was taken for a log".to_owned()) };
    let checkpoint = file.opening();
    let params = checkpoint.model.params();
    let bits = params.iter().map(|p| p.values.iter().map(|v| v.to_bits()).collect()).collect();
    Ok((params.count(), bits))
}

/// What is wrong with how a checkpoint is read.
fn fault(folder: &Path, case: &Case) -> Option<String> {
    let wanted = numbers(file(&folder.join("../checkpoints").join(&case.source))).unwrap();
    match (numbers(file(&folder.join(&case.file))), case.opens) {
        (Ok(found), true) => (found != wanted).then(|| "it opens with other numbers".to_owned()),
        (Ok(_), false) => Some("it opens, and should be refused".to_owned()),
        (Err(words), true) => Some(format!("it should open: {words}")),
        (Err(words), false) => {
            let one_line = words.len() <= 300 && !words.contains(char::is_control);
            (!one_line).then(|| format!("its words are no short line: {words}"))
        }
    }
}

#[test]
fn checkpoints_open_with_their_numbers_or_are_refused_in_a_line() {
    let Some(folder) = shared::folder("cases") else { return };
    let cases = cases(&folder, "checkpoint");
    assert!(cases.len() > 40, "{}", cases.len());
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.file, fault(&folder, case)?)))
        .collect();
    assert!(faults.is_empty(), "{} of {}\n{}", faults.len(), cases.len(), faults.join("\n"));
}
