//! Drafts: forms that are being filled. A row is read and written by its owner alone, and only at
//! the version that was read.
use super::db::Row;
use super::{StoreError, Tx, sql};
use crate::domain::catalog::Item;
use crate::domain::draft::Draft;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::narrow;
use crate::domain::record::Decision;
use crate::domain::request::Asked;
use chrono::{DateTime, Utc};

/// What a request that has not ended gives or would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Which request.
    pub id: RequestId,
    /// The version at which this is so.
    pub version: i64,
    /// What approvers left of what it asked for.
    pub items: Vec<Item>,
}

impl Tx {
    /// A person's draft with its version; `None` where there is none by that id, or it is not theirs.
    pub async fn draft(
        &mut self,
        id: &str,
        owner: &PersonId,
    ) -> Result<Option<(Draft, i64)>, StoreError> {
        let row =
            self.conn.row(sql::drafts::DRAFT_GET, &[id.into(), owner.as_str().into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let unreadable = |source| StoreError::Unreadable { what: format!("draft {id}"), source };
        let draft = serde_json::from_str(&row.text(0)?).map_err(unreadable)?;
        Ok(Some((draft, row.int(1)?)))
    }

    /// Keeps a draft that was read at `version`; 0 where there was none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] when the row is at another version, or somebody else's.
    pub async fn keep_draft(
        &mut self,
        id: &str,
        owner: &PersonId,
        (draft, version): (&Draft, i64),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let unreadable = |source| StoreError::Unreadable { what: format!("draft {id}"), source };
        let body = serde_json::to_string(draft).map_err(unreadable)?;
        let args = [
            id.into(),
            owner.as_str().into(),
            (&body).into(),
            version.into(),
            now.timestamp_millis().into(),
        ];
        let sql = if version == 0 { sql::drafts::DRAFT_ADD } else { sql::drafts::DRAFT_SAVE };
        match self.conn.execute(sql, &args).await? {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    /// Forgets what nobody touched since `before`.
    pub async fn forget_drafts(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.conn.execute(sql::drafts::DRAFT_FORGET, &[before.timestamp_millis().into()]).await
    }

    /// Which of somebody's requests have not ended, newest first, each with its version.
    pub async fn live_requests(
        &mut self,
        grantee: &PersonId,
    ) -> Result<Vec<(RequestId, i64)>, StoreError> {
        let rows = self.conn.rows(sql::REQUESTS_LIVE_IDS, &[grantee.as_str().into()]).await?;
        rows.iter().map(|row| Ok((RequestId(row.int(0)?), row.int(1)?))).collect()
    }

    /// What is left of what somebody's requests ask for that have not ended, newest first.
    pub async fn live_items(&mut self, grantee: &PersonId) -> Result<Vec<Live>, StoreError> {
        let rows = self.conn.rows(sql::REQUESTS_LIVE, &[grantee.as_str().into()]).await?;
        rows.iter().map(live).collect()
    }

    /// What somebody's newest requests asked for, newest first.
    pub async fn recent_items(
        &mut self,
        grantee: &PersonId,
        limit: i64,
    ) -> Result<Vec<(RequestId, Vec<Item>)>, StoreError> {
        self.items_by(sql::REQUESTS_RECENT, &[grantee.as_str().into(), limit.into()]).await
    }

    async fn items_by(
        &mut self,
        sql: &'static str,
        args: &[super::db::Arg<'_>],
    ) -> Result<Vec<(RequestId, Vec<Item>)>, StoreError> {
        let rows = self.conn.rows(sql, args).await?;
        rows.iter()
            .map(|row| {
                let id = RequestId(row.int(0)?);
                let unreadable = |source| StoreError::Unreadable { what: id.to_string(), source };
                let asked: Chosen = serde_json::from_str(&row.text(1)?).map_err(unreadable)?;
                Ok((id, asked.items))
            })
            .collect()
    }
}

fn live(row: &Row) -> Result<Live, StoreError> {
    let id = RequestId(row.int(0)?);
    let unreadable = |source| StoreError::Unreadable { what: id.to_string(), source };
    let asked: Asked = serde_json::from_str(&row.text(1)?).map_err(unreadable)?;
    let decisions: Vec<Decision> = serde_json::from_str(&row.text(3)?).map_err(unreadable)?;
    let left = narrow::left(&asked, decisions.iter().map(|decision| &decision.narrowing));
    Ok(Live { id, version: row.int(2)?, items: left.items.into_owned() })
}

/// Of what was asked, the things alone.
#[derive(serde::Deserialize)]
struct Chosen {
    items: Vec<Item>,
}
