//! `adderscope convert`.

use super::Failure;
use super::files::{bad, extension, read, write};
use adderscope::checkpoint::{self, Format, read_raw};
use std::path::Path;
use std::process::ExitCode;

/// The same checkpoint in another format.
pub fn convert(input: &Path, output: &Path) -> Result<ExitCode, Failure> {
    let format = match extension(output).as_str() {
        "safetensors" => Format::Safetensors,
        "json" => Format::Json,
        "pt" => return Err(bad(output, ".pt is read only: write .safetensors or .json")),
        _ => return Err(bad(output, "the format is told by the ending: .safetensors or .json")),
    };
    let bytes = read(input)?;
    // What holds no model is refused, as everywhere.
    let raw = checkpoint::open(&bytes).and_then(|_| read_raw(&bytes));
    let bytes = raw.and_then(|raw| checkpoint::export(&raw, format)).map_err(|e| bad(input, e))?;
    write(output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}
