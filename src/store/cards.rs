//! Every copy of every message, so that each can be rewritten when its request moves.
use super::db::{Arg, Row};
use super::requests::record;
use super::{StoreError, Tx, many, sql, time};
use crate::domain::id::RequestId;
use crate::domain::record::Record;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What a copy shows that was posted and is to be posted once more.
const ANEW: i64 = -1;
/// What a copy shows that mail told and that is to be said in chat as well.
const IN_CHAT: i64 = -2;

/// One copy of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// About which request.
    pub request: RequestId,
    /// Which message; the words are `app`'s.
    pub kind: String,
    /// To whom or where; the words are `app`'s.
    pub recipient: String,
    /// Where it was posted: platform, place, and the platform's name of the message there.
    pub posted: Option<(String, String, String)>,
    /// The request's version that it shows; 0 before it was posted; see [`Card::is_anew`].
    pub shown_version: i64,
    /// Whether it asks somebody for a decision that is waited for.
    pub is_open: bool,
}

/// Who is asked about a request that waits for approvers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// Whose copy asks for a decision; the words are `app`'s.
    pub recipients: Vec<String>,
    /// Whether the admins know that nobody can approve it.
    pub is_told: bool,
}

/// A copy of a message and whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCard {
    /// Which message; the words are `app`'s.
    pub kind: String,
    /// To whom or where; the words are `app`'s.
    pub recipient: String,
    /// When its reader last looked at their Home, where they ever did.
    pub home_seen_at: Option<DateTime<Utc>>,
}

impl Card {
    /// Whether it was posted and is to be posted once more.
    pub fn is_anew(&self) -> bool {
        self.shown_version == ANEW
    }

    /// Whether mail told it, and it is to be said in chat as well.
    pub fn is_for_chat(&self) -> bool {
        self.shown_version == IN_CHAT
    }
}

impl Tx {
    /// Adds copies of a message to post, unless they are known already; `is_open` while they ask for a
    /// decision.
    pub async fn add_cards(
        &mut self,
        request: RequestId,
        kind: &str,
        recipients: &[String],
        is_open: bool,
    ) -> Result<(), StoreError> {
        let row = |recipient| vec![request.0.into(), kind.into(), recipient, is_open.into()];
        let rows: Vec<Vec<Arg<'_>>> = recipients.iter().map(Arg::from).map(row).collect();
        self.conn.add(&many::CARD_ADD, &rows).await
    }

    /// Closes what asked for decisions on a request that waits for none any more.
    pub async fn close_cards(&mut self, request: RequestId) -> Result<(), StoreError> {
        self.conn.execute(sql::CARDS_CLOSE, &[request.0.into()]).await?;
        Ok(())
    }

    /// Marks the copies of one of a request's messages to be posted anew, below what came since.
    pub async fn post_anew(&mut self, request: RequestId, kind: &str) -> Result<(), StoreError> {
        self.conn.execute(sql::CARDS_ANEW, &[request.0.into(), kind.into()]).await?;
        Ok(())
    }

    /// Opens what asked `recipient` for a decision on a request: it waits for them again.
    pub async fn open_card(
        &mut self,
        request: RequestId,
        recipient: &str,
    ) -> Result<(), StoreError> {
        self.conn.execute(sql::CARD_OPEN, &[request.0.into(), recipient.into()]).await?;
        Ok(())
    }

    /// Lets the copy that asks `recipient` ask or not, and lag behind, so that it is shown anew.
    pub async fn turn_card(
        &mut self,
        request: RequestId,
        recipient: &str,
        is_open: bool,
    ) -> Result<(), StoreError> {
        let args = [request.0.into(), recipient.into(), is_open.into()];
        self.conn.execute(sql::CARD_TURN, &args).await?;
        Ok(())
    }

