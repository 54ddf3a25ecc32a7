//! The folder beside the repository, with published checkpoints and their golden values.
//!
//! A test or bench that reads it says `mod shared;`, by which `build.sh test-alone` finds it.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

/// A folder in there, or nothing after saying that what needs it is skipped.
///
/// `ADDERSCOPE_SHARED` is where to look, seen from the repository; empty, there is nothing.
pub fn folder(name: &str) -> Option<PathBuf> {
    let shared = std::env::var("ADDERSCOPE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    if shared.is_empty() {
        say("ADDERSCOPE_SHARED is empty");
        return None;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(shared).join(name);
    if path.is_dir() {
        return Some(path);
    }
    say(&format!("there is no {}", path.display()));
    None
}

/// Once, and past the capture of what a test that passes prints.
fn say(why: &str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let _ = writeln!(std::io::stderr(), "skipped what needs published checkpoints: {why}");
    });
}
