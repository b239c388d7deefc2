//! The first step: who for, three ways to choose, and what is chosen so far.
use crate::domain::catalog::{Bundle, Item, Resource};
use crate::domain::draft::{Added, WayIn};
use crate::domain::id::{IntegrationId, PersonId};
use crate::domain::language::Language;
use crate::domain::person::Person;
use crate::domain::submission::MOST_ITEMS;
use crate::show::limits::{CHOICE_CHARS, NAME_CHARS, one_line, shorten};
use crate::show::{Choice, Voice, texts, words};
use serde::Serialize;

/// Things of the basket that are named in the first step.
const NAMED_ITEMS: usize = 4;
/// Longest description of a bundle, in characters.
const DESCRIPTION_CHARS: usize = 500;
/// Entries of a bundle that one group of boxes holds: Slack's limit.
const GROUP: usize = 10;
/// Entries of a bundle on one page.
pub const TICKS: usize = 3 * GROUP;

/// The first step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choose {
    /// Names the form; nothing else of it leaves the server.
    pub draft: String,
    /// Something to say first.
    pub note: Option<String>,
    /// Who it is for, where that can be chosen.
    pub grantee: Option<Choice>,
    /// The three ways.
    pub ways: Vec<WayButton>,
    /// Choosing by resource, where that is open.
    pub by_resource: Option<ByResource>,
    /// Choosing by app, where that is open.
    pub by_app: Option<ByApp>,
    /// Choosing by bundle, where that is open.
    pub by_bundle: Option<ByBundle>,
    /// What the last press did, where it needs saying.
    pub said: Option<String>,
    /// What is chosen.
    pub basket: Basket,
}

/// A button that opens a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayButton {
    /// What comes back.
    pub action: &'static str,
    /// What people read.
    pub label: String,
    /// Whether it is open.
    pub is_current: bool,
}

/// The three ways, of which one is open.
pub fn ways(voice: Voice<'_>, current: WayIn) -> Vec<WayButton> {
    [
        (WayIn::Resource, "way_resource", "request-way-resource"),
        (WayIn::App, "way_app", "request-way-app"),
        (WayIn::Bundle, "way_bundle", "request-way-bundle"),
    ]
    .into_iter()
    .map(|(way, action, key)| WayButton {
        action,
        label: voice.say(key, []),
        is_current: way == current,
    })
    .collect()
}

/// What is chosen, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basket {
    /// `12 of at most 1,000 chosen`.
    pub count: String,
    /// The newest few, and how many more.
    pub names: Vec<String>,
}

/// What is chosen, in short.
pub fn basket(voice: Voice<'_>, items: &[Item]) -> Basket {
    let newest = items.iter().rev().take(NAMED_ITEMS);
    let mut names: Vec<String> = newest.map(|item| words::item(voice, item)).collect();
    if let Some(more) = items.len().checked_sub(NAMED_ITEMS).filter(|more| *more > 0) {
        names.push(voice.say("request-basket-more", [("count", more.into())]));
    }
    let most = MOST_ITEMS.into();
    let count = match items.len() {
        0 => voice.say("request-basket-empty", [("most", most)]),
        chosen => voice.say("request-basket", [("count", chosen.into()), ("most", most)]),
    };
    Basket { count, names }
}

/// Choosing by resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByResource {
    /// Words of the name.
    pub words: String,
    /// The type, or any.
    pub kind: Choice,
    /// The permission, or any.
    pub permission: Choice,
    /// `284 of 1,204 match.`
    pub matching: String,
    /// What the button says that adds all of them, where it can.
    pub add_all: Option<String>,
    /// Names the list to pick from; another name empties it.
    pub pick: String,
}

