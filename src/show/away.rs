//! The word to the admins that somebody cannot be written to in chat.
use super::cards::AdminNote;
use super::{Fact, Voice, words};
use crate::domain::id::PersonId;

/// The word that a person cannot be written to on a platform, and is reached another way.
pub fn away(voice: Voice<'_>, platform: &str, person: &PersonId) -> AdminNote {
    let name = words::name(voice, person);
    let said = [("name", name.as_str().into()), ("platform", platform.into())];
    AdminNote {
        title: voice.say("away-title", []),
        summary: voice.say("away", said),
        facts: vec![Fact::text(&voice.say("second-account-person", []), name)],
    }
}
