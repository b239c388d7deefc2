//! Putting another snapshot in force: a new configuration, or what a connector listed now.
//!
//! Both read, build and replace under one lock, so that a reload and a listing at the same time
//! cannot overwrite each other. A million resources take seconds to index; that happens on a thread
//! of its own, so that no click waits behind it.
use super::{ActError, App, Snapshot};
use crate::domain::catalog::Resource;
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

    /// Lays what an integration listed over the configuration, now and after a restart.
    pub async fn take_listed(
        &self,
        integration: &IntegrationId,
        resources: Vec<Resource>,
    ) -> Result<(), ActError> {
        // Packed while the list is given back piece by piece: the two are never there whole.
        let ours = integration.clone();
        let pack = move || {
            resources.into_iter().filter(|r| r.at.integration == ours).collect::<Resources>()
        };
        let new = blocking(pack).await?;
        let _alone = self.inner.replacing.lock().await;
        let listed = self.store().read().await?.listed().await?;
        let ours = integration.clone();
        let compare = move || {
            let stored = listed.iter().filter(|r| r.at.integration == ours);
            (stored.eq(new.iter()), listed, new)
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
        let channel = self.policy().alarm_channel().map(str::to_owned);
        let build = move || Snapshot::new(configured, &listed).with_alarm_channel(channel);
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
