//! Views within Slack's limits.
use crate::domain::language::Language;
use crate::show::templates::{self, ShowError};
use crate::show::texts;
use serde::Serialize;
use serde_json::Value;

/// Lays out a view. One that is more than Slack takes is shown without the parts that are too much,
/// says so, and is reported by its template and the places.
pub(super) fn view<M: Serialize>(
    language: Language,
    name: &str,
    model: &M,
) -> Result<Value, ShowError> {
    match templates::slack(language, name, model) {
        Err(error @ ShowError::TooMuch { .. }) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a view was reduced to what Slack takes of it");
            templates::slack_reduced(language, name, model)
        }
        laid_out => laid_out,
    }
}

/// Calls the way out of a view *Back*, where another one is below it; a dialog's stays *Cancel*.
pub(super) fn lead_back(language: Language, view: &mut Value) {
    let is_dialog = view.get("submit").is_some();
    if let Some(close) = view.pointer_mut("/close/text").filter(|_| !is_dialog) {
        *close = texts::say(language, "button-back", []).into();
    }
}

/// Puts into a view what it shall carry for us.
pub(super) fn carry<C: Serialize>(view: &mut Value, carried: &C) {
    if let Some(view) = view.as_object_mut() {
        let carried = serde_json::json!(carried).to_string();
        view.insert("private_metadata".to_owned(), carried.into());
    }
}
