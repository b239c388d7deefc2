//! What people do on the web pages beside deciding, and what others cannot (R12–R15, R18, R20, R21).
use crate::world::browser::Seen;
use crate::world::policy;
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Form;
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::{Extend, Offered};
use hallpass::show::samples::HOSTILE;

fn says(seen: &Seen, lines: &[&str]) {
    for line in lines {
        assert!(seen.text().contains(line), "{line}: {}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_lives_its_whole_life_on_pages() {
    let mut policy = policy::usual();
    policy.flows[0].extend = Some(Extend {
        step: TimeDelta::minutes(30),
        times: 2,
        longest: TimeDelta::hours(4),
        offered: Offered::LastQuarter,
    });
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(2)).await[0];
        world.settle().await;
        let (mut ana, path) = (world.signs_in("ana").await, format!("/requests/{id}"));

        let active = ana.opens(&path).await;
        says(&active, &["Active", "logs", "Submitted by Ana Torres", "Access in place"]);
        let connect = ana.sends(&active, "/connect", &[]).await;
        says(&connect, &["How to connect", "Only you see this."]);
        let starred = ana.sends(&active, "/star", &[]).await;
        says(&starred, &["Added to your favourites.", "★ Remove from favourites"]);
        says(&ana.opens("/favourites").await, &["Favourites (1)", &id.to_string()]);
        says(&ana.sends(&starred, "/unstar", &[]).await, &["Removed from your favourites."]);

        let end = world.record(id).await.expires_at.unwrap();
        world.clock.set(end - TimeDelta::minutes(10));
        world.settle().await;
        let mut ana = world.signs_in("ana").await;
        let near = ana.opens(&path).await;
        let token = near.form("/extend").fields[0].1.clone();
        says(&ana.sends(&near, "/extend", &[]).await, &["It lasts longer now."]);
        let fields = [("form", &*token), ("seen", "0")];
        let twice = ana.posts(&format!("{path}/extend"), &fields).await;
        assert_eq!(twice.status, 409, "{}", twice.text());
        let until = world.record(id).await.expires_at.unwrap();
        assert_eq!(until, end + TimeDelta::minutes(30));

        let now = ana.opens(&path).await;
        says(&ana.sends(&now, "/revoke", &[]).await, &["It is being ended.", "Revoking"]);
        world.settle().await;
        assert!(world.target.held().is_empty());
        let over = ana.opens(&path).await;
        says(&over, &["Revoked", "Ended early by Ana Torres"]);
        assert_eq!(ana.posts(&format!("{path}/connect"), &fields).await.status, 409);
        let again = ana.sends(&over, "/again", &[]).await;
        says(&again, &["This asks again for what", "1 thing."]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_somebody_elses_ends_with_a_reason_and_by_an_admin_alone() {
    for world in worlds().await {
        let pending = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        let active = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let (mut ben, mut dev) = (world.signs_in("ben").await, world.signs_in("dev").await);

        let theirs = ben.opens(&format!("/requests/{pending}")).await;
        assert!(theirs.has_form("/decide") && !theirs.has_form("/cancel"));
        let token = theirs.form("/decide").fields[0].1.clone();
        let fields = [("form", &*token), ("reason", "I want to")];
        let tried = ben.posts(&format!("/requests/{pending}/cancel"), &fields).await;
        assert_eq!(tried.status, 403);
        assert_eq!(ben.posts(&format!("/requests/{active}/revoke"), &fields).await.status, 404);

        let page = dev.opens(&format!("/requests/{active}")).await;
        assert!(!page.has_form("/connect"), "the grantee alone sees how to connect");
        let token = page.form("/revoke").fields[0].1.clone();
        let fields = [("form", &*token)];
        assert_eq!(dev.posts(&format!("/requests/{active}/connect"), &fields).await.status, 404);
        let without = dev.sends(&page, "/revoke", &[("reason", " ")]).await;
        assert_eq!(without.status, 422);
        says(&without, &["Please give a reason"]);
        dev.sends(&without, "/revoke", &[("reason", "seen in the wrong place")]).await;
        let page = dev.opens(&format!("/requests/{pending}")).await;
        dev.sends(&page, "/cancel", &[("reason", "wrong place")]).await;
        world.settle().await;

        assert_eq!(world.status(active).await, "Revoked");
        assert_eq!(world.status(pending).await, "Cancelled");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_needs_a_reason_and_a_late_click_is_told_how_it_stands() {
    for world in worlds().await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let (mut ben, mut eva) = (world.signs_in("ben").await, world.signs_in("eva").await);
        let path = format!("/requests/{id}");
        let (of_ben, of_eva) = (ben.opens(&path).await, eva.opens(&path).await);

        let fields = [("verdict", "reject"), ("reason", "\n ")];
        let without = ben.sends(&of_ben, "/decide", &fields).await;
        assert_eq!(without.status, 422);
        says(&without, &["Please give a reason"]);
        assert_eq!(world.status(id).await, "Pending Approval");
        let fields = [("verdict", "reject"), ("reason", "not during\nthe audit")];
        let said = ben.sends(&without, "/decide", &fields).await;
        says(&said, &["You rejected it.", "Rejected"]);
        assert!(said.body.contains("not during\nthe audit"));
        let late = eva.sends(&of_eva, "/decide", &[("verdict", "approve")]).await;
        assert_eq!(late.status, 409);
        says(&late, &["it is no longer waiting for a decision", "Rejected by Ben Okafor"]);

        let mut own = world.signs_in("ana").await;
        let theirs = own.opens(&path).await;
        assert!(!theirs.has_form("/decide"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_filtered_and_turned_and_hold_everything() {
    for world in worlds().await {
        let mut ids: Vec<RequestId> = Vec::new();
        for _ in 0..45 {
            ids.extend(world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await);
        }
        let active = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let mut ana = world.signs_in("ana").await;

        let mut page = ana.opens("/requests?status=pending_approval").await;
        let (mut seen, mut pages) = (page.text(), 1);
        while let Some(next) = link_to(&page, "next") {
            page = ana.opens(&next).await;
            seen.push_str(&page.text());
            pages += 1;
        }
        assert_eq!(pages, 3);
        assert!(ids.iter().all(|id| seen.contains(&format!("{id} · Pending Approval"))));
        assert!(!seen.contains(&format!("{active} ·")));
        let back = link_to(&page, "prev").unwrap();
        says(&ana.opens(&back).await, &["21–40 of 45"]);
        says(&ana.opens("/access").await, &["My access (1)", &active.to_string()]);
        says(&ana.opens("/delegated").await, &["You asked for nobody else"]);
        says(&ana.opens("/").await, &["Pending Approval 45", "Active 1", "New request"]);
        for odd in ["/requests?status=nonsense&from=x", "/requests?from=AR-1", "/access?from=-1"] {
            assert_eq!(ana.opens(odd).await.status, 200, "{odd}");
        }
        let mut ben = world.signs_in("ben").await;
        says(&ben.opens("/waiting").await, &["Waiting for my decision (45)", "Decide"]);
        assert!(!ben.opens("/requests").await.text().contains("AR-1"));
        world.ends().await;
    }
}

/// Where a page's link of that relation leads.
fn link_to(page: &Seen, relation: &str) -> Option<String> {
    let rest = page.body.split_once(&format!("rel=\"{relation}\" href=\""))?.1;
    Some(crate::world::browser::unescaped(rest.split('"').next()?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_write_is_literal_on_pages() {
    for world in worlds().await {
        let mut ids = Vec::new();
        for text in HOSTILE {
            let form = Form {
                justification: (*text).to_owned(),
                ..crate::world::form(
                    "ana",
                    vec![policy::item("payments", "read")],
                    TimeDelta::hours(1),
                )
            };
            ids.push((world.app().submit(form).await.unwrap().requests[0].asked.id, *text));
        }
        world.settle().await;
        let mut ben = world.signs_in("ben").await;

        for (id, text) in ids {
            let page = ben.opens(&format!("/requests/{id}")).await;
            let quoted = page.body.split("<blockquote>").nth(1).unwrap();
            let quoted =
                crate::world::browser::unescaped(quoted.split("</blockquote>").next().unwrap());
            let shown: String = text
                .replace("\r\n", "\n")
                .chars()
                .map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c })
                .collect();
            assert_eq!(quoted, shown);
            let fields = [("verdict", "reject"), ("reason", text)];
            let after = ben.sends(&page, "/decide", &fields).await;
            assert_eq!(after.status, 200, "{text:?}: {}", after.text());
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_in_the_language_that_the_browser_asks_for() {
    for world in worlds().await {
        let mut browser = world.browser();
        browser.language = "fr, de-CH;q=0.8".to_owned();

        let page = browser.opens("/sign-in").await;

        says(&page, &["Wer bist du?"]);
        assert!(page.body.contains("<html lang=\"de\">"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_style_sheet_is_kept_and_nothing_else_is() {
    for world in worlds().await {
        let mut browser = world.browser();
        let page = browser.opens("/sign-in").await;
        let path = page.body.split("href=\"/assets/").find(|rest| rest.contains(".css")).unwrap();
        let path = format!("/assets/{}", path.split('"').next().unwrap());

        let style = browser.opens(&path).await;
        assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
        assert!(style.header("cache-control").unwrap().contains("immutable"));
        assert_eq!(browser.opens("/assets/icon.svg").await.status, 200);
        for nothing in ["/assets/x.css", "/assets/style.css", "/nowhere", "/requests/x/y"] {
            assert_eq!(browser.opens(nothing).await.status, 404, "{nothing}");
        }
        let mut ana = world.signs_in("ana").await;
        for path in ["/requests/AR-0", "/requests/x", "/requests/AR-1042"] {
            assert_eq!(ana.opens(path).await.status, 404, "{path}");
        }
        is_whole(&world).await;
        world.ends().await;
    }
}

/// Every page opens for somebody who is signed in.
async fn is_whole(world: &World) {
    let mut dev = world.signs_in("dev").await;
    for path in ["/", "/waiting", "/requests", "/access", "/favourites", "/delegated", "/new"] {
        let seen = dev.opens(path).await;
        assert_eq!(seen.status, 200, "{path}: {}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_form_is_one_vote_also_for_who_is_asked_at_both_stages() {
    let mut policy = policy::usual();
    let both = policy::stages(vec![policy::any_of(&["ben"]), policy::any_of(&["ben"])]);
    policy.flows.insert(0, policy::flow("both", "invoices", both));
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = world.submits("ana", &[("invoices", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let mut ben = world.signs_in("ben").await;
        let page = ben.opens(&format!("/requests/{id}")).await;

        let first = ben.sends(&page, "/decide", &[("verdict", "approve")]).await;
        let twice = ben.sends(&page, "/decide", &[("verdict", "approve")]).await;

        assert_eq!((first.status, twice.status), (200, 200));
        assert_eq!(world.record(id).await.decisions.len(), 1);
        assert_eq!(world.status(id).await, "Pending Approval");
        ben.sends(&twice, "/decide", &[("verdict", "approve")]).await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_that_is_too_long_is_told_at_its_field_and_stays_there() {
    for world in worlds().await {
        let pending = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        let active = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let (mut ben, mut dev) = (world.signs_in("ben").await, world.signs_in("dev").await);
        let long = format!("{}é", "x".repeat(3_000));
        let told = "These are 3,001 characters; at most 3,000 fit.";

        let page = ben.opens(&format!("/requests/{pending}")).await;
        for verdict in ["approve", "reject"] {
            let fields = [("verdict", verdict), ("reason", &*long)];
            let seen = ben.sends(&page, "/decide", &fields).await;
            assert_eq!(seen.status, 422);
            says(&seen, &[told]);
            assert!(seen.body.contains("aria-invalid") && seen.body.contains(&long));
        }
        let theirs = dev.opens(&format!("/requests/{active}")).await;
        let seen = dev.sends(&theirs, "/revoke", &[("reason", &long)]).await;
        assert_eq!(seen.status, 422);
        assert!(seen.text().contains(told) && seen.body.contains(&long));
        assert_eq!(world.status(pending).await, "Pending Approval");
        assert_eq!(world.status(active).await, "Active");

        let fits = "é".repeat(3_000);
        let done = ben.sends(&page, "/decide", &[("verdict", "reject"), ("reason", &fits)]).await;
        says(&done, &["You rejected it."]);
        assert_eq!(world.record(pending).await.decisions[0].reason.as_deref(), Some(&*fits));
        // Whoever comes to what is only sent by loading again goes back to the request.
        for act in ["decide", "cancel", "revoke", "extend", "star", "unstar", "connect", "again"] {
            let seen = ben.asks("GET", &format!("/requests/{pending}/{act}"), "").await;
            assert_eq!(seen.header("location"), Some(&*format!("/requests/{pending}")), "{act}");
        }
        world.ends().await;
    }
}
