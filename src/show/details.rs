//! One request, whole (R20): how it stands, who said what, what happened when, and the buttons that
//! are its reader's.
use super::ending::{ExtendButton, button, why_not};
use super::limits::{NAME_CHARS, one_line, shorten};
use super::{Fact, Voice, cards, narrowing, words};
use crate::domain::approvals::{self, StageStanding, Standing};
use crate::domain::catalog::Item;
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::extend;
use crate::domain::id::PersonId;
use crate::domain::parties::{is_theirs, may_cancel, may_revoke};
use crate::domain::past::Happened;
use crate::domain::record::{Decision, Record};
use crate::domain::request::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// Resources on one page.
const PAGE: usize = 40;
/// Stages on one page: each takes two of the hundred blocks that a view holds.
const STAGES: usize = 20;
/// Most approvers named in one stage; those who decided come first.
const VOICES: usize = 25;
/// Most approvers named in all, so that a view of many stages fits.
const ALL_VOICES: usize = 60;
/// Most decisions whose words are told.
const REASONS: usize = 25;
/// Longest words of one decision, in characters: what the dialog takes.
const REASON_CHARS: usize = 1000;
/// Longest words of a target about one thing, in characters: a page of them fits into a view.
const FAULT_CHARS: usize = 500;
/// Most moves told: the first and the last ones.
const MOVES: usize = 60;

/// A page of a request's details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Details {
    /// `AR-1042`.
    pub id: String,
    /// Where it stands.
    pub status: cards::Status,
    /// Who, for whom, which flow, how long, what is left.
    pub facts: Vec<Fact>,
    /// The resources of this page, a line each.
    pub items: Vec<String>,
    /// `Resources 1 to 40 of 1,000`, where there is more than one page.
    pub page: Option<String>,
    /// Whether there is a next page.
    pub has_next: bool,
    /// The number of the next page.
    pub next: usize,
    /// Whether there is a page before.
    pub has_previous: bool,
    /// The number of the page before.
    pub previous: usize,
    /// The stages, in order, where people decide.
    pub stages: Vec<StageLines>,
    /// What happened, in order.
    pub timeline: Vec<Fact>,
    /// Says that some of what happened is left out, where it is.
    pub timeline_more: Option<String>,
    /// What the reader may do.
    pub may: May,
}

/// One stage of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageLines {
    /// `Stage 1 of 2: Ben or Eva`.
    pub title: String,
    /// How each approver stands, a line each.
    pub lines: Vec<String>,
}

/// The buttons that are the reader's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct May {
    /// Decide on it now.
    pub decide: bool,
    /// See how to connect.
    pub connect: bool,
    /// Let it last longer.
    pub extend: Option<ExtendButton>,
    /// Withdraw what is theirs.
    pub cancel: bool,
    /// Withdraw what is somebody else's, with a reason.
    pub cancel_for: bool,
    /// End what is theirs.
    pub revoke: bool,
    /// End what is somebody else's, with a reason.
    pub revoke_for: bool,
    /// Ask for it again.
    pub again: bool,
    /// Star it.
    pub star: bool,
    /// Take the star away.
    pub unstar: bool,
}

/// What is told of a request beside its record.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The request as it stands.
    pub record: &'a Record,
    /// What happened to it, in order.
    pub past: &'a [Happened],
    /// Whether the reader starred it; `None` where they cannot.
    pub star: Option<bool>,
    /// When it was read.
    pub at: DateTime<Utc>,
}

/// The details of a request for `viewer`, page `page` of its resources, from 0.
pub fn details(voice: Voice<'_>, told: Told<'_>, viewer: &PersonId, page: usize) -> Details {
    let record = told.record;
    let total = record.asked.items.len();
    let of_items = total.div_ceil(PAGE).max(1);
    let pages = of_items.max(record.asked.plan.stages.len().div_ceil(STAGES));
    let page = page.min(pages - 1);
    // Where there are more pages of stages, the last resources stay.
    let first = page.min(of_items - 1) * PAGE;
    let shown = record.asked.items.iter().skip(first).take(PAGE);
    let missing = missing(&record.state);
    let gone: BTreeMap<&Item, &Decision> = record.taken_out().collect();
    let line = |item| item_line(voice, item, &missing, gone.get(item).copied());
    let items: Vec<String> = shown.map(line).collect();
    let mut status = cards::status(voice, record, viewer);
    // Here is room for the whole of it, and no other place to send people to.
    status.justification.clone_from(&record.asked.justification);
    status.reason = cards::whole_reason(record).map(str::to_owned);
    let (timeline, timeline_more) = timeline(voice, told);
    let (from, to) = (first + 1, first + items.len());
    Details {
        id: record.asked.id.to_string(),
        facts: facts(voice, told, &status),
        status,
        page: (pages > 1).then(|| match of_items {
            1 => page_of_stages(voice, page, pages),
            _ => {
                let values = [("from", from.into()), ("to", to.into()), ("total", total.into())];
                voice.say("details-page", values)
            }
        }),
        items,
        has_next: page + 1 < pages,
        next: page + 1,
        has_previous: page > 0,
        previous: page.saturating_sub(1),
        stages: stages(voice, record, page),
        timeline,
        timeline_more,
        may: may(voice, told, viewer),
    }
}

