//! What one part of the page's library sends to another: inputs, with and without the right checksum; reports.
#![no_main]

#[path = "../archive.rs"]
mod archive;

use analysis::Report;
use analysis::extremes::Extremes;
use analysis::ruler::Ruler;
use libfuzzer_sys::fuzz_target;
use model::Model;
use model::file::{Input, sent_model};

fuzz_target!(|bytes: &[u8]| {
    let sealed = archive::sealed(bytes);
    for bytes in [bytes, &sealed[..]] {
        let model = sent_model(bytes, None);
        if let Ok(Input::Model(file)) = Input::from_bytes(bytes) {
            assert!(model.is_some_and(|model| model.params() == file.opening().model.params()));
            let (foremost, is_whole) = (file.foremost(), file.completes(&file));
            let is_here = |index: usize| is_whole || index == foremost;
            assert!((0..file.count()).all(|index| file.model(index).is_some() == is_here(index)));
            for index in [0, foremost, file.count() - 1, file.count()] {
                let own = sent_model(bytes, Some(index));
                let wanted = file.model(index).map(|checkpoint| checkpoint.model);
                assert_eq!(own.as_ref().map(Model::params), wanted.as_ref().map(Model::params));
            }
        }
    }
    let _ = (Report::from_bytes(bytes), Extremes::from_bytes(bytes), Ruler::from_bytes(bytes));
});
