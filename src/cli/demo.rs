//! `hallpass demo`: the real bot in a local workspace, or on email alone.
use crate::demo::email::{self, EmailCompany};
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
    /// A company without chat: mailboxes and web pages in place of Slack.
    #[arg(long)]
    pub email: bool,
    /// Give access to a file instead of a throw-away PostgreSQL server.
    #[arg(long)]
    pub without_postgres: bool,
    /// The port of the demo's page; 0 takes a free one.
    #[arg(long, default_value_t = 4455)]
    pub port: u16,
}

/// Opens the company until Ctrl-C, or plays the story.
pub(super) fn demo(demo: &Demo, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let filter = std::env::var("HALLPASS_LOG").unwrap_or_else(|_| "warn".to_owned());
    telemetry::start(LogFormat::Text, Some(&filter))?;
    let port = if demo.script { 0 } else { demo.port };
    let page = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let wanted = if demo.without_postgres { Wanted::File } else { Wanted::Postgres };
    super::run_to_end(async {
        match demo.email {
            false => by_slack(demo.script, page, wanted, out).await,
            true => by_email(demo.script, page, wanted, out).await,
        }
        .map(|()| ExitCode::SUCCESS)
    })
}

async fn by_slack(
    is_script: bool,
    page: SocketAddr,
    wanted: Wanted,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "Opening the workspace of Birch & Bell, a company of six …")?;
    let company = Company::open(page, wanted).await?;
    name_target(company.has_postgres(), wanted, out)?;
    let played = if is_script {
        script::play(&company, &mut |line| writeln!(out, "{line}")).await
    } else {
        let hint = "Be Ana and type /access request; be Ben and approve; watch it expire.";
        show(&company.workspace.page_url(), hint, out).await
    };
    company.close().await;
    played
}

async fn by_email(
    is_script: bool,
    page: SocketAddr,
    wanted: Wanted,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "Opening Birch & Bell, a company of six without Slack or Teams …")?;
    let company = EmailCompany::open(page, wanted).await?;
    name_target(company.has_postgres(), wanted, out)?;
    let played = if is_script {
        email::script::play(&company, &mut |line| writeln!(out, "{line}")).await
    } else {
        let hint =
            "Be Ana and ask on her pages; be Ben and approve from his mail; watch it expire.";
        show(&company.page_url(), hint, out).await
    };
    company.close().await;
    played
}

fn name_target(is_postgres: bool, wanted: Wanted, out: &mut dyn Write) -> std::io::Result<()> {
    match (is_postgres, wanted) {
        (true, _) => {
            writeln!(out, "The target is a real PostgreSQL server, thrown away afterwards.")
        }
        (false, Wanted::File) => {
            writeln!(out, "The target is a file that a program keeps (the `command` connector).")
        }
        (false, Wanted::Postgres) => writeln!(
            out,
            "PostgreSQL is not installed here, so the target is a file that a program keeps (the \
             `command` connector). With PostgreSQL's programs the demo uses a real server."
        ),
    }
}

async fn show(url: &str, hint: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "\n  Open  {url}\n\n{hint}\nCtrl-C ends it and leaves nothing behind.")?;
    out.flush()?;
    super::serve::until_told().await
}
