//! Codes that were mailed, and browsers that are signed in. Only keyed hashes are kept of either.
use super::db::Arg;
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
    /// Whose tries and codes it counts among.
    pub room: Room,
    /// The keyed hash of the browser that asked.
    pub browser: &'a str,
    /// The keyed hash of where a stranger asked; empty in the other room.
    pub client: &'a str,
    /// The keyed hash of the code.
    pub mac: &'a str,
    /// How long it is good.
    pub lasts: TimeDelta,
    /// How often it may be tried.
    pub tries: i64,
}

/// Whose codes one counts among, so that strangers use up nothing of who a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Of who came by a link that was mailed to them, or in a browser of theirs.
    Own,
    /// Of whoever knows the address.
    Open,
}

impl Room {
    /// The room in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Open => "open",
        }
    }

    fn read(word: &str) -> Self {
        if word == Self::Own.word() { Self::Own } else { Self::Open }
    }
}

/// How many codes may be made.
#[derive(Debug, Clone, Copy)]
pub struct CodeBounds {
    /// For one person and room in the last so much time.
    pub each: (i64, TimeDelta),
    /// The time for what follows.
    pub within: TimeDelta,
    /// For one browser.
    pub browser: i64,
    /// For strangers at one place.
    pub client: i64,
    /// For all strangers together.
    pub all: i64,
}

/// Which bound a code met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// What one person is sent.
    Person,
    /// What one browser asks for.
    Browser,
    /// What is asked for at one place.
    Client,
    /// What is asked for at all, or another one of the same person's at the same moment.
    All,
}

/// A code that was mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailedCode {
    /// Names it.
    pub id: String,
    /// Whom it signs in.
    pub person: PersonId,
    /// Whose codes it counts among.
    pub room: Room,
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
    /// Keeps a code, within the bounds; or says which one it met.
    pub async fn add_code(
        &mut self,
        code: NewCode<'_>,
        bounds: CodeBounds,
        now: DateTime<Utc>,
    ) -> Result<Option<Bound>, StoreError> {
        let (each, each_within) = bounds.each;
        let (long, short) = (now - each_within, now - bounds.within);
        let args = [
            code.id.into(),
            code.person.as_str().into(),
            code.room.word().into(),
            code.browser.into(),
            code.client.into(),
            code.mac.into(),
            now.timestamp_millis().into(),
            (now + code.lasts).timestamp_millis().into(),
            long.timestamp_millis().into(),
            each.into(),
            short.timestamp_millis().into(),
            bounds.browser.into(),
            bounds.client.into(),
            bounds.all.into(),
            code.tries.into(),
        ];
        if self.conn.execute(sql::CODE_ADD, &args).await? == 1 {
            return Ok(None);
        }
        let args = [
            code.person.as_str().into(),
            code.room.word().into(),
            code.browser.into(),
            code.client.into(),
            long.timestamp_millis().into(),
            short.timestamp_millis().into(),
        ];
        let Some(row) = self.conn.row(sql::CODES_COUNT, &args).await? else {
            return Ok(Some(Bound::All));
        };
        Ok(Some(match (row.int(0)?, row.int(1)?, row.int(2)?) {
            (person, _, _) if person >= each => Bound::Person,
            (_, browser, _) if browser >= bounds.browser => Bound::Browser,
            (_, _, client) if client >= bounds.client => Bound::Client,
            _ => Bound::All,
        }))
    }

    /// The newest code that a browser asked for, with one try less; `None` where it is not good.
    pub async fn try_code(
        &mut self,
        browser: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<MailedCode>, StoreError> {
        let args = [browser.into(), now.timestamp_millis().into()];
        self.conn.row(sql::CODE_TRY, &args).await?.map(mailed).transpose()
    }

    /// The newest code that a browser asked for, good or not.
    pub async fn last_code(&mut self, browser: &str) -> Result<Option<MailedCode>, StoreError> {
        self.conn.row(sql::CODE_LAST, &[browser.into()]).await?.map(mailed).transpose()
    }

    /// Counts a try as wrong on a day (days since 1970); how many there are of it now.
    pub async fn add_wrong(
        &mut self,
        person: &PersonId,
        room: Room,
        day: i64,
    ) -> Result<i64, StoreError> {
        let row = self.conn.row(sql::WRONG_ADD, &wrong_key(person, room, day)).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Takes back the count of a try that was right.
    pub async fn take_wrong_back(
        &mut self,
        person: &PersonId,
        room: Room,
        day: i64,
    ) -> Result<(), StoreError> {
        self.conn.execute(sql::WRONG_TAKE_BACK, &wrong_key(person, room, day)).await?;
        Ok(())
    }

    /// How many wrong tries there were on a day.
    pub async fn wrong_tries(
        &mut self,
        person: &PersonId,
        room: Room,
        day: i64,
    ) -> Result<i64, StoreError> {
        let row = self.conn.row(sql::WRONG_GET, &wrong_key(person, room, day)).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Forgets the wrong tries of days before `day`.
    pub async fn forget_wrong(&mut self, day: i64) -> Result<u64, StoreError> {
        self.conn.execute(sql::WRONG_FORGET, &[day.into()]).await
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

/// What counts wrong tries: whose, in which room, on which day.
fn wrong_key(person: &PersonId, room: Room, day: i64) -> [Arg<'_>; 3] {
    [person.as_str().into(), room.word().into(), day.into()]
}

fn mailed(row: super::db::Row) -> Result<MailedCode, StoreError> {
    Ok(MailedCode {
        id: row.text(0)?,
        person: PersonId::new(row.text(1)?),
        room: Room::read(&row.text(2)?),
        mac: row.text(3)?,
    })
}
