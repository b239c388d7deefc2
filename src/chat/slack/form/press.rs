//! What people press, pick and type in the form.
use super::super::handle::{Slack, Trouble, Way, Why};
use super::super::payload::{Click, View};
use super::draw::{Sheet, sieve_of};
use super::fields::{REFINE, app_items, take_over};
use crate::app::Snapshot;
use crate::app::choose::item_handle;
use crate::app::reach::Pair;
use crate::domain::catalog::Item;
use crate::domain::draft::{Added, Draft, WayIn};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::Account;
use crate::show::Voice;
use crate::show::request_form as show;

/// What the form's views are called.
pub(in super::super) const CHOOSE: &str = "request";
pub(in super::super) const REVIEW: &str = "request_review";
pub(in super::super) const FINISH: &str = "request_finish";

/// What is shown next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    /// The first step, with something to say.
    Choose(Option<String>),
    /// A page of what is chosen.
    Review(usize),
    /// The second step, with something to say.
    Finish(Option<String>),
}

/// Whether a press in a view is one of the form's.
pub(in super::super) fn is_form(view: Option<&View>) -> bool {
    view.is_some_and(|view| matches!(view.callback.as_str(), CHOOSE | REVIEW | FINISH))
}

impl Slack {
    /// Does what was pressed, and draws the form as it then stands.
    pub(in super::super) async fn press(&self, way: &Way, click: Click) -> Result<(), Trouble> {
        let Some(view) = &click.view else { return Ok(()) };
        let turn = self.turns().begin(&view.id);
        if is_typing(&click.action) && !self.keys_rest(&view.id, turn).await {
            return Ok(());
        }
        match self.pressed(&way.from, &click, view, turn).await {
            // Nothing is lost: what stands in the fields stays there, and the next press shows it.
            Err(why) if why.is_passing() && !changes(&click.action) => {
                let error = why.as_error();
                tracing::warn!(error, "a form was not drawn anew");
                Ok(())
            }
            pressed => pressed.map_err(|why| way.trouble(why)),
        }
    }

    async fn pressed(
        &self,
        from: &Account,
        click: &Click,
        view: &View,
        turn: u64,
    ) -> Result<(), Why> {
        let person = &self.person(from).await?;
        let language = self.language(from).await;
        let (app, id) = (self.app(), view.metadata.as_str());
        let snapshot = app.policy();
        let is_news = changes(&click.action);
        let (draft, next) = if is_news {
            let apply =
                |draft: &mut Draft| apply(&snapshot, (person, language), click, view, draft);
            app.change_draft(person, id, apply).await?
        } else {
            let mut draft = app.draft(person, id).await?;
            let lost = take_over(&snapshot, person, view, &mut draft);
            let next = stays(click, view, lost.told(Voice::new(&snapshot.policy, language)));
            (draft, next)
        };
        if click.action == "grantee" {
            self.prefer(&draft.grantee).await;
        }
        let sheet = Sheet { language, snapshot: &snapshot, owner: person, id, draft: &draft };
        let drawn = match next {
            Next::Choose(said) => sheet.choose(said)?,
            Next::Review(page) => sheet.review(&self.live(&draft).await, page)?,
            Next::Finish(said) => sheet.finish(&self.live(&draft).await, said)?,
        };
        self.draw(view, turn, (drawn, is_news)).await
    }
}

/// Whether a press is a key in a field that people write in.
fn is_typing(action: &str) -> bool {
    matches!(action, "words" | "bundle_words" | "other_duration" | "ticket" | "justification")
}

/// Whether a press changes the draft itself, and not only what stands in a field.
fn changes(action: &str) -> bool {
    !matches!(
        action,
        "words"
            | "kind"
            | "permission"
            | "app_integration"
            | "app_kind"
            | "app_resources"
            | "app_permissions"
            | "bundle_words"
            | "duration"
            | "other_duration"
            | "ticket_kind"
            | "ticket"
            | "justification"
            | "review_next"
            | "review_previous"
    )
}

/// What is shown after a press that changes no draft.
fn stays(click: &Click, view: &View, said: Option<String>) -> Next {
    match view.callback.as_str() {
        REVIEW => Next::Review(click.value.parse().unwrap_or_default()),
        FINISH => Next::Finish(said),
        _ => Next::Choose(said),
    }
}

