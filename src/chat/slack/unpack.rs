//! From bytes that Slack signed to [`Inbound`]: forms and JSON, not yet understood.
//!
//! Sizes are bounded before this (the body) and here (the number of fields); JSON nests at most
//! as deep as the parser's own limit of 128.
use super::Inbound;
use super::verify::Verified;
use serde_json::Value;

/// Fields of a form; Slack's own have about 20.
const MOST_FIELDS: usize = 100;

/// Something signed that is not what its route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Too many fields, one given twice, or none.
    #[error("form")]
    Form,
    /// An interaction without a payload.
    #[error("no payload")]
    NoPayload,
    /// No JSON object.
    #[error("json")]
    Json,
}

/// What an event route gets.
#[derive(Debug, Clone, PartialEq)]
pub enum EventCall {
    /// Slack makes sure that the address is ours: answer with this.
    Challenge(String),
    /// An event.
    Event(Inbound),
}

/// A slash command: its fields as texts.
///
/// # Errors
///
/// [`Malformed::Form`].
pub fn command(body: Verified<'_>) -> Result<Inbound, Malformed> {
    let mut fields = serde_json::Map::new();
    for (name, value) in form(body.bytes())? {
        if fields.insert(name, Value::String(value)).is_some() {
            return Err(Malformed::Form);
        }
    }
    Ok(Inbound::Command(Value::Object(fields)))
}

/// A click, a submission, an option search or a shortcut: the JSON in the field `payload`.
///
/// # Errors
///
/// [`Malformed`] when there is no such field or no object in it.
pub fn interaction(body: Verified<'_>) -> Result<Inbound, Malformed> {
    let mut payloads = form(body.bytes())?.into_iter().filter(|(name, _)| name == "payload");
    let (_, payload) = payloads.next().ok_or(Malformed::NoPayload)?;
    if payloads.next().is_some() {
        return Err(Malformed::Form);
    }
    object(payload.as_bytes()).map(Inbound::Interaction)
}

/// An event, or the question whether the address is ours.
///
/// # Errors
///
/// [`Malformed::Json`].
pub fn event(body: Verified<'_>) -> Result<EventCall, Malformed> {
    let call = object(body.bytes())?;
    if call.get("type").and_then(Value::as_str) == Some("url_verification") {
        let challenge = call.get("challenge").and_then(Value::as_str).ok_or(Malformed::Json)?;
        return Ok(EventCall::Challenge(challenge.to_owned()));
    }
    Ok(EventCall::Event(Inbound::Event(call)))
}

/// Whether Slack looks at the certificate only.
///
/// Slack does not promise to sign this one, so it takes raw bytes: it compares, it does not parse.
pub fn is_certificate_check(body: &[u8]) -> bool {
    body.split(|byte| *byte == b'&').any(|field| field == b"ssl_check=1")
}

fn form(body: &[u8]) -> Result<Vec<(String, String)>, Malformed> {
    let fields: Vec<_> =
        url::form_urlencoded::parse(body).into_owned().take(MOST_FIELDS + 1).collect();
    if fields.is_empty() || fields.len() > MOST_FIELDS {
        return Err(Malformed::Form);
    }
    Ok(fields)
}

fn object(text: &[u8]) -> Result<Value, Malformed> {
    serde_json::from_slice(text).ok().filter(Value::is_object).ok_or(Malformed::Json)
}

#[cfg(test)]
mod tests {
    use super::super::verify::{SigningSecret, Stamp, tests};
    use super::*;
    use serde_json::json;

    /// Signs and verifies, as it comes from Slack.
    fn signed<T>(body: &[u8], look: impl FnOnce(Verified<'_>) -> T) -> T {
        let time = "1531420618";
        let signature = tests::sign(body, time);
        let stamp = Stamp { timestamp: Some(time), signature: Some(&signature) };
        let now = chrono::DateTime::from_timestamp(1_531_420_618, 0).unwrap();
        look(SigningSecret::new(&tests::SECRET.into()).verify(body, stamp, now).unwrap())
    }

    #[test]
    fn a_command_keeps_every_field_as_text() {
        let unpacked = signed(b"command=%2Faccess&text=request+%C3%A9+%26+b&api_app_id=", command);

        let fields = json!({"command": "/access", "text": "request é & b", "api_app_id": ""});
        assert_eq!(unpacked, Ok(Inbound::Command(fields)));
    }

    #[test]
    fn an_interaction_is_the_json_of_its_payload() {
        let payload = signed(b"payload=%7B%22type%22%3A%22block_actions%22%7D", interaction);

        assert_eq!(payload, Ok(Inbound::Interaction(json!({"type": "block_actions"}))));
    }

    #[test]
    fn a_challenge_is_not_an_event() {
        let asked = signed(br#"{"type":"url_verification","challenge":"c"}"#, event);
        let told = signed(br#"{"type":"event_callback","event_id":"E"}"#, event);

        let told_of = json!({"type": "event_callback", "event_id": "E"});
        assert_eq!(asked, Ok(EventCall::Challenge("c".into())));
        assert_eq!(told, Ok(EventCall::Event(Inbound::Event(told_of))));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let many: String = (0..101).map(|n| format!("f{n}=1&")).collect();
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let deep_object = format!("{{\"a\":{deep}}}");

        assert_eq!(signed(b"", command), Err(Malformed::Form));
        assert_eq!(signed(many.as_bytes(), command), Err(Malformed::Form));
        assert_eq!(signed(b"a=1&a=2", command), Err(Malformed::Form));
        assert_eq!(signed(b"a=1", interaction), Err(Malformed::NoPayload));
        assert_eq!(signed(b"payload=%7B%7D&payload=%7B%7D", interaction), Err(Malformed::Form));
        assert_eq!(signed(b"payload=7", interaction), Err(Malformed::Json));
        assert_eq!(signed(deep_object.as_bytes(), event), Err(Malformed::Json));
        assert_eq!(signed(b"\xff\xfe", event), Err(Malformed::Json));
        assert_eq!(signed(br#"{"type":"url_verification"}"#, event), Err(Malformed::Json));
    }

    #[test]
    fn a_certificate_check_is_told_by_its_bytes() {
        assert!(is_certificate_check(b"ssl_check=1&token=x"));
        assert!(is_certificate_check(b"token=x&ssl_check=1"));
        assert!(!is_certificate_check(b"text=ssl_check%3D1&ssl_check=0"));
        assert!(!is_certificate_check(b"ssl_check=11"));
    }
}
