//! What one part of the page's library sends to another: inputs, with and without the right checksum; reports.
#![no_main]

use analysis::Report;
use analysis::extremes::Extremes;
use analysis::ruler::Ruler;
use libfuzzer_sys::fuzz_target;
use model::file::{Input, sent_model};

fuzz_target!(|bytes: &[u8]| {
    let sealed = [bytes, &crc32(bytes).to_le_bytes()].concat();
    for bytes in [bytes, &sealed[..]] {
        let model = sent_model(bytes, None);
        if let Ok(Input::Model(file)) = Input::from_bytes(bytes) {
            assert!(model.is_some_and(|model| model.params() == file.opening().model.params()));
            assert!((0..file.count()).all(|index| file.model(index).is_some()));
        }
    }
    let _ = (Report::from_bytes(bytes), Extremes::from_bytes(bytes), Ruler::from_bytes(bytes));
});

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
