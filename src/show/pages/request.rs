//! One request as a page: its details, what its reader can do there and what that would do.
use crate::domain::id::PersonId;
use crate::domain::narrow::NotLess;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::show::details::{Details, Told, details};
use crate::show::narrowing::{self, Filled, NarrowForm};
use crate::show::{Voice, words};
use serde::Serialize;

/// Most things whose boxes are not folded away.
const MOST_OPEN: usize = 12;

/// A request's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestPage {
    /// The request, a page of its resources.
    pub details: Details,
    /// How its status is coloured: `waiting`, `moving`, `good`, `bad` or `over`.
    pub tone: &'static str,
    /// The form for a decision, where it is the reader's.
    pub decide: Option<DecideForm>,
    /// What lets it last longer, where that is offered.
    pub extend: Option<Extend>,
    /// The form that ends it early, where that is the reader's.
    pub end: Option<EndForm>,
}

/// The form for a yes or a no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecideForm {
    /// What a yes does.
    pub line: String,
    /// The request's version when this was drawn: two presses are one vote.
    pub version: i64,
    /// What a yes leaves of it.
    pub narrow: NarrowForm,
    /// Whether there are so many things that they are folded away.
    pub is_long: bool,
    /// Whether a yes needs a reason as well.
    pub needs_reason: bool,
    /// What stands in the field for the reason.
    pub reason: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// What lets access last longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extend {
    /// `Extend by 30 min`.
    pub label: String,
    /// How often it had been extended when this was drawn: two presses extend once.
    pub seen: String,
}

/// The form that ends a request early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndForm {
    /// What it does: `cancel` or `revoke`.
    pub act: &'static str,
    /// What opens it.
    pub open: String,
    /// What happens then.
    pub line: String,
    /// What does it.
    pub submit: String,
    /// Whether it needs a reason, because it is somebody else's.
    pub needs_reason: bool,
    /// What stands in the field for the reason.
    pub reason: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// What was typed into a form that could not be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The reason.
    pub reason: String,
    /// What is wrong.
    pub wrong: Option<String>,
    /// What a yes was to leave.
    pub narrowed: Filled,
    /// Why that cannot be.
    pub not_less: Option<NotLess>,
}

/// A request's page for `viewer`, page `page` of its resources from 0; `typed` is what stood in
/// its form.
pub fn request(
    voice: Voice<'_>,
    told: Told<'_>,
    (viewer, page): (&PersonId, usize),
    typed: Typed,
) -> RequestPage {
    let details = details(voice, told, viewer, page);
    let may = &details.may;
    let record = told.record;
    RequestPage {
        tone: tone(&record.state),
        decide: may.decide.then(|| decide(voice, record, &typed)),
        extend: may.extend.as_ref().map(|button| Extend {
            label: button.label.clone(),
            seen: button.value.split(' ').nth(1).unwrap_or_default().to_owned(),
        }),
        end: match (may.cancel, may.cancel_for, may.revoke, may.revoke_for) {
            (true, ..) => Some(end(voice, "cancel", false, typed)),
            (_, true, ..) => Some(end(voice, "cancel", true, typed)),
            (_, _, true, _) => Some(end(voice, "revoke", false, typed)),
            (.., true) => Some(end(voice, "revoke", true, typed)),
            _ => None,
        },
        details,
    }
}

fn decide(voice: Voice<'_>, record: &Record, typed: &Typed) -> DecideForm {
    let flow = voice.policy.flow(&record.asked.flow);
    let grantee = words::name(voice, &record.asked.grantee);
    let duration = narrowing::how_long(voice, record);
    let wrong = typed.not_less.map(|why| (why, narrowing::not_less(voice, why)));
    let narrow = narrowing::form(voice, record, usize::MAX).filled(&typed.narrowed, wrong);
    DecideForm {
        is_long: narrow.things.len() > MOST_OPEN && narrow.wrong_things.is_none(),
        narrow,
        line: voice
            .say("page-decide-line", [("grantee", grantee.into()), ("duration", duration.into())]),
        version: record.version,
        needs_reason: flow.is_some_and(|flow| flow.needs_approval_reason),
        reason: typed.reason.clone(),
        wrong: typed.wrong.clone(),
    }
}

fn end(voice: Voice<'_>, act: &'static str, needs_reason: bool, typed: Typed) -> EndForm {
    let [open, line, submit] = match (act, needs_reason) {
        ("cancel", false) => ["button-cancel", "cancel-confirm-text", "button-cancel"],
        ("cancel", true) => ["may-cancel-for", "end-cancel-line", "end-cancel-submit"],
        (_, false) => ["button-revoke", "revoke-confirm-text", "button-revoke-confirm"],
        (_, true) => ["may-revoke-for", "end-revoke-line", "end-revoke-submit"],
    };
    EndForm {
        act,
        open: voice.say(open, []),
        line: voice.say(line, []),
        submit: voice.say(submit, []),
        needs_reason,
        reason: typed.reason,
        wrong: typed.wrong,
    }
}

/// How a status is coloured; its word always stands beside it.
pub fn tone(state: &State) -> &'static str {
    match state {
        State::PendingMfa { .. } | State::PendingApproval { .. } => "waiting",
        State::Granting { .. } | State::Revoking { .. } => "moving",
        State::Active { .. } => "good",
        State::Rejected { .. } | State::Failed { .. } => "bad",
        State::Expired { .. } | State::Revoked { .. } | State::Cancelled { .. } => "over",
    }
}
