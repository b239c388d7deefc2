//! `hallpass serve`: runs the bot until it is told to stop.
use super::At;
use crate::bot::{Bot, Parts};
use crate::clock::SystemClock;
use crate::config;
use crate::telemetry::{self, LogFormat};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Options of `hallpass serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Where the configuration is.
    #[command(flatten)]
    pub at: At,
    /// Write the log for people instead of as JSON.
    #[arg(long)]
    pub log_text: bool,
}

/// Runs the bot; the answer comes when it stops.
pub(super) fn serve(serve: &Serve, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = match config::load(&serve.at.config) {
        Ok(config) => config,
        Err(mistakes) => {
            writeln!(out, "{mistakes}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let format = if serve.log_text { LogFormat::Text } else { LogFormat::Json };
    telemetry::start(format, std::env::var("HALLPASS_LOG").ok().as_deref())?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    super::run_to_end(async {
        let bot = Bot::start(Parts::of(config, Arc::new(SystemClock))?).await?;
        tracing::info!(address = %bot.address, "hallpass is running");
        until_told().await?;
        tracing::info!("stopping: what is in flight finishes");
        bot.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Waits for SIGTERM or Ctrl-C.
pub(super) async fn until_told() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        result = tokio::signal::ctrl_c() => result?,
    }
    Ok(())
}
