//! What a person wrote stays on their screen: whatever is slow, busy, gone or pressed too soon.
use crate::world::policy::{account, any_of, flow, item, stages, usual};
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Answer, Container, Fault, Filter, Kind, View};
use hallpass::domain::flow::{Scope, Who};
use hallpass::domain::policy::Policy;
use hallpass::domain::terms::JustificationRule;
use hallpass::domain::ticket::{TicketPattern, TicketType};
use serde_json::{Value, json};
use std::time::Duration;

const WHY: &str = "INC-42: compare the failed payments of May";

fn typed(block: &str, action: &str, text: &str) -> Value {
    json!({ block: { action: { "type": "plain_text_input", "value": text } } })
}

/// The second step of a form about one thing.
async fn second_step(world: &World) -> View {
    let view = world.opens_form("ana").await;
    let view = world.chooses("ana", &view, "payments", "read").await;
    world.goes_on("ana", &view).await
}

/// Lets what is known of every account grow old, and Slack hold back its next word on one.
fn unconfirmed(world: &World) -> hallpass::demo::slack::FaultHandle {
    world.clock.advance(TimeDelta::minutes(11));
    world.slack.fault("users.info", Filter::default(), Fault::HoldBefore, 1)
}

/// Sends a form until it is taken; it is, as soon as Slack's word is there.
async fn sends_again(world: &World, person: &str, view: &View) -> Answer {
    for _ in 0..400 {
        let answer = world.slack.submit(&account(person), &view.id, &json!({})).await;
        if answer.errors.is_empty() {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the form was never taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_slack_takes_nothing_from_who_types_and_is_drawn_when_it_may_be() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        let form = second_step(&world).await;
        assert!(form.all_text().contains("Still missing: why you need it."));
        let busy = Fault::RateLimited { retry_after: Duration::from_secs(1) };
        world.slack.fault("views.update", Filter::default(), busy, 1);

        let answer = world.slack.type_text("U1", &form.id, "justification", WHY).await;
        assert!(answer.is_ok(), "{answer:?}");
        let without =
            |view: &View| (!view.all_text().contains("Still missing")).then(|| view.clone());
        let shown = world.shows("the lights after the pause", &form, without).await;

        assert_eq!(shown.values()["why"]["justification"]["value"], WHY);
        assert_eq!(world.slack.views("U1").len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_fails_while_somebody_types_leaves_the_form_as_it_is() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        let form = second_step(&world).await;
        let before = world.slack.calls("views.update").len();
        world.slack.fault("views.update", Filter::default(), Fault::Http(503), 1);

        assert!(world.slack.type_text("U1", &form.id, "justification", "INC").await.is_ok());
        world
            .soon("the failed picture", |state| {
                (state.calls("views.update").len() > before).then_some(())
            })
            .await;
        let shown = world.types_in("ana", &form, "justification", WHY).await;

        assert_eq!(shown.values()["why"]["justification"]["value"], WHY);
        world.stops().await;
        let open = world.slack.views("U1");
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].id, form.id);
        assert!(!world.told("ana").iter().any(|said| said.contains("too slow")));
        world.slack.shutdown().await;
    }
}

/// Keys that follow one another at once are one picture.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_follow_one_another_are_drawn_as_one() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        for text in ["p", "pa", "pay", "paym", "payments"] {
            assert!(world.slack.type_text("U1", &view.id, "words", text).await.is_ok());
        }

        world.says(&view, "1 of 7 match").await;

        assert_eq!(world.slack.calls("views.update").len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_is_said_at_a_field_and_sending_again_works() {
    for world in worlds().await {
        let choose = world.opens_form("ana").await;
        world.chooses("ana", &choose, "payments", "read").await;
        let word = unconfirmed(&world);
        let answer = world.slack.submit("U1", &choose.id, &json!({})).await;
        assert!(answer.errors["words"].contains("try again in a moment"), "{answer:?}");
        word.release();
        assert!(sends_again(&world, "ana", &choose).await.is_ok());

        let finish = world.sees_modal("ana", "request_finish").await;
        let word = unconfirmed(&world);
        let why = typed("why", "justification", WHY);
        let answer = world.slack.submit("U1", &finish.id, &why).await;
        assert!(answer.errors["why"].contains("try again in a moment"), "{answer:?}");
        let shown = world.sees_modal("ana", "request_finish").await;
        assert_eq!(shown.values()["why"]["justification"]["value"], WHY);
        word.release();
        assert!(sends_again(&world, "ana", &finish).await.is_ok());
        world.settle().await;

        let id = world.records().await[0].asked.id;
        let dialog = world.presses("ben", &world.ask_of("ben", id), "reject").await;
        let word = unconfirmed(&world);
        let answer = world.gives_reason("ben", &dialog, "not during the audit").await;
        assert!(answer.errors["reason"].contains("try again in a moment"), "{answer:?}");
        word.release();
        assert!(sends_again(&world, "ben", &dialog).await.is_ok());
        world.becomes(id, "Rejected").await;
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_is_said_on_top_of_a_view_without_fields() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        let review = world.presses_in("ana", &view, "review").await;
        let word = unconfirmed(&world);

        assert!(world.slack.submit("U1", &review.id, &json!({})).await.is_ok());
        let notice = world.sees_modal("ana", "notice").await;

        assert!(notice.all_text().contains("try again in a moment"), "{}", notice.all_text());
        world.slack.close("U1", &notice.id).await;
        assert_eq!(world.sees_modal("ana", "request_review").await.id, review.id);
        word.release();
        world.ends().await;
    }
}

/// A list that could not be searched says so; an empty one would say that there is nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_slack_holds_up_says_so() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        let word = unconfirmed(&world);

        let offered = world.searches("ana", &view, "pay").await;

        assert_eq!(offered.len(), 1, "{offered:?}");
        assert_eq!(offered[0]["text"]["text"], "Slack is slow to confirm who you are");
        word.release();
        let view = world
            .redraws(&view, async |world| {
                world.slack.choose_options("U1", &view.id, "resources", &offered).await
            })
            .await;
        assert!(view.all_text().contains("Nothing chosen yet"), "it is nothing to choose");
        world.ends().await;
    }
}