/// Choosing by resource: `matching` of `all` match, and `addable` of them can be added at once.
pub fn by_resource(
    voice: Voice<'_>,
    (words, kind, permission): (String, Choice, Choice),
    (matching, all): (usize, usize),
    addable: Option<usize>,
    pick: String,
) -> ByResource {
    let counted = [("matching", matching.into()), ("all", all.into())];
    let matching = match addable {
        _ if all == 0 => voice.say("request-nothing-offered", []),
        _ if matching == 0 => voice.say("request-matching-none", [("all", all.into())]),
        None if matching > 1 => voice.say("request-matching-many", counted),
        _ => voice.say("request-matching", counted),
    };
    let add_all = addable
        .filter(|addable| *addable > 0)
        .map(|addable| voice.say("request-add-all", [("count", addable.into())]));
    ByResource { words, kind, permission, matching, add_all, pick }
}

/// A list with what is picked in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Picks {
    /// Names the list; another name empties it.
    pub block: String,
    /// What is picked.
    pub chosen: Vec<Choice>,
}

/// Choosing by app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByApp {
    /// The connected system.
    pub integration: Picks,
    /// The type, once there is a system.
    pub kind: Option<Picks>,
    /// The resources, once there is a type.
    pub resources: Option<Picks>,
    /// The permissions, once there are resources.
    pub permissions: Option<Picks>,
    /// What the button says that adds them, once there is something to add.
    pub add: Option<String>,
}

/// What is picked by app so far, each with the name of its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppChosen {
    /// The connected system.
    pub integration: Picks,
    /// The type.
    pub kind: Picks,
    /// The resources.
    pub resources: Picks,
    /// The permissions.
    pub permissions: Picks,
    /// How many things these make that can be asked for.
    pub makes: usize,
}

/// Choosing by app: each list appears once the one before it has something picked.
pub fn by_app(voice: Voice<'_>, chosen: AppChosen) -> ByApp {
    let AppChosen { integration, kind, resources, permissions, makes } = chosen;
    let has_integration = !integration.chosen.is_empty();
    let has_kind = has_integration && !kind.chosen.is_empty();
    let has_resources = has_kind && !resources.chosen.is_empty();
    ByApp {
        integration,
        kind: has_integration.then_some(kind),
        resources: has_kind.then_some(resources),
        permissions: has_resources.then_some(permissions),
        add: (makes > 0).then(|| voice.say("request-add-things", [("count", makes.into())])),
    }
}

/// Choosing by bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByBundle {
    /// Words of the bundle.
    pub words: String,
    /// `3 of 12 bundles match.`
    pub matching: String,
    /// The one that is open.
    pub chosen: Vec<Choice>,
    /// What is in it.
    pub entries: Option<BundleEntries>,
}

/// A page of a bundle's entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleEntries {
    /// What the bundle is for and how many it holds.
    pub title: String,
    /// Boxes to tick.
    pub groups: Vec<TickGroup>,
    /// What the button says that adds all of it.
    pub add_all: String,
    /// Whether there is a page before.
    pub has_previous: bool,
    /// Whether there is a next page.
    pub has_next: bool,
}

/// Boxes to tick, at most ten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TickGroup {
    /// Names the boxes; another name empties them.
    pub block: String,
    /// `1 to 10 of 34`.
    pub label: String,
    /// What can be ticked.
    pub choices: Vec<Choice>,
    /// What is.
    pub ticked: Vec<Choice>,
}

/// Choosing by bundle: `matching` of `all` match the words.
pub fn by_bundle(
    voice: Voice<'_>,
    words: String,
    (matching, all): (usize, usize),
    chosen: Option<Choice>,
    entries: Option<BundleEntries>,
) -> ByBundle {
    let counted = [("matching", matching.into()), ("all", all.into())];
    let matching = voice.say("request-bundle-matching", counted);
    ByBundle { words, matching, chosen: chosen.into_iter().collect(), entries }
}

/// Which page of a bundle's entries there is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TickPage {
    /// Which page, from 0.
    pub page: usize,
    /// How many of the bundle cannot be asked for.
    pub closed: usize,
}

