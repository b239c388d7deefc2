//! Grants: entitlements wanted, held or ending because of a request, and how to connect with them.
use super::db::{Arg, Row};
use super::{StoreError, Tx, many, sql, time};
use crate::domain::catalog::Entitlement;
use crate::domain::id::RequestId;
use crate::domain::narrow;
use crate::domain::record::Decision;
use crate::domain::request::Asked;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Where a grant stands towards its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantStage {
    /// It shall be there and is not confirmed.
    Wanted,
    /// The target confirmed it.
    Held,
    /// It shall be gone and is not confirmed.
    Ending,
    /// The target confirmed that it is gone, or another live grant covers it.
    Gone,
    /// The target refused to give it.
    Refused,
}

impl GrantStage {
    fn word(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Held => "held",
            Self::Ending => "ending",
            Self::Gone => "gone",
            Self::Refused => "refused",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Wanted, Self::Held, Self::Ending, Self::Gone, Self::Refused]
            .into_iter()
            .find(|stage| stage.word() == word)
            .ok_or(StoreError::OutOfRange("a grant's stage"))
    }
}

/// One grant of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What is given.
    pub entitlement: Entitlement,
    /// Where it stands.
    pub stage: GrantStage,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Why the target refused, where it did.
    pub fault: Option<String>,
}

/// An open grant of an entitlement, of whichever request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGrant {
    /// Because of which request.
    pub request: RequestId,
    /// Where it stands.
    pub stage: GrantStage,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// How long it shall last, while its request is being granted: its time has not begun.
    pub granting: Option<TimeDelta>,
    /// Whether it is kept how to connect.
    pub has_details: bool,
}

impl Tx {
    /// Adds a wanted grant for everything that is left of what a request asked for.
    pub async fn add_grants(
        &mut self,
        id: RequestId,
        entitlements: Vec<Entitlement>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut grants = Vec::with_capacity(entitlements.len());
        for entitlement in entitlements {
            grants.push((entitlement.key(), json(&entitlement)?, entitlement));
        }
        let rows: Vec<Vec<Arg<'_>>> = grants
            .iter()
            .map(|(key, body, entitlement)| {
                vec![
                    id.0.into(),
                    key.into(),
                    body.into(),
                    entitlement.item.at.integration.as_str().into(),
                    expires_at.timestamp_millis().into(),
                ]
            })
            .collect();
        self.conn.add(&many::GRANT_ADD, &rows).await
    }

    /// The grants of a request.
    pub async fn grants_of(&mut self, id: RequestId) -> Result<Vec<Grant>, StoreError> {
        let rows = self.conn.rows(sql::GRANTS_OF, &[id.0.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(Grant {
                    entitlement: read(&row.text(1)?)?,
                    stage: GrantStage::read(&row.text(3)?)?,
                    expires_at: time(row.int(4)?)?,
                    fault: row.maybe_text(5)?,
                })
            })
            .collect()
    }

    /// The open grants of an entitlement, over all requests, by request.
    pub async fn open_grants(
        &mut self,
        entitlement: &Entitlement,
    ) -> Result<Vec<OpenGrant>, StoreError> {
        let rows = self.conn.rows(sql::GRANTS_OPEN, &[(&entitlement.key()).into()]).await?;
        rows.iter().map(open_grant).collect()
    }

    /// Moves one grant on; false when it does not stand at `from` any more.
    pub async fn move_grant(
        &mut self,
        id: RequestId,
        entitlement: &Entitlement,
        (from, to): (GrantStage, GrantStage),
        fault: Option<&str>,
    ) -> Result<bool, StoreError> {
        let key = entitlement.key();
        let args = [id.0.into(), (&key).into(), to.word().into(), fault.into(), from.word().into()];
        Ok(self.conn.execute(sql::GRANT_STAGE, &args).await? == 1)
    }

    /// Sends every grant of a request that is there, or may be, to its end.
    pub async fn end_grants(&mut self, id: RequestId) -> Result<(), StoreError> {
        self.conn.execute(sql::GRANTS_END, &[id.0.into()]).await?;
        Ok(())
    }

    /// Sets when the open grants of a request end.
    pub async fn set_grants_expiry(
        &mut self,
        id: RequestId,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let args = [id.0.into(), expires_at.timestamp_millis().into()];
        self.conn.execute(sql::GRANTS_EXPIRE, &args).await?;
        Ok(())
    }

    /// How many grants of a request wait for their target.
    pub async fn count_unsettled(&mut self, id: RequestId) -> Result<i64, StoreError> {
        let row = self.conn.row(sql::GRANTS_UNSETTLED, &[id.0.into()]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Entitlements on their way since before `before` that nothing works on.
    pub async fn stuck_entitlements(
        &mut self,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<Entitlement>, StoreError> {
        let args = [before.timestamp_millis().into(), limit.into()];
        let rows = self.conn.rows(sql::GRANTS_STUCK, &args).await?;
        rows.iter().map(|row| read(&row.text(0)?)).collect()
    }

    /// Keeps how to connect, sealed.
    pub async fn save_details(
        &mut self,
        entitlement: &Entitlement,
        sealed: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = entitlement.key();
        let args = [(&key).into(), sealed.into(), now.timestamp_millis().into()];
        self.conn.execute(sql::DETAILS_SAVE, &args).await?;
        Ok(())
    }

    /// How to connect, sealed.
    pub async fn details(
        &mut self,
        entitlement: &Entitlement,
    ) -> Result<Option<String>, StoreError> {
        let row = self.conn.row(sql::DETAILS_GET, &[(&entitlement.key()).into()]).await?;
        row.map(|row| row.text(0)).transpose()
    }

    /// How to connect with everything that a request gave, sealed, by entitlement.
    pub async fn details_of(
        &mut self,
        id: RequestId,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let rows = self.conn.rows(sql::DETAILS_OF, &[id.0.into()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }

    /// Erases how to connect; whether there was something to erase.
    pub async fn erase_details(&mut self, entitlement: &Entitlement) -> Result<bool, StoreError> {
        let key = entitlement.key();
        Ok(self.conn.execute(sql::DETAILS_ERASE, &[(&key).into()]).await? > 0)
    }
}

fn open_grant(row: &Row) -> Result<OpenGrant, StoreError> {
    let granting = match (row.maybe_text(3)?, row.maybe_text(5)?) {
        (Some(asked), Some(decisions)) => {
            let asked: Asked = serde_json::from_str(&asked).map_err(unreadable)?;
            let decisions: Vec<Decision> = serde_json::from_str(&decisions).map_err(unreadable)?;
            Some(narrow::left(&asked, decisions.iter().map(|one| &one.narrowing)).duration)
        }
        _ => None,
    };
    Ok(OpenGrant {
        request: RequestId(row.int(0)?),
        stage: GrantStage::read(&row.text(1)?)?,
        expires_at: time(row.int(2)?)?,
        granting,
        has_details: row.boolean(4)?,
    })
}

fn json(entitlement: &Entitlement) -> Result<String, StoreError> {
    serde_json::to_string(entitlement).map_err(unreadable)
}

fn read(body: &str) -> Result<Entitlement, StoreError> {
    serde_json::from_str(body).map_err(unreadable)
}

fn unreadable(source: serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: "a grant".to_owned(), source }
}
