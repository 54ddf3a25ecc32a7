//! The command line: `adderscope report | trace | addition | patch | explain | verify | prove | robust | figure | convert | train | sweep`.
//!
//! A thin peer of the page: it reads files, calls the library and prints.
//! Exit codes: 0 done, 1 not qualified (`verify`), 2 bad input, 130 stopped by Ctrl-C.

mod cli;

use clap::{Parser, error::ErrorKind};
use cli::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match cli::run(cli.command) {
        Ok(code) => code,
        Err(Failure::Bad(message)) => complain(&message),
        // Whoever read our output has enough of it.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Failure::Output(error)) => complain(&format!("standard output: {error}")),
    }
}

/// Help and version go to the reader; a wrong call is one line and exit 2.
fn usage(error: &clap::Error) -> ExitCode {
    let informs = [
        ErrorKind::DisplayHelp,
        ErrorKind::DisplayVersion,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
    ];
    if informs.contains(&error.kind()) {
        return if error.print().is_ok() {
            ExitCode::from(error.exit_code() as u8)
        } else {
            ExitCode::from(2)
        };
    }
    let text = error.render().to_string();
    let what: Vec<&str> =
        text.split("\n\n").next().unwrap_or_default().lines().map(str::trim).collect();
    complain(&format!("{} (see adderscope --help)", what.join(" ").trim_start_matches("error: ")))
}

fn complain(message: &str) -> ExitCode {
    // Nothing is left to do where even standard error is closed.
    let _ = writeln!(io::stderr(), "adderscope: {message}");
    ExitCode::from(2)
}
