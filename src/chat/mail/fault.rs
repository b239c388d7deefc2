//! What a mail server's refusal means for a letter, by its codes; its words may repeat an address.
use crate::chat::SendError;
use lettre::transport::smtp;
use std::error::Error;
use std::ops::RangeInclusive;

/// What is done about a letter that did not go out.
pub(super) enum Fault {
    /// This.
    Known(SendError),
    /// It is about the reader where the server lets us send at all, for good or not; else about us.
    Unclear { why: String, is_final: bool },
}

/// Whom an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// This letter, for now: it may go out later.
    Later,
    /// Its reader, for good.
    Reader,
    /// Us, or the whole server.
    Us,
    /// For good, and it does not say whom.
    Unclear,
}

/// What the server's answers mean, by code and by what the finer code begins with; the first that fits
/// counts. Codes are of RFC 5321 (4.2) unless said otherwise, finer ones of RFC 3463 (3).
const ANSWERS: &[(RangeInclusive<u16>, &str, About)] = &[
    // The server closes, or cannot log anybody in for now (RFC 4954, 6).
    (421..=421, "", About::Us),
    (454..=454, "", About::Us),
    // Full mailboxes, greylisting, and all that passes.
    (400..=499, "", About::Later),
    // The sender's address is none, or its domain; that domain takes no mail itself (RFC 7505, 4.2).
    (500..=599, "5.1.7", About::Us),
    (500..=599, "5.1.8", About::Us),
    (500..=599, "5.7.27", About::Us),
    // The reader's address, and their mailbox.
    (500..=599, "5.1.", About::Reader),
    (500..=599, "5.2.", About::Reader),
    // The account: wrong, weak, not encrypted, expired (RFC 4954, 6; RFC 5248, 2.4).
    (500..=599, "5.7.8", About::Us),
    (500..=599, "5.7.9", About::Us),
    (500..=599, "5.7.10", About::Us),
    (500..=599, "5.7.11", About::Us),
    (500..=599, "5.7.13", About::Us),
    (530..=530, "", About::Us),
    (534..=535, "", About::Us),
    (538..=538, "", About::Us),
    // Commands that it does not know, or not now: nothing that a reader could be the cause of.
    (500..=500, "", About::Us),
    (502..=503, "", About::Us),
    // The reader is elsewhere; their domain takes no mail (RFC 7504, 5).
    (551..=551, "", About::Reader),
    (556..=556, "", About::Reader),
    // Syntax and parameters (501, 504, 555), no mail here (521, RFC 7504), mailbox or policy (550, 553,
    // 5.7.1), too much (552), no reason (554), and what no RFC names (541): said to senders and to
    // readers alike.
    (500..=599, "", About::Unclear),
];

/// What to do after an error about a letter to an address that `is_plain` ASCII or not.
pub(super) fn of(error: &smtp::Error, is_plain: bool) -> Fault {
    let Some(code) = error.status().map(u16::from) else {
        if error.is_response() {
            let why = "the mail server's answer cannot be read".to_owned();
            return Fault::Unclear { why, is_final: is_final(error) };
        }
        // Not every server takes other addresses, and lettre does not try.
        if error.is_client() && !is_plain {
            let why = "the mail server takes no such address".to_owned();
            return Fault::Known(SendError::Unreachable(why));
        }
        return Fault::Known(SendError::ShutOut(without_answer(error)));
    };
    let answer = error.source().map(ToString::to_string);
    let finer = answer.as_deref().and_then(finer);
    let why = said(code, finer);
    Fault::Known(match about(code, finer) {
        About::Later => SendError::Later { after: None, why },
        About::Reader => SendError::Unreachable(why),
        About::Us => SendError::ShutOut(why),
        About::Unclear if answer.as_deref().is_some_and(denies_relay) => SendError::ShutOut(why),
        About::Unclear => return Fault::Unclear { why, is_final: true },
    })
}

fn about(code: u16, finer: Option<&str>) -> About {
    let finer = finer.unwrap_or_default();
    // `5.1.` means all that begin so, `5.1.7` that alone.
    let fits = |start: &str| {
        finer == start || start.is_empty() || (start.ends_with('.') && finer.starts_with(start))
    };
    let found = ANSWERS.iter().find(|(codes, start, _)| codes.contains(&code) && fits(start));
    found.map_or(About::Us, |(_, _, about)| *about)
}

/// Whether an answer says that the server passes no mail on for us, as it says to whoever has to log
/// in first: the server took us as a sender, so no other question would tell. No code is its own:
/// `554 5.7.1`, `550 5.7.64` and a bare `550` or `553` are in use. A server's name is no such word.
fn denies_relay(answer: &str) -> bool {
    let words = answer.split_whitespace();
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).any(|word| {
        ["relay", "relaying", "rcpthosts"].iter().any(|said| word.eq_ignore_ascii_case(said))
    })
}

