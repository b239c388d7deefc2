//! App Home as the portal (R18): right for nobody's first look and for five thousand requests, redrawn
//! after every move of anybody, and nobody else's whatever comes back from it.
use crate::world::homes::{carried, rows};
use crate::world::policy::{account, any_of, flow, stages, usual};
use crate::world::{Kind, Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Container, Member, read};
use hallpass::domain::id::PersonId;
use hallpass::domain::listing::{List, Page, Place, Turn};
use hallpass::store::sql;
use std::collections::BTreeMap;

/// As many as nobody has, and all must be found.
const MANY: i64 = 5_000;
/// The number of the first seeded request.
const SEED: i64 = 100_000;

/// Copies ana's requests until she has `MANY`, ben is asked about those that wait, and nothing of them
/// is due.
async fn seed(world: &World) {
    let made = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {MANY}), \
         real AS (SELECT r.*, (SELECT COUNT(*) FROM request o WHERE o.id < r.id) AS k, \
                  (SELECT COUNT(*) FROM request) AS of_all FROM request r) \
         INSERT INTO request (id, submission, flow, requester, grantee, asked, state, status, version, \
             submitted_at, moved_at, active_at, expires_at, ended_at, due_at) \
         SELECT {SEED} + n, submission, flow, requester, grantee, \
             REPLACE(asked, '\"id\":' || id, '\"id\":' || ({SEED} + n)), state, status, version, \
             submitted_at, moved_at, active_at, expires_at, ended_at, NULL \
         FROM n JOIN real ON n % of_all = k"
    );
    let asked = format!(
        "INSERT INTO card (request_id, kind, recipient, shown_version, is_open) \
         SELECT id, 'ask', 'person:ben', 1, TRUE FROM request \
         WHERE id > {SEED} AND status = 'Pending Approval'"
    );
    world.tamper(&made).await;
    world.tamper(&asked).await;
    world.tamper("ANALYZE").await;
}

/// Takes the copies away again, so that what is always true can be looked at.
async fn unseed(world: &World) {
    for (table, column) in [("card", "request_id"), ("request", "id")] {
        world.tamper(&format!("DELETE FROM {table} WHERE {column} > {SEED}")).await;
    }
}

