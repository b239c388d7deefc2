//! What stands around every page: its title, who reads it, where they can go, what was just done.
use crate::domain::id::PersonId;
use crate::show::{Voice, words};
use serde::Serialize;

/// A page: what stands around it, and itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<B> {
    /// What stands around it.
    pub frame: Frame,
    /// The page itself.
    pub body: B,
}

/// What stands around a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// `en`.
    pub language: &'static str,
    /// What the browser calls it.
    pub title: String,
    /// Where the pages are on this host; empty where they are at its root.
    pub root: String,
    /// The style sheet's address.
    pub style: String,
    /// Who reads it, where they are signed in.
    pub reader: Option<String>,
    /// What forms carry to show that they were drawn for this browser.
    pub form: String,
    /// Where the reader can go.
    pub ways: Vec<Way>,
    /// What to say first.
    pub said: Option<Said>,
    /// Set inside of Teams.
    pub in_teams: Option<InTeams>,
}

/// What is otherwise around a page inside of Teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InTeams {
    /// Where the same page stands alone, for a browser.
    pub outside: Option<String>,
}

/// A place where the reader can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Its path below the root.
    pub path: &'static str,
    /// What people read.
    pub label: String,
    /// Whether the reader is there.
    pub is_here: bool,
}

/// Something to say at the top of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What.
    pub text: String,
    /// Whether something went wrong.
    pub is_wrong: bool,
}

/// A place of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What a person has and waits for.
    Home,
    /// What waits for their decision.
    Waiting,
    /// Everything they asked for.
    Requests,
    /// What they have.
    Access,
    /// What they starred.
    Favorites,
    /// What is for and by others.
    Delegated,
    /// None of these.
    Elsewhere,
}

/// What was done a moment ago, told on the page that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A yes.
    Approved,
    /// A no.
    Rejected,
    /// Withdrawn.
    Cancelled,
    /// Being taken away.
    Ended,
    /// Lasts longer.
    Extended,
    /// Has a star.
    Starred,
    /// Has none any more.
    Unstarred,
    /// Signed out.
    SignedOut,
}

impl Done {
    /// Each with its word in an address.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Approved, "approved"),
        (Self::Rejected, "rejected"),
        (Self::Cancelled, "cancelled"),
        (Self::Ended, "ended"),
        (Self::Extended, "extended"),
        (Self::Starred, "starred"),
        (Self::Unstarred, "unstarred"),
        (Self::SignedOut, "signed-out"),
    ];

    /// What was done, by its word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(done, _)| done)
    }

    /// Its word in an address.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(done, _)| *done == self).map_or("", |(_, word)| word)
    }
}

/// What was done, as a sentence.
pub fn done(voice: Voice<'_>, done: Done) -> Said {
    let key = match done {
        Done::Approved => "page-done-approved",
        Done::Rejected => "page-done-rejected",
        Done::Cancelled => "page-done-cancelled",
        Done::Ended => "page-done-ended",
        Done::Extended => "page-done-extended",
        Done::Starred => "page-done-starred",
        Done::Unstarred => "page-done-unstarred",
        Done::SignedOut => "page-done-signed-out",
    };
    Said { text: voice.say(key, []), is_wrong: false }
}

impl Said {
    /// Something that went wrong.
    pub fn wrong(text: String) -> Self {
        Self { text, is_wrong: true }
    }
}

impl Frame {
    /// What stands around a page of that title for nobody in particular.
    pub fn new(voice: Voice<'_>, title: String, root: &str, style: &str) -> Self {
        Self {
            language: voice.language.tag(),
            title,
            root: root.to_owned(),
            style: style.to_owned(),
            reader: None,
            form: String::new(),
            ways: Vec::new(),
            said: None,
            in_teams: None,
        }
    }

    /// The same for somebody who is signed in and stands at `here`.
    #[must_use]
    pub fn read_by(self, voice: Voice<'_>, reader: &PersonId, here: Place) -> Self {
        let ways = [
            (Place::Home, "/", "page-home"),
            (Place::Waiting, "/waiting", "list-waiting"),
            (Place::Requests, "/requests", "list-requests"),
            (Place::Access, "/access", "list-access"),
            (Place::Favorites, "/favourites", "list-favorites"),
            (Place::Delegated, "/delegated", "list-delegated"),
        ];
        let way = |(place, path, key): (Place, &'static str, &str)| Way {
            path,
            label: voice.say(key, []),
            is_here: place == here,
        };
        Self {
            reader: Some(words::name(voice, reader)),
            ways: ways.into_iter().map(way).collect(),
            ..self
        }
    }

    /// The same with what its forms carry.
    #[must_use]
    pub fn with_form(self, form: String) -> Self {
        Self { form, ..self }
    }

    /// The same inside of Teams; `outside` is where the page stands alone.
    #[must_use]
    pub fn in_teams(self, outside: Option<String>) -> Self {
        Self { in_teams: Some(InTeams { outside }), ..self }
    }

    /// The same with something to say first.
    #[must_use]
    pub fn saying(self, said: Option<Said>) -> Self {
        Self { said, ..self }
    }
}

/// A page that only says something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its heading.
    pub title: String,
    /// What is to say, a paragraph each.
    pub lines: Vec<String>,
}

/// There is no such page, or it is not the reader's; the two look the same.
pub fn not_found(voice: Voice<'_>) -> Notice {
    let lines = vec![voice.say("page-not-found-line", [])];
    Notice { title: voice.say("page-not-found", []), lines }
}

/// Something could not be done.
pub fn sorry(voice: Voice<'_>, line: String) -> Notice {
    Notice { title: voice.say("page-sorry", []), lines: vec![line] }
}

/// What was sent was not drawn for this browser, or too long ago.
pub fn form_old(voice: Voice<'_>) -> Notice {
    sorry(voice, voice.say("page-form-old", []))
}
