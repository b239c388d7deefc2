//! Reading: what may be asked for, and how requests stand. Everything is authorised for the reader.
use super::decide::may_look;
use super::job::Recipient;
use super::{ActError, App};
use crate::domain::catalog::Entitlement;
use crate::domain::decide::Ballot;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::{Actor, State, WhyNot};
use crate::store::Tx;
use crate::store::audit::AuditEntry;

/// Requests that a person was asked about, read at once while looking for those that still wait
/// for them.
const ASKED_PAGE: usize = 20;

/// What a person's Home shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Their newest requests.
    pub mine: Vec<Record>,
    /// How many of their requests stand at each status.
    pub counts: Vec<(String, i64)>,
    /// What waits for their decision.
    pub waiting: Vec<Record>,
}

impl App {
    /// A request, for somebody who may see it.
    ///
    /// # Errors
    ///
    /// [`ActError::NotFound`] when there is none, and when it is not theirs to see.
    pub async fn request(&self, viewer: &PersonId, id: RequestId) -> Result<Record, ActError> {
        let record = self.store().read().await?.request(id).await?;
        record.filter(|record| may_look(&self.policy(), viewer, record)).ok_or(ActError::NotFound)
    }

    /// What a person's Home shows: their newest requests, how many stand at each status, and the
    /// pending requests that they were asked about and can decide on now, all newest first and at
    /// most `limit`.
    pub async fn home(&self, person: &PersonId, limit: usize) -> Result<Home, ActError> {
        let mut tx = self.store().read().await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mine = tx.requests_of(person, None, most).await?;
        let counts = tx.count_requests(person).await?;
        let waiting = self.waiting_for(&mut tx, person, limit).await?;
        Ok(Home { mine, counts, waiting })
    }

    async fn waiting_for(
        &self,
        tx: &mut Tx,
        person: &PersonId,
        limit: usize,
    ) -> Result<Vec<Record>, ActError> {
        let snapshot = self.policy();
        let recipient = Recipient::Person(person.clone()).to_string();
        let most = i64::try_from(ASKED_PAGE).unwrap_or(i64::MAX);
        let (mut waiting, mut before) = (Vec::new(), None);
        loop {
            let page = tx.requests_asked(&recipient, before, most).await?;
            let is_last = page.len() < ASKED_PAGE;
            let Some(last) = page.last() else { break };
            before = Some(last.asked.id);
            waiting.extend(page.into_iter().filter(|record| match &record.state {
                State::PendingApproval { approvals, .. } => {
                    Ballot::of(&record.asked, approvals, &snapshot.policy).open().contains(person)
                }
                _ => false,
            }));
            if is_last || waiting.len() >= limit {
                break;
            }
        }
        waiting.truncate(limit);
        Ok(waiting)
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
        let mut tx = self.store().begin().await?;
        let record = tx.request(id).await?.ok_or(ActError::NotFound)?;
        let is_theirs = record.asked.grantee == *viewer;
        if is_theirs && !matches!(record.state, State::Active { .. }) {
            return Err(ActError::Late(id, Box::new(record), WhyNot::NotConnectable));
        }
        // Looking is recorded, and so is trying to.
        tx.audit(AuditEntry {
            at: self.now(),
            actor: Actor::Person(viewer.clone()),
            kind: if is_theirs { "details_shown" } else { "details_refused" },
            request: Some(id),
            body: serde_json::json!({}),
        });
        let mut found = Vec::new();
        for entitlement in record.asked.entitlements().filter(|_| is_theirs) {
            if let Some(sealed) = tx.details(&entitlement).await? {
                let details = self.open_details(&entitlement, &sealed)?;
                found.push((entitlement, details));
            }
        }
        tx.commit().await?;
        if is_theirs { Ok(found) } else { Err(ActError::NotFound) }
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
