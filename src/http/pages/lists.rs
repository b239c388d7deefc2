//! The first page, and a person's lists.
use super::answer::Stop;
use super::reader::Reader;
use crate::domain::listing::{List, Place as Turned};
use crate::domain::status::Status;
use crate::show::home::SIZES;
use crate::show::pages::{Place, lists};
use axum::response::Response;

/// `GET /`: what a person has, waits for and can decide on.
pub(super) async fn home(reader: Reader) -> Result<Response, Stop> {
    let portal = reader.app().portal(&reader.person, &Turned::default(), SIZES).await;
    let portal = portal.map_err(|error| reader.refuse(&error))?;
    let body = lists::home(reader.voice(), &reader.person, &portal);
    let frame = reader.frame(reader.voice().say("page-home", []), Place::Home);
    Ok(reader.page("home", frame, body))
}

/// `GET /waiting`.
pub(super) async fn waiting(reader: Reader) -> Result<Response, Stop> {
    list(reader, List::Waiting, Place::Waiting).await
}

/// `GET /requests`.
pub(super) async fn requests(reader: Reader) -> Result<Response, Stop> {
    list(reader, List::Requests, Place::Requests).await
}

/// `GET /access`.
pub(super) async fn access(reader: Reader) -> Result<Response, Stop> {
    list(reader, List::Access, Place::Access).await
}

/// `GET /favourites`.
pub(super) async fn favorites(reader: Reader) -> Result<Response, Stop> {
    list(reader, List::Favorites, Place::Favorites).await
}

/// `GET /delegated`.
pub(super) async fn delegated(reader: Reader) -> Result<Response, Stop> {
    list(reader, List::Delegated, Place::Delegated).await
}

/// A page of a list: `status` filters it where it can be filtered, `from` says where it begins.
async fn list(reader: Reader, list: List, here: Place) -> Result<Response, Stop> {
    let query = &reader.visit.query;
    let mut turned = Turned::default();
    if list == List::Requests {
        turned.statuses = query.all("status").filter_map(Status::read).collect();
    }
    if let Some(from) = query.get("from").and_then(|from| from.parse().ok()) {
        turned.starts.insert(list, from);
    }
    let page = reader.app().page(&reader.person, list, &turned, lists::SIZE).await;
    let page = page.map_err(|error| reader.refuse(&error))?;
    let body = lists::list(reader.voice(), &reader.person, &page, &turned);
    let frame = reader.frame(body.shelf.title.clone(), here);
    Ok(reader.page("list", frame, body))
}
