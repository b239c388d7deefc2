//! The fields of the form's views: their names, and what stands in them taken into the draft.
//!
//! A field keeps what is in it as long as its name stays, and is emptied by another name. So the
//! name of a list says what it depends on, and how often something was added from it.
use super::super::payload::View;
use crate::app::Snapshot;
use crate::app::choose::short_handle;
use crate::app::reach::{Pair, Sieve};
use crate::domain::catalog::{Item, ResourceRef};
use crate::domain::draft::{AppChoice, Draft, WayIn};
use crate::domain::id::{BundleId, IntegrationId, PersonId};
use crate::show::Voice;
use crate::show::request_form::{self as show, TICKS};

/// What the row "refine" carries; it is nothing that can be chosen.
pub(super) const REFINE: &str = "refine";
/// What the choice that narrows nothing carries.
pub(super) const ANY: &str = "any";

/// The name of the list to pick from by resource.
pub(super) fn pick_block(draft: &Draft) -> String {
    format!("pick-{}", draft.turn)
}

/// The names of the lists by app that depend on what is picked in those before: type, resources,
/// permissions.
pub(super) fn app_blocks(draft: &Draft) -> [String; 3] {
    let AppChoice { integration, kind, resources, .. } = &draft.app;
    let integration = integration.as_ref().map(IntegrationId::as_str).unwrap_or_default();
    let mut on = vec![integration, kind.as_deref().unwrap_or_default()];
    let (of_integration, of_kind) = (short_handle(integration), short_handle(&on.join("\u{0}")));
    on.extend(resources.iter().map(String::as_str));
    let of_resources = short_handle(&on.join("\u{0}"));
    [
        format!("app_kind-{}-{of_integration}", draft.turn),
        format!("app_resources-{}-{of_kind}", draft.turn),
        format!("app_permissions-{}-{of_resources}", draft.turn),
    ]
}

/// The name of a group of boxes, by its first entry.
pub(super) fn tick_block(draft: &Draft, first: &str) -> String {
    let bundle = draft.bundle.id.as_ref().map(BundleId::as_str).unwrap_or_default();
    format!("ticks-{}-{}-{first}", draft.turn, short_handle(bundle))
}

/// How often something was added, as the names of the open view's lists say.
pub(super) fn turn_of(view: &View) -> Option<u32> {
    let counted = ["pick-", "app_kind-", "ticks-"];
    let mut blocks = counted.iter().flat_map(|begin| view.blocks(begin));
    blocks.find_map(|block| block.split('-').nth(1)?.parse().ok())
}

/// What a form lost when the open view was taken over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// Whom it was for, where that may not be any more: it is for the requester then.
    pub(super) grantee: Option<PersonId>,
    /// How many things the basket lost because its grantee may not have them.
    pub(super) things: usize,
}

impl Lost {
    /// What the person is told of it.
    pub(super) fn told(&self, voice: Voice<'_>) -> Option<String> {
        let grantee = self.grantee.as_ref().map(|person| show::not_for(voice, person));
        let things = (self.things > 0).then(|| show::dropped(voice, self.things));
        let told: Vec<String> = grantee.into_iter().chain(things).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }
}

/// Takes what stands in the open view into the draft; what was lost by it.
pub(super) fn take_over(
    snapshot: &Snapshot,
    requester: &PersonId,
    view: &View,
    draft: &mut Draft,
) -> Lost {
    let before = draft.grantee.clone();
    let not_for = take_grantee(snapshot, requester, view, draft);
    let pair = Pair { requester: requester.clone(), grantee: draft.grantee.clone() };
    match draft.way {
        WayIn::Resource => take_filters(snapshot, view, draft),
        WayIn::App => take_app(snapshot, view, draft),
        WayIn::Bundle => take_bundle(snapshot, &pair, view, draft),
    }
    take_answers(view, draft);
    if draft.grantee == before {
        return Lost { grantee: not_for, things: 0 };
    }
    // What was being picked was offered for somebody else.
    draft.turn += 1;
    Lost { grantee: not_for, things: draft.basket.keep(|item| snapshot.may_ask(&pair, item)) }
}

/// Takes whom it is for; somebody for whom the requester may not ask is answered, and not taken.
fn take_grantee(
    snapshot: &Snapshot,
    requester: &PersonId,
    view: &View,
    draft: &mut Draft,
) -> Option<PersonId> {
    if let Some(picked) = view.chosen("for").filter(|value| value != REFINE) {
        draft.grantee = PersonId::new(picked);
    }
    if draft.grantee == *requester || snapshot.policy.may_ask_for(requester, &draft.grantee) {
        return None;
    }
    Some(std::mem::replace(&mut draft.grantee, requester.clone()))
}

fn take_filters(snapshot: &Snapshot, view: &View, draft: &mut Draft) {
    let filters = &mut draft.filters;
    if view.has("words") {
        filters.words = view.typed("words").unwrap_or_default();
    }
    if let Some(value) = view.chosen("kind").filter(|value| value != REFINE) {
        filters.kind = snapshot.kind_of(&value).map(str::to_owned);
    }
    if let Some(value) = view.chosen("permission").filter(|value| value != REFINE) {
        filters.permission = snapshot.permission_of(&value).map(str::to_owned);
    }
}

