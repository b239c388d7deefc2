//! The web pages: who gets in, what a link alone does (nothing), and deciding there (R39, R52, V20).
use crate::world::browser::{Browser, PUBLIC_URL, Seen};
use crate::world::{World, worlds};
use chrono::TimeDelta;
use hallpass::app::links::Links;
use hallpass::domain::id::RequestId;
use ring::hkdf;

/// Links as the bot of a story makes them, with the key that its master key gives.
fn links() -> Links {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hallpass");
    let mut key = [0; 32];
    let info = [b"links".as_slice()];
    let okm = salt.extract(&[7; 32]);
    okm.expand(&info, hkdf::HKDF_SHA256).unwrap().fill(&mut key).unwrap();
    Links::new(&key, PUBLIC_URL)
}

/// The path of the link that a mail to a person holds.
pub(crate) fn link(world: &World, person: &str, id: RequestId) -> String {
    let url = links().request(&person.into(), id, world.now());
    url.strip_prefix(PUBLIC_URL).unwrap().to_owned()
}

pub(crate) async fn kinds(world: &World, kind: &str) -> usize {
    world.audit().await.iter().filter(|row| row.kind == kind).count()
}

/// Everything that could have changed, by what a story can see of it.
async fn everything(world: &World) -> (Vec<String>, usize) {
    let records = world.records().await;
    let told = records.iter().map(|record| format!("{record:?}")).collect();
    (told, world.audit().await.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_follows_a_link_changes_nothing() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let path = link(&world, "ben", id);
        let before = everything(&world).await;

        for method in ["HEAD", "GET", "GET", "GET", "GET", "GET", "OPTIONS", "TRACE", "PUT"] {
            let seen = world.browser().asks(method, &path, "").await;
            let expected = if matches!(method, "GET" | "HEAD") { 200 } else { 405 };
            assert_eq!(seen.status, expected, "{method}");
        }
        let page = world.browser().opens(&path).await;
        let text = page.text();
        assert!(text.contains("b•••@example.com"), "{text}");
        for secret in ["payments", "Ana", "Ben", "INC-42", "ben@example.com", "AR-"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        // A scanner that sends every form it sees, without cookies, with every button.
        for form in page.forms() {
            for verdict in ["approve", "reject"] {
                let mut fields: Vec<(&str, &str)> =
                    form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                fields.push(("verdict", verdict));
                let seen = world.browser().posts(&form.action, &fields).await;
                assert_eq!(seen.status, 403, "{form:?}");
            }
        }
        for act in ["decide", "cancel", "revoke", "extend", "star", "unstar", "connect"] {
            let fields = [("verdict", "approve"), ("reason", "x"), ("seen", "0"), ("form", "x")];
            let seen = world.browser().posts(&format!("/requests/{id}/{act}"), &fields).await;
            assert_eq!(seen.status, 403, "{act}");
        }

        assert!(world.mailbox.letters().is_empty());
        // One that keeps cookies gets a code sent to the person, and no further.
        let mut scanner = world.browser();
        let page = scanner.opens(&path).await;
        let enter = scanner.sends(&page, "/sign-in", &[]).await;
        world.mailbox.holds(1).await;
        let guess = scanner.sends(&enter, "/sign-in/code", &[("code", "000000")]).await;
        assert_eq!(guess.status, 422, "{}", guess.text());

        let (records, rows) = everything(&world).await;
        assert_eq!(records, before.0);
        // That somebody guessed is written down, and nothing else.
        assert_eq!((rows, kinds(&world, "code_refused").await), (before.1 + 1, 1));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_proves_who_they_are_decides_and_slack_shows_it() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let mut browser = world.browser();

        let page = browser.opens(&link(&world, "ben", id)).await;
        let asked = browser.sends(&page, "/sign-in", &[]).await;
        let letter = world.mailbox.holds(1).await;
        assert_eq!((&*letter.to, &*letter.name), ("ben@example.com", "Ben Okafor"));
        let request = browser.sends(&asked, "/sign-in/code", &[("code", &letter.code)]).await;
        for line in ["Pending Approval", "payments", "INC-42", "Ana Torres", "Decide"] {
            assert!(request.text().contains(line), "{line}: {}", request.text());
        }
        let fields = [("verdict", "approve"), ("reason", "known task")];
        let after = browser.sends(&request, "/decide", &fields).await;

        assert!(after.text().contains("You approved it."), "{}", after.text());
        assert!(!after.has_form("/decide"));
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        let record = world.record(id).await;
        assert_eq!(record.decisions[0].by, "ben".into());
        assert_eq!(record.decisions[0].reason.as_deref(), Some("known task"));
        let copies = world.slack.messages("C1");
        let copy = copies.iter().find(|copy| copy.all_text().contains(&id.to_string()));
        let copy = copy.unwrap().all_text();
        assert!(copy.contains("Already approved by Ben Okafor"), "{copy}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_leads_its_own_person_alone() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let path = link(&world, "ben", id);

        let mut eva = world.signs_in("eva").await;
        let theirs = eva.opens(&path).await;
        assert_eq!(theirs.status, 404, "{}", theirs.text());
        assert!(!theirs.text().contains("payments"), "{}", theirs.text());
        assert_eq!(kinds(&world, "page_link_refused").await, 1);
        let mut finn = world.signs_in("finn").await;
        for stranger in [&path, &format!("/requests/{id}"), &link(&world, "finn", id)] {
            let seen = finn.opens(stranger).await;
            let nowhere = finn.opens("/requests/AR-77777").await;
            assert_eq!((seen.status, seen.text()), (404, nowhere.text().replace("AR-77777", "")));
        }
        let posted = finn.opens("/").await;
        let token = posted.form("/sign-out").fields[0].1.clone();
        for act in ["decide", "cancel", "revoke", "extend", "star", "connect"] {
            let fields =
                [("form", &*token), ("verdict", "approve"), ("reason", "x"), ("seen", "0")];
            let seen = finn.posts(&format!("/requests/{id}/{act}"), &fields).await;
            assert!(matches!(seen.status, 403 | 404), "{act}: {}", seen.status);
            assert!(!seen.text().contains("payments"), "{act}: {}", seen.text());
        }

        assert_eq!(world.status(id).await, "Pending Approval");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_or_touched_link_names_nobody() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        let other = world.asks("ana", "invoices", "read").await;
        world.settle().await;
        let good = link(&world, "ben", id);
        let token = good.split_once("?k=").unwrap().1.to_owned();
        let swapped = format!("/requests/{other}?k={token}");
        let eva = link(&world, "eva", id).split_once("?k=").unwrap().1.to_owned();
        let (ours, hers): (Vec<&str>, Vec<&str>) =
            (token.split('.').collect(), eva.split('.').collect());
        let mixed = format!("/requests/{id}?k={}.{}.{}", ours[0], hers[1], ours[2]);

        for path in [swapped, mixed, format!("{good}x"), format!("/requests/{id}?k=")] {
            let page = world.browser().opens(&path).await;
            assert!(page.text().contains("too old or broken"), "{path}: {}", page.text());
            assert!(!page.text().contains("•••"), "{path}: {}", page.text());
        }
        world.clock.advance(TimeDelta::days(7) + TimeDelta::hours(1) + TimeDelta::seconds(1));
        let late = world.browser().opens(&good).await;
        assert!(late.text().contains("too old or broken"), "{}", late.text());
        world.ends().await;
    }
}

/// Asks for a code, and opens the page that takes it.
pub(crate) async fn asks_code(browser: &mut Browser, address: &str) -> Seen {
    let page = browser.opens("/sign-in").await;
    browser.sends(&page, "/sign-in", &[("address", address)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_good_once_for_five_tries_in_its_browser_and_for_ten_minutes() {
    for world in worlds().await {
        let refused = |seen: &Seen| seen.status == 422 && seen.text().contains("does not do");
        let wrong = |code: &str| if code == "111111" { "222222" } else { "111111" };

        let mut guesser = world.browser();
        let page = asks_code(&mut guesser, "ben@example.com").await;
        let code = world.mailbox.holds(1).await.code;
        for _ in 0..5 {
            let seen = guesser.sends(&page, "/sign-in/code", &[("code", wrong(&code))]).await;
            assert!(refused(&seen), "{}", seen.text());
        }
        assert!(refused(&guesser.sends(&page, "/sign-in/code", &[("code", &code)]).await));

        let mut late = world.browser();
        let page = asks_code(&mut late, "BEN@example.com ").await;
        let code = world.mailbox.holds(2).await.code;
        let mut other = world.browser();
        let elsewhere = asks_code(&mut other, "nobody@example.com").await;
        assert!(refused(&other.sends(&elsewhere, "/sign-in/code", &[("code", &code)]).await));
        world.clock.advance(TimeDelta::minutes(10));
        assert!(refused(&late.sends(&page, "/sign-in/code", &[("code", &code)]).await));

        let mut good = world.browser();
        let page = asks_code(&mut good, "ben@example.com").await;
        let code = world.mailbox.holds(3).await.code;
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let cookies = good.cookies.clone();
        let home = good.sends(&page, "/sign-in/code", &[("code", &spaced)]).await;
        assert!(home.text().contains("Good to see you, Ben Okafor"), "{}", home.text());
        let mut again = world.browser();
        again.cookies = cookies;
        assert!(refused(&again.sends(&page, "/sign-in/code", &[("code", &code)]).await));

        assert_eq!(kinds(&world, "signed_in").await, 1);
        let stored = world.query("SELECT id || ' ' || mac FROM sign_in_code").await;
        let stored = format!("{stored:?}{:?}", world.query("SELECT id FROM web_session").await);
        assert!(!stored.contains(&code), "{stored}");
        assert!(good.cookies.values().all(|cookie| !stored.contains(cookie)), "{stored}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_whether_an_address_is_known_or_is_flooded() {
    for world in worlds().await {
        let mut answers = Vec::new();
        for address in
            ["ben@example.com", "nobody@example.com", "", "ben@example.com, eva@example.com"]
        {
            let mut browser = world.browser();
            let page = browser.opens("/sign-in").await;
            let token = page.form("/sign-in").fields[0].1.clone();
            let fields = [("form", &*token), ("next", "/"), ("address", address)];
            let sent = browser.posts("/sign-in", &fields).await;
            let code = browser.opens(sent.header("location").unwrap()).await;
            answers.push((sent.status, sent.headers, code.status, code.text()));
        }
        for answer in &answers {
            assert_eq!(answer.0, 303);
            let without_date = |headers: &[(String, String)]| {
                headers.iter().filter(|(name, _)| name != "date").cloned().collect::<Vec<_>>()
            };
            assert_eq!(without_date(&answer.1), without_date(&answers[0].1));
            assert_eq!((answer.2, &answer.3), (answers[0].2, &answers[0].3));
        }

        world.mailbox.holds(1).await;
        let to_ben = || world.mailbox.letters().iter().filter(|l| l.to.starts_with("ben")).count();
        for _ in 0..6 {
            asks_code(&mut world.browser(), "ben@example.com").await;
        }
        world.mailbox.holds(6).await;
        let refused = world.audited("code_not_sent", 1).await;
        assert!(refused[0].contains("too many for one person"), "{refused:?}");
        assert_eq!(to_ben(), 6, "in an hour");
        world.clock.advance(TimeDelta::hours(1));
        asks_code(&mut world.browser(), "ben@example.com").await;
        world.mailbox.holds(7).await;
        assert_eq!(to_ben(), 7);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_from_elsewhere_does_nothing() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let mut ben = world.signs_in("ben").await;
        let eva = world.signs_in("eva").await;
        let page = ben.opens(&format!("/requests/{id}")).await;
        let token = page.form("/decide").fields[0].1.clone();
        let path = format!("/requests/{id}/decide");
        let before = everything(&world).await;

        let good = [("form", &*token), ("verdict", "approve"), ("reason", "")];
        for origin in
            [None, Some("https://evil.example"), Some("null"), Some("http://access.example.com")]
        {
            ben.origin = origin.map(str::to_owned);
            assert_eq!(ben.posts(&path, &good).await.status, 403, "{origin:?}");
        }
        ben.origin = Some(PUBLIC_URL.to_owned());
        for token in ["", "x", &token[..40]] {
            let fields = [("form", token), ("verdict", "approve")];
            assert_eq!(ben.posts(&path, &fields).await.status, 403, "{token}");
        }
        assert_eq!(ben.posts(&path, &[("verdict", "approve")]).await.status, 403);
        let mut with_hers = world.browser();
        with_hers.cookies = eva.cookies.clone();
        assert_eq!(with_hers.posts(&path, &good).await.status, 403);
        assert_eq!(everything(&world).await, before);

        assert_eq!(ben.posts(&path, &good).await.status, 303);
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_by_itself_by_hand_and_with_its_person() {
    for world in worlds().await {
        let is_in = async |browser: &mut Browser| {
            browser.opens("/").await.text().contains("Good to see you")
        };

        let mut idle = world.signs_in("ben").await;
        world.clock.advance(TimeDelta::minutes(59));
        assert!(is_in(&mut idle).await);
        world.clock.advance(TimeDelta::minutes(59));
        assert!(is_in(&mut idle).await);
        world.clock.advance(TimeDelta::minutes(61));
        assert!(!is_in(&mut idle).await);

        let mut busy = world.signs_in("ben").await;
        for _ in 0..15 {
            world.clock.advance(TimeDelta::minutes(48));
            is_in(&mut busy).await;
        }
        assert!(!is_in(&mut busy).await, "twelve hours are over");

        let mut out = world.signs_in("ben").await;
        let mut copy = world.browser();
        copy.cookies = out.cookies.clone();
        let home = out.opens("/").await;
        let left = out.sends(&home, "/sign-out", &[]).await;
        assert!(left.text().contains("You are signed out."), "{}", left.text());
        assert!(!is_in(&mut out).await && !is_in(&mut copy).await);

        let mut leaver = world.signs_in("ben").await;
        let mut policy = world.app().policy().policy.clone();
        policy.directory.people.get_mut(&"ben".into()).unwrap().is_active = false;
        world.app().reload(policy).await.unwrap();
        assert!(!is_in(&mut leaver).await);
        world.ends().await;
    }
}
