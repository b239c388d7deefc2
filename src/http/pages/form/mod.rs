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
use super::visit::Visit;
use crate::app::ActError;
use crate::chat::form::begin;
use crate::chat::form::choose::live;
use crate::chat::form::fields::encoded;
use crate::domain::catalog::Item;
use crate::domain::draft::Draft;
use crate::domain::id::RequestId;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use std::collections::BTreeMap;

/// The form's routes.
pub(super) fn routes() -> Router<Door> {
    Router::new()
        .route("/new", get(new))
        .route("/requests/{id}/again", get(super::request::back).post(again))
        .route("/forms/{id}", get(choose::show))
        .route("/forms/{id}/add", get(back).post(choose::add))
        .route("/forms/{id}/for", get(chosen::for_whom).post(chosen::set_grantee))
        .route("/forms/{id}/chosen", get(chosen::show))
        .route("/forms/{id}/remove", get(back).post(chosen::remove))
        .route("/forms/{id}/finish", get(finish::show).post(finish::press))
}

/// `GET /new`: an empty form. Its id is made here; nothing is stored until something is chosen.
async fn new(reader: Reader) -> Response {
    see(&reader.visit.door, &format!("/forms/{}", reader.app().new_draft()))
}

/// `GET` of what is only sent: whoever comes there by loading again goes back to the form.
async fn back(visit: Visit, Path(id): Path<String>) -> Response {
    see(&visit.door, &format!("/forms/{}", encoded(&id)))
}

/// `POST /requests/{id}/again`: a form that is filled with what a request was about.
async fn again(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, .. } = act;
    let id = request_id(&reader, &id)?;
    let refuse = |error: ActError| reader.refuse(&error);
    let again = reader.app().again(&reader.person, id).await.map_err(refuse)?;
    let (draft, filled) = (reader.app().new_draft(), begin::again(reader.voice(), again));
    let fill = |kept: &mut Draft| kept.clone_from(&filled);
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

    /// What of these its grantee has or waits for.
    async fn live(&self, items: &[Item]) -> BTreeMap<Item, RequestId> {
        live(self.reader.app(), &self.draft.grantee, items).await
    }
}