/// One request at each of three statuses.
async fn three(world: &World) {
    for name in ["logs", "secrets", "payments"] {
        world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await;
    }
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_look_shows_the_way_in() {
    for world in worlds().await {
        let home = world.opens_home("ana").await;

        let text = home.all_text();
        assert!(text.contains("Good to see you, Ana Torres."), "{text}");
        assert_eq!(
            read::buttons(&home.json),
            ["New request", "Active 0", "Pending Approval 0", "Pending MFA 0"]
        );
        assert!(text.contains("You have no access through Hallpass right now."), "{text}");
        assert!(text.contains("You have not asked for anything yet."), "{text}");
        assert!(!text.contains("Waiting for my decision"), "{text}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_requests_are_paged_and_none_is_lost() {
    for world in worlds().await {
        three(&world).await;
        seed(&world).await;
        let all = MANY + 3;

        let home = world.opens_home("ana").await;
        assert!(home.all_text().contains("1–8 of 5,003"), "{}", home.all_text());
        assert!(home.all_text().contains("Active 1,6"), "{}", home.all_text());
        let first = rows(&home.json, "requests");
        assert_eq!(first, (SEED + MANY - 7..=SEED + MANY).rev().collect::<Vec<_>>());
        let next = carried(&home.json, "list_next", "requests").unwrap();
        let second = world.turns_home("ana", "list_next", &next).await;
        assert!(second.all_text().contains("9–16 of 5,003"), "{}", second.all_text());
        assert_eq!(rows(&second.json, "requests")[0], SEED + MANY - 8);
        let back = carried(&second.json, "list_previous", "requests").unwrap();
        let again = world.turns_home("ana", "list_previous", &back).await;
        assert_eq!(rows(&again.json, "requests"), first);

        for (list, person) in
            [(List::Requests, "ana"), (List::Access, "ana"), (List::Waiting, "ben")]
        {
            let pages = walk(&world, list, person).await;
            let ids: Vec<i64> = pages.iter().flatten().copied().collect();
            assert!(ids.is_sorted_by(|a, b| a > b), "{list:?} shows one twice or out of order");
            let expected = if list == List::Requests { all } else { all / 3 };
            let found = i64::try_from(ids.len()).unwrap();
            assert!((expected..=expected + 1).contains(&found), "{list:?}: {found} of {expected}");
        }
        plans_use_indexes(&world).await;
        unseed(&world).await;
        world.ends().await;
    }
}

/// Every page of a list to its end, each compared with the same page on the way back.
async fn walk(world: &World, list: List, person: &str) -> Vec<Vec<i64>> {
    let person = PersonId::from(person);
    let at = async |place: &Place| world.app().page(&person, list, place, 50).await.unwrap();
    let ids = |page: &Page| page.rows.iter().map(|row| row.asked.id.0).collect::<Vec<_>>();
    let (mut pages, mut place) = (Vec::new(), Place::default());
    let mut last = loop {
        let page = at(&place).await;
        assert_eq!(page.before, pages.iter().map(Vec::len).sum::<usize>());
        pages.push(ids(&page));
        match page.next {
            Some(next) => place = place.turned(Turn::To(list, Some(next))),
            None => break page,
        }
    };
    for page in pages.iter().rev().skip(1) {
        let before = last.previous.unwrap();
        last = at(&Place::default().turned(Turn::To(list, before))).await;
        assert_eq!(ids(&last), *page);
    }
    assert_eq!(last.previous, None);
    pages
}

/// No list reads a table from its beginning.
async fn plans_use_indexes(world: &World) {
    let explain = match world.kind() {
        Kind::Sqlite => "EXPLAIN QUERY PLAN",
        Kind::Postgres => "EXPLAIN",
    };
    let statements = [
        sql::LIST_REQUESTS,
        sql::LIST_REQUESTS_AHEAD,
        sql::LIST_ACCESS,
        sql::LIST_ACCESS_AHEAD,
        sql::LIST_FAVORITES,
        sql::LIST_FAVORITES_AHEAD,
        sql::LIST_DELEGATED,
        sql::LIST_DELEGATED_AHEAD,
        sql::LIST_WAITING,
        sql::LIST_WAITING_AHEAD,
        sql::REQUEST_COUNTS,
        sql::CARDS_OF,
    ];
    for statement in statements {
        // Somebody of whom there is little: what is everybody's is rightly read from the beginning.
        let filled = statement.replace("$1", "'nobody'").replace("$2", "100100").replace("$3", "9");
        let filled = filled
            .replace("$4", "'|Failed|'")
            .replace("request_id IN ('nobody')", "request_id IN (7)");
        let plan = world.query(&format!("{explain} {filled}")).await;
        let plan: Vec<String> = plan.iter().map(|row| row.last().unwrap().clone()).collect();
        let whole = ["SCAN request", "SCAN card", "Seq Scan on request", "Seq Scan on card"];
        let is_whole = |line: &String| whole.iter().any(|bad| line.contains(bad));
        assert!(!plan.iter().any(is_whole), "{:?} {statement}: {plan:#?}", world.kind());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_counter_filters_the_list_and_a_filter_takes_none_one_or_several() {
    for world in worlds().await {
        three(&world).await;
        let all = world.opens_home("ana").await;
        let [active, rejected, pending] = [1001, 1002, 1003];
        assert_eq!(rows(&all.json, "requests"), [pending, rejected, active]);

        let counted = world.turns_home("ana", "counter_active", "active").await;
        assert_eq!(rows(&counted.json, "requests"), [active]);
        let uncounted = world.turns_home("ana", "counter_active", "active").await;
        assert_eq!(rows(&uncounted.json, "requests"), [pending, rejected, active]);

        let several = world.filters_home("ana", &["active", "rejected"]).await;
        assert_eq!(rows(&several.json, "requests"), [rejected, active]);
        let one = world.filters_home("ana", &["pending_approval"]).await;
        assert_eq!(rows(&one.json, "requests"), [pending]);
        let empty = world.filters_home("ana", &["failed"]).await;
        assert!(empty.all_text().contains("None of your requests is at this status."));
        let none = world.filters_home("ana", &[]).await;
        assert_eq!(rows(&none.json, "requests"), [pending, rejected, active]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_by_anybody_redraws_the_homes_of_those_it_concerns_once_a_second() {
    for world in worlds().await {
        world.opens_home("ana").await;
        world.opens_home("ben").await;
        world.opens_home("finn").await;
        let before = world.slack.calls("views.publish").len();

        let ids = world
            .submits(
                "ana",
                &[("payments", "read"), ("logs", "read"), ("secrets", "read")],
                TimeDelta::hours(1),
            )
            .await;
        let home = world.sees_home("ana", |home| home.all_text().contains("Active 1")).await;
        assert_eq!(rows(&home.json, "requests").len(), 3);
        let waiting = world.sees_home("ben", |home| !rows(&home.json, "waiting").is_empty()).await;
        let pending = *ids.iter().max().unwrap();
        assert_eq!(rows(&waiting.json, "waiting"), [pending.0]);
        world.approves("eva", pending, "").await;
        world.sees_home("ana", |home| home.all_text().contains("Active 2")).await;
        world.sees_home("ben", |home| rows(&home.json, "waiting").is_empty()).await;

        let mut drawn: BTreeMap<(String, i64), usize> = BTreeMap::new();
        for call in world.slack.calls("views.publish").iter().skip(before) {
            let user = call.args["user_id"].as_str().unwrap().to_owned();
            assert_ne!(user, account("finn"), "whom it does not concern");
            *drawn.entry((user, call.at.timestamp())).or_default() += 1;
        }
        assert!(drawn.values().all(|times| *times == 1), "{drawn:?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_that_was_not_opened_for_days_is_left_alone_until_it_is() {
    for world in worlds().await {
        world.opens_home("ana").await;
        world.passes(TimeDelta::days(3)).await;
        let before = world.slack.calls("views.publish").len();

        world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await;
        world.settle().await;
        assert_eq!(world.slack.calls("views.publish").len(), before);

        assert!(world.opens_home("ana").await.all_text().contains("Active 1"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_that_changed_past_us_is_drawn_over_with_the_present() {
    for mut world in worlds().await {
        world.opens_home("ana").await;
        world.may_be_refused = true;
        world.tamper("UPDATE home SET stamp = 'of somebody else'").await;

        world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await;
        world.sees_home("ana", |home| home.all_text().contains("Active 1")).await;

        let refused = world.slack.refusals();
        assert_eq!(refused.len(), 1, "{refused:?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_and_a_filter_stay_while_requests_move() {
    for world in worlds().await {
        three(&world).await;
        world.opens_home("ana").await;
        world.filters_home("ana", &["rejected"]).await;

        world.submits("ana", &[("logs", "write")], TimeDelta::hours(1)).await;
        let home = world.sees_home("ana", |home| home.all_text().contains("Active 2")).await;

        assert_eq!(rows(&home.json, "requests"), [1002]);
        assert_eq!(rows(&world.opens_home("ana").await.json, "requests"), [1002]);
        world.passes(TimeDelta::hours(2)).await;
        assert_eq!(rows(&world.opens_home("ana").await.json, "requests").len(), 4);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_forged_shows_nothing_of_anybody_else() {
    for world in worlds().await {
        let theirs = world.submits("finn", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        three(&world).await;
        world.opens_home("ana").await;
        let mine = [1004, 1003, 1002];

        for start in ["AR-1", "AR-1001", "AR-1005", "AR-9223372036854775807", "newest", "x AR-7"] {
            let value = format!("requests {start}");
            let home = world.turns_home("ana", "list_next", &value).await;
            assert_eq!(rows(&home.json, "requests"), mine, "{start}");
            assert!(!home.all_text().contains(&theirs.to_string()), "{start}");
        }
        let home = world.filters_home("ana", &["nonsense", "Active", ""]).await;
        assert_eq!(rows(&home.json, "requests"), mine);
        for (action, value) in [
            ("list_next", "nonsense AR-1001"),
            ("list_previous", ""),
            ("counter_nonsense", "nonsense"),
            ("counter_active", "AR-1001"),
        ] {
            assert!(world.presses_in_home("ana", action, value).await.is_ok(), "{action}");
            let notice = world.sees_modal("ana", "notice").await;
            assert!(notice.all_text().contains("does nothing any more"), "{action}");
            world.slack.close(&account("ana"), &notice.id).await;
        }
        world.settle().await;
        assert_eq!(rows(&world.home_of("ana").json, "requests"), mine);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_home_says_why() {
    let mut guest = Member::new("U-guest", "gus", "Gus", "gus@example.com");
    guest.is_restricted = true;
    for world in worlds_with(Options { members: vec![guest], ..Options::default() }).await {
        assert!(world.slack.home("U-guest").await.is_ok());
        let home = world.soon("the Home", |state| state.home("U-guest").cloned()).await;

        assert!(home.all_text().contains("uests cannot use Hallpass"), "{}", home.all_text());
        assert_eq!(read::buttons(&home.json), Vec::<String>::new());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_said_yes_already_is_not_asked_again_by_their_home() {
    for world in worlds().await {
        world.opens_home("ben").await;
        world.opens_home("eva").await;
        let id = world.submits("ana", &[("ledger", "read")], TimeDelta::hours(1)).await[0];
        world.sees_home("ben", |home| rows(&home.json, "waiting") == [id.0]).await;
        assert_eq!(rows(&world.home_of("eva").json, "waiting"), Vec::<i64>::new());

        world.approves("ben", id, "first").await;

        world.sees_home("eva", |home| rows(&home.json, "waiting") == [id.0]).await;
        world.sees_home("ben", |home| rows(&home.json, "waiting").is_empty()).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_for_others_stands_among_the_delegated_of_both() {
    let mut policy = usual();
    let mut others = flow("for-others", "*", stages(vec![any_of(&["ben"])]));
    others.scope = hallpass::domain::flow::Scope::Others;
    policy.flows = vec![others];
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let mut form = crate::world::form(
            "ana",
            vec![crate::world::policy::item("logs", "read")],
            TimeDelta::hours(1),
        );
        form.grantee = "finn".into();
        let id = world.app().submit(form).await.unwrap().requests[0].asked.id;
        world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await;
        world.settle().await;

        for person in ["ana", "finn"] {
            let home = world.opens_home(person).await;
            assert_eq!(rows(&home.json, "delegated"), [id.0], "{person}");
            assert!(home.all_text().contains("Ana Torres for Finn Weber"));
            assert!(rows(&home.json, "requests").contains(&id.0), "{person}");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn favourites_and_what_ended_last_can_be_asked_for_again() {
    for world in worlds().await {
        three(&world).await;
        let ana = PersonId::from("ana");
        let [active, rejected] = [1001, 1002].map(hallpass::domain::id::RequestId);
        world.app().star(&ana, active, true).await.unwrap();
        for _ in 0..4 {
            world.submits("ana", &[("secrets", "read")], TimeDelta::hours(1)).await;
        }
        let home = world.opens_home("ana").await;

        assert_eq!(rows(&home.json, "favorites"), [active.0]);
        assert_eq!(rows(&home.json, "closed"), [1007, 1006, 1005]);
        let offers = |list: &str| {
            let found = read::elements(&home.json).into_iter();
            let mine = found.filter(|found| found.block_id.starts_with(&format!("{list}-AR-")));
            mine.map(|found| found.action_id).collect::<Vec<_>>()
        };
        assert_eq!(offers("favorites"), ["again", "unstar", "details"]);
        assert_eq!(offers("closed")[..2], ["again", "details"]);

        world.app().star(&ana, rejected, true).await.unwrap();
        let again = world.opens_home("ana").await;
        assert_eq!(rows(&again.json, "favorites"), [rejected.0, active.0]);
        let unstarred = world.turns_home("ana", "unstar", "AR-1001").await;
        assert_eq!(rows(&unstarred.json, "favorites"), [rejected.0]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_opens_by_its_word_and_turns_its_pages() {
    for world in worlds().await {
        three(&world).await;
        seed(&world).await;
        for (word, title, person) in [
            ("requests", "My requests", "ana"),
            ("mine", "My access", "ana"),
            ("approvals", "Waiting for my decision", "ben"),
        ] {
            assert!(world.types(person, word).await.is_ok());
            let first = world.sees_modal(person, "list").await;
            let list = match word {
                "mine" => "access",
                "approvals" => "waiting",
                other => other,
            };
            assert!(first.all_text().contains(title), "{}", first.all_text());
            assert!(first.all_text().contains("1–20 of"), "{}", first.all_text());
            let place = Container::View(first.id.clone());
            assert!(world.slack.click(&account(person), &place, "list_next").await.is_ok());
            let second = world
                .soon("the second page", |state| {
                    let view = state.view(&first.id)?;
                    view.all_text().contains("21–40 of").then(|| view.clone())
                })
                .await;
            let (before, after) = (rows(&first.json, list), rows(&second.json, list));
            assert_eq!((before.len(), after.len()), (20, 20));
            assert!(before.iter().min() > after.iter().max(), "{before:?} {after:?}");
            world.slack.close(&account(person), &first.id).await;
        }
        for (word, empty) in [("favorites", "starred nothing"), ("delegated", "nobody else")] {
            assert!(world.types("ana", word).await.is_ok());
            let view = world.sees_modal("ana", "list").await;
            assert!(view.all_text().contains(empty), "{}", view.all_text());
            world.slack.close(&account("ana"), &view.id).await;
        }
        unseed(&world).await;
        world.ends().await;
    }
}
