//! The demo's story in the terminal: asked, approved, used, ended, gone.
//!
//! Every step waits for what a person would see, and the last ones read the target itself.
use super::Company;
use super::company::CHANNEL;
use super::slack::{Container, Message, State, View, read};
use super::story::{Login, read_target, use_access};
use super::teller::{Say, Teller};
use anyhow::{Context, ensure};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::Duration;

/// Longest wait for one thing to appear.
const PATIENCE: Duration = Duration::from_secs(20);
/// Steps of the story.
const STEPS: u64 = 9;
const ANA: &str = "U0ANA";
const BEN: &str = "U0BEN";

/// Plays the story; each line goes to `say`.
///
/// # Errors
///
/// When the story goes otherwise than it is told: then the product is broken.
pub async fn play<'a>(company: &Company, say: &'a mut Say<'a>) -> anyhow::Result<()> {
    let mut teller = Teller::new(STEPS, say)?;
    let before = company.target.lines().await?;
    ask(company, &mut teller).await?;
    refuse_own(company, &mut teller).await?;
    approve(company, &mut teller).await?;
    let login = connect(company, &mut teller).await?;
    use_access(&company.target, &mut teller, login.as_ref()).await?;
    expire(company, &mut teller).await?;
    read_target(&company.target, &mut teller, &before, login.as_ref()).await?;
    let refusals = company.workspace.read(|state| state.refusals().len());
    ensure!(refusals == 0, "{refusals} calls broke a limit of Slack's");
    teller.end();
    Ok(())
}

async fn ask(company: &Company, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.now("Ana opens the form");
    let ws = &company.workspace;
    let answer = ws.slash(ANA, "request").await;
    ensure!(answer.is_ok(), "the command was not acknowledged: {answer:?}");
    let form =
        wait_view(company, ANA, |view| view.all_text().contains("What do you need?")).await?;
    teller.step("Ana types /access request; the form opens.")?;
    let found = ws.suggest(ANA, &Container::View(form.id.clone()), "resources", "paymnts").await;
    let options = found.body.get("options").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_read =
        |option: &&Value| option.pointer("/text/text").is_some_and(|text| text == "payments: read");
    let payments = options.iter().find(is_read).context("payments, misspelled, to read")?.clone();
    let chosen = ws.choose_options(ANA, &form.id, "resources", &[payments]).await;
    ensure!(chosen.is_ok(), "choosing was not acknowledged: {chosen:?}");
    wait_view(company, ANA, |view| view.all_text().contains("1 of at most 1,000 chosen")).await?;
    let went_on = ws.submit(ANA, &form.id, &json!({})).await;
    ensure!(went_on.is_ok(), "the first step was not taken: {went_on:?}");
    wait_view(company, ANA, |view| view.all_text().contains("Ben Okafor or anyone in dba")).await?;
    teller
        .step("She searches “paymnts”, finds payments, picks read; the form says who approves.")?;
    ws.type_text(ANA, &form.id, "justification", "INC-42: look up the failed payments of 3 May")
        .await;
    let sent = ws.submit(ANA, &form.id, &json!({})).await;
    ensure!(sent.is_ok() && sent.errors.is_empty(), "the form was not taken: {sent:?}");
    wait_message(company, BEN, |message| message.all_text().contains("Access request AR-1001"))
        .await?;
    teller.step("She sends it. AR-1001 waits; Ben is asked in a direct message and in #access.")
}

async fn refuse_own(company: &Company, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.now("Ana tries to approve it herself");
    let ws = &company.workspace;
    let in_channel = |state: &State| {
        let messages = state.messages(CHANNEL);
        messages.into_iter().find(|m| m.all_text().contains("AR-1001")).cloned()
    };
    let card = ws.wait_for(in_channel, PATIENCE).await.context("the card in the channel")?;
    ws.click(ANA, &Container::from(&card), "approve").await;
    let notice = wait_view(company, ANA, |view| view.all_text().contains("cannot decide")).await?;
    ws.close(ANA, &notice.id).await;
    teller.step("Ana presses Approve in the channel: refused, only she sees it, and it is audited.")
}

