//! An approver gives less than was asked for (R24): less time, fewer things, never more.
use crate::decide::{answer, sends};
use crate::world::policy::{self, any_of, flow, item, stages, usual};
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Kind, View, read};
use hallpass::domain::id::RequestId;
use hallpass::domain::plan::{Approver, Need, Stage};
use hallpass::domain::policy::Policy;
use hallpass::domain::terms::{Extend, Offered};
use serde_json::{Value, json};

/// Payments and invoices, for eight hours.
const BOTH: [(&str, &str); 2] = [("payments", "read"), ("invoices", "read")];

async fn asks_for_both(world: &World) -> RequestId {
    let id = world.submits("ana", &BOTH, TimeDelta::hours(8)).await[0];
    world.settle().await;
    id
}

/// Presses Approve; the dialog.
async fn opens(world: &World, person: &str, id: RequestId) -> View {
    let ask = world.ask_of(person, id);
    world.presses(person, &ask, "approve").await
}

/// Chooses in an open dialog: the values of a list.
pub(crate) async fn sets(world: &World, person: &str, dialog: &View, list: &str, to: &[&str]) {
    let set = world.slack.choose(&policy::account(person), &dialog.id, list, to).await;
    assert!(set.is_ok(), "{list} {to:?}: {set:?}");
}

