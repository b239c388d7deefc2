//! Mail: letters to people whom chat does not reach, over SMTP.
//!
//! A letter has a text and an HTML part, names itself and its thread (`Message-ID`, `References`),
//! and says that a program wrote it (`Auto-Submitted`). Nothing in it is loaded from anywhere.
//!
//! The server's words may repeat an address, so none of them is kept: an error holds its code alone.
mod fault;
mod sender;

use super::code_mail::{CodeLetter, CodeMail};
use super::{Letter, Post, SendError};
use crate::clock::Clock;
use crate::ids;
use crate::show::limits::{NAME_CHARS, one_line};
use crate::show::mail::{Laid, lay_out, lay_out_code};
use fault::Fault;
use futures_util::future::BoxFuture;
use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::Tls;
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::SecretString;
use sender::Sender;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Longest wait for the server's answer to one command.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest that a letter may take in all; the server's patience with us is about as long.
const IN_ALL: Duration = Duration::from_secs(120);
/// Connections to the server at most.
const CONNECTIONS: u32 = 4;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// How the mail server is reached.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Account and password, where it wants them.
    pub login: Option<(String, SecretString)>,
    /// The sender's name.
    pub from_name: Option<String>,
    /// The sender's address.
    pub from_address: String,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// After the greeting; never goes on without.
    StartTls,
    /// From the first byte.
    Tls,
    /// Not at all.
    None,
}

/// Settings that make no mail server.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender's address.
    #[error("the sender's address")]
    Address(#[from] AddressError),
    /// The encryption.
    #[error("preparing the encryption for the mail server")]
    Encryption(#[from] lettre::transport::smtp::Error),
}

/// A mail server, and whom mail comes from. Cheap to clone.
#[derive(Clone)]
pub struct Mail(Arc<Inner>);

struct Inner {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
    from: Mailbox,
    clock: Arc<dyn Clock>,
}

/// Whom a message goes to, and what it is called.
struct Envelope<'a> {
    name: &'a str,
    address: &'a str,
    id: &'a str,
    thread: Option<&'a str>,
}

impl Mail {
    /// The server of these settings; it is not called yet.
    ///
    /// # Errors
    ///
    /// [`MailError`] when the settings do not work out.
    pub fn new(settings: &MailSettings, clock: Arc<dyn Clock>) -> Result<Self, MailError> {
        let from = Mailbox::new(settings.from_name.clone(), settings.from_address.parse()?);
        let sender = Sender::new(settings, &from.email)?;
        let tls = match (settings.encryption, sender.tls.clone()) {
            (Encryption::StartTls, Some(tls)) => Tls::Required(tls),
            (Encryption::Tls, Some(tls)) => Tls::Wrapper(tls),
            (Encryption::None, _) | (_, None) => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&sender.host)
            .port(sender.port)
            .hello_name(sender.name.clone())
            .tls(tls)
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE));
        if let Some(login) = sender.login.clone() {
            builder = builder.credentials(login);
        }
        Ok(Self(Arc::new(Inner { transport: builder.build(), sender, from, clock })))
    }

    /// What sends letters through this server.
    pub fn post(&self) -> Post {
        let mail = self.clone();
        Arc::new(move |letter| {
            let mail = mail.clone();
            Box::pin(async move { mail.send_letter(&letter).await })
        })
    }

    async fn send_letter(&self, letter: &Letter) -> Result<(), SendError> {
        let laid = lay_out(letter.language, &letter.card, letter.link.as_deref());
        let envelope = Envelope {
            name: &letter.name,
            address: &letter.address,
            id: &letter.id,
            thread: letter.thread.as_deref(),
        };
        self.send(&envelope, laid.map_err(|error| wrong(&error))?).await
    }

    async fn send(&self, envelope: &Envelope<'_>, laid: Laid) -> Result<(), SendError> {
        let message = self.message(envelope, laid)?;
        match tokio::time::timeout(IN_ALL, self.0.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.blamed(envelope, &error).await),
            Err(_) => Err(SendError::ShutOut("the mail server takes too long".to_owned())),
        }
    }

    /// What to do after an error; where an answer does not tell whom it is about, the server is asked
    /// whether it takes letters from us at all.
    async fn blamed(&self, envelope: &Envelope<'_>, error: &smtp::Error) -> SendError {
        let is_plain = address(envelope.address).is_some_and(|it| it.to_string().is_ascii());
        match fault::of(error, is_plain) {
            Fault::Known(error) => error,
            Fault::Unclear { why, is_final } => {
                let asked = tokio::time::timeout(IN_ALL, self.0.sender.is_welcome()).await;
                match (asked.unwrap_or_default(), is_final) {
                    (true, true) => SendError::Unreachable(why),
                    (true, false) => SendError::Later { after: None, why },
                    (false, _) => SendError::ShutOut(why),
                }
            }
        }
    }

    fn message(&self, envelope: &Envelope<'_>, laid: Laid) -> Result<Message, SendError> {
        let Laid { subject, text, html } = laid;
        let address = address(envelope.address)
            .ok_or_else(|| SendError::Unreachable("the address is none".to_owned()))?;
        let name = one_line(envelope.name, NAME_CHARS);
        let mut builder = Message::builder()
            .from(self.0.from.clone())
            .to(Mailbox::new(Some(name), address))
            .subject(subject)
            .date(SystemTime::from(self.0.clock.now()))
            .message_id(Some(self.named(envelope.id)))
            .header(AutoSubmitted);
        if let Some(thread) = envelope.thread {
            let thread = self.named(thread);
            builder = builder.in_reply_to(thread.clone()).references(thread);
        }
        let parts = MultiPart::alternative_plain_html(text, html);
        builder.multipart(parts).map_err(|error| wrong(&error))
    }

    /// A name among all mails of the world.
    fn named(&self, local: &str) -> String {
        format!("<{local}@{}>", self.0.from.email.domain())
    }
}

impl CodeMail for Mail {
    fn send_code<'a>(&'a self, letter: &'a CodeLetter) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let laid = lay_out_code(letter.language, &letter.code, letter.minutes);
            let id = format!("code.{}", ids::fresh());
            let envelope =
                Envelope { name: &letter.name, address: &letter.to, id: &id, thread: None };
            self.send(&envelope, laid.map_err(|error| wrong(&error))?).await
        })
    }
}

/// An address as it goes on the wire: every server knows the ASCII form of a domain.
fn address(text: &str) -> Option<Address> {
    let address: Address = text.parse().ok()?;
    match url::Host::parse(address.domain()) {
        Ok(url::Host::Domain(domain)) => Address::new(address.user(), domain).ok(),
        Ok(_) | Err(_) => Some(address),
    }
}

fn wrong(error: &dyn std::error::Error) -> SendError {
    SendError::Wrong(error.to_string())
}

/// Says that a program wrote it, so that no other program answers.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
