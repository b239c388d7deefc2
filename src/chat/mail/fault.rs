//! What a mail server's refusal means for a letter, by its code; its words may repeat an address.
use crate::chat::SendError;
use lettre::transport::smtp;
use std::error::Error;

/// Final answers about this recipient or this letter. Others of the five hundreds are about the
/// session: the account is not let in, a command is not known, the server takes no mail at all.
const FINAL: std::ops::RangeInclusive<u16> = 550..=559;
/// Passing answers about the whole server: it closes, or cannot let anybody in.
const CLOSED: &[u16] = &[421, 454];

/// What to do after an error.
pub(super) fn send_error(error: &smtp::Error) -> SendError {
    let Some(code) = error.status().map(u16::from) else {
        return SendError::ShutOut(without_answer(error));
    };
    let why = said(code, error.source().map(ToString::to_string).as_deref());
    match code {
        code if FINAL.contains(&code) => SendError::Unreachable(why),
        code if error.is_transient() && !CLOSED.contains(&code) => {
            SendError::Later { after: None, why }
        }
        _ => SendError::ShutOut(why),
    }
}

/// Why there was no answer; these errors are the connection's own and repeat nothing.
fn without_answer(error: &smtp::Error) -> String {
    if error.is_response() {
        return "the mail server's answer cannot be read".to_owned();
    }
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

/// `550 5.1.1`: the code, and the finer one where the answer begins with it.
fn said(code: u16, answer: Option<&str>) -> String {
    let first = answer.and_then(|answer| answer.split_whitespace().next()).unwrap_or_default();
    let parts: Vec<&str> = first.split('.').collect();
    let is_number =
        |part: &&str| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
    match parts.len() == 3 && parts.iter().all(is_number) {
        true => format!("the mail server says {code} {first}"),
        false => format!("the mail server says {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_the_codes_alone_are_kept() {
        let kept = |answer| said(550, Some(answer));

        assert_eq!(kept("5.1.1 <ana@example.com>: unknown"), "the mail server says 550 5.1.1");
        assert_eq!(kept("ana@example.com unknown"), "the mail server says 550");
        assert_eq!(kept("5.1.x@y"), "the mail server says 550");
        assert_eq!(said(451, None), "the mail server says 451");
    }
}
