//! Signing in to the web pages with the company's own sign-in (R39).
use crate::world::browser::{Browser, unescaped};
use crate::world::login::Login;
use crate::world::{Kind, Options, World, worlds_with};
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn worlds(login: &Login) -> Vec<World> {
    worlds_with(Options { oidc: Some(login.settings()), ..Options::default() }).await
}

/// Begins at a page of ours: where the provider's own page is.
async fn begins(browser: &mut Browser, path: &str) -> String {
    let page = browser.opens(path).await;
    assert!(page.text().contains("Sign in with Example Corp"), "{}", page.text());
    let link = page.body.split_once("href=\"/sign-in/provider").unwrap().1;
    let link = format!("/sign-in/provider{}", unescaped(link.split('"').next().unwrap()));
    let sent = browser.asks("GET", &link, "").await;
    assert_eq!(sent.status, 303);
    sent.header("location").unwrap().to_owned()
}

fn ben() -> Value {
    json!({ "email": "Ben@Example.com" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_companys_sign_in_leads_back_to_the_page() {
    let login = Login::start().await;
    for world in worlds(&login).await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let mut browser = world.browser();

        let to = begins(&mut browser, &format!("/requests/{id}")).await;
        let back = login.lets_in(&to, world.now().timestamp(), &ben());
        let page = browser.opens(&back).await;

        assert!(page.text().contains("Ben Okafor"), "{}", page.text());
        assert!(page.has_form("/decide"), "{}", page.text());
        let audit = world.audit().await;
        let row = audit.iter().find(|row| row.kind == "signed_in").unwrap();
        assert!(row.body.to_string().contains("provider"), "{:?}", row.body);
        world.ends().await;
    }
    assert!(login.times_asked() <= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_does_not_say_who_for_us_lets_nobody_in() {
    let login = Login::start().await;
    for world in worlds(&login).await {
        let now = world.now().timestamp();
        for (what, claims) in [
            ("unknown", json!({ "email": "nobody@example.com" })),
            ("unverified", json!({ "email": "ben@example.com", "email_verified": false })),
            ("unsaid", json!({ "email": "ben@example.com", "email_verified": null })),
            ("no address", json!({})),
            ("nonce", json!({ "email": "ben@example.com", "nonce": "x" })),
            ("audience", json!({ "email": "ben@example.com", "aud": "other" })),
            ("issuer", json!({ "email": "ben@example.com", "iss": "https://evil.example" })),
            ("old", json!({ "email": "ben@example.com", "exp": now - 61 })),
        ] {
            let mut browser = world.browser();
            let to = begins(&mut browser, "/").await;
            let page = browser.opens(&login.lets_in(&to, now, &claims)).await;
            assert!(matches!(page.status, 403 | 502), "{what}: {}", page.status);
            assert!(!browser.cookies.contains_key("__Host-hallpass"), "{what}");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_browser_that_began_comes_back_and_once() {
    let login = Login::start().await;
    for world in worlds(&login).await {
        let now = world.now().timestamp();
        let (mut mine, mut theirs) = (world.browser(), world.browser());
        let to = begins(&mut mine, "/").await;
        begins(&mut theirs, "/").await;
        let back = login.lets_in(&to, now, &ben());

        for stranger in [&mut theirs, &mut world.browser()] {
            let page = stranger.opens(&back).await;
            assert_eq!(page.status, 502, "{}", page.text());
            assert!(!stranger.cookies.contains_key("__Host-hallpass"));
        }
        let elsewhere = back.replace(".Lw", ".Ly9ldmlsLmV4YW1wbGU");
        assert_ne!(elsewhere, back);
        assert_eq!(mine.opens(&elsewhere).await.status, 502);
        assert_eq!(mine.asks("HEAD", &back, "").await.status, 405);
        let home = mine.opens(&back).await;
        assert!(home.text().contains("Good to see you, Ben"), "{}", home.text());
        // Once: a second time leads on in the browser that is signed in, and signs nobody in.
        assert!(mine.opens(&back).await.text().contains("Good to see you, Ben"));
        assert_eq!(world.audits("signed_in").await.len(), 1);
        mine.cookies.remove("__Host-hallpass");
        assert_eq!(mine.opens(&back).await.status, 502);
        for nonsense in ["", "?code=x", "?state=x&code=y", "?error=access_denied"] {
            let page = world.browser().opens(&format!("/sign-in/provider/back{nonsense}")).await;
            assert_eq!(page.status, 502, "{nonsense}");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_hangs_holds_few_seats_and_is_asked_once() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let login = Login::start().await;
        let options = Options { oidc: Some(login.settings()), ..Options::default() };
        let Some(world) = World::start(kind, options).await else { continue };
        login.hangs(true);

        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let mut browser = world.browser();
            asked.spawn(async move { browser.asks("GET", "/sign-in/provider?next=/", "").await });
        }
        let mut refused = 0;
        while refused < 24 {
            let seen = asked.join_next().await.unwrap().unwrap();
            assert_eq!(seen.status, 503, "{}", seen.text());
            assert!(seen.text().contains("Please try again"), "{}", seen.text());
            refused += 1;
        }
        assert_eq!(world.browser().opens("/sign-in").await.status, 200);
        login.hangs(false);
        while let Some(seen) = asked.join_next().await {
            assert_eq!(seen.unwrap().status, 303);
        }

        assert_eq!(login.times_discovered(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_out_is_told_what_goes_on_elsewhere_and_can_come_back() {
    let login = Login::start().await;
    for world in worlds(&login).await {
        let mut browser = world.browser();
        let to = begins(&mut browser, "/").await;
        let home = browser.opens(&login.lets_in(&to, world.now().timestamp(), &ben())).await;

        let left = browser.sends(&home, "/sign-out", &[]).await;
        let text = left.text();
        assert!(text.contains("signed out of Hallpass. Example Corp may still know"), "{text}");
        assert!(text.contains("Sign in with Example Corp"), "{text}");
        // Again, from a page that is still open; and by going back to where that led.
        let again = browser.sends(&home, "/sign-out", &[]).await;
        assert!(again.text().contains("You are signed out"), "{}", again.text());
        assert_eq!(browser.opens("/sign-out").await.status, 200);
        let to = begins(&mut browser, "/sign-in").await;
        let home = browser.opens(&login.lets_in(&to, world.now().timestamp(), &ben())).await;
        assert!(home.text().contains("Good to see you, Ben"), "{}", home.text());
        world.ends().await;
    }
}
