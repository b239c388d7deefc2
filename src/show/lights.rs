//! The three lights over a justification, in words.
//!
//! A light is never told by its colour alone: each line says what it is about and what is missing.
use super::Voice;
use super::limits::one_line;
use crate::domain::justification::{Hint, Light, Lights};

/// Longest name of a permission that a hint repeats, in characters.
const SHOWN_CHARS: usize = 40;

/// A line for each light: task, level, ticket.
pub fn lines(voice: Voice<'_>, lights: &Lights) -> Vec<String> {
    let named = [
        ("light-task", &lights.task),
        ("light-level", &lights.level),
        ("light-ticket", &lights.ticket),
    ];
    named.into_iter().map(|(key, light)| line(voice, key, light)).collect()
}

/// What the lights that are not green miss, for the field that is refused; and which languages are
/// understood, since whoever writes another one cannot make it better.
pub fn refusal(voice: Voice<'_>, lights: &Lights) -> String {
    let missing: Vec<String> = [&lights.task, &lights.level, &lights.ticket]
        .into_iter()
        .filter_map(|light| light.hint())
        .map(|hint| worded(voice, hint))
        .collect();
    let mut told: Vec<String> = Vec::new();
    for hint in missing {
        if !told.contains(&hint) {
            told.push(hint);
        }
    }
    if [&lights.task, &lights.level].iter().any(|light| light.hint().is_some()) {
        told.push(voice.say("lights-languages", []));
    }
    told.join(" ")
}

fn line(voice: Voice<'_>, key: &str, light: &Light) -> String {
    let about = voice.say(key, []);
    let (mark, hint) = match light {
        Light::Green => return voice.say("light-green", [("about", about.into())]),
        Light::Amber(hint) => ("light-amber", hint),
        Light::Red(hint) => ("light-red", hint),
    };
    voice.say(mark, [("about", about.into()), ("hint", worded(voice, hint).into())])
}

fn worded(voice: Voice<'_>, hint: &Hint) -> String {
    let about = |key, permission: &str| {
        voice.say(key, [("permission", one_line(permission, SHOWN_CHARS).into())])
    };
    match hint {
        Hint::Empty => voice.say("hint-empty", []),
        Hint::IsExample => voice.say("hint-is-example", []),
        Hint::NoSense => voice.say("hint-no-sense", []),
        Hint::UnknownLanguage => voice.say("hint-unknown-language", []),
        Hint::NoTask => voice.say("hint-no-task", []),
        Hint::TooShort => voice.say("hint-too-short", []),
        Hint::NoAction => voice.say("hint-no-action", []),
        Hint::NoLevel { permission } => about("hint-no-level", permission),
        Hint::NoReason { permission } => about("hint-no-reason", permission),
        Hint::LessWouldDo { permission } => about("hint-less-would-do", permission),
        Hint::NoTicket => voice.say("hint-no-ticket", []),
        Hint::OtherTicket { number } => {
            voice.say("hint-other-ticket", [("number", one_line(number, SHOWN_CHARS).into())])
        }
    }
}
