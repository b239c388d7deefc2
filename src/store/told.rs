//! What admins were told once.
use super::{StoreError, Tx, sql};
use chrono::{DateTime, Utc};

impl Tx {
    /// Marks a thing as told; false when it was so already.
    pub async fn tell_once(&mut self, what: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let args = [what.into(), now.timestamp_millis().into()];
        Ok(self.conn.execute(sql::TOLD_ADD, &args).await? == 1)
    }

    /// Lets a thing be told again: it is over.
    pub async fn tell_again(&mut self, what: &str) -> Result<(), StoreError> {
        self.conn.execute(sql::TOLD_FORGET, &[what.into()]).await?;
        Ok(())
    }
}
