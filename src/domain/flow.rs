//! Access flows: who may request what for whom, who approves, for how long.
use super::catalog::{Item, Resource};
use super::id::{FlowId, GroupId, PersonId};
use super::person::Directory;
use super::plan::Plan;
use super::terms::{Extend, JustificationRule, TicketRule};
use chrono::TimeDelta;

/// One access flow, as configured. Flows are tried in file order; the first that admits governs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Its name in the configuration.
    pub id: FlowId,
    /// How people call it.
    pub name: String,
    /// Who may ask.
    pub who: Vec<Who>,
    /// For whom they may ask.
    pub scope: Scope,
    /// What they may ask for.
    pub what: Vec<Selector>,
    /// Who says yes.
    pub approval: Approval,
    /// Lets requester and grantee decide their own; each such decision is recorded as one.
    pub allow_self_approval: bool,
    /// Approving asks a reason too, not rejecting alone.
    pub needs_approval_reason: bool,
    /// Durations offered; the first is the default.
    pub durations: Vec<TimeDelta>,
    /// The longest that may be asked for.
    pub longest: TimeDelta,
    /// How a grant may be made longer; `None` where it may not.
    pub extend: Option<Extend>,
    /// Which ticket is asked for; `None` where none is.
    pub ticket: Option<TicketRule>,
    /// How good the justification must be.
    pub justification: JustificationRule,
    /// A channel where approvers are asked as well, by the platform's own id.
    pub channel: Option<String>,
}

/// Who a flow is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Everybody in the directory.
    Everyone,
    /// One person.
    Person(PersonId),
    /// The members of a group.
    Group(GroupId),
}

/// For whom a requester may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Themselves only.
    OneSelf,
    /// Themselves and the people who report to them.
    DirectReports,
    /// Anybody.
    Others,
}

/// How a request is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// At once, by policy.
    Automatic,
    /// By people, in stages.
    Stages(Plan),
    /// Never: the request is rejected at once with this reason.
    Denied(String),
}

/// Which resources and permissions; every part must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The integration's name.
    pub integration: Pattern,
    /// The resource's type.
    pub kind: Pattern,
    /// The resource's name or id.
    pub resource: Pattern,
    /// The permission.
    pub permission: Pattern,
}

/// A text in which `*` stands for anything: `payments*`, `*`, `read`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// The pattern written as `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Matches everything.
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// Whether the whole of `text` fits, in time linear in both for every pattern.
    pub fn matches(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let Some(first) = parts.next() else { return text.is_empty() };
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let Some(last) = parts.next_back() else { return rest.is_empty() };
        for middle in parts {
            let Some((_, after)) = rest.split_once(middle) else { return false };
            rest = after;
        }
        rest.ends_with(last)
    }
}

impl Selector {
    /// Whether `item` on `resource` is meant.
    pub fn covers(&self, resource: &Resource, permission: &str) -> bool {
        self.covers_resource(resource) && self.permission.matches(permission)
    }

    /// Whether `resource` is meant, with whatever permission.
    pub fn covers_resource(&self, resource: &Resource) -> bool {
        self.integration.matches(resource.at.integration.as_str())
            && self.kind.matches(&resource.kind)
            && self.names(&resource.name, &resource.at.resource)
    }

    /// Whether a resource of this name and id is meant, whatever it is and where.
    pub fn names(&self, name: &str, id: &str) -> bool {
        self.resource.matches(name) || self.resource.matches(id)
    }
}

impl Flow {
    /// Whether `requester` may ask under this flow on behalf of `grantee`.
    pub fn admits_people(
        &self,
        directory: &Directory,
        requester: &PersonId,
        grantee: &PersonId,
    ) -> bool {
        let (Some(_), Some(person)) = (directory.active(requester), directory.active(grantee))
        else {
            return false;
        };
        let is_in_scope = match self.scope {
            Scope::OneSelf => requester == grantee,
            Scope::DirectReports => {
                requester == grantee || person.manager.as_ref() == Some(requester)
            }
            Scope::Others => true,
        };
        is_in_scope && self.admits_asker(directory, requester)
    }

    /// Whether `requester` may ask under this flow for anybody at all.
    pub fn admits_asker(&self, directory: &Directory, requester: &PersonId) -> bool {
        self.who.iter().any(|who| match who {
            Who::Everyone => true,
            Who::Person(person) => person == requester,
            Who::Group(group) => directory.is_member(group, requester),
        })
    }

    /// Whether this flow is about `item` on `resource`.
    pub fn covers(&self, resource: &Resource, item: &Item) -> bool {
        resource.at == item.at
            && resource.permissions.contains(&item.permission)
            && self.what.iter().any(|selector| selector.covers(resource, &item.permission))
    }

    /// Whether this flow is about a permission of `resource`.
    pub fn is_about(&self, resource: &Resource, permission: &str) -> bool {
        self.what.iter().any(|what| what.covers(resource, permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("*", "anything", true),
            ("", "", true),
            ("", "a", false),
            ("pay*", "payments", true),
            ("pay*", "pa", false),
            ("*prod*", "eu-prod-1", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false),
            ("read", "readonly", false),
            ("**", "x", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), fits, "{pattern} ~ {text}");
        }
    }

    /// The same question answered slowly, one character at a time.
    fn slowly(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), None) => slowly(rest, text),
            (Some(('*', rest)), Some((_, after))) => slowly(rest, text) || slowly(pattern, after),
            (Some((p, rest)), Some((t, after))) => p == t && slowly(rest, after),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn patterns_agree_with_the_slow_reading(pattern in "[ab*]{0,7}", text in "[ab]{0,8}") {
            let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(Pattern::new(pattern).matches(&text), slowly(&p, &t));
        }
    }
}
