//! The transition table on two pages, and its guards at their exact instants.
use super::super::sample::{asked, at, flow, item};
use super::*;
use crate::domain::flow::Approval;
use crate::domain::narrow::Narrowing;
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};

#[path = "request_walks.rs"]
mod walks;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const WEEK: i64 = 7 * 24 * HOUR;

/// While every clock of [`every_state`] runs, and after all of them ran out.
const INSTANTS: [(&str, i64); 2] = [("in time", MINUTE), ("late", WEEK + 1)];

fn said_yes(by: &str) -> Approved {
    Approved {
        by: by.into(),
        reason: None,
        at: at(0),
        is_own: false,
        narrowing: Narrowing::default(),
    }
}

fn missing() -> Missing {
    Missing { item: item("orders", "read"), why: "no such database".to_owned() }
}

fn extended(step: TimeDelta) -> Event {
    Event::Extended { by: ana(), step, notice: TimeDelta::minutes(15) }
}

fn ana() -> Actor {
    Actor::Person("ana".into())
}

fn taken_back(cause: RevokeCause, is_alarmed: bool) -> State {
    State::Revoking { since: at(0), cause, is_alarmed }
}

fn every_cause() -> [RevokeCause; 3] {
    [
        RevokeCause::TimeUp,
        RevokeCause::Asked { by: ana(), reason: "done".to_owned() },
        RevokeCause::Undo { why: "no answer".to_owned() },
    ]
}

/// Every status, and within a status every difference that the table knows.
fn every_state() -> Vec<(&'static str, State)> {
    let [time_up, asked_for, undo] = every_cause();
    vec![
        ("Pending MFA", State::PendingMfa { closes_at: at(WEEK) }),
        (
            "Pending Approval",
            State::PendingApproval { closes_at: at(WEEK), approvals: vec![said_yes("ben")] },
        ),
        ("Granting", State::Granting { since: at(0), approvals: vec![said_yes("ben")] }),
        ("Active", active(0)),
        ("Active (told)", told()),
        ("Revoking (time up)", taken_back(time_up, false)),
        ("Revoking (asked)", taken_back(asked_for, false)),
        ("Revoking (undo)", taken_back(undo.clone(), false)),
        ("Revoking (undo, alarmed)", taken_back(undo, true)),
        ("Rejected", State::Rejected { by: ana(), reason: "no".to_owned(), at: at(0) }),
        ("Expired", State::Expired { at: at(0) }),
        ("Revoked", State::Revoked { by: ana(), reason: "done".to_owned(), at: at(0) }),
        ("Cancelled", State::Cancelled { by: ana(), reason: String::new(), at: at(0) }),
        ("Failed", State::Failed { why: "no answer".to_owned(), at: at(0) }),
    ]
}

/// Every event, and within an event every difference that the table knows.
fn every_event() -> Vec<(&'static str, Event)> {
    // A new event does not compile here; list it below as well.
    let _is_listed = |event: &Event| match event {
        Event::MfaPassed { .. } | Event::Approved { .. } | Event::Rejected { .. } => {}
        Event::Cancelled { .. } | Event::WindowClosed | Event::Granted { .. } => {}
        Event::GrantFailed { .. } | Event::PatienceOver | Event::Extended { .. } => {}
        Event::EndNears => {}
        Event::RevokeAsked { .. } | Event::TimeUp | Event::Overdue | Event::Removed => {}
    };
    let approved = |completes| Event::Approved { approval: said_yes("cem"), completes };
    let granted = |missing: &[Missing]| Event::Granted {
        duration: TimeDelta::hours(1),
        notice: TimeDelta::minutes(15),
        missing: missing.to_vec(),
    };
    vec![
        ("mfa, then people", Event::MfaPassed { needs_approval: true }),
        ("mfa", Event::MfaPassed { needs_approval: false }),
        ("a yes of several", approved(false)),
        ("the last yes", approved(true)),
        ("no", Event::Rejected { by: ana(), reason: "no".to_owned() }),
        ("cancel", Event::Cancelled { by: ana(), reason: String::new() }),
        ("cancel for another", Event::Cancelled { by: ana(), reason: "a duplicate".to_owned() }),
        ("window closed", Event::WindowClosed),
        ("granted", granted(&[])),
        ("granted in part", granted(&[missing()])),
        ("grant failed", Event::GrantFailed { why: "no answer".to_owned() }),
        ("patience over", Event::PatienceOver),
        ("extend", extended(TimeDelta::hours(1))),
        ("extend by nothing", extended(TimeDelta::zero())),
        ("end nears", Event::EndNears),
        ("revoke", Event::RevokeAsked { by: ana(), reason: "done".to_owned() }),
        ("time up", Event::TimeUp),
        ("overdue", Event::Overdue),
        ("removed", Event::Removed),
    ]
}

