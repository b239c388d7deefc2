//! The same story without chat: letters over SMTP, pages over HTTP, and the target read at the end.
//!
//! Ana and Ben each have a browser that does what a person's does: it follows links, fills forms and
//! keeps cookies. Each signs in with a code that was mailed to them.
use super::browser::{Browser, Seen};
use super::{EmailCompany, html, mail_address};
use crate::demo::mailbox::Letter;
use crate::demo::story::{Login, read_target, use_access};
use crate::demo::teller::{Say, Teller};
use anyhow::{Context, ensure};
use axum::http::StatusCode;
use chrono::TimeDelta;
use std::time::Duration;

/// Longest wait for one letter.
const PATIENCE: Duration = Duration::from_secs(20);
/// Steps of the story.
const STEPS: u64 = 9;
/// The shortest time that may be asked for, in seconds, as the form sends it.
const SHORTEST: &str = "900";

/// Plays the story; each line goes to `say`.
///
/// # Errors
///
/// When the story goes otherwise than it is told: then the product is broken.
pub async fn play<'a>(company: &EmailCompany, say: &'a mut Say<'a>) -> anyhow::Result<()> {
    let mut teller = Teller::new(STEPS, say)?;
    let before = company.target.lines().await?;
    let mut ana = Browser::new(company.bot.address);
    come_in(company, &mut teller, &mut ana).await?;
    ask(&mut teller, &mut ana).await?;
    follow_anothers_link(company, &mut teller, &mut ana).await?;
    approve(company, &mut teller).await?;
    let login = connect(company, &mut teller, &mut ana).await?;
    use_access(&company.target, &mut teller, login.as_ref()).await?;
    expire(company, &mut teller).await?;
    read_target(&company.target, &mut teller, &before, login.as_ref()).await?;
    teller.end();
    Ok(())
}

async fn come_in(
    company: &EmailCompany,
    teller: &mut Teller<'_>,
    ana: &mut Browser,
) -> anyhow::Result<()> {
    teller.now("Ana signs in");
    let who = ana.opens("/").await?;
    who.says("Who are you?")?;
    let address = mail_address("ana");
    let portal = sign_in(company, ana, "ana", &who, &[("address", &address)]).await?;
    portal.says("Ana Torres")?;
    teller.step("Ana opens the portal; a code comes by mail, and lets her in.")
}

/// Has a code mailed by the form of a page, and enters it.
async fn sign_in(
    company: &EmailCompany,
    browser: &mut Browser,
    person: &str,
    page: &Seen,
    filled: &[(&str, &str)],
) -> anyhow::Result<Seen> {
    let enter = browser.sends(page, "/sign-in", filled).await?;
    let letter = letter(company, person, "Your code to sign in").await?;
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    let code = letter.text.split_whitespace().find(is_code).context("a letter without a code")?;
    browser.sends(&enter, "/sign-in/code", &[("code", code)]).await
}

async fn ask(teller: &mut Teller<'_>, ana: &mut Browser) -> anyhow::Result<()> {
    teller.now("Ana fills the form");
    let form = ana.opens("/new").await?;
    let found = ana.opens(&format!("{}?words=paymnts", form.path)).await?;
    let read = html::ticked(&found.html, "payments: read").context("payments, misspelled")?;
    let chosen = ana.sends(&found, "/add", &[("item", &read)]).await?;
    chosen.says("1 of at most 1,000 chosen")?;
    let finish = ana.opens(&format!("{}/finish", form.path)).await?;
    finish.says("Ben Okafor or anyone in dba")?;
    teller.step("She searches “paymnts”, ticks payments: read; the form says who approves.")?;
    let why = "INC-42: look up the failed payments of 3 May";
    let filled = [("press", "send"), ("duration", SHORTEST), ("why", why)];
    let sent = ana.sends(&finish, "/finish", &filled).await?;
    sent.says("AR-1001 is Pending Approval")?;
    teller.step("She sends it. AR-1001 waits; Ben and the database administrators are mailed.")
}

async fn follow_anothers_link(
    company: &EmailCompany,
    teller: &mut Teller<'_>,
    ana: &mut Browser,
) -> anyhow::Result<()> {
    teller.now("Ana follows Ben's link");
    let asked = letter(company, "ben", "Review and decide").await?;
    let seen = ana.opens(link(company, &asked)?).await?;
    ensure!(seen.status == StatusCode::NOT_FOUND, "Ben's link shows Ana: {}", seen.text());
    teller.step("Ana follows the link in Ben's mail: it leads her nowhere, and it is audited.")
}

async fn approve(company: &EmailCompany, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.now("Ben decides");
    let mut ben = Browser::new(company.bot.address);
    let asked = letter(company, "ben", "Review and decide").await?;
    let who = ben.opens(link(company, &asked)?).await?;
    let page = sign_in(company, &mut ben, "ben", &who, &[]).await?;
    let filled = [("verdict", "approve"), ("reason", "Go ahead, and tell me what you find")];
    let done = ben.sends(&page, "/decide", &filled).await?;
    done.says("You approved it.")?;
    letter(company, "ana", "Your access is ready").await?;
    teller.step(
        "Ben follows it, proves who he is by a code of his own, and approves; the target confirms, \
         and Ana is mailed that her access is ready.",
    )
}

/// The login that Ana is shown, where the target makes one.
async fn connect(
    company: &EmailCompany,
    teller: &mut Teller<'_>,
    ana: &mut Browser,
) -> anyhow::Result<Option<Login>> {
    teller.now("Ana looks how to connect");
    let page = ana.opens("/requests/AR-1001").await?;
    let shown = ana.sends(&page, "/connect", &[]).await?;
    let user = html::fact(&shown.html, "User");
    let login = user.zip(html::fact(&shown.html, "Password"));
    ensure!(login.is_some() == company.has_postgres(), "how to connect says: {}", shown.text());
    teller.step("How to connect opens for Ana alone.")?;
    Ok(login)
}

async fn expire(company: &EmailCompany, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.now("fifteen minutes pass");
    company.clock.skip(TimeDelta::minutes(15) + TimeDelta::seconds(5));
    letter(company, "ana", "Expired").await?;
    teller.step("Fifteen minutes later the access expires, and Ana is mailed.")
}

/// The newest letter to somebody that says this.
async fn letter(company: &EmailCompany, person: &str, words: &str) -> anyhow::Result<Letter> {
    let address = mail_address(person);
    let is_meant = |letter: &Letter| letter.to == address && letter.text.contains(words);
    let found = company.mailbox.wait_for(is_meant, PATIENCE).await;
    found.with_context(|| {
        let seen = company.mailbox.letters();
        let seen: Vec<&str> = seen.iter().map(|letter| letter.header("subject")).collect();
        format!("a letter to {person} that says “{words}” did not come, only {seen:?}")
    })
}

/// The link in a letter.
fn link<'a>(company: &EmailCompany, letter: &'a Letter) -> anyhow::Result<&'a str> {
    let ours = format!("http://{}/", company.bot.address);
    let found = letter.text.split_whitespace().find(|word| word.starts_with(&ours));
    found.context("a letter without a link")
}
