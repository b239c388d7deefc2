//! What stories really sent to Slack and to Teams, kept for validators that others wrote.
use super::World;
use hallpass::demo::slack::Sent;
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// The directory that `scripts/check-views` reads afterwards, and beside it, with `-cards` to its name,
/// the one that `scripts/check-cards` reads; nothing is kept without it.
const DIRECTORY: &str = "HALLPASS_KEEP_SENT";

impl World {
    /// Writes every message, view, list and card that the bot sent to a file each, equal ones to one.
    pub(super) fn keeps_what_was_sent(&self) {
        let Some(directory) = std::env::var_os(DIRECTORY).map(PathBuf::from) else { return };
        for sent in self.slack.sent() {
            let kind = match &sent {
                Sent::View(_) => "view",
                Sent::Message(_) => "message",
                Sent::Options(_) => "options",
            };
            self.keep(&directory, kind, sent.json());
        }
        let mut beside = directory.into_os_string();
        beside.push("-cards");
        let beside = PathBuf::from(beside);
        for (kind, card) in self.teams.iter().flat_map(cards) {
            let sample = json!({ "template": "", "kind": kind, "card": card, "words": "" });
            self.keep(&beside, kind, &sample);
        }
    }

    fn keep(&self, directory: &Path, kind: &str, json: &Value) {
        std::fs::create_dir_all(directory).unwrap();
        let text = serde_json::to_string_pretty(json).unwrap();
        let mut hash = DefaultHasher::new();
        text.hash(&mut hash);
        let file = directory.join(format!("{kind}-{:016x}.json", hash.finish()));
        // Stories run at once: a file is there whole, or not at all.
        let draft = file.with_extension(format!("{}-{}", std::process::id(), self.now()));
        std::fs::write(&draft, text).unwrap();
        std::fs::rename(&draft, &file).unwrap();
    }
}

/// The cards of messages, as they are and as they were, and of what presses were answered with.
fn cards(teams: &hallpass::demo::teams::Teams) -> Vec<(&'static str, Value)> {
    teams.read(|state| {
        let messages =
            state.messages.iter().flat_map(|one| one.earlier.iter().chain([&one.activity]));
        let messages = messages.filter_map(|activity| activity.pointer("/attachments/0/content"));
        let dialogs = state.answers.iter();
        let dialogs = dialogs.filter_map(|answer| answer.pointer("/task/value/card/content"));
        let views = state.answers.iter().filter_map(|answer| answer.pointer("/value"));
        let views = views.filter(|view| view["type"] == "AdaptiveCard");
        let of = |kind: &'static str| move |card: &Value| (kind, card.clone());
        let shown = messages.chain(views).map(of("message"));
        shown.chain(dialogs.map(of("dialog"))).collect()
    })
}
