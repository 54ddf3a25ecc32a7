//! The folder beside the repository, with published checkpoints and their golden values.
//!
//! A test or bench that reads it says `mod shared;`, by which `build.sh test-alone` finds it.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::path::{Path, PathBuf};

/// A folder in there, or nothing after saying that what needs it is skipped.
///
/// `ADDERSCOPE_SHARED` is where to look, seen from the repository; empty, there is nothing.
pub fn folder(name: &str) -> Option<PathBuf> {
    let shared = std::env::var("ADDERSCOPE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    if shared.is_empty() {
        println!("skipped: no {name}, ADDERSCOPE_SHARED is empty");
        return None;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(shared).join(name);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no {}", path.display());
    None
}
