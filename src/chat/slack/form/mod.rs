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
mod turns;

pub(super) use press::{CHOOSE, FINISH, REVIEW, is_form};
pub(super) use turns::Turns;

use super::handle::{Slack, Trouble, Way};
use crate::chat::form::begin::begin;

use crate::domain::draft::{Draft, Prefill};
use crate::domain::id::PersonId;

use draw::Sheet;
use std::collections::BTreeMap;

impl Slack {
    /// Opens a form: at what is to be chosen, or, where that is known, at the second step.
    pub(super) async fn open_form(&self, way: &Way, prefill: Prefill) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let (snapshot, id) = (self.app().policy(), self.app().new_draft());
        let language = self.language(&way.from).await;
        let (draft, is_unclear) = begin(&snapshot, (&person, language), prefill);
        let is_filled = draft != Draft::of(person.clone());
        if is_filled {
            // Before it can be sent: an empty form needs no row, this one would lose its filling.
            let keep = |kept: &mut Draft| *kept = draft.clone();
            self.app().change_draft(&person, &id, keep).await.map_err(|e| way.trouble(e))?;
        }
        let sheet = Sheet { language, snapshot: &snapshot, owner: &person, id: &id, draft: &draft };
        let is_to_choose = is_unclear || draft.basket.is_empty();
        let view = match is_to_choose {
            true => sheet.choose(None),
            false => sheet.finish(&BTreeMap::new(), None),
        };
        let opened = self.open(way, view.map_err(|why| way.trouble(why))?).await;
        let opened = opened.map_err(|e| way.trouble(e))?;
        self.prefer(&draft.grantee).await;
        if is_to_choose {
            return Ok(());
        }
        // What is there already is pointed out as soon as that was read.
        let live = self.live(&draft).await;
        if draft.basket.items().iter().any(|item| live.contains_key(item)) {
            let view = sheet.finish(&live, None).map_err(|why| way.trouble(why))?;
            // Whoever was quicker sees it with their next press.
            self.draw_over(&opened, view).await.map_err(|why| way.trouble(why))?;
        }
        Ok(())
    }

    /// Lets searches for somebody prefer what they had lately; without it, they do not.
    async fn prefer(&self, grantee: &PersonId) {
        if let Err(error) = self.app().learn_boosted(grantee).await {
            tracing::error!(error = &error as &dyn std::error::Error, "reading what is recent");
        }
    }
}