    /// Who is asked about each request that waits for approvers, from number `first` to below
    /// `before`; `told` is what stands before the numbers of those that admins know of.
    pub async fn asking(
        &mut self,
        first: RequestId,
        before: Option<RequestId>,
        told: &str,
    ) -> Result<BTreeMap<RequestId, Asking>, StoreError> {
        let (first, before) = (first.0, before.map_or(i64::MAX, |id| id.0));
        let mut asking: BTreeMap<RequestId, Asking> = BTreeMap::new();
        let args = [first.into(), before.into()];
        for row in self.conn.rows(sql::CARDS_ASKING, &args).await? {
            asking.entry(RequestId(row.int(0)?)).or_default().recipients.push(row.text(1)?);
        }
        let args = [first.into(), before.into(), told.into()];
        for row in self.conn.rows(sql::TOLD_OF_PENDING, &args).await? {
            asking.entry(RequestId(row.int(0)?)).or_default().is_told = true;
        }
        Ok(asking)
    }

    /// Every copy of a request's messages.
    pub async fn cards_of(&mut self, request: RequestId) -> Result<Vec<KnownCard>, StoreError> {
        match self.read_ahead.remove(&request) {
            Some(cards) => Ok(cards),
            None => {
                let rows = self.conn.rows(sql::CARDS_OF, &[request.0.into()]).await?;
                rows.iter().map(|row| Ok(known_card(row)?.1)).collect()
            }
        }
    }

    /// Reads the copies of these requests' messages at once; [`Tx::cards_of`] answers each of them
    /// from that, the first time.
    pub async fn read_cards_ahead(&mut self, requests: &[RequestId]) -> Result<(), StoreError> {
        for some in requests.chunks(many::MOST_ROWS) {
            let args: Vec<Arg<'_>> = some.iter().map(|request| request.0.into()).collect();
            for row in self.conn.rows(many::CARDS_OF.text(some.len()), &args).await? {
                let (request, card) = known_card(&row)?;
                self.read_ahead.entry(request).or_default().push(card);
            }
        }
        Ok(())
    }

    /// One copy, and the request that it is about.
    pub async fn card(
        &mut self,
        request: RequestId,
        kind: &str,
        recipient: &str,
    ) -> Result<Option<(Card, Record)>, StoreError> {
        let args = [request.0.into(), kind.into(), recipient.into()];
        let row = self.conn.row(sql::CARD_GET, &args).await?;
        row.map(|row| Ok((card(request, &row)?, record(&row)?))).transpose()
    }

    /// Keeps where a copy was posted and which version of the request it shows.
    pub async fn card_shown(&mut self, before: &Card, shown: &Card) -> Result<(), StoreError> {
        let posted = shown.posted.as_ref();
        let args = [
            shown.request.0.into(),
            (&shown.kind).into(),
            (&shown.recipient).into(),
            posted.map(|(platform, _, _)| platform.as_str()).into(),
            posted.map(|(_, place, _)| place.as_str()).into(),
            posted.map(|(_, _, stamp)| stamp.as_str()).into(),
            shown.shown_version.into(),
            before.shown_version.into(),
            before.is_open.into(),
        ];
        match self.conn.execute(sql::CARD_SHOWN, &args).await? {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }
}

fn known_card(row: &Row) -> Result<(RequestId, KnownCard), StoreError> {
    let card = KnownCard {
        kind: row.text(1)?,
        recipient: row.text(2)?,
        home_seen_at: row.maybe_int(3)?.map(time).transpose()?,
    };
    Ok((RequestId(row.int(0)?), card))
}

/// The copy in a row, behind the columns of its request.
fn card(request: RequestId, row: &Row) -> Result<Card, StoreError> {
    let posted = match (row.maybe_text(10)?, row.maybe_text(11)?, row.maybe_text(12)?) {
        (Some(platform), Some(place), Some(stamp)) => Some((platform, place, stamp)),
        _ => None,
    };
    Ok(Card {
        request,
        kind: row.text(8)?,
        recipient: row.text(9)?,
        posted,
        shown_version: row.int(13)?,
        is_open: row.boolean(14)?,
    })
}