/// Changes the draft as was pressed; may run again on a newer draft.
fn apply(
    snapshot: &Snapshot,
    (person, language): (&PersonId, Language),
    click: &Click,
    view: &View,
    draft: &mut Draft,
) -> Next {
    let lost = take_over(snapshot, person, view, draft);
    let pair = Pair { requester: person.clone(), grantee: draft.grantee.clone() };
    let by = By { snapshot, pair: &pair, voice: Voice::new(&snapshot.policy, language) };
    if let Some(said) = lost.told(by.voice) {
        return Next::Choose(Some(said));
    }
    match click.action.as_str() {
        "way_resource" => draft.way = WayIn::Resource,
        "way_app" => draft.way = WayIn::App,
        "way_bundle" => draft.way = WayIn::Bundle,
        "resources" => {
            // As it was picked: the list may be named otherwise by now.
            let picked = picked_items(snapshot, click.picked.iter());
            return Next::Choose(put(by, draft, picked, false));
        }
        "add_all" => return add_all(by, draft),
        "add_app" => {
            let items = app_items(snapshot, &pair, &draft.app);
            draft.app.pick_resources(Vec::new());
            return Next::Choose(put(by, draft, (items, 0), true));
        }
        "add_ticked" => {
            let items = std::mem::take(&mut draft.bundle.ticked);
            if items.is_empty() {
                return Next::Choose(Some(show::nothing_ticked(by.voice)));
            }
            return Next::Choose(put(by, draft, (items, 0), true));
        }
        "add_bundle" => {
            let open = draft.bundle.id.as_ref().and_then(|id| snapshot.bundle_for(&pair, id));
            let items = open.map(|(_, items, _)| items).unwrap_or_default();
            draft.bundle.ticked.clear();
            return Next::Choose(put(by, draft, (items, 0), true));
        }
        "bundle_next" => draft.bundle.page += 1,
        "bundle_previous" => draft.bundle.page = draft.bundle.page.saturating_sub(1),
        "review" => return Next::Review(0),
        "remove" => {
            let (handle, page) = click.value.split_once(' ').unwrap_or((&click.value, ""));
            // By its handle, since it may be listed nowhere any more.
            draft.basket.keep(|one| item_handle(one) != handle);
            return Next::Review(page.parse().unwrap_or_default());
        }
        "remove_all" => {
            draft.basket.clear();
            return Next::Review(0);
        }
        _ => {}
    }
    Next::Choose(None)
}

/// By which policy, for whom and in whose words something is put into the basket.
#[derive(Clone, Copy)]
struct By<'a> {
    snapshot: &'a Snapshot,
    pair: &'a Pair,
    voice: Voice<'a>,
}

/// The things that picked values stand for, and how many of them stand for nothing any more.
pub(super) fn picked_items<'v>(
    snapshot: &Snapshot,
    values: impl Iterator<Item = &'v String>,
) -> (Vec<Item>, usize) {
    let picked: Vec<Option<Item>> =
        values.filter(|value| *value != REFINE).map(|value| snapshot.item_of(value)).collect();
    let gone = picked.iter().filter(|item| item.is_none()).count();
    (picked.into_iter().flatten().collect(), gone)
}

/// Puts into the basket what may be asked for; says what became of it, where that is not plain.
/// `gone` more of it stand for nothing any more.
fn put(
    By { snapshot, pair, voice }: By<'_>,
    draft: &mut Draft,
    (items, gone): (Vec<Item>, usize),
    is_told: bool,
) -> Option<String> {
    let asked = items.len() + gone;
    let may: Vec<Item> = items.into_iter().filter(|item| snapshot.may_ask(pair, item)).collect();
    let closed = asked - may.len();
    let added = draft.basket.add(may);
    draft.turn += 1;
    let is_plain = !is_told && closed == 0 && added.left_out == 0 && added.new > 0;
    (!is_plain && asked > 0).then(|| show::added(voice, added, closed))
}

/// Adds everything that matches the words and the filters, as far as there is room.
fn add_all(By { snapshot, pair, voice }: By<'_>, draft: &mut Draft) -> Next {
    let sieve = sieve_of(draft);
    let found = snapshot.all_matching(pair, &sieve, &draft.filters.words, &draft.basket);
    let Some(all) = found else { return Next::Choose(Some(show::pick_permission(voice))) };
    let new = draft.basket.add(all.items).new;
    draft.turn += 1;
    let left_out = all.total.saturating_sub(all.known + new);
    Next::Choose(Some(show::added(voice, Added { new, known: all.known, left_out }, 0)))
}
