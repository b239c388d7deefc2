//! Making targets agree with who holds what: call, read back, report.
use super::lane::Running;
use super::{Worker, backoff};
use crate::app::ActError;
use crate::app::browse::{Credential, Details};
use crate::app::settle::{Order, Outcome, Plan};
use crate::app::settled::Settlement;
use crate::connect::{AccessDetails, Again, Connector, Fault, GrantOrder, Presence};
use crate::domain::catalog::Entitlement;
use crate::store::outbox::Claim;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;

/// Longest a call with its reading back may take. Connectors have shorter limits of their own, of
/// which the longest that can be configured is ten minutes; this is the net below them.
const PATIENCE: Duration = Duration::from_secs(21 * 60);

impl Worker {
    pub(super) async fn settle(
        &self,
        claim: &Claim,
        entitlement: Entitlement,
        place: Option<Running<'_>>,
    ) -> Result<(), ActError> {
        let plan = self.app.plan_settling(&entitlement).await?;
        let answer = self.call(&entitlement, &plan).await;
        // The place was for the call: the next one goes out while this answer is written.
        drop(place);
        match answer {
            Ok(outcome) => self.write(claim, entitlement, plan, outcome).await,
            Err(fault) => self.try_again(claim, entitlement, plan, fault).await,
        }
    }

    async fn write(
        &self,
        claim: &Claim,
        entitlement: Entitlement,
        plan: Plan,
        outcome: Outcome,
    ) -> Result<(), ActError> {
        let settlement = Settlement { claim: claim.clone(), entitlement, plan, outcome };
        self.together.write(&self.app, settlement).await
    }

    /// Calls the connector and believes it only when the target reads back the same.
    async fn call(&self, entitlement: &Entitlement, plan: &Plan) -> Result<Outcome, Fault> {
        let integration = &entitlement.item.at.integration;
        let Some(connector) = self.connectors.get(integration) else {
            return Err(Fault::lasting("this integration is not configured any more"));
        };
        let connector = Arc::clone(connector);
        let call = carry_out(connector.as_ref(), entitlement, plan);
        match tokio::time::timeout(PATIENCE, call).await {
            Ok(answer) => answer,
            Err(_) => Err(Fault::passing("the target did not answer in time")),
        }
    }

    /// A lasting fault ends a grant that is not given yet; nothing ends the trying at a revocation
    /// (R30).
    async fn try_again(
        &self,
        claim: &Claim,
        entitlement: Entitlement,
        plan: Plan,
        fault: Fault,
    ) -> Result<(), ActError> {
        let integration = &entitlement.item.at.integration;
        tracing::warn!(%integration, attempts = claim.attempts, fault = %fault, "a target did not do as asked");
        let pause = match (fault.again, &plan.order) {
            // What holds is not given up for it: its end did not move, and that is said and tried on.
            (Again::Never, Order::Give { .. }) if plan.is_all_held() => {
                self.app.end_stays(&plan).await?;
                backoff::refused(claim.attempts)
            }
            (Again::Never, Order::Give { .. }) => {
                let outcome = Outcome::Refused(fault.message);
                return self.write(claim, entitlement, plan, outcome).await;
            }
            (Again::Never, Order::Take) => backoff::target(claim.attempts, None),
            (Again::Retry(asked), _) => backoff::target(claim.attempts, asked),
        };
        let now = self.app.now();
        let at = now + pause;
        let mut tx = self.app.store().begin().await?;
        let is_ours = tx.again(claim, at, &fault.message, now).await?;
        tx.commit().await?;
        if !is_ours {
            self.app.settle_again(&entitlement).await?;
        }
        Ok(())
    }
}

async fn carry_out(
    connector: &dyn Connector,
    entitlement: &Entitlement,
    plan: &Plan,
) -> Result<Outcome, Fault> {
    match &plan.order {
        Order::Give { grantee, until, needs_credential, key } => {
            let order = GrantOrder {
                entitlement: entitlement.clone(),
                grantee: grantee.as_ref().clone(),
                until: *until,
                idempotency_key: key.clone(),
                needs_credential: *needs_credential,
            };
            let details = connector.grant(&order).await?;
            match connector.read_back(entitlement).await? {
                Presence::Present => Ok(Outcome::Given(kept(details))),
                Presence::Absent => Err(Fault::passing("the target says the access is not there")),
            }
        }
        Order::Take => {
            connector.revoke(entitlement).await?;
            match connector.read_back(entitlement).await? {
                Presence::Absent => Ok(Outcome::Taken),
                Presence::Present => {
                    Err(Fault::passing("the target says the access is still there"))
                }
            }
        }
    }
}

/// What is worth keeping of how to connect, which an empty line is not; a call that made no credential does not erase one.
fn kept(details: AccessDetails) -> Option<Details> {
    let credential = details.credential.map(|secret| Credential(secret.expose_secret().to_owned()));
    let credential = credential.filter(|credential| !credential.0.is_empty());
    let is_said =
        |(label, value): &(String, String)| !label.trim().is_empty() && !value.trim().is_empty();
    let lines: Vec<(String, String)> = details.lines.into_iter().filter(is_said).collect();
    (!lines.is_empty() || credential.is_some()).then_some(Details { lines, credential })
}
