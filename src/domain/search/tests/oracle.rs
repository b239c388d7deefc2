//! The slow, plain way to search, that the index is checked against: looks at every entry, one
//! after the other, and sorts.
use super::super::fold;
use super::Own;

/// The words of a text, folded.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    fold::words(text, |word| all.push(word.to_owned()));
    all
}

/// The entries that match, best first, all of them.
pub(super) fn search(
    entries: &[Own],
    text: &str,
    may: impl Fn(u32) -> bool,
    boosted: &[u32],
) -> Vec<u32> {
    let mut all: Vec<_> = (0..)
        .zip(entries)
        .filter(|(at, _)| may(*at))
        .filter_map(|(at, own)| {
            let boost = boosted.iter().position(|boosted| *boosted == at);
            Some((rank(own, text, boost)?, words(&own.name), &own.name, at))
        })
        .collect();
    all.sort();
    all.into_iter().map(|(.., at)| at).collect()
}

/// The entries that match, spelled right, in their order.
pub(super) fn matching(entries: &[Own], text: &str, may: impl Fn(u32) -> bool) -> Vec<u32> {
    let matches = |own: &Own| rank(own, text, None).is_some_and(|(kind, _)| kind < MISSPELLED);
    let all = (0..).zip(entries).filter(|(at, own)| may(*at) && matches(own));
    all.map(|(at, _)| at).collect()
}

/// The last kind of match.
const MISSPELLED: u32 = 9;

fn rank(own: &Own, text: &str, boost: Option<usize>) -> Option<(u32, usize)> {
    if text.trim().is_empty() {
        return Some(boost.map_or((1, 0), |at| (0, at)));
    }
    let (asked, name) = (words(text), words(&own.name));
    let place: Vec<String> = own.place.iter().flat_map(|text| words(text)).collect();
    if own.name.trim() == text.trim() {
        return Some((0, 0));
    }
    if own.id.trim() == text.trim() {
        return Some((1, 0));
    }
    if asked.is_empty() {
        return None;
    }
    if asked == name {
        return Some((2, 0));
    }
    let is_split = (0..=asked.len().saturating_sub(name.len())).any(|start| {
        let end = (start + name.len()).min(asked.len());
        asked[start..end] == name[..]
            && asked[..start].iter().chain(&asked[end..]).all(|word| place.contains(word))
    });
    if asked.len() <= 16 && !name.is_empty() && is_split {
        return Some((3, asked.len() - name.len()));
    }
    let level = level(&asked, &name, &place);
    let begins = begins(&asked, &name);
    match (boost, level) {
        (Some(at), Some(level)) if level < 3 => Some((4, at)),
        _ if begins => Some((5, 0)),
        (_, Some(1))
            if asked
                .iter()
                .any(|asked| name.first().is_some_and(|word| word.starts_with(asked))) =>
        {
            Some((6, 0))
        }
        (_, level) => level.map(|level| (6 + level, 0)),
    }
}

/// 1 when words begin so, 2 when parts match, 3 when one is misspelled.
fn level(asked: &[String], name: &[String], place: &[String]) -> Option<u32> {
    let mut terms = asked.to_vec();
    terms.sort();
    terms.dedup();
    let of_word =
        |term: &String| name.iter().chain(place).filter_map(|word| word_level(term, word)).min();
    let by_words = terms.iter().map(of_word).try_fold(1, |worst, best| Some(worst.max(best?)));
    let by_words = by_words.filter(|_| terms.len() <= 16);
    let letters: usize = asked.iter().map(|word| word.chars().count()).sum();
    let by_phrase = asked.len() > 1
        && letters > 2
        && name.windows(asked.len()).any(|row| {
            let last = asked.len() - 1;
            row[0].ends_with(&asked[0])
                && row[1..last] == asked[1..last]
                && row[last].starts_with(&asked[last])
        });
    by_words.into_iter().chain(by_phrase.then_some(2)).min()
}

fn begins(asked: &[String], name: &[String]) -> bool {
    let last = asked.len() - 1;
    name.len() > last && name[..last] == asked[..last] && name[last].starts_with(&asked[last])
}

fn word_level(term: &str, word: &str) -> Option<u32> {
    if word.starts_with(term) {
        return Some(1);
    }
    let (typed, meant): (Vec<char>, Vec<char>) = (term.chars().collect(), word.chars().collect());
    if typed.len() >= 3 && word.contains(term) {
        return Some(2);
    }
    if typed.len() < 3 || meant.len() < 4 {
        return None;
    }
    let shortest = if typed.len() >= 5 { 0 } else { meant.len() };
    (shortest..=meant.len()).any(|end| slips(&typed, &meant[..end]) <= 1).then_some(3)
}

/// Letters added, dropped, replaced or swapped with their neighbour on the way from `a` to `b`.
fn slips(a: &[char], b: &[char]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let moved = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if is_swap { moved.min(table[i - 2][j - 2] + 1) } else { moved }
            };
        }
    }
    table[a.len()][b.len()]
}
