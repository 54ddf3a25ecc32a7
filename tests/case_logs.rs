//! Logs of the kinds that people have: those of `cases` where the folder is there, and made-up ones of each kind.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/shared.rs"]
mod shared;

use adderscope::formats::{File, Kind, RunLog, read_log, sniff};
use adderscope::model::file::Evaluation;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn read(folder: &Path, name: &str) -> File {
    File { name: name.into(), bytes: fs::read(folder.join(name)).unwrap() }
}

/// Step, exact match and token accuracy.
type Row = (u64, Option<f64>, Option<f64>);

/// Of the shares of a log, those that were measured, as `(step, exact, tokens)`.
fn shares(log: &[Evaluation]) -> Vec<Row> {
    log.iter().map(|e| (e.step, e.val_exact, e.val_tok_acc)).collect()
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    a.is_none() == b.is_none() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-12)
}

/// What of the original log a case should hold: rows by step or in order, and its columns.
fn wanted(file: &str, original: &[Evaluation]) -> Vec<Row> {
    let counted = matches!(file, "names_epoch_only.jsonl" | "keras_history_no_step.json");
    let no_tokens =
        ["keras_history_no_step.json", "names_val_acc.jsonl", "tensorboard_download.csv"];
    let all = shares(original).into_iter().enumerate();
    all.filter(|(_, row)| file != "truncated_then_resumed.jsonl" || row.0 != 42_000)
        .map(|(i, (step, exact, tokens))| {
            let step = if counted { i as u64 + 1 } else { step };
            (step, exact, tokens.filter(|_| !no_tokens.contains(&file)))
        })
        .collect()
}

#[test]
fn every_case_does_what_is_said_of_it() {
    let (Some(cases), Some(checkpoints)) = (shared::folder("cases"), shared::folder("checkpoints"))
    else {
        return;
    };
    let all: Value = serde_json::from_slice(&fs::read(cases.join("cases.json")).unwrap()).unwrap();
    let original = read_log(&read(&checkpoints, "62p.log.jsonl").bytes).unwrap();
    let original: Vec<Evaluation> = original.entries.iter().map(Evaluation::from).collect();
    let mut tried = 0;
    for case in all.as_array().unwrap().iter().filter(|case| case["as"] == "log") {
        let text = |key: &str| case[key].as_str().unwrap();
        let (file, source) = (text("file"), text("source"));
        let opened = adderscope::open(vec![read(&checkpoints, source), read(&cases, file)]);
        tried += 1;
        if text("expect") == "refused in words" {
            // Beside a checkpoint it is left aside, with the words that refuse it alone.
            let left = opened.unwrap().aside;
            let alone = adderscope::open(vec![read(&cases, file)]).unwrap_err().to_string();
            for message in [&alone, &left[0].sentence] {
                assert!(message.starts_with(file) && message.len() <= 300, "{message}");
            }
            continue;
        }
        let loaded = opened.unwrap_or_else(|error| panic!("{file}: {error}"));
        let found = shares(loaded.log.as_ref().unwrap());
        let wanted = wanted(file, &original);
        assert_eq!(found.len(), wanted.len(), "{file}");
        for (found, wanted) in found.iter().zip(&wanted) {
            let same = close(found.1, wanted.1) && close(found.2, wanted.2);
            assert!(found.0 == wanted.0 && same, "{file}: {found:?}, not {wanted:?}");
        }
        let notes = loaded.summary().notes.join("\n");
        let said = match text("fault") {
            fault if fault.starts_with('L') => "percent",
            fault if fault.starts_with('H') && file.starts_with("names_") => "read as",
            _ if file.starts_with("truncated") => "1 line skipped, the first: 21 (",
            _ if file.starts_with("mixed") => "41 lines skipped, the first: 1 (",
            _ if file.starts_with("header") => "1 line skipped, the first: 1 (it has no step)",
            _ => "",
        };
        assert!(notes.contains(said), "{file}: {notes}");
        assert!(!notes.contains("another run"), "{file}: {notes}");
        assert!(loaded.summary().notes.iter().all(|note| note.len() <= 300), "{file}: {notes}");
    }
    assert!(tried > 15);
}

