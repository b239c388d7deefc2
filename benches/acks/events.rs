//! What Slack sends, signed as Slack signs it: a slash command, an option search while somebody
//! types, a pick in the form's first step, its second step filled, an approver's yes; each from
//! another person, but for the two steps of one form.
use super::Outcome;
use super::company::{COMMAND, PEOPLE, SIGNING_SECRET, THINGS, WORKSPACE, manager_of};
use super::http::Connection;
use ring::hmac;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

/// Option values kept to fill forms with.
const POOL: usize = 500;

/// Numbers what must be unlike all before: views and triggers.
static SERIAL: AtomicU32 = AtomicU32::new(1);

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Command,
    Search,
    Pick,
    Submission,
    Approval,
}

/// Something to send.
pub(super) struct Event {
    pub(super) kind: Kind,
    pub(super) request: Vec<u8>,
    by: u32,
    form: Option<Form>,
}

/// A form whose first step was taken.
#[derive(Clone)]
struct Form {
    id: String,
    by: u32,
    value: String,
}

/// So many forms stand between their two steps: what follows a pick's acknowledgement is done then.
const FORMS_BETWEEN: usize = 50;

/// Values that the bot's searches answered.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<String>>);

/// The order of events, and what of the bot's answers later ones need.
pub(super) struct Mix<'a> {
    pool: &'a Pool,
    forms: Mutex<VecDeque<Form>>,
    waiting: Mutex<VecDeque<(u64, u32)>>,
}

impl Pool {
    /// Searches until the bot answers with resources.
    pub(super) fn fill(&self, at: &SocketAddr, longest: Duration) -> Outcome<()> {
        let (start, mut connection) = (Instant::now(), Connection::to(*at)?);
        for number in 0_u32.. {
            let (_, body) = connection.ask(&searching(*at, number % PEOPLE, &typed(number)))?;
            let answer: Value = serde_json::from_slice(body)?;
            let options = answer.get("options").and_then(Value::as_array);
            let values = options.into_iter().flatten().filter_map(|option| option.get("value"));
            let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // The last row may say that there is more.
            pool.extend(values.filter_map(Value::as_str).take(50).map(str::to_owned));
            if pool.len() >= POOL {
                return Ok(());
            }
            if pool.is_empty() && start.elapsed() > longest {
                return Err("searches find nothing; see the log".into());
            }
            if pool.is_empty() {
                sleep(Duration::from_millis(100));
            }
        }
        Ok(())
    }

    fn value(&self, number: u32) -> String {
        let pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = usize::try_from(number).unwrap_or_default() % pool.len().max(1);
        pool.get(at).cloned().unwrap_or_default()
    }
}

impl<'a> Mix<'a> {
    /// Fills forms from `pool`.
    pub(super) fn new(pool: &'a Pool) -> Self {
        Self { pool, forms: Mutex::default(), waiting: Mutex::default() }
    }

    /// The next event: of eight, one command, four searches, one pick, one submission, one approval.
    pub(super) fn event(&self, at: SocketAddr, number: u32) -> Event {
        // Neighbours in time are no neighbours in the directory.
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let by = serial.wrapping_mul(7_919) % PEOPLE;
        let event = |kind, request| Event { kind, request, by, form: None };
        match number % 8 {
            1 => event(Kind::Command, typing(at, by, "request")),
            2 => {
                let (form, value) = (Uuid::now_v7().to_string(), self.pool.value(serial));
                let request = picking(at, by, serial, (&form, &value));
                let form = Some(Form { id: form, by, value });
                Event { form, ..event(Kind::Pick, request) }
            }
            4 => self.submission(at, serial).unwrap_or_else(|| self.search(at, by, serial)),
            6 => self.approval(at, serial).unwrap_or_else(|| self.search(at, by, serial)),
            _ => self.search(at, by, serial),
        }
    }

    fn search(&self, at: SocketAddr, by: u32, serial: u32) -> Event {
        let request = searching(at, by, &typed(serial));
        Event { kind: Kind::Search, request, by, form: None }
    }

    fn submission(&self, at: SocketAddr, serial: u32) -> Option<Event> {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        let Form { id, by, value } =
            if forms.len() > FORMS_BETWEEN { forms.pop_front()? } else { return None };
        let request = submitting(at, by, serial, (&id, &value));
        Some(Event { kind: Kind::Submission, request, by, form: None })
    }

