//! A bot on a runtime of its own.
use hallpass::app::App;
use hallpass::bot::{Bot, Parts};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// A running bot; dropping it ends it without mercy.
pub(crate) struct Running {
    bot: Option<Bot>,
    runtime: Option<Runtime>,
}

impl Running {
    pub(crate) async fn start(parts: Parts) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let bot = runtime.spawn(Bot::start(parts)).await.unwrap().unwrap();
        bot.app.catalogue_known().await;
        Self { bot: Some(bot), runtime: Some(runtime) }
    }

    fn bot(&self) -> &Bot {
        self.bot.as_ref().unwrap()
    }

    pub(crate) fn app(&self) -> &App {
        &self.bot().app
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.bot().address)
    }

    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.as_ref().unwrap().spawn(work)
    }

    pub(crate) fn begin_draining(&self) -> JoinHandle<usize> {
        let worker = Arc::clone(&self.bot().worker);
        self.spawn(async move { worker.drain().await })
    }

    pub(crate) async fn drain(&self) -> usize {
        self.begin_draining().await.unwrap()
    }

    pub(crate) async fn drain_lane(&self, lane: &str) -> usize {
        let (worker, lane) = (Arc::clone(&self.bot().worker), lane.to_owned());
        self.spawn(async move { worker.drain_lane(&lane).await }).await.unwrap()
    }

    pub(crate) async fn lists(&self) {
        let worker = Arc::clone(&self.bot().worker);
        self.spawn(async move { worker.list_all().await }).await.unwrap();
    }

    /// Stops as a service manager stops it.
    pub(crate) async fn stop(mut self) {
        let bot = self.bot.take().unwrap();
        let runtime = self.runtime.take().unwrap();
        runtime.spawn(bot.stop()).await.unwrap();
        runtime.shutdown_background();
    }

    /// Ends it; returns once none of its threads runs any more.
    pub(crate) async fn crash(mut self) {
        let (bot, runtime) = (self.bot.take(), self.runtime.take().unwrap());
        let end = move || runtime.shutdown_timeout(Duration::from_secs(10));
        tokio::task::spawn_blocking(end).await.unwrap();
        drop(bot);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
