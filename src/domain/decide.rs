//! Who may decide on a request (R26): worked out at the click, from the policy at submission and
//! today's, whichever is stricter, never from what a button carries.
//!
//! A no is held to the same rule as a yes: it counts from whom both policies ask, at any stage,
//! and from whoever's yes is waited for now (a stage that today's policy put behind the others).
//! Somebody taken off the approvers since then has lost their say, also their no. Somebody put on
//! since then was not among those whom the requester was told of, and a no ends a request as
//! surely as a yes grants it; asked anew under today's policy, it is theirs. Where the two policies
//! share nobody, nobody decides: [`Ballot::can_complete`] is false then, the admins are told at
//! once (R27), and the requester or an admin can withdraw it. Where today's flow asks nobody
//! (automatic, denied, gone) it says nothing of who approves, and the policy at submission stands.
use super::flow::{Approval, Flow};
use super::id::PersonId;
use super::narrow::{self, Left, NotLess, Wish};
use super::plan::{Plan, Progress, Setting, Stage};
use super::policy::Policy;
use super::request::{Approved, Asked, Event, State};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Why somebody may not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// They made it or would receive it.
    #[error("you cannot decide on a request that you made or that is for you")]
    Own,
    /// They are not among those who can decide now.
    #[error("you are not among the people who can decide on this request now")]
    NotAnApprover,
    /// They said yes already; others are still needed.
    #[error("you approved this request already; it waits for others")]
    AlreadyApproved,
    /// Today's policy no longer offers what was asked for.
    #[error("the policy changed and no longer allows this; reject it or ask for a new request")]
    PolicyChanged,
    /// What they would leave is not less than what there is.
    #[error(transparent)]
    NotLess(#[from] NotLess),
}

/// A yes or a no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, perhaps with words.
    Approve {
        /// Their words.
        reason: Option<String>,
    },
    /// Yes to less of it.
    ApproveLess {
        /// Their words.
        reason: Option<String>,
        /// What they would leave.
        wish: Wish,
    },
    /// No, with words.
    Reject {
        /// Their words.
        reason: String,
    },
}

/// How a pending request stands towards its approvers today.
#[derive(Debug, Clone)]
pub struct Ballot<'a> {
    asked: &'a Asked,
    policy: &'a Policy,
    flow: Option<&'a Flow>,
    left: Left<'a>,
    owners: BTreeSet<PersonId>,
    excluded: BTreeSet<PersonId>,
    said_yes: Vec<PersonId>,
}

impl<'a> Ballot<'a> {
    /// The ballot of a request with the approvals given so far.
    pub fn of(asked: &'a Asked, approvals: &[Approved], policy: &'a Policy) -> Self {
        let flow = policy.flow(&asked.flow);
        let may_decide_own =
            asked.allow_self_approval && flow.is_some_and(|f| f.allow_self_approval);
        let excluded = if may_decide_own {
            BTreeSet::new()
        } else {
            [asked.requester.clone(), asked.grantee.clone()].into()
        };
        let said_yes: Vec<PersonId> = approvals.iter().map(|yes| yes.by.clone()).collect();
        let left = narrow::left(asked, approvals.iter().map(|yes| &yes.narrowing));
        // Who answers for what was taken out is asked no more; what they said before stands.
        let mut owners = policy.owners_of(left.items.iter());
        let of_all = policy.owners_of(&asked.items);
        owners.extend(said_yes.iter().filter(|person| of_all.contains(*person)).cloned());
        Self { asked, policy, flow, left, owners, excluded, said_yes }
    }

    /// Who can bring the request nearer to a yes now; nobody when today's policy forbids it.
    pub fn open(&self) -> BTreeSet<PersonId> {
        if self.is_still_offered() { self.electorate() } else { BTreeSet::new() }
    }

    /// Whether the approvals given so far are enough, as when the policy asks for fewer than before.
    pub fn is_complete(&self) -> bool {
        self.is_still_offered() && self.open_after(&self.said_yes).is_none()
    }

    /// Whether today's people can approve it at all; where they cannot, the admins are told (R27).
    pub fn can_complete(&self) -> bool {
        let setting = self.setting();
        !self.open().is_empty()
            && (self.is_complete() || self.plans().iter().all(|p| p.can_complete(&setting)))
    }

    /// Everybody who may say yes in a stage of the plan.
    pub fn people_of(&self, stage: &Stage) -> BTreeSet<PersonId> {
        stage.people(&self.setting())
    }

    /// Whether these people are enough for a stage.
    pub fn is_satisfied(&self, stage: &Stage, said_yes: &BTreeSet<PersonId>) -> bool {
        stage.is_satisfied_by(said_yes, &self.setting())
    }

