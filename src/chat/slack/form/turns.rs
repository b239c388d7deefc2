//! The order of what people do in each open view: the latest wins, and pictures follow one another.
//!
//! A view is drawn by one instance at a time, over what it drew last. What another instance put in
//! its place, or an acknowledgement, carries a hash that nobody here knows, and stays.
use super::super::api::{ApiError, ShownView};
use super::super::handle::{Slack, Why};
use super::super::payload::View;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Most views whose order is kept; beyond, all begin anew.
const REMEMBERED: usize = 10_000;
/// How long after a key the view is drawn: keys that follow sooner are drawn as one, since Slack
/// takes about a hundred pictures a minute of all people together.
const BETWEEN_KEYS: Duration = Duration::from_millis(400);
/// Longest pause that Slack may ask for before a picture; after a longer one people have gone on.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What people did in each open view, and what was drawn in it.
#[derive(Debug, Default)]
pub(in super::super) struct Turns(Mutex<HashMap<String, Turn>>);

/// One view.
#[derive(Debug, Clone)]
struct Turn {
    /// How often something was done in it.
    newest: u64,
    /// The hash of what was last drawn in it from here.
    drawn: Option<String>,
    /// Whoever holds it draws.
    brush: Arc<Semaphore>,
}

impl Default for Turn {
    fn default() -> Self {
        Self { newest: 0, drawn: None, brush: Arc::new(Semaphore::new(1)) }
    }
}

impl Turns {
    /// Something new happens in the view.
    pub(super) fn begin(&self, view: &str) -> u64 {
        self.with(view, |turn| {
            turn.newest += 1;
            turn.newest
        })
    }

    /// Whether nothing newer happened in it.
    pub(super) fn is_newest(&self, view: &str, turn: u64) -> bool {
        self.with(view, |known| known.newest <= turn)
    }

    fn with<T>(&self, view: &str, look: impl FnOnce(&mut Turn) -> T) -> T {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= REMEMBERED && !turns.contains_key(view) {
            turns.clear();
        }
        look(turns.entry(view.to_owned()).or_default())
    }
}

impl Slack {
    /// Waits until a key may be drawn; whether nothing newer happened meanwhile.
    pub(super) async fn keys_rest(&self, view: &str, turn: u64) -> bool {
        tokio::time::sleep(BETWEEN_KEYS).await;
        self.turns().is_newest(view, turn)
    }

    /// Puts a picture in the place of the open view, unless something newer happened in it. One
    /// that `is_news` stands for a change, and also covers what it finds there instead.
    pub(super) async fn draw(
        &self,
        open: &View,
        turn: u64,
        (view, is_news): (Value, bool),
    ) -> Result<(), Why> {
        let brush = self.turns().with(&open.id, |turn| Arc::clone(&turn.brush));
        // Nobody closes it.
        let _held = brush.acquire_owned().await.ok();
        let mut drawn = self.try_to_draw(open, turn, &view, is_news).await;
        if let Err(ApiError::RateLimited { after }) = &drawn
            && *after <= LONGEST_PAUSE
        {
            tokio::time::sleep(*after).await;
            drawn = self.try_to_draw(open, turn, &view, is_news).await;
        }
        match drawn {
            // Closed, or newer.
            Err(error) => Ok(error.unless_overtaken()?),
            Ok(()) => Ok(()),
        }
    }

    /// Puts a picture in the place of a view as it was opened, and of nothing newer.
    pub(super) async fn draw_over(&self, opened: &ShownView, view: Value) -> Result<(), ApiError> {
        match self.api().update_view(&opened.id, Some(&opened.hash), view).await {
            Ok(drawn) => {
                self.turns().with(&opened.id, |turn| turn.drawn = Some(drawn.hash));
                Ok(())
            }
            Err(error) => error.unless_overtaken(),
        }
    }

    async fn try_to_draw(
        &self,
        open: &View,
        turn: u64,
        view: &Value,
        is_news: bool,
    ) -> Result<(), ApiError> {
        // As it was pressed; as it was last drawn from here since; and whatever there is.
        let own = self.turns().with(&open.id, |turn| turn.drawn.clone());
        let own = own.filter(|own| Some(own) != open.hash.as_ref());
        let hashes = [Some(open.hash.clone()), own.map(Some), is_news.then_some(None)];
        let mut drawn = Ok(());
        for hash in hashes.into_iter().flatten() {
            if !self.turns().is_newest(&open.id, turn) {
                return Ok(());
            }
            match self.api().update_view(&open.id, hash.as_deref(), view.clone()).await {
                Ok(shown) => {
                    self.turns().with(&open.id, |turn| turn.drawn = Some(shown.hash));
                    return Ok(());
                }
                Err(error) if error.is_conflict() => drawn = Err(error),
                Err(error) => return Err(error),
            }
        }
        drawn
    }
}
