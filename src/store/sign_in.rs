//! Codes that were mailed, and browsers that are signed in. Only keyed hashes are kept of either.
use super::{StoreError, Tx, sql::sign_in as sql, time};
use crate::domain::id::PersonId;
use chrono::{DateTime, TimeDelta, Utc};

/// A code that is about to be mailed.
#[derive(Debug, Clone, Copy)]
pub struct NewCode<'a> {
    /// Names it.
    pub id: &'a str,
    /// Whom it signs in.
    pub person: &'a PersonId,
    /// The keyed hash of the browser that asked.
    pub browser: &'a str,
    /// The keyed hash of the code.
    pub mac: &'a str,
    /// How long it is good.
    pub lasts: TimeDelta,
    /// How often it may be tried.
    pub tries: i64,
}

/// How many codes may be made.
#[derive(Debug, Clone, Copy)]
pub struct CodeBounds {
    /// In the last so much time.
    pub within: TimeDelta,
    /// For one person.
    pub each: i64,
    /// For everybody together.
    pub all: i64,
}

/// A code that may still be good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCode {
    /// Names it.
    pub id: String,
    /// Whom it signs in.
    pub person: PersonId,
    /// The keyed hash of the code.
    pub mac: String,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who uses it.
    pub person: PersonId,
    /// When it was last noted as used.
    pub seen_at: DateTime<Utc>,
}

impl Tx {
    /// Keeps a code, within the bounds; false where there were too many.
    pub async fn add_code(
        &mut self,
        code: NewCode<'_>,
        bounds: CodeBounds,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let args = [
            code.id.into(),
            code.person.as_str().into(),
            code.browser.into(),
            code.mac.into(),
            now.timestamp_millis().into(),
            (now + code.lasts).timestamp_millis().into(),
            (now - bounds.within).timestamp_millis().into(),
            bounds.each.into(),
            bounds.all.into(),
            code.tries.into(),
        ];
        Ok(self.conn.execute(sql::CODE_ADD, &args).await? == 1)
    }

    /// The newest code that a browser asked for, with one try less; `None` where it is not good.
    pub async fn try_code(
        &mut self,
        browser: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<OpenCode>, StoreError> {
        let args = [browser.into(), now.timestamp_millis().into()];
        let row = self.conn.row(sql::CODE_TRY, &args).await?;
        let open = |row: super::db::Row| {
            Ok(OpenCode {
                id: row.text(0)?,
                person: PersonId::new(row.text(1)?),
                mac: row.text(2)?,
            })
        };
        row.map(open).transpose()
    }

    /// Ends a code; false where somebody else did.
    pub async fn spend_code(&mut self, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let args = [id.into(), now.timestamp_millis().into()];
        Ok(self.conn.execute(sql::CODE_SPEND, &args).await? == 1)
    }

    /// Forgets codes that were made before.
    pub async fn forget_codes(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.conn.execute(sql::CODES_FORGET, &[before.timestamp_millis().into()]).await
    }

    /// Keeps a browser that is signed in, and by which way.
    pub async fn add_session(
        &mut self,
        id: &str,
        person: &PersonId,
        way: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let args = [id.into(), person.as_str().into(), way.into(), now.timestamp_millis().into()];
        self.conn.execute(sql::SESSION_ADD, &args).await?;
        Ok(())
    }

    /// Who is signed in, where that began after `made` and was used after `seen`.
    pub async fn session(
        &mut self,
        id: &str,
        made: DateTime<Utc>,
        seen: DateTime<Utc>,
    ) -> Result<Option<SignedIn>, StoreError> {
        let args = [id.into(), made.timestamp_millis().into(), seen.timestamp_millis().into()];
        let row = self.conn.row(sql::SESSION_GET, &args).await?;
        let found = |row: super::db::Row| {
            Ok(SignedIn { person: PersonId::new(row.text(0)?), seen_at: time(row.int(1)?)? })
        };
        row.map(found).transpose()
    }

    /// Notes that a signed-in browser is used.
    pub async fn see_session(&mut self, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let args = [id.into(), now.timestamp_millis().into()];
        self.conn.execute(sql::SESSION_SEE, &args).await?;
        Ok(())
    }

    /// Signs a browser out; false where it was not signed in.
    pub async fn end_session(&mut self, id: &str) -> Result<bool, StoreError> {
        Ok(self.conn.execute(sql::SESSION_END, &[id.into()]).await? == 1)
    }

    /// Forgets browsers that were signed in before `made` or not used since `seen`.
    pub async fn forget_sessions(
        &mut self,
        made: DateTime<Utc>,
        seen: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let args = [made.timestamp_millis().into(), seen.timestamp_millis().into()];
        self.conn.execute(sql::SESSIONS_FORGET, &args).await
    }
}
