//! An account that an admin pins belongs to whom it is pinned to, whoever it was before.
use crate::world::policy::{account, usual};
use crate::world::{Options, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::Member;
use hallpass::domain::person::Account;
use hallpass::domain::policy::Policy;

/// Another account of Ana's, which Slack knows by her address.
const NEW: &str = "U-new";

fn options() -> Options {
    let member = Member::new(NEW, "ana.new", "Ana New", "ana@example.com");
    Options { members: vec![member], ..Options::default() }
}

/// The usual policy with Ana's first account given to Finn.
fn given_to_finn() -> Policy {
    let mut policy = usual();
    let account = Account {
        platform: "slack".to_owned(),
        workspace: "T0LOCAL".to_owned(),
        user: account("ana"),
    };
    policy.directory.people.get_mut(&"finn".into()).unwrap().pinned = vec![account];
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_moves_an_account_that_was_linked_to_somebody_else() {
    for world in worlds_with(options()).await {
        let form = world.opens_form("ana").await;
        world.slack.close(&account("ana"), &form.id).await;
        let whose = "SELECT person FROM account WHERE user_id = 'U1'";
        assert_eq!(world.query(whose).await, [["ana"]]);

        world.app().reload(given_to_finn()).await.unwrap();
        // Slack's word on an account is asked for anew.
        world.clock.advance(TimeDelta::minutes(11));
        let form = world.opens_form("ana").await;
        world.slack.close(&account("ana"), &form.id).await;

        assert_eq!(world.query(whose).await, [["finn"]]);
        let moved = world.audit().await.into_iter().filter(|row| row.kind == "account_relinked");
        assert_eq!(moved.count(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_persons_comes_to_an_account_that_was_pinned_to_somebody_else() {
    for world in worlds_with(options()).await {
        let form = world.opens_form("ana").await;
        world.slack.close(&account("ana"), &form.id).await;

        world.app().reload(given_to_finn()).await.unwrap();
        world.slack.arrange(|members, _| {
            members.iter_mut().filter(|one| one.id == "U1").for_each(|one| {
                one.email = "finn@example.com".to_owned();
            });
        });
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;

        let to_first = world.slack.dm(&account("ana"));
        assert!(to_first.iter().all(|said| !said.all_text().contains(&id.to_string())));
        let to_new = world.slack.dm(NEW);
        assert!(to_new.iter().any(|said| said.all_text().contains(&id.to_string())));
        let linked = world.query("SELECT user_id, person FROM account ORDER BY user_id").await;
        assert_eq!(linked, [["U-new", "ana"], ["U1", "finn"]]);
        world.ends().await;
    }
}
