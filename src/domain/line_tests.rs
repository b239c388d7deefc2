//! Lines as people type them, and what is understood of each.
use super::*;
use crate::domain::duration::spoken;
use crate::domain::ticket::TicketPattern;
use proptest::prelude::*;

fn incident() -> TicketType {
    TicketType {
        id: "incident".into(),
        name: "Incident".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]+").unwrap(),
        example: "INC-42".to_owned(),
        lookup: None,
    }
}

fn read(text: &str) -> Line {
    let permissions = ["read", "write", "connect"].map(str::to_owned).into();
    Line::read(text, &Known { permissions: Some(&permissions), tickets: &[&incident()] })
}

/// A line as one line: what is there of it.
fn shown(line: &Line) -> String {
    let mut parts: Vec<String> = line
        .wanted
        .iter()
        .map(|one| format!("[{}: {}]", one.words, one.permission.as_deref().unwrap_or("?")))
        .collect();
    parts.extend(line.duration.map(|duration| format!("for {}", spoken(duration))));
    parts.extend(line.person.as_ref().map(|person| format!("@{person}")));
    parts.extend(line.ticket.as_ref().map(|(kind, number)| format!("{kind} {number}")));
    parts.extend(line.justification.as_ref().map(|why| format!("because <{why}>")));
    parts.extend((!line.unclear.is_empty()).then(|| format!("unclear {:?}", line.unclear)));
    parts.join(" ")
}

#[test]
fn lines_as_people_type_them() {
    let lines = [
        "payments read for 2h because INC-42 the totals of May differ",
        "read payments",
        "payments",
        "read access to payments and ledger for 1h 30m",
        "payments, ledger write for 2 days INC-7",
        "payments read, invoices write 90m",
        "payments read and write",
        "payments read for @finn for 2h",
        "payments read for finn 2h because of INC-9",
        "payments read for 2h for 4h for ever and ever",
        "payments production read 1.5h inc-42: the totals differ",
        "payments lesen für 2 Stunden weil INC-42 die Summen abweichen",
        "Lesezugriff auf payments und ledger für 1 Tag wegen INC-3",
        "für @finn payments schreiben 30 Minuten",
        "read",
        "because it is late",
        "for",
        "INC-1 INC-2 payments",
    ];
    let page: Vec<String> =
        lines.iter().map(|text| format!("{text:?}\n    {}", shown(&read(text)))).collect();
    insta::assert_snapshot!(page.join("\n"), @r#"
    "payments read for 2h because INC-42 the totals of May differ"
        [payments: read] for 2 h incident INC-42 because <INC-42 the totals of May differ>
    "read payments"
        [payments: read]
    "payments"
        [payments: ?]
    "read access to payments and ledger for 1h 30m"
        [payments: read] [ledger: read] for 1 h 30 min
    "payments, ledger write for 2 days INC-7"
        [payments: write] [ledger: write] for 2 days incident INC-7
    "payments read, invoices write 90m"
        [payments: read] [invoices: write] for 1 h 30 min
    "payments read and write"
        [payments: read] unclear ["write"]
    "payments read for @finn for 2h"
        [payments: read] for 2 h @finn
    "payments read for finn 2h because of INC-9"
        [payments: read] for 2 h @finn incident INC-9 because <INC-9>
    "payments read for 2h for 4h for ever and ever"
        [payments: read] [ever: read] for 2 h @ever unclear ["4h"]
    "payments production read 1.5h inc-42: the totals differ"
        [payments production totals differ: read] for 1 h 30 min incident INC-42
    "payments lesen für 2 Stunden weil INC-42 die Summen abweichen"
        [payments: read] for 2 h incident INC-42 because <INC-42 die Summen abweichen>
    "Lesezugriff auf payments und ledger für 1 Tag wegen INC-3"
        [payments: read] [ledger: read] for 1 day incident INC-3 because <INC-3>
    "für @finn payments schreiben 30 Minuten"
        [payments: write] for 30 min @finn
    "read"
        [read: ?]
    "because it is late"
        because <it is late>
    "for"
        unclear ["for"]
    "INC-1 INC-2 payments"
        [payments: ?] incident INC-1 unclear ["INC-2"]
    "#);
}

/// A comma stands between things, and inside a number.
#[test]
fn a_decimal_comma_is_no_comma() {
    for (text, understood) in [
        (
            "payments lesen für 1,5h weil es eilt",
            "[payments: read] for 1 h 30 min because <es eilt>",
        ),
        ("payments,ledger read 1,5 Std.", "[payments: read] [ledger: read] for 1 h 30 min"),
        ("db1,2h read,2 h", "[db1: read] for 2 h unclear [\"2 h\"]"),
    ] {
        assert_eq!(shown(&read(text)), understood, "{text}");
    }
}

proptest! {
    #[test]
    fn no_line_makes_it_panic(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    /// Every word of what is wanted, of whom and of why stands in the line.
    #[test]
    fn nothing_is_invented(
        words in prop::collection::vec(
            prop_oneof![
                Just("payments".to_owned()), Just("read".to_owned()), Just("for".to_owned()),
                Just("2h".to_owned()), Just("and".to_owned()), Just("@finn".to_owned()),
                Just("INC-42".to_owned()), Just("because".to_owned()), Just("für".to_owned()),
                Just(",".to_owned()), Just("weil".to_owned()), "[a-zé]{1,6}", "[0-9]{1,3}[hmd]?",
            ],
            0..14,
        ),
    ) {
        let text = words.join(" ");
        let line = read(&text);

        let has = |word: &str| words.iter().any(|one| one == word || one.trim_start_matches('@') == word);
        for one in &line.wanted {
            prop_assert!(one.words.split(' ').all(has), "{} in {text}", one.words);
            prop_assert!(one.permission.as_deref().is_none_or(has), "{text}");
        }
        prop_assert!(line.person.as_deref().is_none_or(has), "{text}");
        prop_assert!(line.justification.as_deref().is_none_or(|why| text.contains(why)), "{text}");
    }
}
