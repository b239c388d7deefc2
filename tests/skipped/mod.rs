//! What a test says when something that it needs is not on this machine.
use std::io::Write as _;

/// Says so past the capture of a test's output; with `CI=true` nothing may be left out.
pub(crate) fn skipped(needs: &str) {
    // `eprintln` would be shown for failing tests only.
    let _ = writeln!(std::io::stderr(), "SKIPPED, because this machine has no {needs}");
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "with CI=true nothing may be left out: {needs}");
}
