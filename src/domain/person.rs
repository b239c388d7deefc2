//! The people who ask, receive and approve, as the directory knows them.
use super::id::{GroupId, PersonId};
use super::language::Language;
use super::visible::name_or_id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One person of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name in the configuration, also used to make logins: `ana`.
    pub id: PersonId,
    /// How people call them: `Ana Torres`.
    pub name: String,
    /// The address that links their chat accounts and receives mail.
    pub email: String,
    /// What they are written to in where no chat platform says what they read.
    pub language: Option<Language>,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// Receives alarms, may revoke with a reason.
    pub is_admin: bool,
    /// False once they left; they may then do nothing.
    pub is_active: bool,
    /// Chat accounts named in the configuration; these win over the address.
    pub pinned: Vec<Account>,
}

/// An account on a chat platform: who the platform says is talking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The platform's name, for example `slack`.
    pub platform: String,
    /// The workspace or tenant that the user id belongs to.
    pub workspace: String,
    /// The platform's id of the user.
    pub user: String,
}

/// Everybody, and the groups they are in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// People by id.
    pub people: BTreeMap<PersonId, Person>,
    /// Members of each group; only ids that `people` holds.
    pub groups: BTreeMap<GroupId, BTreeSet<PersonId>>,
}

impl Directory {
    /// The person, when the directory has them and they have not left.
    pub fn active(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id).filter(|person| person.is_active)
    }

    /// Whether the person is in the group.
    pub fn is_member(&self, group: &GroupId, person: &PersonId) -> bool {
        self.groups.get(group).is_some_and(|members| members.contains(person))
    }

    /// How people call them; the id where the directory no longer has them, or a name that cannot
    /// be seen.
    pub fn name_of<'a>(&'a self, id: &'a PersonId) -> &'a str {
        let known = self.people.get(id);
        known.map_or(id.as_str(), |person| name_or_id(&person.name, id.as_str()))
    }

    /// Everybody who receives alarms.
    pub fn admins(&self) -> impl Iterator<Item = &Person> {
        self.people.values().filter(|person| person.is_admin && person.is_active)
    }
}
