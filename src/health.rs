//! What is well and what is not, by part: told by those who know, read by `/readyz`.
//!
//! A part starts red ("not ready yet") and is whatever its owner said last. Sentences are for
//! admins: no person, payload or secret in them.
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The parts of this instance and what ails them.
#[derive(Debug, Clone, Default)]
pub struct Health {
    parts: Arc<Mutex<BTreeMap<&'static str, Option<String>>>>,
}

/// One part's own line, for whoever keeps it.
#[derive(Debug, Clone)]
pub struct Part {
    health: Health,
    name: &'static str,
}

impl Health {
    /// Adds a part; it is red until [`Part::well`] is said.
    pub fn part(&self, name: &'static str) -> Part {
        self.set(name, Some("not ready yet".to_owned()));
        Part { health: self.clone(), name }
    }

    /// What is wrong, a part and its sentence each; empty when all is well.
    pub fn ailments(&self) -> Vec<(&'static str, String)> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.iter().filter_map(|(name, ailment)| Some((*name, ailment.clone()?))).collect()
    }

    fn set(&self, name: &'static str, ailment: Option<String>) -> bool {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.insert(name, ailment.clone()) != Some(ailment)
    }
}

impl Part {
    /// Says that all is well; true when it was not before.
    pub fn well(&self) -> bool {
        let is_new = self.health.set(self.name, None);
        if is_new {
            tracing::info!(part = self.name, "{} is ready", self.name);
        }
        is_new
    }

    /// Says what is wrong, in one sentence; true when that is new.
    pub fn ails(&self, sentence: impl Into<String>) -> bool {
        let sentence = sentence.into();
        let is_new = self.health.set(self.name, Some(sentence.clone()));
        if is_new {
            tracing::warn!(part = self.name, "{} is not ready: {sentence}", self.name);
        }
        is_new
    }
}

/// How something is probed, over and over.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// Between an answer and the next question.
    pub every: Duration,
    /// An answer later than this is none.
    pub patience: Duration,
}

/// Probes something until `stop`; while it does not answer, `part` ails with `sentence`.
pub async fn watch<F, E>(
    part: Part,
    sentence: &'static str,
    probe: impl Fn() -> F,
    rhythm: Rhythm,
    stop: CancellationToken,
) where
    F: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    loop {
        match tokio::time::timeout(rhythm.patience, probe()).await {
            Ok(Ok(())) => {
                part.well();
            }
            // The error stays in the log: `/readyz` is read by anyone.
            Ok(Err(error)) => {
                if part.ails(sentence) {
                    tracing::warn!(part = part.name, %error, "the probe failed");
                }
            }
            Err(_) => {
                part.ails(sentence);
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(rhythm.every) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_red_until_it_is_well_and_says_why() {
        let health = Health::default();
        let database = health.part("database");
        let slack = health.part("slack");

        slack.well();
        database.ails("it does not answer");

        assert_eq!(health.ailments(), [("database", "it does not answer".to_owned())]);
        assert!(database.well());
        assert!(!database.well());
        assert!(health.ailments().is_empty());
    }

    #[tokio::test]
    async fn a_probe_that_hangs_is_an_ailment() {
        let health = Health::default();
        let hangs = || std::future::pending::<Result<(), std::io::Error>>();
        let rhythm = Rhythm { every: Duration::from_secs(9), patience: Duration::from_millis(1) };
        let part = health.part("database");
        let stop = CancellationToken::new();
        let watching = tokio::spawn(watch(part, "it is silent", hangs, rhythm, stop.clone()));

        while health.ailments() != [("database", "it is silent".to_owned())] {
            tokio::task::yield_now().await;
        }
        stop.cancel();

        watching.await.unwrap();
    }
}
