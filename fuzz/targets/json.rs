//! JSON: checkpoints, configurations, lists; whatever opens can be saved, and opens as the same again.
#![no_main]

use formats::{checkpoint, read_raw, to_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(raw) = read_raw(bytes) else { return };
    let Ok(opened) = checkpoint(&raw) else { return };
    let again = read_raw(to_json(&raw).as_bytes()).and_then(|raw| Ok(checkpoint(&raw)?));
    let again = again.unwrap_or_else(|error| panic!("what was saved does not open: {error}"));
    assert!(opened.model.params() == again.model.params());
});
