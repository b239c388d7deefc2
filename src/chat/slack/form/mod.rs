//! The form that asks for access: choose, review, finish; one view, drawn anew in its place.
//!
//! ```text
//! open_form ─> choose ⇄ review
//!                 ⇅        │
//!              finish <────┘ ─> submitted
//! ```
//!
//! What is chosen is a draft of its owner's (`app::draft`), and the view carries its id alone. What
//! a person types or picks stays in its field and is read from there; only what changes the draft
//! itself is written. Views are drawn in the order of what people do: the latest wins.
mod draw;
mod fields;
mod press;
mod search;
mod submit;

pub(super) use press::{CHOOSE, FINISH, REVIEW, is_form};

use super::handle::{Slack, Trouble, Way, Why};
use super::payload::View;
use crate::app::Snapshot;
use crate::app::reach::Pair;
use crate::domain::draft::{Draft, Prefill};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::show::{Voice, request_form};
use draw::Sheet;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// Most views whose order is kept; beyond, all begin anew.
const REMEMBERED: usize = 10_000;

/// The order of what people do in each open view, so that an older picture never replaces a newer.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<String, u64>>);

impl Turns {
    /// Something new happens in the view.
    fn begin(&self, view: &str) -> u64 {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.len() >= REMEMBERED {
            newest.clear();
        }
        let turn = newest.entry(view.to_owned()).or_default();
        *turn += 1;
        *turn
    }

    /// Whether nothing newer happened in it.
    fn is_newest(&self, view: &str, turn: u64) -> bool {
        let newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        newest.get(view).is_none_or(|newest| *newest <= turn)
    }
}

impl Slack {
    /// Opens a form: at what is to be chosen, or, where that is known, at the second step.
    pub(super) async fn open_form(&self, way: &Way, prefill: Prefill) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let (snapshot, id) = (self.app().policy(), self.app().new_draft());
        let language = self.language(&way.from).await;
        let (draft, note) = begin(&snapshot, (&person, language), prefill);
        let is_filled = draft != Draft::of(person.clone());
        if is_filled {
            // Before it can be sent: an empty form needs no row, this one would lose its filling.
            let keep = |kept: &mut Draft| *kept = draft.clone();
            self.app().change_draft(&person, &id, keep).await.map_err(|e| way.trouble(e))?;
        }
        let sheet = Sheet { language, snapshot: &snapshot, owner: &person, id: &id, draft: &draft };
        let view = match draft.basket.is_empty() {
            true => sheet.choose(note.clone(), None),
            false => sheet.finish(&BTreeMap::new(), note.clone()),
        };
        let trigger = way.trigger.as_deref().unwrap_or_default();
        let opened = self.api().open_view(trigger, view.map_err(|why| way.trouble(why))?);
        let opened = opened.await.map_err(|e| way.trouble(e))?;
        self.prefer(&draft.grantee).await;
        if draft.basket.is_empty() {
            return Ok(());
        }
        // What is there already is pointed out as soon as that was read.
        let live = self.live(&draft).await;
        if draft.basket.items().iter().any(|item| live.contains_key(item)) {
            let view = sheet.finish(&live, note).map_err(|why| way.trouble(why))?;
            let drawn = self.api().update_view(&opened.id, Some(&opened.hash), view).await;
            // Whoever was quicker sees it with their next press.
            drawn
                .or_else(|error| if error.is_overtaken() { Ok(()) } else { Err(error) })
                .map_err(|error| way.trouble(error))?;
        }
        Ok(())
    }

    /// Lets searches for somebody prefer what they had lately; without it, they do not.
    async fn prefer(&self, grantee: &PersonId) {
        if let Err(error) = self.app().learn_boosted(grantee).await {
            tracing::error!(error = &error as &dyn std::error::Error, "reading what is recent");
        }
    }

    /// Puts a view in the place of the open one, unless something newer happened in it.
    async fn draw(&self, open: &View, turn: u64, view: Value) -> Result<(), Why> {
        if !self.turns().is_newest(&open.id, turn) {
            return Ok(());
        }
        match self.api().update_view(&open.id, open.hash.as_deref(), view.clone()).await {
            // It was drawn since it was pressed, for something older than this: this is newer.
            Err(error) if error.is_conflict() && self.turns().is_newest(&open.id, turn) => {
                let again = self.api().update_view(&open.id, None, view).await;
                again.or_else(|error| if error.is_overtaken() { Ok(()) } else { Err(error) })?;
            }
            // Closed, or newer.
            Err(error) if error.is_overtaken() => {}
            drawn => drawn?,
        }
        Ok(())
    }
}

/// The draft that a form begins with, and what there is to say about it.
fn begin(
    snapshot: &Snapshot,
    (owner, language): (&PersonId, Language),
    prefill: Prefill,
) -> (Draft, Option<String>) {
    let may = |grantee: &PersonId| snapshot.policy.may_ask_for(owner, grantee);
    let grantee = prefill.grantee.filter(may).unwrap_or_else(|| owner.clone());
    let pair = Pair { requester: owner.clone(), grantee: grantee.clone() };
    let mut draft = Draft::of(grantee);
    let asked = prefill.items.len();
    let offered = prefill.items.into_iter().filter(|item| snapshot.may_ask(&pair, item));
    let added = draft.basket.add(offered);
    draft.filters.words = prefill.words.unwrap_or_default();
    draft.answers.other_duration = prefill.duration.map(crate::domain::duration::written);
    if let Some((kind, id)) = prefill.ticket {
        draft.answers.ticket_kind = kind;
        draft.answers.ticket_id = Some(id);
    }
    draft.answers.justification = prefill.justification;
    let gone = asked.saturating_sub(added.new + added.known);
    let gone = (gone > 0).then(|| request_form::gone(Voice::new(&snapshot.policy, language), gone));
    let note: Vec<String> = prefill.note.into_iter().chain(gone).collect();
    (draft, (!note.is_empty()).then(|| note.join(" ")))
}
