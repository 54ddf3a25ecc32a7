//! The pickle of a `.pt` file, in an archive with the right checksums; and the same bytes as a file from before 1.6.
#![no_main]

#[path = "../archive.rs"]
mod archive;

use formats::{checkpoint, read_raw};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for file in [archive::torch(bytes, &[0, 0, 128, 63].repeat(64)), bytes.to_vec()] {
        if let Ok(raw) = read_raw(&file) {
            let _ = checkpoint(&raw);
        }
    }
});
