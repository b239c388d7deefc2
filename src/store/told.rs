//! What admins were told once.
use super::{StoreError, Tx, sql, time};
use chrono::{DateTime, Utc};

impl Tx {
    /// Marks a thing as told; false when it was so already.
    pub async fn tell_once(&mut self, what: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let args = [what.into(), now.timestamp_millis().into()];
        Ok(self.conn.execute(sql::TOLD_ADD, &args).await? == 1)
    }

    /// When a thing was marked as told; `None` where it is not.
    pub async fn told_at(&mut self, what: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row = self.conn.row(sql::TOLD_AT, &[what.into()]).await?;
        row.map(|row| time(row.int(0)?)).transpose()
    }

    /// Lets a thing be told again: it is over.
    pub async fn tell_again(&mut self, what: &str) -> Result<(), StoreError> {
        self.conn.execute(sql::TOLD_FORGET, &[what.into()]).await?;
        Ok(())
    }
}
