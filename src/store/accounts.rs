//! Which chat account belongs to whom, and what the platforms sent that was acted on already.
use super::db::Arg;
use super::{StoreError, Tx, sql};
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use chrono::{DateTime, Utc};

/// An account that is linked to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Which.
    pub account: Account,
    /// The locale that it had when it was last seen.
    pub locale: Option<String>,
    /// Whether it cannot be written to.
    pub is_away: bool,
}

impl Tx {
    /// Links an account to a person; an account that is linked keeps its person. Where it shall be
    /// the person's `is_only` one in its workspace, another such keeps it out, also one whose
    /// transaction runs at the same time.
    pub async fn link_account(
        &mut self,
        account: &Account,
        person: &PersonId,
        is_only: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let [platform, workspace, user] = key(account);
        let args = [
            platform,
            workspace,
            user,
            person.as_str().into(),
            now.timestamp_millis().into(),
            is_only.into(),
        ];
        Ok(self.conn.execute(sql::ACCOUNT_LINK, &args).await? == 1)
    }

    /// Links an account to another person: an admin pinned it to them.
    pub async fn relink_account(
        &mut self,
        account: &Account,
        person: &PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let [platform, workspace, user] = key(account);
        let args =
            [platform, workspace, user, person.as_str().into(), now.timestamp_millis().into()];
        match self.conn.execute(sql::ACCOUNT_RELINK, &args).await? {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    /// Whose account it is.
    pub async fn person_of(&mut self, account: &Account) -> Result<Option<PersonId>, StoreError> {
        let row = self.conn.row(sql::ACCOUNT_GET, &key(account)).await?;
        row.map(|row| Ok(PersonId::new(row.text(0)?))).transpose()
    }

    /// Notes an account's locale; false when it was that already, or nobody is linked to it.
    pub async fn note_locale(
        &mut self,
        account: &Account,
        locale: &str,
    ) -> Result<bool, StoreError> {
        let [platform, workspace, user] = key(account);
        let args = [platform, workspace, user, locale.into()];
        Ok(self.conn.execute(sql::ACCOUNT_LOCALE_SET, &args).await? == 1)
    }

    /// The locale that an account had when it was last seen.
    pub async fn locale_of(&mut self, account: &Account) -> Result<Option<String>, StoreError> {
        let row = self.conn.row(sql::ACCOUNT_LOCALE, &key(account)).await?;
        row.map_or(Ok(None), |row| row.maybe_text(0))
    }

    /// Notes where an account is written to, as its platform names it, and that it can be; false when
    /// it was so already, or nobody is linked to it.
    pub async fn note_direct(
        &mut self,
        account: &Account,
        direct: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let [platform, workspace, user] = key(account);
        let args = [platform, workspace, user, direct.into(), now.timestamp_millis().into()];
        Ok(self.conn.execute(sql::ACCOUNT_DIRECT_SET, &args).await? == 1)
    }

    /// Forgets where an account is written to; false when that was not known.
    pub async fn forget_direct(&mut self, account: &Account) -> Result<bool, StoreError> {
        Ok(self.conn.execute(sql::ACCOUNT_DIRECT_FORGET, &key(account)).await? == 1)
    }

    /// Where an account is written to.
    pub async fn direct(&mut self, account: &Account) -> Result<Option<String>, StoreError> {
        let row = self.conn.row(sql::ACCOUNT_DIRECT, &key(account)).await?;
        row.map_or(Ok(None), |row| row.maybe_text(0))
    }

    /// A person's accounts on a platform, oldest link first.
    pub async fn accounts_of(
        &mut self,
        person: &PersonId,
        platform: &str,
    ) -> Result<Vec<Linked>, StoreError> {
        let args = [person.as_str().into(), platform.into()];
        let rows = self.conn.rows(sql::ACCOUNTS_OF, &args).await?;
        rows.iter()
            .map(|row| {
                let (workspace, user) = (row.text(0)?, row.text(1)?);
                let account = Account { platform: platform.to_owned(), workspace, user };
                let is_away = row.maybe_int(3)?.is_some();
                Ok(Linked { account, locale: row.maybe_text(2)?, is_away })
            })
            .collect()
    }

    /// Marks a thing that a platform sent as acted on; false when it was so already.
    pub async fn see_inbound(&mut self, key: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let args = [key.into(), now.timestamp_millis().into()];
        Ok(self.conn.execute(sql::INBOUND_SEE, &args).await? == 1)
    }

    /// Forgets what came before `before`; no platform repeats it any more.
    pub async fn forget_inbound(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.conn.execute(sql::INBOUND_FORGET, &[before.timestamp_millis().into()]).await
    }
}

/// What names an account.
fn key(account: &Account) -> [Arg<'_>; 3] {
    [(&account.platform).into(), (&account.workspace).into(), (&account.user).into()]
}
