//! Codes by mail, and what strangers who know an address cannot do with them (R39).
use crate::pages::{asks_code, kinds, link};
use crate::world::browser::{Browser, Seen};
use crate::world::policy::account;
use crate::world::{World, worlds};
use chrono::{TimeDelta, TimeZone, Utc};

const BEN: &str = "ben@example.com";

fn is_refused(seen: &Seen) -> bool {
    seen.status == 422 && seen.text().contains("does not do")
}

/// A code that another one is not.
fn wrong(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

fn letters_to(world: &World, person: &str) -> usize {
    world.mailbox.letters().iter().filter(|letter| letter.to.starts_with(person)).count()
}

/// How many messages somebody has that say this.
fn heard(world: &World, person: &str, text: &str) -> usize {
    let messages = world.slack.dm(&account(person));
    messages.iter().filter(|message| message.all_text().contains(text)).count()
}

/// Asks for a code and types five wrong ones; what the last one was answered.
async fn guesses(world: &World) -> Seen {
    let (mut stranger, before) = (world.browser(), world.mailbox.letters().len());
    let page = asks_code(&mut stranger, BEN).await;
    let code = world.mailbox.holds(before + 1).await.code;
    let mut last = None;
    for _ in 0..5 {
        let seen = stranger.sends(&page, "/sign-in/code", &[("code", wrong(&code))]).await;
        assert!(is_refused(&seen), "{}", seen.text());
        last = Some(seen);
    }
    last.unwrap()
}

/// Follows a link, has a code sent and types it.
async fn enters_by(world: &World, browser: &mut Browser, path: &str) -> Seen {
    let count = world.mailbox.letters().len();
    let page = browser.opens(path).await;
    let asked = browser.sends(&page, "/sign-in", &[]).await;
    let code = world.mailbox.holds(count + 1).await.code;
    browser.sends(&asked, "/sign-in/code", &[("code", &code)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_twenty_wrong_codes_a_day_strangers_try_no_more_and_the_owner_still_comes_in() {
    for world in worlds().await {
        // Noon, so that the day does not end meanwhile.
        world.clock.set(Utc.with_ymd_and_hms(2027, 3, 1, 12, 0, 0).unwrap());
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let home = world.signs_in("ben").await;
        let mut early = world.browser();
        let page = asks_code(&mut early, BEN).await;
        let code = world.mailbox.holds(2).await.code;

        let mut last = guesses(&world).await;
        for _ in 0..3 {
            last = guesses(&world).await;
        }
        assert!(last.text().contains("ask an admin"), "{}", last.text());
        assert!(is_refused(&early.sends(&page, "/sign-in/code", &[("code", &code)]).await));
        world.clock.advance(TimeDelta::hours(1));
        let count = world.mailbox.letters().len();
        asks_code(&mut world.browser(), BEN).await;

        // Those whom a link names, and browsers they signed in with, have room of their own.
        let mut linked = world.browser();
        let seen = enters_by(&world, &mut linked, &link(&world, "ben", id)).await;
        assert!(seen.has_form("/decide"), "{}", seen.text());
        let mut known = home.signed_out();
        let asked = asks_code(&mut known, BEN).await;
        let letter = world.mailbox.holds(count + 2).await;
        let seen = known.sends(&asked, "/sign-in/code", &[("code", &letter.code)]).await;
        assert!(seen.text().contains("Good to see you"), "{}", seen.text());
        assert_eq!(world.mailbox.letters().len(), count + 2, "the stranger was sent none");

        let rows = world.audits("code_refused").await;
        let of = |why: &str| rows.iter().filter(|row| row.contains(why)).count();
        assert_eq!((of("\"wrong\""), of("\"closed\"")), (20, 1), "{rows:?}");
        assert_eq!(kinds(&world, "sign_in_closed").await, 1);
        assert_eq!(kinds(&world, "code_not_sent").await, 1);
        let whole = format!("{rows:?}{:?}", world.audits("code_not_sent").await);
        for secret in ["@", "Ben", wrong("111111"), wrong(""), &code] {
            assert!(!whole.contains(secret), "{secret}: {whole}");
        }
        world.settle().await;
        assert_eq!(heard(&world, "dev", "sign in to the web pages as Ben Okafor"), 1);
        assert_eq!(heard(&world, "ben", "sign in to the web pages as you"), 1);

        world.clock.set(Utc.with_ymd_and_hms(2027, 3, 2, 0, 0, 1).unwrap());
        world.signs_in("ben").await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_who_ask_for_codes_without_end_deny_nobody_theirs() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let home = world.signs_in("ben").await;

        // One browser is sent three, one mailbox six an hour, one place twenty a quarter of an hour.
        let mut one = world.browser();
        for _ in 0..4 {
            asks_code(&mut one, "eva@example.com").await;
        }
        for person in ["ben", "ana", "dev", "eva", "finn"] {
            for _ in 0..7 {
                asks_code(&mut world.browser(), &format!("{person}@example.com")).await;
            }
        }
        let why = world.audited("code_not_sent", 6).await.join("\n");
        for bound in ["one person", "one browser", "one place"] {
            assert!(why.contains(bound), "{bound}: {why}");
        }
        assert_eq!(world.mailbox.letters().len(), 20);
        let mut elsewhere = world.browser();
        elsewhere.address = "198.51.100.9".to_owned();
        asks_code(&mut elsewhere, "finn@example.com").await;
        assert_eq!(world.mailbox.holds(21).await.to, "finn@example.com");

        let mut linked = world.browser();
        let seen = enters_by(&world, &mut linked, &link(&world, "ben", id)).await;
        assert!(seen.has_form("/decide"), "{}", seen.text());
        let mut known = home.signed_out();
        let count = world.mailbox.letters().len();
        asks_code(&mut known, BEN).await;
        world.mailbox.holds(count + 1).await;
        assert_eq!(letters_to(&world, "ben"), 8, "strangers, the link, their own browser");

        // A link that everybody has fills no mailbox either.
        for _ in 0..5 {
            let mut holder = world.browser();
            let page = holder.opens(&link(&world, "ben", id)).await;
            holder.sends(&page, "/sign-in", &[]).await;
        }
        world.mailbox.holds(27).await;
        world.audited("code_not_sent", 7).await;
        assert_eq!(letters_to(&world, "ben"), 12);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_hangs_keeps_nobody_waiting_and_says_nothing_of_who_is_known() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        world.mailbox.hangs(true);

        // As many as are mailed at a time hang; what comes then waits in a queue that ends.
        let mut browser = world.browser();
        browser.opens("/sign-in").await;
        let mut full = None;
        for turn in 0..200 {
            let person = if turn < 4 { "ben" } else { "nobody" };
            let mut one = world.browser();
            let page = one.opens("/sign-in").await;
            let address = format!("{person}@example.com");
            let seen = one.sends(&page, "/sign-in", &[("address", &address)]).await;
            if seen.status == 503 {
                full = Some((turn, seen));
                break;
            }
            assert!(seen.text().contains("Look into your mail"), "{}", seen.text());
        }
        let (turn, seen) = full.expect("the queue has an end");
        assert!((100..=140).contains(&turn), "{turn}");
        assert!(seen.text().contains("try again in a minute"), "{}", seen.text());
        let page = browser.opens("/sign-in").await;
        let known = browser.sends(&page, "/sign-in", &[("address", BEN)]).await;
        assert_eq!((known.status, known.text()), (503, seen.text()));
        // Those by a link wait elsewhere.
        let mut linked = world.browser();
        let page = linked.opens(&link(&world, "ben", id)).await;
        let asked = linked.sends(&page, "/sign-in", &[]).await;
        assert_eq!(asked.status, 200, "{}", asked.text());

        world.mailbox.hangs(false);
        world.mailbox.holds(5).await;
        world.signs_in("eva").await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_windows_of_one_browser_both_end_signed_in_and_the_session_before_is_over() {
    for world in worlds().await {
        let mut eva = world.signs_in("eva").await;
        let mut copy = world.browser();
        copy.cookies.clone_from(&eva.cookies);
        let page = asks_code(&mut eva, BEN).await;
        let other = eva.opens("/sign-in/code?next=/access").await;
        let code = world.mailbox.holds(2).await.code;

        let one = eva.sends(&page, "/sign-in/code", &[("code", &code)]).await;
        let two = eva.sends(&other, "/sign-in/code", &[("code", &code)]).await;
        assert!(one.text().contains("Good to see you, Ben"), "{}", one.text());
        assert!(two.status == 200 && two.text().contains("Ben Okafor"), "{}", two.text());
        assert!(!copy.opens("/").await.text().contains("Eva"), "what Eva had is over");
        assert_eq!(kinds(&world, "signed_in").await, 2);

        // Every page that asks who somebody is keeps what a code is bound to for another hour.
        for path in ["/sign-in", "/requests", "/sign-in/code"] {
            let mut fresh = world.browser();
            fresh.opens("/sign-in").await;
            let seen = fresh.opens(path).await;
            let kept = seen.header("set-cookie").unwrap_or_default();
            assert!(kept.contains("hallpass-browser=") && kept.contains("Max-Age=3600"), "{path}");
        }
        world.ends().await;
    }
}
