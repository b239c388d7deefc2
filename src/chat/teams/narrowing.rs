//! What an approver leaves of a request: the fields of the dialog, and what is searched in them.
use super::activity::By;
use super::handle::{Teams, Why};
use crate::chat::form::fields::Fields;
use crate::chat::narrowing::Narrowed;
use crate::domain::record::Record;
use crate::show::Voice;
use crate::show::narrowing::{self, NarrowForm};

/// Boxes of one dialog: they and the rest of it fit into a card. Of more things those that go are
/// searched for.
const MOST_TICKS: usize = 40;
/// What is offered before anything is typed, and at most for what is.
const OFFERED: usize = 15;

/// The fields as they stand in a dialog.
pub(super) fn form(voice: Voice<'_>, record: &Record) -> NarrowForm {
    narrowing::form(voice, record, MOST_TICKS)
}

/// What the fields of a dialog say that stays; lists are called as in every other dialog.
pub(super) fn narrowed(fields: &Fields) -> Narrowed {
    let many = |name: &'static str| fields.all(name).map(str::to_owned).collect::<Vec<_>>();
    let has = |name: &str| fields.get(name).is_some();
    Narrowed {
        seen: fields.number("seen"),
        duration: fields.get("duration").map(str::to_owned),
        keep: has("boxes").then(|| many("item")),
        out: has("pick").then(|| many("pick")),
    }
}

impl Teams {
    /// What can be taken out of a request, by words.
    pub(super) async fn things_out(
        &self,
        by: &By,
        id: &str,
        text: &str,
    ) -> Result<Vec<(String, String)>, Why> {
        let Ok(id) = id.parse() else { return Ok(Vec::new()) };
        let person = self.person(by).await?;
        let record = self.app().request(&person, id).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        Ok(rows(voice, &record, text))
    }
}

/// The first things with these words, each with its place.
fn rows(voice: Voice<'_>, record: &Record, text: &str) -> Vec<(String, String)> {
    let found = narrowing::things(voice, record, text).into_iter().take(OFFERED);
    let row = |choice: crate::show::Choice| {
        let hint = choice.hint.map(|hint| format!(" · {hint}")).unwrap_or_default();
        (format!("{}{hint}", choice.label), choice.value)
    };
    found.map(row).collect()
}
