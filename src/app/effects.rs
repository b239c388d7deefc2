//! One move, whole: the request's row, its decision, its audit row and the work it causes, all in
//! the caller's transaction.
use super::homes::redraw_homes;
use super::job::{CardKey, CardKind, Job, Recipient};
use super::pending::NOBODY;
use super::{ActError, Snapshot};
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::narrow::{Left, Narrowing};
use crate::domain::record::{Decision, Record};
use crate::domain::request::{Actor, Alarm, Effect, Event, Move, News, State};
use crate::store::audit::AuditEntry;
use crate::store::outbox::Work;
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};

/// Room for the messages of one move between two versions.
const SEQ_STEP: i64 = 8;

/// Applies `event` to a locked request.
///
/// # Errors
///
/// [`ActError::Late`] when the event cannot happen where the request stands; nothing changed then.
pub(super) async fn apply(
    tx: &mut Tx,
    policy: &Snapshot,
    record: &Record,
    event: Event,
    now: DateTime<Utc>,
) -> Result<Record, ActError> {
    let (kind, actor, decision) = (event.name(), actor_of(&event), decision_in(&event, now));
    let Move { to, effects } = record.state.after(event, now).map_err(|refused| {
        ActError::Late(record.asked.id, Box::new(record.clone()), refused.why)
    })?;
    tx.move_request(record, &to, decision.as_ref(), now).await?;
    let mut moved = record.clone();
    moved.version += 1;
    moved.decisions.extend(decision);
    tx.audit(AuditEntry {
        at: now,
        actor,
        kind,
        request: Some(record.asked.id),
        body: audited(record, &moved, &to),
    });
    let is_decided = |state: &State| !matches!(state, State::PendingApproval { .. });
    if is_decided(&to) && !is_decided(&record.state) {
        tx.close_cards(record.asked.id).await?;
    }
    settle_grants(tx, &moved, &to).await?;
    moved.state = to;
    cause(tx, policy, &moved, effects, now).await?;
    Ok(moved)
}

/// What the audit keeps of a move; where it narrowed the request, what was left before and after.
fn audited(from: &Record, moved: &Record, to: &State) -> serde_json::Value {
    let (before, after) = (from.left(), moved.left());
    let mut body = serde_json::json!({ "from": from.state.label(), "to": to });
    if before.times != after.times
        && let Some(body) = body.as_object_mut()
    {
        let left = |left: &Left<'_>| serde_json::json!({ "seconds": left.duration.num_seconds(), "items": left.items });
        let narrowed = serde_json::json!({ "before": left(&before), "after": left(&after) });
        body.insert("narrowed".to_owned(), narrowed);
    }
    body
}

/// Stores the work that effects call for.
pub(super) async fn cause(
    tx: &mut Tx,
    policy: &Snapshot,
    record: &Record,
    effects: Vec<Effect>,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    for effect in effects {
        match effect {
            // Its surface comes with the proof of presence itself; no flow can ask for it before.
            Effect::AskMfa => {}
            Effect::AskApprovers => ask_approvers(tx, policy, record, now).await?,
            Effect::RewriteMessages => rewrite_messages(tx, record, now).await?,
            Effect::SettleTargets => queue_settling(tx, record, now),
            Effect::Tell(News::Active) => tell(tx, record, CardKind::Active, now).await?,
            Effect::Tell(News::EndNears) => tell_anew(tx, record, CardKind::EndsSoon, now).await?,
            Effect::Tell(News::Ended) => tell(tx, record, CardKind::Ended, now).await?,
            Effect::Alarm(Alarm::StillThere) => {
                alarm(tx, policy, record, CardKind::StillThere, now).await?;
            }
        }
    }
    Ok(())
}

/// Makes the grants' rows agree with the state: committed before any connector hears of it (R30).
async fn settle_grants(tx: &mut Tx, record: &Record, to: &State) -> Result<(), StoreError> {
    let id = record.asked.id;
    match to {
        State::Granting { since, .. } => {
            tx.add_grants(id, record.entitlements(), *since + record.left().duration).await
        }
        State::Active { until, .. } => tx.set_grants_expiry(id, *until).await,
        State::Revoking { is_alarmed: false, .. } => tx.end_grants(id).await,
        State::Revoking { is_alarmed: true, .. }
        | State::PendingMfa { .. }
        | State::PendingApproval { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Revoked { .. }
        | State::Cancelled { .. }
        | State::Failed { .. } => Ok(()),
    }
}

async fn ask_approvers(
    tx: &mut Tx,
    policy: &Snapshot,
    record: &Record,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), &policy.policy);
    let open = ballot.open();
    if !ballot.can_complete() {
        raise_nobody(tx, policy, record, now).await?;
    }
    let is_first = approvals_so_far(&record.state).is_empty();
    if !is_first {
        // Whoever said yes, or whose stage is over, waits for others now.
        tx.close_cards(record.asked.id).await?;
    }
    let people: Vec<Recipient> = open.into_iter().map(Recipient::Person).collect();
    let flow = policy.policy.flow(&record.asked.flow);
    let channel = flow.and_then(|flow| flow.channel.clone()).map(Recipient::Channel);
    let recipients = people.iter().cloned().chain(channel).collect();
    show(tx, record, CardKind::Ask, recipients, now).await?;
    if !is_first {
        for person in &people {
            tx.open_card(record.asked.id, &person.to_string()).await?;
        }
    }
    Ok(())
}

