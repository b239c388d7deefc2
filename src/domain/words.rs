//! Finding something by words of its name, as lists do that are short enough to be looked through.

/// Whether every word that was typed is in the text, without case.
pub fn has_words(text: &str, typed: &str) -> bool {
    let text = text.to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", true)]
    #[case("  ", true)]
    #[case("okafor BEN", true)]
    #[case("ÉCOLE", true)]
    #[case("oka for", true)]
    #[case("ben torres", false)]
    fn every_word_is_somewhere_in_the_text(#[case] typed: &str, #[case] expected: bool) {
        assert_eq!(has_words("Ben Okafor école", typed), expected, "{typed:?}");
    }
}
