//! Run logs in every form: steps rise, shares are shares, and notes are short lines.
#![no_main]

use formats::read_log;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(log) = read_log(bytes) else { return };
    assert!(!log.entries.is_empty());
    assert!(log.entries.windows(2).all(|pair| pair[0].step < pair[1].step));
    for entry in &log.entries {
        assert!(entry.step < 1 << 53);
        for share in [entry.val_exact, entry.val_tok_acc].into_iter().flatten() {
            assert!((0.0..=1.0).contains(&share), "{share}");
        }
    }
    assert!(
        log.notes.iter().all(|note| note.len() <= 600 && !note.contains('\n')),
        "{:?}",
        log.notes
    );
});
