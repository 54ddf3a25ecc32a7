//! `adderscope convert`.

use super::Failure;
use super::files::{bad, extension, open, write};
use adderscope::checkpoint::{self, Format};
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
    let checkpoint = open(input)?;
    let bytes = checkpoint::export(&checkpoint.raw, format).map_err(|e| bad(input, e))?;
    write(output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}
