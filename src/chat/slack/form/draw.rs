//! The form's views, drawn from a draft.
use super::super::handle::{Slack, Why};
use super::super::views::view;
use super::fields::{ANY, app_blocks, app_items, app_places, pick_block, tick_block};
use crate::app::Snapshot;
use crate::app::catalogue::handle;
use crate::app::choose::{item_handle, short_handle};
use crate::app::reach::{Pair, Sieve};
use crate::chat::form::choose;
use crate::domain::catalog::{Bundle, Item};
use crate::domain::draft::{Draft, WayIn};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::language::Language;
use crate::domain::submission::split;
use crate::domain::words::has_words;
use crate::show::request_form::{self as show, AppChosen, Choose, Finishing, Picks, TickPage};
use crate::show::{Choice, Voice};
use serde_json::Value;
use std::collections::BTreeMap;

/// A form as it is drawn for its owner.
pub(super) struct Sheet<'a> {
    pub(super) language: Language,
    pub(super) snapshot: &'a Snapshot,
    pub(super) owner: &'a PersonId,
    pub(super) id: &'a str,
    pub(super) draft: &'a Draft,
}

impl Sheet<'_> {
    pub(super) fn voice(&self) -> Voice<'_> {
        Voice::new(&self.snapshot.policy, self.language)
    }

    pub(super) fn pair(&self) -> Pair {
        Pair { requester: self.owner.clone(), grantee: self.draft.grantee.clone() }
    }

    /// The first step.
    pub(super) fn choose(&self, said: Option<String>) -> Result<Value, Why> {
        let (policy, draft, pair) = (&self.snapshot.policy, self.draft, self.pair());
        let way = draft.way;
        let has_others = policy.may_ask_for_others(self.owner);
        let grantee = policy.directory.people.get(&draft.grantee);
        let grantee = grantee.filter(|_| has_others).map(|person| {
            let choice = show::person_choice(person, person.id.as_str().to_owned());
            Choice { hint: None, ..choice }
        });
        let model = Choose {
            draft: self.id.to_owned(),
            note: draft.note.clone(),
            grantee,
            ways: show::ways(self.voice(), way),
            by_resource: (way == WayIn::Resource).then(|| self.by_resource(&pair)),
            by_app: (way == WayIn::App).then(|| self.by_app(&pair)),
            by_bundle: (way == WayIn::Bundle).then(|| self.by_bundle(&pair)),
            said,
            basket: show::basket(self.voice(), draft.basket.items()),
        };
        Ok(view(self.language, "request_choose", &model)?)
    }

    fn by_resource(&self, pair: &Pair) -> show::ByResource {
        let (snapshot, filters) = (self.snapshot, &self.draft.filters);
        let sieve = self.sieve();
        let counted = snapshot.count(pair, &sieve, &filters.words);
        let may_add = filters.permission.is_some()
            || snapshot.only_permission(pair, &sieve, &filters.words).is_some();
        let choice = |text: &String| show::named_choice(text, short_handle(text));
        let any = (show::any_kind(self.voice(), ANY), show::any_permission(self.voice(), ANY));
        let kind = filters.kind.as_ref().map_or(any.0, choice);
        let permission = filters.permission.as_ref().map_or(any.1, choice);
        show::by_resource(
            self.voice(),
            (filters.words.clone(), kind, permission),
            (counted.matching, counted.all),
            may_add.then_some(counted.matching),
            pick_block(self.draft),
        )
    }

    /// What narrows the search by resource.
    pub(super) fn sieve(&self) -> Sieve {
        sieve_of(self.draft)
    }

    fn by_app(&self, pair: &Pair) -> show::ByApp {
        let (snapshot, app) = (self.snapshot, &self.draft.app);
        let policy = &snapshot.policy;
        let named = |text: &String| show::named_choice(text, short_handle(text));
        let [kind, resources, permissions] = app_blocks(self.draft);
        let system = app.integration.iter().map(|id| {
            show::named_choice(policy.catalog.integration_name(id), short_handle(id.as_str()))
        });
        let places = app_places(app);
        let picked = places.iter().filter_map(|at| policy.catalog.resources.get(at)).map(|one| {
            let value = handle(&one.at);
            show::resource_choice(self.voice(), &one, value)
        });
        show::by_app(
            self.voice(),
            AppChosen {
                integration: Picks {
                    block: "app_integration".to_owned(),
                    chosen: system.collect(),
                },
                kind: Picks { block: kind, chosen: app.kind.iter().map(named).collect() },
                resources: Picks { block: resources, chosen: picked.collect() },
                permissions: Picks {
                    block: permissions,
                    chosen: app.permissions.iter().map(named).collect(),
                },
                makes: app_items(snapshot, pair, app).len(),
            },
        )
    }

    fn by_bundle(&self, pair: &Pair) -> show::ByBundle {
        let (snapshot, chosen) = (self.snapshot, &self.draft.bundle);
        let all = snapshot.bundles_for(pair);
        let matching = all.iter().filter(|bundle| is_named(bundle, &chosen.words)).count();
        let open = chosen.id.as_ref().and_then(|id| snapshot.bundle_for(pair, id));
        let choice = open.as_ref().map(|(bundle, ..)| bundle_choice(bundle));
        let entries = open.as_ref().map(|(bundle, offered, closed)| {
            let page = TickPage { page: chosen.page, closed: *closed };
            let block = |first: usize| tick_block(self.draft, &first.to_string());
            let of = (*bundle, offered.as_slice(), chosen.ticked.as_slice());
            show::entries(self.voice(), of, page, (item_handle, block))
        });
        show::by_bundle(self.voice(), chosen.words.clone(), (matching, all.len()), choice, entries)
    }

    /// A page of everything that is chosen.
    pub(super) fn review(
        &self,
        live: &BTreeMap<Item, RequestId>,
        page: usize,
    ) -> Result<Value, Why> {
        let items = self.draft.basket.items();
        let model = show::review(self.voice(), self.id, (items, live), page, item_handle);
        Ok(view(self.language, "request_review", &model)?)
    }

    /// The second step; `said` is what the last press did, where it needs saying.
    pub(super) fn finish(
        &self,
        live: &BTreeMap<Item, RequestId>,
        said: Option<String>,
    ) -> Result<Value, Why> {
        let (policy, draft) = (&self.snapshot.policy, self.draft);
        let items = draft.basket.items();
        let split = split(policy, self.owner, &draft.grantee, items);
        let grantee =
            (draft.grantee != *self.owner).then(|| policy.directory.name_of(&draft.grantee));
        let of = Finishing {
            draft: self.id,
            items,
            split: &split,
            answers: &draft.answers,
            live,
            grantee,
        };
        let notes: Vec<String> = draft.note.clone().into_iter().chain(said).collect();
        let note = (!notes.is_empty()).then(|| notes.join(" "));
        Ok(view(self.language, "request_finish", &show::finish(self.voice(), of, note))?)
    }
}

impl Slack {
    /// What of a form its grantee has or waits for.
    pub(super) async fn live(&self, draft: &Draft) -> BTreeMap<Item, RequestId> {
        choose::live(self.app(), &draft.grantee, draft.basket.items()).await
    }
}

/// What narrows a form's search by resource.
pub(super) fn sieve_of(draft: &Draft) -> Sieve {
    let filters = &draft.filters;
    Sieve { integration: None, kind: filters.kind.clone(), permission: filters.permission.clone() }
}

/// A bundle as a choice.
pub(super) fn bundle_choice(bundle: &Bundle) -> Choice {
    show::named_choice(&bundle.name, short_handle(bundle.id.as_str()))
}

/// Whether every word is in the bundle's name or id, without case.
pub(super) fn is_named(bundle: &Bundle, words: &str) -> bool {
    has_words(&format!("{} {}", bundle.name, bundle.id), words)
}
