//! Approve and Reject: a dialog for the reason, then the decision, authorised when it is sent.
use super::Ack;
use super::acks::errors;
use super::handle::{Slack, Trouble, Way, Why, replace_view};
use super::payload::View;
use super::stack::Shown;
use super::views::{carry, view};
use crate::app::ActError;
use crate::chat::narrowing::Narrowed;
use crate::chat::{Address, Messenger, Posted};
use crate::domain::decide::{NotAllowed, Verdict};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::language::Language;
use crate::domain::narrow::NotLess;
use crate::domain::person::Account;
use crate::domain::record::Record;
use crate::show::cards::{self, Card};
use crate::show::narrowing::REFINE;
use crate::show::templates::ShowError;
use crate::show::{Choice, Voice, forms, narrowing, texts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// What the dialog carries: which request and which way. Who may is worked out when it comes back.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    request: RequestId,
    approves: bool,
    /// How often the request had been narrowed when the dialog was drawn.
    #[serde(default)]
    seen: Option<usize>,
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
        let language = self.language(&way.from).await;
        let of = (&record, &person, approves);
        let view = self.dialog(language, of, way.stack(), None).map_err(|e| way.trouble(e))?;
        self.open(way, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// The dialog for a decision, perhaps with something to say.
    fn dialog(
        &self,
        language: Language,
        (record, person, approves): (&Record, &PersonId, bool),
        below: Vec<Shown>,
        note: Option<String>,
    ) -> Result<Value, ShowError> {
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, language);
        let mut model = forms::decide(voice, record, person, approves);
        let seen = model.narrow.as_ref().map(|narrow| narrow.seen);
        model.note = note;
        let mut view = view(language, "decide_form", &model)?;
        carry(&mut view, &Carried { request: record.asked.id, approves, seen, below });
        Ok(view)
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
        let Carried { request, approves, seen, below } = carried;
        let person = match self.person_now_in_ack(from).await {
            Ok(person) => person,
            Err(nobody) => return self.refuse(from, &view, &Why::from(nobody)).await,
        };
        let verdict = match (approves, view.typed("reason")) {
            (true, reason) => narrowed(&view, seen).verdict(reason),
            (false, Some(reason)) => Ok(Verdict::Reject { reason }),
            (false, None) => return self.needs_reason(from).await,
        };
        let key = format!("slack:{}:{}", from.workspace, view.id);
        let decided = match verdict {
            Ok(verdict) => self.app().decide(&person, request, verdict, Some(&key)).await,
            Err(unread) => self.app().refuse_decision(&person, request, unread.into()).await,
        };
        match decided {
            Err(ActError::NotAllowed(NotAllowed::NotLess(why))) => {
                return self.not_less(from, &view, (request, &person, why), below).await;
            }
            Err(ActError::NeedsReason) => return self.needs_reason(from).await,
            _ => self.refresh_later(from, below),
        }
        match decided {
            Ok(_) => Ack::default(),
            Err(error) => self.refuse(from, &view, &Why::from(error)).await,
        }
    }

    /// Says at its field why a yes to less cannot be. Whoever saw more than is left sees what is left.
    async fn not_less(
        &self,
        from: &Account,
        view: &View,
        (request, person, why): (RequestId, &PersonId, NotLess),
        below: Vec<Shown>,
    ) -> Ack {
        let language = self.language_at_hand(from).await;
        let policy = self.app().policy();
        let line = narrowing::not_less(Voice::new(&policy.policy, language), why);
        let field = match why {
            NotLess::Longer { .. } | NotLess::NoTime => Some("narrow_duration"),
            NotLess::Foreign | NotLess::Nothing => {
                ["narrow_keep", "narrow_out", "narrow_duration"].into_iter().find(|f| view.has(f))
            }
            NotLess::Moved => None,
        };
        if let Some(field) = field.filter(|field| view.has(field)) {
            return errors(field, &line);
        }
        let now = self.app().ask_to_decide(person, request, true).await.map_err(Why::from);
        let drawn = now.and_then(|record| {
            Ok(self.dialog(language, (&record, person, true), below, Some(line))?)
        });
        match drawn {
            Ok(view) => replace_view(&view),
            Err(why) => self.refuse(from, view, &why).await,
        }
    }

    /// What can be taken out of the request that a dialog is about.
    pub(super) async fn search_out(&self, from: &Account, text: &str, view: &View) -> Ack {
        let found = self.things_out(from, text, view).await;
        Ack { body: Some(forms::options(&found)) }
    }

    async fn things_out(&self, from: &Account, text: &str, view: &View) -> Vec<Choice> {
        let Ok(Carried { request, .. }) = serde_json::from_str(&view.metadata) else {
            return Vec::new();
        };
        let Ok(person) = self.person_in_ack(from).await else { return Vec::new() };
        let Ok(record) = self.app().request(&person, request).await else { return Vec::new() };
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language_at_hand(from).await);
        narrowing::search(voice, &record, text)
    }

    /// Asks for the reason that a dialog was sent without.
    pub(super) async fn needs_reason(&self, from: &Account) -> Ack {
        let language = self.language_at_hand(from).await;
        errors("reason", &texts::say(language, "decide-needs-reason", []))
    }
}

/// What the fields of a dialog say that stays.
fn narrowed(view: &View, seen: Option<usize>) -> Narrowed {
    let many = |block: &str| view.has(block).then(|| view.chosen_many(block));
    Narrowed {
        seen,
        duration: view.chosen("narrow_duration"),
        keep: many("narrow_keep"),
        out: many("narrow_out").map(|mut out| {
            out.retain(|value| value != REFINE);
            out
        }),
    }
}

/// Whether a message is in somebody's direct messages, where they alone read it.
fn is_direct(copy: &Posted) -> bool {
    copy.place.starts_with('D')
}
