//! What a list in a dialog offers while somebody types into it.
use super::Answer;
use super::activity::By;
use super::answers::{ROWS, rows};
use super::handle::{Teams, Why};
use crate::app::Snapshot;
use crate::app::choose::item_handle;
use crate::chat::form::Asked;
use crate::chat::form::choose::{Chooser, Room};
use crate::domain::catalog::Item;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::words::has_words;
use crate::show::pages::form as pages;
use crate::show::{Voice, request_form as show};

/// A row: what it says, and what picking it sends.
type Row = (String, String);

impl Teams {
    /// What is found while somebody types into a list.
    pub(super) async fn search(&self, by: &By, dataset: &str, text: &str) -> Answer {
        let found = match dataset.strip_prefix("out ") {
            Some(id) => self.things_out(by, id, text).await,
            None => self.searched(by, dataset, text).await,
        };
        match found {
            Ok(found) => rows(&found),
            Err(why) => {
                // A list has no room for a sentence; the press that follows says it.
                tracing::info!(?why, "a list was not searched");
                rows(&[])
            }
        }
    }

    async fn searched(&self, by: &By, dataset: &str, text: &str) -> Result<Vec<Row>, Why> {
        let mut parts = dataset.split(' ');
        let (list, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let query = parts.next().unwrap_or_default();
        let owner = self.person(by).await?;
        let snapshot = self.app().policy();
        if list == "people" {
            return Ok(people(&snapshot, &owner, text));
        }
        let draft = self.app().draft(&owner, id).await?;
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let chooser = Chooser { snapshot: &snapshot, voice, owner: &owner, id, draft: &draft };
        Ok(things(&chooser, Asked::read(query), text))
    }
}

/// The people for whom somebody may ask.
fn people(snapshot: &Snapshot, owner: &PersonId, text: &str) -> Vec<Row> {
    let row = |person: &Person| {
        let choice = pages::person(person);
        (choice.label, choice.value)
    };
    snapshot.people_named(owner, text).into_iter().take(ROWS).map(row).collect()
}

/// What may be asked for: of everything, or of the bundle that is open.
fn things(chooser: &Chooser<'_>, mut asked: Asked, text: &str) -> Vec<Row> {
    let is_of_bundle = asked.bundle.is_some();
    if !is_of_bundle {
        text.clone_into(&mut asked.words);
    }
    let found = chooser.found(&asked, Room { found: ROWS, of_bundle: usize::MAX });
    let row = |item: &Item| {
        let choice = show::item_choice(chooser.voice, item, item_handle(item));
        let hint = choice.hint.map(|hint| format!(" · {hint}")).unwrap_or_default();
        (format!("{}{hint}", choice.label), choice.value)
    };
    let rows = found.items.iter().map(row);
    rows.filter(|(label, _)| !is_of_bundle || has_words(label, text)).collect()
}
