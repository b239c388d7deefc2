//! Choosing: a search over everything, a walk from integration to type to resource, or a bundle.
use super::Asked;
use crate::app::catalogue::Offer;
use crate::app::choose::item_handle;
use crate::app::reach::{Pair, Sieve};
use crate::app::{App, Snapshot};
use crate::domain::catalog::Item;
use crate::domain::draft::{Added, Draft, WayIn};
use crate::domain::id::{IntegrationId, PersonId, RequestId};
use crate::domain::words::has_words;
use crate::show::Voice;
use crate::show::pages::form::{
    self as show, Carried, ChoosePage, Search, Step, StepLink, StepOf, TickRow,
};
use crate::show::request_form as chat;
use std::collections::BTreeMap;

/// Bundles in one view; a search that finds more is refined.
const BUNDLES: usize = 50;

/// How much one view holds.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Resources that a search finds; one that finds more is refined.
    pub found: usize,
    /// Things of a bundle.
    pub of_bundle: usize,
}

/// The first step of somebody's form.
#[derive(Clone, Copy)]
pub struct Chooser<'a> {
    /// What there is.
    pub snapshot: &'a Snapshot,
    /// How it is worded.
    pub voice: Voice<'a>,
    /// Whose form it is.
    pub owner: &'a PersonId,
    /// The form's name.
    pub id: &'a str,
    /// The form.
    pub draft: &'a Draft,
}

/// What is found, to tick.
#[derive(Debug, Default)]
pub struct Found {
    /// What is found.
    pub items: Vec<Item>,
    steps: Vec<Step>,
    search: Option<Search>,
    matching: Option<String>,
    has_more: bool,
    add_all: Option<String>,
}

