//! Email, wired: what sends it, and how its letters link to the pages.
use super::pages;
use crate::chat::mail::{Encryption, Mail, MailSettings};
use crate::clock::Clock;
use crate::config::{MailTls, Service};
use crate::work::{Link, MailWay};
use anyhow::Context;
use std::sync::Arc;

/// What sends mail, where mail is configured.
pub(super) fn mail(service: &Service, clock: &Arc<dyn Clock>) -> anyhow::Result<Option<Mail>> {
    let Some(email) = &service.email else { return Ok(None) };
    let settings = MailSettings {
        host: email.host.clone(),
        port: email.port,
        encryption: match email.tls {
            MailTls::StartTls => Encryption::StartTls,
            MailTls::Tls => Encryption::Tls,
            MailTls::None => Encryption::None,
        },
        login: email.login.as_ref().map(|login| (login.user.clone(), login.password.clone())),
        from_name: email.from.name.clone(),
        from_address: email.from.address.clone(),
    };
    Mail::new(&settings, Arc::clone(clock)).context("preparing to send mail").map(Some)
}

/// How people are reached by `mail`, with links to the pages in it.
pub(super) fn way(service: &Service, mail: Option<Mail>) -> anyhow::Result<Option<MailWay>> {
    let (Some(email), Some(mail)) = (&service.email, mail) else { return Ok(None) };
    let links = pages::links(service)?.context("mails link to pages: set `public_url`")?;
    let link: Link = Arc::new(move |person, request, now| links.request(person, request, now));
    let (after, beside_chat) = (email.after, email.beside_chat);
    Ok(Some(MailWay { post: mail.post(), after, beside_chat, link }))
}
