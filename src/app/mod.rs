//! Use cases: begin, load, ask the domain, store the move with the work it causes, commit.
//!
//! Nothing here words a sentence or knows a platform; nothing calls outside.
pub mod again;
mod alarm;
pub mod away;
pub mod browse;
pub mod catalogue;
pub mod choose;
pub mod decide;
pub mod details;
pub mod direct;
mod draft;
mod effects;
pub mod extend;
pub mod favorites;
pub mod homes;
mod inbound;
pub mod job;
pub mod line;
pub mod links;
mod listing;
pub mod lists;
mod live;
pub mod mail;
mod mail_faults;
mod news;
mod pending;
pub mod people;
pub mod reach;
mod refusals;
mod retry;
pub mod schedule;
mod seal;
pub mod settle;
pub mod settled;
pub mod sign_in;
pub mod submit;
pub mod tickets;
pub mod withdraw;

pub use catalogue::Snapshot;
pub use seal::SealKey;

use crate::clock::Clock;
use crate::domain::decide::NotAllowed;
use crate::domain::extend::NotOffered;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::justification::Lights;
use crate::domain::record::Record;
use crate::domain::request::WhyNot;
use crate::domain::submission::RefusedItem;
use crate::domain::ticket::TicketMistake;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tokio::sync::{Mutex, Notify, watch};

/// What every use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    snapshot: RwLock<Arc<Snapshot>>,
    /// Held while another snapshot is made and put in force.
    replacing: Mutex<()>,
    /// Whether what the connectors listed before is in the snapshot.
    is_known: watch::Sender<bool>,
    seal: SealKey,
    pending_window: TimeDelta,
    bell: Notify,
    boosted: draft::Boosted,
    asked_items: live::AskedItems,
    ticket_lookup: OnceLock<tickets::TicketLookup>,
}

/// What can go wrong when a person acts on a request.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// Nothing by that id, or not theirs to see; the two look the same.
    #[error("no such request")]
    NotFound,
    /// Only the requester or an admin may do this.
    #[error("only the person who asked, or an admin, can do this")]
    NotTheirs,
    /// They may not decide on it.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The flow asks for a reason.
    #[error("give a reason; the requester will read it")]
    NeedsReason,
    /// The request stands where this cannot happen any more, or not yet; last, why.
    #[error("{0} is {status}; {2}", status = .1.state.label())]
    Late(RequestId, Box<Record>, WhyNot),
    /// It cannot be extended now.
    #[error("{0} was not extended: {2}")]
    NotExtended(RequestId, Box<Record>, NotOffered),
    /// Somebody asked on their behalf who may not ask for themselves: it is in that person's hands.
    #[error("only the person who asked for you can do this")]
    TheirsAlone(PersonId),
    /// Nothing of it may be asked for today.
    #[error("nothing of {0} can be asked for today; the access flows or the systems changed")]
    NothingLeft(RequestId),
    /// Only what people ask for themselves can be starred.
    #[error("only what you asked for yourself can be a favourite")]
    NotFavorite,
    /// The form cannot be taken as it is.
    #[error(transparent)]
    Form(#[from] FormMistake),
    /// No form by that id, or not theirs, or nobody touched it for a day.
    #[error("this form was left alone for more than a day; begin a new one")]
    FormGone,
    /// Others changed the same form at the same moment, again and again.
    #[error("this form was changed by somebody else at the same moment; try again")]
    Crowded,
    /// What was sealed does not open: the master key is another one.
    #[error("what was sealed does not open; was the master key changed?")]
    Seal,
    /// Work was cut short: it failed in itself, or the service stops.
    #[error("work was cut short")]
    CutShort,
    /// Ours, not theirs.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a form cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormMistake {
    /// Nothing was chosen.
    #[error("choose at least one thing to ask for")]
    Empty,
    /// Nothing of what was chosen can be asked for.
    #[error("none of this can be asked for")]
    NothingAllowed(Vec<RefusedItem>),
    /// Longer than the strictest flow allows.
    #[error("the longest possible is {longest_words}", longest_words = crate::domain::duration::spoken(*.longest))]
    TooLong {
        /// What that flow allows.
        longest: TimeDelta,
    },
    /// No justification.
    #[error("say why you need it")]
    NoJustification,
    /// The flow demands all three lights, and not all are green.
    #[error("say what you will do, why it needs this permission, and for which ticket")]
    Unclear(Box<Lights>),
    /// The ticket.
    #[error(transparent)]
    Ticket(#[from] TicketMistake),
}

impl App {
    /// The application over this store, with this policy until the next.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        snapshot: Snapshot,
        seal: SealKey,
        pending_window: TimeDelta,
    ) -> Self {
        let snapshot = RwLock::new(Arc::new(snapshot));
        let (replacing, bell) = (Mutex::new(()), Notify::new());
        let is_known = watch::Sender::new(true);
        let (boosted, asked_items) = (draft::Boosted::default(), live::AskedItems::default());
        let ticket_lookup = OnceLock::new();
        let inner = Inner {
            store,
            clock,
            snapshot,
            replacing,
            is_known,
            seal,
            pending_window,
            bell,
            boosted,
            asked_items,
            ticket_lookup,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The present.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Today's policy.
    pub fn policy(&self) -> Arc<Snapshot> {
        Arc::clone(&self.inner.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Rings when there may be work; workers wait for it beside their own timers.
    pub fn bell(&self) -> &Notify {
        &self.inner.bell
    }

    fn ring(&self) {
        self.inner.bell.notify_waiters();
    }
}
