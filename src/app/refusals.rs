//! What is refused to people who only look, in the audit: once per person, request and hour.
//!
//! Somebody who tries the number of every request leaves a row for each; a page that asks again and
//! again leaves one.
use crate::app::{ActError, App};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::request::Actor;
use crate::store::audit::AuditEntry;

/// What somebody wanted to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// How a request stands.
    Request,
    /// How to connect with what it gave.
    Details,
    /// What a link leads to that names somebody else.
    Link,
}

impl Look {
    fn kind(self) -> &'static str {
        match self {
            Self::Request => "look_refused",
            Self::Details => "details_refused",
            Self::Link => "page_link_refused",
        }
    }
}

impl App {
    /// Records that `viewer` was not shown something of a request that is there.
    pub(super) async fn audit_refused_look(
        &self,
        viewer: &PersonId,
        id: RequestId,
        look: Look,
    ) -> Result<(), ActError> {
        let (now, kind) = (self.now(), look.kind());
        let hour = now.timestamp().div_euclid(3600);
        let mut tx = self.store().begin().await?;
        // Where repeats of what platforms sent are known as well; it forgets after days.
        if tx.see_inbound(&format!("{kind}:{id}:{hour}:{viewer}"), now).await? {
            tx.audit(AuditEntry {
                at: now,
                actor: Actor::Person(viewer.clone()),
                kind,
                request: Some(id),
                body: serde_json::json!({}),
            });
            tx.commit().await?;
        }
        Ok(())
    }
}
