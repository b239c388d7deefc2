//! What people do with a request after it was submitted: extend it, end it, star it.
use super::Ack;
use super::handle::{Slack, Trouble, Way, Why};
use super::payload::{Click, View};
use super::stack::Shown;
use super::views::{carry, view};
use crate::app::ActError;
use crate::domain::id::RequestId;
use crate::domain::parties::{is_theirs, may_revoke};
use crate::domain::person::Account;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::show::Voice;
use crate::show::ending::{self, Ending};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the dialog for an early end carries. Who may is worked out when it comes back.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    request: RequestId,
    /// Withdrawn while it is pending, rather than taken away.
    is_cancelled: bool,
    /// What the dialog was opened from.
    #[serde(default)]
    below: Vec<Shown>,
}

impl Slack {
    /// Lets access last longer. A click carries what it saw; a typed word means what is there now.
    pub(super) async fn extend(
        &self,
        way: &Way,
        id: RequestId,
        click: Option<&Click>,
    ) -> Result<(), Trouble> {
        let person = self.person_now(&way.from).await.map_err(|e| way.trouble(e))?;
        let seen = match click {
            Some(click) => click.value.split(' ').nth(1).and_then(|seen| seen.parse().ok()),
            None => {
                let record = self.app().request(&person, id).await.map_err(|e| way.trouble(e))?;
                extensions(&record)
            }
        };
        let key = way.key();
        let extended = self.app().extend(&person, id, seen, key.as_deref()).await;
        let record = extended.map_err(|e| way.trouble(e))?;
        self.refresh(way, &way.stack()).await;
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        self.confirm(way, ending::extended(voice, &record)).await
    }

    /// Opens the dialog that an end is confirmed in; whoever ends what is somebody else's says why.
    pub(super) async fn open_end(
        &self,
        way: &Way,
        id: RequestId,
        (is_cancelled, reason): (bool, &str),
    ) -> Result<(), Trouble> {
        let person = self.person_now(&way.from).await.map_err(|e| way.trouble(e))?;
        let record = self.app().request(&person, id).await.map_err(|e| way.trouble(e))?;
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        let is_reason_required = !is_theirs(&policy.policy, &person, &record.asked);
        let of = Ending { is_cancelled, is_reason_required, reason };
        let model = ending::end_form(voice, &record, of);
        let drawn = view(voice.language, "end_form", &model);
        let mut drawn = drawn.map_err(|e| way.trouble(e))?;
        carry(&mut drawn, &Carried { request: id, is_cancelled, below: way.stack() });
        self.open(way, drawn).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Asks whoever typed that access shall end whether they mean it (R15); a button asks by itself.
    /// What cannot be ended anyway is said at once.
    pub(super) async fn ask_to_revoke(
        &self,
        way: &Way,
        id: RequestId,
        reason: String,
    ) -> Result<(), Trouble> {
        let person = self.person_now(&way.from).await.map_err(|e| way.trouble(e))?;
        let record = self.app().request(&person, id).await.map_err(|e| way.trouble(e))?;
        let is_active = matches!(record.state, State::Active { .. });
        match is_active && may_revoke(&self.app().policy().policy, &person, &record) {
            true => self.open_end(way, id, (false, &reason)).await,
            false => self.revoke(way, id, reason).await,
        }
    }

    /// Ends what the dialog is about. An empty answer closes it; the messages say the rest.
    pub(super) async fn submit_end(self: &Arc<Self>, from: &Account, view: View) -> Ack {
        let Ok(carried) = serde_json::from_str(&view.metadata) else {
            tracing::warn!("the end of a request came without the request it is about");
            return Ack::default();
        };
        let Carried { request, is_cancelled, below } = carried;
        let person = match self.person_now_in_ack(from).await {
            Ok(person) => person,
            Err(nobody) => return self.refuse(from, &view, &Why::from(nobody)).await,
        };
        let reason = view.typed("reason").unwrap_or_default();
        let key = Some(format!("slack:{}:{}", from.workspace, view.id));
        let ended = match is_cancelled {
            true => self.app().cancel(&person, request, reason, key.as_deref()).await,
            false => self.app().revoke(&person, request, reason, key.as_deref()).await,
        };
        self.refresh_later(from, below);
        match ended {
            Ok(_) => Ack::default(),
            Err(ActError::NeedsReason) => self.needs_reason(from).await,
            Err(error) => self.refuse(from, &view, &Why::from(error)).await,
        }
    }

    /// Stars a request, or takes its star away.
    pub(super) async fn star(
        &self,
        way: &Way,
        id: RequestId,
        click: &Click,
    ) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let is_starred = click.action == "star";
        self.app().star(&person, id, is_starred).await.map_err(|e| way.trouble(e))?;
        self.refresh(way, &way.stack()).await;
        self.app().redraw_home(&person).await.map_err(|e| way.trouble(e))
    }
}

/// How often it was extended, where it can be.
fn extensions(record: &Record) -> Option<u32> {
    match &record.state {
        State::Active { extensions, .. } => Some(*extensions),
        _ => None,
    }
}
