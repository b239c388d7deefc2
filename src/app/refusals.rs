//! What is refused to people, in the audit: once per person, thing and hour.
//!
//! Somebody who tries the number of every request leaves a row for each; a page that asks again and
//! again leaves one.
use crate::app::{ActError, App};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::request::Actor;
use crate::domain::submission::RefusedItem;
use crate::store::Tx;
use crate::store::audit::AuditEntry;

/// What somebody wanted of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// To see how it stands.
    Request,
    /// How to connect with what it gave.
    Details,
    /// What a link leads to that names somebody else.
    Link,
    /// To ask for the same again.
    Again,
    /// To star it.
    Star,
}

impl Look {
    fn kind(self) -> &'static str {
        match self {
            Self::Request => "look_refused",
            Self::Details => "details_refused",
            Self::Link => "page_link_refused",
            Self::Again => "again_refused",
            Self::Star => "star_refused",
        }
    }
}

impl App {
    /// Records that `viewer` was not given something of a request that is there.
    pub(super) async fn audit_refused_look(
        &self,
        viewer: &PersonId,
        id: RequestId,
        look: Look,
    ) -> Result<(), ActError> {
        let entry = AuditEntry {
            at: self.now(),
            actor: Actor::Person(viewer.clone()),
            kind: look.kind(),
            request: Some(id),
            body: serde_json::json!({}),
        };
        let what = id.to_string();
        self.retried(|| self.audit_refusal(viewer, &what, entry.clone())).await
    }

    /// Records that `requester` submitted a form of which nothing may be asked for.
    pub(super) async fn audit_refused_form(
        &self,
        (requester, grantee): (&PersonId, &PersonId),
        refused: &[RefusedItem],
    ) -> Result<(), ActError> {
        let entry = self.refused_items((requester, grantee), refused);
        let digest = ring::digest::digest(&ring::digest::SHA256, entry.body.to_string().as_bytes());
        let what =
            digest.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        self.retried(|| self.audit_refusal(requester, &what, entry.clone())).await
    }

    /// The row about what of a form became no request.
    pub(super) fn refused_items(
        &self,
        (requester, grantee): (&PersonId, &PersonId),
        refused: &[RefusedItem],
    ) -> AuditEntry {
        let items: Vec<_> = refused
            .iter()
            .map(|one| serde_json::json!({ "item": one.item, "why": one.why.to_string() }))
            .collect();
        AuditEntry {
            at: self.now(),
            actor: Actor::Person(requester.clone()),
            kind: "submission_refused",
            request: None,
            body: serde_json::json!({ "grantee": grantee, "items": items }),
        }
    }

    /// Records that something of `what` was refused that is somebody's.
    pub(super) async fn audit_refused(
        &self,
        whose: &PersonId,
        what: &str,
        entry: AuditEntry,
    ) -> Result<(), ActError> {
        self.retried(|| self.audit_refusal(whose, what, entry.clone())).await
    }

    async fn audit_refusal(
        &self,
        who: &PersonId,
        what: &str,
        entry: AuditEntry,
    ) -> Result<(), ActError> {
        let mut tx: Tx = self.store().begin().await?;
        let hour = entry.at.timestamp().div_euclid(3600);
        // Where repeats of what platforms sent are known as well; it forgets after days.
        if tx.see_inbound(&format!("{}:{what}:{hour}:{who}", entry.kind), entry.at).await? {
            tx.audit(entry);
            tx.commit().await?;
        }
        Ok(())
    }
}
