//! Codes on their way to people: made and mailed by workers of their own, after the answer.
//!
//! Whoever asks is answered at once, and the same way whoever the code is for: what an answer takes
//! would tell whether an address is known, and a mail server that hangs would hold all our seats.
//! What strangers ask for waits in a queue apart from what people ask for who are known by a link
//! or their browser.
use super::PagesSettings;
use crate::app::sign_in::{Asker, CODE_LASTS, Room, SignIn};
use crate::chat::code_mail::{CodeLetter, CodeMail};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Codes that are made and mailed at a time, of each queue.
const AT_ONCE: usize = 4;
/// Codes that wait in each queue: with a mail server that takes a second, half a minute's.
const WAITING: usize = 128;
/// Longest that a mail server may take for one; its person asks again.
const LONGEST: Duration = Duration::from_secs(20);

/// A code that somebody asked for.
pub(super) struct Wanted {
    pub(super) asker: Asker,
    /// Whom it is for; nobody where the address is not known, and then it is made for nobody.
    pub(super) person: Option<PersonId>,
    /// What its letter is written in.
    pub(super) language: Language,
}

/// Both queues.
pub(super) struct Codes {
    own: mpsc::Sender<Wanted>,
    open: mpsc::Sender<Wanted>,
}

impl Codes {
    /// Starts the workers, which end once nobody can ask any more; none where mail is off.
    pub(super) fn start(settings: &PagesSettings) -> Option<Self> {
        let mail = settings.mail.clone()?;
        let start = || {
            let (queue, mut wanted) = mpsc::channel(WAITING);
            let worker = Worker { sign_in: settings.sign_in.clone(), mail: Arc::clone(&mail) };
            settings.tasks.spawn(async move {
                let wanted = futures_util::stream::poll_fn(move |cx| wanted.poll_recv(cx));
                wanted.for_each_concurrent(AT_ONCE, |one| worker.mail(one)).await;
            });
            queue
        };
        Some(Self { own: start(), open: start() })
    }

    /// Takes it over; false where too many wait.
    pub(super) fn ask(&self, wanted: Wanted) -> bool {
        let queue = match wanted.asker.room {
            Room::Own => &self.own,
            Room::Open => &self.open,
        };
        let is_taken = queue.try_send(wanted).is_ok();
        if !is_taken {
            tracing::warn!("codes to sign in are asked for faster than mail takes them");
        }
        is_taken
    }
}

/// What makes and mails them.
struct Worker {
    sign_in: SignIn,
    mail: Arc<dyn CodeMail>,
}

impl Worker {
    async fn mail(&self, wanted: Wanted) {
        let Wanted { asker, person, language } = wanted;
        let Some(person) = person else { return };
        let letter = match self.sign_in.ask(&asker, &person).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a code to sign in could not be made");
                return;
            }
        };
        let letter = CodeLetter {
            to: letter.person.email,
            name: letter.person.name,
            code: letter.code,
            minutes: CODE_LASTS.num_minutes(),
            language,
        };
        match timeout(LONGEST, self.mail.send_code(&letter)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a code to sign in could not be mailed");
            }
            Err(_) => tracing::error!("the mail server took too long for a code to sign in"),
        }
    }
}
