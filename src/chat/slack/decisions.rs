//! Approve and Reject: a dialog for the reason, then the decision, authorised when it is sent.
use super::Ack;
use super::acks::errors;
use super::handle::{Slack, Trouble, Way, Why};
use super::payload::View;
use super::stack::Shown;
use super::views::{carry, view};
use crate::app::ActError;
use crate::chat::{Address, Messenger, Posted};
use crate::domain::decide::Verdict;
use crate::domain::id::RequestId;
use crate::domain::person::Account;
use crate::domain::record::Record;
use crate::show::cards::{self, Card};
use crate::show::{Voice, forms, texts};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the dialog carries: which request and which way. Who may is worked out when it comes back.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    request: RequestId,
    approves: bool,
    /// What the dialog was opened from.
    #[serde(default)]
    below: Vec<Shown>,
}

impl Slack {
    /// Opens the dialog for a decision, or says why there is nothing to decide.
    pub(super) async fn open_decision(
        &self,
        way: &Way,
        id: RequestId,
        approves: bool,
    ) -> Result<(), Trouble> {
        let person = self.person_now(&way.from).await.map_err(|e| way.trouble(e))?;
        let record = self.app().ask_to_decide(&person, id, approves).await;
        let record = record.map_err(|e| way.trouble(e))?;
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        let model = forms::decide(voice, &record, &person, approves);
        let mut view = view(voice.language, "decide_form", &model).map_err(|e| way.trouble(e))?;
        carry(&mut view, &Carried { request: id, approves, below: way.stack() });
        self.open(way, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Takes the buttons off a copy that was clicked too late. Who died between posting it and
    /// noting where leaves one that nothing else ever rewrites.
    pub(super) async fn close_copy(&self, clicker: &Account, copy: &Posted, record: &Record) {
        let snapshot = self.app().policy();
        let language = match is_direct(copy) {
            true => self.language(clicker).await,
            false => self.default_language(),
        };
        let card = Card::Ask(cards::ask(Voice::new(&snapshot.policy, language), record, None));
        let to = Address::Channel(copy.place.clone());
        if let Err(error) = self.show(&to, Some(copy), &card, language).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, request.id = %record.asked.id, "a late copy was not rewritten");
        }
    }

    /// Takes a decision. An empty answer closes the dialog; the messages say the rest.
    pub(super) async fn submit_decision(self: &Arc<Self>, from: &Account, view: View) -> Ack {
        let Ok(carried) = serde_json::from_str(&view.metadata) else {
            tracing::warn!("a decision came without the request it is about");
            return Ack::default();
        };
        let Carried { request, approves, below } = carried;
        let person = match self.person_now_in_ack(from).await {
            Ok(person) => person,
            Err(nobody) => return self.refuse(from, &view, &Why::from(nobody)).await,
        };
        let verdict = match (approves, view.typed("reason")) {
            (true, reason) => Verdict::Approve { reason },
            (false, Some(reason)) => Verdict::Reject { reason },
            (false, None) => return self.needs_reason(from).await,
        };
        let key = format!("slack:{}:{}", from.workspace, view.id);
        let decided = self.app().decide(&person, request, verdict, Some(&key)).await;
        self.refresh_later(from, below);
        match decided {
            Ok(_) => Ack::default(),
            Err(ActError::NeedsReason) => self.needs_reason(from).await,
            Err(error) => self.refuse(from, &view, &Why::from(error)).await,
        }
    }

    /// Asks for the reason that a dialog was sent without.
    pub(super) async fn needs_reason(&self, from: &Account) -> Ack {
        let language = self.language_at_hand(from).await;
        errors("reason", &texts::say(language, "decide-needs-reason", []))
    }
}

/// Whether a message is in somebody's direct messages, where they alone read it.
fn is_direct(copy: &Posted) -> bool {
    copy.place.starts_with('D')
}
