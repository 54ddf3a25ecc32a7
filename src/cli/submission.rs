//! `adderscope submission`.

use super::Failure;
use super::files::{bad, extension, open, write};
use adderscope::formats;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// A model as a Python file for AdderBoard.
pub fn submission(input: &Path, output: &Path, name: Option<&str>) -> Result<ExitCode, Failure> {
    if extension(output) != "py" {
        return Err(bad(output, "a submission is a Python file: let its name end in .py"));
    }
    let model = open(input)?.model;
    let stem = input.file_stem().unwrap_or_default().to_string_lossy();
    let text = formats::submission(&model, name.unwrap_or(&stem));
    write(output, text.as_bytes())?;
    let output = output.display();
    writeln!(
        io::stdout(),
        "{output}: build_model() and add(model, a, b); fill in \"author\" and \"tricks\" there"
    )?;
    Ok(ExitCode::SUCCESS)
}
