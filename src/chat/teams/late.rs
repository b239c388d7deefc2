//! What could not be answered in time, or not just now: the outcome follows as a message, and what
//! was typed can be sent once more.
use super::Answer;
use super::activity::{By, Invoke};
use super::answers::{self, Reply, Shape};
use super::api::ApiError;
use super::handle::{NAME, Teams, Why};
use crate::app::ActError;
use crate::chat::form::fields::Fields;
use crate::chat::standings::Nobody;
use crate::show::forms::Notice;
use crate::show::teams::{Laid, Retry, lay_out};
use crate::show::texts;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing::Instrument;

/// Longest work before an answer; Teams gives up after 5 s and says that something went wrong.
const ANSWER_WITHIN: Duration = Duration::from_millis(2200);
/// Pauses before an answer is sent once more, where Teams names none.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// Longest pause that an answer waits: somebody reads it now or never.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What comes of an answer that is too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belated {
    /// It follows as a message.
    Follows,
    /// It is nothing that may stay in a chat: that it is ready is said.
    IsReady,
    /// Nothing: nobody pressed anything, or it is a list long forgotten.
    Nothing,
}

impl Belated {
    pub(super) fn of(invoke: &Invoke) -> Self {
        let act = match invoke {
            Invoke::Execute(fields) | Invoke::Dialog(fields) => fields.get("do"),
            Invoke::Extension(_) => None,
            Invoke::Search { .. } | Invoke::Unknown => return Self::Nothing,
        };
        match act {
            // Who looks at a question in a channel has their view of it fetched; a message would be a
            // copy that nothing rewrites.
            Some("refresh") => Self::Nothing,
            // A credential is shown, and never written down (R21).
            Some("connect") => Self::IsReady,
            _ => Self::Follows,
        }
    }

    fn line(self) -> Option<&'static str> {
        match self {
            Self::Follows => Some("teams-slow"),
            Self::IsReady => Some("teams-slow-secret"),
            Self::Nothing => None,
        }
    }
}

/// What came of something that awaits an answer.
pub(super) enum Done {
    /// What is shown.
    Reply(Reply),
    /// An answer in a form of its own.
    Answer(Answer),
}

impl Teams {
    /// Answers with what the work comes to. Where that takes too long, its asker is told so, and what
    /// it came to follows as a message.
    pub(super) async fn in_time(
        &self,
        by: By,
        (shape, belated): (Shape, Belated),
        mut work: JoinHandle<Done>,
    ) -> Answer {
        let say = |key: &str| texts::say(self.language(&by), key, []);
        match tokio::time::timeout(ANSWER_WITHIN, &mut work).await {
            Ok(Ok(Done::Reply(reply))) => answers::answer(shape, reply),
            Ok(Ok(Done::Answer(answer))) => answer,
            Ok(Err(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a handler failed");
                answers::line(shape, &say("error-ours"))
            }
            Err(_) => {
                tracing::warn!("Teams was not answered by its own work");
                let line = belated.line().map(say).unwrap_or_default();
                self.follow_up(by, belated, work);
                answers::line(shape, &line)
            }
        }
    }

    fn follow_up(&self, by: By, belated: Belated, work: JoinHandle<Done>) {
        let Some(teams) = self.shared() else { return };
        let following = async move {
            let done = work.await;
            if belated == Belated::Nothing {
                return;
            }
            let by = teams.at_home(by).await;
            match done {
                Ok(Done::Reply(Reply::View(_))) if belated == Belated::IsReady => {
                    teams.post_line(&by, "teams-ready").await;
                }
                Ok(Done::Reply(reply)) => teams.post_reply(&by, reply).await,
                Ok(Done::Answer(_)) => {}
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "a handler failed");
                    teams.post_line(&by, "error-ours").await;
                }
            }
        };
        self.tasks().spawn(following.in_current_span());
    }

    /// Somebody in their own chat with us, where that is known: others may read along where they
    /// pressed something. Elsewhere they alone see what is sent.
    async fn at_home(&self, by: By) -> By {
        match self.app().direct(&by.account).await {
            Ok(Some(direct)) => By {
                service_url: direct.service_url,
                conversation: direct.conversation,
                is_personal: true,
                ..by
            },
            Ok(None) => By { is_personal: false, ..by },
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "reading where somebody is written to");
                By { is_personal: false, ..by }
            }
        }
    }

    /// A reply as a message.
    pub(super) async fn post_reply(&self, by: &By, reply: Reply) {
        match reply {
            Reply::View(laid) => self.post(by, &laid).await,
            Reply::Said(line) => self.say(by, &Notice::new(NAME, line)).await,
            Reply::Close => self.post_line(by, "teams-done").await,
        }
    }

    async fn post_line(&self, by: &By, key: &str) {
        let line = texts::say(self.language(by), key, []);
        self.say(by, &Notice::new(NAME, line)).await;
    }

    /// What a dialog shows of what was not done: where it may work in a moment, a button sends the
    /// same again, since what was typed is nowhere else.
    pub(super) async fn refused_in(
        &self,
        by: &By,
        shape: Shape,
        why: &Why,
        fields: &Fields,
    ) -> Laid {
        let notice = self.refused(by, why).await;
        let sent = fields.get("do").unwrap_or_default();
        if shape != Shape::Dialog || sent.is_empty() || !may_pass(why) {
            return self.drawn(by, &notice);
        }
        let retry = Retry {
            title: notice.title.clone(),
            lines: notice.lines.clone(),
            fields: joined(fields),
        };
        lay_out(self.language(by), "retry", &retry).unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a card cannot be drawn");
            self.drawn(by, &notice)
        })
    }

    /// Sends an answer, again where Teams puts it off; where we may not write there, to their own chat.
    pub(super) async fn deliver(&self, by: &By, activity: &Value) -> Result<(), ApiError> {
        let sent = self.send_patiently((&by.service_url, &by.conversation), activity).await;
        let Err(ApiError::Unreachable(_)) = &sent else { return sent };
        match self.app().direct(&by.account).await {
            Ok(Some(direct)) if direct.conversation != by.conversation => {
                let place = (direct.service_url.as_str(), direct.conversation.as_str());
                // There, nobody else is.
                let mut activity = activity.clone();
                if let Some(fields) = activity.as_object_mut() {
                    fields.remove("recipient");
                }
                self.send_patiently(place, &activity).await
            }
            _ => sent,
        }
    }

    async fn send_patiently(
        &self,
        (service_url, conversation): (&str, &str),
        activity: &Value,
    ) -> Result<(), ApiError> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let error = match self.api().send(service_url, conversation, activity).await {
                Ok(_) => return Ok(()),
                Err(error) => error,
            };
            let ApiError::Later { after, .. } = &error else { return Err(error) };
            match pauses.next().map(|pause| after.unwrap_or(pause)) {
                Some(pause) if pause <= LONGEST_PAUSE => tokio::time::sleep(pause).await,
                _ => return Err(error),
            }
        }
    }
}

/// Whether the same may work in a moment.
fn may_pass(why: &Why) -> bool {
    matches!(
        why,
        Why::Nobody(Nobody::Unconfirmed | Nobody::Ours)
            | Why::Act(ActError::Store(_) | ActError::CutShort | ActError::Crowded)
    )
}

/// Fields as one button carries them: what is ticked, with commas between.
fn joined(fields: &Fields) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in fields.iter() {
        joined
            .entry(name.to_owned())
            .and_modify(|all| {
                all.push(',');
                all.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    joined
}
