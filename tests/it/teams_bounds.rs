//! What is too long in Teams stays in its field: none of it is cut, kept or sent.
use crate::world::teams::mri;
use crate::world::teams_people::{dialog, teams_alone, text};
use crate::world::{Kind, World, worlds_with};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_justification_that_is_too_long_stays_in_its_field_and_is_not_kept_in_teams() {
    for world in worlds_with(teams_alone()).await {
        let (ana, teams) = (mri("ana"), world.teams());
        let second = world.chooses_in_teams("ana", "payments").await;
        let long = format!("INC-42 {}", "x".repeat(3_000));
        let typed = json!({ "why": long, "other_duration": "1h" });

        for button in ["Back", "Send request"] {
            let wrong = dialog(&teams.press_in(&ana, &second, button, &typed).await);
            let said = text(&wrong);
            assert!(said.contains("These are 3,007 characters; at most 3,000 fit"), "{said}");
            assert!(said.contains(&long), "the whole stays in its field");
        }

        let draft = second.to_string();
        let at = draft.find("\"draft\":\"").unwrap() + 9;
        let draft: String = draft[at..].chars().take_while(|c| *c != '"').collect();
        let look = json!({ "data": { "do": "look", "draft": draft } });
        let kept = text(&dialog(&teams.invoke(&ana, "task/submit", look).await));
        assert!(kept.contains("Send request") && !kept.contains("INC-42"), "{kept}");

        let short = json!({ "why": "INC-42: look up a payment", "other_duration": "1h" });
        let sent = dialog(&teams.press_in(&ana, &second, "Send request", &short).await);
        assert!(text(&sent).contains("Pending Approval"), "{sent}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_that_is_too_long_stays_in_its_field_and_nothing_is_decided_in_teams() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    let teams = world.teams();
    for person in ["ana", "ben"] {
        teams.installs(&mri(person)).await;
    }
    let id = world.asks_in_teams("ana", "payments", "INC-42").await;
    let ask = world.reads("ben", "INC-42").await;
    let long = json!({ "reason": "x".repeat(3_001) });
    let form = dialog(&teams.press(&mri("ben"), &ask, "Reject", &json!({})).await);

    let wrong = dialog(&teams.press_in(&mri("ben"), &form, "Reject", &long).await);

    let said = text(&wrong);
    assert!(said.contains("These are 3,001 characters; at most 3,000 fit"), "{said}");
    assert!(said.contains(&"x".repeat(3_001)), "the whole stays in its field");
    assert_eq!(world.status(id).await, "Pending Approval");
    let short = json!({ "reason": "not now" });
    teams.press_in(&mri("ben"), &wrong, "Reject", &short).await;
    world.becomes(id, "Rejected").await;
    world.ends().await;
}
