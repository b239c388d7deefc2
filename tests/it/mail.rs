//! Who is not reached in chat is reached by email: once, in order, and without delaying anybody.
use crate::world::policy::{PAGES, account, any_of, flow, stages, usual};
use crate::world::{Options, PostOffice, World, worlds_with};
use chrono::TimeDelta;
use hallpass::config::Email;
use hallpass::demo::mailbox::{Letter, MailFault};
use hallpass::demo::slack::{Fault, Filter};
use hallpass::domain::decide::Verdict;
use hallpass::domain::id::RequestId;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub(crate) const HOUR: TimeDelta = TimeDelta::hours(1);
const MINUTE: TimeDelta = TimeDelta::minutes(1);
const YES: Verdict = Verdict::Approve { reason: None };

/// A post office, and worlds that send their mail there.
pub(crate) async fn with_mail(
    change: impl FnOnce(&mut Options, &mut Email),
) -> (PostOffice, Vec<World>) {
    let office = PostOffice::open().await;
    let (mut options, mut email) = (Options::default(), office.settings());
    change(&mut options, &mut email);
    options.email = Some(email);
    let mut worlds = worlds_with(options).await;
    for world in &mut worlds {
        world.may_be_refused = true;
    }
    (office, worlds)
}

pub(crate) async fn asks(world: &World, what: &str) -> RequestId {
    world.submits("ana", &[(what, "read")], HOUR).await[0]
}

/// How often a person's messages in Slack say this.
fn heard(world: &World, person: &str, text: &str) -> usize {
    world.told(person).iter().filter(|told| told.contains(text)).count()
}

