//! The `hallpass` program: everything is in the library.
use std::io::Write;
use std::process::ExitCode;

/// Gives back what a large catalogue took while it was read, which the system's keeps.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hallpass::cli::run(std::env::args_os(), &mut std::io::stdout()).unwrap_or_else(|error| {
        // The whole chain on one line; nothing is left to do where not even that can be written.
        let _ = writeln!(std::io::stderr(), "hallpass: {error:#}");
        ExitCode::FAILURE
    })
}
