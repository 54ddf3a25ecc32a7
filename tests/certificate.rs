//! Certificates of verdicts, as the independent program `tools/check_certificate.py` takes and refuses them.
//!
//! `NUMPY_PYTHON` is a Python that has NumPy (`./build.sh test` sees to it), `python3` without it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/python.rs"]
mod python;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::formats;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A checkpoint with its certificate, in a folder of this test's own.
struct Proof {
    python: String,
    folder: PathBuf,
    checkpoint: Value,
    certificate: Value,
}

impl Proof {
    fn new(name: &str, checkpoint: Value, code: i32) -> Option<Proof> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("certificate-{name}"));
        fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("model.json"), folder.join("proof.json"));
        fs::write(&from, checkpoint.to_string()).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_adderscope"))
            .arg("prove")
            .arg(&from)
            .arg("--certificate")
            .arg(&to)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let certificate: Value = serde_json::from_slice(&fs::read(to).unwrap()).unwrap();
        assert_eq!(certificate["schema"], "adderscope/certificate");
        Some(Proof {
            python: python::with_numpy("the check of certificates")?,
            folder,
            checkpoint,
            certificate,
        })
    }

    fn check(&self, checkpoint: &Value, certificate: &Value) -> (bool, String) {
        let paths = ["checked.json", "certificate.json"].map(|name| self.folder.join(name));
        fs::write(&paths[0], checkpoint.to_string()).unwrap();
        fs::write(&paths[1], certificate.to_string()).unwrap();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/check_certificate.py");
        let mut command = Command::new(&self.python);
        // Tests run beside each other; its matrices are small.
        command.env("OPENBLAS_NUM_THREADS", "1");
        let output = command.arg(program).args(&paths).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.success(), text)
    }

    /// What is said of the certificate as it is.
    fn accepted(&self) -> String {
        let (accepted, text) = self.check(&self.checkpoint, &self.certificate);
        assert!(accepted, "{text}");
        text
    }

    /// Why it is refused once it is changed.
    fn refused(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut certificate = self.certificate.clone();
        change(&mut certificate);
        self.refusal(&certificate)
    }

    /// The same where the digest of the bounds was made anew.
    fn forgery_refused(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut certificate = self.certificate.clone();
        change(&mut certificate);
        let ends = certificate["cases"].as_array().unwrap().iter().flat_map(|case| {
            case[5].as_array().unwrap().iter().flat_map(|ends| ends.as_array().unwrap())
        });
        let mut hash = Sha256::new();
        ends.for_each(|end| hash.update(end.as_f64().unwrap().to_le_bytes()));
        let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_ne!(certificate["bounds"], *digest);
        certificate["bounds"] = digest.into();
        self.refusal(&certificate)
    }

    fn refusal(&self, certificate: &Value) -> String {
        assert_ne!(*certificate, self.certificate);
        let (accepted, text) = self.check(&self.checkpoint, certificate);
        assert!(!accepted && text.starts_with("Refused: "), "{text}");
        text
    }
}

fn snapshot(name: &str, step: u64) -> Value {
    serde_json::from_str(&formats::to_json(&snapshots::raw(name, step))).unwrap()
}

/// The first case with this verdict.
fn case<'a>(certificate: &'a mut Value, verdict: &str) -> &'a mut Value {
    let cases = certificate["cases"].as_array_mut().unwrap();
    cases.iter_mut().find(|case| case[6] == verdict).unwrap()
}

/// Moves the lower end of the first interval of a case.
fn moved(case: &mut Value, by: f64) {
    let low = case[5][0][0].as_f64().unwrap();
    case[5][0][0] = json!(low + by);
}

