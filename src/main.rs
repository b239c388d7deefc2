//! The `hallpass` program: everything is in the library.
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    hallpass::cli::run(std::env::args_os(), &mut std::io::stdout()).unwrap_or_else(|error| {
        // The whole chain on one line; nothing is left to do where not even that can be written.
        let _ = writeln!(std::io::stderr(), "hallpass: {error:#}");
        ExitCode::FAILURE
    })
}
