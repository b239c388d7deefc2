//! The first step: who for, three ways to choose, and what is chosen so far.
use super::{count, grouped};
use crate::domain::catalog::{Bundle, Item, Resource};
use crate::domain::draft::{Added, WayIn};
use crate::domain::person::Person;
use crate::domain::policy::Policy;
use crate::domain::submission::MOST_ITEMS;
use crate::show::limits::{CHOICE_CHARS, NAME_CHARS, one_line};
use crate::show::{Choice, words};
use serde::Serialize;

/// Things of the basket that are named in the first step.
const NAMED_ITEMS: usize = 4;
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
    pub label: &'static str,
    /// Whether it is open.
    pub is_current: bool,
}

/// The three ways, of which one is open.
pub fn ways(current: WayIn) -> Vec<WayButton> {
    [
        (WayIn::Resource, "way_resource", "By resource"),
        (WayIn::App, "way_app", "By app"),
        (WayIn::Bundle, "way_bundle", "By bundle"),
    ]
    .into_iter()
    .map(|(way, action, label)| WayButton { action, label, is_current: way == current })
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
pub fn basket(policy: &Policy, items: &[Item]) -> Basket {
    let most = grouped(MOST_ITEMS);
    let mut names: Vec<String> =
        items.iter().rev().take(NAMED_ITEMS).map(|item| words::item(policy, item)).collect();
    if let Some(more) = items.len().checked_sub(NAMED_ITEMS).filter(|more| *more > 0) {
        names.push(format!("and {} more; Review shows all of them", grouped(more)));
    }
    let count = match items.len() {
        0 => format!("Nothing chosen yet, of at most {most}."),
        chosen => format!("{} of at most {most} chosen.", grouped(chosen)),
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
    (words, kind, permission): (String, Choice, Choice),
    (matching, all): (usize, usize),
    addable: Option<usize>,
    pick: String,
) -> ByResource {
    let counted = format!("{} of {} match.", grouped(matching), grouped(all));
    let matching = match addable {
        None if matching > 1 => format!("{counted} Pick a permission to add all of them."),
        _ => counted,
    };
    let add_all = addable.filter(|addable| *addable > 0).map(|addable| match addable {
        1 => "Add the one that matches".to_owned(),
        all => format!("Add all {} that match", grouped(all)),
    });
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
pub fn by_app(chosen: AppChosen) -> ByApp {
    let AppChosen { integration, kind, resources, permissions, makes } = chosen;
    let has_integration = !integration.chosen.is_empty();
    let has_kind = has_integration && !kind.chosen.is_empty();
    let has_resources = has_kind && !resources.chosen.is_empty();
    ByApp {
        integration,
        kind: has_integration.then_some(kind),
        resources: has_kind.then_some(resources),
        permissions: has_resources.then_some(permissions),
        add: (makes > 0).then(|| format!("Add {}", count(makes))),
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
    words: String,
    (matching, all): (usize, usize),
    chosen: Option<Choice>,
    entries: Option<BundleEntries>,
) -> ByBundle {
    let bundles = if all == 1 { "bundle" } else { "bundles" };
    let matching = format!("{} of {} {bundles} match.", grouped(matching), grouped(all));
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
    policy: &Policy,
    (bundle, offered, ticked): (&Bundle, &[Item], &[Item]),
    TickPage { page, closed }: TickPage,
    (handle, block): (impl Fn(&Item) -> String, impl Fn(usize) -> String),
) -> BundleEntries {
    let pages = offered.len().div_ceil(TICKS).max(1);
    let page = page.min(pages - 1);
    let shown = offered.iter().skip(page * TICKS).take(TICKS).collect::<Vec<_>>();
    let total = grouped(offered.len());
    let groups = shown.chunks(GROUP).enumerate().map(|(place, items)| {
        let choices: Vec<Choice> =
            items.iter().map(|item| item_choice(policy, item, handle(item))).collect();
        let is_ticked = |(item, _): &(&&Item, &Choice)| ticked.contains(item);
        let ticked = items.iter().zip(&choices).filter(is_ticked).map(|(_, c)| c.clone()).collect();
        let first = page * TICKS + place * GROUP + 1;
        let label = format!("{} to {} of {total}", first, first + items.len() - 1);
        TickGroup { block: block(first), label, choices, ticked }
    });
    let closed = match closed {
        0 => String::new(),
        closed => format!(" {} more of it cannot be asked for here.", grouped(closed)),
    };
    let name = one_line(&bundle.name, NAME_CHARS);
    BundleEntries {
        title: format!("{name}: {}.{closed}", count(offered.len())),
        groups: groups.collect(),
        add_all: format!("Add all {total}"),
        has_previous: page > 0,
        has_next: page + 1 < pages,
    }
}

/// A thing as a choice: the resource and the permission, then what it is and where.
pub fn item_choice(policy: &Policy, item: &Item, value: String) -> Choice {
    let catalog = &policy.catalog;
    let name = one_line(catalog.resource_name(&item.at), CHOICE_CHARS);
    let integration = catalog.integration_name(&item.at.integration);
    let kind = catalog.resources.get(&item.at).map(|resource| resource.kind);
    let place = match kind {
        Some(kind) => format!("{kind} in {integration}"),
        None => integration.to_owned(),
    };
    // Cutting the name would leave people guessing which permission they pick.
    let room = CHOICE_CHARS.saturating_sub(item.permission.chars().count() + 2).max(20);
    let label = format!("{}: {}", one_line(&name, room), item.permission);
    Choice {
        label: one_line(&label, CHOICE_CHARS),
        value,
        hint: Some(one_line(&place, CHOICE_CHARS)),
    }
}

/// A resource as a choice: its name, then its type and place.
pub fn resource_choice(policy: &Policy, resource: &Resource, handle: String) -> Choice {
    let integration = policy.catalog.integration_name(&resource.at.integration);
    Choice {
        label: one_line(&resource.name, CHOICE_CHARS),
        value: handle,
        hint: Some(one_line(&format!("{} in {integration}", resource.kind), CHOICE_CHARS)),
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

/// The choice that narrows nothing: `Any type`.
pub fn all_choice(what: &str, value: &str) -> Choice {
    Choice { label: format!("Any {what}"), value: value.to_owned(), hint: None }
}

/// The last row of a list that does not hold everything.
pub fn refine_choice(value: &str) -> Choice {
    Choice {
        label: "More results: refine your search".to_owned(),
        value: value.to_owned(),
        hint: Some("Only the best matches are listed here".to_owned()),
    }
}

/// Slack takes no empty text.
fn label(name: &str) -> String {
    let label = one_line(name, CHOICE_CHARS);
    if label.is_empty() { "?".to_owned() } else { label }
}

/// What became of things that were put into the basket; `closed` of them cannot be asked for.
pub fn added(added: Added, closed: usize) -> String {
    let Added { new, known, left_out } = added;
    let mut parts = vec![format!("Added {}.", count(new))];
    if known > 0 {
        parts.push(format!("{} chosen before.", grouped(known)));
    }
    if closed > 0 {
        parts.push(format!("{} cannot be asked for.", count(closed)));
    }
    if left_out > 0 {
        let most = grouped(MOST_ITEMS);
        parts.push(format!("{} did not fit: {most} is the most at once.", count(left_out)));
    }
    parts.join(" ")
}

/// What went from the basket because it is for somebody else now.
pub fn dropped(number: usize) -> String {
    format!("{} cannot be asked for on their behalf and went from what you chose.", count(number))
}

/// What a form could not begin with.
pub fn gone(number: usize) -> String {
    format!("{} of it can no longer be asked for and was left out.", count(number))
}

/// Nothing can be sent.
pub fn nothing_chosen() -> String {
    "Choose at least one thing first.".to_owned()
}

/// All cannot be added without a permission.
pub fn pick_permission() -> String {
    "Pick a permission first; then all of them can be added.".to_owned()
}
