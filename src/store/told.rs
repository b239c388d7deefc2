//! What admins were told once.
use super::{StoreError, Tx, sql};
use chrono::{DateTime, Utc};

impl Tx {
    /// Marks a thing as told; false when it was so already.
    pub async fn tell_once(&mut self, what: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let args = [what.into(), now.timestamp_millis().into()];
        Ok(self.conn.execute(sql::TOLD_ADD, &args).await? == 1)
    }

    /// Forgets that a thing was told: it is over, and is told when it happens again.
    pub async fn forget_told(&mut self, what: &str) -> Result<(), StoreError> {
        self.conn.execute(sql::TOLD_FORGET, &[what.into()]).await?;
        Ok(())
    }
}