impl Chooser<'_> {
    /// What is asked for, as far as it is found; as much as there is room for.
    pub fn found(&self, asked: &Asked, room: Room) -> Found {
        match asked.way {
            WayIn::Resource => self.searched(asked, room.found),
            WayIn::App => self.by_integration(asked, room.found),
            WayIn::Bundle => self.by_bundle(asked, room.of_bundle),
        }
    }

    /// The view of what was found; `live` is what of it the grantee has or waits for.
    pub fn view(
        &self,
        asked: &Asked,
        found: Found,
        live: &BTreeMap<Item, RequestId>,
    ) -> ChoosePage {
        let policy = &self.snapshot.policy;
        let grantee = policy.directory.name_of(&self.draft.grantee).to_owned();
        ChoosePage {
            draft: self.id.to_owned(),
            grantee: policy.may_ask_for_others(self.owner).then_some(grantee),
            tabs: show::tabs(self.voice, asked.way),
            way: show::way_word(asked.way),
            search: found.search,
            steps: found.steps,
            matching: found.matching,
            rows: found.items.iter().map(|item| self.row(item, live)).collect(),
            has_more: found.has_more,
            add_all: found.add_all,
            back: asked.query(),
            basket: chat::basket(self.voice, self.draft.basket.items()),
            has_chosen: !self.draft.basket.is_empty(),
        }
    }

    fn pair(&self) -> Pair {
        Pair { requester: self.owner.clone(), grantee: self.draft.grantee.clone() }
    }

    fn row(&self, item: &Item, live: &BTreeMap<Item, RequestId>) -> TickRow {
        let chosen = self.draft.basket.items();
        show::tick_row(self.voice, (item, item_handle(item)), (chosen, live))
    }

    /// The fields of a search, and what it finds.
    fn searched(&self, asked: &Asked, most: usize) -> Found {
        let (snapshot, pair, voice) = (self.snapshot, self.pair(), self.voice);
        let (sieve, words) = asked.meant(snapshot);
        let found = snapshot.seek(&pair, &sieve, &words, &[], most);
        let counted = snapshot.count(&pair, &sieve, &words);
        let may_add =
            sieve.permission.is_some() || snapshot.only_permission(&pair, &sieve, &words).is_some();
        let any = || chat::any_kind(voice, "");
        let line = chat::by_resource(
            voice,
            (String::new(), any(), chat::any_permission(voice, "")),
            (counted.matching, counted.all),
            may_add.then_some(counted.matching),
            String::new(),
        );
        let without = |kind, permission| Sieve { kind, permission, ..asked.sieve.clone() };
        let kinds = snapshot.kinds_for(&pair, &without(None, asked.sieve.permission.clone()));
        let permissions = snapshot.permissions_for(&pair, &without(asked.sieve.kind.clone(), None));
        let integration = asked.sieve.integration.iter();
        let kind = asked.sieve.kind.iter().filter(|_| asked.way == WayIn::App);
        let carried =
            integration.map(|value| ("system", value)).chain(kind.map(|value| ("kind", value)));
        Found {
            steps: Vec::new(),
            search: Some(Search {
                words: asked.words.clone(),
                kinds: match asked.way {
                    WayIn::App => Vec::new(),
                    _ => show::picks(any(), &kinds, asked.sieve.kind.as_deref()),
                },
                permissions: show::picks(
                    chat::any_permission(voice, ""),
                    &permissions,
                    asked.sieve.permission.as_deref(),
                ),
                carried: carried
                    .map(|(name, value)| Carried { name, value: value.clone() })
                    .collect(),
            }),
            matching: Some(line.matching),
            items: items_of(&found.offers),
            has_more: found.has_more,
            add_all: line.add_all,
        }
    }

    /// From the integration to the type to the resources; each depends on the one before.
    fn by_integration(&self, asked: &Asked, most: usize) -> Found {
        let (snapshot, pair, voice) = (self.snapshot, self.pair(), self.voice);
        let link = |label: &str, sieve: Sieve, is_here: bool| StepLink {
            label: chat::named_choice(label, String::new()).label,
            query: Asked { sieve, ..Asked::way(WayIn::App) }.query(),
            is_here,
        };
        let integrations = snapshot.integrations_for(&pair);
        let mut integrations: Vec<StepLink> = integrations
            .iter()
            .map(|id: &IntegrationId| {
                let name = snapshot.policy.catalog.integration_name(id);
                let is_here = asked.sieve.integration.as_deref() == Some(id.as_str());
                let integration = Some(id.as_str().to_owned());
                link(name, Sieve { integration, ..Sieve::default() }, is_here)
            })
            .collect();
        integrations.sort_by(|a, b| a.label.cmp(&b.label));
        let mut steps = vec![show::step(voice, StepOf::Integration, integrations)];
        let Some(integration) = asked.sieve.integration.clone() else {
            return Found { steps, ..Found::default() };
        };
        let of_integration = Sieve { integration: Some(integration), ..Sieve::default() };
        let kinds = snapshot.kinds_for(&pair, &of_integration).into_iter().map(|kind| {
            let is_here = asked.sieve.kind.as_deref() == Some(kind);
            link(kind, Sieve { kind: Some(kind.to_owned()), ..of_integration.clone() }, is_here)
        });
        steps.push(show::step(voice, StepOf::Kind, kinds.collect()));
        if asked.sieve.kind.is_none() {
            return Found { steps, ..Found::default() };
        }
        Found { steps, ..self.searched(asked, most) }
    }

    fn by_bundle(&self, asked: &Asked, most: usize) -> Found {
        let (snapshot, pair, voice) = (self.snapshot, self.pair(), self.voice);
        let all = snapshot.bundles_for(&pair);
        let found: Vec<_> = all
            .iter()
            .filter(|bundle| has_words(&format!("{} {}", bundle.name, bundle.id), &asked.words))
            .collect();
        let line =
            chat::by_bundle(voice, String::new(), (found.len(), all.len()), None, None).matching;
        let links = found.iter().take(BUNDLES).map(|bundle| StepLink {
            label: chat::named_choice(&bundle.name, String::new()).label,
            query: Asked { bundle: Some(bundle.id.clone()), ..Asked::way(asked.way) }.query(),
            is_here: asked.bundle.as_ref() == Some(&bundle.id),
        });
        let steps = vec![show::step(voice, StepOf::Bundle, links.collect())];
        let search = Some(Search { words: asked.words.clone(), ..Search::default() });
        let open = asked.bundle.as_ref().and_then(|id| snapshot.bundle_for(&pair, id));
        let Some((bundle, offered, closed)) = open else {
            let has_more = found.len() > BUNDLES;
            return Found { steps, search, matching: Some(line), has_more, ..Found::default() };
        };
        let of = (bundle.name.as_str(), bundle.description.as_str());
        let (holds, add_all) = show::bundle_lines(voice, of, (offered.len(), closed));
        Found {
            steps,
            search,
            matching: Some(holds),
            has_more: offered.len() > most,
            items: offered.into_iter().take(most).collect(),
            add_all: Some(add_all),
        }
    }
}

