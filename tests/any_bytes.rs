//! Any bytes at the edges: whatever comes, the parsers answer and never panic.
//!
//! These run with every `cargo test`, on the stable compiler that everything else uses. A fuzzer
//! that is led by coverage would need a nightly compiler and a second build of all dependencies; the
//! inputs here are shaped instead, so that they get past the first check. Payloads that are
//! understood have theirs in `it/any_payload.rs`, the configuration in `config/tests/any_text.rs`.
#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use hallpass::chat::slack::unpack;
    use hallpass::chat::slack::verify::{SigningSecret, Stamp};
    use hallpass::domain::duration;
    use hallpass::domain::language::Language;
    use hallpass::domain::visible::is_visible;
    use hallpass::show::limits::{one_line, quoted, shorten};
    use hallpass::show::{reduced, slack_limits};
    use proptest::prelude::*;
    use ring::hmac;
    use serde_json::Value;
    use std::fmt::Write as _;

    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// Slack's signature over these bytes.
    fn signature(timestamp: &str, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag = hmac::sign(&key, &[b"v0:", timestamp.as_bytes(), b":", body].concat());
        tag.as_ref().iter().fold("v0=".to_owned(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }

    /// How what Slack sends begins.
    const STARTS: &[&str] =
        &["", "payload=", "payload=%7B%22type%22%3A", "command=%2Faccess&text=", "{\"type\":"];

    /// Bytes that begin like something Slack sends.
    fn bodies() -> impl Strategy<Value = Vec<u8>> {
        let rest = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            "[%&=+a-z{}\\[\\]\":,0-9]{0,200}".prop_map(String::into_bytes),
            (0..4_000_usize).prop_map(|depth| b"[".repeat(depth)),
            (0..150_usize).prop_map(|fields| b"a=b&".repeat(fields)),
        ];
        (prop::sample::select(STARTS), rest)
            .prop_map(|(start, rest)| [start.as_bytes(), &rest].concat())
    }

    /// Any JSON, now and then with the words of a view in it.
    fn json() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            prop::sample::select(
                &["modal", "home", "section", "actions", "input", "button", "plain_text", "mrkdwn"]
                    [..]
            )
            .prop_map(str::to_owned),
            ".{0,12}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        let key = prop::sample::select(
            &["type", "blocks", "text", "elements", "element", "options", "title", "value", "x"][..],
        );
        leaf.prop_recursive(6, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn any_signed_bytes_are_unpacked_or_refused(body in bodies()) {
            let secret = SigningSecret::new(&SECRET.into());
            let timestamp = now().timestamp().to_string();
            let signature = signature(&timestamp, &body);
            let stamp = Stamp { timestamp: Some(&timestamp), signature: Some(&signature) };

            let verified = secret.verify(&body, stamp, now()).unwrap();

            let _ = unpack::command(verified);
            let _ = unpack::interaction(verified);
            let _ = unpack::event(verified);
            let _ = unpack::is_certificate_check(&body);
        }

        #[test]
        fn nothing_but_the_right_signature_of_the_right_time_is_taken(
            body in bodies(),
            flip in any::<prop::sample::Index>(),
            late in -700_i64..700,
            junk in ".{0,80}",
        ) {
            let secret = SigningSecret::new(&SECRET.into());
            let timestamp = (now() + TimeDelta::seconds(late)).timestamp().to_string();
            let good = signature(&timestamp, &body);
            let verify = |timestamp: Option<&str>, signature: Option<&str>| {
                secret.verify(&body, Stamp { timestamp, signature }, now()).is_ok()
            };
            let mut bad = good.clone().into_bytes();
            let at = flip.index(bad.len());
            bad[at] ^= 1;
            let bad = String::from_utf8(bad).unwrap();

            prop_assert_eq!(verify(Some(&timestamp), Some(&good)), late.abs() <= 300);
            prop_assert!(!verify(Some(&timestamp), Some(&bad)));
            prop_assert!(!verify(Some(&timestamp), Some(&junk)));
            prop_assert!(!verify(Some(&junk), Some(&good)));
            prop_assert!(!verify(None, Some(&good)) && !verify(Some(&timestamp), None));
        }

        #[test]
        fn any_text_is_a_duration_that_can_be_said_or_none(
            text in prop_oneof!["[0-9]{0,30}[.,]?[0-9]{0,30} ?[a-z]{0,8}", ".{0,40}"],
        ) {
            if let Ok(parsed) = duration::parse(&text) {
                prop_assert!(parsed > TimeDelta::zero(), "{text:?}");
                prop_assert!(!duration::spoken(parsed).is_empty());
            }
        }

        #[test]
        fn any_name_is_shown_short_on_one_line_and_visibly(name in ".{0,300}", most in 8_usize..120) {
            let shown = one_line(&name, most);

            prop_assert!(is_visible(&shown), "{name:?} is shown as {shown:?}");
            prop_assert!(shown.chars().count() <= most, "{shown:?}");
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert!(shorten(&name, most).chars().count() <= most);
            prop_assert!(quoted(&name.repeat(20), "(shortened)").chars().count() <= 2_500);
        }

        #[test]
        fn any_json_is_held_against_the_limits_without_a_panic(json in json()) {
            let found = slack_limits::laid_out(&json, usize::MAX);
            let _ = slack_limits::options(&json);

            prop_assert!(!found.is_empty() || json.get("blocks").is_some_and(Value::is_array));
            let reduced = reduced::message(Language::English, &json);
            prop_assert_eq!(slack_limits::laid_out(&reduced, usize::MAX), vec![]);
        }
    }
}
