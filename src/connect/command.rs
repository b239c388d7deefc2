//! Any system at all, through a program on this machine: JSON in, JSON out.
//!
//! The program is started once a call, without a shell, with one JSON object on standard input:
//!
//! ```json
//! {"op": "grant",
//!  "entitlement": {"grantee": "ana", "integration": "doors", "resource": "door:lab", "permission": "enter"},
//!  "grantee": {"id": "ana", "name": "Ana Torres", "email": "ana@example.com"},
//!  "until": "2030-01-31T17:00:00Z", "idempotency_key": "…", "needs_credential": true}
//! {"op": "revoke", "entitlement": {…}}
//! {"op": "read_back", "entitlement": {…}}
//! {"op": "list"}
//! ```
//!
//! It writes one JSON object to standard output and ends with status 0:
//!
//! ```json
//! {"ok": true, "details": {"lines": [["door", "Lab"]], "credential": "4711"}}        to grant; details may be left out
//! {"ok": true}                                                                       to revoke
//! {"ok": true, "present": true}                                                      to read_back
//! {"ok": true, "resources": [{"id": "door:lab", "name": "Lab", "kind": "door", "permissions": ["enter"]}]}
//! {"ok": false, "retry": true, "after_seconds": 30, "message": "the lock server is restarting"}
//! ```
//!
//! Every call may come twice and must then do no more than once; revoking what is not there is `ok`.
//! Standard error is for people: its last line becomes the fault when the program fails. The program's
//! environment is PATH, HOME, LANG and what is configured; it and all that it started in its process
//! group are killed when its time is up. `examples/command-file-access.py` is a complete one.
mod answer;
mod run;

use self::answer::{Answer, Granted, Listed, ReadBack, Revoked};
use self::run::Program;
use super::{AccessDetails, Connector, Fault, GrantOrder, Presence};
use crate::domain::catalog::Entitlement;
use crate::domain::id::IntegrationId;
use crate::domain::resources::Resources;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// One program, as an admin configures it.
#[derive(Debug, Clone)]
pub struct CommandTarget {
    /// The integration that the program serves.
    pub integration: IntegrationId,
    /// The program and its arguments, passed as they are.
    pub argv: Vec<String>,
    /// Variables of its environment beside PATH, HOME and LANG; their values are kept out of faults.
    pub environment: BTreeMap<String, SecretString>,
    /// Where it runs; `/` where nothing is said.
    pub directory: Option<PathBuf>,
    /// How long it may take.
    pub limit: Duration,
    /// How many of it run at a time.
    pub calls_at_once: usize,
}

impl CommandTarget {
    /// A program with the usual settings.
    pub fn new(integration: IntegrationId, argv: Vec<String>) -> Self {
        Self {
            integration,
            argv,
            environment: BTreeMap::new(),
            directory: None,
            limit: Duration::from_secs(30),
            calls_at_once: 4,
        }
    }
}

/// The connector for one program.
pub struct Command {
    integration: IntegrationId,
    program: Program,
}

impl Command {
    /// Makes the connector; nothing is started yet.
    ///
    /// # Errors
    ///
    /// A lasting [`Fault`] when there is no program to start.
    pub fn new(target: CommandTarget) -> Result<Self, Fault> {
        Ok(Self { integration: target.integration.clone(), program: Program::new(target)? })
    }

    async fn ask<A: Answer>(&self, call: Value) -> Result<A, Fault> {
        self.program.ask(&call).await
    }
}

impl Connector for Command {
    fn list(&self) -> BoxFuture<'_, Result<Resources, Fault>> {
        Box::pin(async {
            let listed: Listed = self.ask(json!({ "op": "list" })).await?;
            listed.resources(&self.integration)
        })
    }

    fn grant<'a>(&'a self, order: &'a GrantOrder) -> BoxFuture<'a, Result<AccessDetails, Fault>> {
        Box::pin(async move {
            let granted: Granted = self.ask(grant_call(order)).await?;
            Ok(granted.details())
        })
    }

    fn revoke<'a>(&'a self, entitlement: &'a Entitlement) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let call = json!({ "op": "revoke", "entitlement": said(entitlement) });
            self.ask::<Revoked>(call).await?;
            Ok(())
        })
    }

    fn read_back<'a>(
        &'a self,
        entitlement: &'a Entitlement,
    ) -> BoxFuture<'a, Result<Presence, Fault>> {
        Box::pin(async move {
            let call = json!({ "op": "read_back", "entitlement": said(entitlement) });
            Ok(self.ask::<ReadBack>(call).await?.presence())
        })
    }
}

fn grant_call(order: &GrantOrder) -> Value {
    json!({
        "op": "grant",
        "entitlement": said(&order.entitlement),
        "grantee": {
            "id": order.grantee.id.as_str(),
            "name": order.grantee.name,
            "email": order.grantee.email,
        },
        "until": order.until,
        "idempotency_key": order.idempotency_key,
        "needs_credential": order.needs_credential,
    })
}

/// The entitlement in the protocol's words, which stay when ours change.
fn said(entitlement: &Entitlement) -> Value {
    json!({
        "grantee": entitlement.grantee.as_str(),
        "integration": entitlement.item.at.integration.as_str(),
        "resource": entitlement.item.at.resource,
        "permission": entitlement.item.permission,
    })
}
