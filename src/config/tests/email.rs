//! What is said of the `[email]` table, and what is read of a good one.
use super::super::MailTls;
use super::{Folder, NAMES};

const GOOD: &str = "server = \"smtp.example.com\"\nfrom = \"Hallpass <access@example.com>\"";

/// The base configuration with this in `[email]`, and a public address.
fn with(text: &str) -> Folder {
    let folder = Folder::new();
    let table = format!("public_url = \"https://access.example.com\"\n[email]\n{text}\n[slack]");
    folder.edit(NAMES[0], "[slack]", &table);
    folder
}

#[test]
fn mistakes_in_the_email_table() {
    let mut page = String::new();
    for (from, to) in [
        ("server", "sever"),
        ("from", "form"),
        ("smtp.example.com", "smtp.example.com:mail"),
        ("smtp.example.com", "smtp example"),
        ("server", "tls = \"start\"\nserver"),
        ("server", "tls = \"none\"\nserver"),
        ("server", "password = \"canary\"\nserver"),
        ("server", "user = \"hallpass\"\nserver"),
        ("server", "password_file = \"none\"\nserver"),
        ("server", "after = \"soon\"\nserver"),
        ("server", "beside_chat = \"yes\"\nserver"),
        ("Hallpass <access@example.com>", "Hallpass"),
        ("Hallpass <access@example.com>", "Hallpass <access>"),
    ] {
        let report = with(&GOOD.replace(from, to)).report();
        page.push_str(if report.is_empty() { "nothing\n" } else { &report });
    }
    insta::assert_snapshot!(page, @r#"
    hallpass.toml:4: email.server: missing; write for example `server = "smtp.example.com:587"`
    hallpass.toml:5: email.sever: unknown key; did you mean `server`? Allowed: after, beside_chat, from, password_file, server, tls, user
    hallpass.toml:4: email.from: missing; write for example `from = "Hallpass <access@example.com>"`
    hallpass.toml:6: email.form: unknown key; did you mean `from`? Allowed: after, beside_chat, from, password_file, server, tls, user
    hallpass.toml:5: email.server: `smtp.example.com:mail` does not end in a port; write `smtp.example.com:587`
    hallpass.toml:5: email.server: `smtp example` is no mail server; write its name and port, `smtp.example.com:587`
    hallpass.toml:5: email.tls: `start` is not known here; allowed: starttls, tls, none
    hallpass.toml:5: email.tls: `tls = "none"` is for a server on this machine alone: requests, and the links to them, would cross the network in clear; use "starttls" or "tls"
    hallpass.toml:5: email.password: a secret does not belong in this file; put it into a file of its own that only Hallpass can read and write `password_file = "that file"`
    hallpass.toml:4: email.password_file: missing: neither this key nor the environment variable HALLPASS_EMAIL_PASSWORD is set
    hallpass.toml:5: email.password_file: a password needs the name of its account: add `user = "hallpass"`
    hallpass.toml:5: email.after: `soon` is no duration: write how long as 90m, 1.5h or 2d
    hallpass.toml:5: email.beside_chat: this must be true or false, without quotes, not a text
    hallpass.toml:6: email.from: `Hallpass` is no address; write one like ana@example.com
    hallpass.toml:6: email.from: `access` is no address; write one like ana@example.com
    "#);
}

#[test]
fn mail_needs_a_public_address() {
    let folder = Folder::new();
    folder.edit(NAMES[0], "[slack]", &format!("[email]\n{GOOD}\n[slack]"));

    insta::assert_snapshot!(folder.report(), @"hallpass.toml:3: email: mails hold links to Hallpass's pages: set `public_url` at the top of this file");
}

#[test]
fn slack_may_be_off_where_there_is_mail() {
    let folder = with(GOOD);
    folder.edit(NAMES[0], "mode = \"socket\"", "enabled = false");

    let config = folder.load().unwrap();

    assert_eq!(config.warnings, []);
    assert!(config.service.slack.is_none() && config.service.email.is_some());
}

#[test]
fn a_table_is_read_with_what_is_usual_where_it_says_nothing() {
    for (text, host, port, tls) in [
        ("server = \"smtp.example.com\"", "smtp.example.com", 587, MailTls::StartTls),
        ("server = \"smtp.example.com:2525\"", "smtp.example.com", 2525, MailTls::StartTls),
        ("tls = \"tls\"\nserver = \"192.0.2.1\"", "192.0.2.1", 465, MailTls::Tls),
        ("tls = \"none\"\nserver = \"[::1]:1025\"", "::1", 1025, MailTls::None),
        ("tls = \"none\"\nserver = \"localhost\"", "localhost", 25, MailTls::None),
    ] {
        let config = with(&format!("{text}\nfrom = \"access@example.com\"")).load().unwrap();
        let email = config.service.email.unwrap();

        assert_eq!((email.host.as_str(), email.port, email.tls), (host, port, tls), "{text}");
        assert_eq!(email.from.name, None);
        assert_eq!(email.after.num_minutes(), 5);
        assert!(!email.beside_chat && email.login.is_none());
    }
}
