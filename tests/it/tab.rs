//! The personal tab in Teams (R19, R52): the same pages in a frame, entered by Teams' word alone.
use crate::world::browser::{Browser, PUBLIC_URL, Seen};
use crate::world::teams::{mri, object_id, somebody};
use crate::world::teams_people::teams_alone;
use crate::world::{Kind, World, policy, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::Claims;
use hallpass::domain::id::RequestId;
use hallpass::domain::person::Account;
use std::time::{Duration, Instant};

/// The cookie of a session in the tab.
pub(crate) const SESSION: &str = "__Host-hallpass-tab";

/// What Teams' word says on one of the directory's people.
pub(crate) fn claims(world: &World, person: &str) -> Claims {
    world.teams().tab_claims(&somebody(person, person, &object_id(person)))
}

/// Teams' word on one of the directory's people.
fn word(world: &World, person: &str) -> String {
    world.teams().token(&claims(world, person))
}

/// Lets accounts come to their people, as they do in the chat.
pub(crate) async fn meets(world: &World, people: &[&str]) {
    for person in people {
        assert_eq!(world.teams().installs(&mri(person)).await.status, 200);
        let account = account(person);
        let until = Instant::now() + crate::world::SOON;
        // Teams is asked about an account after the answer, where it takes its time.
        while world.app().known_person(&account).await.unwrap().is_none() {
            assert!(Instant::now() < until, "{person} is not known");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// The account of one of the directory's people.
fn account(person: &str) -> Account {
    Account {
        platform: "teams".to_owned(),
        workspace: crate::world::teams::TENANT.to_owned(),
        user: object_id(person),
    }
}

/// Does what the page's script does once Teams answered.
pub(crate) async fn brings(browser: &mut Browser, entry: &Seen, word: &str) -> Seen {
    browser.sends(entry, "/tab/sign-in", &[("token", word)]).await
}

/// Opens the tab as Teams does, and signs in.
async fn enters(world: &World, person: &str) -> Browser {
    let mut browser = world.browser();
    let entry = browser.opens("/tab/sign-in").await;
    let home = brings(&mut browser, &entry, &word(world, person)).await;
    assert_eq!(home.status, 200, "{}", home.text());
    assert!(home.text().contains("Good to see you"), "{}", home.text());
    browser
}

/// Everything on a page leads to a page in the frame, or to a browser of its own.
fn stays_in_the_frame(page: &Seen) {
    for attribute in ["href", "action", "src"] {
        for piece in page.body.split(&format!(" {attribute}=\"")).skip(1) {
            let (to, rest) = piece.split_once('"').unwrap();
            let is_outside = to.starts_with(PUBLIC_URL) && rest.starts_with(" target=\"_blank\"");
            let is_inside = ["/tab/", "#", "?"].iter().any(|begins| to.starts_with(begins));
            assert!(is_inside || is_outside, "{to}: {}", page.body);
        }
    }
}

fn form_path(page: &Seen) -> String {
    let rest = page.body.split_once("/tab/forms/").unwrap().1;
    let id: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("/tab/forms/{id}")
}

/// The first request that a text names.
fn first_id(text: &str) -> String {
    let rest = &text[text.find("AR-").unwrap()..];
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_portal_is_in_the_tab_and_stays_there() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana", "ben", "eva"]).await;
        let mut ana = enters(&world, "ana").await;
        let home = ana.opens("/tab/").await;
        stays_in_the_frame(&home);
        assert!(home.body.contains(&format!("href=\"{PUBLIC_URL}/\" target=\"_blank\"")));
        assert!(!home.has_form("/sign-out"), "Teams signs in again at once");

        let path = form_path(&ana.opens("/tab/new").await);
        let found = ana.opens(&format!("{path}?way=resource&words=payments+write")).await;
        stays_in_the_frame(&found);
        let ticked = found.body.split("name=\"item\" value=\"").nth(1).unwrap();
        let ticked = ticked.split('"').next().unwrap();
        ana.sends(&found, "/add", &[("item", ticked)]).await;
        let finish = ana.opens(&format!("{path}/finish")).await;
        stays_in_the_frame(&finish);
        let typed = [("press", "send"), ("why", "INC-42"), ("other_duration", "1h")];
        let sent = ana.sends(&finish, "/finish", &typed).await;
        stays_in_the_frame(&sent);
        let id: RequestId = first_id(&sent.text()).parse().unwrap();
        for list in ["waiting", "requests", "access", "favourites", "delegated"] {
            stays_in_the_frame(&ana.opens(&format!("/tab/{list}")).await);
        }

        let mut ben = enters(&world, "ben").await;
        let waiting = ben.opens("/tab/waiting").await;
        assert!(waiting.body.contains(&format!("href=\"/tab/requests/{id}\"")));
        let request = ben.opens(&format!("/tab/requests/{id}")).await;
        let fields = [("verdict", "approve"), ("reason", "known task")];
        let after = ben.sends(&request, "/decide", &fields).await;
        stays_in_the_frame(&after);
        assert!(after.text().contains("You approved it."), "{}", after.text());
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");

        let ready = ana.opens(&format!("/tab/requests/{id}")).await;
        let connect = ana.sends(&ready, "/connect", &[]).await;
        stays_in_the_frame(&connect);
        assert!(connect.text().contains("s3cret-canary"));
        let rows = world.audit().await;
        let signed: Vec<_> = rows.iter().filter(|row| row.kind == "signed_in").collect();
        assert_eq!(signed.len(), 2);
        assert!(signed.iter().all(|row| format!("{row:?}").contains("teams")), "{signed:?}");
        world.ends().await;
    }
}

/// What may be framed is never reached with what must not be, and the other way round.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_the_tab_is_none_of_the_pages_nor_the_other_way_round() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana"]).await;
        let inside = enters(&world, "ana").await.cookies[SESSION].clone();
        let outside = world.signs_in("ana").await.cookies["__Host-hallpass"].clone();

        for (name, value, path) in [
            (SESSION, &inside, "/requests"),
            ("__Host-hallpass", &inside, "/requests"),
            ("__Host-hallpass", &outside, "/tab/requests"),
            (SESSION, &outside, "/tab/requests"),
        ] {
            let mut browser = world.browser();
            browser.cookies.insert(name.to_owned(), value.clone());
            let seen = browser.opens(path).await;
            assert!(!seen.text().contains("Ana Torres"), "{name} {path}: {}", seen.text());
            assert!(seen.has_form("/sign-in"), "{name} {path}");
        }
        world.ends().await;
    }
}

/// Inside of a frame browsers send the cookie along with what other sites post: the origin and what
/// the form carries are what keeps those out, each by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_from_elsewhere_does_nothing_with_the_tabs_cookie() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana", "ben", "eva"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let mut ana = enters(&world, "ana").await;
        let page = ana.opens(&format!("/tab/requests/{id}")).await;
        let cancel = page.form("/cancel");
        let drawn = cancel.fields.iter().find(|(name, _)| name == "form").unwrap().1.clone();
        let mut ben = enters(&world, "ben").await;
        let bens = ben.opens(&format!("/tab/requests/{id}")).await.form("/decide");
        let bens = bens.fields.iter().find(|(name, _)| name == "form").unwrap().1.clone();
        let mut alone = world.signs_in("ana").await;
        let alones = alone.opens(&format!("/requests/{id}")).await.form("/cancel");
        let alones = alones.fields.iter().find(|(name, _)| name == "form").unwrap().1.clone();

        for (origin, form) in [
            (Some("https://evil.example"), &*drawn),
            (Some("https://teams.microsoft.com"), &*drawn),
            (Some("null"), &*drawn),
            (None, &*drawn),
            (Some(PUBLIC_URL), ""),
            (Some(PUBLIC_URL), &*bens),
            (Some(PUBLIC_URL), &*alones),
        ] {
            ana.origin = origin.map(str::to_owned);
            let fields = [("reason", "x"), ("form", form)];
            let seen = ana.posts(&cancel.action, &fields).await;
            assert_eq!(seen.status, 403, "{origin:?} {form}");
            let fields = [("token", &*word(&world, "ana")), ("form", form)];
            let seen = ana.posts("/tab/sign-in", &fields).await;
            assert_eq!(seen.header("set-cookie"), None, "{origin:?} {form}");
        }
        assert_eq!(world.status(id).await, "Pending Approval");
        ana.origin = Some(PUBLIC_URL.to_owned());
        let seen = ana.posts(&cancel.action, &[("reason", "x"), ("form", &drawn)]).await;
        assert_eq!(seen.status, 303);
        assert_eq!(world.status(id).await, "Cancelled");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_over_begins_again_where_it_was_and_does_nothing_meanwhile() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana", "ben", "eva"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let mut ana = enters(&world, "ana").await;
        let path = format!("/tab/requests/{id}");
        let page = ana.opens(&path).await;
        world.clock.advance(TimeDelta::minutes(61));

        let refused = ana.sends(&page, "/cancel", &[("reason", "x")]).await;
        assert_eq!(refused.status, 403);
        assert!(refused.body.contains(&format!("href=\"{path}\"")), "{}", refused.body);
        assert_eq!(world.status(id).await, "Pending Approval");
        let entry = ana.opens(&path).await;
        let again = brings(&mut ana, &entry, &word(&world, "ana")).await;

        assert!(again.has_form("/cancel"), "{}", again.text());
        assert!(again.text().contains(&id.to_string()));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_account_in_the_same_browser_replaces_the_one_before() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana", "ben"]).await;
        let mut browser = enters(&world, "ana").await;
        let before = browser.cookies[SESSION].clone();

        let entry = browser.opens("/tab/sign-in").await;
        let home = brings(&mut browser, &entry, &word(&world, "ben")).await;

        assert!(home.text().contains("Ben Okafor"), "{}", home.text());
        browser.cookies.insert(SESSION.to_owned(), before);
        assert!(browser.opens("/tab/").await.has_form("/tab/sign-in"), "the first is over");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_refused_finds_nobody_elses_pages_in_that_browser() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana"]).await;
        let mut browser = enters(&world, "ana").await;

        let entry = browser.opens("/tab/sign-in").await;
        let refused = brings(&mut browser, &entry, &word(&world, "ben")).await;

        assert_eq!(refused.status, 403);
        assert!(browser.opens("/tab/").await.has_form("/tab/sign-in"), "Ana's is over");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_nobody_knows_or_who_left_is_told_what_to_do() {
    for world in worlds_with(teams_alone()).await {
        let mut browser = world.browser();
        let entry = browser.opens("/tab/sign-in").await;
        // The address in it is Ana's, and worth nothing.
        let seen = brings(&mut browser, &entry, &word(&world, "ana")).await;
        assert_eq!(seen.status, 403);
        assert!(seen.text().contains("does not know your account yet"), "{}", seen.text());
        assert!(!browser.cookies.contains_key(SESSION));

        meets(&world, &["ana"]).await;
        let mut inside = enters(&world, "ana").await;
        let mut left = policy::usual();
        left.directory.people.get_mut(&"ana".into()).unwrap().is_active = false;
        world.app().reload(left).await.unwrap();

        assert!(inside.opens("/tab/").await.has_form("/tab/sign-in"), "signed out at once");
        let seen = brings(&mut browser, &entry, &word(&world, "ana")).await;
        assert_eq!(seen.status, 403);
        assert!(seen.text().contains("not active"), "{}", seen.text());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_pinned_needs_no_chat_before() {
    let mut options = teams_alone();
    options.policy.directory.people.get_mut(&"finn".into()).unwrap().pinned = vec![account("finn")];
    for world in worlds_with(options).await {
        let mut browser = enters(&world, "finn").await;

        assert!(browser.opens("/tab/").await.text().contains("Finn Weber"));
        world.ends().await;
    }
}

/// Teams says the same word again for an hour; whoever gets hold of it elsewhere has nothing of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_word_signs_one_browser_in() {
    for world in worlds_with(teams_alone()).await {
        meets(&world, &["ana"]).await;
        let word = word(&world, "ana");
        let mut ana = world.browser();
        for _ in 0..2 {
            let entry = ana.opens("/tab/sign-in").await;
            assert_eq!(brings(&mut ana, &entry, &word).await.status, 200);
        }

        let mut thief = world.browser();
        let entry = thief.opens("/tab/sign-in").await;
        let seen = brings(&mut thief, &entry, &word).await;

        assert_eq!(seen.status, 403, "{}", seen.text());
        assert!(!thief.cookies.contains_key(SESSION));
        let count = "SELECT CAST(COUNT(*) AS TEXT) FROM tab_word";
        assert_eq!(world.query(count).await, [["1"]]);
        world.clock.advance(TimeDelta::minutes(70));
        assert_eq!(brings(&mut thief, &entry, &word).await.status, 403, "its time is over");
        enters(&world, "ana").await;
        assert_eq!(world.query(count).await, [["1"]], "what is over is forgotten");
        world.ends().await;
    }
}

/// Without script, or outside of Teams, there is a way on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_in_leads_to_a_browser_as_well_and_its_scripts_are_ours() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    let mut browser = world.browser();
    browser.language = "de".to_owned();
    for path in ["/tab/sign-in", "/tab", "/tab/"] {
        let entry = browser.opens(path).await;
        stays_in_the_frame(&entry);
        assert!(entry.text().contains("Im Browser öffnen"), "{}", entry.text());
        assert!(entry.body.contains(&format!("href=\"{PUBLIC_URL}/\" target=\"_blank\"")));
    }
    let entry = browser.opens("/tab/requests").await;
    assert!(entry.body.contains(&format!("href=\"{PUBLIC_URL}/requests\" target=\"_blank\"")));
    let scripts: Vec<&str> =
        entry.body.split("<script src=\"").skip(1).map(|s| s.split('"').next().unwrap()).collect();
    for (script, begins) in scripts.iter().zip(["// Signs in", "!function"]) {
        let seen = browser.opens(script).await;
        assert_eq!(seen.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(seen.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert!(seen.body.starts_with(begins), "{script}");
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_keeps_no_cookie_is_told_so_and_not_sent_in_a_circle() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    meets(&world, &["ana"]).await;
    let mut browser = world.browser();
    let entry = browser.opens("/tab/requests").await;
    browser.cookies.clear();

    let seen = brings(&mut browser, &entry, &word(&world, "ana")).await;

    assert_eq!(seen.status, 403);
    assert!(seen.text().contains("did not keep the cookie"), "{}", seen.text());
    assert!(!seen.body.contains("<script"), "nothing goes on by itself");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_teams_there_is_no_tab() {
    for world in worlds().await {
        for path in ["/tab", "/tab/sign-in", "/tab/requests"] {
            let (url, ask) = (world.urls()[0].clone(), crate::world::teams::raw);
            let answer = ask(&url, "GET", path).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
            assert!(answer.contains("frame-ancestors 'none'"), "{path}: {answer}");
        }
        world.ends().await;
    }
}