/// Two things picked before the first was drawn: both are meant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_picked_before_the_form_was_drawn_anew_is_chosen_as_well() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        for is_sent_at_once in [false, true] {
            let view = world.opens_form("ana").await;
            let mut picked = world.searches("ana", &view, "payments read").await;
            picked.truncate(1);
            let other = world.searches("ana", &view, "invoices read").await;
            let held = world.slack.fault("views.update", Filter::default(), Fault::HoldBefore, 1);
            let pick = async |options: &[Value]| {
                world.slack.choose_options("U1", &view.id, "resources", options).await
            };

            assert!(pick(&picked).await.is_ok());
            world
                .soon("the first is kept", |state| {
                    (state.calls("views.update").last()?.args["view_id"] == view.id.as_str())
                        .then_some(())
                })
                .await;
            picked.push(other[0].clone());
            assert!(pick(&picked).await.is_ok());
            if !is_sent_at_once {
                held.release();
                world.says(&view, "2 of at most 1,000 chosen").await;
            }
            let finish = world.goes_on("ana", &view).await;

            assert!(finish.all_text().contains("2 things."), "{}", finish.all_text());
            held.release();
            world.slack.close("U1", &view.id).await;
        }
        world.ends().await;
    }
}

/// The last key's picture, late and from another instance, does not cover the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_key_never_covers_what_a_form_became() {
    for mut world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        world.may_be_refused = true;
        let form = second_step(&world).await;
        world.types_in("ana", &form, "justification", WHY).await;
        let is_key = |payload: &Value| payload["actions"][0]["action_id"] == "justification";
        let key = world.slack.read(|state| {
            state.deliveries().iter().map(|one| one.payload.clone()).rfind(is_key).unwrap()
        });
        assert!(world.slack.submit("U1", &form.id, &json!({})).await.is_ok());
        world.sees_modal("ana", "notice").await;
        let before = world.slack.calls("views.update").len();

        let last = world.urls().last().unwrap().clone();
        assert!(world.slack.send(&last, Kind::Interaction, &key, &[]).await.is_ok());
        world
            .soon("the late picture", |state| {
                (state.calls("views.update").len() > before).then_some(())
            })
            .await;
        world.settle().await;
        world.stops().await;

        let shown = world.slack.views("U1").pop().unwrap();
        assert!(shown.all_text().contains("is Pending Approval"), "{}", shown.all_text());
        world.slack.shutdown().await;
    }
}