    fn approval(&self, at: SocketAddr, serial: u32) -> Option<Event> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, requester) = waiting.pop_front()?;
        let by = manager_of(requester);
        let request = approving(at, by, serial, id);
        Some(Event { kind: Kind::Approval, request, by, form: None })
    }

    /// Whether the answer is the acknowledgement that is due; what it tells is kept.
    pub(super) fn learn(&self, event: &Event, answer: &[u8]) -> bool {
        let answer = String::from_utf8_lossy(answer);
        match event.kind {
            Kind::Command | Kind::Approval => answer.is_empty(),
            Kind::Pick => {
                let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
                forms.extend(event.form.clone());
                answer.is_empty()
            }
            Kind::Search => answer.contains("\"options\""),
            Kind::Submission => {
                let after = answer.split("AR-").nth(1).unwrap_or_default();
                let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
                let Ok(id) = digits.parse() else { return false };
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.push_back((id, event.by));
                true
            }
        }
    }
}

/// What somebody has typed so far when a search goes out.
fn typed(number: u32) -> String {
    let thing = |number: u32| -> &str {
        let at = usize::try_from(number).unwrap_or_default() % THINGS.len();
        THINGS.get(at).copied().unwrap_or_default()
    };
    let (first, second) = (thing(number), thing(number / 3 + 5));
    match number % 5 {
        0 => first.chars().take(3).collect(),
        1 => first.to_owned(),
        2 => format!("{first} {second}"),
        3 => format!("{second} {}", number % 1_000),
        _ => format!("{first}-{second}-{}", number % 100),
    }
}

/// Somebody asks what can be typed: answered by the acknowledgement itself.
pub(super) fn help(at: SocketAddr) -> Vec<u8> {
    typing(at, 0, "help")
}

fn typing(at: SocketAddr, by: u32, text: &str) -> Vec<u8> {
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let body = Serializer::new(String::new())
        .append_pair("token", "verification-token-0123")
        .append_pair("team_id", WORKSPACE)
        .append_pair("team_domain", "birchbell")
        .append_pair("channel_id", "C0123GENERAL")
        .append_pair("channel_name", "general")
        .append_pair("user_id", &account(by))
        .append_pair("user_name", &format!("p{by:05}"))
        .append_pair("command", COMMAND)
        .append_pair("text", text)
        .append_pair("api_app_id", "A0BENCH")
        .append_pair("is_enterprise_install", "false")
        .append_pair(
            "response_url",
            &format!("https://hooks.slack.com/commands/T0BENCH/{serial}/x"),
        )
        .append_pair("trigger_id", &format!("{serial}.7.abcdef0123456789"))
        .finish();
    signed(at, "/slack/commands", &body)
}

/// Somebody types in the form's search field.
pub(super) fn searching(at: SocketAddr, by: u32, text: &str) -> Vec<u8> {
    let mut payload = envelope("block_suggestion", by);
    add(
        &mut payload,
        json!({
            "action_id": "resources", "block_id": "pick-0", "value": text, "view": form(1, &json!({})),
            "container": {"type": "view", "view_id": "V1"},
        }),
    );
    interaction(at, "/slack/options", &payload)
}

/// What is picked in the list of resources.
fn picked(value: &str) -> Value {
    let plain = |text: &str| json!({"type": "plain_text", "text": text, "emoji": true});
    json!({"type": "multi_external_select", "selected_options": [
        {"text": plain("payments-gateway-00042: read"), "value": value,
         "description": plain("database in Production")}]})
}

/// Somebody picks one resource in the first step.
fn picking(at: SocketAddr, by: u32, serial: u32, (draft, value): (&str, &str)) -> Vec<u8> {
    let mut view = form(serial, &json!({"pick-0": {"resources": picked(value)}}));
    add(&mut view, json!({"private_metadata": draft}));
    let mut action = picked(value);
    add(&mut action, json!({"block_id": "pick-0", "action_id": "resources"}));
    let mut payload = envelope("block_actions", by);
    add(
        &mut payload,
        json!({"view": view, "actions": [action],
               "container": {"type": "view", "view_id": format!("V{serial}")}}),
    );
    interaction(at, "/slack/interactions", &payload)
}

