//! Reading one request and how to connect with what it gave, for whoever may.
use super::decide::may_look;
use super::refusals::Look;
use super::{ActError, App};
use crate::domain::catalog::Entitlement;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::{Actor, State, WhyNot};
use crate::store::audit::AuditEntry;

impl App {
    /// A request, for somebody who may see it.
    ///
    /// # Errors
    ///
    /// [`ActError::NotFound`] when there is none, and when it is not theirs to see.
    pub async fn request(&self, viewer: &PersonId, id: RequestId) -> Result<Record, ActError> {
        let record = self.store().read().await?.request(id).await?.ok_or(ActError::NotFound)?;
        if !may_look(&self.policy(), viewer, &record) {
            self.audit_refused_look(viewer, id, Look::Request).await?;
            return Err(ActError::NotFound);
        }
        Ok(record)
    }

    /// How to connect with what a request gave, for its grantee alone and only while it is Active.
    ///
    /// # Errors
    ///
    /// [`ActError::NotFound`] for anybody else; [`ActError::Late`] when it is not Active.
    pub async fn access_details(
        &self,
        viewer: &PersonId,
        id: RequestId,
    ) -> Result<Vec<(Entitlement, Details)>, ActError> {
        let mut tx = self.store().read().await?;
        let record = tx.request(id).await?.ok_or(ActError::NotFound)?;
        let sealed = tx.details_of(id).await?;
        drop(tx);
        if record.asked.grantee != *viewer {
            // Looking is recorded, and so is trying to.
            self.audit_refused_look(viewer, id, Look::Details).await?;
            return Err(ActError::NotFound);
        }
        if !matches!(record.state, State::Active { .. }) {
            return Err(ActError::Late(id, Box::new(record), WhyNot::NotConnectable));
        }
        let mut found = Vec::new();
        for entitlement in record.entitlements() {
            if let Some(sealed) = sealed.get(&entitlement.key()) {
                let details = self.open_details(&entitlement, sealed)?;
                found.push((entitlement, details));
            }
        }
        self.retried(|| self.audit_shown_details(viewer, id)).await?;
        Ok(found)
    }

    /// Records that how to connect is shown, before it is; opened beside the one writer.
    async fn audit_shown_details(&self, viewer: &PersonId, id: RequestId) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.audit(AuditEntry {
            at: self.now(),
            actor: Actor::Person(viewer.clone()),
            kind: "details_shown",
            request: Some(id),
            body: serde_json::json!({}),
        });
        Ok(tx.commit().await?)
    }
}

/// How to connect, opened for its grantee.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Details {
    /// As label and value.
    pub lines: Vec<(String, String)>,
    /// The credential, where there is one.
    pub credential: Option<Credential>,
}

/// A credential that prints itself nowhere by accident.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Credential(pub String);

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[credential]")
    }
}
