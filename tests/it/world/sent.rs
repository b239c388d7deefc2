//! What stories really sent to Slack, kept for validators that others wrote.
use super::World;
use hallpass::demo::slack::Sent;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

/// The directory that `scripts/check-views` reads afterwards; nothing is kept without it.
const DIRECTORY: &str = "HALLPASS_KEEP_SENT";

impl World {
    /// Writes every message, view and list that the bot sent to a file each, equal ones to one.
    pub(super) fn keeps_what_was_sent(&self) {
        let Some(directory) = std::env::var_os(DIRECTORY).map(PathBuf::from) else { return };
        std::fs::create_dir_all(&directory).unwrap();
        for sent in self.slack.sent() {
            let kind = match &sent {
                Sent::View(_) => "view",
                Sent::Message(_) => "message",
                Sent::Options(_) => "options",
            };
            let text = serde_json::to_string_pretty(sent.json()).unwrap();
            let mut hash = DefaultHasher::new();
            text.hash(&mut hash);
            let file = directory.join(format!("{kind}-{:016x}.json", hash.finish()));
            // Stories run at once: a file is there whole, or not at all.
            let draft = file.with_extension(format!("{}-{}", std::process::id(), self.now()));
            std::fs::write(&draft, text).unwrap();
            std::fs::rename(&draft, &file).unwrap();
        }
    }
}
