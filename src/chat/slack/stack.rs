//! Views on top of each other: what is opened from a view is put on top of it, so that closing it
//! leads back, and what lies below is brought up to date when something was done above it.
//!
//! Slack keeps no note of ours about a view that is not the uppermost, so each carries what lies
//! below it: which view, and what that shows.
use super::api::{ApiError, ShownView};
use super::handle::{Slack, Way, Why};
use super::payload::View;
use super::views::lead_back;
use crate::domain::id::RequestId;
use crate::domain::person::Account;
use crate::show::home::ListPlace;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A view that can be brought up to date, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shown {
    view: String,
    shows: Shows,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shows {
    List(ListPlace),
    Details { request: RequestId, page: usize },
}

impl Shown {
    /// The page of details that is shown.
    pub(super) fn page(&self) -> Option<usize> {
        match &self.shows {
            Shows::Details { page, .. } => Some(*page),
            Shows::List(_) => None,
        }
    }
}

/// What details carry: which page of which request, and what lies below them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DetailsPlace {
    pub(super) request: RequestId,
    pub(super) page: usize,
    #[serde(default)]
    pub(super) below: Vec<Shown>,
}

/// The view that something was pressed in.
#[derive(Debug, Clone)]
pub(super) struct Over {
    view: String,
    has_room: bool,
    /// Whether it lies on another one itself.
    is_pushed: bool,
    /// It and what lies below it, the undermost first.
    stack: Vec<Shown>,
}

impl Over {
    /// The modal that was pressed in; the Home is none.
    pub(super) fn of(view: &View) -> Option<Self> {
        let over = || Self {
            view: view.id.clone(),
            has_room: view.has_room,
            is_pushed: view.is_pushed,
            stack: stack(view).unwrap_or_default(),
        };
        (!view.is_home).then(over)
    }
}

/// A view and what lies below it, as far as that can be brought up to date.
fn stack(view: &View) -> Option<Vec<Shown>> {
    match view.callback.as_str() {
        "list" => {
            let shows = Shows::List(serde_json::from_str(&view.metadata).ok()?);
            Some(vec![Shown { view: view.id.clone(), shows }])
        }
        "details" => {
            let DetailsPlace { request, page, mut below } =
                serde_json::from_str(&view.metadata).ok()?;
            below.push(Shown { view: view.id.clone(), shows: Shows::Details { request, page } });
            Some(below)
        }
        _ => None,
    }
}

impl Way {
    /// Whether the view that they acted in lies on another one.
    pub(super) fn is_pushed(&self) -> bool {
        self.over.as_ref().is_some_and(|over| over.is_pushed)
    }

    /// The views in front of whoever acted, the undermost first.
    pub(super) fn stack(&self) -> Vec<Shown> {
        self.over.as_ref().map(|over| over.stack.clone()).unwrap_or_default()
    }
}

impl Slack {
    /// Puts a view in front of whoever acted: on top of the one that they acted in where there is
    /// room, else in its place.
    pub(super) async fn open(&self, way: &Way, mut view: Value) -> Result<ShownView, ApiError> {
        let trigger = way.trigger.as_deref().unwrap_or_default();
        let Some(over) = &way.over else { return self.api().open_view(trigger, view).await };
        lead_back(self.language(&way.from).await, &mut view);
        match over.has_room {
            true => self.api().push_view(trigger, view).await,
            false => self.api().update_view(&over.view, None, view).await,
        }
    }

    /// Brings views up to date, the uppermost first. One that cannot be is out of date until its
    /// next press, and nobody is told that what they did went wrong.
    pub(super) async fn refresh(&self, way: &Way, stack: &[Shown]) {
        for (n, shown) in stack.iter().enumerate().rev() {
            let below = stack.get(..n).unwrap_or_default();
            if let Err(why) = self.draw_anew(way, shown, below).await {
                let error = why.as_error();
                tracing::warn!(error, "an open view was not brought up to date");
            }
        }
    }

    async fn draw_anew(&self, way: &Way, shown: &Shown, below: &[Shown]) -> Result<(), Why> {
        let view = match &shown.shows {
            Shows::List(place) => {
                let person = self.person(&way.from).await?;
                self.list_view(way, &person, place.clone()).await?
            }
            Shows::Details { request, page } => self.details(way, *request, *page, below).await?,
        };
        match self.api().update_view(&shown.view, None, view).await {
            Err(error) if !error.is_overtaken() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Brings what lies below a dialog up to date once that is closed.
    pub(super) fn refresh_later(self: &Arc<Self>, from: &Account, stack: Vec<Shown>) {
        if stack.is_empty() {
            return;
        }
        let way = Way::to(from);
        self.later(move |slack| async move {
            slack.refresh(&way, &stack).await;
            Ok(())
        });
    }
}
