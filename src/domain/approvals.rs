//! How a request's approvers stand: who said what, who is waited for, who is needed no more (R20).
use super::decide::{Ballot, approvals_so_far};
use super::id::PersonId;
use super::plan::Stage;
use super::policy::Policy;
use super::record::{Decision, Record};
use super::request::State;
use std::collections::BTreeSet;

/// One stage with its approvers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageStanding {
    /// How many of whom.
    pub stage: Stage,
    /// Whether it has what it needs.
    pub is_satisfied: bool,
    /// Those who decided, in order, then everybody else who may.
    pub voices: Vec<Voice>,
}

/// One approver of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// Who.
    pub person: PersonId,
    /// How they stand.
    pub standing: Standing,
}

/// How an approver stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They decided; their words are in it.
    Decided(Decision),
    /// Their yes is waited for.
    Waiting,
    /// The stages before theirs come first.
    NotYet,
    /// Others decided, or the request is over.
    NotNeeded,
}

/// Every stage of the plan that `record` was submitted with, with today's people in it.
pub fn stages(policy: &Policy, record: &Record) -> Vec<StageStanding> {
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), policy);
    let open = match record.state {
        State::PendingApproval { .. } => ballot.open(),
        _ => BTreeSet::new(),
    };
    let mut decisions = record.decisions.iter().peekable();
    let mut stages: Vec<StageStanding> = Vec::new();
    let mut is_reached = !matches!(record.state, State::PendingMfa { .. });
    for stage in &record.asked.plan.stages {
        let (people, mut said_yes) = (ballot.people_of(stage), BTreeSet::new());
        let mut voices = Vec::new();
        while is_reached && !ballot.is_satisfied(stage, &said_yes) {
            // A no, and whoever left since, stand where they spoke.
            let Some(decision) = decisions.next() else { break };
            said_yes.extend(decision.is_approval.then(|| decision.by.clone()));
            voices.push(decided(decision));
        }
        let is_satisfied = is_reached && ballot.is_satisfied(stage, &said_yes);
        let is_pending =
            matches!(record.state, State::PendingMfa { .. } | State::PendingApproval { .. });
        let is_silent = |person: &PersonId| voices.iter().all(|voice| voice.person != *person);
        let others: Vec<PersonId> = people.into_iter().filter(is_silent).collect();
        voices.extend(others.into_iter().map(|person| Voice {
            standing: match is_pending {
                true if is_satisfied => Standing::NotNeeded,
                true if !is_reached => Standing::NotYet,
                true if open.contains(&person) => Standing::Waiting,
                _ => Standing::NotNeeded,
            },
            person,
        }));
        is_reached &= is_satisfied;
        stages.push(StageStanding { stage: stage.clone(), is_satisfied, voices });
    }
    if let Some(last) = stages.last_mut() {
        last.voices.extend(decisions.map(decided));
    }
    stages
}

fn decided(decision: &Decision) -> Voice {
    Voice { person: decision.by.clone(), standing: Standing::Decided(decision.clone()) }
}

#[cfg(test)]
mod tests {
    use super::super::flow::Approval;
    use super::super::narrow::Narrowing;
    use super::super::plan::{Need, Plan};
    use super::super::request::Approved;
    use super::super::sample::{asked, at, flow, group, one, policy, stage};
    use super::*;

    /// First one of Ben and Cem, then Mia; Ana asks.
    fn record(state: State, decisions: &[(&str, bool)]) -> (Policy, Record) {
        let stages = vec![stage(Need::Any, &[group("dba")]), stage(Need::Any, &[one("mia")])];
        let flow = flow("f", Approval::Stages(Plan { stages }));
        let decision = |(by, is_approval): &(&str, bool)| Decision {
            by: (*by).into(),
            is_approval: *is_approval,
            reason: Some("so be it".to_owned()),
            is_own: false,
            at: at(1),
            narrowing: Narrowing::default(),
        };
        let record = Record {
            asked: asked(&flow, "ana", "ana"),
            state,
            version: 2,
            active_at: None,
            expires_at: None,
            ended_at: None,
            decisions: decisions.iter().map(decision).collect(),
        };
        (policy(vec![flow]), record)
    }

    fn pending(approvals: &[&str]) -> State {
        let yes = |by: &&str| Approved {
            by: (*by).into(),
            reason: None,
            at: at(1),
            is_own: false,
            narrowing: Narrowing::default(),
        };
        State::PendingApproval { closes_at: at(10), approvals: approvals.iter().map(yes).collect() }
    }

    fn told(state: State, decisions: &[(&str, bool)]) -> String {
        let (policy, record) = record(state, decisions);
        let word = |standing: &Standing| match standing {
            Standing::Decided(decision) if decision.is_approval => "approved",
            Standing::Decided(_) => "rejected",
            Standing::Waiting => "waiting",
            Standing::NotYet => "not yet",
            Standing::NotNeeded => "not needed",
        };
        let voice = |voice: &Voice| format!("{} {}", voice.person, word(&voice.standing));
        let line =
            |stage: StageStanding| stage.voices.iter().map(voice).collect::<Vec<_>>().join(", ");
        stages(&policy, &record).into_iter().map(line).collect::<Vec<_>>().join("; then ")
    }

    #[test]
    fn every_approver_stands_somewhere() {
        let rejected = State::Rejected {
            by: super::super::request::Actor::Person("mia".into()),
            reason: "no".to_owned(),
            at: at(2),
        };
        for (state, decisions, expected) in [
            (
                State::PendingMfa { closes_at: at(9) },
                &[][..],
                "ben not yet, cem not yet; then mia not yet",
            ),
            (pending(&[]), &[], "ben waiting, cem waiting; then mia not yet"),
            (pending(&["cem"]), &[("cem", true)], "cem approved, ben not needed; then mia waiting"),
            (
                rejected,
                &[("cem", true), ("mia", false)],
                "cem approved, ben not needed; then mia rejected",
            ),
            (
                State::Expired { at: at(9) },
                &[("lea", true), ("mia", true)],
                "lea approved, ben not needed, cem not needed; then mia approved",
            ),
            (
                State::Failed { why: String::new(), at: at(9) },
                &[],
                "ben not needed, cem not needed; then mia not needed",
            ),
        ] {
            assert_eq!(told(state.clone(), decisions), expected, "{state:?}");
        }
    }
}
