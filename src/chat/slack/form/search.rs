//! What the form's lists offer while somebody types in them: from memory, without SQL.
//!
//! What the lists depend on stands in the open view, so the draft is not read.
use super::super::Ack;
use super::super::handle::{Slack, Why};
use super::super::payload::View;
use super::draw::{Sheet, bundle_choice, is_named};
use super::fields::{ANY, REFINE, app_places, app_sieve, take_over, turn_of};
use crate::app::catalogue::handle;
use crate::app::choose::{item_handle, short_handle};
use crate::app::reach::Sieve;
use crate::domain::catalog::{Item, ResourceRef};
use crate::domain::draft::{Draft, WayIn};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::{Account, Person};
use crate::domain::words::has_words;
use crate::show::limits::CHOICES;
use crate::show::request_form as show;
use crate::show::{Choice, Voice, forms};
use std::collections::BTreeSet;

/// Words of a text that are looked at one by one; a longer text names no permission.
const MOST_WORDS: usize = 12;

impl Slack {
    /// Answers what a list offers for what is typed in it.
    pub(in super::super) async fn search(
        &self,
        from: &Account,
        (action, text): (&str, &str),
        view: Option<&View>,
    ) -> Ack {
        let Some(view) = view else { return Ack { body: Some(forms::options(&[])) } };
        if action == "narrow_out" {
            return self.search_out(from, text, view).await;
        }
        let person = self.person_in_ack(from).await;
        let language = self.language_at_hand(from).await;
        let found = match person {
            Ok(person) => self.offered(&person, language, (action, text), view),
            // An empty list would say that there is nothing.
            Err(nobody) if Why::from(nobody).is_passing() => {
                vec![show::unsearched(language, REFINE)]
            }
            Err(_) => Vec::new(),
        };
        Ack { body: Some(forms::options(&found)) }
    }

    fn offered(
        &self,
        person: &PersonId,
        language: Language,
        (action, text): (&str, &str),
        view: &View,
    ) -> Vec<Choice> {
        let snapshot = self.app().policy();
        let mut draft = Draft::of(person.clone());
        draft.way = match action {
            "bundle" => WayIn::Bundle,
            app if app.starts_with("app_") => WayIn::App,
            _ => WayIn::Resource,
        };
        draft.turn = turn_of(view).unwrap_or_default();
        take_over(&snapshot, person, view, &mut draft);
        let sheet = Sheet { language, snapshot: &snapshot, owner: person, id: "", draft: &draft };
        match action {
            "grantee" => sheet.people(text),
            "resources" => {
                let preferred = self.app().boosted(&draft.grantee);
                sheet.things(text, &preferred)
            }
            "kind" => sheet.kinds(text),
            "permission" => sheet.permissions(text),
            "app_integration" => sheet.integrations(text),
            "app_kind" => sheet.app_kinds(text),
            "app_resources" => {
                let preferred = self.app().boosted(&draft.grantee);
                sheet.app_resources(text, &preferred)
            }
            "app_permissions" => sheet.app_permissions(text),
            "bundle" => sheet.bundles(text),
            _ => Vec::new(),
        }
    }
}

