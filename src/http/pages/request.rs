//! One request: its page, and what its reader can do there. Who may what is worked out by `app` at
//! every press; a page that was drawn earlier carries a number and nothing else.
use super::act::Act;
use super::answer::{Stop, see};
use super::reader::Reader;
use super::visit::Visit;
use crate::app::ActError;
use crate::chat::access::how_to_connect;
use crate::chat::form::bounds::too_long_words;
use crate::chat::form::fields::Fields;
use crate::chat::narrowing::Narrowed;
use crate::domain::decide::{NotAllowed, Verdict};
use crate::domain::id::RequestId;
use crate::domain::narrow::NotLess;
use crate::domain::record::Record;
use crate::show::details::Told;
use crate::show::narrowing::Filled;
use crate::show::pages::request::{Typed, request};
use crate::show::pages::{Done, Notice, Place, Said};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// `GET /requests/{id}`: the request, for whoever may see it. A link that names somebody else leads
/// to nothing.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Result<Response, Stop> {
    let id = request_id(&reader, &id)?;
    if let Some(token) = reader.visit.query.get("k") {
        let named = reader.visit.link(&reader.visit.path, token);
        if named.is_some_and(|named| named != reader.person) {
            let refused = reader.visit.door.sign_in().refuse_link(&reader.person, id).await;
            refused.map_err(|error| reader.refuse(&error))?;
            return Err(reader.not_found().into());
        }
    }
    draw(&reader, id, StatusCode::OK, None, Typed::default()).await
}

/// `GET` of what is only sent: whoever comes there by loading again goes back to the request.
pub(super) async fn back(visit: Visit, Path(id): Path<String>) -> Response {
    let is_one = id.parse::<RequestId>().is_ok();
    see(&visit.door, &if is_one { format!("/requests/{id}") } else { "/".to_owned() })
}

/// `POST /requests/{id}/decide`.
pub(super) async fn decide(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let id = request_id(&reader, &id)?;
    let reason = reason(&reader, id, &fields).await?;
    let narrowed = narrowed(&fields);
    let typed = typed(reason.clone(), &fields);
    let (verdict, done) = match (fields.get("verdict"), reason) {
        (Some("approve"), reason) => (narrowed.verdict(reason), Done::Approved),
        (Some("reject"), Some(reason)) => (Ok(Verdict::Reject { reason }), Done::Rejected),
        (Some("reject"), None) => {
            // Whoever may not decide is told that, not what is missing.
            let may = reader.app().ask_to_decide(&reader.person, id, false).await;
            let error = may.err().unwrap_or(ActError::NeedsReason);
            return after(&reader, id, Err(error), Done::Rejected, typed).await;
        }
        _ => return Err(reader.not_found().into()),
    };
    // One form is one vote, also where its sender is asked again at the next stage.
    let drawn = fields.number("version");
    // Another word of theirs is another vote.
    let word = if matches!(done, Done::Approved) { "approve" } else { "reject" };
    let key = drawn.map(|version| format!("page:{word}:{id}:{version}:{}", reader.person));
    let decided = match verdict {
        Ok(verdict) => reader.app().decide(&reader.person, id, verdict, key.as_deref()).await,
        Err(unread) => reader.app().refuse_decision(&reader.person, id, unread.into()).await,
    };
    after(&reader, id, decided, done, typed).await
}

/// `POST /requests/{id}/cancel`.
pub(super) async fn cancel(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let id = request_id(&reader, &id)?;
    let reason = reason(&reader, id, &fields).await?;
    let words = reason.clone().unwrap_or_default();
    let ended = reader.app().cancel(&reader.person, id, words, None).await;
    after(&reader, id, ended, Done::Cancelled, typed(reason, &fields)).await
}

/// `POST /requests/{id}/revoke`.
pub(super) async fn revoke(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let id = request_id(&reader, &id)?;
    let reason = reason(&reader, id, &fields).await?;
    let words = reason.clone().unwrap_or_default();
    let ended = reader.app().revoke(&reader.person, id, words, None).await;
    after(&reader, id, ended, Done::Ended, typed(reason, &fields)).await
}

/// `POST /requests/{id}/extend`.
pub(super) async fn extend(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let id = request_id(&reader, &id)?;
    // Without what was seen, two presses could extend twice.
    let Some(seen) = fields.get("seen").and_then(|seen| seen.parse().ok()) else {
        return Err(reader.not_found().into());
    };
    let extended = reader.app().extend(&reader.person, id, Some(seen), None).await;
    after(&reader, id, extended, Done::Extended, Typed::default()).await
}

/// `POST /requests/{id}/star`.
pub(super) async fn star(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    set_star(&act.reader, &id, true).await
}

/// `POST /requests/{id}/unstar`.
pub(super) async fn unstar(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    set_star(&act.reader, &id, false).await
}

