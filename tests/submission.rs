//! Submissions for AdderBoard: what the Python file answers is what the engine answers.
//!
//! `NUMPY_PYTHON` is a Python that has NumPy (`./build.sh test` sees to it), `python3` without it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;
#[path = "common/python.rs"]
mod python;
#[path = "common/shapes.rs"]
mod shapes;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::formats::{self, submission};
use adderscope::model::{Engine, Model};
use adderscope::task::sampling::{ADDERBOARD_SEED, adderboard};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Loads the file named first as AdderBoard does, and prints what it says of itself and its answers to the pairs of the
/// file named second.
const DRIVER: &str = "\
import importlib.util, sys
spec = importlib.util.spec_from_file_location('submission', sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model, about = module.build_model()
print(about['name'], about['params'], sep='\\t')
for line in open(sys.argv[2]):
    print(module.add(model, *map(int, line.split())))
";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("submission-{name}"));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What the Python file at `path` says: its name and count, and its answers.
fn run(python: &str, path: &Path, pairs: &[(u64, u64)]) -> (String, Vec<u64>) {
    let list = path.with_extension("pairs");
    let lines: Vec<String> = pairs.iter().map(|(a, b)| format!("{a} {b}\n")).collect();
    fs::write(&list, lines.concat()).unwrap();
    let mut command = Command::new(python);
    // Tests run beside each other; its matrices are small.
    command.env("OPENBLAS_NUM_THREADS", "1").args(["-c", DRIVER]).arg(path).arg(list);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().map(str::to_owned);
    let about = lines.next().unwrap();
    (about, lines.map(|line| line.parse().unwrap()).collect())
}

fn agrees(python: &str, name: &str, model: &Model, pairs: &[(u64, u64)]) {
    let path = folder("all").join(format!("{name}.py"));
    fs::write(&path, submission(model, name)).unwrap();
    let (about, answers) = run(python, &path, pairs);
    assert_eq!(about, format!("{name}\t{}", model.params().count()));
    let engine = Engine::new(model);
    for (&(a, b), answer) in pairs.iter().zip(answers) {
        assert_eq!(answer, engine.decode(a, b), "{name}: {a} + {b}");
    }
}

/// Made-up models answer anything: that of every architecture is compared, early stops of larger vocabularies included.
#[test]
fn any_architecture_answers_as_the_engine() {
    let Some(python) = python::with_numpy("submissions of made-up models") else { return };
    let pairs: Vec<_> = adderboard(1, 30).collect();
    for seed in 0..30 {
        let model = shapes::model(&shapes::config(seed), seed);
        agrees(&python, &format!("made-up-{seed}"), &model, &pairs);
    }
}

#[test]
fn every_variant_answers_as_the_engine() {
    let Some(python) = python::with_numpy("submissions of variants") else { return };
    let pairs: Vec<_> = adderboard(2, 30).collect();
    for (name, bytes) in files::all("variants") {
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let model = formats::open(value["checkpoint"].to_string().as_bytes()).unwrap().model;
        agrees(&python, &name, &model, &pairs);
    }
}

#[test]
fn bundled_models_answer_the_whole_suite_as_the_engine() {
    let Some(python) = python::with_numpy("submissions of bundled models") else { return };
    let pairs: Vec<_> = adderboard(ADDERBOARD_SEED, 10_000).collect();
    for name in ["57p", "62p"] {
        let model = formats::open(&fs::read(snapshots::path(name)).unwrap()).unwrap().model;
        agrees(&python, name, &model, &pairs);
    }
}

#[test]
fn the_command_writes_the_file_and_says_what_to_fill_in() {
    let folder = folder("command");
    let (from, to) = (folder.join("my \"model\".safetensors"), folder.join("mine.py"));
    fs::copy(snapshots::path("57p"), &from).unwrap();
    let adderscope = || Command::new(env!("CARGO_BIN_EXE_adderscope"));
    let output = adderscope().arg("submission").arg(&from).arg("-o").arg(&to).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"author\""));
    if let Some(python) = python::with_numpy("a submission's command") {
        let (about, answers) = run(&python, &to, &[(57, 68), (9_999_999_999, 1)]);
        assert_eq!((about.as_str(), answers), ("my \"model\"\t57", vec![125, 10_000_000_000]));
    }
    let refused = adderscope().arg("submission").arg(&from).args(["-o", "mine.txt"]).output();
    let refused = refused.unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains(".py"));
}