/// Somebody sends the second step.
fn submitting(at: SocketAddr, by: u32, serial: u32, (draft, value): (&str, &str)) -> Vec<u8> {
    let plain = |text: &str| json!({"type": "plain_text", "text": text, "emoji": true});
    let values = json!({
        "what": {"resources": picked(value)},
        "duration": {"duration": {"type": "static_select", "selected_option":
            {"text": plain("1 hour"), "value": "3600"}}},
        "other_duration": {"other_duration": {"type": "plain_text_input", "value": null}},
        "why": {"justification": {"type": "plain_text_input",
            "value": "INC-4211: some payments of last night failed; read the rows to see which"}},
    });
    let mut view = form(serial, &values);
    add(&mut view, json!({"callback_id": "request_finish", "private_metadata": draft}));
    let mut payload = envelope("view_submission", by);
    add(&mut payload, json!({"view": view, "response_urls": []}));
    interaction(at, "/slack/interactions", &payload)
}

fn approving(at: SocketAddr, by: u32, serial: u32, id: u64) -> Vec<u8> {
    let values = json!({"reason": {"reason": {"type": "plain_text_input", "value": "as agreed"}}});
    let mut view = form(serial, &values);
    let carried = json!({"request": id, "approves": true}).to_string();
    add(
        &mut view,
        json!({"callback_id": "decide", "private_metadata": carried, "blocks": [
        {"type": "input", "block_id": "reason", "optional": true,
         "label": {"type": "plain_text", "text": "Reason"},
         "element": {"type": "plain_text_input", "action_id": "reason", "multiline": true}}]}),
    );
    let mut payload = envelope("view_submission", by);
    add(&mut payload, json!({"view": view, "response_urls": []}));
    interaction(at, "/slack/interactions", &payload)
}

fn envelope(kind: &str, by: u32) -> Value {
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    json!({
        "type": kind, "api_app_id": "A0BENCH", "token": "verification-token-0123",
        "team": {"id": WORKSPACE, "domain": "birchbell"}, "enterprise": null,
        "user": {"id": account(by), "username": format!("p{by:05}"), "name": format!("p{by:05}"),
                 "team_id": WORKSPACE},
        "trigger_id": format!("{serial}.7.abcdef0123456789"), "is_enterprise_install": false,
    })
}

/// The open form as Slack repeats it in every payload.
fn form(serial: u32, values: &Value) -> Value {
    let label = |text: &str| json!({"type": "plain_text", "text": text, "emoji": true});
    let input = |block: &str, text: &str, element: Value| {
        json!({"type": "input", "block_id": block, "label": label(text), "optional": false,
               "dispatch_action": false, "element": element})
    };
    json!({
        "id": format!("V{serial}"), "team_id": WORKSPACE, "type": "modal", "callback_id": "request",
        "private_metadata": "", "hash": format!("1700000000.{serial}"), "app_id": "A0BENCH",
        "bot_id": "B0BOT99", "root_view_id": format!("V{serial}"), "previous_view_id": null,
        "title": label("Request access"), "submit": label("Send request"), "close": label("Cancel"),
        "clear_on_close": false, "notify_on_close": false, "external_id": "",
        "app_installed_team_id": WORKSPACE, "state": {"values": values},
        "blocks": [
            input("what", "What do you need?", json!({"type": "multi_external_select",
                "action_id": "resources", "min_query_length": 0, "max_selected_items": 100,
                "placeholder": label("Search all connected systems")})),
            input("duration", "For how long?", json!({"type": "static_select",
                "action_id": "duration", "options": [
                    {"text": label("1 hour"), "value": "3600"},
                    {"text": label("4 hours"), "value": "14400"}]})),
            input("other_duration", "Or another duration", json!({"type": "plain_text_input",
                "action_id": "other_duration", "max_length": 40})),
            input("why", "Why do you need it?", json!({"type": "plain_text_input",
                "action_id": "justification", "multiline": true, "max_length": 3000})),
        ],
    })
}

fn add(payload: &mut Value, more: Value) {
    if let (Some(fields), Value::Object(more)) = (payload.as_object_mut(), more) {
        fields.extend(more);
    }
}

fn account(person: u32) -> String {
    format!("U{person:05}")
}

fn interaction(at: SocketAddr, path: &str, payload: &Value) -> Vec<u8> {
    let body = Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish();
    signed(at, path, &body)
}

fn signed(at: SocketAddr, path: &str, body: &str) -> Vec<u8> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SIGNING_SECRET.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{now}:{body}").as_bytes());
    let tag: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {at}\r\nuser-agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n\
         accept: */*\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         x-slack-request-timestamp: {now}\r\nx-slack-signature: v0={tag}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
