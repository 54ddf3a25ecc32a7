//! A safetensors file by its header, whose length is always right, and a checkpoint's way back to bytes.
#![no_main]

#[path = "../archive.rs"]
mod archive;

use formats::{checkpoint, read_raw, to_json, to_safetensors};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = archive::safetensors(bytes);
    for file in [&file[..], bytes] {
        let Ok(raw) = read_raw(file) else { continue };
        let _ = checkpoint(&raw);
        let again = read_raw(to_json(&raw).as_bytes());
        assert!(again.is_ok() || raw.tensors.is_empty(), "{again:?}");
        if let Ok(bytes) = to_safetensors(&raw) {
            let _ = read_raw(&bytes);
        }
    }
});