/// Puts everything that is `found` into the basket, or what is ticked where nothing is said of that;
/// what became of it, and how much may not be asked for.
pub fn put<'a>(
    snapshot: &Snapshot,
    owner: &PersonId,
    found: Option<&Asked>,
    ticked: impl Iterator<Item = &'a str>,
    draft: &mut Draft,
) -> (Added, usize) {
    let pair = Pair { requester: owner.clone(), grantee: draft.grantee.clone() };
    match found {
        Some(asked) => (add_all(snapshot, &pair, asked, draft), 0),
        None => add_ticked(snapshot, &pair, ticked, draft),
    }
}

/// Asks for `grantee`; how much goes from the basket because they may not have it.
pub fn set_grantee(
    snapshot: &Snapshot,
    owner: &PersonId,
    grantee: &PersonId,
    draft: &mut Draft,
) -> usize {
    let pair = Pair { requester: owner.clone(), grantee: grantee.clone() };
    draft.grantee = grantee.clone();
    draft.basket.keep(|item| snapshot.may_ask(&pair, item))
}

/// What of these somebody has or waits for; nothing is pointed out where that cannot be read.
pub async fn live(app: &App, grantee: &PersonId, items: &[Item]) -> BTreeMap<Item, RequestId> {
    app.live_items(grantee, items).await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "reading what somebody has");
        BTreeMap::new()
    })
}

/// Puts what is ticked into the basket, as far as it may be asked for; what became of it, and how
/// much may not.
fn add_ticked<'a>(
    snapshot: &Snapshot,
    pair: &Pair,
    ticked: impl Iterator<Item = &'a str>,
    draft: &mut Draft,
) -> (Added, usize) {
    let items: Vec<Item> = ticked.filter_map(|handle| snapshot.item_of(handle)).collect();
    let asked = items.len();
    let may: Vec<Item> = items.into_iter().filter(|item| snapshot.may_ask(pair, item)).collect();
    let closed = asked - may.len();
    (draft.basket.add(may), closed)
}

/// Puts everything that is found into the basket; what became of it.
fn add_all(snapshot: &Snapshot, pair: &Pair, asked: &Asked, draft: &mut Draft) -> Added {
    if let Some(bundle) = &asked.bundle {
        let items = snapshot.bundle_for(pair, bundle).map(|(_, items, _)| items);
        return draft.basket.add(items.unwrap_or_default());
    }
    let (sieve, words) = asked.meant(snapshot);
    let Some(all) = snapshot.all_matching(pair, &sieve, &words, &draft.basket) else {
        return Added::default();
    };
    let new = draft.basket.add(all.items).new;
    let left_out = all.total.saturating_sub(all.known + new);
    Added { new, known: all.known, left_out }
}

/// Every permission on every resource that is offered.
pub fn items_of(offers: &[Offer]) -> Vec<Item> {
    let items = offers.iter().flat_map(|offer| {
        let at = &offer.resource.at;
        let with =
            move |permission: &String| Item { at: at.clone(), permission: permission.clone() };
        offer.permissions.iter().map(with)
    });
    items.collect()
}
