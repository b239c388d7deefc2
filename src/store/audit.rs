//! The audit: one row per transition, decision, refusal and policy change, chained with a keyed hash.
//!
//! A row's `mac` is HMAC-SHA-256 over the mac before it and the row's own columns, so an edit, a
//! deletion, an insertion or a swap breaks the chain at that row. `audit_head` repeats the last
//! number and mac, so a cut tail is found too.
use super::db::{Arg, Conn};
use super::{StoreError, Tx, many, sql};
use crate::domain::id::RequestId;
use crate::domain::past::Happened;
use crate::domain::request::Actor;
use chrono::{DateTime, Utc};
use ring::hmac;

/// Rows read at once while verifying.
const PAGE: i64 = 1000;

/// The key of the chain.
pub struct AuditKey(hmac::Key);

impl AuditKey {
    /// The key made of these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    fn sign(&self, text: &str) -> String {
        let tag = hmac::sign(&self.0, text.as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What only the holder of the key can write beside the end of the chain.
    fn head(&self, seq: i64, mac: &str) -> String {
        self.sign(&serde_json::json!(["head", seq, mac]).to_string())
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who or what caused it.
    pub actor: Actor,
    /// What, in one word.
    pub kind: &'static str,
    /// About which request.
    pub request: Option<RequestId>,
    /// The whole of it.
    pub body: serde_json::Value,
}

/// One row as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When, in epoch milliseconds.
    pub happened_at: i64,
    /// Who or what, as JSON.
    pub actor: String,
    /// What.
    pub kind: String,
    /// About which request.
    pub request: Option<i64>,
    /// The whole of it, as JSON.
    pub body: String,
    /// The keyed hash, in hex.
    pub mac: String,
}

/// What reading the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// It holds; so many rows.
    Whole(i64),
    /// It breaks at the row with this number.
    Broken {
        /// The first bad row.
        seq: i64,
        /// What is wrong there.
        why: &'static str,
    },
}

impl AuditRow {
    fn mac(&self, key: &AuditKey, before: &str) -> String {
        let columns = serde_json::json!([
            before,
            self.seq,
            self.happened_at,
            self.actor,
            self.kind,
            self.request,
            self.body
        ]);
        key.sign(&columns.to_string())
    }

    fn args(&self) -> Vec<Arg<'_>> {
        vec![
            self.seq.into(),
            self.happened_at.into(),
            (&self.actor).into(),
            (&self.kind).into(),
            self.request.into(),
            (&self.body).into(),
            (&self.mac).into(),
        ]
    }
}

/// Adds the entries to the end of the chain.
pub(super) async fn chain(
    conn: &mut Conn,
    key: &AuditKey,
    entries: &[AuditEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let Some(head) = conn.row(sql::audit::AUDIT_TAKE_HEAD, &[]).await? else {
        return Err(StoreError::Stale);
    };
    let (mut seq, mut mac) = (head.int(0)?, head.text(1)?);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        seq += 1;
        let mut row = AuditRow {
            seq,
            happened_at: entry.at.timestamp_millis(),
            actor: json(&entry.actor)?,
            kind: entry.kind.to_owned(),
            request: entry.request.map(|id| id.0),
            body: entry.body.to_string(),
            mac: String::new(),
        };
        row.mac = row.mac(key, &mac);
        mac.clone_from(&row.mac);
        rows.push(row);
    }
    let args: Vec<Vec<Arg<'_>>> = rows.iter().map(AuditRow::args).collect();
    conn.add(&many::AUDIT_ADD, &args).await?;
    let seal = key.head(seq, &mac);
    conn.execute(sql::audit::AUDIT_SET_HEAD, &[seq.into(), (&mac).into(), (&seal).into()]).await?;
    Ok(())
}

fn json(actor: &Actor) -> Result<String, StoreError> {
    serde_json::to_string(actor)
        .map_err(|source| StoreError::Unreadable { what: "an audit entry".to_owned(), source })
}

impl Tx {
    /// The first `limit` moves of a request, in order.
    pub async fn moves_of(
        &mut self,
        id: RequestId,
        limit: i64,
    ) -> Result<Vec<Happened>, StoreError> {
        let rows = self.conn.rows(sql::audit::AUDIT_OF, &[id.0.into(), limit.into()]).await?;
        let mut moves = Vec::new();
        for row in &rows {
            let unreadable =
                |source| StoreError::Unreadable { what: format!("the audit of {id}"), source };
            let body: serde_json::Value =
                serde_json::from_str(&row.text(3)?).map_err(unreadable)?;
            // What is no move (a refusal, a look at how to connect) says no state, only words at most.
            if body.get("to").is_some() {
                let by = serde_json::from_str(&row.text(1)?).map_err(unreadable)?;
                let at = super::time(row.int(0)?)?;
                moves.push(Happened { at, by, event: row.text(2)? });
            }
        }
        Ok(moves)
    }

    /// Audit rows after number `after`, in order, at most `limit`.
    pub async fn audit_rows(
        &mut self,
        after: i64,
        limit: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let rows = self.conn.rows(sql::audit::AUDIT_PAGE, &[after.into(), limit.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(AuditRow {
                    seq: row.int(0)?,
                    happened_at: row.int(1)?,
                    actor: row.text(2)?,
                    kind: row.text(3)?,
                    request: row.maybe_int(4)?,
                    body: row.text(5)?,
                    mac: row.text(6)?,
                })
            })
            .collect()
    }

    /// Reads the chain up to its present end and says where it breaks first.
    ///
    /// Whoever puts an older end of the chain back together with the rows it had then is not found:
    /// for that, keep exports elsewhere.
    pub async fn verify_audit(&mut self) -> Result<Verified, StoreError> {
        let cut = |seq| Verified::Broken { seq, why: "the end was cut off" };
        let (mut seq, mut mac, mut end_before) = (0, String::new(), None);
        loop {
            let Some(head) = self.conn.row(sql::audit::AUDIT_HEAD, &[]).await? else {
                return Ok(cut(1));
            };
            let (end, end_mac, seal) = (head.int(0)?, head.text(1)?, head.text(2)?);
            if end_before == Some(end) {
                return Ok(Verified::Broken { seq: end + 1, why: "a row was added" });
            }
            if let Some(broken) = self.verify_rows(&mut seq, &mut mac, end).await? {
                return Ok(broken);
            }
            let is_sealed = end == 0 || seal == self.audit_key.head(end, &end_mac);
            if !is_sealed || mac != end_mac {
                return Ok(cut(seq + 1));
            }
            // What stands behind the end was written since it was read, or by somebody else: then
            // the end has not moved when it is read again.
            if self.audit_rows(end, 1).await?.is_empty() {
                return Ok(Verified::Whole(seq));
            }
            end_before = Some(end);
        }
    }

    /// Reads the chain from `seq` up to `end`; what is broken there, if anything is.
    async fn verify_rows(
        &mut self,
        seq: &mut i64,
        mac: &mut String,
        end: i64,
    ) -> Result<Option<Verified>, StoreError> {
        let broken = |seq, why| Ok(Some(Verified::Broken { seq, why }));
        while *seq < end {
            let rows = self.audit_rows(*seq, PAGE.min(end - *seq)).await?;
            if rows.is_empty() {
                return broken(*seq + 1, "the end was cut off");
            }
            for row in &rows {
                if row.seq != *seq + 1 {
                    return broken(*seq + 1, "a row is missing");
                }
                if row.mac != row.mac(&self.audit_key, mac) {
                    return broken(row.seq, "the row was changed");
                }
                *seq = row.seq;
                mac.clone_from(&row.mac);
            }
        }
        Ok(None)
    }
}