fn take_app(snapshot: &Snapshot, view: &View, draft: &mut Draft) {
    if view.has("app_integration") {
        let picked = view.chosen("app_integration");
        let known = snapshot.policy.catalog.integrations.keys();
        let mut picked = known.filter(|id| picked.as_deref() == Some(&short_handle(id.as_str())));
        draft.app.pick_integration(picked.next().cloned());
    }
    let [kind, ..] = app_blocks(draft);
    if view.has(&kind) {
        let picked = view.chosen(&kind);
        let picked = picked.and_then(|value| snapshot.kind_of(&value).map(str::to_owned));
        draft.app.pick_kind(picked);
    }
    let [_, resources, _] = app_blocks(draft);
    if view.has(&resources) {
        let picked = view.chosen_many(&resources).into_iter();
        let known = picked.filter_map(|handle| snapshot.resource_of(&handle));
        let integration = draft.app.integration.clone();
        let inside = known.filter(|found| Some(&found.at.integration) == integration.as_ref());
        draft.app.pick_resources(inside.map(|found| found.at.resource).collect());
    }
    let [.., permissions] = app_blocks(draft);
    if view.has(&permissions) {
        let picked = view.chosen_many(&permissions);
        let known = picked.iter().filter_map(|value| snapshot.permission_of(value));
        draft.app.permissions = known.map(str::to_owned).collect();
    }
}

/// What narrows the lists by app, without or with the type.
pub(super) fn app_sieve(draft: &Draft, with_kind: bool) -> Sieve {
    let integration = draft.app.integration.as_ref().map(|id| id.as_str().to_owned());
    let kind = draft.app.kind.clone().filter(|_| with_kind);
    Sieve { integration, kind, permission: None }
}

/// Where the resources are that are picked by app.
pub(super) fn app_places(app: &AppChoice) -> Vec<ResourceRef> {
    let Some(integration) = &app.integration else { return Vec::new() };
    let at = |resource: &String| ResourceRef {
        integration: integration.clone(),
        resource: resource.clone(),
    };
    app.resources.iter().map(at).collect()
}

/// What the picks by app make: every picked permission on every picked resource that allows it.
pub(super) fn app_items(snapshot: &Snapshot, pair: &Pair, app: &AppChoice) -> Vec<Item> {
    let items = app_places(app).into_iter().flat_map(|at| {
        let with =
            move |permission: &String| Item { at: at.clone(), permission: permission.clone() };
        app.permissions.iter().map(with)
    });
    items.filter(|item| snapshot.may_ask(pair, item)).collect()
}

fn take_bundle(snapshot: &Snapshot, pair: &Pair, view: &View, draft: &mut Draft) {
    if view.has("bundle_words") {
        draft.bundle.words = view.typed("bundle_words").unwrap_or_default();
    }
    // What is ticked belongs to the bundle that was open when it was drawn.
    take_ticks(snapshot, pair, view, draft);
    if view.has("bundle") {
        let picked = view.chosen("bundle");
        let known = snapshot.policy.catalog.bundles.keys();
        let mut picked = known.filter(|id| picked.as_deref() == Some(&short_handle(id.as_str())));
        let id = picked.next().cloned();
        if draft.bundle.id != id {
            draft.bundle.id = id;
            draft.bundle.page = 0;
            draft.bundle.ticked.clear();
        }
    }
}

/// What is ticked on the page that is shown takes the place of what was ticked there before.
fn take_ticks(snapshot: &Snapshot, pair: &Pair, view: &View, draft: &mut Draft) {
    let begin = tick_block(draft, "");
    let shown: Vec<String> = view.blocks(&begin).map(str::to_owned).collect();
    let Some(id) = draft.bundle.id.as_ref().filter(|_| !shown.is_empty()) else { return };
    let Some((_, offered, _)) = snapshot.bundle_for(pair, id) else { return };
    let page: Vec<&Item> = offered.iter().skip(draft.bundle.page * TICKS).take(TICKS).collect();
    draft.bundle.ticked.retain(|item| !page.contains(&item));
    let ticked = shown.iter().flat_map(|block| view.chosen_many(block));
    for item in ticked.filter_map(|handle| snapshot.item_of(&handle)) {
        if !draft.bundle.ticked.contains(&item) {
            draft.bundle.ticked.push(item);
        }
    }
}

fn take_answers(view: &View, draft: &mut Draft) {
    let answers = &mut draft.answers;
    if let Some(seconds) = view.chosen("duration") {
        answers.duration_seconds = seconds.parse().ok();
    }
    if view.has("other_duration") {
        answers.other_duration = view.typed("other_duration");
    }
    if let Some(kind) = view.chosen("ticket_kind") {
        answers.ticket_kind = Some(kind);
    }
    if view.has("ticket") {
        answers.ticket_id = view.typed("ticket");
    }
    if view.has("why") {
        answers.justification = view.typed("why");
    }
}
