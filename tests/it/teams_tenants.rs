//! Whose accounts are whose in Teams, with several tenants: by name on first contact and once, by pin
//! before that, by the tenant that signs for them, and never two of one tenant.
use crate::world::policy::usual;
use crate::world::teams::{SISTER, TEAMS_CHANNEL, TENANT, mri, object_id, somebody};
use crate::world::teams_people::{dialog, teams_alone, text};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::Person;
use hallpass::domain::person::Account;
use serde_json::json;

/// A tenant that is not served.
const THIRD: &str = "f0000000-0000-4000-8000-00000000000f";

/// Somebody of another tenant, who signs in with this name.
fn of(tenant: &str, id: &str, name: &str, upn: &str) -> Person {
    let object_id = format!("d0000000-0000-4000-8000-{:012x}", id.len());
    Person {
        tenant: tenant.to_owned(),
        upn: upn.to_owned(),
        email: upn.to_owned(),
        ..somebody(id, name, &object_id)
    }
}

async fn comes(world: &World, person: Person) {
    world.teams().arrange(|state| state.people.push(person));
}

/// Their own list of requests, as a dialog.
async fn lists(world: &World, person: &str) -> String {
    text(&world.forges(person, json!({ "do": "list", "list": "requests" })).await)
}

async fn accounts(world: &World) -> Vec<Vec<String>> {
    world.query("SELECT workspace, user_id, person FROM account ORDER BY workspace, person").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_name_in_two_tenants_is_one_person_who_is_written_to_where_they_came_first() {
    for world in worlds_with(teams_alone()).await {
        world.install_in_teams(&["ana", "ben"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        comes(&world, of(SISTER, "ana-too", "Ana Torres", "Ana@example.com")).await;
        comes(&world, of(SISTER, "namesake", "Ana Torres", "ana@sister.example")).await;

        assert!(lists(&world, "ana-too").await.contains(&id.to_string()), "the same person");
        let namesake = lists(&world, "namesake").await;
        assert!(namesake.contains("does not know you"), "{namesake}");
        // She is herself there as well: what she asked for is not hers to decide on.
        let forged =
            json!({ "do": "decide", "id": id.to_string(), "verdict": "approve", "version": "1" });
        let said = text(&world.forges("ana-too", forged).await);
        assert!(said.contains("You cannot decide on a request that you made"), "{said}");
        world.teams().say(&mri("ana-too"), "hello").await;
        world.reads("ana-too", "Good to see you").await;
        world.teams().say(&mri("ana"), &format!("cancel {id}")).await;
        world.reads("ana", "Cancelled").await;
        let there = world.teams().chat(&mri("ana-too"));
        assert!(!there.iter().any(|one| text(&one.activity).contains("Cancelled")));

        let linked = accounts(&world).await;
        let hers: Vec<&Vec<String>> = linked.iter().filter(|row| row[2] == "ana").collect();
        assert_eq!(hers.len(), 2, "{linked:?}");
        assert!(hers.iter().any(|row| row[0] == SISTER) && hers.iter().any(|row| row[0] == TENANT));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_of_a_tenant_that_is_not_served_is_refused_wherever_they_write() {
    for world in worlds_with(teams_alone()).await {
        world.install_in_teams(&["ana", "ben", "eva"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        world.reads("ben", "INC-42").await;
        // By the name that they sign in with, they would be Ben.
        comes(&world, of(THIRD, "third", "Ben Okafor", "ben@example.com")).await;
        comes(&world, of(SISTER, "sister", "Ben Okafor", "ben@example.com")).await;
        let teams = world.teams();
        let data = json!({ "data": {
            "do": "decide", "id": id.to_string(), "verdict": "approve", "version": "1",
        } });

        let own = teams.invoke(&mri("third"), "task/submit", data.clone()).await;
        assert_eq!((own.status, own.body), (403, "not signed for this bot\n".into()));
        assert_eq!(teams.say(&mri("third"), "hello").await.status, 403);
        assert_eq!(teams.chat(&mri("third")), []);
        // In a channel of ours, it is the channel's tenant that signs; who they are is Teams' word.
        for person in ["third", "sister"] {
            let name = "task/submit";
            let reply = teams.invoke_in(&mri(person), TEAMS_CHANNEL, name, data.clone()).await;
            let said = text(&dialog(&reply));
            assert!(said.contains("other workspaces cannot use Hallpass"), "{person}: {said}");
        }

        world.settle().await;
        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.record(id).await.decisions, []);
        assert_eq!(world.audits("stranger_refused").await.len(), 2);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_linked_by_name_once_and_stays_whatever_its_name_is_later() {
    for world in worlds_with(teams_alone()).await {
        let linked = async || world.audits("account_linked").await.len();
        assert!(lists(&world, "ana").await.contains("My requests"));
        for _ in 0..3 {
            world.clock.advance(TimeDelta::minutes(11));
            lists(&world, "ana").await;
        }
        assert_eq!(linked().await, 1, "once");

        world.teams().arrange(|state| {
            let ana = state.people.iter_mut().find(|one| one.id == mri("ana")).unwrap();
            ana.upn = "ben@example.com".to_owned();
            ana.email = "ben@example.com".to_owned();
        });
        world.clock.advance(TimeDelta::minutes(11));
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;

        assert_eq!(world.record(id).await.asked.requester, "ana".into());
        assert_eq!(accounts(&world).await, [[TENANT, &object_id("ana"), "ana"]]);
        assert_eq!(linked().await, 1);
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pinned_account_is_whose_pin_it_is_whatever_it_is_called() {
    let mut policy = usual();
    let pin = Account {
        platform: "teams".to_owned(),
        workspace: TENANT.to_owned(),
        user: object_id("finn"),
    };
    policy.directory.people.get_mut(&"finn".into()).unwrap().pinned = vec![pin];
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        world.teams().arrange(|state| {
            let finn = state.people.iter_mut().find(|one| one.id == mri("finn")).unwrap();
            finn.upn = "ben@example.com".to_owned();
            finn.email = "ben@example.com".to_owned();
        });
        // An address that leads to Finn leads nobody to him: he has his pin.
        let other = "c0000000-0000-4000-8000-0000000000ff";
        let other =
            Person { upn: "finn@example.com".to_owned(), ..somebody("other", "Finn", other) };
        comes(&world, other).await;

        let id = world.asks_in_teams("finn", "payments", "INC-42").await;

        assert_eq!(world.record(id).await.asked.requester, "finn".into());
        let said = lists(&world, "other").await;
        assert!(said.contains("does not know you"), "{said}");
        assert!(lists(&world, "ben").await.contains("My requests"), "Ben is who he was");
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_account_of_one_name_is_refused_and_the_admins_are_told_once() {
    for world in worlds_with(teams_alone()).await {
        world.install_in_teams(&["ben", "dev"]).await;
        world.reads("ben", "Ben Okafor").await;
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        let second = "c0000000-0000-4000-8000-0000000000ee";
        let second =
            Person { upn: "BEN@example.com".to_owned(), ..somebody("second", "Ben", second) };
        comes(&world, second).await;

        for _ in 0..3 {
            let forged = json!({ "do": "decide", "id": id.to_string(), "verdict": "approve", "version": "1" });
            let said = text(&world.forges("second", forged).await);
            assert!(said.contains("another account here"), "{said}");
            world.clock.advance(TimeDelta::minutes(11));
        }
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        assert!(!world.audits("link_refused").await.is_empty());
        world.reads("dev", "Ben Okafor").await;
        let chat = world.teams().chat(&mri("dev"));
        let is_told = |one: &&hallpass::demo::teams::Message| {
            let said = text(&one.activity);
            said.contains("Ben Okafor") && said.contains("account")
        };
        assert_eq!(chat.iter().filter(is_told).count(), 1, "{chat:#?}");
        assert_eq!(world.teams().chat(&mri("second")), Vec::new());
        world.ends().await;
    }
}
