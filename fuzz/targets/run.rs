//! Histories and saved runs: what is restored can be saved and restored again.
#![no_main]

#[path = "../archive.rs"]
mod archive;

use formats::History;
use libfuzzer_sys::fuzz_target;
use train::{RunFile, Trainer};

fuzz_target!(|bytes: &[u8]| {
    let file = archive::safetensors(bytes);
    for file in [&file[..], bytes] {
        if let Ok(history) = History::read(file) {
            let _ = history.model_file("a", true);
        }
        if let Ok(trainer) = Trainer::restore(file) {
            let saved = trainer.file(RunFile::Run);
            assert!(saved.is_ok_and(|bytes| Trainer::restore(&bytes).is_ok()));
        }
    }
});
