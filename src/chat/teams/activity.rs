//! What Teams sends, read leniently once it is known to be from Teams.
use super::PLATFORM;
use crate::chat::form::fields::Fields;
use crate::domain::language::Language;
use crate::domain::person::Account;
use serde_json::Value;

/// Who acts, and where they are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct By {
    pub(super) account: Account,
    /// Teams' name of them in messages.
    pub(super) user: String,
    /// Where the Connector of this conversation is.
    pub(super) service_url: String,
    /// The conversation, with the thread where it is in one.
    pub(super) conversation: String,
    /// Whether it is a chat of their own, which is with us wherever they write to us; what they invoke
    /// may come from a chat with anybody.
    pub(super) is_personal: bool,
    /// What their client is set to.
    pub(super) locale: Option<String>,
    /// Names what was sent, where Teams may send it twice.
    pub(super) key: Option<String>,
    /// The copy of a question that was pressed.
    pub(super) copy: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// Something was written to us.
    Said(String),
    /// A button was pressed that sends a message.
    Pressed(Fields),
    /// An answer is awaited.
    Asked(Invoke),
    /// We came into a chat, or were removed from it.
    Came(bool),
    /// Nothing that concerns us.
    Other,
}

/// What awaits an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Invoke {
    /// A button of a card, answered in the card's place; or the card fetches a view of its own.
    Execute(Fields),
    /// A dialog is opened, or sent.
    Dialog(Fields),
    /// The message extension is opened; the message that it was opened on.
    Extension(Option<String>),
    /// A list is searched: its name, and what was typed.
    Search { dataset: String, text: String },
    /// Nothing that we know.
    Unknown,
}

/// Something that Teams sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Activity {
    pub(super) by: By,
    pub(super) what: What,
}

impl Activity {
    /// Reads an activity; `None` where it does not say who did what where.
    pub(super) fn read(activity: &Value) -> Option<Self> {
        let text = |path: &str| activity.pointer(path).and_then(Value::as_str);
        let tenant = text("/conversation/tenantId").or_else(|| text("/channelData/tenant/id"))?;
        let object_id = text("/from/aadObjectId")?;
        let conversation = text("/conversation/id")?;
        let by = By {
            account: Account {
                platform: PLATFORM.to_owned(),
                workspace: tenant.to_ascii_lowercase(),
                user: object_id.to_ascii_lowercase(),
            },
            user: text("/from/id")?.to_owned(),
            service_url: text("/serviceUrl")?.to_owned(),
            conversation: conversation.to_owned(),
            is_personal: text("/conversation/conversationType") == Some("personal"),
            locale: text("/locale").map(str::to_owned),
            key: text("/id").map(|id| format!("{PLATFORM}:{conversation}:{id}")),
            copy: text("/replyToId").map(str::to_owned),
        };
        let what = what(activity);
        // A list has such buttons as well, and is no copy of a question.
        let of_question = |fields: &Fields| fields.get("of") == Some("ask");
        let is_of_question = match &what {
            What::Pressed(fields)
            | What::Asked(Invoke::Execute(fields) | Invoke::Dialog(fields)) => of_question(fields),
            _ => false,
        };
        let copy = by.copy.clone().filter(|_| is_of_question);
        Some(Self { by: By { copy, ..by }, what })
    }
}

impl By {
    /// What they read.
    pub(super) fn language(&self) -> Option<Language> {
        self.locale.as_deref().and_then(Language::of_locale)
    }
}

fn what(activity: &Value) -> What {
    let text = |path: &str| activity.pointer(path).and_then(Value::as_str);
    match text("/type").unwrap_or_default() {
        "message" => match activity.get("value").filter(|value| value.is_object()) {
            Some(value) => What::Pressed(fields(value)),
            None => What::Said(said(activity)),
        },
        "invoke" => What::Asked(invoke(text("/name").unwrap_or_default(), activity)),
        "installationUpdate" => match text("/action").unwrap_or_default() {
            "remove" | "remove-upgrade" => What::Came(false),
            _ => What::Came(true),
        },
        "conversationUpdate" => {
            let us = activity.pointer("/recipient/id");
            let is_us = |list: &str| {
                let members = activity.get(list).and_then(Value::as_array);
                members.is_some_and(|all| all.iter().any(|member| member.get("id") == us))
            };
            match (is_us("membersAdded"), is_us("membersRemoved")) {
                (true, _) => What::Came(true),
                (_, true) => What::Came(false),
                _ => What::Other,
            }
        }
        _ => What::Other,
    }
}