/// Dev may ask for anybody.
fn for_anybody() -> Policy {
    let mut policy = usual();
    let mut anybody = flow("anybody", "crown", stages(vec![any_of(&["finn"])]));
    anybody.scope = Scope::Others;
    anybody.who = vec![Who::Person("dev".into())];
    policy.flows.insert(0, anybody);
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_for_somebody_else_is_never_sent_for_oneself() {
    for world in worlds_with(Options { policy: for_anybody(), ..Options::default() }).await {
        let view = world.opens_form("dev").await;
        let view = world.picks("dev", &view, "grantee", &["Eva Lindgren"]).await;
        let view = world.chooses("dev", &view, "crown", "read").await;
        // The row that says "refine" is nobody.
        let refine = json!({"text": {"type": "plain_text", "text": "More"}, "value": "refine"});
        let view = world
            .redraws(&view, async |world| {
                world.slack.choose_options("U5", &view.id, "grantee", &[refine]).await
            })
            .await;
        assert!(view.all_text().contains("1 of at most 1,000 chosen"), "{}", view.all_text());
        let finish = world.goes_on("dev", &view).await;
        assert!(finish.all_text().contains("1 thing for Eva Lindgren"), "{}", finish.all_text());

        world.app().reload(usual()).await.unwrap();
        let why = typed("why", "justification", WHY);
        assert!(world.slack.submit("U5", &finish.id, &why).await.is_ok());

        let view = world.sees_modal("dev", "request").await;
        let said = view.all_text();
        assert!(said.contains("You cannot ask for Eva Lindgren; this form is for you."), "{said}");
        assert_eq!(world.records().await.len(), 0);
        let finish = world.goes_on("dev", &view).await;
        assert_eq!(finish.values()["why"]["justification"]["value"], WHY);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_listed_no_more_can_be_removed() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        let review = world.presses_in("ana", &view, "review").await;
        let mut policy = usual();
        let left = policy.catalog.resources.iter().filter(|one| one.name != "payments");
        policy.catalog.resources = left.collect();
        world.app().reload(policy).await.unwrap();

        let review = world.presses_in("ana", &review, "remove").await;

        assert!(review.all_text().contains("Nothing is chosen."), "{}", review.all_text());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duration_that_a_line_names_is_picked_where_it_is_offered() {
    for world in worlds().await {
        let line = format!("request payments read for 2h because {WHY}");
        assert!(world.types("ana", &line).await.is_ok());
        let form = world.sees_modal("ana", "request_finish").await;
        let values = form.values();
        assert_eq!(values["duration"]["duration"]["selected_option"]["value"], "7200");
        assert_eq!(values["other_duration"]["other_duration"]["value"], Value::Null);
        assert!(form.all_text().contains("What sending this makes, for 2 h:"));

        let form = world
            .redraws(&form, async |world| {
                world.slack.choose("U1", &form.id, "duration", &["28800"]).await
            })
            .await;
        assert!(form.all_text().contains("for 8 h:"), "{}", form.all_text());
        let form = world.types_in("ana", &form, "other_duration", "90m").await;
        assert!(form.all_text().contains("for 1 h 30 min:"), "{}", form.all_text());
        let form = world.types_in("ana", &form, "other_duration", "").await;
        assert!(form.all_text().contains("for 8 h:"), "{}", form.all_text());
        assert!(world.slack.submit("U1", &form.id, &json!({})).await.is_ok());

        let asked = world.records().await.remove(0).asked;
        assert_eq!(asked.duration, TimeDelta::hours(8));
        assert_eq!(asked.items, [item("payments", "read")]);
        world.ends().await;
    }
}

/// Extend, with the details closed before they were drawn anew: it is extended, and nothing is wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn details_that_were_closed_meanwhile_are_no_trouble() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        let id = world.asks("ana", "payments", "read").await;
        assert!(world.types("ana", &format!("show {id}")).await.is_ok());
        let details = world.sees_modal("ana", "details").await;
        let held = world.slack.fault("views.update", Filter::default(), Fault::HoldBefore, 1);
        let before = world.slack.calls("views.update").len();

        assert!(world.slack.click("U1", &Container::from(&details), "cancel").await.is_ok());
        world
            .soon("the picture that waits", |state| {
                (state.calls("views.update").len() > before).then_some(())
            })
            .await;
        world.slack.close("U1", &details.id).await;
        held.release();
        world.stops().await;

        assert_eq!(world.slack.views("U1").len(), 0);
        assert!(!world.told("ana").iter().any(|said| said.contains("too slow")));
        world.slack.shutdown().await;
    }
}

/// A flow that demands all three lights says so while they are not green.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lights_that_a_flow_demands_are_named_as_missing() {
    let mut policy = usual();
    let incident = TicketType {
        id: "incident".into(),
        name: "Incident".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]+").unwrap(),
        example: "INC-42".to_owned(),
        lookup: None,
    };
    policy.tickets.insert(incident.id.clone(), incident);
    for flow in &mut policy.flows {
        flow.justification = JustificationRule::AllLights;
    }
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let form = second_step(&world).await;
        let form = world.types_in("ana", &form, "justification", "need access please").await;
        let missing = "Still missing: all three lights have to be green.";
        assert!(form.all_text().contains(missing), "{}", form.all_text());
        let good =
            "INC-42: compare the failed payments of May with the bank's file, to find the gaps";

        let form = world.types_in("ana", &form, "justification", good).await;

        assert!(!form.all_text().contains("Still missing"), "{}", form.all_text());
        world.ends().await;
    }
}