#[test]
fn the_logs_of_two_runs_are_told_apart() {
    let Some(folder) = shared::folder("checkpoints") else { return };
    let notes = |model: &str, log: &str| {
        let files = vec![read(&folder, model), read(&folder, log)];
        let notes = adderscope::open(files).unwrap().summary().notes.join("\n");
        notes.replace(['\u{a0}', '\u{2009}', '\u{202f}'], " ")
    };
    for name in ["62p", "62p_boost"] {
        let own = notes(&format!("{name}.pt"), &format!("{name}.log.jsonl"));
        assert!(!own.contains("another run"), "{own}");
    }
    let said = notes("62p_boost.pt", "62p.log.jsonl");
    let wanted = "62p.log.jsonl may be the log of another run than that of 62p_boost.pt: at step 70 000 it has \
                  84.5 % exact match, and the model 0 %.";
    assert!(said.contains(wanted), "{said}");
    let said = notes("62p.pt", "62p_boost.log.jsonl");
    assert!(said.contains("it ends at step 70 000, and the model is of step 80 000."), "{said}");
}

/// What is read of a made-up log: its rows, and its notes in one text.
fn made(bytes: &[u8]) -> (Vec<Row>, String) {
    assert_eq!(sniff(bytes), Kind::RunLog, "{}", String::from_utf8_lossy(bytes));
    let RunLog { entries, notes, .. } = read_log(bytes).unwrap();
    let log: Vec<Evaluation> = entries.iter().map(Evaluation::from).collect();
    (shares(&log), notes.join(" "))
}

/// The rows that every form below says.
const ROWS: [Row; 3] =
    [(100, Some(0.0), Some(0.25)), (200, Some(0.5), Some(0.75)), (300, Some(1.0), Some(1.0))];

#[test]
fn every_form_of_a_log_says_the_same() {
    let forms = [
        // Lines among others, with a time in front, as Python prints a dict, with a comma after each.
        "start\n10:01 {\"step\": 100, \"val_exact\": 0, \"val_tok_acc\": 0.25}\nINFO:root:{'step': 200, 'val_exact': 0.5, \
         'val_tok_acc': 0.75, 'best': None, 'why': \"it's\"}\n{\"step\": 300, \"val_exact\": 1, \"val_tok_acc\": 1},\n",
        // Rows of one step in any order.
        "{\"step\":300,\"val_tok_acc\":1}\n{\"step\":100,\"loss\":2}\n{\"step\":200,\"val_exact\":0.5}\n{\"step\":100,\"val_exact\":0}\n\
         {\"step\":200,\"val_tok_acc\":0.75,\"val_exact\":null}\n{\"step\":300,\"val_exact\":1.0}\n{\"step\":100,\"val_tok_acc\":0.25}\n\
         {\"step\":200,\"loss\":1}",
        // Lists, of entries and as a trainer keeps it.
        "[{\"step\":100,\"val_exact\":0,\"val_tok_acc\":0.25},{\"step\":200,\"val_exact\":0.5,\"val_tok_acc\":0.75},\
         {\"step\":300,\"val_exact\":1,\"val_tok_acc\":1}]",
        "{\n\"best_metric\": null, \"global_step\": 300, \"log_history\": [\n{\"epoch\": 0.5, \"loss\": 2, \"step\": 100},\n\
         {\"epoch\": 0.5, \"eval_exact_match\": 0.0, \"eval_token_accuracy\": 0.25, \"step\": 100},\n{\"epoch\": 1.0, \
         \"eval_exact_match\": 0.5, \"eval_token_accuracy\": 0.75, \"step\": 200}, {\"epoch\": 1.5, \"eval_exact_match\": 1.0, \
         \"eval_token_accuracy\": 1, \"step\": 300}], \"max_steps\": 300}",
        // Columns: Keras', pandas' in two forms.
        "{\"step\": [100, 200, 300], \"val_exact\": [0, 0.5, 1], \"val_tok_acc\": [0.25, 0.75, 1]}",
        "{\"step\":{\"0\":100,\"1\":200,\"2\":300},\"val_exact\":{\"0\":0,\"1\":0.5,\"2\":1},\"val_tok_acc\":{\"0\":0.25,\"1\":0.75,\"2\":1}}",
        "{\"columns\":[\"step\",\"val_exact\",\"val_tok_acc\"],\"index\":[0,1,2],\"data\":[[100,0,0.25],[200,0.5,0.75],[300,1,1]]}",
        // Nested, and under the names of others.
        "{\"_step\":100,\"val\":{\"exact\":0,\"token_acc\":\"0.25\"}}\n{\"_step\":200,\"val\":{\"exact\":\"0.5\",\"token_acc\":0.75}}\n\
         {\"_step\":300,\"val\":{\"exact\":\"1\",\"token_acc\":1}}",
        // Tables: Lightning's with gaps, Weights & Biases' with the run's name, tabs, semicolons, spaces.
        "epoch,step,train_loss_step,val_acc,val_token_acc\r\n0,100,2,,\r\n0,100,,0.0,0.25\r\n1,200,1,,\r\n1,200,,0.5,0.75\r\n\
         2,300,,1.0,1.0\r\n",
        "\"Step\",\"glad-sun-3 - val/exact_match\",\"glad-sun-3 - val/exact_match__MIN\",\"glad-sun-3 - val_tok_acc\"\n\
         \"100\",\"0\",\"0\",\"0.25\"\n\"200\",\"0.5\",\"0\",\"0.75\"\n\"300\",\"1\",\"0\",\"1\"\n",
        "\tstep\tval_exact\tval_tok_acc\n0\t100\t0\t0.25\n1\t200\t0.5\t0.75\n2\t300\t1\t1",
        "step;val_exact;val_tok_acc\n100;0;0,25\n200;0,5;0,75\n300;1;1\n",
        "# step val_exact val_tok_acc\n100 0 0.25\n200 0.5 0.75\n300 1 1\n",
    ];
    for form in forms {
        assert_eq!(made(form.as_bytes()).0, ROWS, "{form}");
        let wide: Vec<u8> = form.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(made(&wide).0, ROWS);
        assert_eq!(made(&[b"\xff\xfe".to_vec(), wide].concat()).0, ROWS);
        assert_eq!(made(&[b"\xef\xbb\xbf", form.as_bytes()].concat()).0, ROWS);
        // Lines as old systems end them.
        let returns = form.replace("\r\n", "\n").replace('\n', "\r");
        assert_eq!(made(returns.as_bytes()).0, ROWS, "{form}");
    }
}