async fn approve(company: &Company, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.now("Ben decides");
    let ws = &company.workspace;
    let card = wait_message(company, BEN, |message| {
        read::buttons(&message.blocks.clone()).contains(&"Approve".to_owned())
    })
    .await?;
    ws.click(BEN, &Container::from(&card), "approve").await;
    let dialog =
        wait_view(company, BEN, |view| view.all_text().contains("Approve AR-1001")).await?;
    ws.type_text(BEN, &dialog.id, "reason", "Go ahead, and tell me what you find").await;
    let sent = ws.submit(BEN, &dialog.id, &json!({})).await;
    ensure!(sent.is_ok() && sent.errors.is_empty(), "the decision was not taken: {sent:?}");
    wait_message(company, ANA, |message| message.all_text().contains("Your access is ready"))
        .await?;
    teller.step(
        "Ben approves with a reason; the target confirms; Ana hears that her access is ready.",
    )
}

/// The login that Ana is shown, where the target makes one.
async fn connect(company: &Company, teller: &mut Teller<'_>) -> anyhow::Result<Option<Login>> {
    teller.now("Ana looks how to connect");
    let ws = &company.workspace;
    let ready =
        wait_message(company, ANA, |message| message.all_text().contains("Your access is ready"))
            .await?;
    ws.click(ANA, &Container::from(&ready), "connect").await;
    let view = wait_view(company, ANA, |view| view.all_text().contains("connect")).await?;
    let text = view.all_text();
    let after = |label: &str| {
        let mut lines = text.lines().skip_while(|line| line.trim() != label).skip(1);
        lines.next().map(|line| line.trim().to_owned())
    };
    let login = after("User").zip(after("Password"));
    ws.close(ANA, &view.id).await;
    ensure!(login.is_some() == company.has_postgres(), "how to connect says: {text}");
    teller.step("How to connect opens for Ana alone.")?;
    Ok(login)
}

async fn expire(company: &Company, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.now("fifteen minutes pass");
    company.clock.skip(TimeDelta::minutes(15) + TimeDelta::seconds(5));
    wait_message(company, ANA, |message| {
        let text = message.all_text();
        text.contains("Expired") && text.contains("access is gone")
    })
    .await?;
    teller.step("Fifteen minutes later the access expires and Ana is told.")
}

async fn wait_view(
    company: &Company,
    user: &str,
    is_meant: impl Fn(&View) -> bool,
) -> anyhow::Result<View> {
    let look = |state: &State| state.views(user).last().filter(|view| is_meant(view)).cloned();
    let found = company.workspace.wait_for(look, PATIENCE).await;
    found.with_context(|| format!("a view for {user} did not come: {}", seen(company, user)))
}

async fn wait_message(
    company: &Company,
    user: &str,
    is_meant: impl Fn(&Message) -> bool,
) -> anyhow::Result<Message> {
    let look = |state: &State| {
        state.direct(user).into_iter().rev().find(|message| is_meant(message)).cloned()
    };
    let found = company.workspace.wait_for(look, PATIENCE).await;
    found.with_context(|| format!("a message to {user} did not come: {}", seen(company, user)))
}

/// What somebody sees, to explain what is missing from it.
fn seen(company: &Company, user: &str) -> String {
    company.workspace.read(|state| {
        let views: Vec<String> = state.views(user).iter().map(View::all_text).collect();
        let messages: Vec<String> = state.direct(user).iter().map(|m| m.all_text()).collect();
        let refused: Vec<String> = state
            .refusals()
            .iter()
            .map(|call| format!("{}: {:?}", call.method, call.answer))
            .collect();
        format!("views {views:?}, messages {messages:?}, refused calls {refused:?}")
    })
}