async fn set_star(reader: &Reader, id: &str, is_starred: bool) -> Result<Response, Stop> {
    let id = request_id(reader, id)?;
    let refuse = |error: ActError| reader.refuse(&error);
    reader.app().star(&reader.person, id, is_starred).await.map_err(refuse)?;
    reader.app().redraw_home(&reader.person).await.map_err(refuse)?;
    let done = if is_starred { Done::Starred } else { Done::Unstarred };
    Ok(see(&reader.visit.door, &format!("/requests/{id}?done={}", done.word())))
}

/// `POST /requests/{id}/connect`: how to connect, for the grantee alone. By POST, so that it is
/// shown to nobody who only followed a link, and every look is in the audit.
pub(super) async fn connect(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let id = request_id(&reader, &id)?;
    let details = reader.app().access_details(&reader.person, id).await;
    let details = details.map_err(|error| reader.refuse(&error))?;
    let voice = reader.voice();
    let title = voice.say("connect-title", []);
    let page = fields.number("page").unwrap_or_default();
    let Some(body) = how_to_connect(voice, id, &details, page) else {
        let lines = vec![voice.say("connect-nothing", [])];
        return Ok(reader.notice(StatusCode::OK, Notice { title, lines }));
    };
    Ok(reader.page("connect", reader.frame(title, Place::Elsewhere), body))
}

/// The number in a path; what is none leads to nothing.
pub(super) fn request_id(reader: &Reader, id: &str) -> Result<RequestId, Stop> {
    id.parse().map_err(|_| reader.not_found().into())
}

/// The reason that was typed; where it is too long, the page as it stands with the whole of it.
async fn reason(reader: &Reader, id: RequestId, fields: &Fields) -> Result<Option<String>, Stop> {
    let Some(reason) = fields.typed("reason") else { return Ok(None) };
    let Some(wrong) = too_long_words(reader.voice(), &reason) else { return Ok(Some(reason)) };
    let typed = Typed { wrong: Some(wrong), ..typed(Some(reason), fields) };
    Err(draw(reader, id, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await?.into())
}

/// The page after something was done; or the page as it stands, with why it was not.
async fn after(
    reader: &Reader,
    id: RequestId,
    acted: Result<Record, ActError>,
    done: Done,
    typed: Typed,
) -> Result<Response, Stop> {
    let error = match acted {
        Ok(_) => {
            return Ok(see(&reader.visit.door, &format!("/requests/{id}?done={}", done.word())));
        }
        Err(ActError::NotFound) => return Err(reader.not_found().into()),
        Err(error) => error,
    };
    let (status, said) = reader.wrong(&error);
    match error {
        ActError::NeedsReason => {
            let typed = Typed { wrong: Some(said.text), ..typed };
            draw(reader, id, status, None, typed).await
        }
        // It is drawn as it stands now, and all of what is left of it stays ticked.
        ActError::NotAllowed(NotAllowed::NotLess(why @ NotLess::Moved)) => {
            let typed = Typed { narrowed: Filled::default(), not_less: Some(why), ..typed };
            draw(reader, id, StatusCode::CONFLICT, None, typed).await
        }
        ActError::NotAllowed(NotAllowed::NotLess(why)) => {
            let typed = Typed { not_less: Some(why), ..typed };
            draw(reader, id, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await
        }
        _ => draw(reader, id, status, Some(said), typed).await,
    }
}

/// What the fields of a decision say that stays.
fn narrowed(fields: &Fields) -> Narrowed {
    let has_boxes = fields.get("boxes").is_some();
    Narrowed {
        seen: fields.number("seen"),
        duration: fields.get("duration").map(str::to_owned),
        keep: has_boxes.then(|| fields.all("keep").map(str::to_owned).collect()),
        out: None,
    }
}

/// What was typed and chosen, for drawing it once more.
fn typed(reason: Option<String>, fields: &Fields) -> Typed {
    let (reason, narrowed) = (reason.unwrap_or_default(), narrowed(fields).filled());
    Typed { reason, narrowed, ..Typed::default() }
}

/// The request's page. A stranger's looks as if it did not exist.
async fn draw(
    reader: &Reader,
    id: RequestId,
    status: StatusCode,
    said: Option<Said>,
    typed: Typed,
) -> Result<Response, Stop> {
    let whole = reader.app().whole(&reader.person, id).await;
    let whole = whole.map_err(|error| reader.refuse(&error))?;
    let told = Told { record: &whole.record, past: &whole.past, star: whole.star, at: whole.at };
    let page = reader.visit.query.number("page").unwrap_or_default();
    let wrong = typed.wrong.clone();
    let body = request(reader.voice(), told, (&reader.person, page), typed);
    let mut frame = reader.frame(id.to_string(), Place::Elsewhere);
    // Where there is no field to say it at, it is said at the top.
    let has_field = body.decide.is_some() || body.end.as_ref().is_some_and(|end| end.needs_reason);
    let said = said.or_else(|| wrong.filter(|_| !has_field).map(Said::wrong));
    if said.is_some() {
        frame.said = said;
    }
    Ok(reader.visit.page(status, "request", frame, body))
}