/// What could not be given, with the target's words.
fn missing(state: &State) -> BTreeMap<&Item, &str> {
    match state {
        State::Active { missing, .. } => {
            missing.iter().map(|one| (&one.item, one.why.as_str())).collect()
        }
        State::PendingMfa { .. }
        | State::PendingApproval { .. }
        | State::Granting { .. }
        | State::Revoking { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Revoked { .. }
        | State::Cancelled { .. }
        | State::Failed { .. } => BTreeMap::new(),
    }
}

fn item_line(
    voice: Voice<'_>,
    item: &Item,
    missing: &BTreeMap<&Item, &str>,
    gone: Option<&Decision>,
) -> String {
    let line = words::item(voice, item);
    if let Some(decision) = gone {
        let by = words::name(voice, &decision.by);
        return voice.say("narrowed-item", [("item", line.into()), ("by", by.into())]);
    }
    match missing.get(item) {
        Some(why) => {
            let why = words::fault(voice, why, FAULT_CHARS);
            voice.say("details-missing", [("item", line.into()), ("why", why.into())])
        }
        None => line,
    }
}

fn page_of_stages(voice: Voice<'_>, page: usize, pages: usize) -> String {
    let values = [("page", (page + 1).into()), ("pages", pages.into())];
    voice.say("details-page-of-stages", values)
}

fn facts(voice: Voice<'_>, told: Told<'_>, status: &cards::Status) -> Vec<Fact> {
    let record = told.record;
    let mut facts = status.facts.clone();
    if let Some(flow) = voice.policy.flow(&record.asked.flow) {
        let name = one_line(&flow.name, NAME_CHARS);
        facts.push(Fact::text(&voice.say("fact-flow", []), name));
    }
    let State::Active { until, .. } = &record.state else { return facts };
    let left = words::duration(voice, (*until - told.at).max(chrono::TimeDelta::zero()));
    facts.push(Fact::text(&voice.say("details-time-left", []), left));
    let extensions = match extend::ahead(voice.policy, record) {
        Ok((offer, _)) => {
            let step = words::duration(voice, offer.step);
            voice.say("details-extensions", [("left", offer.left.into()), ("step", step.into())])
        }
        Err(why) => why_not(voice, &why),
    };
    facts.push(Fact::text(&voice.say("details-extensions-left", []), extensions));
    facts
}

fn stages(voice: Voice<'_>, record: &Record, page: usize) -> Vec<StageLines> {
    let stages = approvals::stages(voice.policy, record);
    let count = stages.len();
    // A request of few stages has them on every page of its resources.
    let first = if count > STAGES { page * STAGES } else { 0 };
    let (mut voices, mut reasons) = (ALL_VOICES, REASONS);
    let mut lines = Vec::with_capacity(count);
    for (index, stage) in stages.iter().enumerate().skip(first).take(STAGES) {
        let plan = words::stage(voice, &stage.stage);
        let values = [("n", (index + 1).into()), ("count", count.into()), ("who", plan.into())];
        let title = voice.say("details-stage", values);
        let most = VOICES.min(voices);
        let told = stage_lines(voice, stage, most, &mut reasons);
        voices = voices.saturating_sub(told.len());
        lines.push(StageLines { title, lines: told });
    }
    lines
}

fn stage_lines(
    voice: Voice<'_>,
    stage: &StageStanding,
    most: usize,
    reasons: &mut usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    for one in stage.voices.iter().take(most) {
        let name = words::name(voice, &one.person);
        lines.push(match &one.standing {
            Standing::Decided(decision) => {
                let key = match (decision.is_approval, decision.is_own) {
                    (true, false) => "details-approved",
                    (true, true) => "details-approved-own",
                    (false, _) => "details-rejected",
                };
                let line = voice.say(key, [("name", name.into())]);
                let line = narrowed(voice, line, Some(decision));
                let reason = decision.reason.as_deref().filter(|reason| !reason.trim().is_empty());
                match reason.filter(|_| *reasons > 0) {
                    Some(reason) => {
                        *reasons -= 1;
                        format!("{line}: “{}”", shorten(reason, REASON_CHARS))
                    }
                    None => line,
                }
            }
            Standing::Waiting => voice.say("details-waiting", [("name", name.into())]),
            Standing::NotYet => voice.say("details-not-yet", [("name", name.into())]),
            Standing::NotNeeded => voice.say("details-not-needed", [("name", name.into())]),
        });
    }
    if let Some(more) = stage.voices.len().checked_sub(most).filter(|more| *more > 0) {
        lines.push(voice.say("details-more-approvers", [("count", more.into())]));
    }
    if stage.voices.is_empty() {
        lines.push(voice.say("details-nobody", []));
    }
    lines
}

/// What happened, with when; the first and the last moves where there are many.
fn timeline(voice: Voice<'_>, of: Told<'_>) -> (Vec<Fact>, Option<String>) {
    let mut approvals = of.record.decisions.iter().filter(|decision| decision.is_approval);
    let told: Vec<Fact> = of
        .past
        .iter()
        .filter_map(|one| {
            let approval = if one.event == "approved" { approvals.next() } else { None };
            happened(voice, one, approval)
        })
        .collect();
    let Some(more) = told.len().checked_sub(MOVES).filter(|more| *more > 0) else {
        return (told, None);
    };
    let mut facts: Vec<Fact> = told.iter().take(1).cloned().collect();
    facts.extend(told.into_iter().skip(1 + more));
    (facts, Some(voice.say("details-earlier", [("count", more.into())])))
}

/// A line about a decision, with what it took away where it did.
fn narrowed(voice: Voice<'_>, line: String, decision: Option<&Decision>) -> String {
    match decision.and_then(|decision| narrowing::one(voice, &decision.narrowing)) {
        Some(what) => voice.say("narrowed-line", [("line", line.into()), ("what", what.into())]),
        None => line,
    }
}

fn happened(voice: Voice<'_>, one: &Happened, approval: Option<&Decision>) -> Option<Fact> {
    let key = match one.event.as_str() {
        "submitted" => "past-submitted",
        "mfa_passed" => "past-mfa-passed",
        "approved" => "past-approved",
        "rejected" => "past-rejected",
        "cancelled" => "past-cancelled",
        "window_closed" => "past-window-closed",
        "granted" => "past-granted",
        "grant_failed" | "patience_over" => "past-grant-failed",
        "extended" => "past-extended",
        "end_nears" => "past-end-nears",
        "revoke_asked" => "past-revoke-asked",
        "time_up" => "past-time-up",
        "overdue" => "past-overdue",
        "removed" => "past-removed",
        _ => return None,
    };
    let by = words::actor(voice, &one.by);
    let line = narrowed(voice, voice.say(key, [("by", by.into())]), approval);
    Some(Fact::time(&line, one.at))
}

fn may(voice: Voice<'_>, told: Told<'_>, viewer: &PersonId) -> May {
    let (policy, record) = (voice.policy, told.record);
    let is_pending =
        matches!(record.state, State::PendingMfa { .. } | State::PendingApproval { .. });
    let is_active = matches!(record.state, State::Active { .. });
    let is_theirs = is_theirs(policy, viewer, &record.asked);
    let cancels = is_pending && may_cancel(policy, viewer, record);
    let revokes = is_active && may_revoke(policy, viewer, record);
    let is_requester = *viewer == record.asked.requester;
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), policy);
    let offer = extend::offer(policy, record, told.at).ok().filter(|_| is_theirs);
    May {
        decide: matches!(record.state, State::PendingApproval { .. })
            && ballot.open().contains(viewer),
        connect: is_active && *viewer == record.asked.grantee,
        extend: offer.map(|offer| button(voice, record, &offer)),
        cancel: cancels && is_requester,
        cancel_for: cancels && !is_requester,
        revoke: revokes && is_theirs,
        revoke_for: revokes && !is_theirs,
        again: is_theirs && (record.state.is_final() || told.star == Some(true)),
        star: told.star == Some(false),
        unstar: told.star == Some(true),
    }
}
