//! The bundled models and every published checkpoint against what PyTorch computes for them.
//!
//! Published checkpoints and their golden values stay outside of the repository; where the
//! folder is missing these tests say that it was skipped. Those of the bundled models are
//! what `tests/golden/bundled.py` wrote.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::{Report, adderboard, trace::trace};
use adderscope::formats::{self, read_raw};
use adderscope::json::report as json_of;
use adderscope::model::Forward;
use adderscope::model::file::Checkpoint;
use adderscope::task::addition::Alignment;
use adderscope::task::sampling;
use adderscope_page::gallery::GALLERY;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Largest differences allowed, relative to the largest magnitude of a tensor: where PyTorch
/// computed in float32, and where in float64.
const SINGLE: f64 = 1e-4;
const DOUBLE: f64 = 1e-9;

struct Case {
    name: String,
    golden: Value,
    file: Vec<u8>,
    checkpoint: Checkpoint,
    tolerance: f64,
}

fn cases() -> Vec<Case> {
    bundled().chain(published()).collect()
}

fn bundled() -> impl Iterator<Item = Case> {
    GALLERY.iter().map(|bundled| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www").join(bundled.file);
        let file = fs::read(path).unwrap();
        Case {
            name: format!("bundled {}", bundled.name),
            golden: files::json(&format!("bundled/{}.json", bundled.name)),
            checkpoint: formats::open(&file).unwrap(),
            file,
            tolerance: DOUBLE,
        }
    })
}

fn published() -> Vec<Case> {
    let folders = ["golden", "checkpoints"].map(shared::folder);
    let [Some(golden), Some(checkpoints)] = folders else { return Vec::new() };
    let entries = fs::read_dir(golden).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let case = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let golden = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let file = fs::read(checkpoints.join(format!("{name}.pt"))).unwrap();
        let checkpoint = formats::open(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
        Case { name, golden, file, checkpoint, tolerance: SINGLE }
    };
    files.into_iter().map(case).collect()
}

fn flatten(value: &Value, into: &mut Vec<f64>) {
    match value {
        Value::Array(list) => list.iter().for_each(|v| flatten(v, into)),
        number => into.push(number.as_f64().expect("a number")),
    }
}

/// Compares numbers whatever their nesting; returns the largest relative difference.
fn close(what: &str, found: &Value, golden: &Value, tolerance: f64) -> f64 {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    flatten(found, &mut a);
    flatten(golden, &mut b);
    assert_eq!(a.len(), b.len(), "{what}: lengths");
    let scale = b.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
    let worst = a.iter().zip(&b).fold(0.0f64, |m, (a, b)| m.max((a - b).abs())) / scale;
    assert!(worst <= tolerance, "{what}: differs by {worst:.2e} of the largest magnitude");
    worst
}

#[test]
fn reports_equal_pytorch() {
    for Case { name, golden, checkpoint, tolerance, .. } in cases() {
        let report = json_of(&Report::new(&checkpoint, None), Alignment::Answer);
        for key in ["family", "config", "step", "metrics", "param_count", "parameter_breakdown"] {
            assert_eq!(report[key], golden[key], "{name}: {key}");
        }
        let mut worst = 0.0f64;
        for key in [
            "token_embedding",
            "positions",
            "positions_qk",
            "positions_k",
            "mean_attention_500",
            "norm_weight",
            "rank1_readout",
            "out_proj_A",
            "out_proj_B",
        ] {
            if golden[key].is_null() {
                // The goldens leave the rank-1 keys out for the research dialect too, where
                // they do apply; other ranks must have none.
                let rank = checkpoint.model.config().out_proj.rank();
                assert_eq!(report[key].is_null(), rank != Some(1), "{name}: {key}");
                continue;
            }
            worst =
                worst.max(close(&format!("{name}: {key}"), &report[key], &golden[key], tolerance));
        }
        println!("{name}: largest difference {worst:.1e} of a tensor's largest magnitude");
    }
}

#[test]
fn every_intermediate_of_the_trace_equals_pytorch() {
    for Case { name, golden, checkpoint, tolerance, .. } in cases() {
        let golden = &golden["trace"];
        let (a, b) = (golden["a"].as_u64().unwrap(), golden["b"].as_u64().unwrap());
        let trace = json!(trace(&checkpoint.model, a, b));
        assert_eq!(trace["tokens"], golden["tokens"], "{name}: tokens");
        let mut worst = 0.0f64;
        for key in ["embed", "normed", "attention", "after_attention", "after_ffn", "logits"] {
            worst = worst.max(close(
                &format!("{name}: trace {key}"),
                &trace[key],
                &golden[key],
                tolerance,
            ));
        }
        println!("{name}: trace differs by at most {worst:.1e}");
    }
}

#[test]
fn error_counts_are_exact_in_both_alignments() {
    for Case { name, golden, checkpoint, .. } in cases() {
        let report = Report::new(&checkpoint, None);
        for (alignment, key) in
            [(Alignment::Answer, "errors_aligned"), (Alignment::Script, "errors_script")]
        {
            let counts = &json_of(&report, alignment)["errors"];
            for (field, wanted) in golden[key].as_object().unwrap() {
                assert_eq!(&counts[field], wanted, "{name}: {key}.{field}");
            }
        }
    }
}

#[test]
fn the_adderboard_suite_is_exact_failures_included() {
    for Case { name, golden, checkpoint, .. } in cases() {
        let suite = sampling::adderboard(sampling::ADDERBOARD_SEED, sampling::ADDERBOARD_PAIRS);
        let score = adderboard::verify(&Forward::new(&checkpoint.model), suite);
        let golden = &golden["adderboard"];
        assert_eq!(json!(score.total), golden["total"], "{name}: total");
        assert_eq!(json!(score.passed), golden["passed"], "{name}: passed");
        let first = score.failures.iter().take(20).map(|f| [f.a, f.b, f.expected, f.got]);
        let first: Vec<[u64; 4]> = first.collect();
        assert_eq!(json!(first), golden["first_failures"], "{name}: first failures");
    }
}

#[test]
fn the_generator_draws_the_reference_pairs() {
    for Case { name, golden, .. } in cases() {
        let random = &golden["python_random"];
        let drawn: Vec<(u64, u64)> = sampling::pairs(random["seed"].as_u64().unwrap(), 5).collect();
        assert_eq!(json!(drawn), random["first_pairs"], "{name}");
    }
}

#[test]
fn published_checkpoints_open_without_their_configuration_and_with_ties_once() {
    // Of tied names, exporters keep the first in alphabetical order.
    let clean = ["norm2.weight", "norm_f.weight"];
    let boost = [
        "norm2._reuse_pos",
        "norm_f._reuse_pos",
        "z_hi_pos",
        "norm2.base_weight",
        "norm_f.base_weight",
    ];
    let research = ["blocks.0.ln2.weight", "ln_f.weight", "tok_arc_B"];
    for Case { name, golden, file, checkpoint, .. } in published() {
        let mut bare = read_raw(&file).unwrap();
        bare.config = None;
        let repeated = match name.as_str() {
            "57p" | "62p" => &clean[..],
            "62p_boost" => &boost,
            "67p" => &research,
            _ => &[],
        };
        bare.tensors.retain(|name, _| !repeated.contains(&name.as_str()));
        let bare = formats::checkpoint(&bare).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(bare.about.config_inferred);
        assert_eq!(json!(bare.model.params().count()), golden["param_count"], "{name}");
        assert_eq!(bare.model.params(), checkpoint.model.params(), "{name}");
        assert_eq!(bare.model.config(), checkpoint.model.config(), "{name}");
    }
}
