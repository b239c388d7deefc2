//! Good and bad justifications in a table: what each light says.
use super::*;
use crate::domain::ticket::TicketPattern;
use proptest::prelude::*;
use std::time::Instant;

fn incident() -> TicketType {
    TicketType {
        id: "incident".into(),
        name: "Incident".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]{1,9}").unwrap(),
        example: "INC-42".to_owned(),
        lookup: None,
    }
}

fn colours(lights: &Lights) -> String {
    let letter = |light: &Light| match light {
        Light::Green => 'G',
        Light::Amber(_) => 'a',
        Light::Red(_) => '-',
    };
    [&lights.task, &lights.level, &lights.ticket].map(letter).iter().collect()
}

const EXAMPLE: &str = "INC-42: look up the failed payments of 3 May";

fn judged(permission: &str, text: &str) -> Lights {
    let incident = incident();
    let setting = Setting {
        permissions: &[permission],
        tickets: &[&incident],
        ticket: None,
        examples: &[EXAMPLE],
    };
    check(text, &setting)
}

/// Task, level, ticket: G lit, a nearly, - not. Permission and text.
const TABLE: &[(&str, &str, &str)] = &[
    // Good ones.
    (
        "GGG",
        "read",
        "INC-4711: compare yesterday's failed payments with the bank's file to find the missing ones",
    ),
    (
        "GGG",
        "read",
        "Need to check the ledger balance of customer 881 because the export for INC-9 was wrong",
    ),
    ("GGG", "read", "To investigate INC-77 I have to look at slow queries on the orders table"),
    (
        "GGG",
        "read",
        "INC-1 debugging the duplicate invoices, so I need to query the invoices schema",
    ),
    (
        "GGG",
        "write",
        "INC-12: correct 14 invoices with the wrong tax rate; the script has to update rows, because support cannot",
    ),
    (
        "GGG",
        "write",
        "Backfill the missing currency column to unblock the nightly settlement (INC-300)",
    ),
    ("GGG", "write", "INC-8 needs the stuck orders deleted, to let the import run again"),
    (
        "GGG",
        "write",
        "Write access is needed to fix the broken addresses from INC-55, reading is not enough",
    ),
    (
        "GGG",
        "admin",
        "INC-90: rotate the replication password and restart the standby, to end the failover loop",
    ),
    ("GGG", "admin", "Create the reporting role for the new analytics cluster because of INC-14"),
    ("GGG", "admin", "Upgrade the extension on the payments server to close the hole in INC-2020"),
    (
        "GGG",
        "connect",
        "On call this week: connect to the office network to reach the build machines for INC-5",
    ),
    (
        "GGG",
        "read",
        "INC-42 Die fehlgeschlagenen Zahlungen von gestern prüfen, um dem Kunden Bescheid zu geben",
    ),
    (
        "GGG",
        "read",
        "Wegen INC-17 muss ich die Buchungen im Hauptbuch mit dem Kontoauszug vergleichen",
    ),
    (
        "GGG",
        "read",
        "Fehlersuche INC-23: langsame Abfragen auf der Bestelltabelle untersuchen, damit der Shop wieder läuft",
    ),
    (
        "GGG",
        "write",
        "INC-31: falsche Steuersätze in 14 Rechnungen korrigieren, weil der Monatsabschluss sonst stimmt",
    ),
    (
        "GGG",
        "write",
        "Um INC-8 zu beheben, die doppelten Bestellungen löschen und den Import wiederholen",
    ),
    (
        "GGG",
        "admin",
        "Neue Rolle für das Reporting einrichten, damit INC-14 erledigt werden kann, auf dem Zahlungsserver",
    ),
    (
        "GGG",
        "read",
        "inc-42: verify that the refund of order 5512 reached the bank, for the auditors",
    ),
    (
        "GGG",
        "read",
        "Support case INC-600, customer cannot log in: trace the session rows to see where it stops",
    ),
    // Right but for one thing.
    (
        "GG-",
        "read",
        "Compare yesterday's failed payments with the bank's file to find the missing ones",
    ),
    (
        "GG-",
        "write",
        "Correct the tax rate on invoices of May, because the import used the old one",
    ),
    (
        "GG-",
        "read",
        "Die fehlgeschlagenen Zahlungen von gestern prüfen, um dem Kunden Bescheid zu geben",
    ),
    ("GGa", "read", "OPS-7: compare failed payments with the bank's file to find the missing ones"),
    ("GGa", "read", "#1234 investigate slow queries on the orders table to speed up checkout"),
    ("GaG", "write", "INC-42: look into the failed payments of May to find the missing ones"),
    (
        "GaG",
        "admin",
        "INC-42: correct the wrong addresses of two customers because letters come back",
    ),
    ("GaG", "admin", "INC-42 Rechnungen vom Mai prüfen, um die Abweichung zu erklären"),
    ("GaG", "write", "I need write access to check the failed payments of yesterday, INC-3"),
    ("aaG", "read", "INC-42 check invoices May"),
    ("GaG", "write", "INC-9 delete duplicated orders March"),
    ("aaG", "read", "INC-42 failed payments yesterday bank file read access"),
    ("aaG", "read", "INC-7 check payments"),
    ("a-G", "write", "INC-42 the settlement, the ledger and the bank statement of May"),
    // Poor ones.
    ("-a-", "read", "I need read access to payments"),
    ("-a-", "read", "read access please"),
    ("---", "write", "need access"),
    ("---", "read", "please give me access asap, it is urgent"),
    ("---", "read", "because my boss said so"),
    ("---", "read", "for work"),
    ("---", "read", "work stuff"),
    ("---", "read", "as usual"),
    ("---", "read", "same as before"),
    ("---", "read", "just need it"),
    ("---", "read", "payments"),
    ("---", "read", "brauche Zugriff, dringend"),
    ("---", "read", "bitte Zugang geben, danke"),
    ("---", "read", "wie immer"),
    ("---", "read", "weil mein Chef es sagt"),
    ("--G", "read", "INC-42"),
    ("--G", "read", "INC-42 please"),
    ("--G", "write", "need access because of INC-42"),
    ("-aa", "read", "see JIRA-1"),
    // Hostile ones.
    ("---", "read", ""),
    ("---", "read", " \n\t "),
    ("---", "read", "."),
    ("---", "read", "!!!!!!!!!!!!!!"),
    ("---", "read", "asdf asdf"),
    ("---", "read", "asdfasdf qwertz hjkl"),
    ("---", "read", "test test test test"),
    ("---", "read", "check check check check check check check check check check"),
    ("---", "read", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ("---", "read", "lorem ipsum dolor"),
    ("---", "read", "xxx xxx bla bla"),
    ("---", "read", "12345 67890"),
    ("---", "read", "🙂🙂🙂🙂"),
    ("---", "read", "bcdfg hjklm npqrst vwxzb"),
    ("--G", "read", "asdf asdf asdf INC-42"),
    ("---", "read", "INC-42: look up the failed payments of 3 May"),
    ("---", "read", "inc-42  LOOK UP the failed payments of 3 may!!"),
    ("aa-", "read", "לבדוק את התשלומים שנכשלו אתמול כדי למצוא את החסרים"),
    ("aaG", "read", "INC-42 проверить платежи за вчера чтобы найти ошибку"),
    ("---", "read", "<!channel> <@U1> *need* _access_"),
    ("---", "read", "https://example.com/INC-42/failed-payments?because=check"),
    ("aa-", "read", "'; DROP TABLE x;--"),
];

#[test]
fn good_and_bad_justifications() {
    assert!(TABLE.len() >= 70);
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(expected, permission, text)| {
            let lights = judged(permission, text);
            let got = colours(&lights);
            (got != *expected).then(|| {
                let hints: Vec<_> = [&lights.task, &lights.level, &lights.ticket]
                    .iter()
                    .map(|l| l.hint())
                    .collect();
                format!("{expected} but {got}: {permission}: {text}\n    {hints:?}")
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_light_says_what_is_missing() {
    let hints = |permission, text| {
        let lights = judged(permission, text);
        let all = [&lights.task, &lights.level, &lights.ticket];
        all.map(|light| format!("{:?}", light.hint())).join(" ")
    };
    insta::assert_snapshot!(
        [
            hints("read", ""),
            hints("read", EXAMPLE),
            hints("read", "asdf asdf"),
            hints("write", "OPS-7 look at the failed payments of May to find the missing ones"),
            hints("admin", "payments and invoices and orders"),
        ]
        .join("\n"),
        @r#"
        Some(Empty) Some(Empty) Some(NoTicket)
        Some(IsExample) Some(IsExample) Some(NoTicket)
        Some(NoSense) Some(NoSense) Some(NoTicket)
        None Some(LessWouldDo { permission: "write" }) Some(OtherTicket { number: "OPS-7" })
        Some(NoAction) Some(NoLevel { permission: "admin" }) Some(NoTicket)
        "#
    );
}

#[test]
fn the_tickets_own_field_counts_and_any_ticket_where_no_type_is_configured() {
    fn with(ticket: Option<&str>, types: &[&TicketType]) -> Light {
        let setting = Setting { tickets: types, ticket, ..Setting::default() };
        check("check payments", &setting).ticket
    }
    let incident = incident();
    let other = |number: &str| Light::Amber(Hint::OtherTicket { number: number.to_owned() });

    assert_eq!(with(Some(" inc-42 "), &[&incident]), Light::Green);
    assert_eq!(with(Some("OPS-1"), &[&incident]), other("OPS-1"));
    assert_eq!(with(Some("OPS-1"), &[]), Light::Green);
    assert_eq!(with(Some(" "), &[]), Light::Red(Hint::NoTicket));
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    let time = |text: &str| {
        let began = Instant::now();
        let _ = judged("write", text);
        began.elapsed()
    };
    for piece in ["check payments to fix INC-42 ", "a", "INC-", "- ", "ä#1-", "because to so "] {
        let short = piece.repeat(1_000 / piece.len());
        let long = piece.repeat(40_000 / piece.len());
        let few = (0..5).map(|_| time(&short)).min().unwrap();
        let many = (0..3).map(|_| time(&long)).min().unwrap();
        // Forty times the text; a square would be sixteen hundred times the time.
        assert!(many < few * 400, "{piece}: {few:?} and {many:?}");
    }
}

proptest! {
    #[test]
    fn any_text_gets_three_lights(text in "\\PC{0,200}", permission in "\\PC{0,12}") {
        let lights = judged(&permission, &text);
        prop_assert_eq!(&lights, &judged(&permission, &text));
        prop_assert!(!lights.are_green() || lights.task.hint().is_none());
    }
}
