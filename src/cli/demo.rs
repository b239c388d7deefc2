//! `hallpass demo`: the real bot in a local workspace.
use crate::demo::{Company, Wanted, script};
use crate::telemetry::{self, LogFormat};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

/// Options of `hallpass demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Play the story in the terminal and end.
    #[arg(long)]
    pub script: bool,
    /// Give access to a file instead of a throw-away PostgreSQL server.
    #[arg(long)]
    pub without_postgres: bool,
    /// The port of the workspace's page; 0 takes a free one.
    #[arg(long, default_value_t = 4455)]
    pub port: u16,
}

/// Opens the workspace until Ctrl-C, or plays the story.
pub(super) fn demo(demo: &Demo, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let filter = std::env::var("HALLPASS_LOG").unwrap_or_else(|_| "warn".to_owned());
    telemetry::start(LogFormat::Text, Some(&filter))?;
    let port = if demo.script { 0 } else { demo.port };
    let wanted = if demo.without_postgres { Wanted::File } else { Wanted::Postgres };
    let page = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    super::run_to_end(async {
        writeln!(out, "Opening the workspace of Birch & Bell, a company of six …")?;
        let company = Company::open(page, wanted).await?;
        match (company.has_postgres(), wanted) {
            (true, _) => {
                writeln!(out, "The target is a real PostgreSQL server, thrown away afterwards.")?
            }
            (false, Wanted::File) => writeln!(
                out,
                "The target is a file that a program keeps (the `command` connector)."
            )?,
            (false, Wanted::Postgres) => writeln!(
                out,
                "PostgreSQL is not installed here, so the target is a file that a program keeps \
                 (the `command` connector). With PostgreSQL's programs the demo uses a real server."
            )?,
        }
        let played = if demo.script {
            script::play(&company, &mut |line| writeln!(out, "{line}")).await
        } else {
            show(&company, out).await
        };
        company.close().await;
        played.map(|()| ExitCode::SUCCESS)
    })
}

async fn show(company: &Company, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "\n  Open  {}\n\nBe Ana and type /access request; be Ben and approve; watch it expire.\n\
         Ctrl-C ends it and leaves nothing behind.",
        company.workspace.page_url()
    )?;
    out.flush()?;
    super::serve::until_told().await
}
