//! The way back to whoever acted, and what keeps something from being done for them.
use super::api::ApiError;
use super::stack::Over;
use crate::app::ActError;
use crate::chat::Posted;
use crate::chat::standings::Nobody;
use crate::domain::person::Account;
use crate::show::templates::ShowError;

/// Back to the person: who, and how to answer them.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) from: Account,
    pub(super) trigger: Option<String>,
    pub(super) response_url: Option<String>,
    /// Whether it began with a click rather than a typed word.
    pub(super) is_click: bool,
    /// The copy of a question that was clicked.
    pub(super) copy: Option<Posted>,
    /// The view that it was clicked in, when it was in one.
    pub(super) over: Option<Over>,
}

/// Work that failed, and whom to tell.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) way: Way,
    pub(super) why: Why,
}

/// Why work failed.
#[derive(Debug)]
pub(super) enum Why {
    Nobody(Nobody),
    Act(ActError),
    Slack(ApiError),
    Show(ShowError),
}

impl Way {
    /// To a person of whom nothing but the account is known.
    pub(super) fn to(from: &Account) -> Self {
        Self {
            from: from.clone(),
            trigger: None,
            response_url: None,
            is_click: true,
            copy: None,
            over: None,
        }
    }

    /// Names what Slack sent, where it can send it twice.
    pub(super) fn key(&self) -> Option<String> {
        let trigger = self.trigger.as_deref().filter(|trigger| !trigger.is_empty())?;
        Some(format!("slack:{}:{trigger}", self.from.workspace))
    }

    /// Marks an error with the person to tell.
    pub(super) fn trouble(&self, why: impl Into<Why>) -> Trouble {
        Trouble { way: self.clone(), why: why.into() }
    }
}

impl Why {
    /// Whether the same may well work in a moment: nothing that a person wrote is lost over it.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Nobody(nobody) => matches!(nobody, Nobody::Unconfirmed | Nobody::Ours),
            Self::Act(error) => matches!(error, ActError::Store(_) | ActError::CutShort),
            Self::Slack(error) => error.is_passing(),
            Self::Show(_) => false,
        }
    }

    /// For the log.
    pub(super) fn as_error(&self) -> &(dyn std::error::Error + 'static) {
        match self {
            Self::Nobody(error) => error,
            Self::Act(error) => error,
            Self::Slack(error) => error,
            Self::Show(error) => error,
        }
    }
}

impl From<Nobody> for Why {
    fn from(nobody: Nobody) -> Self {
        Self::Nobody(nobody)
    }
}

impl From<ActError> for Why {
    fn from(error: ActError) -> Self {
        Self::Act(error)
    }
}

impl From<ApiError> for Why {
    fn from(error: ApiError) -> Self {
        Self::Slack(error)
    }
}

impl From<ShowError> for Why {
    fn from(error: ShowError) -> Self {
        Self::Show(error)
    }
}