    /// What is left of what was asked for after the approvals given so far.
    pub fn left(&self) -> &Left<'a> {
        &self.left
    }

    /// Whether `person` is or was asked at any stage of either plan: enough to look, not to decide.
    pub fn is_asked(&self, person: &PersonId) -> bool {
        let owners = &self.policy.owners_of(&self.asked.items);
        let setting = Setting { owners, ..self.setting() };
        self.plans().iter().any(|plan| plan.is_asked(person, &setting))
    }

    /// The event that `person`'s verdict makes.
    ///
    /// # Errors
    ///
    /// [`NotAllowed`] when this person may not, or not now.
    pub fn decide(
        &self,
        person: &PersonId,
        verdict: Verdict,
        now: DateTime<Utc>,
    ) -> Result<Event, NotAllowed> {
        if self.excluded.contains(person) {
            return Err(NotAllowed::Own);
        }
        match verdict {
            Verdict::Reject { reason } => {
                if !self.is_asked_by_both(person) && !self.electorate().contains(person) {
                    return Err(NotAllowed::NotAnApprover);
                }
                Ok(Event::Rejected { by: super::request::Actor::Person(person.clone()), reason })
            }
            Verdict::Approve { reason } => self.approve(person, reason, &Wish::default(), now),
            Verdict::ApproveLess { reason, wish } => self.approve(person, reason, &wish, now),
        }
    }

    fn approve(
        &self,
        person: &PersonId,
        reason: Option<String>,
        wish: &Wish,
        now: DateTime<Utc>,
    ) -> Result<Event, NotAllowed> {
        if !self.electorate().contains(person) {
            let said = self.said_yes.contains(person);
            return Err(if said { NotAllowed::AlreadyApproved } else { NotAllowed::NotAnApprover });
        }
        if !self.is_still_offered() {
            return Err(NotAllowed::PolicyChanged);
        }
        let narrowing = wish.narrowing(self.asked, &self.left)?;
        let with: Vec<PersonId> = self.said_yes.iter().chain([person]).cloned().collect();
        let is_own = *person == self.asked.requester || *person == self.asked.grantee;
        let approval = Approved { by: person.clone(), reason, at: now, is_own, narrowing };
        Ok(Event::Approved { approval, completes: self.open_after(&with).is_none() })
    }

    /// Whose yes counts now. Where no further yes is needed and the request still waits (the policy
    /// became laxer), anybody whom both plans ask may close it, or nobody ever could.
    fn electorate(&self) -> BTreeSet<PersonId> {
        self.open_after(&self.said_yes).unwrap_or_else(|| {
            let people = self.policy.directory.people.keys();
            people.filter(|person| self.is_asked_by_both(person)).cloned().collect()
        })
    }

    /// Whether both plans ask `person`, each at any of its stages.
    fn is_asked_by_both(&self, person: &PersonId) -> bool {
        self.plans().iter().all(|plan| plan.is_asked(person, &self.setting()))
    }

    /// Who can say yes after these approvals under both plans; `None` when no further yes is needed.
    fn open_after(&self, said_yes: &[PersonId]) -> Option<BTreeSet<PersonId>> {
        let setting = self.setting();
        let waiting: Vec<BTreeSet<PersonId>> = self
            .plans()
            .iter()
            .filter_map(|plan| match plan.progress(said_yes, &setting) {
                Progress::Complete => None,
                Progress::Waiting { open, .. } => Some(open),
            })
            .collect();
        waiting.into_iter().reduce(|a, b| a.intersection(&b).cloned().collect())
    }

    /// The plan at submission, and today's where the flow still has one.
    fn plans(&self) -> Vec<&Plan> {
        let today = self.flow.and_then(|flow| match &flow.approval {
            Approval::Stages(plan) => Some(plan),
            Approval::Automatic | Approval::Denied(_) => None,
        });
        std::iter::once(&self.asked.plan).chain(today).collect()
    }

    /// Whether today these people would ask for all that is left of it under the same flow, for so long.
    ///
    /// A flow put in front of it since then has a say too (one that denies, for example), and an
    /// approver of the old flow cannot speak for the new one.
    fn is_still_offered(&self) -> bool {
        let asked = self.asked;
        self.flow.is_some_and(|flow| {
            !matches!(flow.approval, Approval::Denied(_))
                && self.left.duration <= flow.longest
                && self.left.items.iter().all(|item| {
                    let governs = self.policy.governing(&asked.requester, &asked.grantee, item);
                    governs.is_some_and(|governs| governs.id == flow.id)
                })
        })
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            directory: &self.policy.directory,
            grantee: &self.asked.grantee,
            owners: &self.owners,
            excluded: &self.excluded,
        }
    }
}

/// The approvals given so far; empty where the request no longer waits for any.
pub fn approvals_so_far(state: &State) -> &[Approved] {
    match state {
        State::PendingApproval { approvals, .. } | State::Granting { approvals, .. } => approvals,
        State::PendingMfa { .. }
        | State::Active { .. }
        | State::Revoking { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Revoked { .. }
        | State::Cancelled { .. }
        | State::Failed { .. } => &[],
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
