//! Statements for several rows at once: one trip to the database instead of many.
//!
//! Their texts are made of the statement for one row, so that there is one to read and to change:
//! `INSERT … VALUES ($1, $2) …` for two rows is `INSERT … VALUES ($1, $2), ($3, $4) …`, and
//! `SELECT … IN ($1) …` is `SELECT … IN ($1, $2) …`.
use super::sql;
use std::sync::OnceLock;

/// Most rows that one statement is about; for more there are several.
pub const MOST_ROWS: usize = 16;

/// Work for the outbox.
pub static OUTBOX_ADD: Rows = Rows::of(sql::OUTBOX_ADD);
/// Audit rows.
pub static AUDIT_ADD: Rows = Rows::of(sql::audit::AUDIT_ADD);
/// Grants that are wanted.
pub static GRANT_ADD: Rows = Rows::of(sql::GRANT_ADD);
/// Messages to send.
pub static CARD_ADD: Rows = Rows::of(sql::CARD_ADD);

/// The messages of requests.
pub static CARDS_OF: Rows = Rows::of(sql::CARDS_OF);

/// Every one of them; a test prepares each for every number of rows.
pub static ALL: [&Rows; 5] = [&OUTBOX_ADD, &AUDIT_ADD, &GRANT_ADD, &CARD_ADD, &CARDS_OF];

/// A statement about rows.
#[derive(Debug)]
pub struct Rows {
    one: &'static str,
    texts: [OnceLock<String>; MOST_ROWS],
}

impl Rows {
    const fn of(one: &'static str) -> Self {
        Self { one, texts: [const { OnceLock::new() }; MOST_ROWS] }
    }

    /// The statement for so many rows, from 1 to [`MOST_ROWS`].
    pub fn text(&'static self, rows: usize) -> &'static str {
        match rows.checked_sub(1).and_then(|before| self.texts.get(before)) {
            Some(text) => text.get_or_init(|| repeated(self.one, rows)),
            None => self.one,
        }
    }
}

/// The statement for one row with its row repeated, each with placeholders of its own.
fn repeated(one: &str, rows: usize) -> String {
    const VALUES: &str = " VALUES ";
    const LIST: &str = " IN ($1)";
    if let Some((head, rest)) = one.split_once(VALUES) {
        let (row, tail) = rest.split_once(')').unwrap_or((rest, ""));
        let placeholders = row.split('$').skip(1).filter_map(number).max().unwrap_or_default();
        let row = |n: usize| renumbered(row, n * placeholders) + ")";
        let rows: Vec<String> = (0..rows).map(row).collect();
        return format!("{head}{VALUES}{}{tail}", rows.join(", "));
    }
    let list: Vec<String> = (1..=rows).map(|n| format!("${n}")).collect();
    one.replace(LIST, &format!(" IN ({})", list.join(", ")))
}

/// The row with every placeholder's number raised.
fn renumbered(row: &str, by: usize) -> String {
    let mut parts = row.split('$');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let raised = number(part).unwrap_or_default() + by;
        format!("{text}${raised}{}", part.trim_start_matches(|c: char| c.is_ascii_digit()))
    })
}

/// The number that a text begins with.
fn number(text: &str) -> Option<usize> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_repeated_with_placeholders_of_its_own() {
        let one = "INSERT INTO t (a, b, c) VALUES ($1, $2, 'x', $1) ON CONFLICT (a) DO NOTHING";

        assert_eq!(repeated(one, 1), one);
        assert_eq!(
            repeated(one, 3),
            "INSERT INTO t (a, b, c) VALUES ($1, $2, 'x', $1), ($3, $4, 'x', $3), \
             ($5, $6, 'x', $5) ON CONFLICT (a) DO NOTHING"
        );
        let one = "SELECT a FROM t WHERE a IN ($1) AND b IN ('x', 'y')";
        assert_eq!(repeated(one, 1), one);
        assert_eq!(repeated(one, 2), "SELECT a FROM t WHERE a IN ($1, $2) AND b IN ('x', 'y')");
    }
}