/// Queues every copy of every message of the request, the living ones, and the Homes of whoever reads
/// them.
async fn rewrite_messages(
    tx: &mut Tx,
    record: &Record,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let id = record.asked.id;
    let mut cards = tx.cards_of(id).await?;
    let has_status = |reader: &Recipient| {
        let (kind, reader) = (CardKind::Status.word(), reader.to_string());
        cards.iter().any(|card| card.kind == kind && card.recipient == reader)
    };
    if !parties(record).iter().all(has_status) {
        tell(tx, record, CardKind::Status, now).await?;
        cards = tx.cards_of(id).await?;
    }
    for card in &cards {
        let known = CardKind::read(&card.kind).zip(Recipient::read(&card.recipient));
        if let Some((kind, recipient)) = known {
            queue_showing(tx, record, kind, recipient, now);
        }
    }
    redraw_homes(tx, &cards, now);
    Ok(())
}

/// Who has a request at heart: its requester, and its grantee where that is another.
fn parties(record: &Record) -> Vec<Recipient> {
    let asked = &record.asked;
    let grantee = Some(&asked.grantee).filter(|grantee| **grantee != asked.requester);
    [&asked.requester].into_iter().chain(grantee).cloned().map(Recipient::Person).collect()
}

async fn tell(
    tx: &mut Tx,
    record: &Record,
    kind: CardKind,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    show(tx, record, kind, parties(record), now).await
}

/// Tells in a new message also where there is one of the kind: it was about an earlier end and was
/// rewritten when that moved.
async fn tell_anew(
    tx: &mut Tx,
    record: &Record,
    kind: CardKind,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    tx.post_anew(record.asked.id, kind.word()).await?;
    tell(tx, record, kind, now).await
}

/// Tells the admins that nobody can approve a request, unless they know; in a new message where it
/// could be approved in between.
pub(super) async fn raise_nobody(
    tx: &mut Tx,
    policy: &Snapshot,
    record: &Record,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if tx.tell_once(&format!("{NOBODY}{}", record.asked.id.0), now).await? {
        tx.post_anew(record.asked.id, CardKind::NobodyCanApprove.word()).await?;
        alarm(tx, policy, record, CardKind::NobodyCanApprove, now).await?;
    }
    Ok(())
}

/// Tells the admins something about a request, each in their copy of one message.
pub(super) async fn alarm(
    tx: &mut Tx,
    policy: &Snapshot,
    record: &Record,
    kind: CardKind,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    show(tx, record, kind, super::alarm::hearers(policy), now).await
}

/// Adds a copy for each of `recipients` who has none, and queues it.
pub(super) async fn show(
    tx: &mut Tx,
    record: &Record,
    kind: CardKind,
    recipients: Vec<Recipient>,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let is_open = kind == CardKind::Ask;
    let names: Vec<String> = recipients.iter().map(Recipient::to_string).collect();
    tx.add_cards(record.asked.id, kind.word(), &names, is_open).await?;
    for recipient in recipients {
        queue_showing(tx, record, kind, recipient, now);
    }
    Ok(())
}

/// Queues one copy of a message.
pub(super) fn queue_showing(
    tx: &mut Tx,
    record: &Record,
    kind: CardKind,
    recipient: Recipient,
    now: DateTime<Utc>,
) {
    let job = Job::Show(CardKey { request: record.asked.id, kind, recipient });
    tx.queue(job.work(seq(record, kind)), now);
}

/// The place of a message among what its recipient hears of the request.
pub(super) fn seq(record: &Record, kind: CardKind) -> i64 {
    let place = CardKind::ALL.iter().position(|other| *other == kind).unwrap_or_default();
    record.version * SEQ_STEP + i64::try_from(place).unwrap_or_default()
}

/// Queues the work on every target; taking away has a lane of its own, so that it never waits for
/// giving (R34).
pub(super) fn queue_settling(tx: &mut Tx, record: &Record, now: DateTime<Utc>) {
    let is_ending = matches!(record.state, State::Revoking { .. });
    for entitlement in record.entitlements() {
        let job = Job::Settle { entitlement };
        // What is overdue the longest goes first, also among what is queued in one moment.
        let order = record.expires_at.map_or(0, |end| end.timestamp_millis());
        let work = if is_ending { Work { seq: order, ..job.ending() } } else { job.work(0) };
        tx.queue(work, now);
    }
}

/// Who or what an event came from.
fn actor_of(event: &Event) -> Actor {
    match event {
        Event::Approved { approval, .. } => Actor::Person(approval.by.clone()),
        Event::Rejected { by, .. }
        | Event::Cancelled { by, .. }
        | Event::Extended { by, .. }
        | Event::RevokeAsked { by, .. } => by.clone(),
        Event::WindowClosed
        | Event::PatienceOver
        | Event::EndNears
        | Event::TimeUp
        | Event::Overdue => Actor::Clock,
        Event::Granted { .. } | Event::GrantFailed { .. } | Event::Removed => Actor::Connector,
        // The requester is who passes it.
        Event::MfaPassed { .. } => Actor::Policy,
    }
}

/// The yes or no by a person that an event carries.
fn decision_in(event: &Event, now: DateTime<Utc>) -> Option<Decision> {
    match event {
        Event::Approved { approval, .. } => Some(Decision {
            by: approval.by.clone(),
            is_approval: true,
            reason: approval.reason.clone(),
            is_own: approval.is_own,
            at: approval.at,
            narrowing: approval.narrowing.clone(),
        }),
        Event::Rejected { by: Actor::Person(by), reason } => Some(Decision {
            by: by.clone(),
            is_approval: false,
            reason: Some(reason.clone()),
            is_own: false,
            at: now,
            narrowing: Narrowing::default(),
        }),
        _ => None,
    }
}
