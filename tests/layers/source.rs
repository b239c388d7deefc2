//! Reads Rust text as tokens, and finds in them the paths that name the crate's own modules.
//!
//! Comments, texts in quotes and lifetimes are passed over, so that only code counts.

/// A word or a sign, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// An identifier or number, `::`, or one other sign.
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
}

/// A path into the crate, from its root: `["store", "outbox", "claim"]`; empty is the root itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CratePath {
    /// The names, outermost first; a glob ends in `*`.
    pub(crate) segments: Vec<String>,
    /// Where its last name stands.
    pub(crate) line: usize,
}

/// The tokens of `source`.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest).unwrap_or_else(|| {
            let length = word_or_sign(rest, first);
            let (text, _) = rest.split_at(length);
            if !first.is_whitespace() {
                found.push(Token { text: text.to_owned(), line });
            }
            length
        });
        let (passed, after) = rest.split_at(length);
        line += passed.matches('\n').count();
        rest = after;
    }
    found
}

fn word_or_sign(rest: &str, first: char) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if is_word(first) {
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    } else if rest.starts_with("::") {
        2
    } else {
        first.len_utf8()
    }
}

/// How many bytes of comment, quoted text or lifetime `rest` begins with, when it does.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).map(|after| after.trim_start_matches('#'));
        let is_raw = prefix.ends_with('r');
        after.is_some_and(|after| after.starts_with('"'))
            && (is_raw || !rest.starts_with(&format!("{prefix}#")))
    });
    match prefix {
        Some(prefix) if prefix.ends_with('r') => Some(raw_text(rest, prefix.len())),
        Some(prefix) => Some(quoted(rest, prefix.len(), '"')),
        None if rest.starts_with("b'") => Some(quoted(rest, 1, '\'')),
        None if rest.starts_with('\'') => Some(character_or_lifetime(rest)),
        None => None,
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a text that opens after `start` bytes and may escape its end.
fn quoted(rest: &str, start: usize, end: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip_while(|(at, _)| *at <= start) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == end => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

fn raw_text(rest: &str, prefix: usize) -> usize {
    let hashes = rest.get(prefix..).map_or(0, |t| t.len() - t.trim_start_matches('#').len());
    let opens = prefix + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = rest.get(opens..).and_then(|body| body.find(&end));
    length.map_or(rest.len(), |length| opens + length + end.len())
}

fn character_or_lifetime(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(rest, 0, '\''),
        _ => 1,
    }
}

/// Every path into the crate in `tokens` of a file that is the module `module`; `also` is a further
/// name of the crate's root (`hallpass` in the binary).
pub(crate) fn crate_paths(
    tokens: &[Token],
    module: &[String],
    also: Option<&str>,
) -> Vec<CratePath> {
    let mut found = Vec::new();
    let mut inline: Vec<(usize, String)> = Vec::new();
    let (mut depth, mut at) = (0, 0);
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    while at < tokens.len() {
        match text(at) {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inline.retain(|(opened_at, _)| *opened_at <= depth);
            }
            "mod" if text(at + 2) == "{" => inline.push((depth + 1, text(at + 1).to_owned())),
            start if start == "crate" || start == "super" || Some(start) == also => {
                if matches!(text(at + 1), "::" | "as") {
                    let here = inline.iter().map(|(_, name)| name);
                    let prefix: Vec<String> = module.iter().chain(here).cloned().collect();
                    at = read_tree(tokens, at, prefix, also, &mut found);
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads the path or group at `at` below `prefix`, and returns where it ends.
fn read_tree(
    tokens: &[Token],
    mut at: usize,
    mut prefix: Vec<String>,
    also: Option<&str>,
    found: &mut Vec<CratePath>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.text.as_str() {
            "{" => return read_group(tokens, at, &prefix, also, found),
            "self" => {}
            "super" => drop(prefix.pop()),
            root if root == "crate" || Some(root) == also => prefix.clear(),
            name => prefix.push(name.to_owned()),
        }
        let next = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
        let goes_on = next(at) == "::"
            && next(at + 1).starts_with(|c: char| c.is_alphanumeric() || "_{*".contains(c));
        if !goes_on {
            found.push(CratePath { segments: prefix, line: token.line });
            return at;
        }
        at += 1;
    }
    at
}

fn read_group(
    tokens: &[Token],
    mut at: usize,
    prefix: &[String],
    also: Option<&str>,
    found: &mut Vec<CratePath>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "}" => return at + 1,
            "," => at += 1,
            "as" => at += 2,
            _ => at = read_tree(tokens, at, prefix.to_vec(), also, found),
        }
    }
    at
}