/// What each letter says first.
fn titles(letters: &[Letter]) -> Vec<String> {
    let title = |letter: &Letter| letter.text.lines().next().unwrap_or_default().to_owned();
    letters.iter().map(title).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approver_who_is_not_in_slack_is_asked_by_mail_and_the_others_are_not() {
    let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
    for world in worlds {
        office.forgets();
        let id = asks(&world, "payments").await;
        world.settle().await;

        let asked = office.letter_to("eva");
        assert_eq!(office.letters().len(), 1, "nobody else is written to");
        world.ask_of("ben", id);
        assert_eq!(asked.header("from"), "Hallpass <access@example.com>");
        assert_eq!(asked.header("to"), "\"Eva Lindgren\" <eva@example.com>");
        assert_eq!(asked.header("auto-submitted"), "auto-generated");
        let subject = "Access request AR-1001: payments (database in Production): read";
        assert_eq!(asked.header("subject"), subject);
        for part in [asked.text.clone(), asked.shown()] {
            assert!(part.contains("Ana Torres asks for access (AR-1001)"), "{part}");
            assert!(part.contains("INC-42: look into the failed payments"), "{part}");
            assert!(part.contains("You are asked because"), "{part}");
        }
        let page = format!("{PAGES}/requests/{id}");
        assert!(asked.text.contains(&page) && asked.html.contains(&page), "{}", asked.text);

        world.approves("ben", id, "").await;
        world.settle().await;

        let letters = office.letters_to("eva");
        let [first, second] = letters.as_slice() else { panic!("{letters:#?}") };
        assert!(second.text.contains("Already approved by Ben Okafor."), "{}", second.text);
        assert_eq!(second.header("subject"), subject);
        assert_ne!(second.header("message-id"), first.header("message-id"));
        for header in ["references", "in-reply-to"] {
            assert_eq!(second.header(header), first.header(header));
        }
        assert_eq!(office.letters().len(), 2);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_without_chat_goes_the_whole_way_by_mail() {
    let change = |options: &mut Options, _: &mut Email| options.has_no_chat = true;
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        let id = asks(&world, "payments").await;
        world.settle().await;
        assert_eq!(office.letters_to("ben").len(), 1);
        assert_eq!(office.letters_to("eva").len(), 1);
        world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        world.passes(HOUR - MINUTE * 10).await;
        world.passes(MINUTE * 10).await;
        assert_eq!(world.status(id).await, "Expired");

        let told = titles(&office.letters_to("ana"));
        assert_eq!(
            told,
            [
                "⏳ AR-1001 is Pending Approval",
                "✅ Your access is ready",
                "⏰ Your access ends soon",
                "⌛ AR-1001 is Expired",
            ]
        );
        let ready = &office.letters_to("ana")[1];
        assert!(ready.text.contains("How to connect:\nhttps://"), "{}", ready.text);
        let told = titles(&office.letters_to("eva"));
        assert_eq!(
            told,
            ["Ana Torres asks for access (AR-1001)", "AR-1001: Already approved by Ben Okafor."]
        );
        assert_eq!(office.letters_to("ben").len(), 1, "who decided knows");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_app_was_removed_people_are_reached_by_mail_at_once() {
    for code in ["token_revoked", "account_inactive", "invalid_auth"] {
        let (office, worlds) = with_mail(|_, _| {}).await;
        for world in worlds {
            office.forgets();
            world.opens_home("ben").await;
            let fault = Fault::Error(code.to_owned());
            let dead = world.slack.fault("*", Filter::default(), fault, u32::MAX);

            let id = asks(&world, "payments").await;
            world.drain().await;
            for person in ["ana", "ben", "eva"] {
                office.letter_to(person);
            }
            dead.release();
            world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
            world.settle().await;

            world.said_to("ana", id, "Your access is ready");
            assert_eq!(office.letters_to("ana").len(), 1, "chat is back, and never both");
            assert_eq!(office.letters_to("eva").len(), 1);
            world.said_to("eva", id, "Already approved by Ben Okafor.");
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_of_a_copy_that_chat_no_longer_takes_come_by_mail_and_the_copy_is_rewritten_later() {
    let (office, worlds) = with_mail(|_, _| {}).await;
    for world in worlds {
        office.forgets();
        let id = asks(&world, "payments").await;
        world.settle().await;
        assert!(world.ask_of("eva", id).text.contains("asks for access"));
        let revoked = Fault::Error("token_revoked".to_owned());
        let dead = world.slack.fault("*", Filter::default(), revoked, u32::MAX);

        world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
        world.settle().await;

        let told = titles(&office.letters_to("ana"));
        assert_eq!(told, ["✅ Your access is ready"], "nothing waits for the copy in chat");
        assert!(office.letter_to("eva").text.contains("Already approved by Ben Okafor."));
        assert_eq!(office.letters().len(), 2);
        dead.release();
        world.passes(MINUTE * 10).await;
        assert!(world.ask_of("eva", id).all_text().contains("Already approved by Ben Okafor."));
        assert_eq!(office.letters().len(), 2, "a copy that is brought up to date is no news");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_approver_of_five_is_gone_and_is_written_to_while_the_others_are_asked_in_chat() {
    let five = ["ben", "eva", "finn", "dev", "gus"];
    let change = |options: &mut Options, _: &mut Email| {
        let mut policy = usual();
        let gus = crate::world::policy::person("gus", "Gus Gone");
        policy.directory.people.insert("gus".into(), gus);
        policy.flows.insert(0, flow("five", "payments", stages(vec![any_of(&five)])));
        options.policy = policy;
        options.members =
            vec![hallpass::demo::slack::Member::new("U6", "gus", "Gus Gone", "gus@example.com")];
    };
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        let gone = Fault::Error("account_inactive".to_owned());
        world.slack.fault("chat.postMessage", Filter::user("U6"), gone, u32::MAX);

        let id = asks(&world, "payments").await;
        world.drain().await;

        for person in ["ben", "eva", "finn", "dev"] {
            world.ask_of(person, id);
        }
        office.letter_to("gus");
        assert_eq!(office.letters().len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chat_that_fails_for_too_long_is_given_up_for_mail_at_the_set_time_and_not_before() {
    let faults = [
        Fault::RateLimited { retry_after: Duration::from_secs(30) },
        Fault::RateLimited { retry_after: Duration::from_secs(3_600) },
        Fault::Http(503),
    ];
    for fault in faults {
        let (office, worlds) = with_mail(|_, _| {}).await;
        for world in worlds {
            office.forgets();
            let to_ben = Filter::user(&account("ben"));
            world.slack.fault("chat.postMessage", to_ben, fault.clone(), u32::MAX);
            let id = asks(&world, "payments").await;
            world.drain().await;
            world.ask_of("eva", id);

            for _ in 0..29 {
                world.clock.advance(TimeDelta::seconds(10));
                world.drain().await;
            }
            assert_eq!(office.letters().len(), 0, "{fault:?}");
            world.clock.advance(TimeDelta::seconds(11));
            world.drain().await;

            office.letter_to("ben");
            assert_eq!(office.letters().len(), 1, "{fault:?}");
            assert!(world.maybe_ask_of("ben", id).is_none());
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_ways_are_gone_only_where_that_is_wanted() {
    let (office, worlds) = with_mail(|_, email| email.beside_chat = true).await;
    for world in worlds {
        office.forgets();
        let id = asks(&world, "payments").await;
        world.settle().await;
        world.ask_of("ben", id);
        office.letter_to("ben");
        world.approves("ben", id, "").await;
        world.settle().await;

        world.said_to("ana", id, "Your access is ready");
        let ready = titles(&office.letters_to("ana"));
        assert_eq!(ready, ["⏳ AR-1001 is Pending Approval", "✅ Your access is ready"]);
        assert_eq!(office.letters_to("eva").len(), 2);
        assert_eq!(office.letters_to("ben").len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_put_off_or_lost_with_its_connection_is_sent_again_in_its_order() {
    let change = |options: &mut Options, _: &mut Email| options.has_no_chat = true;
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        office.fault("ana", MailFault::Says("451 4.3.0 <ana@example.com> later"), 3);
        office.fault("ana", MailFault::Drops, 2);
        asks(&world, "logs").await;
        world.drain().await;
        assert_eq!(office.letters_to("ana").len(), 0);
        for _ in 0..8 {
            world.passes(MINUTE).await;
        }

        let told = titles(&office.letters_to("ana"));
        // The request was given meanwhile: what was approved before is old news.
        assert_eq!(told, ["✅ Your access is ready"]);
        assert!(
            !world
                .query("SELECT COALESCE(error, '') FROM outbox")
                .await
                .concat()
                .concat()
                .contains('@')
        );
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_refused_for_good_is_told_to_the_admins_once() {
    let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
    for world in worlds {
        office.forgets();
        office.fault("eva", MailFault::Says("550 5.1.1 <eva@example.com> unknown"), usize::MAX);
        for what in ["payments", "invoices", "vault", "payments"] {
            asks(&world, what).await;
            world.settle().await;
        }

        let says = "Eva Lindgren is reached neither in chat nor by email";
        assert_eq!(heard(&world, "dev", says), 1);
        assert_eq!(office.letters().len(), 0);
        let aside = world.query("SELECT error FROM outbox WHERE is_dead").await;
        assert!(!aside.is_empty(), "they stay visible");
        assert!(aside.iter().all(|row| row[0].ends_with("550 5.1.1")), "{aside:?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_mail_somebody_who_is_not_in_chat_is_told_to_the_admins_once() {
    for mut world in worlds_with(Options { absent: vec!["eva"], ..Options::default() }).await {
        world.may_be_refused = true;
        for what in ["payments", "invoices"] {
            asks(&world, what).await;
            world.settle().await;
        }

        assert_eq!(heard(&world, "dev", "Eva Lindgren is reached neither in chat"), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_mail_server_loses_nothing_and_delays_nobody_in_chat() {
    let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
    for world in worlds {
        office.forgets();
        office.set_down(true);
        let id = asks(&world, "payments").await;
        world.drain().await;
        world.ask_of("ben", id);
        for _ in 0..30 {
            world.passes(MINUTE).await;
        }
        let later = asks(&world, "invoices").await;
        world.drain().await;
        world.ask_of("ben", later);
        assert_eq!(office.letters().len(), 0);
        assert_eq!(heard(&world, "dev", "The mail server has taken nothing"), 1);

        office.set_down(false);
        for _ in 0..6 {
            world.passes(MINUTE).await;
        }

        let mut told = titles(&office.letters_to("eva"));
        told.sort();
        assert_eq!(
            told,
            ["Ana Torres asks for access (AR-1001)", "Ana Torres asks for access (AR-1002)"]
        );
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_between_sending_and_noting_sends_the_same_letter_by_the_same_name() {
    let change = |options: &mut Options, _: &mut Email| options.absent = vec!["eva"];
    let (office, worlds) = with_mail(change).await;
    for mut world in worlds {
        office.forgets();
        let until = CancellationToken::new();
        office.fault("eva", MailFault::TakesInSilence(until.clone()), 1);
        asks(&world, "payments").await;
        drop(world.begin_draining());
        office.takes(1).await;

        world.crash().await;
        until.cancel();
        world.restart().await;
        world.clock.advance(hallpass::store::outbox::LEASE + TimeDelta::seconds(1));
        world.settle().await;

        let letters = office.letters_to("eva");
        let [first, again] = letters.as_slice() else { panic!("{letters:#?}") };
        assert_eq!(first.header("message-id"), again.header("message-id"));
        // Its link is good from the second try on.
        let without_link = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.contains("?k=")).map(str::to_owned).collect()
        };
        assert_eq!(without_link(&first.text), without_link(&again.text));
        world.ends().await;
    }
}