/// A page of a bundle's entries; `handle` names an entry, `block` a group of boxes.
pub fn entries(
    voice: Voice<'_>,
    (bundle, offered, ticked): (&Bundle, &[Item], &[Item]),
    TickPage { page, closed }: TickPage,
    (handle, block): (impl Fn(&Item) -> String, impl Fn(usize) -> String),
) -> BundleEntries {
    let pages = offered.len().div_ceil(TICKS).max(1);
    let page = page.min(pages - 1);
    let shown = offered.iter().skip(page * TICKS).take(TICKS).collect::<Vec<_>>();
    let groups = shown.chunks(GROUP).enumerate().map(|(place, items)| {
        let choices: Vec<Choice> =
            items.iter().map(|item| item_choice(voice, item, handle(item))).collect();
        let is_ticked = |(item, _): &(&&Item, &Choice)| ticked.contains(item);
        let ticked = items.iter().zip(&choices).filter(is_ticked).map(|(_, c)| c.clone()).collect();
        let first = page * TICKS + place * GROUP + 1;
        let (last, all) = (first + items.len() - 1, offered.len());
        let span = [("first", first.into()), ("last", last.into()), ("all", all.into())];
        let label = voice.say("request-span", span);
        TickGroup { block: block(first), label, choices, ticked }
    });
    let name = one_line(&bundle.name, NAME_CHARS);
    let holds = [("name", name.into()), ("count", offered.len().into())];
    let mut title = vec![voice.say("request-bundle-holds", holds)];
    if !bundle.description.is_empty() {
        title.push(shorten(&bundle.description, DESCRIPTION_CHARS));
    }
    if closed > 0 {
        title.push(voice.say("request-bundle-closed", [("count", closed.into())]));
    }
    BundleEntries {
        title: title.join("\n"),
        groups: groups.collect(),
        add_all: voice.say("request-add-bundle", [("count", offered.len().into())]),
        has_previous: page > 0,
        has_next: page + 1 < pages,
    }
}

/// A thing as a choice: the resource and the permission, then what it is and where.
pub fn item_choice(voice: Voice<'_>, item: &Item, value: String) -> Choice {
    ItemChoices::new(voice).choice(item, value)
}

/// Things as choices, one after another: the place of neighbours is often the same, and said once.
pub struct ItemChoices<'a> {
    voice: Voice<'a>,
    said: Option<Place<'a>>,
}

/// A type in a system, and how it is said.
struct Place<'a> {
    kind: &'a str,
    integration: &'a IntegrationId,
    hint: String,
}

impl<'a> ItemChoices<'a> {
    /// Said in this voice.
    pub fn new(voice: Voice<'a>) -> Self {
        Self { voice, said: None }
    }

    /// A thing as a choice: its name and permission, then its type and place.
    pub fn choice(&mut self, item: &Item, value: String) -> Choice {
        let catalog = &self.voice.policy.catalog;
        let parts = catalog.resources.parts_of(&item.at);
        let name = one_line(parts.map_or(&item.at.resource, |parts| parts.name), CHOICE_CHARS);
        let hint = match parts {
            Some(parts) => self.hint(parts.kind, parts.integration),
            None => one_line(catalog.integration_name(&item.at.integration), CHOICE_CHARS),
        };
        // Cutting the name would leave people guessing which permission they pick.
        let room = CHOICE_CHARS.saturating_sub(item.permission.chars().count() + 2).max(20);
        let label = format!("{}: {}", one_line(&name, room), item.permission);
        Choice { label: one_line(&label, CHOICE_CHARS), value, hint: Some(hint) }
    }

    fn hint(&mut self, kind: &'a str, integration: &'a IntegrationId) -> String {
        let said =
            self.said.take().filter(|said| said.kind == kind && said.integration == integration);
        let said = said.unwrap_or_else(|| {
            let name = self.voice.policy.catalog.integration_name(integration);
            let hint = one_line(&place(self.voice, kind, name), CHOICE_CHARS);
            Place { kind, integration, hint }
        });
        self.said.insert(said).hint.clone()
    }
}

