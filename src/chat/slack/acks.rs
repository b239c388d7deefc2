//! What goes back with an acknowledgement, which must be out within three seconds whatever is slow.
//!
//! A form that was sent is on the screen until its answer comes, with all that was written in it.
//! What passes is said at one of its fields, so that nothing has to be written twice.
use super::Ack;
use super::handle::{Slack, Why, replace_view};
use super::payload::View;
use super::views::view;
use crate::domain::language::Language;
use crate::domain::person::Account;
use crate::show::forms::Notice;
use crate::show::{reduced, texts};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// Longest work before an acknowledgement; Slack waits for 3 s, the way there and back included.
const ACK_WITHIN: Duration = Duration::from_millis(2200);
/// Fields of our forms at which something can be said, those first that people write in.
const FIELDS: &[&str] = &["why", "reason", "words", "app_integration", "bundle_words"];

impl Slack {
    /// The answer to a form that was sent, in time: work that takes longer goes on after it.
    pub(super) async fn submission(self: Arc<Self>, from: Account, view: View) -> Ack {
        let (slack, sender, field) = (Arc::clone(&self), from.clone(), field_of(&view));
        let work = async move { slack.submitted(&sender, view).await };
        let work = self.tasks().spawn(work.in_current_span());
        match tokio::time::timeout(ACK_WITHIN, work).await {
            Ok(Ok(ack)) => ack,
            // It is still under way, or failed in itself; sending the same again does nothing twice.
            late => {
                tracing::warn!(is_late = late.is_err(), "a form was not answered by its own work");
                let language = self.language_remembered(&from);
                let line = texts::say(language, "error-slow", []);
                self.beside(field, &Notice::new(super::handle::NAME, line), language)
            }
        }
    }

    /// Says what went wrong with a form that was sent: beside it where that passes, else in its
    /// place.
    pub(super) async fn refuse(&self, from: &Account, view: &View, why: &Why) -> Ack {
        self.audit_refusal(from, why).await;
        let language = self.language_at_hand(from).await;
        let notice = self.notice_of(language, why);
        match why.is_passing() {
            true => self.beside(field_of(view), &notice, language),
            false => self.answer(language, &notice),
        }
    }

    /// Puts a notice in the place of the form.
    pub(super) fn answer(&self, language: Language, notice: &Notice) -> Ack {
        replace_view(&drawn(language, notice))
    }

    /// Says something and leaves the form as it is: at a field, or on top of it where it has none.
    fn beside(&self, field: Option<&str>, notice: &Notice, language: Language) -> Ack {
        match field {
            Some(field) => errors(field, &notice.lines.join(" ")),
            None => push_view(&drawn(language, notice)),
        }
    }
}

/// A notice as a view.
fn drawn(language: Language, notice: &Notice) -> Value {
    view(language, "notice", notice).unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a view cannot be drawn");
        reduced::notice(language)
    })
}

/// The field of a view at which something can be said.
fn field_of(view: &View) -> Option<&'static str> {
    FIELDS.iter().find(|field| view.has(field)).copied()
}

/// An answer to a submission that says what is wrong at one of its fields.
pub(super) fn errors(field: &str, what: &str) -> Ack {
    Ack { body: Some(json!({ "response_action": "errors", "errors": { field: what } })) }
}

/// An answer to a submission that puts a view on top of the form.
fn push_view(view: &Value) -> Ack {
    Ack { body: Some(json!({ "response_action": "push", "view": view })) }
}
