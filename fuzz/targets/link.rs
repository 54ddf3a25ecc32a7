//! Models in addresses, with the right sum and without: what opens gives a link that opens.
#![no_main]

#[path = "../archive.rs"]
mod archive;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use formats::{File, Kind, link, link_files, read_files, sniff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let sealed = archive::sealed(bytes);
    let link = format!("{}{}", link::KEY, URL_SAFE_NO_PAD.encode(sealed)).into_bytes();
    assert_eq!(sniff(&link), Kind::Link);
    for text in [&link[..], bytes] {
        if let Err(error) = link::read(text) {
            let words = error.to_string();
            assert!(words.len() <= 600 && !words.contains('\n'), "{words}");
        }
    }
    let files = |bytes: Vec<u8>| vec![File { name: "a".into(), bytes }];
    if read_files(files(link.clone())).is_ok()
        && let Ok(again) = link_files(files(link), None)
    {
        assert!(read_files(files(again.into_bytes())).is_ok());
    }
});
