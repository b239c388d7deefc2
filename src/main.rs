//! The `hallpass` program: everything is in the library.
use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    hallpass::cli::run(std::env::args_os(), &mut std::io::stdout().lock())
}
