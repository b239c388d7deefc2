//! Looking after requests that wait for approvers while people and policies change around them.
//!
//! Nothing moves such a request, so nothing else would notice: whoever can say yes now and was not
//! asked is asked, whoever was asked and no longer can loses the buttons (R23), and where nobody can
//! any more the admins hear of it, each time anew (R27).
use super::effects::{raise_nobody, show};
use super::homes::redraw_homes;
use super::job::{CardKind, Recipient};
use super::{ActError, App, Snapshot};
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::id::RequestId;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::store::{Asking, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Requests looked at together.
const PAGE: i64 = 500;
/// What stands before the number of a request of which the admins know that nobody can approve it.
pub(super) const NOBODY: &str = "nobody_can_approve:";

/// What a waiting request lacks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lacks {
    /// Who is to be asked.
    ask: Vec<Recipient>,
    /// Whose copy is to lose its buttons.
    close: Vec<Recipient>,
    /// Whether the admins are to hear of it, or are to hear of it anew when it comes to that again.
    alarm: Option<bool>,
}

impl App {
    /// Brings who is asked into line with today's policy; how many requests lacked something.
    pub async fn look_after_pending(&self) -> Result<usize, ActError> {
        let snapshot = self.policy();
        let (mut before, mut changed) = (None, 0);
        loop {
            let mut tx = self.store().read().await?;
            let pending = tx.pending_requests(before, PAGE).await?;
            let Some(last) = pending.last().map(|record| record.asked.id) else {
                return Ok(changed);
            };
            let asking = tx.asking(last, before, NOBODY).await?;
            drop(tx);
            for record in &pending {
                let known = asking.get(&record.asked.id).cloned().unwrap_or_default();
                if lacks(&snapshot, record, &known) != Lacks::default() {
                    changed += self.look_after_one(&snapshot, record.asked.id).await;
                }
            }
            before = Some(last);
        }
    }

    /// One that cannot be looked after keeps no other from it.
    async fn look_after_one(&self, snapshot: &Snapshot, id: RequestId) -> usize {
        match self.retried(|| self.look_after(snapshot, id)).await {
            Ok(()) => 1,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, request.id = %id, "a waiting request cannot be looked after");
                0
            }
        }
    }

    async fn look_after(&self, snapshot: &Snapshot, id: RequestId) -> Result<(), ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        let Some(record) = tx.lock_request(id).await? else { return Ok(()) };
        if !matches!(record.state, State::PendingApproval { .. }) {
            return Ok(());
        }
        let known = tx.asking(id, Some(RequestId(id.0 + 1)), NOBODY).await?.remove(&id);
        let lacks = lacks(snapshot, &record, &known.unwrap_or_default());
        supply(&mut tx, snapshot, &record, lacks, now).await?;
        tx.commit().await?;
        self.ring();
        Ok(())
    }
}

fn lacks(snapshot: &Snapshot, record: &Record, known: &Asking) -> Lacks {
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), &snapshot.policy);
    let open: BTreeSet<Recipient> = ballot.open().into_iter().map(Recipient::Person).collect();
    let asked: BTreeSet<Recipient> = known
        .recipients
        .iter()
        .filter_map(|recipient| Recipient::read(recipient))
        // A channel's buttons are for whoever of its readers may.
        .filter(|recipient| matches!(recipient, Recipient::Person(_)))
        .collect();
    let can_complete = ballot.can_complete();
    Lacks {
        ask: open.difference(&asked).cloned().collect(),
        close: asked.difference(&open).cloned().collect(),
        alarm: (known.is_told == can_complete).then_some(!can_complete),
    }
}

async fn supply(
    tx: &mut Tx,
    snapshot: &Snapshot,
    record: &Record,
    lacks: Lacks,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let id = record.asked.id;
    let turned = lacks.ask.into_iter().map(|who| (who, true));
    for (recipient, is_open) in turned.chain(lacks.close.into_iter().map(|who| (who, false))) {
        show(tx, record, CardKind::Ask, vec![recipient.clone()], now).await?;
        tx.turn_card(id, &recipient.to_string(), is_open).await?;
    }
    match lacks.alarm {
        Some(true) => raise_nobody(tx, snapshot, record, now).await?,
        Some(false) => tx.tell_again(&format!("{NOBODY}{}", id.0)).await?,
        None => {}
    }
    let cards = tx.cards_of(id).await?;
    redraw_homes(tx, &cards, now);
    Ok(())
}
