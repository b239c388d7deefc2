//! Everything that is chosen, and who it is for.
use super::super::act::Act;
use super::super::answer::{Stop, see};
use super::super::reader::Reader;
use super::Sheet;
use crate::app::ActError;
use crate::app::choose::item_handle;
use crate::chat::form::choose;
use crate::domain::draft::Draft;
use crate::domain::id::PersonId;
use crate::show::pages::Place;
use crate::show::pages::form::{self as show, ForPage, StepTitle};
use crate::show::request_form as chat;
use axum::extract::Path;
use axum::response::Response;

/// People on one page; a search that finds more is refined.
const PEOPLE: usize = 50;

/// `GET /forms/{id}/chosen`: a page of what is chosen.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Result<Response, Stop> {
    let sheet = Sheet::open(reader, id).await?;
    let (reader, items) = (&sheet.reader, sheet.draft.basket.items());
    let live = sheet.live(items).await;
    let page = reader.visit.query.number("page").unwrap_or_default();
    let review = chat::review(reader.voice(), &sheet.id, (items, &live), page, item_handle);
    let title = show::title(reader.voice(), StepTitle::Chosen);
    let frame = reader.frame(title, Place::Elsewhere);
    Ok(reader.page("form_chosen", frame, show::review(review)))
}

/// `POST /forms/{id}/remove`: one thing, or all of them.
pub(super) async fn remove(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let is_all = fields.get("all").is_some();
    let item = fields.get("item").unwrap_or_default();
    let take = |draft: &mut Draft| {
        // By its handle: a thing that is no longer listed can be removed as well.
        draft.basket.keep(|one| !is_all && item_handle(one) != item);
    };
    let taken = reader.app().change_draft(&reader.person, &id, take).await;
    taken.map_err(|error: ActError| reader.refuse(&error))?;
    let page = fields.number("page").unwrap_or_default();
    Ok(see(&reader.visit.door, &format!("/forms/{id}/chosen?page={page}")))
}

/// `GET /forms/{id}/for`: the people for whom somebody may ask.
pub(super) async fn for_whom(reader: Reader, Path(id): Path<String>) -> Result<Response, Stop> {
    let sheet = Sheet::open(reader, id).await?;
    let reader = &sheet.reader;
    let words = reader.visit.query.get("words").unwrap_or_default().to_owned();
    let found = reader.snapshot.people_named(&reader.person, &words);
    let body = ForPage {
        draft: sheet.id.clone(),
        words,
        people: found.iter().take(PEOPLE).map(|person| show::person(person)).collect(),
        has_more: found.len() > PEOPLE,
    };
    let title = show::title(reader.voice(), StepTitle::ForWhom);
    Ok(reader.page("form_for", reader.frame(title, Place::Elsewhere), body))
}

/// `POST /forms/{id}/for`: asks for somebody; what they may not have goes from the basket.
pub(super) async fn set_grantee(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let grantee = PersonId::new(fields.get("person").unwrap_or_default());
    let snapshot = &reader.snapshot;
    let may = grantee == reader.person || snapshot.policy.may_ask_for(&reader.person, &grantee);
    if !may {
        return Err(reader.not_found().into());
    }
    let set = |draft: &mut Draft| choose::set_grantee(snapshot, &reader.person, &grantee, draft);
    let changed = reader.app().change_draft(&reader.person, &id, set).await;
    let (_, dropped) = changed.map_err(|error: ActError| reader.refuse(&error))?;
    Ok(see(&reader.visit.door, &format!("/forms/{id}?dropped={dropped}")))
}
