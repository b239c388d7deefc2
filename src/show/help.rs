//! What can be typed, told to whoever typed something else.
use super::limits::one_line;
use super::{Voice, templates};

/// Longest part of what was typed that is repeated, in characters.
const REPEATED_CHARS: usize = 80;

/// What led to the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It was asked for.
    Help,
    /// A word that is not known.
    Unknown {
        /// What was probably meant.
        meant: Option<&'static str>,
    },
    /// A word that needs a request's number, without one.
    NoNumber {
        /// The word.
        word: &'static str,
    },
}

/// The help, as Slack's markup; what people typed is escaped.
pub fn text(voice: Voice<'_>, command: &str, typed: &str, asked: Asked) -> String {
    lines(voice, command, &templates::mrkdwn_text(&one_line(typed, REPEATED_CHARS)), asked)
        .join("\n")
}

/// The help, a line each, with what people typed in the first.
pub fn lines(voice: Voice<'_>, command: &str, typed: &str, asked: Asked) -> Vec<String> {
    let typed = one_line(typed, REPEATED_CHARS);
    let begin = match asked {
        Asked::Help => None,
        Asked::Unknown { meant: None } => {
            Some(voice.say("help-unknown", [("typed", typed.into())]))
        }
        Asked::Unknown { meant: Some(word) } => {
            let values = [
                ("typed", typed.into()),
                ("command", command.to_owned().into()),
                ("word", word.into()),
            ];
            Some(voice.say("help-meant", values))
        }
        Asked::NoNumber { word } => {
            let values = [("command", command.to_owned().into()), ("word", word.into())];
            Some(voice.say("help-no-number", values))
        }
    };
    let line = |key| voice.say(key, [("command", command.to_owned().into())]);
    let lines = [
        line("help-request"),
        line("help-line"),
        line("help-lists"),
        line("help-show"),
        line("help-again"),
        line("help-extend"),
        line("help-cancel"),
        line("help-revoke"),
        line("help-help"),
    ];
    begin.into_iter().chain(lines).collect()
}
