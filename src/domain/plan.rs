//! Approval plans: stages in order, each satisfied by any, all or some of its approvers.
//!
//! A later kind of approver (an on-call schedule, say) is one more entry of [`Approver`].
use super::id::{GroupId, PersonId};
use super::person::Directory;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Stages, in order. A plan without stages is satisfied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plan {
    /// What must be satisfied, first to last.
    pub stages: Vec<Stage>,
}

/// One stage: how many of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// How many must say yes.
    pub need: Need,
    /// Who may.
    pub of: Vec<Approver>,
}

/// How many of a stage's approvers must say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// One.
    Any,
    /// One for every entry, each by a different person; for a group any member stands.
    All,
    /// So many different people.
    Count(usize),
}

/// Who may say yes in a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// One person.
    Person(PersonId),
    /// The members of a group.
    Group(GroupId),
    /// Whom the grantee reports to.
    Manager,
    /// Who answers for the resources; every owner of the request's resources.
    ResourceOwner,
}

/// What an approver entry is resolved against.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Today's people.
    pub directory: &'a Directory,
    /// Who receives the access.
    pub grantee: &'a PersonId,
    /// Who answers for the resources.
    pub owners: &'a BTreeSet<PersonId>,
    /// People who may not decide: requester and grantee, unless the flow allows it.
    pub excluded: &'a BTreeSet<PersonId>,
}

/// How far a plan has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Every stage is satisfied.
    Complete,
    /// The stage at this index (from 0) waits for one of these people; nobody is a dead end.
    Waiting {
        /// Which stage.
        stage: usize,
        /// Who can bring it nearer.
        open: BTreeSet<PersonId>,
    },
}

impl Approver {
    /// The people this entry means today.
    fn people(&self, setting: &Setting<'_>) -> BTreeSet<PersonId> {
        let named: BTreeSet<PersonId> = match self {
            Self::Person(person) => [person.clone()].into(),
            Self::Group(group) => setting.directory.groups.get(group).cloned().unwrap_or_default(),
            Self::Manager => {
                let grantee = setting.directory.people.get(setting.grantee);
                grantee.and_then(|person| person.manager.clone()).into_iter().collect()
            }
            Self::ResourceOwner => setting.owners.clone(),
        };
        named
            .into_iter()
            .filter(|id| setting.directory.active(id).is_some() && !setting.excluded.contains(id))
            .collect()
    }
}

impl Stage {
    /// Everybody who may say yes here.
    pub(super) fn people(&self, setting: &Setting<'_>) -> BTreeSet<PersonId> {
        self.of.iter().flat_map(|approver| approver.people(setting)).collect()
    }

    /// Whether these people are enough. Each counts once.
    pub(super) fn is_satisfied_by(
        &self,
        said_yes: &BTreeSet<PersonId>,
        setting: &Setting<'_>,
    ) -> bool {
        match self.need {
            Need::Any => !said_yes.is_empty(),
            Need::Count(count) => said_yes.len() >= count,
            Need::All => self.matched(said_yes, setting) == self.of.len(),
        }
    }

    /// Whether `person` saying yes would bring the stage nearer.
    fn is_open_to(
        &self,
        person: &PersonId,
        said_yes: &BTreeSet<PersonId>,
        setting: &Setting<'_>,
    ) -> bool {
        if said_yes.contains(person) {
            return false;
        }
        match self.need {
            Need::Any | Need::Count(_) => true,
            Need::All => {
                let mut with = said_yes.clone();
                with.insert(person.clone());
                self.matched(&with, setting) > self.matched(said_yes, setting)
            }
        }
    }

    /// How many entries can each be given a person of their own (a maximum matching).
    fn matched(&self, said_yes: &BTreeSet<PersonId>, setting: &Setting<'_>) -> usize {
        let candidates: Vec<Vec<PersonId>> = self
            .of
            .iter()
            .map(|entry| entry.people(setting).intersection(said_yes).cloned().collect())
            .collect();
        let mut taken: BTreeMap<PersonId, usize> = BTreeMap::new();
        (0..candidates.len())
            .filter(|&entry| find_person(entry, &candidates, &mut taken, &mut BTreeSet::new()))
            .count()
    }
}

/// Gives `entry` a person, moving earlier entries to other people of theirs where needed.
fn find_person(
    entry: usize,
    candidates: &[Vec<PersonId>],
    taken: &mut BTreeMap<PersonId, usize>,
    tried: &mut BTreeSet<PersonId>,
) -> bool {
    for person in candidates.get(entry).into_iter().flatten() {
        if !tried.insert(person.clone()) {
            continue;
        }
        let holder = taken.get(person).copied();
        if holder.is_none_or(|holder| find_person(holder, candidates, taken, tried)) {
            taken.insert(person.clone(), entry);
            return true;
        }
    }
    false
}

impl Plan {
    /// How far these approvals, in the order they were given, bring the plan.
    ///
    /// An approval counts for the stage that waits when it is reached, and only while the person
    /// may decide there today; one that counts nowhere is passed over.
    pub fn progress<'a>(
        &self,
        approvals: impl IntoIterator<Item = &'a PersonId>,
        setting: &Setting<'_>,
    ) -> Progress {
        let mut approvals = approvals.into_iter();
        for (index, stage) in self.stages.iter().enumerate() {
            let people = stage.people(setting);
            let mut said_yes = BTreeSet::new();
            while !stage.is_satisfied_by(&said_yes, setting) {
                let Some(person) = approvals.next() else {
                    let open = people
                        .into_iter()
                        .filter(|person| stage.is_open_to(person, &said_yes, setting))
                        .collect();
                    return Progress::Waiting { stage: index, open };
                };
                if people.contains(person) {
                    said_yes.insert(person.clone());
                }
            }
        }
        Progress::Complete
    }
}

impl Plan {
    /// Whether `person` is asked at any stage.
    pub fn is_asked(&self, person: &PersonId, setting: &Setting<'_>) -> bool {
        self.stages.iter().any(|stage| stage.people(setting).contains(person))
    }

    /// Whether today's people could complete it if every one of them said yes.
    ///
    /// False where a stage needs more different people than there are; the admins are then told
    /// (R27), because nobody else would notice.
    pub fn can_complete(&self, setting: &Setting<'_>) -> bool {
        self.stages.iter().all(|stage| stage.is_satisfied_by(&stage.people(setting), setting))
    }
}

impl Progress {
    /// Who can bring it nearer now.
    pub fn open(&self) -> BTreeSet<PersonId> {
        match self {
            Self::Complete => BTreeSet::new(),
            Self::Waiting { open, .. } => open.clone(),
        }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
