//! What one part of the page's library sends to another: inputs, with and without the right checksum; reports.
#![no_main]

#[path = "../archive.rs"]
mod archive;

use analysis::Report;
use analysis::extremes::Extremes;
use analysis::ruler::Ruler;
use libfuzzer_sys::fuzz_target;
use model::file::{Input, sent_model};

fuzz_target!(|bytes: &[u8]| {
    let sealed = archive::sealed(bytes);
    for bytes in [bytes, &sealed[..]] {
        let model = sent_model(bytes, None);
        if let Ok(Input::Model(file)) = Input::from_bytes(bytes) {
            assert!(model.is_some_and(|model| model.params() == file.opening().model.params()));
            assert!((0..file.count()).all(|index| file.model(index).is_some()));
        }
    }
    let _ = (Report::from_bytes(bytes), Extremes::from_bytes(bytes), Ruler::from_bytes(bytes));
});
