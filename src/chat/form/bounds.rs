//! How much people may type, said where it is too much: nothing that they wrote is cut.
use crate::domain::draft::Answers;
use crate::show::Voice;
use crate::show::limits::INPUT_CHARS;
use crate::show::pages::form::Wrong;

/// Longest duration in words, as its field takes.
const DURATION_CHARS: usize = 40;
/// Longest number of a ticket, and longest name of a type of tickets.
const TICKET_CHARS: usize = 200;

/// What is wrong with a justification or a reason that is too long.
pub fn too_long_words(voice: Voice<'_>, words: &str) -> Option<String> {
    longer(voice, words, INPUT_CHARS)
}

/// What is wrong with answers of which one is too long, at its field.
pub fn too_long(voice: Voice<'_>, answers: &Answers) -> Option<Wrong> {
    let longer = |answer: &Option<String>, most| longer(voice, answer.as_deref()?, most);
    let wrong = Wrong {
        duration: longer(&answers.other_duration, DURATION_CHARS),
        ticket: longer(&answers.ticket_id, TICKET_CHARS)
            .or_else(|| longer(&answers.ticket_kind, TICKET_CHARS)),
        why: longer(&answers.justification, INPUT_CHARS),
    };
    (wrong != Wrong::default()).then_some(wrong)
}

fn longer(voice: Voice<'_>, text: &str, most: usize) -> Option<String> {
    // No text has more characters than bytes, which need not be counted.
    if text.len() <= most {
        return None;
    }
    let count = text.chars().count();
    let sentence =
        || voice.say("mistake-text-too-long", [("count", count.into()), ("most", most.into())]);
    (count > most).then(sentence)
}
