//! What a platform said of each account last, and asking it: once at a time, for as long as
//! somebody can wait.
use super::answers;
use crate::app::people::Stranger;
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::Account;
use crate::show::Voice;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// Most accounts remembered; beyond, all are asked for again.
const REMEMBERED: usize = 20_000;

/// A platform's last word on each account. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Standings(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    known: Mutex<HashMap<Account, Standing>>,
    /// Those that the platform is being asked about.
    asked: Mutex<HashMap<Account, watch::Receiver<Option<Word>>>>,
}

/// A platform's word on an account, or why there is none.
type Word = Result<Result<PersonId, Stranger>, Nobody>;

/// What a platform said of an account.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// When it said so.
    pub(super) at: DateTime<Utc>,
    /// Who is behind it.
    pub(super) person: Result<PersonId, Stranger>,
    /// What they read.
    pub(super) language: Option<Language>,
}

/// Whom to ask about, and how.
pub(super) struct Asking<'a> {
    /// The account.
    pub(super) account: &'a Account,
    /// A word from before is asked for again.
    pub(super) since: DateTime<Utc>,
    /// Longest wait for it.
    pub(super) wait: Duration,
    /// Where asking goes on after that.
    pub(super) tasks: &'a TaskTracker,
}

/// Why nobody can act through an account now.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(super) enum Nobody {
    /// Nobody of ours is behind it.
    #[error(transparent)]
    Stranger(#[from] Stranger),
    /// Slack did not vouch for it in time.
    #[error("a platform is slow to confirm who an account is")]
    Unconfirmed,
    /// Ours.
    #[error("an account could not be linked")]
    Ours,
}

impl Nobody {
    /// What the person is told.
    pub(super) fn sentence(&self, voice: Voice<'_>) -> String {
        match self {
            Self::Stranger(stranger) => answers::stranger(voice, *stranger),
            Self::Unconfirmed => voice.say("stranger-unconfirmed", []),
            Self::Ours => voice.say("error-ours", []),
        }
    }
}

impl Standings {
    /// Who is behind an account, by a word that is fresh enough; `learn` asks for one. Where that
    /// takes longer than can be waited it is still waited for and remembered: whoever tries again
    /// finds it.
    pub(super) async fn confirmed(
        &self,
        of: Asking<'_>,
        learn: impl Future<Output = Result<Standing, Nobody>> + Send + 'static,
    ) -> Result<Result<PersonId, Stranger>, Nobody> {
        if let Some(known) = self.get(of.account).filter(|known| known.at > of.since) {
            return Ok(known.person);
        }
        let mut answer = self.asked(of.account, || {
            let (tell, answer) = watch::channel(None);
            let (standings, account) = (self.clone(), of.account.clone());
            let asking = async move {
                let word = learn.await.map(|standing| {
                    standings.set(account.clone(), standing.clone());
                    standing.person
                });
                standings.was_told(&account);
                tell.send_replace(Some(word));
            };
            of.tasks.spawn(asking.in_current_span());
            answer
        });
        let told = tokio::time::timeout(of.wait, answer.wait_for(Option::is_some)).await;
        let told = told.ok().and_then(Result::ok).and_then(|word| word.clone());
        told.unwrap_or(Err(Nobody::Unconfirmed))
    }

    /// What the platform said last.
    pub(super) fn get(&self, account: &Account) -> Option<Standing> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    /// The answer that is awaited about an account; `ask` asks where nobody does.
    fn asked(
        &self,
        account: &Account,
        ask: impl FnOnce() -> watch::Receiver<Option<Word>>,
    ) -> watch::Receiver<Option<Word>> {
        let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        // One that nobody will answer any more is asked anew.
        let open = asked.get(account).filter(|answer| answer.has_changed().is_ok());
        if let Some(answer) = open {
            return answer.clone();
        }
        let answer = ask();
        asked.insert(account.clone(), answer.clone());
        answer
    }

    /// The answer is here.
    fn was_told(&self, account: &Account) {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    fn set(&self, account: Account, standing: Standing) {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(account, standing);
    }
}