/// One line for every pair and answer; where both instants answer alike, one line for both.
fn lines_of(answer: impl Fn(Result<Move, Refused>) -> Option<String>) -> Vec<[String; 3]> {
    let mut lines = Vec::new();
    for (status, state) in every_state() {
        for (name, event) in every_event() {
            let [early, late] = INSTANTS.map(|(_, ms)| answer(state.after(event.clone(), at(ms))));
            let mut push = |when: &str, text: Option<String>| {
                lines.extend(text.map(|text| [status.to_owned(), format!("{name}{when}"), text]));
            };
            if early == late {
                push("", early);
            } else {
                push(" (in time)", early);
                push(" (late)", late);
            }
        }
    }
    lines
}

/// Every move there is (V6). A change here is a change of product.
#[test]
fn the_moves() {
    let moves = lines_of(|answer| {
        answer.ok().map(|made| format!("{} {:?}", made.to.label(), made.effects))
    });
    let page: Vec<String> =
        moves.into_iter().map(|[from, event, to]| format!("{from} --{event}--> {to}")).collect();

    insta::assert_snapshot!(page.join("\n"), @"
    Pending MFA --mfa, then people (in time)--> Pending Approval [AskApprovers, RewriteMessages]
    Pending MFA --mfa (in time)--> Granting [RewriteMessages, SettleTargets]
    Pending MFA --no (in time)--> Rejected [RewriteMessages, Tell(Ended)]
    Pending MFA --cancel--> Cancelled [RewriteMessages]
    Pending MFA --cancel for another--> Cancelled [RewriteMessages, Tell(Ended)]
    Pending MFA --window closed (late)--> Failed [RewriteMessages, Tell(Ended)]
    Pending Approval --a yes of several (in time)--> Pending Approval [AskApprovers, RewriteMessages]
    Pending Approval --the last yes (in time)--> Granting [RewriteMessages, SettleTargets]
    Pending Approval --no (in time)--> Rejected [RewriteMessages, Tell(Ended)]
    Pending Approval --cancel--> Cancelled [RewriteMessages]
    Pending Approval --cancel for another--> Cancelled [RewriteMessages, Tell(Ended)]
    Pending Approval --window closed (late)--> Failed [RewriteMessages, Tell(Ended)]
    Granting --granted--> Active [RewriteMessages, Tell(Active)]
    Granting --granted in part--> Active [RewriteMessages, Tell(Active)]
    Granting --grant failed--> Revoking [RewriteMessages, SettleTargets]
    Granting --patience over (late)--> Revoking [RewriteMessages, SettleTargets]
    Granting --revoke--> Revoking [RewriteMessages, SettleTargets]
    Active --extend (in time)--> Active [RewriteMessages, SettleTargets]
    Active --end nears (in time)--> Active [RewriteMessages, Tell(EndNears)]
    Active --revoke--> Revoking [RewriteMessages, SettleTargets]
    Active --time up (late)--> Revoking [RewriteMessages, SettleTargets]
    Active (told) --extend (in time)--> Active [RewriteMessages, SettleTargets]
    Active (told) --revoke--> Revoking [RewriteMessages, SettleTargets]
    Active (told) --time up (late)--> Revoking [RewriteMessages, SettleTargets]
    Revoking (time up) --overdue (late)--> Revoking [RewriteMessages, Alarm(StillThere)]
    Revoking (time up) --removed--> Expired [RewriteMessages, Tell(Ended)]
    Revoking (asked) --overdue (late)--> Revoking [RewriteMessages, Alarm(StillThere)]
    Revoking (asked) --removed--> Revoked [RewriteMessages, Tell(Ended)]
    Revoking (undo) --overdue (late)--> Revoking [RewriteMessages, Alarm(StillThere)]
    Revoking (undo) --removed--> Failed [RewriteMessages, Tell(Ended)]
    Revoking (undo, alarmed) --removed--> Failed [RewriteMessages, Tell(Ended)]
    ");
}

/// Every refusal by its sentence: by which events, then at which statuses.
fn refusals() -> Vec<String> {
    let mut events: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut order: Vec<(String, String)> = Vec::new();
    for [status, event, why] in
        lines_of(|answer| answer.err().map(|refused| refused.why.to_string()))
    {
        let key = (why, status);
        if !events.contains_key(&key) {
            order.push(key.clone());
        }
        events.entry(key).or_default().push(event);
    }
    let mut statuses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (why, status) in order {
        let events = events[&(why.clone(), status.clone())].join(", ");
        statuses.entry(format!("{why} <- {events}")).or_default().push(status);
    }
    statuses
        .into_iter()
        .map(|(line, statuses)| format!("{line}\n    {}", statuses.join(", ")))
        .collect()
}

/// Every pair that is no move, with the sentence that people read (V6).
#[test]
fn the_refusals() {
    insta::assert_snapshot!(refusals().join("\n"), @"
    access is extended before its end, and by more than nothing <- extend (late), extend by nothing
        Active, Active (told)
    it does not wait for a proof of presence <- mfa, then people, mfa
        Pending Approval, Granting, Active, Active (told), Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed), Rejected, Expired, Revoked, Cancelled, Failed
    it is no longer waiting for a decision <- a yes of several, the last yes, no, window closed
        Granting, Active, Active (told), Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed), Rejected, Expired, Revoked, Cancelled, Failed
    its access is being taken away already <- revoke, time up
        Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed)
    its access is not at its end <- time up (in time)
        Active, Active (told)
    its end is not near, or it is over <- end nears (late)
        Active
    its end was told already <- end nears
        Active (told)
    its target may still take some time <- patience over (in time)
        Granting
    its time to be decided is not over <- window closed (in time)
        Pending MFA, Pending Approval
    its time to be decided is over <- a yes of several (late), the last yes (late), no (late)
        Pending Approval
    its time to be decided is over <- mfa, then people (late), mfa (late), no (late)
        Pending MFA
    no access is being given <- granted, granted in part, grant failed, patience over
        Pending MFA, Pending Approval, Active, Active (told), Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed), Rejected, Expired, Revoked, Cancelled, Failed
    no access is being taken away <- overdue, removed
        Pending MFA, Pending Approval, Granting, Active, Active (told), Rejected, Expired, Revoked, Cancelled, Failed
    only a pending request can be cancelled <- cancel, cancel for another
        Granting, Active, Active (told), Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed), Rejected, Expired, Revoked, Cancelled, Failed
    only active access can be extended <- extend, extend by nothing
        Pending MFA, Pending Approval, Granting, Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed), Rejected, Expired, Revoked, Cancelled, Failed
    only active access nears its end <- end nears
        Pending MFA, Pending Approval, Granting, Revoking (time up), Revoking (asked), Revoking (undo), Revoking (undo, alarmed), Rejected, Expired, Revoked, Cancelled, Failed
    taking the access away may still take some time <- overdue (in time)
        Revoking (time up), Revoking (asked), Revoking (undo)
    the admins were told already <- overdue
        Revoking (undo, alarmed)
    the requester has to prove presence first <- a yes of several, the last yes
        Pending MFA
    there is no access to take away <- revoke, time up
        Pending MFA, Pending Approval, Rejected, Expired, Revoked, Cancelled, Failed
    there is no access to take away <- time up
        Granting
    ");
}