fn invoke(name: &str, activity: &Value) -> Invoke {
    let value = activity.get("value").unwrap_or(&Value::Null);
    let at = |path: &str| value.pointer(path);
    match name {
        "adaptiveCard/action" => {
            let mut data = at("/action/data").map(pairs).unwrap_or_default();
            if !data.iter().any(|(name, _)| name == "do") {
                let verb = at("/action/verb").and_then(Value::as_str).unwrap_or_default();
                data.push(("do".to_owned(), verb.to_owned()));
            }
            Invoke::Execute(Fields::of(data))
        }
        "task/fetch" | "task/submit" => Invoke::Dialog(at("/data").map(fields).unwrap_or_default()),
        "composeExtension/fetchTask" => {
            let content = at("/messagePayload/body/content").and_then(Value::as_str);
            Invoke::Extension(content.map(without_markup))
        }
        "composeExtension/submitAction" => {
            Invoke::Dialog(at("/data").map(fields).unwrap_or_default())
        }
        "application/search" => Invoke::Search {
            dataset: at("/dataset").and_then(Value::as_str).unwrap_or_default().to_owned(),
            text: at("/queryText").and_then(Value::as_str).unwrap_or_default().to_owned(),
        },
        _ => Invoke::Unknown,
    }
}

fn fields(data: &Value) -> Fields {
    Fields::of(pairs(data))
}

/// What a card sends: names and texts. Ticked boxes come as one text with commas between.
fn pairs(data: &Value) -> Vec<(String, String)> {
    let Some(data) = data.as_object() else { return Vec::new() };
    let mut fields = Vec::new();
    for (name, value) in data {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(is) => is.to_string(),
            _ => continue,
        };
        match name.as_str() {
            "item" | "pick" | "status" => {
                let each = text.split(',').filter(|one| !one.is_empty());
                fields.extend(each.map(|one| (name.clone(), one.to_owned())));
            }
            _ => fields.push((name.clone(), text)),
        }
    }
    fields
}

/// What was written, without the mention of us; other mentions stay as the names that they show.
fn said(activity: &Value) -> String {
    let mut text = activity.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    let us = activity.pointer("/recipient/id");
    let entities = activity.get("entities").and_then(Value::as_array).into_iter().flatten();
    for entity in entities {
        let Some(shown) = entity.get("text").and_then(Value::as_str).filter(|s| !s.is_empty())
        else {
            continue;
        };
        let name = entity.pointer("/mentioned/name").and_then(Value::as_str).unwrap_or_default();
        let is_us = entity.pointer("/mentioned/id") == us;
        let instead = if is_us { String::new() } else { format!("@{name}") };
        text = text.replace(shown, &instead);
    }
    // Teams sends typed text as such, and pasted text with entities.
    let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&").trim().trim_start_matches('/').trim().to_owned()
}

/// A message's words, of its HTML.
fn without_markup(html: &str) -> String {
    let breaks = ["<br>", "<br/>", "<br />", "</p>", "</div>", "</li>"];
    let html = breaks.iter().fold(html.to_owned(), |html, tag| html.replace(tag, "\n"));
    let mut text = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(more: Value) -> Value {
        let mut activity = json!({
            "id": "1", "serviceUrl": "https://smba.trafficmanager.net/teams/",
            "from": { "id": "29:ana", "aadObjectId": "AAAA-1" },
            "recipient": { "id": "28:us" },
            "conversation": { "id": "a:1", "tenantId": "TTTT", "conversationType": "personal" },
        });
        activity.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        activity
    }

    #[test]
    fn what_people_write_is_read_without_our_mention() {
        let activity = sent(json!({
            "type": "message", "text": "<at>Hallpass</at> request payments for <at>Ben O</at> &amp; co",
            "entities": [
                { "type": "mention", "text": "<at>Hallpass</at>", "mentioned": { "id": "28:us" } },
                { "type": "mention", "text": "<at>Ben O</at>", "mentioned": { "id": "29:ben", "name": "Ben O" } },
            ],
        }));

        let read = Activity::read(&activity).unwrap();

        assert_eq!(read.what, What::Said("request payments for @Ben O & co".to_owned()));
        assert_eq!((&*read.by.account.workspace, &*read.by.account.user), ("tttt", "aaaa-1"));
        assert_eq!(read.by.key.as_deref(), Some("teams:a:1:1"));
    }

    #[test]
    fn what_is_ticked_comes_one_by_one() {
        let activity = sent(json!({
            "type": "invoke", "name": "task/submit",
            "value": { "data": { "do": "add", "item": "a:1,b:2", "msteams": { "type": "x" }, "n": 7 } },
        }));

        let What::Asked(Invoke::Dialog(fields)) = Activity::read(&activity).unwrap().what else {
            panic!("no dialog");
        };

        assert_eq!(fields.all("item").collect::<Vec<_>>(), ["a:1", "b:2"]);
        assert_eq!((fields.get("do"), fields.get("n")), (Some("add"), Some("7")));
    }

    #[test]
    fn whoever_names_nobody_is_not_read() {
        let mut nobody = sent(json!({ "type": "message", "text": "x" }));
        nobody["from"] = json!({ "id": "29:ana" });

        assert_eq!(Activity::read(&nobody), None);
        assert_eq!(Activity::read(&json!([1])), None);
    }

    #[test]
    fn a_message_is_quoted_without_its_markup() {
        let html = "<div>Please look at <b>INC-42</b><br>now &amp; here</div><script>x";

        assert_eq!(without_markup(html), "Please look at INC-42\nnow & here\nx");
    }
}
