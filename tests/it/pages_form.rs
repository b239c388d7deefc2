//! The request form as pages: three ways, what is chosen, answers, sending (R5–R12).
use crate::world::browser::{Browser, Seen};
use crate::world::policy::{self, item, resource};
use crate::world::{Options, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::domain::catalog::Bundle;
use hallpass::domain::flow::{Pattern, Scope};

fn says(seen: &Seen, lines: &[&str]) {
    for line in lines {
        assert!(seen.text().contains(line), "{line}: {}", seen.text());
    }
}

/// The path of the open form.
fn path_of(page: &Seen) -> String {
    let rest = page.body.split_once("/forms/").unwrap().1;
    let id: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("/forms/{id}")
}

/// What the box carries that stands before a label.
fn box_of(page: &Seen, label: &str) -> String {
    let before = page.body.split(&format!("> <bdi>{label}</bdi>")).next().unwrap();
    let tag = before.rsplit_once("value=\"").unwrap().1;
    tag.split('"').next().unwrap().to_owned()
}

async fn goes_on(browser: &mut Browser, path: &str) -> Seen {
    browser.opens(&format!("{path}/finish")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_finds_chooses_answers_and_sends() {
    for world in worlds().await {
        let mut ana = world.signs_in("ana").await;
        let form = ana.opens("/new").await;
        let path = path_of(&form);
        says(&form, &["Request access", "Nothing chosen yet, of at most 1,000."]);

        let found = ana.opens(&format!("{path}?way=resource&words=paymnts+read")).await;
        says(&found, &["payments: read"]);
        let ticked = box_of(&found, "payments: read");
        let added = ana.sends(&found, "/add", &[("item", &ticked)]).await;
        says(&added, &["Added 1 thing.", "1 of at most 1,000 chosen."]);
        let logs = ana.opens(&format!("{path}?way=resource&words=logs&permission=read")).await;
        says(&ana.sends(&logs, "/add", &[("all", "yes")]).await, &["2 of at most 1,000 chosen."]);

        let finish = goes_on(&mut ana, &path).await;
        says(
            &finish,
            &["2 things.", "What sending this makes, for 2 h:", "The flow by-people", "automatic"],
        );
        let looked = [("press", "look"), ("why", "INC-42"), ("duration", "7200")];
        let looked = ana.sends(&finish, "/finish", &looked).await;
        assert!(looked.body.contains("INC-42</textarea>"), "{}", looked.body);
        let wrong = [("press", "send"), ("why", "INC-42"), ("other_duration", "soon")];
        let wrong = ana.sends(&looked, "/finish", &wrong).await;
        assert_eq!(wrong.status, 422);
        says(&wrong, &["Write how long as 90m, 1.5h or 2d."]);
        let good =
            [("press", "send"), ("why", "INC-42: failed\npayments"), ("other_duration", "90m")];
        let sent = ana.sends(&wrong, "/finish", &good).await;
        says(&sent, &["Access requested", "AR-1001 is Granting", "AR-1002 is Pending Approval"]);
        let twice = ana.sends(&wrong, "/finish", &good).await;
        says(&twice, &["AR-1001", "AR-1002"]);

        let records = world.records().await;
        assert_eq!(records.len(), 2);
        for record in &records {
            assert_eq!(record.asked.duration, TimeDelta::minutes(90));
            assert_eq!(record.asked.justification, "INC-42: failed\npayments");
            assert_eq!(record.asked.requester, "ana".into());
        }
        world.settle().await;
        let again = ana.opens("/new").await;
        let path = path_of(&again);
        let there = ana.opens(&format!("{path}?words=logs")).await;
        says(&there, &["AR-1001 gives or asks for the same"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_walks_from_the_system_to_the_resource_or_takes_a_bundle() {
    let mut policy = policy::usual();
    let bundle = Bundle {
        id: "on-call".into(),
        name: "On call".to_owned(),
        description: "What the night needs".to_owned(),
        items: ["payments", "invoices", "logs"].map(|name| item(name, "read")).into(),
        what: Vec::new(),
        left_out: 0,
    };
    policy.catalog.bundles = [(bundle.id.clone(), bundle)].into();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let mut ana = world.signs_in("ana").await;
        let path = path_of(&ana.opens("/new").await);

        let systems = ana.opens(&format!("{path}?way=app")).await;
        says(&systems, &["Connected system", "Production"]);
        let kinds = ana.opens(&format!("{path}?way=app&system=prod")).await;
        says(&kinds, &["Type", "database"]);
        let found = ana.opens(&format!("{path}?way=app&system=prod&kind=database")).await;
        let ticked = box_of(&found, "vault: admin");
        says(&ana.sends(&found, "/add", &[("item", &ticked)]).await, &["1 of at most 1,000"]);

        let bundles = ana.opens(&format!("{path}?way=bundle")).await;
        says(&bundles, &["1 of 1 bundle matches.", "On call"]);
        let open = ana.opens(&format!("{path}?way=bundle&bundle=on-call")).await;
        says(&open, &["On call holds 3 things.", "What the night needs", "Add all 3"]);
        says(&ana.sends(&open, "/add", &[("all", "yes")]).await, &["4 of at most 1,000 chosen."]);

        let chosen = ana.opens(&format!("{path}/chosen")).await;
        says(&chosen, &["4 things", "vault (database in Production): admin"]);
        let fewer = ana.sends(&chosen, "/remove", &[]).await;
        says(&fewer, &["3 things"]);
        assert!(!fewer.text().contains("vault"), "{}", fewer.text());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_ask_for_others_as_far_as_a_flow_lets_them() {
    let mut policy = policy::usual();
    let for_others = policy.flows.last_mut().unwrap();
    for_others.scope = Scope::Others;
    for_others.what[0].resource = Pattern::new("invoices");
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let mut ana = world.signs_in("ana").await;
        let path = path_of(&ana.opens("/new").await);
        let found = ana.opens(&format!("{path}?words=logs&permission=read")).await;
        ana.sends(&found, "/add", &[("all", "yes")]).await;
        let found = ana.opens(&format!("{path}?words=invoices&permission=read")).await;
        ana.sends(&found, "/add", &[("all", "yes")]).await;

        let people = ana.opens(&format!("{path}/for?words=finn")).await;
        says(&people, &["Finn Weber"]);
        assert!(!people.text().contains("Eva"), "{}", people.text());
        let back = ana.sends(&people, "/for", &[("person", "finn")]).await;
        says(&back, &["1 thing cannot be asked for on their behalf", "Finn Weber"]);
        let finish = goes_on(&mut ana, &path).await;
        says(&finish, &["1 thing for Finn Weber."]);
        let sent = [("press", "send"), ("why", "INC-42: he is on call")];
        says(&ana.sends(&finish, "/finish", &sent).await, &["AR-1001 is Pending Approval"]);
        assert_eq!(world.records().await[0].asked.grantee, "finn".into());
        says(&ana.opens("/delegated").await, &["AR-1001", "Ana Torres for Finn Weber"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_its_owners_and_forgotten_after_a_day() {
    for world in worlds().await {
        let (mut ana, mut ben) = (world.signs_in("ana").await, world.signs_in("ben").await);
        let path = path_of(&ana.opens("/new").await);
        let found = ana.opens(&format!("{path}?words=logs&permission=read")).await;
        ana.sends(&found, "/add", &[("all", "yes")]).await;

        let theirs = ben.opens(&format!("{path}/chosen")).await;
        assert!(!theirs.text().contains("logs (database"), "{}", theirs.text());
        assert_eq!(ben.opens("/forms/x").await.status, 410);
        world.clock.advance(TimeDelta::hours(25));
        world.app().requeue_stuck().await.unwrap();
        let mut ana = world.signs_in("ana").await;
        let gone = ana.opens(&format!("{path}/finish")).await;
        assert_eq!(gone.status, 410);
        says(&gone, &["begin a new one"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_are_added_at_once_and_what_is_not_theirs_is_left_out() {
    let mut policy = policy::usual();
    let names: Vec<String> = (0..1_200).map(|n| format!("table-{n:04}")).collect();
    policy.catalog.resources = names.iter().map(|name| resource(name)).collect();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let mut ana = world.signs_in("ana").await;
        let path = path_of(&ana.opens("/new").await);

        let found = ana.opens(&format!("{path}?words=table&permission=read")).await;
        says(&found, &["1,200 of 1,200 match.", "More results: refine your search"]);
        let added = ana.sends(&found, "/add", &[("all", "yes")]).await;
        says(&added, &["Added 1,000 things.", "200 did not fit: 1,000 is the most at once."]);
        let page = ana.opens(&format!("{path}/chosen?page=33")).await;
        says(&page, &["991 to 1,000 of 1,000"]);
        let forged = ana.opens(&format!("{path}/chosen")).await;
        let fields = [("all", "yes")];
        says(&ana.sends(&forged, "/remove", &fields).await, &["Nothing is chosen."]);
        let token = found.form("/add").fields[0].1.clone();
        let fields =
            [("form", &*token), ("back", "?words=x"), ("item", "0:0"), ("item", "nonsense")];
        let nothing = ana.posts(&format!("{path}/add"), &fields).await;
        let nothing = ana.opens(nothing.header("location").unwrap()).await;
        says(&nothing, &["Added nothing new.", "Nothing chosen yet"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_too_long_are_told_at_their_fields_and_stay_there() {
    for world in worlds().await {
        let mut ana = world.signs_in("ana").await;
        let path = path_of(&ana.opens("/new").await);
        let found = ana.opens(&format!("{path}?words=logs&permission=read")).await;
        ana.sends(&found, "/add", &[("all", "yes")]).await;
        let finish = goes_on(&mut ana, &path).await;
        let (why, duration) = ("y".repeat(3_001), "9".repeat(41));

        for press in ["look", "send"] {
            let fields = [("press", press), ("why", &*why), ("other_duration", &*duration)];
            let seen = ana.sends(&finish, "/finish", &fields).await;
            assert_eq!(seen.status, 422);
            says(&seen, &["These are 3,001 characters", "These are 41 characters"]);
            assert!(seen.body.contains(&why) && seen.body.contains(&duration));
        }
        assert!(world.records().await.is_empty());
        assert!(
            !ana.opens(&format!("{path}/finish")).await.body.contains("yyyy"),
            "nor is it kept"
        );
        let why = "y".repeat(3_000);
        let fields = [("press", "send"), ("why", &*why), ("other_duration", "1h")];
        says(&ana.sends(&finish, "/finish", &fields).await, &["AR-1001"]);
        assert_eq!(world.records().await[0].asked.justification, why);
        world.ends().await;
    }
}