#[test]
fn a_refusal_reads_as_a_sentence() {
    let refused = State::Expired { at: at(0) }.after(Event::Removed, at(1)).unwrap_err();

    assert_eq!(refused.to_string(), "the request is Expired; no access is being taken away");
}

/// V12: a late click does nothing, also before the schedule has closed the request.
#[rstest]
#[case(State::PendingMfa { closes_at: at(WEEK) }, Event::MfaPassed { needs_approval: false })]
#[case(State::PendingMfa { closes_at: at(WEEK) }, Event::MfaPassed { needs_approval: true })]
#[case(
    State::PendingApproval { closes_at: at(WEEK), approvals: Vec::new() },
    Event::Approved { approval: said_yes("ben"), completes: true }
)]
#[case(
    State::PendingApproval { closes_at: at(WEEK), approvals: Vec::new() },
    Event::Approved { approval: said_yes("ben"), completes: false }
)]
fn nothing_brings_a_request_nearer_once_its_wait_is_over(
    #[case] state: State,
    #[case] event: Event,
) {
    let in_time = state.after(event.clone(), at(WEEK));
    let late = state.after(event, at(WEEK + 1));

    assert!(in_time.is_ok());
    assert_eq!(late.unwrap_err().why, WhyNot::TimeToDecideOver);
    assert!(state.after(Event::WindowClosed, at(WEEK + 1)).is_ok());
}

