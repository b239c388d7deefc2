//! Logs: our own by the filter that was asked for, those of libraries hardly at all.
//!
//! Libraries log what they carry (answers, statements, frames, headers), so no filter can turn
//! the ones that see secrets or people's words on, and the others never below a warning. Records
//! of the `log` crate are not collected.
mod causes;

use causes::WithCauses;
use std::io;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

/// What a log line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("the log filter is not understood; an example that is: `info,hallpass::work=debug`")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// It was started before.
    #[error("logging was started twice")]
    Twice(#[source] tracing::subscriber::SetGlobalDefaultError),
}

/// Libraries that carry tokens, SQL or payloads, and log them.
const SILENT: [&str; 10] = [
    "slack_morphism",
    "sqlx",
    "hyper",
    "hyper_util",
    "hyper_rustls",
    "rustls",
    "tungstenite",
    "tokio_tungstenite",
    "tokio_postgres",
    "reqwest",
];

/// Starts logging to standard error; `filter` as in `info,hallpass::work=debug`, `info` when none.
///
/// # Errors
///
/// [`TelemetryError`] when the filter is wrong or logging runs already.
pub fn start(format: LogFormat, filter: Option<&str>) -> Result<(), TelemetryError> {
    let subscriber = subscriber(format, filter, io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).map_err(TelemetryError::Twice)
}

/// What collects the logs and writes them to `writer`.
///
/// # Errors
///
/// [`TelemetryError::Filter`].
pub fn subscriber<W>(
    format: LogFormat,
    filter: Option<&str>,
    writer: W,
) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(filter.unwrap_or_default())
        .map_err(TelemetryError::Filter)?;
    let lines = lines(format, writer).with_filter(filter.and(filter_fn(may_log)));
    Ok(Registry::default().with(lines))
}

fn lines<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            lines.map_event_format(WithCauses).boxed()
        }
    }
}

/// Whether anything may be logged from there at that level, whatever was asked for.
fn may_log(metadata: &Metadata<'_>) -> bool {
    let library = metadata.target().split("::").next().unwrap_or_default();
    if library == env!("CARGO_CRATE_NAME") {
        return true;
    }
    !SILENT.contains(&library) && *metadata.level() <= Level::WARN
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, filter: Option<&str>, act: impl FnOnce()) -> String {
        let page = Page::default();
        let writer = page.clone();
        let subscriber = subscriber(format, filter, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn no_filter_makes_a_library_say_what_it_carries() {
        let everything = "trace,slack_morphism=trace,sqlx::query=trace,hyper=trace";

        let page = logged(LogFormat::Json, Some(everything), || {
            tracing::trace!("ours at trace");
            tracing::error!(target: "slack_morphism::client", "canary");
            tracing::warn!(target: "sqlx::query", "canary");
            tracing::trace!(target: "hyper::proto", "canary");
            tracing::info!(target: "tower_http::trace", "canary");
            let span = tracing::error_span!(target: "hyper_util::client", "s", secret = "canary");
            span.in_scope(|| tracing::info!("ours within theirs"));
            tracing::warn!(target: "some_library", "a warning");
        });

        assert!(!page.contains("canary"), "{page}");
        for ours in ["ours at trace", "ours within theirs", "a warning"] {
            assert!(page.contains(ours), "{page}");
        }
    }

    #[test]
    fn a_line_carries_its_request_id_in_both_formats() {
        for format in [LogFormat::Json, LogFormat::Text] {
            let page = logged(format, None, || {
                let span = tracing::info_span!("http", request.id = "0190");
                span.in_scope(|| tracing::info!("seen"));
                tracing::debug!("unseen");
            });

            assert!(page.contains("0190") && page.contains("seen"), "{page}");
            assert!(!page.contains("unseen"), "{page}");
        }
    }

    #[test]
    fn an_error_is_logged_with_what_caused_it_in_both_formats() {
        #[derive(Debug, thiserror::Error)]
        #[error("database")]
        struct Ours(#[source] std::num::ParseIntError);
        let error = Ours("many".parse::<i64>().unwrap_err());
        for format in [LogFormat::Json, LogFormat::Text] {
            let page = logged(format, None, || {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, work = "settle:1", "work failed");
            });

            for part in ["database", "invalid digit", "settle:1", "work failed"] {
                assert!(page.contains(part), "{part} is not in {page}");
            }
            assert_eq!(page.lines().count(), 1);
        }
    }

    #[test]
    fn a_wrong_filter_is_told() {
        assert!(subscriber(LogFormat::Text, Some("info,=x=y"), io::sink).is_err());
    }
}
