//! Submitting a form: one request per access flow, their audit rows and their work, one commit.
use super::effects::cause;
use super::tickets::justify;
use super::{ActError, App, FormMistake};
use crate::domain::catalog::Item;
use crate::domain::flow::{Approval, Flow};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::plan::Plan;
use crate::domain::record::Record;
use crate::domain::request::{Actor, Asked, Gate, Move, State};
use crate::domain::submission::{Part, RefusedItem, split};
use crate::domain::terms::Demands;
use crate::domain::ticket::GivenTicket;
use crate::ids;
use crate::store::Tx;
use crate::store::audit::AuditEntry;
use chrono::{DateTime, TimeDelta, Utc};

/// A filled form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Who asks.
    pub requester: PersonId,
    /// Who shall receive it.
    pub grantee: PersonId,
    /// What was chosen.
    pub items: Vec<Item>,
    /// For how long.
    pub duration: TimeDelta,
    /// Why.
    pub justification: String,
    /// The ticket that it is for, as given.
    pub ticket: Option<GivenTicket>,
    /// What the platform names this very form by: the same key twice is one submission (R11).
    pub key: Option<String>,
}

/// What a form became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// One for every flow that governs something, in order.
    pub requests: Vec<Record>,
    /// What became no request, and why.
    pub refused: Vec<RefusedItem>,
}

impl App {
    /// Submits a form. The same form again answers what it became the first time.
    ///
    /// # Errors
    ///
    /// [`ActError::Form`] when it cannot be taken as it is; nothing is stored then, but that it was
    /// refused where nothing of it may be asked for.
    pub async fn submit(&self, form: Form) -> Result<Submitted, ActError> {
        check(&form)?;
        let submitted = self.retried(|| self.try_to_submit(&form)).await;
        if let Err(ActError::Form(FormMistake::NothingAllowed(refused))) = &submitted {
            self.audit_refused_form((&form.requester, &form.grantee), refused).await?;
        }
        submitted
    }

    async fn try_to_submit(&self, form: &Form) -> Result<Submitted, ActError> {
        let now = self.now();
        let snapshot = self.policy();
        let split = split(&snapshot.policy, &form.requester, &form.grantee, &form.items);
        if let Some(before) = self.submitted_before(form).await? {
            return Ok(Submitted { requests: before, refused: split.refused });
        }
        let Some(longest) = split.longest() else {
            return Err(FormMistake::NothingAllowed(split.refused).into());
        };
        if form.duration > longest {
            return Err(FormMistake::TooLong { longest }.into());
        }
        let demands = Demands::of(split.parts.iter().map(|part| part.flow));
        let ticket = self.ticket(&snapshot.policy, &demands, form).await?;
        justify(&snapshot.policy, &split, &demands, form)?;
        let submission = form.key.clone().unwrap_or_else(ids::fresh);
        let mut tx = self.store().begin().await?;
        if !tx.add_submission(&submission, &form.requester, &form.grantee, now).await? {
            let requests = tx.requests_in(&submission).await?;
            return Ok(Submitted { requests, refused: split.refused });
        }
        let numbers = tx.reserve_numbers(split.parts.len()).await?;
        let mut requests = Vec::with_capacity(numbers.len());
        for (id, part) in numbers.into_iter().zip(split.parts) {
            let (mut asked, first) = open(id, part, form, &submission, self.window(), now);
            asked.ticket.clone_from(&ticket);
            add(&mut tx, &asked, &first, now).await?;
            let record = fresh_record(asked, first.to);
            cause(&mut tx, &snapshot, &record, first.effects, now).await?;
            requests.push(record);
        }
        if !split.refused.is_empty() {
            tx.audit(self.refused_items((&form.requester, &form.grantee), &split.refused));
        }
        tx.commit().await?;
        self.ring();
        Ok(Submitted { requests, refused: split.refused })
    }

    /// What this very form became, where it was submitted already: it is not judged again, since
    /// what it was judged by may have changed meanwhile.
    async fn submitted_before(&self, form: &Form) -> Result<Option<Vec<Record>>, ActError> {
        let Some(key) = &form.key else { return Ok(None) };
        let requests = self.store().read().await?.requests_in(key).await?;
        Ok((!requests.is_empty()).then_some(requests))
    }

    fn window(&self) -> TimeDelta {
        self.inner.pending_window
    }
}

fn check(form: &Form) -> Result<(), FormMistake> {
    if form.items.is_empty() {
        return Err(FormMistake::Empty);
    }
    if form.justification.trim().is_empty() {
        return Err(FormMistake::NoJustification);
    }
    Ok(())
}

/// The request that a part of the form becomes, and where it first stands.
fn open(
    id: RequestId,
    part: Part<'_>,
    form: &Form,
    submission: &str,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> (Asked, Move) {
    let (plan, gate) = way_in(part.flow);
    let asked = Asked {
        id,
        submission: submission.to_owned(),
        flow: part.flow.id.clone(),
        requester: form.requester.clone(),
        grantee: form.grantee.clone(),
        items: part.items,
        duration: form.duration,
        justification: form.justification.clone(),
        ticket: None,
        plan,
        allow_self_approval: part.flow.allow_self_approval,
        submitted_at: now,
    };
    let first = State::first(&asked, gate, window);
    (asked, first)
}

/// Who must approve under a flow, and what stands between a fresh request and the access.
fn way_in(flow: &Flow) -> (Plan, Gate) {
    match &flow.approval {
        Approval::Automatic => (Plan::default(), Gate::Open),
        Approval::Stages(plan) => (plan.clone(), Gate::People),
        Approval::Denied(reason) => (Plan::default(), Gate::Closed { reason: reason.clone() }),
    }
}

async fn add(tx: &mut Tx, asked: &Asked, first: &Move, now: DateTime<Utc>) -> Result<(), ActError> {
    tx.add_request(asked, &first.to).await?;
    if let State::Granting { since, .. } = &first.to {
        let all = asked.entitlements(&asked.items);
        tx.add_grants(asked.id, all, *since + asked.duration).await?;
    }
    tx.audit(AuditEntry {
        at: now,
        actor: Actor::Person(asked.requester.clone()),
        kind: "submitted",
        request: Some(asked.id),
        body: serde_json::json!({ "asked": asked, "to": first.to }),
    });
    Ok(())
}

fn fresh_record(asked: Asked, state: State) -> Record {
    Record {
        asked,
        state,
        version: 1,
        active_at: None,
        expires_at: None,
        ended_at: None,
        decisions: Vec::new(),
    }
}
