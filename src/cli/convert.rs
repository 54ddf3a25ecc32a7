//! `adderscope convert`.

use super::Failure;
use super::files::{bad, extension, format_of, read, say, write};
use adderscope::formats::{self, read_raw};
use std::path::Path;
use std::process::ExitCode;

/// The same checkpoint in another format.
pub fn convert(input: &Path, output: &Path) -> Result<ExitCode, Failure> {
    if extension(output) == "pt" {
        return Err(bad(output, ".pt is read only: write .safetensors or .json"));
    }
    let format = format_of(output)?;
    let bytes = read(input)?;
    let converted = read_raw(&bytes).and_then(|raw| {
        let checkpoint = formats::checkpoint(&raw)?; // what holds no model is refused, as everywhere
        Ok((formats::export(&raw, format)?, checkpoint.about.notes))
    });
    let (bytes, notes) = converted.map_err(|e| bad(input, e))?;
    say(&notes);
    write(output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}
