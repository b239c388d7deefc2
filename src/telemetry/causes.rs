//! A JSON line whose errors say what caused them; the library's own names the outermost alone.
use serde_json::Value;
use std::error::Error;
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

/// Lines as the inner format writes them, with the causes of errors.
pub(super) struct WithCauses<F>(pub(super) F);

impl<S, N, F> FormatEvent<S, N> for WithCauses<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut causes = Causes::default();
        event.record(&mut causes);
        if causes.0.is_empty() {
            return self.0.format_event(ctx, writer, event);
        }
        let mut line = String::new();
        self.0.format_event(ctx, Writer::new(&mut line), event)?;
        match serde_json::from_str(&line) {
            Ok(Value::Object(mut fields)) => {
                for (name, error) in causes.0 {
                    fields.insert(name.to_owned(), error.into());
                }
                writeln!(writer, "{}", Value::Object(fields))
            }
            _ => writer.write_str(&line),
        }
    }
}

/// The errors of a line that have a cause, in full.
#[derive(Default)]
struct Causes(Vec<(&'static str, String)>);

impl Visit for Causes {
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        if value.source().is_some() {
            self.0.push((field.name(), in_full(value)));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// An error and its causes in one line; what an error repeats of its cause is said once.
fn in_full(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}
