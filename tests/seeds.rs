//! Corpora for the targets of `fuzz/`, made from the repository's own files. `./build.sh fuzz` says where they go.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../fuzz/archive.rs"]
mod archive;

use adderscope::analysis::Report;
use adderscope::analysis::extremes::Extremes;
use adderscope::analysis::ruler::ruler;
use adderscope::formats::{File, Raw, link, read_files, read_log, read_raw, to_safetensors};
use adderscope::model::file::Input;
use adderscope::train::{RunFile, Settings, Trainer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

type Done = Result<(), Box<dyn std::error::Error>>;

/// Writes seeds into a folder for each target.
struct Corpus(PathBuf);

impl Corpus {
    fn add(&self, target: &str, name: &str, bytes: &[u8]) -> Done {
        let folder = self.0.join(target);
        fs::create_dir_all(&folder)?;
        Ok(fs::write(folder.join(name), bytes)?)
    }

    /// A safetensors file, as itself and with its header on a line of its own.
    fn add_safetensors(&self, target: &str, name: &str, bytes: &[u8]) -> Done {
        let length = bytes.first_chunk().map_or(0, |length| u64::from_le_bytes(*length) as usize);
        let header = bytes.get(8..8 + length).unwrap_or_default();
        let data = bytes.get(8 + length..).unwrap_or_default();
        self.add(target, name, bytes)?;
        self.add(target, &format!("{name}-line"), &[header, b"\n", data].concat())
    }
}

/// Pickles of each protocol and of the objects that checkpoints have beside their tensors.
const PICKLES: [&[u8]; 5] = [
    b"\x80\x02}(X\x06\0\0\0configq\0}X\x07\0\0\0d_modelK\x05sX\x04\0\0\0stepM\x10'u.",
    b"\x80\x02ccollections\nOrderedDict\n)R(X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\n\
      FloatStorage\nX\x01\0\0\0\x30X\x03\0\0\0cpuK\x04tQK\0K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtRu.",
    b"\x80\x04\x95\x20\0\0\0\0\0\0\0}\x94(\x8c\x04args\x94\x8c\x08argparse\x94\x8c\tNamespace\x94\x93\x94)\x81}\x94bu.",
    b"(dp0\nS'a'\np1\nI1\nsS'b'\nF0.5\nsS'c'\nI01\ns.",
    b"\x80\x05}(\x8c\x01ncnumpy.core.multiarray\nscalar\nq\x01cnumpy\ndtype\nX\x02\0\0\0f8\x89\x88\x87RC\x08\0\0\0\0\0\0\xe0?\x86Ru.",
];

const LOGS: [&str; 6] = [
    "{\"step\": 1, \"loss\": NaN, \"val_exact\": 0.5}\n{\"step\": 2, \"val_tok_acc\": \"50 %\"},\nINFO {'step': 3, 'val_exact': None}\n",
    "[{\"step\": 1, \"metrics\": {\"exact_match\": 0.5}}, {\"epoch\": 0.5}]",
    "{\"loss\": [2, 1], \"val_acc\": [50, 75]}",
    "{\"log_history\": [{\"eval_accuracy\": 0.5, \"epoch\": 0.5, \"step\": 3}]}",
    "Step,run - val_exact,run - val_exact__MIN\n1,0.5,0.5\n2,\"0,75\",\n",
    "{\"columns\": [\"step\", \"val_exact\"], \"data\": [[1, 0.5], [2, 1e308]]}",
];

#[test]
fn seeds_are_made_and_most_of_them_open() -> Done {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("ADDERSCOPE_SEEDS").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeds"));
    let corpus = Corpus(folder);
    for entry in fs::read_dir(root.join("tests/golden/variants"))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(value) = serde_json::from_slice::<Value>(&fs::read(&path)?) else { continue };
        let Some(checkpoint) = value.get("checkpoint") else { continue };
        add_checkpoint(&corpus, &name, checkpoint.to_string().into_bytes())?;
    }
    for entry in fs::read_dir(root.join("tests/old"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        corpus.add_safetensors("run", &name, &fs::read(&path)?)?;
    }
    for (at, pickle) in PICKLES.iter().enumerate() {
        corpus.add("pickle", &at.to_string(), pickle)?;
        corpus.add("file", &format!("pickle-{at}"), &archive::torch(pickle, &[0, 0, 128, 63]))?;
    }
    for (at, log) in LOGS.iter().enumerate() {
        assert!(read_log(log.as_bytes()).is_ok(), "{log}");
        corpus.add("log", &at.to_string(), log.as_bytes())?;
        corpus.add("file", &format!("log-{at}"), log.as_bytes())?;
    }
    add_run(&corpus)
}

fn add_checkpoint(corpus: &Corpus, name: &str, json: Vec<u8>) -> Done {
    let raw = read_raw(&json)?;
    let safetensors = to_safetensors(&raw)?;
    corpus.add("json", name, &json)?;
    add_link(corpus, name, &raw)?;
    corpus.add_safetensors("safetensors", name, &safetensors)?;
    corpus.add("file", name, &safetensors)?;
    let input = read_files(vec![File { name: name.to_owned(), bytes: json }])?;
    // Without its checksum, which the target adds.
    let bytes = input.to_bytes()?;
    corpus.add("sent", name, bytes.get(..bytes.len() - 4).unwrap_or_default())?;
    let Input::Model(file) = input else { return Ok(()) };
    let opened = file.opening();
    corpus.add("sent", &format!("{name}-report"), &Report::new(&opened, None).to_bytes()?)?;
    corpus.add("sent", &format!("{name}-extremes"), &Extremes::of(&opened.model).to_bytes()?)?;
    if let Some(ruler) = ruler(&opened.model, 57, 68, 1) {
        corpus.add("sent", &format!("{name}-ruler"), &ruler.to_bytes()?)?;
    }
    Ok(())
}

/// What is packed in a checkpoint's link, without its sum, which the target adds; and the link as it is.
fn add_link(corpus: &Corpus, name: &str, raw: &Raw) -> Done {
    // Some of the made-up models are too large for one.
    let Ok(link) = link::to_link(raw, name) else { return Ok(()) };
    corpus.add("file", &format!("{name}-link"), link.as_bytes())?;
    let packed = URL_SAFE_NO_PAD.decode(link.strip_prefix(link::KEY).unwrap_or_default())?;
    corpus.add("link", name, packed.get(..packed.len() - 4).unwrap_or_default())
}

/// A short run: all its files.
fn add_run(corpus: &Corpus) -> Done {
    let mut given = Map::new();
    given.insert("steps".into(), 20.into());
    given.insert("eval_every".into(), 10.into());
    let mut trainer = Trainer::new(Settings::from_map(&given)?)?;
    trainer.run(10)?;
    for file in RunFile::ALL {
        let bytes = trainer.file(file)?;
        corpus.add("file", file.name(), &bytes)?;
        if matches!(file, RunFile::Run | RunFile::History) {
            corpus.add_safetensors("run", file.name(), &bytes)?;
            add_sent_run(corpus, file.name(), bytes)?;
        }
    }
    Ok(())
}

/// A run as it is sent: all of it, and with the opening snapshot's numbers alone.
fn add_sent_run(corpus: &Corpus, name: &str, bytes: Vec<u8>) -> Done {
    let input = read_files(vec![File { name: name.to_owned(), bytes }])?;
    let Input::Model(file) = input else { return Ok(()) };
    let opening = file.clone().opening_alone();
    assert!(file.completes(&opening) && !opening.completes(&opening), "{name}");
    for (kind, file) in [("whole", file), ("opening", opening)] {
        let bytes = Input::Model(file).to_bytes()?;
        let seed = bytes.get(..bytes.len() - 4).unwrap_or_default();
        corpus.add("sent", &format!("{name}-{kind}"), seed)?;
    }
    Ok(())
}
