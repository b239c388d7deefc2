//! Stars: which of their own requests a person wants to find again.
use super::requests::records;
use super::{StoreError, Tx, sql};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use chrono::{DateTime, Utc};

impl Tx {
    /// Stars a request; one that has its star already keeps its place.
    pub async fn star(
        &mut self,
        person: &PersonId,
        id: RequestId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let args = [person.as_str().into(), id.0.into(), now.timestamp_millis().into()];
        self.conn.execute(sql::FAVORITE_ADD, &args).await?;
        Ok(())
    }

    /// Takes a star away; without one nothing happens.
    pub async fn unstar(&mut self, person: &PersonId, id: RequestId) -> Result<(), StoreError> {
        self.conn.execute(sql::FAVORITE_REMOVE, &[person.as_str().into(), id.0.into()]).await?;
        Ok(())
    }

    /// Whether a person starred a request.
    pub async fn has_star(&mut self, person: &PersonId, id: RequestId) -> Result<bool, StoreError> {
        let args = [person.as_str().into(), id.0.into()];
        Ok(self.conn.row(sql::FAVORITE_GET, &args).await?.is_some())
    }

    /// What a person starred, the newest star first, without the first `skip`.
    pub async fn favorites(
        &mut self,
        person: &PersonId,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<Record>, StoreError> {
        let args = [person.as_str().into(), limit.into(), skip.into()];
        let rows = self.conn.rows(sql::FAVORITES_OF, &args).await?;
        records(&rows)
    }
}
