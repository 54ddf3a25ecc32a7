//! The Python that tests run programs with.

use std::io::Write;
use std::process::Command;

/// A Python with NumPy; nothing, after saying so, where there is none.
pub fn with_numpy(skipped: &str) -> Option<String> {
    let python = std::env::var("NUMPY_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_it = Command::new(&python).args(["-c", "import numpy"]).output();
    if has_it.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    // Past the capture of what a test that passes prints.
    let _ = writeln!(std::io::stderr(), "skipped {skipped}: {python} has no NumPy");
    None
}
