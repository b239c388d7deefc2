//! Whose Home was opened, and what was published in it.
use super::db::Row;
use super::{StoreError, Tx, sql, time};
use crate::domain::listing::Place;
use crate::domain::person::Account;
use chrono::{DateTime, Utc};

/// A Home that somebody looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenHome {
    /// By which account.
    pub account: Account,
    /// What they chose to see.
    pub place: Place,
    /// When they last looked at it or did something in it.
    pub seen_at: DateTime<Utc>,
    /// When it was last published; the beginning of time where it never was.
    pub shown_at: DateTime<Utc>,
    /// The platform's name of what was published last.
    pub stamp: Option<String>,
}

impl Tx {
    /// Notes that `recipient` looks at their Home, and what they chose to see there.
    pub async fn see_home(
        &mut self,
        recipient: &str,
        account: &Account,
        place: &Place,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let place = serde_json::to_string(place)
            .map_err(|source| StoreError::Unreadable { what: recipient.to_owned(), source })?;
        let args = [
            recipient.into(),
            (&account.platform).into(),
            (&account.workspace).into(),
            (&account.user).into(),
            (&place).into(),
            now.timestamp_millis().into(),
        ];
        self.conn.execute(sql::HOME_SEE, &args).await?;
        Ok(())
    }

    /// The Home of `recipient`, where they ever looked at it.
    pub async fn home(&mut self, recipient: &str) -> Result<Option<SeenHome>, StoreError> {
        let row = self.conn.row(sql::HOME_GET, &[recipient.into()]).await?;
        row.map(|row| seen(&row)).transpose()
    }

    /// Keeps what was published in a Home, and when.
    pub async fn home_shown(
        &mut self,
        recipient: &str,
        stamp: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let args = [recipient.into(), now.timestamp_millis().into(), stamp.into()];
        self.conn.execute(sql::HOME_SHOWN, &args).await?;
        Ok(())
    }

    /// Forgets a Home; it is known again when somebody looks at it.
    pub async fn forget_home(&mut self, recipient: &str) -> Result<(), StoreError> {
        self.conn.execute(sql::HOME_FORGET, &[recipient.into()]).await?;
        Ok(())
    }
}

fn seen(row: &Row) -> Result<SeenHome, StoreError> {
    Ok(SeenHome {
        account: Account { platform: row.text(0)?, workspace: row.text(1)?, user: row.text(2)? },
        // What an older version wrote and this one cannot read is the beginning.
        place: serde_json::from_str(&row.text(3)?).unwrap_or_default(),
        seen_at: time(row.int(4)?)?,
        shown_at: time(row.int(5)?)?,
        stamp: row.maybe_text(6)?,
    })
}
