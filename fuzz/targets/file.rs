//! Files as they come: containers, archives of PyTorch and NumPy, and what any other bytes look like.
#![no_main]

use formats::{File, read_files, sniff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = sniff(bytes);
    // Two files of one, split where its first byte says, are files that came together.
    let at = bytes.first().map_or(0, |first| usize::from(*first) * bytes.len() / 256);
    let (first, second) = bytes.split_at(at);
    let file = |name: &str, bytes: &[u8]| File { name: name.into(), bytes: bytes.to_vec() };
    for files in [vec![file("a", bytes)], vec![file("a", first), file("b", second)]] {
        match read_files(files) {
            Ok(input) => assert!(input.to_bytes().is_ok()),
            Err(error) => {
                let words = error.to_string();
                assert!(words.len() <= 600 && !words.contains('\n'), "{words}");
            }
        }
    }
});
