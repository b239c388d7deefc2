//! `hallpass migrate` and `hallpass audit`: looking after the database.
use super::At;
use crate::bot::open_store;
use crate::config::{self, Config};
use crate::store::audit::{AuditRow, Verified};
use crate::store::{Schema, Store};
use std::io::Write;
use std::process::ExitCode;

/// Rows written at once.
const PAGE: i64 = 1000;

/// What can be done with the audit.
#[derive(Debug, clap::Subcommand)]
pub enum Audit {
    /// Read the whole chain and name the first row that was changed, if one was.
    Verify(At),
    /// Write every row as a line of JSON.
    Export(At),
}

/// Brings the database up to date.
pub(super) fn migrate(at: &At, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    with_store(at, out, Schema::Migrate, async |_, out| {
        writeln!(out, "The database is up to date.")?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Verifies or exports the audit.
pub(super) fn audit(audit: &Audit, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match audit {
        Audit::Verify(at) => with_store(at, out, Schema::Keep, verify),
        Audit::Export(at) => with_store(at, out, Schema::Keep, export),
    }
}

async fn verify(store: Store, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match store.read().await?.verify_audit().await? {
        Verified::Whole(rows) => {
            writeln!(out, "The audit is whole: {rows} rows.")?;
            Ok(ExitCode::SUCCESS)
        }
        Verified::Broken { seq, why } => {
            writeln!(out, "The audit is broken at row {seq}: {why}.")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn export(store: Store, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut after = 0;
    loop {
        let rows = store.read().await?.audit_rows(after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(ExitCode::SUCCESS) };
        after = last.seq;
        for row in &rows {
            writeln!(out, "{}", line(row)?)?;
        }
    }
}

fn line(row: &AuditRow) -> anyhow::Result<serde_json::Value> {
    Ok(serde_json::json!({
        "seq": row.seq,
        "happened_at_ms": row.happened_at,
        "actor": serde_json::from_str::<serde_json::Value>(&row.actor)?,
        "kind": row.kind,
        "request": row.request,
        "body": serde_json::from_str::<serde_json::Value>(&row.body)?,
        "mac": row.mac,
    }))
}

fn with_store(
    at: &At,
    out: &mut dyn Write,
    schema: Schema,
    work: impl AsyncFnOnce(Store, &mut dyn Write) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    let Config { service, .. } = match config::load(&at.config) {
        Ok(config) => config,
        Err(mistakes) => {
            writeln!(out, "{mistakes}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    super::run_to_end(async {
        work(open_store(&service.database, &service.master_key, schema).await?, out).await
    })
}
