//! Whether a name can be seen. One of controls or invisible characters alone is none: people would
//! approve a blank.

/// Characters that draw nothing, beside controls and white space: Unicode's default-ignorable ones,
/// the fillers, and the blank of Braille.
const UNSEEN: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether something of a text can be seen.
pub fn is_visible(text: &str) -> bool {
    let is_unseen = |c: char| UNSEEN.iter().any(|(first, last)| (*first..=*last).contains(&c));
    text.chars().any(|c| !c.is_control() && !c.is_whitespace() && !is_unseen(c))
}

/// The name, or the id where the name cannot be seen.
pub fn name_or_id<'a>(name: &'a str, id: &'a str) -> &'a str {
    if is_visible(name) { name } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", false)]
    #[case(" \t\r\n\u{a0}\u{2003}", false)]
    #[case("\0\u{7}\u{1b}\u{7f}\u{85}", false)]
    #[case("\u{200b}\u{feff}\u{2060}\u{ad}", false)]
    #[case("\u{202e}\u{2066}\u{2069}\u{61c}", false)]
    #[case("\u{3164}\u{115f}\u{ffa0}\u{2800}", false)]
    #[case("\u{e0041}\u{fe0f}", false)]
    #[case("\u{200b}a", true)]
    #[case(".", true)]
    #[case("é", true)]
    #[case("🙂\u{fe0f}", true)]
    fn a_name_is_one_when_something_of_it_is_seen(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_visible(text), expected, "{text:?}");
        assert_eq!(name_or_id(text, "id"), if expected { text } else { "id" });
    }
}
