//! Choosing: a search over everything, a walk from system to type to resource, or a bundle.
use super::super::act::Act;
use super::super::answer::{Stop, see};
use super::super::fields::{Fields, encoded};
use super::super::reader::Reader;
use super::{Sheet, way_of};
use crate::app::catalogue::Offer;
use crate::app::choose::item_handle;
use crate::app::reach::{Pair, Sieve};
use crate::app::{ActError, Snapshot};
use crate::domain::catalog::Item;
use crate::domain::draft::{Added, Draft, WayIn};
use crate::domain::id::{BundleId, IntegrationId, RequestId};
use crate::show::pages::form::{
    self as show, Carried, ChoosePage, Search, Step, StepLink, StepOf, StepTitle, TickRow,
};
use crate::show::pages::{Place, Said};
use crate::show::request_form as chat;
use axum::extract::Path;
use axum::response::Response;
use std::collections::BTreeMap;

/// Resources on one page; a search that finds more is refined.
const FOUND: usize = 50;
/// Things of a bundle on one page: all that a form holds.
const OF_BUNDLE: usize = crate::domain::submission::MOST_ITEMS;
/// Longest words that are searched with, in characters.
const WORDS: usize = 200;

/// What a query asks to be found.
struct Asked {
    way: WayIn,
    sieve: Sieve,
    words: String,
    bundle: Option<BundleId>,
}

impl Asked {
    fn of(way: WayIn, query: &Fields) -> Self {
        let named = |name: &str| query.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let words = query.get("words").unwrap_or_default();
        Self {
            way,
            sieve: Sieve {
                integration: named("system").filter(|_| way == WayIn::App),
                kind: named("kind").filter(|_| way != WayIn::Bundle),
                permission: named("permission").filter(|_| way != WayIn::Bundle),
            },
            words: words.chars().take(WORDS).collect(),
            bundle: named("bundle").filter(|_| way == WayIn::Bundle).map(BundleId::new),
        }
    }

    /// The query that brings the same back.
    fn query(&self) -> String {
        let parts = [
            ("way", Some(show::way_word(self.way))),
            ("system", self.sieve.integration.as_deref()),
            ("kind", self.sieve.kind.as_deref()),
            ("permission", self.sieve.permission.as_deref()),
            ("bundle", self.bundle.as_ref().map(BundleId::as_str)),
            ("words", Some(self.words.as_str()).filter(|words| !words.is_empty())),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let given: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("?{}", given.join("&"))
    }

    /// The words and the sieve to search with: a word that names a permission means it.
    fn meant(&self, snapshot: &Snapshot) -> (Sieve, String) {
        let mut sieve = self.sieve.clone();
        if sieve.permission.is_some() {
            return (sieve, self.words.clone());
        }
        let words: Vec<&str> = self.words.split_whitespace().collect();
        let named = words.iter().position(|word| snapshot.permission_named(word).is_some());
        let Some(place) = named.filter(|_| words.len() > 1) else {
            return (sieve, self.words.clone());
        };
        let (before, after) = words.split_at(place);
        let permission = after.first().and_then(|word| snapshot.permission_named(word));
        sieve.permission = permission.map(str::to_owned);
        let rest: Vec<&str> = before.iter().chain(after.iter().skip(1)).copied().collect();
        (sieve, rest.join(" "))
    }
}

/// What is found, to tick.
#[derive(Default)]
struct Found {
    steps: Vec<Step>,
    search: Option<Search>,
    matching: Option<String>,
    items: Vec<Item>,
    has_more: bool,
    add_all: Option<String>,
}

/// `GET /forms/{id}`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Result<Response, Stop> {
    let sheet = Sheet::open(reader, id).await?;
    let asked = Asked::of(way_of(&sheet.reader), &sheet.reader.visit.query);
    let found = match asked.way {
        WayIn::Resource => sheet.searched(&asked),
        WayIn::App => sheet.by_app(&asked),
        WayIn::Bundle => sheet.by_bundle(&asked),
    };
    let live = sheet.live(&found.items).await;
    let reader = &sheet.reader;
    let (voice, policy) = (reader.voice(), &reader.snapshot.policy);
    let grantee = policy.directory.name_of(&sheet.draft.grantee).to_owned();
    let body = ChoosePage {
        draft: sheet.id.clone(),
        grantee: policy.may_ask_for_others(&reader.person).then_some(grantee),
        tabs: show::tabs(voice, asked.way),
        way: show::way_word(asked.way),
        search: found.search,
        steps: found.steps,
        matching: found.matching,
        rows: found.items.iter().map(|item| sheet.row(item, &live)).collect(),
        has_more: found.has_more,
        add_all: found.add_all,
        back: asked.query(),
        basket: chat::basket(voice, sheet.draft.basket.items()),
        has_chosen: !sheet.draft.basket.is_empty(),
    };
    let mut frame = reader.frame(show::title(voice, StepTitle::Choose), Place::Elsewhere);
    frame.said = said(reader);
    Ok(reader.page("form_choose", frame, body))
}

