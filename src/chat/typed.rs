//! What people type in place of buttons and forms (R16, R17), on every platform.
use crate::domain::id::RequestId;
use crate::domain::listing::List;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// The form, with these words for it.
    Request(String),
    /// One of the person's lists.
    List(List),
    /// Something with one request; words after its number.
    About(Verb, RequestId, String),
    /// What can be typed.
    Help,
    /// Nothing that is known: as typed, and what was probably meant.
    Unknown(Option<&'static str>),
    /// Something with one request, whose number is missing or none.
    NoNumber(&'static str),
}

/// What can be done with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Look at it.
    Show,
    /// Ask for it again.
    Again,
    /// Let it last longer.
    Extend,
    /// Withdraw it.
    Cancel,
    /// End it.
    Revoke,
}

/// Every word, for finding the nearest.
const WORDS: &[&str] = &[
    "request",
    "requests",
    "mine",
    "favorites",
    "delegated",
    "approvals",
    "show",
    "again",
    "extend",
    "cancel",
    "revoke",
    "help",
];

fn verb(word: &str) -> Option<(&'static str, Verb)> {
    let known = [
        ("show", Verb::Show),
        ("again", Verb::Again),
        ("extend", Verb::Extend),
        ("cancel", Verb::Cancel),
        ("revoke", Verb::Revoke),
    ];
    known.into_iter().find(|(name, _)| *name == word)
}

/// Reads what was typed.
pub(super) fn read(text: &str) -> Typed {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (word, rest) = (word.to_lowercase(), rest.trim());
    match word.as_str() {
        "" => return Typed::Request(String::new()),
        "request" => return Typed::Request(rest.to_owned()),
        "help" | "hilfe" | "?" => return Typed::Help,
        _ => {}
    }
    if let Some(list) = list_of(&word) {
        return Typed::List(list);
    }
    if let Some((name, verb)) = verb(&word) {
        let (number, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        return match number.parse() {
            Ok(id) => Typed::About(verb, id, words.trim().to_owned()),
            Err(_) => Typed::NoNumber(name),
        };
    }
    // A number alone is looked at.
    match text.parse() {
        Ok(id) => Typed::About(Verb::Show, id, String::new()),
        Err(_) => Typed::Unknown(nearest(&word)),
    }
}

/// The word that was probably meant.
fn nearest(word: &str) -> Option<&'static str> {
    let count = word.chars().count();
    // Longer ones are no slips of a finger, and comparing them would only take time.
    let most = if count > 20 { return None } else { (count / 3).clamp(1, 2) };
    let distances = WORDS.iter().map(|known| (strsim::osa_distance(word, known), *known));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, known)| known)
}

/// The list that a typed word opens (R17).
fn list_of(word: &str) -> Option<List> {
    match word {
        "requests" => Some(List::Requests),
        "mine" => Some(List::Access),
        "favorites" | "favourites" => Some(List::Favorites),
        "delegated" => Some(List::Delegated),
        "approvals" => Some(List::Waiting),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_understood() {
        let id = RequestId(1042);
        let about = |verb, words: &str| Typed::About(verb, id, words.to_owned());
        for (text, typed) in [
            ("", Typed::Request(String::new())),
            ("request", Typed::Request(String::new())),
            ("Request  payments read", Typed::Request("payments read".to_owned())),
            ("requests", Typed::List(List::Requests)),
            ("mine", Typed::List(List::Access)),
            ("approvals", Typed::List(List::Waiting)),
            ("delegated", Typed::List(List::Delegated)),
            ("show AR-1042", about(Verb::Show, "")),
            ("show ar-1042", about(Verb::Show, "")),
            ("CANCEL 1042", about(Verb::Cancel, "")),
            ("AR-1042", about(Verb::Show, "")),
            ("revoke AR-1042 no  longer needed", about(Verb::Revoke, "no  longer needed")),
            ("help", Typed::Help),
            ("reqest payments", Typed::Unknown(Some("request"))),
            ("aprovals", Typed::Unknown(Some("approvals"))),
            ("agian AR-1042", Typed::Unknown(Some("again"))),
            ("extand AR-1042", Typed::Unknown(Some("extend"))),
            ("favorits", Typed::Unknown(Some("favorites"))),
            ("revoke", Typed::NoNumber("revoke")),
            ("show AR-x", Typed::NoNumber("show")),
            ("nonsense", Typed::Unknown(None)),
        ] {
            assert_eq!(read(text), typed, "{text}");
        }
    }
}