/// What only time allows happens at its exact instant, neither before nor never.
#[rstest]
#[case::window_mfa(State::PendingMfa { closes_at: at(WEEK) }, Event::WindowClosed, WEEK, [false, false, true])]
#[case::window_people(
    State::PendingApproval { closes_at: at(WEEK), approvals: Vec::new() },
    Event::WindowClosed,
    WEEK,
    [false, false, true]
)]
#[case::patience(
    State::Granting { since: at(0), approvals: Vec::new() },
    Event::PatienceOver,
    GRANT_PATIENCE.num_milliseconds(),
    [false, true, true]
)]
#[case::time_up(active(0), Event::TimeUp, HOUR, [false, true, true])]
#[case::extended(active(0), extended(TimeDelta::hours(1)), HOUR, [true, false, false])]
#[case::end_near(active(0), Event::EndNears, MINUTE, [false, true, true])]
#[case::end_no_longer_near(active(0), Event::EndNears, HOUR, [true, false, false])]
#[case::overdue(
    taken_back(RevokeCause::TimeUp, false),
    Event::Overdue,
    REVOKE_ALARM_AFTER.num_milliseconds(),
    [false, true, true]
)]
fn guards_hold_at_the_exact_instant(
    #[case] state: State,
    #[case] event: Event,
    #[case] t_ms: i64,
    #[case] accepted: [bool; 3],
) {
    let seen = [-1, 0, 1].map(|off_ms| state.after(event.clone(), at(t_ms + off_ms)).is_ok());

    assert_eq!(seen, accepted, "one millisecond before, at, and after");
}

#[test]
fn the_clock_of_a_grant_starts_when_the_target_confirms() {
    let (duration, notice) = (TimeDelta::hours(2), TimeDelta::minutes(30));
    let granted = Event::Granted { duration, notice, missing: vec![missing()] };

    let made = State::Granting { since: at(0), approvals: Vec::new() }.after(granted, at(MINUTE));

    let to = State::Active {
        since: at(MINUTE),
        until: at(MINUTE + 2 * HOUR),
        tells_at: at(91 * MINUTE),
        is_told: false,
        extensions: 0,
        missing: vec![missing()],
    };
    assert_eq!(made.unwrap().to, to);
}

#[test]
fn an_extension_keeps_the_beginning_moves_the_end_and_announces_it_anew() {
    let made = told().after(extended(TimeDelta::hours(1)), at(50 * MINUTE)).unwrap();

    let to = State::Active {
        since: at(0),
        until: at(2 * HOUR),
        tells_at: at(105 * MINUTE),
        is_told: false,
        extensions: 1,
        missing: vec![missing()],
    };
    assert_eq!(made.to, to);
}

/// What a bot finds that was down: the access goes, and nobody hears that it ends soon.
#[test]
fn an_end_that_is_past_is_not_announced_any_more() {
    assert_eq!(active(0).due(at(0)), None);
    assert_eq!(active(0).due(at(MINUTE)), Some(Event::EndNears));
    assert_eq!(told().due(at(HOUR - 1)), None);
    assert_eq!(active(0).due(at(HOUR)), Some(Event::TimeUp));
    assert_eq!(told().due(at(HOUR)), Some(Event::TimeUp));
}