/// The choices of a dialog's list, by what people read.
fn offered(dialog: &View, list: &str) -> Vec<String> {
    let found = read::find_action(&dialog.json["blocks"], list);
    let options = found.map(|found| read::offered(&found.element)).unwrap_or_default();
    options.iter().map(|one| one["text"]["text"].as_str().unwrap_or_default().to_owned()).collect()
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn less_time_and_fewer_things_are_given_and_the_target_never_gives_more() {
    for world in worlds().await {
        let id = asks_for_both(&world).await;
        let dialog = opens(&world, "ben", id).await;
        let durations = ["8 h", "4 h", "2 h", "1 h", "30 min", "15 min"];
        assert_eq!(offered(&dialog, "narrow_duration"), texts(&durations));
        assert_eq!(offered(&dialog, "narrow_keep"), texts(&["payments: read", "invoices: read"]));

        sets(&world, "ben", &dialog, "narrow_duration", &["7200"]).await;
        sets(&world, "ben", &dialog, "narrow_keep", &["0"]).await;
        let said = world.gives_reason("ben", &dialog, "two hours will do").await;
        assert!(said.is_ok(), "{said:?}");
        world.settle().await;

        world.becomes(id, "Active").await;
        let record = world.record(id).await;
        let (since, until) = (record.active_at.unwrap(), record.expires_at.unwrap());
        assert_eq!(until - since, TimeDelta::hours(2));
        assert!(world.target.holds("ana", "payments", "read"));
        assert_eq!(world.target.called("grant"), ["payments"], "the other was never asked for");
        let latest = world.target.orders().into_iter().map(|(_, end)| end).max();
        assert!(latest <= Some(until + TimeDelta::minutes(1)), "{latest:?}");
        assert_eq!(record.asked.items.len(), 2, "what was asked for stays as it was sent");
        let live = world.app().live_items(&"ana".into(), &[item("invoices", "read")]).await;
        assert!(live.unwrap().is_empty(), "what was taken out can be asked for anew");

        world.passes(TimeDelta::hours(2)).await;
        world.settle().await;
        world.becomes(id, "Expired").await;
        assert!(world.target.held().is_empty());
        assert_eq!(world.target.called("grant"), ["payments"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_what_was_given_instead_of_what_was_asked_for() {
    for world in worlds().await {
        let id = asks_for_both(&world).await;
        let dialog = opens(&world, "ben", id).await;
        sets(&world, "ben", &dialog, "narrow_duration", &["7200"]).await;
        sets(&world, "ben", &dialog, "narrow_keep", &["0"]).await;
        assert!(world.gives_reason("ben", &dialog, "two hours will do").await.is_ok());
        world.settle().await;

        let sentence = "For 2 h instead of 8 h, and without 1 of the 2 things";
        let out = "invoices (database in Production): read (by Ben Okafor)";
        for text in [
            world.ask_of("ben", id).all_text(),
            world.ask_of("eva", id).all_text(),
            world.ask_in_channel(id).all_text(),
        ] {
            let asked = [sentence, out, "2 h instead of 8 h", "two hours will do"];
            assert!(asked.iter().all(|line| text.contains(line)), "{text}");
        }
        let status = world.said_to("ana", id, "The access is in place").all_text();
        assert!(status.contains(out) && status.contains("2 h instead of 8 h"), "{status}");
        let ready = world.said_to("ana", id, "Your access is ready").all_text();
        assert!(ready.contains(out) && ready.contains("2 h instead of 8 h"), "{ready}");

        assert!(world.types("ana", &format!("show {id}")).await.is_ok());
        let details = world.sees_modal("ana", "details").await.all_text();
        let taken = "2 h at most; without invoices (database in Production): read";
        for line in [
            format!("Ben Okafor approved ({taken}): “two hours will do”"),
            format!("Approved by Ben Okafor ({taken})"),
            out.to_owned(),
            "invoices (database in Production): read: taken out by Ben Okafor".to_owned(),
        ] {
            assert!(details.contains(&line), "{line}: {details}");
        }

        let audited = world.audits("approved").await;
        let body: Value = serde_json::from_str(&audited[0]).unwrap();
        let left = |when: &str| {
            let left = &body["narrowed"][when];
            (left["seconds"].as_i64().unwrap(), left["items"].as_array().unwrap().len())
        };
        assert_eq!((left("before"), left("after")), ((28_800, 2), (7_200, 1)));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_as_it_is_is_given_as_it_was_asked_for() {
    for world in worlds().await {
        let id = asks_for_both(&world).await;

        world.approves("ben", id, "").await;
        world.settle().await;

        let record = world.record(id).await;
        assert!(record.decisions[0].narrowing.is_none());
        assert_eq!(world.target.held().len(), 2);
        assert_eq!(record.expires_at.unwrap() - record.active_at.unwrap(), TimeDelta::hours(8));
        let text = world.said_to("ana", id, "The access is in place").all_text();
        assert!(!text.contains("instead of") && !text.contains("Taken out"), "{text}");
        assert!(world.audits("approved").await.iter().all(|body| !body.contains("narrowed")));
        world.ends().await;
    }
}

/// A dialog sent with these values in its fields, whatever was in it.
fn forged(
    id: RequestId,
    seen: Option<i64>,
    duration: Option<&str>,
    keep: Option<&[&str]>,
) -> Value {
    let mut payload = crate::decide::decision("U2", "T0LOCAL", id, true);
    let carried = json!({"request": id.0, "approves": true, "seen": seen});
    payload["view"]["private_metadata"] = carried.to_string().into();
    let values = &mut payload["view"]["state"]["values"];
    if let Some(duration) = duration {
        let option = json!({"value": duration});
        let value = json!({"type": "static_select", "selected_option": option});
        values["narrow_duration"] = json!({ "narrow_duration": value });
    }
    if let Some(keep) = keep {
        let options: Vec<Value> = keep.iter().map(|value| json!({ "value": value })).collect();
        let value = json!({"type": "checkboxes", "selected_options": options});
        values["narrow_keep"] = json!({ "narrow_keep": value });
    }
    payload
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_was_asked_for_is_refused_at_its_field_and_audited() {
    const LONGER: &str = "You can shorten it, not make it longer: 8 h at most.";
    const NO_TIME: &str = "Choose one of the times.";
    const FOREIGN: &str = "You can take things out, not add any.";
    const NOTHING: &str = "Leave at least one thing, or reject the request.";
    for mut world in worlds().await {
        world.may_be_refused = true;
        let id = asks_for_both(&world).await;
        let url = world.urls()[0].clone();
        let cases = [
            (Some("28801"), Some(&["0"][..]), "narrow_duration", LONGER),
            (Some("9223372036854775807"), None, "narrow_duration", NO_TIME),
            (Some("0"), None, "narrow_duration", NO_TIME),
            (Some("-7200"), None, "narrow_duration", NO_TIME),
            (Some("8h"), Some(&["0"]), "narrow_duration", NO_TIME),
            (Some("28800"), Some(&["0", "2"][..]), "narrow_keep", FOREIGN),
            (None, Some(&["prod/secrets"]), "narrow_keep", FOREIGN),
            (None, Some(&["-1"]), "narrow_keep", FOREIGN),
            (None, Some(&["0", "18446744073709551615"]), "narrow_keep", FOREIGN),
            (None, Some(&[]), "narrow_keep", NOTHING),
        ];

        for (duration, keep, field, sentence) in cases {
            let payload = forged(id, Some(0), duration, keep);
            let ack = sends(&world, &url, &payload).await;
            let at_field = ack.body["errors"][field].as_str().unwrap_or_default();
            assert!(at_field.starts_with(sentence), "{duration:?} {keep:?}: {:?}", ack.body);
        }

        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.audits("decision_refused").await.len(), cases.len());
        let stranger = json!({"id": "U4", "team_id": "T0LOCAL"});
        let mut by_other = forged(id, Some(0), Some("7200"), Some(&["7"]));
        by_other["user"] = stranger;
        let said = answer(&sends(&world, &url, &by_other).await);
        assert!(said.contains("not among the people"), "who may is asked first: {said}");
        let good = forged(id, Some(0), Some("7200"), Some(&["1"]));
        assert_eq!(answer(&sends(&world, &url, &good).await), "");
        world.settle().await;
        assert!(world.target.holds("ana", "invoices", "read"));
        assert_eq!(world.target.held().len(), 1);
        world.ends().await;
    }
}

/// Any two of Ben, Eva and Finn.
fn two_of() -> Options {
    let mut policy = usual();
    let of = ["ben", "eva", "finn"].map(|id| Approver::Person(id.into())).to_vec();
    let two = Stage { need: Need::Count(2), of };
    policy.flows.insert(0, flow("two", "*", stages(vec![two])));
    Options { policy, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looked_before_another_narrowed_it_sees_what_is_left_before_deciding() {
    for world in worlds_with(two_of()).await {
        let id = asks_for_both(&world).await;
        let (of_ben, of_eva) = (opens(&world, "ben", id).await, opens(&world, "eva", id).await);
        sets(&world, "ben", &of_ben, "narrow_keep", &["1"]).await;
        assert!(world.gives_reason("ben", &of_ben, "").await.is_ok());
        sets(&world, "eva", &of_eva, "narrow_duration", &["3600"]).await;
        sets(&world, "eva", &of_eva, "narrow_keep", &["0"]).await;

        let answer = world.gives_reason("eva", &of_eva, "").await;

        assert!(answer.is_ok(), "{answer:?}");
        let again = world.sees_modal("eva", "decide").await;
        let text = again.all_text();
        assert!(text.contains("Another approver changed what this is about"), "{text}");
        assert!(text.contains("Taken out") && text.contains("(by Ben Okafor)"), "{text}");
        assert!(offered(&again, "narrow_keep").is_empty(), "one thing is left");
        assert_eq!(world.record(id).await.decisions.len(), 1, "nothing was decided");
        sets(&world, "eva", &again, "narrow_duration", &["3600"]).await;
        assert!(world.gives_reason("eva", &again, "").await.is_ok());
        world.settle().await;
        world.becomes(id, "Active").await;
        assert_eq!(world.target.called("grant"), ["invoices"]);
        let record = world.record(id).await;
        assert_eq!(record.expires_at.unwrap() - record.active_at.unwrap(), TimeDelta::hours(1));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_narrow_at_once_one_counts_and_the_other_is_told() {
    for mut world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        world.may_be_refused = true;
        let id = asks_for_both(&world).await;
        let urls = world.urls();
        let by_ben = forged(id, Some(0), Some("7200"), Some(&["0"]));
        let mut by_eva = forged(id, Some(0), Some("3600"), Some(&["1"]));
        by_eva["user"]["id"] = "U3".into();

        let (ben, eva) = tokio::join!(
            world.slack.send(&urls[0], Kind::Interaction, &by_ben, &[]),
            world.slack.send(&urls[1 % urls.len()], Kind::Interaction, &by_eva, &[]),
        );
        world.settle().await;

        let said = [answer(&ben), answer(&eva)];
        let late: Vec<&String> = said.iter().filter(|said| !said.is_empty()).collect();
        assert!(late.len() == 1 && late[0].contains("Already approved by"), "{said:?}");
        let record = world.record(id).await;
        assert_eq!((record.decisions.len(), record.left().items.len()), (1, 1));
        assert_eq!(world.target.held().len(), 1);
        world.ends().await;
    }
}

/// First Ben, then Eva.
fn in_stages() -> Policy {
    let mut policy = usual();
    let both = stages(vec![any_of(&["ben"]), any_of(&["eva"])]);
    policy.flows.insert(0, flow("both", "*", both));
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_later_stage_sees_what_is_left_and_narrows_it_further() {
    for world in worlds_with(Options { policy: in_stages(), ..Options::default() }).await {
        let three = [("payments", "read"), ("invoices", "read"), ("logs", "read")];
        let id = world.submits("ana", &three, TimeDelta::hours(8)).await[0];
        world.settle().await;
        let of_ben = opens(&world, "ben", id).await;
        sets(&world, "ben", &of_ben, "narrow_duration", &["14400"]).await;
        sets(&world, "ben", &of_ben, "narrow_keep", &["0", "2"]).await;
        assert!(world.gives_reason("ben", &of_ben, "").await.is_ok());
        world.settle().await;

        let ask = world.ask_of("eva", id).all_text();
        assert!(ask.contains("4 h instead of 8 h") && ask.contains("(by Ben Okafor)"), "{ask}");
        let of_eva = opens(&world, "eva", id).await;
        assert_eq!(offered(&of_eva, "narrow_duration")[0], "4 h");
        assert_eq!(offered(&of_eva, "narrow_keep"), texts(&["payments: read", "logs: read"]));
        let status = world.said_to("ana", id, "It waits for Eva Lindgren").all_text();
        assert!(status.contains("without 1 of the 3 things"), "{status}");
        sets(&world, "eva", &of_eva, "narrow_keep", &["2"]).await;
        assert!(world.gives_reason("eva", &of_eva, "").await.is_ok());
        world.settle().await;

        world.becomes(id, "Active").await;
        assert_eq!(world.target.called("grant"), ["logs"]);
        let record = world.record(id).await;
        assert_eq!(record.expires_at.unwrap() - record.active_at.unwrap(), TimeDelta::hours(4));
        assert_eq!(record.decisions.len(), 2, "the first yes was to more, and stands");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_things_what_goes_is_searched_for() {
    let mut policy = usual();
    let known: Vec<_> = policy.catalog.resources.iter().collect();
    let many = (0..130).map(|n| policy::resource(&format!("db-{n:03}")));
    policy.catalog.resources = known.into_iter().chain(many).collect();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let names: Vec<String> = (0..130).map(|n| format!("db-{n:03}")).collect();
        let items: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
        let id = world.submits("ana", &items, TimeDelta::hours(2)).await[0];
        world.settle().await;
        let dialog = opens(&world, "ben", id).await;
        assert!(dialog.all_text().contains("It is about 130 things."), "{}", dialog.all_text());

        let all = world.searches_in("ben", &dialog, "narrow_out", "").await;
        assert_eq!(all.len(), 100);
        assert_eq!(all[99]["value"], "refine");
        let found = world.searches_in("ben", &dialog, "narrow_out", "db-12 read").await;
        assert_eq!(found.len(), 10);
        let mut chosen = found.clone();
        chosen.push(all[99].clone());
        let account = policy::account("ben");
        let chose = world.slack.choose_options(&account, &dialog.id, "narrow_out", &chosen).await;
        assert!(chose.is_ok(), "{chose:?}");
        assert!(world.gives_reason("ben", &dialog, "").await.is_ok());
        world.settle().await;

        world.becomes(id, "Active").await;
        assert_eq!(world.target.held().len(), 120);
        assert!(!world.target.called("grant").iter().any(|name| name.starts_with("db-12")));
        let text = world.ask_of("ben", id).all_text();
        assert!(text.contains("Without 10 of the 130 things"), "{text}");
        assert!(text.contains("; and 5 more (by Ben Okafor)"), "{text}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_shortened_is_not_extended_without_asking() {
    let mut policy = usual();
    for flow in &mut policy.flows {
        let (step, longest) = (TimeDelta::hours(1), TimeDelta::hours(24));
        flow.extend = Some(Extend { step, times: 3, longest, offered: Offered::LastQuarter });
    }
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = asks_for_both(&world).await;
        let dialog = opens(&world, "ben", id).await;
        sets(&world, "ben", &dialog, "narrow_duration", &["7200"]).await;
        assert!(world.gives_reason("ben", &dialog, "").await.is_ok());
        world.settle().await;

        world.passes(TimeDelta::minutes(100)).await;
        world.settle().await;

        let soon = world.said_to("ana", id, "an approver gave less time than was asked for");
        assert!(!read::buttons(&soon.blocks).iter().any(|text| text.starts_with("Extend")));
        let refused = world.app().extend(&"ana".into(), id, Some(0), None).await.unwrap_err();
        assert!(refused.to_string().contains("an approver shortened it"), "{refused}");
        world.passes(TimeDelta::minutes(20)).await;
        world.settle().await;
        world.becomes(id, "Expired").await;
        assert!(world.target.held().is_empty());
        let again = world.app().again(&"ana".into(), id).await.unwrap();
        assert_eq!((again.items.len(), again.duration), (2, TimeDelta::hours(8)));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_owned_what_was_taken_out_is_asked_no_more_and_may_still_look() {
    let mut policy = usual();
    let owned = |name: &str, owner: &str| {
        let mut found = policy::resource(name);
        found.owner = Some(owner.into());
        found
    };
    let known: Vec<_> = policy.catalog.resources.iter().collect();
    let owned = [owned("payments", "eva"), owned("invoices", "finn")];
    policy.catalog.resources = owned.into_iter().chain(known).collect();
    let owner = Stage { need: Need::Any, of: vec![Approver::ResourceOwner] };
    policy.flows.insert(0, flow("owned", "*", stages(vec![any_of(&["ben"]), owner])));
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = asks_for_both(&world).await;
        let dialog = opens(&world, "ben", id).await;
        sets(&world, "ben", &dialog, "narrow_keep", &["0"]).await;
        assert!(world.gives_reason("ben", &dialog, "").await.is_ok());
        world.settle().await;

        assert!(world.maybe_ask_of("finn", id).is_none(), "Finn's database is out");
        assert!(world.app().request(&"finn".into(), id).await.is_ok());
        world.approves("eva", id, "").await;
        world.settle().await;

        world.becomes(id, "Active").await;
        assert_eq!(world.target.called("grant"), ["payments"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_crash_behind_the_yes_no_more_is_given_than_was_left() {
    for mut world in worlds().await {
        let id = asks_for_both(&world).await;
        let dialog = opens(&world, "ben", id).await;
        sets(&world, "ben", &dialog, "narrow_duration", &["3600"]).await;
        sets(&world, "ben", &dialog, "narrow_keep", &["1"]).await;
        assert!(world.gives_reason("ben", &dialog, "").await.is_ok());
        assert_eq!(world.status(id).await, "Granting");
        let promised = world.record(id).await.expires_at.unwrap();
        assert_eq!(promised - world.now(), TimeDelta::hours(1), "committed before any call");

        world.crash().await;
        world.restart().await;
        world.settle().await;

        world.becomes(id, "Active").await;
        assert_eq!(world.target.called("grant"), ["invoices"]);
        world.passes(TimeDelta::hours(1)).await;
        world.settle().await;
        world.becomes(id, "Expired").await;
        assert!(world.target.held().is_empty());
        world.ends().await;
    }
}
