//! Today's policy: people, catalogue and flows together, and the questions asked of all three.
use super::catalog::{Catalog, Item};
use super::flow::{Flow, Scope};
use super::id::{FlowId, PersonId, TicketTypeId};
use super::person::{Directory, Person};
use super::ticket::TicketType;
use std::collections::{BTreeMap, BTreeSet};

/// The configuration's word on who may have what. Replaced whole when it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Everybody.
    pub directory: Directory,
    /// Everything that can be asked for.
    pub catalog: Catalog,
    /// In file order; the first that admits governs.
    pub flows: Vec<Flow>,
    /// The types of ticket that flows may ask for.
    pub tickets: BTreeMap<TicketTypeId, TicketType>,
}

impl Policy {
    /// The flow of that name, while it is configured.
    pub fn flow(&self, id: &FlowId) -> Option<&Flow> {
        self.flows.iter().find(|flow| &flow.id == id)
    }

    /// The flow that governs `item` when `requester` asks for `grantee`.
    pub fn governing(
        &self,
        requester: &PersonId,
        grantee: &PersonId,
        item: &Item,
    ) -> Option<&Flow> {
        let resource = self.catalog.resources.get(&item.at)?;
        self.flows.iter().find(|flow| {
            flow.covers(&resource, item) && flow.admits_people(&self.directory, requester, grantee)
        })
    }

    /// The flows under which `requester` may ask for `grantee`, in file order.
    pub fn flows_for(&self, requester: &PersonId, grantee: &PersonId) -> Vec<&Flow> {
        let admits = |flow: &&Flow| flow.admits_people(&self.directory, requester, grantee);
        self.flows.iter().filter(admits).collect()
    }

    /// Whether some flow lets `requester` ask for `grantee`.
    pub fn may_ask_for(&self, requester: &PersonId, grantee: &PersonId) -> bool {
        self.flows.iter().any(|flow| flow.admits_people(&self.directory, requester, grantee))
    }

    /// Whether some flow lets `requester` ask for anybody but themselves.
    pub fn may_ask_for_others(&self, requester: &PersonId) -> bool {
        let is_other = |person: &&Person| person.is_active && person.id != *requester;
        let others = || self.directory.people.values().filter(is_other);
        let mut reports = others().filter(|person| person.manager.as_ref() == Some(requester));
        let has_reports = reports.next().is_some();
        let asks = |flow: &&Flow| flow.admits_asker(&self.directory, requester);
        self.directory.active(requester).is_some()
            && self.flows.iter().filter(asks).any(|flow| match flow.scope {
                Scope::OneSelf => false,
                Scope::DirectReports => has_reports,
                Scope::Others => others().next().is_some(),
            })
    }

    /// The people for whom `requester` may ask, by name, themselves included where they may.
    pub fn grantees_of(&self, requester: &PersonId) -> Vec<&Person> {
        let asks = |flow: &&Flow| flow.admits_asker(&self.directory, requester);
        let flows: Vec<&Flow> = self.flows.iter().filter(asks).collect();
        let may = |person: &&Person| {
            flows.iter().any(|flow| flow.admits_people(&self.directory, requester, &person.id))
        };
        let mut people: Vec<&Person> = self.directory.people.values().filter(may).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        people
    }

    /// Who answers for these resources.
    pub fn owners_of<'a>(&self, items: impl IntoIterator<Item = &'a Item>) -> BTreeSet<PersonId> {
        let owner = |item: &'a Item| self.catalog.resources.owner_of(&item.at);
        items.into_iter().filter_map(owner).cloned().collect()
    }
}
