//! Birch & Bell without Slack and Teams: the bot on email and web pages alone, with everybody's
//! mailbox in the browser.
//!
//! One address serves both: the bot's pages at `/`, as a company has them, and the demo's own under
//! `/demo`. Nobody is let in by a back door: whoever reads a page has signed in with a code that was
//! mailed, and the demo's pages only show where it was mailed to.
mod browser;
mod html;
mod pages;
mod persona;
pub mod script;

use super::home::{Home, random_hex};
use super::mailbox::Mailbox;
use super::target::{Target, Wanted};
use crate::bot::{Bot, Parts};
use crate::clock::SkippingClock;
use crate::config;
use anyhow::Context;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

/// The six: id in the directory, name, what they do.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("ana", "Ana Torres", "Support engineer"),
    ("ben", "Ben Okafor", "Payments lead"),
    ("chloe", "Chloé Martin", "Database administrator, reads German"),
    ("dev", "Dev Patel", "Platform engineer, admin"),
    ("eva", "Eva Lindqvist", "CTO, admin"),
    ("finn", "Finn Walsh", "Intern"),
];

/// The running company.
pub struct EmailCompany {
    /// Its mail server, which delivers nothing anywhere.
    pub mailbox: Mailbox,
    /// Its bot.
    pub bot: Bot,
    /// What the bot gives access to.
    target: Arc<Target>,
    /// Its time.
    clock: SkippingClock,
    // Last: the files go after everything that uses them.
    _home: Home,
}

impl EmailCompany {
    /// Opens the company for the day at `address`; access is given to what is wanted.
    ///
    /// # Errors
    ///
    /// When a server of it cannot start; the message says which.
    pub async fn open(address: SocketAddr, wanted: Wanted) -> anyhow::Result<Self> {
        let home = Home::make()?;
        let target =
            Target::start(home.path(), wanted).await.context("starting the target system")?;
        let target = Arc::new(target);
        let clock = SkippingClock::default();
        let mailbox = Mailbox::start().await?;
        let address = free(address)?;
        let file = write_configuration(&home, address, &mailbox, &target)?;
        let master_key = random_hex()?;
        let environment = |name: &str| match name {
            "HALLPASS_MASTER_KEY" => Some(master_key.clone()),
            other => target.secret(other),
        };
        let config = config::load_with(&file, &environment)
            .map_err(|mistakes| anyhow::anyhow!("the demo's own configuration: {mistakes}"))?;
        let parts = Parts::of(config, Arc::new(clock.clone()))?;
        let pages = pages::routes(pages::Shown {
            mailbox: mailbox.clone(),
            target: Arc::clone(&target),
            clock: clock.clone(),
        })?;
        let bot = Bot::start_beside(parts, pages).await?;
        bot.app.catalogue_known().await;
        bot.worker.list_all().await;
        Ok(Self { mailbox, bot, target, clock, _home: home })
    }

    /// Where people begin.
    pub fn page_url(&self) -> String {
        format!("http://{}/demo", self.bot.address)
    }

    /// Whether the target is a real PostgreSQL.
    pub fn has_postgres(&self) -> bool {
        self.target.is_postgres()
    }

    /// Closes it: the bot finishes what is in flight, the servers stop, the files go.
    pub async fn close(self) {
        self.bot.stop().await;
        self.mailbox.shutdown().await;
    }
}

/// The address with a port that is free, where it names none: the bot must know it before it
/// listens, for its letters name it.
fn free(address: SocketAddr) -> anyhow::Result<SocketAddr> {
    if address.port() != 0 {
        return Ok(address);
    }
    let probe = TcpListener::bind(address).context("looking for a free port")?;
    Ok(probe.local_addr()?)
}

fn write_configuration(
    home: &Home,
    address: SocketAddr,
    mailbox: &Mailbox,
    target: &Target,
) -> anyhow::Result<PathBuf> {
    let service = include_str!("hallpass.toml")
        .replace("@ADDRESS@", &address.to_string())
        .replace("@MAIL_SERVER@", &mailbox.address().to_string());
    // A channel is Slack's.
    let flows = include_str!("../company/flows.toml").lines();
    let flows: Vec<&str> = flows.filter(|line| !line.starts_with("channel")).collect();
    home.keep(&[
        ("hallpass.toml", &service),
        ("directory.toml", include_str!("../company/directory.toml")),
        ("catalogue.toml", target.catalogue()),
        ("flows.toml", &flows.join("\n")),
        ("bundles.toml", include_str!("../company/bundles.toml")),
    ])
}

/// The address of somebody's mailbox.
fn mail_address(person: &str) -> String {
    format!("{person}@birchbell.example")
}
