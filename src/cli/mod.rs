//! The command line: what each word does is in a file of its own.
mod check;
mod demo;
mod manifest;
mod package;
mod serve;
mod teams_manifest;
mod upkeep;

pub use demo::Demo;
pub use serve::Serve;
pub use teams_manifest::Package;
pub use upkeep::Audit;

use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Access requests in chat, granted and taken back on time.
#[derive(Debug, Parser)]
#[command(name = "hallpass", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a local chat workspace with the real bot in it; needs no configuration.
    Demo(Demo),
    /// Run the bot.
    Serve(Serve),
    /// Read the configuration and name everything that is wrong with it, by file, line and key.
    Check(Check),
    /// Make the manifest that makes Hallpass an app of a chat platform.
    Manifest {
        /// Which platform.
        #[command(subcommand)]
        platform: Platform,
    },
    /// Bring the database up to date after a new version was installed.
    Migrate(At),
    /// Look after the audit.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        what: Audit,
    },
}

/// Options of `hallpass check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Where the configuration is.
    #[command(flatten)]
    pub at: At,
    /// Do not look for secrets: neither their files nor the environment. For a machine that has
    /// none, in continuous integration for example.
    #[arg(long)]
    pub without_secrets: bool,
}

/// Where the configuration is.
#[derive(Debug, Args)]
pub struct At {
    /// The service's file; it names the others.
    #[arg(long, value_name = "PATH", default_value = "hallpass.toml")]
    pub config: PathBuf,
}

/// Which platform's manifest.
#[derive(Debug, Subcommand)]
pub enum Platform {
    /// Slack: paste it at https://api.slack.com/apps, "Create New App", "From a manifest".
    Slack(At),
    /// Microsoft Teams: writes the package to upload in the Teams admin center.
    Teams(Package),
}

/// Does what the arguments say and writes the answer to `out`.
///
/// # Errors
///
/// When the answer cannot be written, or a command fails in a way that it has no words for.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(answer) => {
            answer.print()?;
            return Ok(if answer.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS });
        }
    };
    match cli.command {
        Command::Demo(demo) => demo::demo(&demo, out),
        Command::Serve(serve) => serve::serve(&serve, out),
        Command::Migrate(at) => upkeep::migrate(&at, out),
        Command::Audit { what } => upkeep::audit(&what, out),
        Command::Check(check) => check::run(&check, out),
        Command::Manifest { platform: Platform::Slack(at) } => manifest::slack(&at.config, out),
        Command::Manifest { platform: Platform::Teams(package) } => {
            teams_manifest::teams(&package, out)
        }
    }
}

/// Longest wait for what still runs when the work is done: nothing that hangs keeps us from ending.
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

/// Runs `work` to its end on a runtime of its own.
fn run_to_end<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    runtime.shutdown_timeout(LEAVE_WITHIN);
    done
}
