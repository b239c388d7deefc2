//! Shortening in the model, so that a channel's limits are met by saying so, not by cutting (R50).

use crate::domain::visible::is_visible;

/// Longest text of a person that a message repeats, in characters. Slack holds about 13,200 in the
/// blocks of one message; two such texts and everything else fit.
pub const QUOTE_CHARS: usize = 2500;
/// Longest text that an input can begin with: Slack's limit, and as much as can be typed into one.
pub const INPUT_CHARS: usize = 3_000;
/// Longest text of a field for words to search with.
pub const WORDS_CHARS: usize = 200;
/// Most resources that a message lists.
pub const LISTED_ITEMS: usize = 15;
/// Longest name of a resource, a person or a flow in a message, in characters.
pub const NAME_CHARS: usize = 120;
/// Longest text of a choice: Slack's limit for options and buttons.
pub const CHOICE_CHARS: usize = 75;
/// Most characters of an unseen name that are written out.
const UNSEEN_SHOWN: usize = 8;
/// Most choices of one list: Slack's limit for options.
pub const CHOICES: usize = 100;

/// The text, or its beginning with a mark where it is longer than `most` characters.
pub fn shorten(text: &str, most: usize) -> String {
    // No text has more characters than bytes, which need not be counted.
    if text.len() <= most || text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A person's words in a message: whole, or their beginning with `says_so` behind it.
pub fn quoted(words: &str, says_so: &str) -> String {
    if words.chars().count() <= QUOTE_CHARS {
        return words.to_owned();
    }
    let room = QUOTE_CHARS.saturating_sub(says_so.chars().count() + 1);
    format!("{} {says_so}", shorten(words, room))
}

/// A name on one line: line breaks and other controls become spaces, direction marks go. What
/// cannot be seen at all is written out as its characters' numbers; whoever has an id for it shows
/// that instead.
pub fn one_line(name: &str, most: usize) -> String {
    if !is_visible(name) {
        return shorten(&numbers(name), most);
    }
    // Nearly every name there is.
    if name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return shorten(name.trim(), most);
    }
    let clean: String =
        name.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    shorten(clean.trim(), most)
}

/// Whether a character turns the direction of what follows it.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `U+200B U+FEFF`; a dash for a text without characters.
fn numbers(name: &str) -> String {
    if name.is_empty() {
        return "–".to_owned();
    }
    let numbers: Vec<String> =
        name.chars().take(UNSEEN_SHOWN).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    numbers.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_say_that_they_are_shortened() {
        assert_eq!(shorten("short", 5), "short");
        assert_eq!(shorten("éééééé", 5), "éééé…");
        assert_eq!(shorten("a word more", 7), "a word…");
        assert_eq!(one_line("a\r\nb\u{202e}c", 9), "a  bc");
    }

    #[test]
    fn a_name_that_cannot_be_seen_is_written_out() {
        assert_eq!(one_line("\u{200b}\u{7}", 75), "U+200B U+0007");
        assert_eq!(one_line("", 75), "–");
        assert_eq!(one_line(&"\u{feff}".repeat(500), 20), "U+FEFF U+FEFF U+FEF…");
    }
}
