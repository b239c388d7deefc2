//! The page for people: its files, its state, what it lets them do.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, Query, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, Stream};
use rust_embed::Embed;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Workspace;
use super::json::{at, set, text};
use super::message::Message;
use super::people::{Answer, Container};
use super::state::State;

#[derive(Embed)]
#[folder = "src/demo/slack/page"]
struct Page;

/// The page's addresses.
pub(super) fn routes() -> Router<Workspace> {
    Router::new()
        .route("/", get(|| async { file("index.html") }))
        .route("/ui/static/{*path}", get(|Path(path): Path<String>| async move { file(&path) }))
        .route("/ui/state", get(state))
        .route("/ui/stream", get(stream))
        .route("/ui/command", post(command))
        .route("/ui/action", post(action))
        .route("/ui/suggest", post(suggest))
        .route("/ui/submit", post(submit))
        .route("/ui/close", post(close))
        .route("/ui/home", post(home))
        .route("/ui/shortcut", post(shortcut))
        .route("/ui/message_shortcut", post(message_shortcut))
        .route("/ui/skip", post(skip))
}

fn file(path: &str) -> Response {
    let kind = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    match Page::get(path) {
        Some(file) => {
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
            (headers, file.data.into_owned()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct Viewer {
    user: Option<String>,
}

async fn state(Extract(ws): Extract<Workspace>, Query(viewer): Query<Viewer>) -> Json<Value> {
    let aside = match &ws.options().aside {
        Some(aside) => aside().await,
        None => Value::Null,
    };
    let can_skip = ws.options().skip.is_some();
    let command = ws.options().command.clone();
    let mut whole = ws.read(|state| page_state(state, viewer.user.as_deref()));
    let now = ws.read(State::now).to_rfc3339();
    set(&mut whole, "command", command);
    set(&mut whole, "clock", json!({"now": now, "can_skip": can_skip}));
    set(&mut whole, "aside", aside);
    Json(whole)
}

/// The colours of people's pictures; one each, in turn.
const COLORS: &[&str] =
    &["#4a154b", "#0b6e99", "#0f7b6c", "#ad5700", "#9b1c53", "#44546a", "#6940a5", "#946b00"];

fn page_state(state: &State, user: Option<&str>) -> Value {
    let first = state.members.iter().find(|member| !member.is_bot && !member.deleted);
    let first = first.map(|member| member.id.clone()).unwrap_or_default();
    let user = user.filter(|id| state.member(id).is_some()).map_or(first, str::to_owned);
    let colors = COLORS.iter().cycle();
    let users = state.members.iter().filter(|m| !m.is_bot).zip(colors).map(|(member, color)| {
        json!({
            "id": member.id, "name": member.real_name, "title": member.title,
            "email": member.email, "color": color, "deleted": member.deleted,
            "is_restricted": member.is_restricted || member.is_ultra_restricted,
        })
    });
    let users: Vec<Value> = users.collect();
    let dm = state.dms.get(&user).cloned().unwrap_or_default();
    let mut channels = vec![(dm, state.bot_name.clone(), "dm")];
    let theirs = state.channels.iter().filter(|c| c.members.contains(&user) && !c.is_archived);
    channels.extend(theirs.map(|c| (c.id.clone(), c.name.clone(), "channel")));
    let mut messages = Map::new();
    let mut listed = Vec::new();
    for (id, name, kind) in channels {
        let shown = shown(state, &user, &id);
        let seen = state.seen.get(&(user.clone(), id.clone()));
        let is_new = |m: &&Message| m.user != user && seen.is_none_or(|seen| m.ts > *seen);
        let unread = shown.iter().copied().filter(is_new).count();
        listed.push(json!({"id": id, "name": name, "kind": kind, "unread": unread}));
        messages.insert(id, shown.into_iter().map(message_json).collect());
    }
    let views = state.views(&user).iter();
    json!({
        "team": {"id": state.team_id, "name": state.team_name},
        "bot": {"id": state.bot_user, "name": state.bot_name},
        "user": user,
        "users": users,
        "channels": listed,
        "home": state.home(&user).map(super::view::View::to_json),
        "views": views.map(|v| json!({"id": v.id, "view": v.to_json()})).collect::<Value>(),
        "messages": messages,
        "notice": state.notice(&user),
    })
}

fn shown<'a>(state: &'a State, user: &str, channel: &str) -> Vec<&'a Message> {
    let is_shown = |m: &&Message| {
        m.channel == channel && m.only_for.as_deref().is_none_or(|only| only == user)
    };
    state.messages.iter().filter(is_shown).collect()
}

fn message_json(message: &Message) -> Value {
    json!({
        "ts": message.ts,
        "user": message.user,
        "bot": message.is_bot,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edits > 0,
        "ephemeral": message.only_for.is_some(),
        "thread_ts": message.thread_ts,
    })
}

async fn stream(
    Extract(ws): Extract<Workspace>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = ws.changes();
    let stream = stream::unfold((ws, changes), |(ws, mut changes)| async move {
        tokio::select! {
            () = ws.stopped() => return None,
            changed = changes.changed() => changed.ok()?,
        }
        Some((Ok(Event::default().event("changed").data("{}")), (ws, changes)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// Words an answer for the page.
fn told(answer: &Answer) -> Json<Value> {
    let mut body = json!({"ok": answer.is_ok()});
    if !answer.errors.is_empty() {
        set(&mut body, "errors", json!(answer.errors));
    }
    if let Some(notice) = &answer.notice {
        set(&mut body, "error", notice.clone());
        set(&mut body, "text", notice.clone());
    }
    Json(body)
}

fn container(body: &Value) -> Container {
    match text(body, "/container/type") {
        "message" => Container::Message {
            channel: text(body, "/container/channel").to_owned(),
            ts: text(body, "/container/ts").to_owned(),
        },
        "view" => Container::View(text(body, "/container/view_id").to_owned()),
        _ => Container::Home,
    }
}

async fn command(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    let (user, channel, line) =
        (text(&body, "/user"), text(&body, "/channel"), text(&body, "/text").trim());
    if !line.starts_with('/') {
        ws.write(user, channel, line);
        return Json(json!({"ok": true}));
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if word != ws.options().command {
        let said = format!("{word} is not a valid command.");
        ws.change(|state| state.notices.insert(user.to_owned(), said.clone()));
        return Json(json!({"ok": false, "text": said}));
    }
    told(&ws.slash_in(user, channel, rest.trim()).await)
}

async fn action(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    let (user, action_id) = (text(&body, "/user"), text(&body, "/action_id"));
    let action = at(&body, "/action").clone();
    told(&ws.act(user, &container(&body), action_id, action, at(&body, "/values")).await)
}

async fn suggest(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    let place = match text(&body, "/view_id") {
        "" => container(&body),
        id => Container::View(id.to_owned()),
    };
    let (user, action_id) = (text(&body, "/user"), text(&body, "/action_id"));
    let answer = ws.suggest(user, &place, action_id, text(&body, "/value")).await;
    match answer.notice {
        Some(notice) => Json(json!({"error": notice})),
        None => Json(answer.body),
    }
}

async fn submit(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    let (user, view_id) = (text(&body, "/user"), text(&body, "/view_id"));
    told(&ws.submit(user, view_id, at(&body, "/values")).await)
}

async fn close(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    told(&ws.close(text(&body, "/user"), text(&body, "/view_id")).await)
}

async fn home(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    told(&ws.home(text(&body, "/user")).await)
}

async fn shortcut(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    told(&ws.shortcut(text(&body, "/user"), text(&body, "/callback_id")).await)
}

async fn message_shortcut(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    let (channel, ts) = (text(&body, "/channel"), text(&body, "/ts"));
    let Some(message) = ws.read(|state| state.message(channel, ts).cloned()) else {
        return Json(json!({"ok": false, "error": "there is no such message"}));
    };
    let (user, callback_id) = (text(&body, "/user"), text(&body, "/callback_id"));
    told(&ws.message_shortcut(user, callback_id, &message).await)
}

async fn skip(Extract(ws): Extract<Workspace>, Json(body): Json<Value>) -> Json<Value> {
    let seconds = at(&body, "/seconds").as_u64().unwrap_or_default();
    let Some(skip) = &ws.options().skip else { return Json(json!({"ok": false})) };
    skip(Duration::from_secs(seconds)).await;
    ws.change(|_| ());
    Json(json!({"ok": true}))
}