#[test]
fn what_is_no_entry_is_skipped_counted_and_the_first_named() {
    let (rows, notes) = made(
        b"{\"step\": 1, \"val_exact\": 0.5}\n\n{\"step\": 2, \"val_ex\n{\"val_exact\": 1}\n{\"step\": 1.5, \"val_exact\": 1}\n\
          {\"step\": 9007199254740992, \"val_exact\": 1}\n{\"step\": 3, \"val_exact\": \"high\"}\n{\"step\": 4, \"val_exact\": \"NaN\"}\n",
    );
    assert_eq!(rows, [(1, Some(0.5), None), (4, None, None)]);
    assert_eq!(
        notes,
        "5 lines skipped, the first: 3 (column 19: it ends in the middle of a value)."
    );
    let (rows, notes) = made(b"step,val_exact\n1,0.5\nstep,val_exact\n2,0.75,8\n3,oops\n4,1\n");
    assert_eq!(rows, [(1, Some(0.5), None), (4, Some(1.0), None)]);
    assert_eq!(
        notes,
        "3 lines skipped, the first: 3 (its step is \"step\", not a whole number below 2^53)."
    );
    let long = format!(
        "{{\"step\": 1, \"loss\": 1}}\n{{\"step\": 2, \"note\": \"{}\"}}",
        "x".repeat(70_000)
    );
    let (rows, notes) = made(long.as_bytes());
    assert_eq!(rows.len(), 1);
    assert!(
        notes.contains(
            "1 line skipped, the first: 2 (it has 70023 bytes, and a line of a log at most 65536)"
        ),
        "{notes}"
    );
    let (rows, notes) = made(b"[3, {\"step\": 1, \"val_acc\": 0.5}, null]");
    assert_eq!(rows, [(1, Some(0.5), None)]);
    assert_eq!(
        notes,
        "val_acc read as val_exact. 2 entries skipped, the first: 1 (it is not a JSON object ({\u{2026}}))."
    );
}