/// `POST /forms/{id}/add`: what is ticked, or everything that the page found.
pub(super) async fn add(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let back = fields.get("back").filter(|back| back.starts_with('?')).unwrap_or("?");
    let query = Fields::read(back.trim_start_matches('?').as_bytes());
    let way = match query.get("way") {
        Some("app") => WayIn::App,
        Some("bundle") => WayIn::Bundle,
        _ => WayIn::Resource,
    };
    let asked = Asked::of(way, &query);
    let snapshot = &reader.snapshot;
    let is_all = fields.get("all").is_some();
    let put = |draft: &mut Draft| {
        let pair = Pair { requester: reader.person.clone(), grantee: draft.grantee.clone() };
        match is_all {
            true => add_all(snapshot, &pair, &asked, draft),
            false => add_ticked(snapshot, &pair, fields.all("item"), draft),
        }
    };
    let changed = reader.app().change_draft(&reader.person, &id, put).await;
    let (_, (added, closed)) = changed.map_err(|error: ActError| reader.refuse(&error))?;
    let Added { new, known, left_out } = added;
    let to = format!(
        "/forms/{id}{}&added={new}&known={known}&closed={closed}&left_out={left_out}",
        asked.query()
    );
    Ok(see(&reader.visit.door, &to))
}

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

fn add_all(snapshot: &Snapshot, pair: &Pair, asked: &Asked, draft: &mut Draft) -> (Added, usize) {
    if let Some(bundle) = &asked.bundle {
        let items = snapshot.bundle_for(pair, bundle).map(|(_, items, _)| items);
        return (draft.basket.add(items.unwrap_or_default()), 0);
    }
    let (sieve, words) = asked.meant(snapshot);
    let Some(all) = snapshot.all_matching(pair, &sieve, &words, &draft.basket) else {
        return (Added::default(), 0);
    };
    let new = draft.basket.add(all.items).new;
    let left_out = all.total.saturating_sub(all.known + new);
    (Added { new, known: all.known, left_out }, 0)
}

/// Every permission on every resource that is offered.
fn items_of(offers: &[Offer]) -> Vec<Item> {
    let items = offers.iter().flat_map(|offer| {
        let at = &offer.resource.at;
        let with =
            move |permission: &String| Item { at: at.clone(), permission: permission.clone() };
        offer.permissions.iter().map(with)
    });
    items.collect()
}

/// What the press before did, by the numbers in the query.
fn said(reader: &Reader) -> Option<Said> {
    let query = &reader.visit.query;
    if let Some(dropped) = query.number("dropped").filter(|dropped| *dropped > 0) {
        return Some(Said { text: chat::dropped(reader.voice(), dropped), is_wrong: false });
    }
    let number = |name| query.number(name).unwrap_or_default();
    let new = query.number("added")?;
    let added = Added { new, known: number("known"), left_out: number("left_out") };
    Some(Said { text: chat::added(reader.voice(), added, number("closed")), is_wrong: false })
}

impl Sheet {
    fn snapshot(&self) -> &Snapshot {
        &self.reader.snapshot
    }

    fn row(&self, item: &Item, live: &BTreeMap<Item, RequestId>) -> TickRow {
        let chosen = self.draft.basket.items();
        show::tick_row(self.reader.voice(), (item, item_handle(item)), (chosen, live))
    }

