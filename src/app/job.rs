//! What the outbox holds: jobs that say *what* is to be made so, never how it was when queued.
//!
//! A job reads the present and makes the outside agree with it, so running it twice, late or after
//! another is right every time.
use crate::domain::catalog::Entitlement;
use crate::domain::id::{IntegrationId, PersonId, RequestId};
use crate::domain::person::Account;
use crate::store::outbox::Work;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The lane of everything that is said to people.
pub const MESSAGES: &str = "messages";
/// The lane of people's Homes: a view that is drawn anew never delays a message.
pub const HOMES: &str = "homes";

/// The lane of mail: a slow mail server delays no message in chat.
pub const MAIL: &str = "mail";

/// The lanes of what is said to people.
pub const SAID: [&str; 3] = [MESSAGES, HOMES, MAIL];

/// Work to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Job {
    /// Make the target agree with who holds this entitlement.
    Settle {
        /// Which.
        entitlement: Entitlement,
    },
    /// Make one copy of a message agree with its request.
    Show(CardKey),
    /// Make a copy that is in chat agree with its request, once chat lets us: its news were told
    /// already, and nothing waits for it.
    Rewrite(CardKey),
    /// Tell somebody who hears alarms that a second account for a person was refused.
    TellSecondAccount {
        /// The account that was refused.
        account: Account,
        /// Whom it would have led to.
        person: PersonId,
        /// Who hears of it.
        recipient: Recipient,
    },
    /// Tell somebody who hears alarms that a person cannot be reached in any way.
    TellUnreachable {
        /// Who cannot.
        person: PersonId,
        /// Who hears of it.
        recipient: Recipient,
    },
    /// Tell somebody who hears alarms that a person cannot be written to any more on a platform, and
    /// is reached another way.
    TellAway {
        /// On which.
        platform: String,
        /// Who cannot.
        person: PersonId,
        /// Who hears of it.
        recipient: Recipient,
    },
    /// Tell somebody who hears alarms that mail does not go out.
    TellMailDown {
        /// Who hears of it.
        recipient: Recipient,
    },
    /// Tell somebody that too many wrong codes were typed to sign in as a person: none does any more
    /// today.
    TellSignInClosed {
        /// As whom.
        person: PersonId,
        /// Whether by their links and in their browsers, rather than by whoever knows the address.
        is_own: bool,
        /// Who hears of it: they themselves, or somebody who hears alarms.
        recipient: Recipient,
    },
    /// Say by email what another job could not say in chat, or says there as well.
    Mail {
        /// The other job.
        what: Box<Job>,
        /// Whether chat says it as well: then neither way waits for the other.
        is_beside: bool,
    },
    /// Say in chat what was handed to mail already, where both are wanted.
    InChat {
        /// The other job.
        what: Box<Job>,
    },
    /// Make a person's Home agree with what they would find in it.
    Home {
        /// Whose.
        person: PersonId,
    },
}

/// Names one copy of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardKey {
    /// About which request.
    pub request: RequestId,
    /// Which message.
    pub kind: CardKind,
    /// To whom or where.
    pub recipient: Recipient,
}

/// Which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// Asks an approver; buttons while it is pending.
    Ask,
    /// The living message for requester and grantee.
    Status,
    /// Tells that the access is there, and how to connect.
    Active,
    /// Tells that it ends soon.
    EndsSoon,
    /// Tells that it is over.
    Ended,
    /// Tells admins that access which should be gone is still there.
    StillThere,
    /// Tells admins that nobody can approve.
    NobodyCanApprove,
    /// Tells admins that a target refuses to move the end of access.
    EndStays,
}

/// To whom, or where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A person, wherever they can be reached.
    Person(PersonId),
    /// A channel, by the platform's own id.
    Channel(String),
}

impl CardKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Ask,
        Self::Status,
        Self::Active,
        Self::EndsSoon,
        Self::Ended,
        Self::StillThere,
        Self::NobodyCanApprove,
        Self::EndStays,
    ];

    /// Its word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Status => "status",
            Self::Active => "active",
            Self::EndsSoon => "ends_soon",
            Self::Ended => "ended",
            Self::StillThere => "still_there",
            Self::NobodyCanApprove => "nobody_can_approve",
            Self::EndStays => "end_stays",
        }
    }

    /// The kind of that word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Channel(channel) => write!(f, "channel:{channel}"),
        }
    }
}

