//! The form that asks for access: a draft of its owner's, named in the path, as in chat.
//!
//! ```text
//! /new ─> /forms/{id} (choose) ⇄ /chosen, /for
//!               ⇅
//!         /finish ─> sent
//! ```
//!
//! Searching is a query and writes nothing; what is ticked is put into the draft's basket.
mod choose;
mod chosen;
mod finish;

use super::Door;
use super::act::Act;
use super::answer::{Stop, see};
use super::reader::Reader;
use super::request::request_id;
use crate::app::ActError;
use crate::domain::catalog::Item;
use crate::domain::draft::Draft;
use crate::domain::duration;
use crate::domain::id::RequestId;
use crate::show::ending;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use std::collections::BTreeMap;

/// The form's routes.
pub(super) fn routes() -> Router<Door> {
    Router::new()
        .route("/new", get(begin))
        .route("/requests/{id}/again", post(again))
        .route("/forms/{id}", get(choose::show))
        .route("/forms/{id}/add", post(choose::add))
        .route("/forms/{id}/for", get(chosen::for_whom).post(chosen::set_grantee))
        .route("/forms/{id}/chosen", get(chosen::show))
        .route("/forms/{id}/remove", post(chosen::remove))
        .route("/forms/{id}/finish", get(finish::show).post(finish::press))
}

/// `GET /new`: an empty form. Its id is made here; nothing is stored until something is chosen.
async fn begin(reader: Reader) -> Response {
    see(&reader.visit.door, &format!("/forms/{}", reader.app().new_draft()))
}

/// `POST /requests/{id}/again`: a form that is filled with what a request was about.
async fn again(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, .. } = act;
    let id = request_id(&reader, &id)?;
    let refuse = |error: ActError| reader.refuse(&error);
    let again = reader.app().again(&reader.person, id).await.map_err(refuse)?;
    let draft = reader.app().new_draft();
    let note = ending::again_note(reader.voice(), again.of, &again.gone);
    let fill = |kept: &mut Draft| {
        *kept = Draft::of(again.grantee.clone());
        kept.note = Some(note.clone());
        kept.basket.add(again.items.iter().cloned());
        kept.answers.other_duration = Some(duration::written(again.duration));
    };
    reader.app().change_draft(&reader.person, &draft, fill).await.map_err(refuse)?;
    Ok(see(&reader.visit.door, &format!("/forms/{draft}/finish")))
}

/// A form as its owner sees it.
struct Sheet {
    reader: Reader,
    id: String,
    draft: Draft,
}

impl Sheet {
    async fn open(reader: Reader, id: String) -> Result<Self, Stop> {
        match reader.app().draft(&reader.person, &id).await {
            Ok(draft) => Ok(Self { reader, id, draft }),
            Err(error) => Err(reader.refuse(&error).into()),
        }
    }

    /// What of these its receiver has or waits for; nothing is pointed out where that cannot be read.
    async fn live(&self, items: &[Item]) -> BTreeMap<Item, RequestId> {
        self.reader.app().live_items(&self.draft.grantee, items).await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "reading what somebody has");
            BTreeMap::new()
        })
    }
}
