//! What people were told by email, which cannot be rewritten: one row for each of their messages.
use super::sql::mail as sql;
use super::{StoreError, Tx};
use crate::domain::id::RequestId;

/// What somebody was told by email.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailed {
    /// The last news; the words are `app`'s.
    pub news: String,
    /// How many mails that took so far.
    pub sent: i64,
}

impl Tx {
    /// What `recipient` was told of a request in messages of one kind; `None` before the first.
    pub async fn mailed(
        &mut self,
        request: RequestId,
        kind: &str,
        recipient: &str,
    ) -> Result<Option<Mailed>, StoreError> {
        let args = [request.0.into(), kind.into(), recipient.into()];
        let row = self.conn.row(sql::MAIL_GET, &args).await?;
        row.map(|row| Ok(Mailed { news: row.text(0)?, sent: row.int(1)? })).transpose()
    }

    /// Keeps what `recipient` was told.
    pub async fn keep_mailed(
        &mut self,
        request: RequestId,
        kind: &str,
        recipient: &str,
        mailed: &Mailed,
    ) -> Result<(), StoreError> {
        let args = [
            request.0.into(),
            kind.into(),
            recipient.into(),
            (&mailed.news).into(),
            mailed.sent.into(),
        ];
        self.conn.execute(sql::MAIL_KEEP, &args).await?;
        Ok(())
    }
}