#[test]
fn percent_is_read_as_percent_and_what_is_no_share_is_left_out() {
    let percent = [
        // A run that learned nothing has no exact match over 1.
        "{\"step\":1,\"val_exact\":0.0,\"val_tok_acc\":20}\n{\"step\":2,\"val_exact\":0.2,\"val_tok_acc\":25}",
        "step,val_exact (%),val_tok_acc (%)\n1,0,20\n2,0.2,25\n",
        "{\"step\":[1,2],\"val_exact\":[\"0 %\",\"0.2%\"],\"val_tok_acc\":[\"20%\",\"25%\"]}",
    ];
    for (index, log) in percent.into_iter().enumerate() {
        let (rows, notes) = made(log.as_bytes());
        let same = close(rows[1].1, Some(0.002)) && close(rows[1].2, Some(0.25));
        assert!(rows.len() == 2 && same && close(rows[0].2, Some(0.2)), "{log}: {rows:?}");
        assert_eq!(notes.contains("read as percent"), index < 2, "{notes}");
    }
    // Shares with a value that is none, above, below and far off.
    let (rows, notes) = made(
        b"{\"step\":1,\"val_exact\":0.5}\n{\"step\":2,\"val_exact\":55}\n{\"step\":3,\"val_exact\":-0.5}\n\
          {\"step\":4,\"val_exact\":1e308}\n{\"step\":5,\"val_exact\":1.0000001}\n",
    );
    assert_eq!(rows.iter().filter_map(|row| row.1).collect::<Vec<_>>(), [0.5, 1.0]);
    assert_eq!(
        notes,
        "3 values are no shares from 0 to 1 and not shown, the first: val_exact 55.0 at step 2."
    );
    // Percent with a value that is none.
    let (rows, notes) = made(b"step,val_acc\n1,10\n2,50\n3,101\n4,100\n");
    assert_eq!(
        rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        [Some(0.1), Some(0.5), None, Some(1.0)]
    );
    assert!(
        notes.contains("val_acc read as percent")
            && notes.contains("the first: val_exact 101.0 at step 3"),
        "{notes}"
    );
}

#[test]
fn rows_without_steps_are_counted_and_that_is_said() {
    let (rows, notes) = made(b"{\"loss\": [2, 1], \"val_accuracy\": [0.5, 1]}");
    assert_eq!(rows, [(1, Some(0.5), None), (2, Some(1.0), None)]);
    assert_eq!(
        notes,
        "val_accuracy read as val_exact. It has no step: its rows are counted from 1."
    );
    let (rows, notes) = made(b"{'eval_accuracy': 0.5, 'epoch': 0.5}\n{'loss': 1, 'epoch': 0.5}\n{'eval_accuracy': 1.0, 'epoch': 1.0}");
    assert_eq!(rows, [(1, Some(0.5), None), (2, Some(1.0), None)]);
    assert!(notes.contains("epoch read as step") && notes.contains("Parts of epochs"), "{notes}");
    let (rows, notes) = made(b"Wall time,Step,Value\n1.7e9,5,0.5\n");
    assert_eq!(rows, [(5, Some(0.5), None)]);
    assert!(
        notes.contains("Value read as val_exact, as the file does not say what it is"),
        "{notes}"
    );
    assert_eq!(
        made(b"[[1.7e9, 5, 0.5], [1.7e9, 6, 1]]").0,
        [(5, Some(0.5), None), (6, Some(1.0), None)]
    );
}

#[test]
fn what_holds_tensors_is_never_a_log() {
    let weights = [
        "{\"step\": 5, \"loss\": 0.1, \"tok_arc_A\": 2.5, \"tok_arc_start\": 1}",
        "{\"step\": 5, \"loss\": 0.1, \"model_state_dict\": {}}",
        "{\"step\": 5, \"val_exact\": 1, \"net\": {\"head_proj\": {\"weight\": [[1, 2]]}}}",
        "{\"step\": 5, \"loss\": 1, \"z\": {\"tok_arc_A\": 1}}",
        "{\n \"step\": 5,\n \"loss\": [[0.1]]\n}",
    ];
    for weights in weights {
        assert_eq!(sniff(weights.as_bytes()), Kind::Json, "{weights}");
    }
    for text in ["a step, a loss\nand nothing else, really", "step\n1\n", "1,2\n3,4\n"] {
        assert_eq!(sniff(text.as_bytes()), Kind::Other("plain text"), "{text}");
    }
}

#[test]
fn stored_shares_that_are_none_are_shown_as_they_stand() {
    let Some(folder) = shared::folder("cases/hostile") else { return };
    let loaded = adderscope::open(vec![read(&folder, "metrics_odd.json")]).unwrap();
    for fact in loaded.summary().facts.iter().filter(|fact| fact.value.contains("e")) {
        assert_eq!(fact.note.as_deref(), Some("not a share from 0 to 1"), "{fact:?}");
    }
    for name in ["l_percent_scale.jsonl", "l_huge_values.jsonl"] {
        let model = read(&folder, "metrics_odd.json");
        let loaded = adderscope::open(vec![model, read(&folder, name)]).unwrap();
        let drawn = loaded.report.trajectory.unwrap();
        let is_share = |v: Option<f64>| v.is_none_or(|v| (0.0..=1.0).contains(&v));
        assert!(drawn.iter().all(|e| is_share(e.val_exact) && is_share(e.val_tok_acc)), "{name}");
    }
}
