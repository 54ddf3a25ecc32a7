//! Certificates of verdicts, as the independent program `tools/check_certificate.py` takes and refuses them.
//!
//! `NUMPY_PYTHON` is a Python that has NumPy (`./build.sh test` sees to it), `python3` without it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::formats;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python with NumPy; nothing, after saying so, where there is none.
fn python() -> Option<String> {
    let python = std::env::var("NUMPY_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_it = Command::new(&python).args(["-c", "import numpy"]).output();
    if has_it.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    // Past the capture of what a test that passes prints.
    let _ = writeln!(std::io::stderr(), "skipped the check of certificates: {python} has no NumPy");
    None
}

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
        Some(Proof { python: python()?, folder, checkpoint, certificate })
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
        assert_ne!(certificate, self.certificate);
        let (accepted, text) = self.check(&self.checkpoint, &certificate);
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

#[test]
fn a_model_with_fixed_attention_is_checked_whole() {
    let Some(proof) = Proof::new("67p", snapshot("67p", 244_000), 1) else { return };
    let text = proof.accepted();
    assert!(text.starts_with("99989999990000000000 of 100000000000000000000 "), "{text}");
    assert!(text.contains("Checked whole"), "{text}");

    let text = proof.refused(|c| {
        let low = case(c, "right")[5][0][0].as_f64().unwrap();
        case(c, "right")[5][0][0] = json!(low + 1e-6);
    });
    assert!(text.contains("the bounds of a case are not those derived"), "{text}");
    let text = proof.refused(|c| c["count"]["right"] = json!("99989999990000000001"));
    assert!(text.contains("the count is not 99989999990000000000"), "{text}");
    let text = proof.refused(|c| case(c, "wrong")[6] = json!("right"));
    assert!(text.contains("a case is not as it is said"), "{text}");
    let text = proof.refused(|c| drop(c["cases"].as_array_mut().unwrap().pop()));
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
fn a_model_with_moving_attention_is_checked_in_part_and_it_says_so() {
    let mut model = snapshot("57p", 200_000);
    let radius = model["model_state_dict"]["tok_arc_A"].as_f64().unwrap();
    model["model_state_dict"]["tok_arc_B"] = json!(radius * 1.0001);
    let Some(proof) = Proof::new("57p", model, 0) else { return };
    let text = proof.accepted();
    assert!(text.contains("Checked in part: the count from "), "{text}");
    let text = proof.refused(|c| {
        let high = case(c, "right")[5][0][1].clone();
        case(c, "right")[5][0][0] = high;
    });
    assert!(text.contains("is outside of the bounds of"), "{text}");
    let text = proof.refused(|c| case(c, "right")[6] = json!("wrong"));
    assert!(text.contains("an addition is right in"), "{text}");
    proof.refused(|c| c["count"]["right_at_least"] = json!("1"));
    proof.refused(|c| c["closest"]["lead"] = json!(0.5));
}