/// Whether an answer is for good that lettre cannot read, such as one with a code that no RFC allows
/// (`571`): the finer code may tell.
fn is_final(error: &smtp::Error) -> bool {
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    words.split_whitespace().filter_map(finer).any(|finer| finer.starts_with("5."))
}

/// Why there was no answer; these errors are the connection's own and repeat nothing.
fn without_answer(error: &smtp::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words = format!("{words}: {cause_words}");
        }
        next = cause.source();
    }
    words
}

/// The finer code, where an answer begins with one.
fn finer(answer: &str) -> Option<&str> {
    let first = answer.split_whitespace().next()?;
    let parts: Vec<&str> = first.split('.').collect();
    let is_number =
        |part: &&str| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
    (parts.len() == 3 && parts.iter().all(is_number)).then_some(first)
}

/// `550 5.1.1`: the code, and the finer one.
fn said(code: u16, finer: Option<&str>) -> String {
    match finer {
        Some(finer) => format!("the mail server says {code} {finer}"),
        None => format!("the mail server says {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_the_codes_alone_are_kept() {
        let kept = |answer| said(550, finer(answer));

        assert_eq!(kept("5.1.1 <ana@example.com>: unknown"), "the mail server says 550 5.1.1");
        assert_eq!(kept("ana@example.com unknown"), "the mail server says 550");
        assert_eq!(kept("5.1.x@y"), "the mail server says 550");
        assert_eq!(said(451, None), "the mail server says 451");
    }

    #[test]
    fn a_server_that_passes_nothing_on_for_us_is_known_by_its_words() {
        let denied = [
            "5.7.1 <eva@example.com>: Relay access denied",
            "5.7.64 TenantAttribution; Relay Access Denied",
            "5.7.1 Unable to relay",
            "relay not permitted",
            "5.7.1 <eva@example.com>... Relaying denied. IP name lookup failed",
            "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        ];
        let other =
            ["5.7.1 spam", "5.7.1 refused by relay.example.com", "", "5.7.1 <relay@x.y>: no"];

        assert!(denied.into_iter().all(denies_relay));
        assert!(!other.into_iter().any(denies_relay));
    }

    /// What mail servers say, and what it means; a change here is a change of product.
    #[test]
    fn the_answers() {
        let answers = "421 4.3.2, 421, 432 4.7.12, 450 4.2.1, 451 4.7.1, 452 4.2.2, 452 4.3.1, \
            454 4.7.0, 455, 500 5.5.2, 501, 501 5.1.3, 501 5.1.7, 502, 503 5.5.1, 504, 521, \
            530 5.7.0, 534 5.7.9, 535 5.7.8, 535, 538 5.7.11, 541, 550, 550 5.1.1, 550 5.1.10, \
            550 5.1.8, 550 5.2.1, 550 5.4.1, 550 5.7.1, 550 5.7.26, 550 5.7.27, 550 5.7.8, \
            551 5.1.6, 551, 552 5.2.2, 552 5.3.4, 553, 553 5.1.2, 553 5.7.1, 554, 554 5.7.1, 555, \
            556 5.1.10, 556, 605";
        let meaning = |meant: About| {
            let is_meant = |answer: &&str| {
                let (code, words) = answer.split_once(' ').unwrap_or((answer, ""));
                about(code.parse().unwrap(), finer(words)) == meant
            };
            answers.split(", ").filter(is_meant).collect::<Vec<_>>().join(", ")
        };

        let later = "432 4.7.12, 450 4.2.1, 451 4.7.1, 452 4.2.2, 452 4.3.1, 455";
        let reader = "501 5.1.3, 550 5.1.1, 550 5.1.10, 550 5.2.1, 551 5.1.6, 551, 552 5.2.2, \
            553 5.1.2, 556 5.1.10, 556";
        let us = "421 4.3.2, 421, 454 4.7.0, 500 5.5.2, 501 5.1.7, 502, 503 5.5.1, 530 5.7.0, \
            534 5.7.9, 535 5.7.8, 535, 538 5.7.11, 550 5.1.8, 550 5.7.27, 550 5.7.8, 605";
        let unclear = "501, 504, 521, 541, 550, 550 5.4.1, 550 5.7.1, 550 5.7.26, 552 5.3.4, 553, \
            553 5.7.1, 554, 554 5.7.1, 555";
        assert_eq!(meaning(About::Later), later);
        assert_eq!(meaning(About::Reader), reader);
        assert_eq!(meaning(About::Us), us);
        assert_eq!(meaning(About::Unclear), unclear);
    }
}
