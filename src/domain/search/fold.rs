//! Folding: how a text is cut into words that compare as people expect.
//!
//! A word is a run of letters and digits, in lower case and without accents: `Équipe_Paiements-2`
//! is `equipe`, `paiements`, `2`. Scripts written without spaces (Han, Kana) give one word a
//! character, so that any part of a name is found there too. Names and queries are folded alike.
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Calls `each` with every folded word of `text`, in order.
pub(super) fn words(text: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    if text.is_ascii() {
        text.chars().for_each(|c| add(c, &mut word, &mut each));
    } else {
        text.nfkd().for_each(|c| add(c, &mut word, &mut each));
    }
    end(&mut word, &mut each);
}

/// Adds one character to the word, or ends the word.
fn add(c: char, word: &mut String, each: &mut impl FnMut(&str)) {
    if c.is_ascii_alphanumeric() {
        word.push(c.to_ascii_lowercase());
    } else if is_silent(c) {
        // Neither part of the word nor the end of it.
    } else if stands_alone(c) {
        end(word, each);
        word.push(c);
        end(word, each);
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        c.to_lowercase().for_each(|lower| push_plain(lower, word));
    } else {
        end(word, each);
    }
}

/// Hands over the word, if there is one.
fn end(word: &mut String, each: &mut impl FnMut(&str)) {
    if !word.is_empty() {
        each(word);
        word.clear();
    }
}

/// Letters that normalisation keeps but people type without.
fn push_plain(c: char, word: &mut String) {
    match c {
        'ß' => word.push_str("ss"),
        'æ' => word.push_str("ae"),
        'œ' => word.push_str("oe"),
        'þ' => word.push_str("th"),
        'ø' => word.push('o'),
        'ł' => word.push('l'),
        'đ' | 'ð' => word.push('d'),
        'ħ' => word.push('h'),
        'ŧ' => word.push('t'),
        'ı' => word.push('i'),
        'ς' => word.push('σ'),
        other => word.push(other),
    }
}

/// Accents of the Latin, Greek and Cyrillic scripts, Kana voicing, and characters that show nothing.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{3099}' | '\u{309a}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether the character is a word of its own: Han and Kana.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::words;

    fn folded(text: &str) -> String {
        let mut all = Vec::new();
        words(text, |word| all.push(word.to_owned()));
        all.join(" ")
    }

    #[test]
    fn texts_that_people_take_for_the_same_fold_alike() {
        for (text, expected) in [
            ("", ""),
            ("  -- ", ""),
            ("🚀", ""),
            ("payments-PROD_eu.3", "payments prod eu 3"),
            ("Équipe Paiements", "equipe paiements"),
            ("E\u{301}quipe", "equipe"),
            ("Straße, Łódź", "strasse lodz"),
            ("İstanbul", "istanbul"),
            ("ΟΔΟΣ", "οδοσ"),
            ("Заёмы", "заемы"),
            ("ｆｕｌｌ ﬁle", "full file"),
            ("pay\u{200b}ments\u{202e}", "payments"),
            ("支付DB", "支 付 db"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }
}
