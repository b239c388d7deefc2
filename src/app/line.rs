//! A line in place of the form: its names become resources where they mean exactly one.
//!
//! Nothing is guessed: a name counts when it is the whole name of one resource, or when all its
//! words stand in the names of one and no other. What is left is searched for in the form.
use super::Snapshot;
use super::catalogue::Offer;
use crate::domain::catalog::Item;
use crate::domain::draft::Prefill;
use crate::domain::id::PersonId;
use crate::domain::line::{Known, Line, Wanted};
use crate::domain::ticket::TicketType;
use std::collections::BTreeSet;

/// So many hits tell whether a name is clear.
const LOOKED_AT: usize = 20;

/// A form as a line fills it, and what the line says that the form cannot take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// What the form begins with.
    pub prefill: Prefill,
    /// Names that mean no resource, or more than one.
    pub not_clear: Vec<String>,
    /// Who is not in the directory.
    pub nobody: Option<String>,
    /// Who it shall be for, where no flow lets the requester ask for them: the form is then for the
    /// requester, and nothing is chosen in it.
    pub not_for: Option<PersonId>,
    /// What was not understood.
    pub not_understood: Vec<String>,
}

impl Snapshot {
    /// The form that `requester` means by `text`.
    pub fn read_line(&self, requester: &PersonId, text: &str) -> Filled {
        let permissions: BTreeSet<String> =
            self.policy.catalog.resources.permissions().map(str::to_lowercase).collect();
        let tickets: Vec<&TicketType> = self.policy.tickets.values().collect();
        let known = Known { permissions: Some(&permissions), tickets: &tickets };
        let line = Line::read(text, &known);
        let mut filled = Filled { not_understood: line.unclear.clone(), ..Filled::default() };
        let mut grantee = line.person.as_ref().and_then(|name| self.person_called(name));
        if grantee.is_none() {
            filled.nobody.clone_from(&line.person);
        }
        filled.not_for = grantee.take_if(|grantee| {
            grantee != requester && !self.policy.may_ask_for(requester, grantee)
        });
        let for_whom = grantee.clone().unwrap_or_else(|| requester.clone());
        for wanted in &line.wanted {
            // What was meant for somebody else is not put into a form for oneself.
            let meant = match filled.not_for {
                Some(_) => None,
                None => self.meant(requester, &for_whom, wanted),
            };
            match meant {
                Some(item) => filled.prefill.items.push(item),
                None => filled.not_clear.push(wanted.words.clone()),
            }
        }
        filled.prefill.grantee = grantee;
        filled.prefill.words = filled.not_clear.first().cloned();
        filled.prefill.duration = line.duration;
        filled.prefill.ticket =
            line.ticket.map(|(kind, number)| (Some(kind.as_str().to_owned()), number));
        filled.prefill.justification = line.justification;
        filled
    }

    /// The one active person of that id or name.
    fn person_called(&self, name: &str) -> Option<PersonId> {
        let directory = &self.policy.directory;
        let id = PersonId::from(name.to_lowercase().as_str());
        if directory.active(&id).is_some() {
            return Some(id);
        }
        let is_meant = |full: &str| {
            full.eq_ignore_ascii_case(name)
                || full.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case(name))
        };
        let mut called =
            directory.people.values().filter(|one| one.is_active && is_meant(&one.name));
        let first = called.next()?;
        called.next().is_none().then(|| first.id.clone())
    }

    fn meant(&self, requester: &PersonId, grantee: &PersonId, wanted: &Wanted) -> Option<Item> {
        let found = self.search(requester, grantee, &wanted.words, LOOKED_AT);
        let offer = self.the_one(&found.offers, found.has_more, &wanted.words)?;
        let permission = match &wanted.permission {
            Some(named) => offer.permissions.iter().find(|one| one.to_lowercase() == *named)?,
            None if offer.permissions.len() == 1 => offer.permissions.first()?,
            None => return None,
        };
        Some(Item { at: offer.resource.at.clone(), permission: permission.clone() })
    }

    /// The only resource of that name, or else the only one whose names hold all the words.
    fn the_one<'o>(&self, offers: &'o [Offer], has_more: bool, words: &str) -> Option<&'o Offer> {
        let wanted = words.to_lowercase();
        let is_called = |offer: &&Offer| {
            let resource = &offer.resource;
            resource.name.to_lowercase() == wanted || resource.at.resource.to_lowercase() == wanted
        };
        let mut called = offers.iter().filter(is_called);
        if let Some(first) = called.next() {
            return called.next().is_none().then_some(first);
        }
        let holds_all = |offer: &&Offer| {
            let resource = &offer.resource;
            let place = self.policy.catalog.integration_name(&resource.at.integration);
            let integration = resource.at.integration.as_str();
            let texts = [resource.name.as_str(), integration, place, resource.kind.as_str()]
                .map(str::to_lowercase);
            wanted.split_whitespace().all(|word| {
                let parts =
                    texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
                texts.iter().any(|text| text == word) || parts.into_iter().any(|part| part == word)
            })
        };
        let mut holding = offers.iter().filter(holds_all);
        let first = holding.next()?;
        (holding.next().is_none() && !has_more).then_some(first)
    }
}