#[test]
fn a_final_status_keeps_who_and_why() {
    for (cause, to) in every_cause().into_iter().zip([
        State::Expired { at: at(HOUR) },
        State::Revoked { by: ana(), reason: "done".to_owned(), at: at(HOUR) },
        State::Failed { why: "no answer".to_owned(), at: at(HOUR) },
    ]) {
        for is_alarmed in [false, true] {
            let state = taken_back(cause.clone(), is_alarmed);
            assert_eq!(state.after(Event::Removed, at(HOUR)).unwrap().to, to);
        }
    }
}

#[test]
fn a_fresh_request_stands_at_its_first_gate() {
    let asked = asked(&flow("f", Approval::Automatic), "ana", "ana");
    let gates = [
        Gate::Mfa,
        Gate::People,
        Gate::Open,
        Gate::Closed { reason: "frozen until Monday".to_owned() },
    ];

    let page: Vec<String> = gates
        .into_iter()
        .map(|gate| {
            let made = State::first(&asked, gate.clone(), TimeDelta::days(7));
            format!("{gate:?} -> {} {:?}", made.to.label(), made.effects)
        })
        .collect();

    insta::assert_snapshot!(page.join("\n"), @r#"
    Mfa -> Pending MFA [AskMfa, RewriteMessages]
    People -> Pending Approval [AskApprovers, RewriteMessages]
    Open -> Granting [RewriteMessages, SettleTargets]
    Closed { reason: "frozen until Monday" } -> Rejected [RewriteMessages, Tell(Ended)]
    "#);
}

/// Time alone, with the target's confirmation at the end, closes every request.
#[test]
fn nothing_is_left_waiting_for_ever() {
    for (_, first) in every_state() {
        let mut state = first;
        for _ in 0..5 {
            if let Some((when, event)) = state.next_by_time() {
                state = state.after(event, when).unwrap().to;
            }
        }
        if let State::Revoking { .. } = state {
            state = state.after(Event::Removed, at(WEEK)).unwrap().to;
        }
        assert!(state.is_final(), "{}", state.label());
    }
}

#[test]
fn what_time_does_next_is_possible_then_and_not_before() {
    let millisecond = TimeDelta::milliseconds(1);
    for (name, state) in every_state() {
        let is_waiting_for_removal = matches!(state, State::Revoking { is_alarmed: true, .. });
        let Some((when, event)) = state.next_by_time() else {
            assert!(state.is_final() || is_waiting_for_removal, "{name}");
            continue;
        };
        assert!(state.after(event.clone(), when - millisecond).is_err(), "{name}");
        assert_ne!(state.after(event, when).unwrap().to, state, "{name}");
    }
}

fn active(extensions: u32) -> State {
    State::Active {
        since: at(0),
        until: at(HOUR),
        tells_at: at(MINUTE),
        is_told: false,
        extensions,
        missing: vec![missing()],
    }
}

/// The same after people heard that it ends soon.
fn told() -> State {
    active(0).after(Event::EndNears, at(MINUTE)).unwrap().to
}

#[test]
fn every_state_and_what_was_asked_read_back_as_written() {
    for (name, state) in every_state() {
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state, "{name}");
    }
    let asked = asked(&flow("f", Approval::Automatic), "ana", "ben");
    let text = serde_json::to_string(&asked).unwrap();
    assert_eq!(serde_json::from_str::<Asked>(&text).unwrap(), asked);
}

/// The words that stored states begin with; changing one needs a migration.
#[test]
fn stored_states_keep_their_names() {
    let stored: BTreeSet<String> = every_state()
        .into_iter()
        .map(|(_, state)| serde_json::to_value(&state).unwrap()["status"].to_string())
        .collect();

    insta::assert_snapshot!(stored.into_iter().collect::<Vec<_>>().join(" "), @r#""active" "cancelled" "expired" "failed" "granting" "pending_approval" "pending_mfa" "rejected" "revoked" "revoking""#);
}