impl Sheet<'_> {
    /// Resources with a permission, best first. Where a word is a permission's name, what can be
    /// asked for with it comes before what is only called so.
    fn things(&self, text: &str, preferred: &[ResourceRef]) -> Vec<Choice> {
        let words = format!("{} {text}", self.draft.filters.words);
        let mut items = Vec::new();
        let mut has_more = false;
        let named = self.named_permissions(text);
        let may_repeat = !named.is_empty();
        for (sieve, words) in named.into_iter().chain([(self.sieve(), words)]) {
            let found = self.snapshot.seek(&self.pair(), &sieve, &words, preferred, CHOICES);
            has_more |= found.has_more;
            items.extend(found.offers.into_iter().flat_map(|offer| {
                let at = offer.resource.at;
                let with = move |permission| Item { at: at.clone(), permission };
                offer.permissions.into_iter().map(with)
            }));
        }
        let mut seen = BTreeSet::new();
        let items = items.into_iter().filter(|item| !may_repeat || seen.insert(item.clone()));
        let mut said = show::ItemChoices::new(self.voice());
        let choices = items.map(|item| said.choice(&item, item_handle(&item)));
        self.refined(choices, has_more)
    }

    /// The permissions that some word of the text is the name of, each with the other words.
    fn named_permissions(&self, text: &str) -> Vec<(Sieve, String)> {
        let words: Vec<&str> = text.split_whitespace().take(MOST_WORDS).collect();
        let named = words.iter().enumerate().filter_map(|(place, word)| {
            let permission = self.snapshot.permission_named(word)?.to_owned();
            let sieve = Sieve { permission: Some(permission), ..self.sieve() };
            let other = words.iter().enumerate().filter(|(other, _)| *other != place);
            let rest: Vec<&str> = other.map(|(_, word)| *word).collect();
            let filters = &self.draft.filters;
            let is_open = filters.permission.is_none() || filters.permission == sieve.permission;
            is_open.then(|| (sieve, format!("{} {}", filters.words, rest.join(" "))))
        });
        named.collect()
    }

    /// The people for whom somebody may ask.
    fn people(&self, text: &str) -> Vec<Choice> {
        let found = self.snapshot.people_named(self.owner, text);
        let choice = |person: &Person| show::person_choice(person, person.id.as_str().to_owned());
        self.refined(found.into_iter().map(choice), false)
    }

    fn any(&self, choice: fn(Voice<'_>, &str) -> Choice, text: &str) -> Option<Choice> {
        Some(choice(self.voice(), ANY)).filter(|any| has_words(&any.label, text))
    }

    /// As many as a list holds; the last row says that there are more.
    fn refined(&self, choices: impl IntoIterator<Item = Choice>, has_more: bool) -> Vec<Choice> {
        let mut choices: Vec<Choice> = choices.into_iter().take(CHOICES + 1).collect();
        if has_more || choices.len() > CHOICES {
            choices.truncate(CHOICES - 1);
            choices.push(show::refine_choice(self.voice(), REFINE));
        }
        choices
    }

    fn kinds(&self, text: &str) -> Vec<Choice> {
        let mut sieve = self.sieve();
        sieve.kind = None;
        let kinds = self.snapshot.kinds_for(&self.pair(), &sieve);
        self.refined(self.any(show::any_kind, text).into_iter().chain(texts(&kinds, text)), false)
    }

    fn permissions(&self, text: &str) -> Vec<Choice> {
        let mut sieve = self.sieve();
        sieve.permission = None;
        let permissions = self.snapshot.permissions_for(&self.pair(), &sieve);
        self.refined(
            self.any(show::any_permission, text).into_iter().chain(texts(&permissions, text)),
            false,
        )
    }

    fn integrations(&self, text: &str) -> Vec<Choice> {
        let catalog = &self.snapshot.policy.catalog;
        let mut integrations: Vec<(String, String)> = self
            .snapshot
            .integrations_for(&self.pair())
            .iter()
            .map(|id| (catalog.integration_name(id).to_owned(), short_handle(id.as_str())))
            .filter(|(name, _)| has_words(name, text))
            .collect();
        integrations.sort();
        self.refined(
            integrations.into_iter().map(|(name, value)| show::named_choice(&name, value)),
            false,
        )
    }

    fn app_kinds(&self, text: &str) -> Vec<Choice> {
        let kinds = self.snapshot.kinds_for(&self.pair(), &app_sieve(self.draft, false));
        self.refined(texts(&kinds, text), false)
    }

    fn app_resources(&self, text: &str, preferred: &[ResourceRef]) -> Vec<Choice> {
        if self.draft.app.kind.is_none() {
            return Vec::new();
        }
        let sieve = app_sieve(self.draft, true);
        let found = self.snapshot.seek(&self.pair(), &sieve, text, preferred, CHOICES);
        let choices = found.offers.iter().map(|offer| {
            let value = handle(&offer.resource.at);
            show::resource_choice(self.voice(), &offer.resource, value)
        });
        self.refined(choices, found.has_more)
    }

    /// The permissions that some picked resource offers.
    fn app_permissions(&self, text: &str) -> Vec<Choice> {
        let (snapshot, pair) = (self.snapshot, self.pair());
        let resources = &snapshot.policy.catalog.resources;
        let mut seen = BTreeSet::new();
        let offered: Vec<String> = app_places(&self.draft.app)
            .iter()
            .filter_map(|at| resources.get(at))
            .filter_map(|resource| snapshot.offer(&pair.requester, &pair.grantee, resource))
            .flat_map(|offer| offer.permissions)
            .filter(|permission| seen.insert(permission.clone()))
            .collect();
        let offered: Vec<&str> = offered.iter().map(String::as_str).collect();
        self.refined(texts(&offered, text), false)
    }

    fn bundles(&self, text: &str) -> Vec<Choice> {
        let words = format!("{} {text}", self.draft.bundle.words);
        let all = self.snapshot.bundles_for(&self.pair());
        let found = all.into_iter().filter(|bundle| is_named(bundle, &words));
        self.refined(found.map(bundle_choice), false)
    }
}

fn texts(texts: &[&str], typed: &str) -> impl Iterator<Item = Choice> {
    let found = texts.iter().filter(|text| has_words(text, typed));
    found.map(|text| show::named_choice(text, short_handle(text)))
}
