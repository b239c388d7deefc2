//! Which accounts cannot be written to, and what waits in messages for whoever can again.
use super::sql::away as sql;
use super::{StoreError, Tx};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::person::Account;
use chrono::{DateTime, Utc};

/// Where an account stands as somebody who is written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Whether it was found that it cannot be written to.
    pub is_away: bool,
    /// When it was last found that it can, where it could not before, in milliseconds since 1970.
    back_at_ms: Option<i64>,
}

impl Contact {
    /// Whether it was found after `at` that the account can be written to.
    pub fn is_back_since(&self, at: DateTime<Utc>) -> bool {
        !self.is_away && self.back_at_ms.is_some_and(|back_at| back_at > at.timestamp_millis())
    }
}

impl Tx {
    /// Where an account stands; `None` where nobody is linked to it.
    pub async fn contact(&mut self, account: &Account) -> Result<Option<Contact>, StoreError> {
        let args =
            [(&account.platform).into(), (&account.workspace).into(), (&account.user).into()];
        let row = self.conn.row(sql::ACCOUNT_CONTACT, &args).await?;
        row.map(|row| {
            let (is_away, back_at_ms) = (row.maybe_int(0)?.is_some(), row.maybe_int(1)?);
            Ok(Contact { is_away, back_at_ms })
        })
        .transpose()
    }

    /// Marks an account as one that cannot be written to, as was found by trying at `tried_at`; false
    /// where that is known, or it was found since that it can.
    pub async fn away(
        &mut self,
        account: &Account,
        tried_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let args = [
            (&account.platform).into(),
            (&account.workspace).into(),
            (&account.user).into(),
            now.timestamp_millis().into(),
            tried_at.timestamp_millis().into(),
        ];
        Ok(self.conn.execute(sql::ACCOUNT_AWAY, &args).await? == 1)
    }

    /// Marks an account as one that can be written to again; false where it could.
    pub async fn back(
        &mut self,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let args = [
            (&account.platform).into(),
            (&account.workspace).into(),
            (&account.user).into(),
            now.timestamp_millis().into(),
        ];
        Ok(self.conn.execute(sql::ACCOUNT_BACK, &args).await? == 1)
    }

    /// The messages to `recipient`, which is `person` in `app`'s words, about what has not ended and
    /// concerns them: the request and which message, oldest first.
    pub async fn cards_waiting(
        &mut self,
        person: &PersonId,
        recipient: &str,
    ) -> Result<Vec<(RequestId, String)>, StoreError> {
        let args = [person.as_str().into(), recipient.into()];
        let rows = self.conn.rows(sql::CARDS_WAITING, &args).await?;
        rows.iter().map(|row| Ok((RequestId(row.int(0)?), row.text(1)?))).collect()
    }

    /// Has a message said in chat that went by mail.
    pub async fn say_in_chat(
        &mut self,
        request: RequestId,
        kind: &str,
        recipient: &str,
    ) -> Result<(), StoreError> {
        let args = [request.0.into(), kind.into(), recipient.into()];
        self.conn.execute(sql::CARD_IN_CHAT, &args).await?;
        Ok(())
    }
}