impl Recipient {
    /// The recipient written as `text`.
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("person", person) => Some(Self::Person(PersonId::new(person))),
            ("channel", channel) => Some(Self::Channel(channel.to_owned())),
            _ => None,
        }
    }
}

/// The lanes of an integration's work, giving and taking away: a slow target delays only itself,
/// and what must go never waits for what comes.
pub fn target_lanes(integration: &IntegrationId) -> [String; 2] {
    [format!("target:{integration}"), format!("ending:{integration}")]
}

impl Job {
    /// The outbox row of this job; `seq` is its place among what its recipient hears of its request.
    pub(super) fn work(&self, seq: i64) -> Work {
        let (id, lane, thread) = match self {
            Self::Settle { entitlement } => {
                let id = format!("settle:{}", entitlement.key());
                let [giving, _] = target_lanes(&entitlement.item.at.integration);
                (id.clone(), giving, id)
            }
            Self::Show(card) => {
                let CardKey { request, kind, recipient } = card;
                let id = format!("show:{}:{}:{recipient}", request.0, kind.word());
                (id, MESSAGES.to_owned(), format!("show:{}:{recipient}", request.0))
            }
            Self::Rewrite(card) => {
                let CardKey { request, kind, recipient } = card;
                let id = format!("rewrite:{}:{}:{recipient}", request.0, kind.word());
                (id.clone(), MESSAGES.to_owned(), id)
            }
            Self::TellSecondAccount { account, recipient, .. } => {
                let Account { platform, workspace, user } = account;
                let id = format!("tell:second_account:{platform}:{workspace}:{user}:{recipient}");
                (id.clone(), MESSAGES.to_owned(), id)
            }
            Self::TellUnreachable { person, recipient } => {
                let id = format!("tell:unreachable:{person}:{recipient}");
                (id.clone(), MESSAGES.to_owned(), id)
            }
            Self::TellAway { platform, person, recipient } => {
                let id = format!("tell:away:{platform}:{person}:{recipient}");
                (id.clone(), MESSAGES.to_owned(), id)
            }
            Self::TellMailDown { recipient } => {
                let id = format!("tell:mail_down:{recipient}");
                (id.clone(), MESSAGES.to_owned(), id)
            }
            Self::TellSignInClosed { person, is_own, recipient } => {
                let room = if *is_own { "own" } else { "open" };
                let id = format!("tell:sign_in_closed:{room}:{person}:{recipient}");
                (id.clone(), MESSAGES.to_owned(), id)
            }
            Self::Mail { what, is_beside } => {
                let Work { id, thread, .. } = what.work(seq);
                let thread = if *is_beside { format!("mail:{thread}") } else { thread };
                (format!("mail:{id}"), MAIL.to_owned(), thread)
            }
            Self::InChat { what } => {
                let Work { id, lane, thread, .. } = what.work(seq);
                (id, lane, thread)
            }
            Self::Home { person } => {
                let id = format!("home:{person}");
                (id.clone(), HOMES.to_owned(), id)
            }
        };
        Work { id, lane, thread, seq, job: serde_json::json!(self).to_string() }
    }

    /// The outbox row of a job that takes something away.
    pub(super) fn ending(&self) -> Work {
        let row = self.work(0);
        match self {
            Self::Settle { entitlement } => {
                let [_, ending] = target_lanes(&entitlement.item.at.integration);
                Work { lane: ending, ..row }
            }
            Self::Show(_)
            | Self::Rewrite(_)
            | Self::Home { .. }
            | Self::TellSecondAccount { .. }
            | Self::TellUnreachable { .. }
            | Self::TellAway { .. }
            | Self::TellMailDown { .. }
            | Self::TellSignInClosed { .. }
            | Self::Mail { .. }
            | Self::InChat { .. } => row,
        }
    }
}
