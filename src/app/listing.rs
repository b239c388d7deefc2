//! Putting another snapshot in force: a new configuration, or what a connector listed now.
//!
//! Both read, build and replace under one lock, so that a reload and a listing at the same time
//! cannot overwrite each other. A million resources take seconds to index; that happens on a thread
//! of its own, so that no click waits behind it. At a start it happens beside the first answers:
//! whoever needs the catalogue waits for it, and nobody else does.
use super::{ActError, App, Snapshot};
use crate::domain::id::IntegrationId;
use crate::domain::policy::Policy;
use crate::domain::resources::Resources;
use std::sync::{Arc, PoisonError};

impl App {
    /// Puts a new configuration in force.
    pub async fn reload(&self, configured: Policy) -> Result<(), ActError> {
        let _alone = self.inner.replacing.lock().await;
        let listed = self.store().read().await?.listed().await?;
        self.put_in_force(configured, listed).await
    }

    /// Has [`App::whole`] wait until [`App::read_catalogue`] is done.
    pub fn await_catalogue(&self) {
        self.inner.is_known.send_replace(false);
    }

    /// Waits until what the connectors listed before is there. Until then nobody knows what can be
    /// asked for, and who answers for it: whoever needs that waits here first.
    pub async fn catalogue_known(&self) {
        let mut is_known = self.inner.is_known.subscribe();
        // It cannot be gone: it is ours.
        let _ = is_known.wait_for(|is_known| *is_known).await;
    }

    /// Lays what the connectors listed before over the configuration.
    pub async fn read_catalogue(&self) -> Result<(), ActError> {
        let _alone = self.inner.replacing.lock().await;
        let listed = self.store().read().await?.listed().await?;
        if !listed.is_empty() {
            let configured = self.policy().configured().clone();
            self.put_in_force(configured, listed).await?;
        }
        self.inner.is_known.send_replace(true);
        Ok(())
    }

    /// Lays what an integration listed over the configuration, now and after a restart.
    pub async fn take_listed(
        &self,
        integration: &IntegrationId,
        resources: Resources,
    ) -> Result<(), ActError> {
        let _alone = self.inner.replacing.lock().await;
        let listed = self.store().read().await?.listed().await?;
        let ours = integration.clone();
        let compare = move || {
            let new = resources.within(|integration| *integration == ours);
            (listed.within(|integration| *integration == ours) == new, listed, new)
        };
        let (is_known, mut listed, new) = blocking(compare).await?;
        if !is_known {
            // Both at once are more than is needed while the rows are written.
            drop(listed);
            self.retried(|| self.save_listed(integration, &new)).await?;
            listed = self.store().read().await?.listed().await?;
        }
        // Another instance may have stored it first: what counts is what this one knows.
        if self.policy().listed() != listed.stamp() {
            let configured = self.policy().configured().clone();
            self.put_in_force(configured, listed).await?;
        }
        Ok(())
    }

    async fn save_listed(
        &self,
        integration: &IntegrationId,
        new: &Resources,
    ) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.save_listed(integration, new).await?;
        Ok(tx.commit().await?)
    }

    async fn put_in_force(&self, configured: Policy, listed: Resources) -> Result<(), ActError> {
        let channels = self.policy().alarm_channels().to_vec();
        let build = move || Snapshot::new(configured, &listed).with_alarm_channels(channels);
        let snapshot = blocking(build).await?;
        *self.inner.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }
}

/// Runs what takes long and waits for nothing, away from the threads that serve people.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ActError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ActError::CutShort)
}
