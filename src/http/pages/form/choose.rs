//! Choosing, as a page: searching is a query and writes nothing; adding is a press.
use super::super::act::Act;
use super::super::answer::{Stop, see};
use super::super::reader::Reader;
use super::Sheet;
use crate::app::ActError;
use crate::chat::form::Asked;
use crate::chat::form::choose::{Chooser, Room, put};
use crate::domain::draft::{Added, Draft};
use crate::domain::submission::MOST_ITEMS;
use crate::show::pages::form::{self as show, StepTitle};
use crate::show::pages::{Place, Said};
use crate::show::request_form as chat;
use axum::extract::Path;
use axum::response::Response;

/// What one page holds: of a bundle all that a form holds.
const ROOM: Room = Room { found: 50, of_bundle: MOST_ITEMS };

/// `GET /forms/{id}`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Result<Response, Stop> {
    let sheet = Sheet::open(reader, id).await?;
    let reader = &sheet.reader;
    let chooser = Chooser {
        snapshot: &reader.snapshot,
        voice: reader.voice(),
        owner: &reader.person,
        id: &sheet.id,
        draft: &sheet.draft,
    };
    let asked = Asked::of(&reader.visit.query);
    let found = chooser.found(&asked, ROOM);
    let live = sheet.live(&found.items).await;
    let body = chooser.view(&asked, found, &live);
    let mut frame = reader.frame(show::title(reader.voice(), StepTitle::Choose), Place::Elsewhere);
    frame.said = said(reader);
    Ok(reader.page("form_choose", frame, body))
}

/// `POST /forms/{id}/add`: what is ticked, or everything that the page found.
pub(super) async fn add(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let back = fields.get("back").filter(|back| back.starts_with('?')).unwrap_or("?");
    let asked = Asked::read(back);
    let snapshot = &reader.snapshot;
    let found = fields.get("all").map(|_| &asked);
    let ticked = || fields.all("item");
    let put = |draft: &mut Draft| put(snapshot, &reader.person, found, ticked(), draft);
    let changed = reader.app().change_draft(&reader.person, &id, put).await;
    let (_, (added, closed)) = changed.map_err(|error: ActError| reader.refuse(&error))?;
    let Added { new, known, left_out } = added;
    let to = format!(
        "/forms/{id}{}&added={new}&known={known}&closed={closed}&left_out={left_out}",
        asked.query()
    );
    Ok(see(&reader.visit.door, &to))
}

/// What the press before did, by the numbers in the query.
fn said(reader: &Reader) -> Option<Said> {
    let query = &reader.visit.query;
    if let Some(dropped) = query.number("dropped").filter(|dropped| *dropped > 0) {
        return Some(Said { text: chat::dropped(reader.voice(), dropped), is_wrong: false });
    }
    let number = |name| query.number(name).unwrap_or_default();
    let new = query.number("added")?;
    let added = Added { new, known: number("known"), left_out: number("left_out") };
    Some(Said { text: chat::added(reader.voice(), added, number("closed")), is_wrong: false })
}
