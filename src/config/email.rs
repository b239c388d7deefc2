//! How Hallpass sends mail: the `[email]` table of the service file. Without it no mail is sent.
use super::directory::email_address;
use super::secret::{SecretForm, secret};
use super::section::{Found, Section};
use super::words::shown;
use chrono::TimeDelta;
use secrecy::SecretString;
use std::net::IpAddr;

/// How long chat may fail before email takes over, when the file does not say.
const AFTER: TimeDelta = TimeDelta::minutes(5);
/// Longest name of a sender; it stands in front of the address in every list of mails.
const LONGEST_NAME: usize = 64;

/// How Hallpass sends mail.
#[derive(Debug, Clone)]
pub struct Email<S: SecretForm = SecretString> {
    /// The mail server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: MailTls,
    /// The account there, where it wants one.
    pub login: Option<MailLogin<S>>,
    /// Whom mail comes from.
    pub from: Sender,
    /// How long chat may fail before email takes over.
    pub after: TimeDelta,
    /// Whether everything is said by email as well, beside chat.
    pub beside_chat: bool,
}

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// It begins in clear and is encrypted before anything is said; never goes on without.
    StartTls,
    /// From the first byte.
    Tls,
    /// Not at all: for a server on this machine alone.
    None,
}

/// An account at a mail server.
#[derive(Debug, Clone)]
pub struct MailLogin<S: SecretForm = SecretString> {
    /// Its name.
    pub user: String,
    /// Its password.
    pub password: S,
}

/// Whom mail comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// `Hallpass`, where there is a name.
    pub name: Option<String>,
    /// `access@example.com`.
    pub address: String,
}

impl MailTls {
    /// The port that servers use for it.
    fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// Reads how mail is sent.
pub(super) fn read<S: SecretForm>(
    email: &Section<'_>,
    has_public_url: bool,
    has_chat: bool,
) -> Option<Email<S>> {
    let words = [("starttls", MailTls::StartTls), ("tls", MailTls::Tls), ("none", MailTls::None)];
    let tls = email.choice("tls", &words);
    let tls = tls.or((!email.has("tls")).then_some(MailTls::StartTls));
    let server = email.needed_text("server", "\"smtp.example.com:587\"");
    let server = server.and_then(|text| server_at(email, &text, tls));
    let login = login(email);
    let from = email.needed_text("from", "\"Hallpass <access@example.com>\"");
    let from = from.and_then(|text| sender(email, &text));
    let after = match email.has("after") {
        true => email.duration("after").map(|after| after.value),
        false => Some(AFTER),
    };
    let beside_chat = email.yes_or_no("beside_chat", false);
    email.finish();
    if !has_public_url {
        let what = "mails hold links to Hallpass's pages: set `public_url` at the top of this file";
        email.reading.mistake(&email.here(), what);
    }
    if beside_chat && !has_chat {
        let what = "no chat platform is enabled that email could come beside";
        email.reading.warn(&email.place("beside_chat"), what);
    }
    let (host, port) = server?;
    Some(Email { host, port, tls: tls?, login: login?, from: from?, after: after?, beside_chat })
}

/// `smtp.example.com:587`; without a port, the one that fits how it is encrypted.
fn server_at(
    email: &Section<'_>,
    text: &Found<&str>,
    tls: Option<MailTls>,
) -> Option<(String, u16)> {
    let wrong = |what: String| {
        email.reading.mistake(&text.place, what);
        None
    };
    let is_bare_ip = text.value.parse::<IpAddr>().is_ok();
    let (host, port) = match text.value.rsplit_once(':').filter(|_| !is_bare_ip) {
        Some((host, port)) => (host, Some(port)),
        None => (text.value, None),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
    let is_host = host.parse::<IpAddr>().is_ok()
        || !host.is_empty() && host.chars().all(is_part) && !host.starts_with(['.', '-']);
    let port = match port.map(str::parse::<u16>) {
        None => tls.map_or(0, MailTls::port),
        Some(Ok(port)) if port > 0 => port,
        Some(_) => {
            return wrong(format!(
                "{} does not end in a port; write `smtp.example.com:587`",
                shown(text.value)
            ));
        }
    };
    if !is_host {
        return wrong(format!(
            "{} is no mail server; write its name and port, `smtp.example.com:587`",
            shown(text.value)
        ));
    }
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if tls == Some(MailTls::None) && !is_here {
        let what = "`tls = \"none\"` is for a server on this machine alone: requests, and the links \
                    to them, would cross the network in clear; use \"starttls\" or \"tls\"";
        email.reading.mistake(&email.place("tls"), what);
        return None;
    }
    Some((host.to_owned(), port))
}

/// The account, whole or not at all; `Some(None)` where there is none.
fn login<S: SecretForm>(email: &Section<'_>) -> Option<Option<MailLogin<S>>> {
    let user = email.text("user");
    let has_file = email.has("password_file");
    let Some(user) = user else {
        if has_file {
            let what = "a password needs the name of its account: add `user = \"hallpass\"`";
            email.reading.mistake(&email.place("password_file"), what);
            return None;
        }
        return (!email.has("user")).then_some(None);
    };
    let password = secret(email, "password_file", "HALLPASS_EMAIL_PASSWORD", |_| Ok(()))?;
    Some(Some(MailLogin { user: user.value.to_owned(), password }))
}

/// `Hallpass <access@example.com>`, or the address alone.
fn sender(email: &Section<'_>, text: &Found<&str>) -> Option<Sender> {
    let named = text.value.trim().strip_suffix('>').and_then(|rest| rest.split_once('<'));
    let (name, address) = match named {
        Some((name, address)) => (name.trim().trim_matches('"').trim(), address.trim()),
        None => ("", text.value.trim()),
    };
    if name.chars().count() > LONGEST_NAME {
        let what = format!("the name before the address is longer than {LONGEST_NAME} characters");
        email.reading.mistake(&text.place, what);
        return None;
    }
    let found = Found { value: address, place: text.place.clone() };
    let address = email_address(email.reading, &found)?;
    Some(Sender { name: Some(name.to_owned()).filter(|name| !name.is_empty()), address })
}