/// A resource as a choice: its name, then its type and place.
pub fn resource_choice(voice: Voice<'_>, resource: &Resource, handle: String) -> Choice {
    let integration = voice.policy.catalog.integration_name(&resource.at.integration);
    Choice {
        label: one_line(&resource.name, CHOICE_CHARS),
        value: handle,
        hint: Some(one_line(&place(voice, &resource.kind, integration), CHOICE_CHARS)),
    }
}

/// A person as a choice.
pub fn person_choice(person: &Person, value: String) -> Choice {
    let hint = Some(one_line(&person.email, CHOICE_CHARS)).filter(|hint| !hint.is_empty());
    Choice { label: label(&person.name), value, hint }
}

/// Anything with a name as a choice.
pub fn named_choice(name: &str, value: String) -> Choice {
    Choice { label: label(name), value, hint: None }
}

/// The choice that narrows nothing, of the types.
pub fn any_kind(voice: Voice<'_>, value: &str) -> Choice {
    Choice { label: voice.say("request-any-kind", []), value: value.to_owned(), hint: None }
}

/// The choice that narrows nothing, of the permissions.
pub fn any_permission(voice: Voice<'_>, value: &str) -> Choice {
    Choice { label: voice.say("request-any-permission", []), value: value.to_owned(), hint: None }
}

/// The last row of a list that does not hold everything.
pub fn refine_choice(voice: Voice<'_>, value: &str) -> Choice {
    Choice {
        label: voice.say("request-refine", []),
        value: value.to_owned(),
        hint: Some(voice.say("request-refine-hint", [])),
    }
}

/// The only row of a list that could not be searched now.
pub fn unsearched(language: Language, value: &str) -> Choice {
    Choice {
        label: texts::say(language, "request-unsearched", []),
        value: value.to_owned(),
        hint: Some(texts::say(language, "request-unsearched-hint", [])),
    }
}

/// `database in Production PostgreSQL`.
fn place(voice: Voice<'_>, kind: &str, integration: &str) -> String {
    voice.say("request-place", [("kind", kind.into()), ("system", integration.into())])
}

/// Slack takes no empty text.
fn label(name: &str) -> String {
    let label = one_line(name, CHOICE_CHARS);
    if label.is_empty() { "?".to_owned() } else { label }
}

/// What became of things that were put into the basket; `closed` of them cannot be asked for.
pub fn added(voice: Voice<'_>, added: Added, closed: usize) -> String {
    let Added { new, known, left_out } = added;
    let mut parts = vec![voice.say("request-added", [("count", new.into())])];
    if known > 0 {
        parts.push(voice.say("request-added-known", [("count", known.into())]));
    }
    if closed > 0 {
        parts.push(voice.say("request-added-closed", [("count", closed.into())]));
    }
    if left_out > 0 {
        let values = [("count", left_out.into()), ("most", MOST_ITEMS.into())];
        parts.push(voice.say("request-added-left-out", values));
    }
    parts.join(" ")
}

/// What went from the basket because it is for somebody else now.
pub fn dropped(voice: Voice<'_>, number: usize) -> String {
    voice.say("request-dropped", [("count", number.into())])
}

/// What a form could not begin with.
pub fn gone(voice: Voice<'_>, number: usize) -> String {
    voice.say("request-gone", [("count", number.into())])
}

/// Whom it cannot be for; it is for its requester instead.
pub fn not_for(voice: Voice<'_>, person: &PersonId) -> String {
    voice.say("request-not-for", [("name", words::name(voice, person).into())])
}

/// Something that a form began with was longer than its field.
pub fn cut(voice: Voice<'_>) -> String {
    voice.say("request-cut", [])
}

/// There is nothing to add.
pub fn nothing_ticked(voice: Voice<'_>) -> String {
    voice.say("request-nothing-ticked", [])
}

/// Nothing can be sent.
pub fn nothing_chosen(voice: Voice<'_>) -> String {
    voice.say("request-nothing-chosen", [])
}

/// All cannot be added without a permission.
pub fn pick_permission(voice: Voice<'_>) -> String {
    voice.say("request-pick-permission", [])
}
