//! A mail server of our own: it takes every letter over real SMTP and reads it as mail programs do.
//! Tests tell it to refuse letters, to lose them, or to be down; `demo --email` shows them.
//!
//! It listens on this machine alone and delivers nothing anywhere.
mod letter;
mod smtp;

pub use letter::Letter;

use anyhow::Context;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A running mail server. Cheap to clone.
#[derive(Clone)]
pub struct Mailbox(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    held: Mutex<Held>,
    changed: watch::Sender<usize>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Held {
    letters: Vec<Letter>,
    faults: Vec<Standing>,
    is_down: bool,
    /// What is said to whoever sends, where nobody may.
    sender_refused: Option<&'static str>,
    is_plain: bool,
}

/// What goes wrong with a letter.
#[derive(Debug, Clone)]
pub enum MailFault {
    /// The server says this to the recipient's address.
    Says(&'static str),
    /// The connection ends when the server hears the address.
    Drops,
    /// The letter is taken, and nobody is told so until the token is cancelled.
    TakesInSilence(CancellationToken),
}

/// A fault that stands until it has struck often enough.
struct Standing {
    whose: Option<String>,
    fault: MailFault,
    left: usize,
}

impl Mailbox {
    /// Starts the server on a free port.
    ///
    /// # Errors
    ///
    /// When nothing can be listened on.
    pub async fn start() -> anyhow::Result<Self> {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(here).await.context("listening for letters")?;
        let mailbox = Self(Arc::new(Inner {
            address: listener.local_addr()?,
            held: Mutex::default(),
            changed: watch::channel(0).0,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }));
        let taking = mailbox.clone();
        mailbox.spawn(async move { taking.take_all(listener).await });
        Ok(mailbox)
    }

    /// Where letters are taken.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// Every letter that was taken, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.held().letters.clone()
    }

    /// Waits until so many letters were taken; false where they were not within `patience`.
    pub async fn takes(&self, count: usize, patience: Duration) -> bool {
        let mut changed = self.0.changed.subscribe();
        let taken = changed.wait_for(|taken| *taken >= count);
        tokio::time::timeout(patience, taken).await.is_ok_and(|taken| taken.is_ok())
    }

    /// Waits for a letter; the newest that is meant, or `None` where none came within `patience`.
    pub async fn wait_for(
        &self,
        is_meant: impl Fn(&Letter) -> bool,
        patience: Duration,
    ) -> Option<Letter> {
        let mut changed = self.0.changed.subscribe();
        let found = async {
            loop {
                let found = self.letters().into_iter().rev().find(&is_meant);
                if found.is_some() || changed.changed().await.is_err() {
                    return found;
                }
            }
        };
        tokio::time::timeout(patience, found).await.ok().flatten()
    }

    /// Makes the next `times` letters to an address go wrong; to any, where it is `None`.
    pub fn fault(&self, whose: Option<&str>, fault: MailFault, times: usize) {
        let whose = whose.map(str::to_owned);
        self.held().faults.push(Standing { whose, fault, left: times });
    }

    /// Lets nobody in any more, or again.
    pub fn set_down(&self, is_down: bool) {
        self.held().is_down = is_down;
    }

    /// Says this to every sender's address from now on, or takes them all again.
    pub fn refuse_senders(&self, words: Option<&'static str>) {
        self.held().sender_refused = words;
    }

    /// Takes no address beyond ASCII any more, or again.
    pub fn set_plain(&self, is_plain: bool) {
        self.held().is_plain = is_plain;
    }

    /// Forgets every letter and fault.
    pub fn clear(&self) {
        *self.held() = Held::default();
        self.0.changed.send_replace(0);
    }

    /// Stops it.
    pub async fn shutdown(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    async fn take_all(&self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let mailbox = self.clone();
            self.spawn(async move {
                if let Err(error) = smtp::converse(&mailbox, stream).await {
                    tracing::debug!(%error, "a conversation with the mailbox broke off");
                }
            });
        }
    }

    fn is_down(&self) -> bool {
        self.held().is_down
    }

    fn refused_sender(&self) -> Option<&'static str> {
        self.held().sender_refused
    }

    fn is_plain(&self) -> bool {
        self.held().is_plain
    }

    /// The fault that strikes a letter to this address, counted down.
    fn strike(&self, address: &str) -> Option<MailFault> {
        let mut held = self.held();
        let is_meant = |standing: &&mut Standing| {
            standing.left > 0 && standing.whose.as_deref().is_none_or(|whose| whose == address)
        };
        let standing = held.faults.iter_mut().find(is_meant)?;
        standing.left -= 1;
        Some(standing.fault.clone())
    }

    fn keep(&self, letter: Letter) {
        let mut held = self.held();
        held.letters.push(letter);
        self.0.changed.send_replace(held.letters.len());
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs work that ends with the server.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        self.0.tasks.spawn(async move {
            stop.run_until_cancelled_owned(work).await;
        });
    }
}