    /// The fields of a search, and what it finds.
    fn searched(&self, asked: &Asked) -> Found {
        let (snapshot, pair, voice) = (self.snapshot(), self.pair(), self.reader.voice());
        let (sieve, words) = asked.meant(snapshot);
        let found = snapshot.seek(&pair, &sieve, &words, &[], FOUND);
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
        let system = asked.sieve.integration.iter();
        let kind = asked.sieve.kind.iter().filter(|_| asked.way == WayIn::App);
        let carried =
            system.map(|value| ("system", value)).chain(kind.map(|value| ("kind", value)));
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

    /// From the system to the type to the resources; each depends on the one before.
    fn by_app(&self, asked: &Asked) -> Found {
        let (snapshot, pair, voice) = (self.snapshot(), self.pair(), self.reader.voice());
        let link = |label: &str, sieve: Sieve, is_here: bool| StepLink {
            label: chat::named_choice(label, String::new()).label,
            query: Asked { way: WayIn::App, sieve, words: String::new(), bundle: None }.query(),
            is_here,
        };
        let systems = snapshot.integrations_for(&pair);
        let mut systems: Vec<StepLink> = systems
            .iter()
            .map(|id: &IntegrationId| {
                let name = snapshot.policy.catalog.integration_name(id);
                let is_here = asked.sieve.integration.as_deref() == Some(id.as_str());
                let integration = Some(id.as_str().to_owned());
                link(name, Sieve { integration, ..Sieve::default() }, is_here)
            })
            .collect();
        systems.sort_by(|a, b| a.label.cmp(&b.label));
        let mut steps = vec![show::step(voice, StepOf::System, systems)];
        let Some(integration) = asked.sieve.integration.clone() else {
            return Found { steps, ..Found::default() };
        };
        let of_system = Sieve { integration: Some(integration), ..Sieve::default() };
        let kinds = snapshot.kinds_for(&pair, &of_system).into_iter().map(|kind| {
            let is_here = asked.sieve.kind.as_deref() == Some(kind);
            link(kind, Sieve { kind: Some(kind.to_owned()), ..of_system.clone() }, is_here)
        });
        steps.push(show::step(voice, StepOf::Kind, kinds.collect()));
        if asked.sieve.kind.is_none() {
            return Found { steps, ..Found::default() };
        }
        Found { steps, ..self.searched(asked) }
    }

    fn by_bundle(&self, asked: &Asked) -> Found {
        let (snapshot, pair, voice) = (self.snapshot(), self.pair(), self.reader.voice());
        let all = snapshot.bundles_for(&pair);
        let words = asked.words.to_lowercase();
        let is_named = |name: &str| words.split_whitespace().all(|word| name.contains(word));
        let found: Vec<_> = all
            .iter()
            .filter(|bundle| is_named(&format!("{} {}", bundle.name, bundle.id).to_lowercase()))
            .collect();
        let line =
            chat::by_bundle(voice, String::new(), (found.len(), all.len()), None, None).matching;
        let links = found.iter().take(FOUND).map(|bundle| StepLink {
            label: chat::named_choice(&bundle.name, String::new()).label,
            query: Asked {
                bundle: Some(bundle.id.clone()),
                ..Asked::of(asked.way, &Fields::default())
            }
            .query(),
            is_here: asked.bundle.as_ref() == Some(&bundle.id),
        });
        let steps = vec![show::step(voice, StepOf::Bundle, links.collect())];
        let search = Some(Search { words: asked.words.clone(), ..Search::default() });
        let open = asked.bundle.as_ref().and_then(|id| snapshot.bundle_for(&pair, id));
        let Some((bundle, offered, closed)) = open else {
            let has_more = found.len() > FOUND;
            return Found { steps, search, matching: Some(line), has_more, ..Found::default() };
        };
        let of = (bundle.name.as_str(), bundle.description.as_str());
        let (holds, add_all) = show::bundle_lines(voice, of, (offered.len(), closed));
        Found {
            steps,
            search,
            matching: Some(holds),
            has_more: offered.len() > OF_BUNDLE,
            items: offered.into_iter().take(OF_BUNDLE).collect(),
            add_all: Some(add_all),
        }
    }
}