#[test]
fn a_model_with_fixed_attention_is_checked_whole() {
    let Some(proof) = Proof::new("67p", snapshot("67p", 244_000), 1) else { return };
    let text = proof.accepted();
    assert!(text.starts_with("99989999990000000000 of 100000000000000000000 "), "{text}");
    assert!(text.contains("Checked whole"), "{text}");

    for by in [1e-6, -1e-6] {
        let text = proof.refused(|c| moved(case(c, "right"), by));
        assert!(text.contains("are not those of its digest"), "{text}");
        let text = proof.forgery_refused(|c| moved(case(c, "right"), by));
        assert!(text.contains("the bounds of a case are not those derived"), "{text}");
    }
    let text = proof.refused(|c| c["count"]["right"] = json!("99989999990000000001"));
    assert!(text.contains("the count is not 99989999990000000000"), "{text}");
    let text = proof.refused(|c| case(c, "wrong")[6] = json!("right"));
    assert!(text.contains("a case is not as it is said"), "{text}");
    let text = proof.forgery_refused(|c| drop(c["cases"].as_array_mut().unwrap().pop()));
    assert!(text.contains("additions are in 0 cases, not in one"), "{text}");
    let text = proof.refused(|c| {
        c["counterexamples"] = json!([{"a": 1, "b": 2, "expected": 3, "got": 4}]);
    });
    assert!(text.contains("no counterexample"), "{text}");

    let mut checkpoint = proof.checkpoint.clone();
    checkpoint["model_state_dict"]["tok_arc_stride"] = json!(0.07);
    let (accepted, text) = proof.check(&checkpoint, &proof.certificate);
    assert!(!accepted && text.contains("the weights are not those"), "{text}");
}

#[test]
fn a_model_with_moving_attention_is_checked_whole() {
    let mut model = snapshot("57p", 200_000);
    let radius = model["model_state_dict"]["tok_arc_A"].as_f64().unwrap();
    model["model_state_dict"]["tok_arc_B"] = json!(radius * 1.0001);
    let Some(proof) = Proof::new("57p", model, 0) else { return };
    let text = proof.accepted();
    assert!(text.contains("Checked whole"), "{text}");
    // Where few columns are fixed a bound is known to a millionth of the largest value.
    for by in [1e-3, -1e-3] {
        let text = proof.forgery_refused(|c| moved(case(c, "right"), by));
        assert!(text.contains("the bounds of a case are not those derived"), "{text}");
    }
    let text = proof.refused(|c| case(c, "right")[6] = json!("wrong"));
    assert!(text.contains("a case is not as it is said"), "{text}");
}

#[test]
fn a_model_that_writes_two_numbers_is_checked_in_part_and_it_says_so() {
    let mut model = snapshot("67p", 244_000);
    let state = &mut model["model_state_dict"];
    for row in state["out_proj.A"].as_array_mut().unwrap() {
        row.as_array_mut().unwrap().push(json!(0.01));
    }
    let rows = state["out_proj.B"].as_array_mut().unwrap();
    rows.push(json!([1e-4, 0.0, 0.0, -1e-4, 0.0]));
    model["config"]["attn_out_rank"] = json!(2);
    let Some(proof) = Proof::new("67p-two", model, 1) else { return };
    let text = proof.accepted();
    assert!(text.contains("Checked in part: the count from "), "{text}");
    assert!(text.contains("cases derived again"), "{text}");
    for by in [1e-6, -1e-6] {
        let text = proof.refused(|c| moved(case(c, "right"), by));
        assert!(text.contains("are not those of its digest"), "{text}");
        let text = proof.forgery_refused(|c| moved(case(c, "right"), by));
        assert!(text.contains("the bounds of a case are not those derived"), "{text}");
    }
    let text = proof.refused(|c| case(c, "right")[6] = json!("wrong"));
    assert!(text.contains("an addition is right in"), "{text}");
    proof.refused(|c| c["count"]["right_at_least"] = json!("1"));
    proof.refused(|c| c["closest"]["lead"] = json!(0.5));
}

#[test]
fn a_model_that_the_program_does_not_compute_is_refused_as_that() {
    let Some(proof) = Proof::new("67p-other", snapshot("67p", 244_000), 1) else { return };
    for (key, value, told) in [
        ("softmax1", json!(true), "softmax1 = True"),
        ("frozen_pad", json!(true), "frozen_pad = True"),
        ("digit_positions", json!("Learned"), "digit_positions = Learned"),
        ("qk_input", json!("Token"), "qk_input = Token"),
    ] {
        let text = proof.refused(|certificate| certificate["config"][key] = value);
        let why = format!("this program does not compute models with {told}");
        assert!(text.contains(&why), "{text}");
    }
}
