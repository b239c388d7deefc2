//! The whole way in Teams: asked for in a dialog, approved, granted, used, and taken back.
use crate::world::teams::{TEAMS_CHANNEL, mri};
use crate::world::teams_people::{buttons, dialog, teams_alone, text};
use crate::world::worlds_with;
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_asked_approved_granted_used_and_taken_back_in_teams() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        for person in ["ana", "ben", "eva"] {
            assert_eq!(teams.installs(&mri(person)).await.status, 200);
        }
        world.reads("ben", "Ben Okafor").await;

        let id = world.asks_in_teams("ana", "payments", "INC-42 *now*").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        let ask = world.reads("ben", "INC-42 *now*").await;
        assert_eq!(buttons(&ask.activity), ["Approve", "Reject", "Details"]);
        let in_channel = teams.messages(TEAMS_CHANNEL);
        assert_eq!(buttons(&in_channel[0].activity), ["Review"]);
        let card = &in_channel[0].activity["attachments"][0]["content"];
        assert_eq!(card["refresh"]["userIds"], json!([mri("ben"), mri("eva")]));

        let form = dialog(&teams.press(&mri("ben"), &ask, "Approve", &json!({})).await);
        let done =
            teams.press_in(&mri("ben"), &form, "Approve", &json!({ "reason": "fine" })).await;
        assert_eq!((done.status, done.body), (200, Value::Null));
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert!(world.target.holds("ana", "payments", "write"));
        for copy in [world.reads("ben", "fine").await, world.reads("eva", "fine").await] {
            assert_eq!(buttons(&copy.activity), ["Details"]);
            assert!(text(&copy.activity).contains("pproved by Ben Okafor"));
        }
        let in_channel = teams.messages(TEAMS_CHANNEL);
        assert_eq!(in_channel.len(), 1);
        assert_eq!(buttons(&in_channel[0].activity), ["Details"]);

        let ready = world.reads("ana", "Your access is ready").await;
        let connect = teams.press(&mri("ana"), &ready, "How to connect", &json!({})).await;
        assert!(text(&dialog(&connect)).contains("s3cret-canary"));
        let nosy = teams.press(&mri("ben"), &ready, "How to connect", &json!({})).await;
        assert!(!text(&nosy.body).contains("s3cret-canary"));

        world.passes(TimeDelta::hours(1)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert!(!world.target.holds("ana", "payments", "write"));
        world.reads("ana", "This access has ended").await;
        assert_eq!(teams.refusals(), []);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_an_approver_decides_in_teams_and_a_late_press_is_answered() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        for person in ["ana", "ben", "eva", "finn"] {
            teams.installs(&mri(person)).await;
        }
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let ask = world.reads("ben", "INC-42").await;

        let sentences = [
            ("ana", "You cannot decide on a request that you made or that is for you."),
            ("finn", "You are not among the people who can decide on this request now."),
        ];
        for (stranger, sentence) in sentences {
            let forged = json!({ "data": { "do": "decide", "id": id.to_string(), "verdict": "approve", "version": "0" } });
            let answer = teams.invoke(&mri(stranger), "task/submit", forged).await;
            assert!(text(&dialog(&answer)).contains(sentence), "{answer:?}");
        }
        assert_eq!(world.status(id).await, "Pending Approval");

        let form = dialog(
            &teams
                .press(&mri("eva"), &world.reads("eva", "INC-42").await, "Reject", &json!({}))
                .await,
        );
        let missing = teams.press_in(&mri("eva"), &form, "Reject", &json!({ "reason": "" })).await;
        assert!(text(&dialog(&missing)).contains("Please give a reason"), "{missing:?}");
        let done =
            teams.press_in(&mri("eva"), &form, "Reject", &json!({ "reason": "not now" })).await;
        assert_eq!(done.body, Value::Null);
        world.settle().await;

        assert_eq!(world.status(id).await, "Rejected");
        world.reads("ana", "not now").await;
        let late = teams.press(&mri("ben"), &ask, "Approve", &json!({})).await;
        assert!(text(&dialog(&late)).contains("ejected by Eva Lindgren"), "{late:?}");
        assert_eq!(world.target.count("grant"), 0);
        world.ends().await;
    }
}
