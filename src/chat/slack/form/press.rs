//! What people press, pick and type in the form.
use super::super::handle::{Slack, Trouble, Way, Why};
use super::super::payload::{Click, View};
use super::draw::{Sheet, sieve_of};
use super::fields::{REFINE, app_items, pick_block, take_over};
use crate::app::Snapshot;
use crate::app::reach::Pair;
use crate::domain::catalog::Item;
use crate::domain::draft::{Added, Draft, WayIn};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
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
    /// The second step.
    Finish,
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
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let language = self.language(&way.from).await;
        let pressed = self.pressed((&person, language), &click, view, turn).await;
        pressed.map_err(|why| way.trouble(why))
    }

    async fn pressed(
        &self,
        (person, language): (&PersonId, Language),
        click: &Click,
        view: &View,
        turn: u64,
    ) -> Result<(), Why> {
        let (app, id) = (self.app(), view.metadata.as_str());
        let snapshot = app.policy();
        let (draft, next) = if changes(&click.action) {
            let apply =
                |draft: &mut Draft| apply(&snapshot, (person, language), click, view, draft);
            app.change_draft(person, id, apply).await?
        } else {
            let mut draft = app.draft(person, id).await?;
            take_over(&snapshot, person, view, &mut draft);
            let next = stays(click, view);
            (draft, next)
        };
        if click.action == "grantee" {
            self.prefer(&draft.grantee).await;
        }
        let sheet = Sheet { language, snapshot: &snapshot, owner: person, id, draft: &draft };
        let drawn = match next {
            Next::Choose(said) => sheet.choose(None, said)?,
            Next::Review(page) => sheet.review(&self.live(&draft).await, page)?,
            Next::Finish => sheet.finish(&self.live(&draft).await, None)?,
        };
        self.draw(view, turn, drawn).await
    }
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
            | "ticket_kind"
            | "ticket"
            | "justification"
            | "review_next"
            | "review_previous"
    )
}

/// What is shown after a press that changes no draft.
fn stays(click: &Click, view: &View) -> Next {
    match view.callback.as_str() {
        REVIEW => Next::Review(click.value.parse().unwrap_or_default()),
        FINISH => Next::Finish,
        _ => Next::Choose(None),
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
    let dropped = take_over(snapshot, person, view, draft);
    let pair = Pair { requester: person.clone(), grantee: draft.grantee.clone() };
    let by = By { snapshot, pair: &pair, voice: Voice::new(&snapshot.policy, language) };
    if dropped > 0 {
        return Next::Choose(Some(show::dropped(by.voice, dropped)));
    }
    match click.action.as_str() {
        "way_resource" => draft.way = WayIn::Resource,
        "way_app" => draft.way = WayIn::App,
        "way_bundle" => draft.way = WayIn::Bundle,
        "resources" => {
            let picked = view.chosen_many(&pick_block(draft)).into_iter();
            let items: Vec<Item> = picked
                .filter(|value| value != REFINE)
                .filter_map(|value| snapshot.item_of(&value))
                .collect();
            return Next::Choose(put(by, draft, items, false));
        }
        "add_all" => return add_all(by, draft),
        "add_app" => {
            let items = app_items(snapshot, &pair, &draft.app);
            draft.app.pick_resources(Vec::new());
            return Next::Choose(put(by, draft, items, true));
        }
        "add_ticked" => {
            let items = std::mem::take(&mut draft.bundle.ticked);
            return Next::Choose(put(by, draft, items, true));
        }
        "add_bundle" => {
            let open = draft.bundle.id.as_ref().and_then(|id| snapshot.bundle_for(&pair, id));
            let items = open.map(|(_, items, _)| items).unwrap_or_default();
            draft.bundle.ticked.clear();
            return Next::Choose(put(by, draft, items, true));
        }
        "bundle_next" => draft.bundle.page += 1,
        "bundle_previous" => draft.bundle.page = draft.bundle.page.saturating_sub(1),
        "review" => return Next::Review(0),
        "remove" => {
            let (handle, page) = click.value.split_once(' ').unwrap_or((&click.value, ""));
            if let Some(item) = snapshot.item_of(handle) {
                draft.basket.keep(|one| *one != item);
            }
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

/// Puts into the basket what may be asked for; says what became of it, where that is not plain.
fn put(
    By { snapshot, pair, voice }: By<'_>,
    draft: &mut Draft,
    items: Vec<Item>,
    is_told: bool,
) -> Option<String> {
    let asked = items.len();
    let may: Vec<Item> = items.into_iter().filter(|item| snapshot.may_ask(pair, item)).collect();
    let closed = asked - may.len();
    let added = draft.basket.add(may);
    draft.turn += 1;
    let is_plain = !is_told && closed == 0 && added.new == asked;
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
