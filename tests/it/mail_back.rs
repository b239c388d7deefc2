//! Mail stands in for chat and never takes its place: what it holds goes in chat once that reaches
//! people again, and a letter that does not go out is blamed on whom it is about.
use crate::mail::{HOUR, asks, with_mail};
use crate::world::policy::{account, any_of, flow, stages, usual};
use crate::world::{Options, PostOffice, World, worlds_with};
use chrono::TimeDelta;
use hallpass::config::Email;
use hallpass::demo::mailbox::MailFault;
use hallpass::demo::slack::{Fault, Filter};
use hallpass::domain::decide::Verdict;
use hallpass::domain::policy::Policy;

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const YES: Verdict = Verdict::Approve { reason: None };
const DOWN: &str = "The mail server has taken nothing";
const UNREACHABLE: &str = "Eva Lindgren is reached neither in chat nor by email";

/// The usual policy in which payments take these, one after another.
fn approved_by(names: &[&[&str]]) -> Policy {
    let mut policy = usual();
    let all = names.iter().map(|names| any_of(names)).collect();
    policy.flows.insert(0, flow("payments", "payments", stages(all)));
    policy
}

/// How often a person's messages in Slack say this.
fn heard(world: &World, person: &str, text: &str) -> usize {
    world.told(person).iter().filter(|told| told.contains(text)).count()
}

async fn minutes(world: &World, count: usize) {
    for _ in 0..count {
        world.passes(MINUTE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_by_mail_goes_on_in_chat_with_its_next_news_and_begins_anew_there() {
    let change = |options: &mut Options, _: &mut Email| {
        options.policy = approved_by(&[&["ben"], &["eva"]]);
    };
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        let revoked = Fault::Error("token_revoked".to_owned());
        let dead = world.slack.fault("*", Filter::default(), revoked, u32::MAX);
        let id = asks(&world, "payments").await;
        world.settle().await;
        office.letter_to("ana");
        office.letter_to("ben");
        dead.release();

        world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
        world.settle().await;
        world.ask_of("eva", id);
        assert!(world.maybe_said_to("ana", id, "Pending Approval").is_none(), "she knows that");
        let no = Verdict::Reject { reason: "ask for less".to_owned() };
        world.app().decide(&"eva".into(), id, no, None).await.unwrap();
        world.settle().await;

        world.said_to("ana", id, "ask for less");
        assert_eq!(office.letters().len(), 2, "{:#?}", office.letters());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_living_message_of_somebody_who_is_back_in_chat_is_rewritten_there() {
    let (office, worlds) = with_mail(|_, _| {}).await;
    for world in worlds {
        office.forgets();
        let gone = Fault::Error("account_inactive".to_owned());
        let to_ana = Filter::user(&account("ana"));
        let gone = world.slack.fault("chat.postMessage", to_ana, gone, u32::MAX);
        let id = asks(&world, "payments").await;
        world.settle().await;
        assert!(office.letter_to("ana").text.contains("Pending Approval"));
        gone.release();

        world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
        world.settle().await;
        let living = world.said_to("ana", id, "The access is in place.");
        world.passes(HOUR).await;

        let messages = world.slack.dm(&account("ana"));
        let living = messages.iter().find(|message| message.ts == living.ts).unwrap();
        assert!(living.all_text().contains("Expired"), "{}", living.all_text());
        assert_eq!(office.letters_to("ana").len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_put_off_holds_up_nobody_whom_chat_reaches_again() {
    let (office, worlds) = with_mail(|_, _| {}).await;
    for world in worlds {
        office.forgets();
        for person in ["ana", "ben", "eva"] {
            office.fault(person, MailFault::Says("451 4.7.1 come back"), usize::MAX);
        }
        let revoked = Fault::Error("token_revoked".to_owned());
        let dead = world.slack.fault("*", Filter::default(), revoked, u32::MAX);
        let id = asks(&world, "payments").await;
        minutes(&world, 2).await;
        dead.release();
        minutes(&world, 5).await;

        world.ask_of("ben", id);
        world.said_to("ana", id, "Pending Approval");
        assert_eq!(office.letters().len(), 0);
        office.forgets();
        minutes(&world, 10).await;
        assert_eq!(office.letters().len(), 0, "what chat told is told");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_mail_server_is_down_what_waits_for_it_goes_in_chat_once_that_is_back() {
    let (office, worlds) = with_mail(|_, _| {}).await;
    for world in worlds {
        office.forgets();
        office.set_down(true);
        let revoked = Fault::Error("token_revoked".to_owned());
        let dead = world.slack.fault("*", Filter::default(), revoked, u32::MAX);
        let id = asks(&world, "payments").await;
        minutes(&world, 20).await;
        assert_eq!(world.told("ben").len(), 0);
        dead.release();
        minutes(&world, 6).await;

        world.ask_of("ben", id);
        world.said_to("ana", id, "Pending Approval");
        assert_eq!(heard(&world, "dev", DOWN), 1, "that word itself is no prisoner of the mail");
        office.set_down(false);
        minutes(&world, 6).await;
        assert_eq!(office.letters().len(), 0, "what chat told is told");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_email_is_taken_out_of_the_configuration_what_waits_goes_in_chat_or_is_alarmed() {
    let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
    for mut world in worlds {
        office.forgets();
        office.set_down(true);
        let revoked = Fault::Error("token_revoked".to_owned());
        let dead = world.slack.fault("*", Filter::default(), revoked, u32::MAX);
        let id = asks(&world, "payments").await;
        world.drain().await;
        world.stops().await;

        world.changes(|options| options.email = None);
        dead.release();
        world.restart().await;
        minutes(&world, 6).await;

        world.ask_of("ben", id);
        world.said_to("ana", id, "Pending Approval");
        assert_eq!(heard(&world, "dev", UNREACHABLE), 1);
        let waits = world.query("SELECT id FROM outbox WHERE lane = 'mail'").await;
        assert!(waits.is_empty(), "{waits:?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_about_one_reader_is_told_of_that_reader_and_mail_is_not_down() {
    let answers = ["501 5.5.4 what", "504 no", "521 not here", "541 no", "571 5.7.1 blocked"];
    for answer in answers {
        let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
        for world in worlds {
            office.forgets();
            office.fault("eva", MailFault::Says(answer), usize::MAX);
            asks(&world, "payments").await;
            minutes(&world, 20).await;

            assert_eq!(heard(&world, "dev", UNREACHABLE), 1, "{answer}");
            assert_eq!(heard(&world, "dev", DOWN), 0, "{answer}");
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_the_server_cannot_take_is_its_readers_and_a_domain_is_written_in_ascii() {
    for (address, arrives_at) in
        [("évå@example.com", None), ("eva@bücher.example", Some("eva@xn--bcher-kva.example"))]
    {
        let change = |options: &mut Options, _: &mut Email| {
            options.absent = vec!["eva"];
            let eva = options.policy.directory.people.get_mut(&"eva".into()).unwrap();
            eva.email = address.to_owned();
        };
        let (office, worlds) = with_mail(change).await;
        for world in worlds {
            office.forgets();
            office.takes_plain_addresses();
            asks(&world, "payments").await;
            minutes(&world, 20).await;

            let is_told = heard(&world, "dev", UNREACHABLE) == 1;
            assert_eq!(is_told, arrives_at.is_none(), "{address}");
            assert_eq!(heard(&world, "dev", DOWN), 0, "{address}");
            let to: Vec<String> = office.letters().into_iter().map(|letter| letter.to).collect();
            assert_eq!(to, Vec::from_iter(arrives_at), "{address}");
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_refuses_our_account_makes_nobody_unreachable() {
    for answer in ["530 5.7.0 log in", "535 5.7.8 no", "550 5.7.1 not your address", "553 no"] {
        let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
        for world in worlds {
            office.forgets();
            office.refuses_senders(Some(answer));
            asks(&world, "payments").await;
            minutes(&world, 20).await;

            assert_eq!(heard(&world, "dev", DOWN), 1, "{answer}");
            assert_eq!(heard(&world, "dev", UNREACHABLE), 0, "{answer}");
            office.refuses_senders(None);
            minutes(&world, 6).await;
            office.letter_to("eva");
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_passes_nothing_on_for_us_makes_nobody_unreachable() {
    for answer in ["554 5.7.1 <eva@example.com>: Relay access denied", "550 relay not permitted"] {
        let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
        for world in worlds {
            office.forgets();
            office.fault("eva", MailFault::Says(answer), usize::MAX);
            asks(&world, "payments").await;
            minutes(&world, 20).await;

            assert_eq!(heard(&world, "dev", DOWN), 1, "{answer}");
            assert_eq!(heard(&world, "dev", UNREACHABLE), 0, "{answer}");
            office.forgets();
            minutes(&world, 6).await;
            office.letter_to("eva");
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_mail_is_down_is_told_once_for_each_time_that_nothing_went_out_for_long() {
    let change = |options: &mut Options, _: &mut Email| {
        options.absent = vec!["eva", "finn"];
        options.policy = approved_by(&[&["eva", "finn"]]);
    };
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        office.set_down(true);
        asks(&world, "payments").await;
        minutes(&world, 13).await;
        assert_eq!(heard(&world, "dev", DOWN), 0);
        minutes(&world, 10).await;
        assert_eq!(heard(&world, "dev", DOWN), 1);
        office.fault("eva", MailFault::Drops, 3);
        office.set_down(false);
        minutes(&world, 20).await;
        office.letter_to("finn");
        office.letter_to("eva");
        assert_eq!(heard(&world, "dev", DOWN), 1, "mail went out: three lost lines are no outage");

        office.set_down(true);
        asks(&world, "payments").await;
        minutes(&world, 30).await;
        assert_eq!(heard(&world, "dev", DOWN), 2);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_that_fail_now_and_then_are_no_outage() {
    let (office, worlds) = with_mail(|options, _| options.absent = vec!["eva"]).await;
    for world in worlds {
        office.forgets();
        for _ in 0..3 {
            office.fault("eva", MailFault::Drops, 1);
            asks(&world, "payments").await;
            world.drain().await;
            // It is over without her before the letter is tried again.
            world.clock.advance(HOUR);
            world.settle().await;
        }

        assert_eq!(heard(&world, "dev", DOWN), 0);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_to_the_admins_is_mailed_once_however_often_chat_is_tried() {
    let change = |options: &mut Options, email: &mut Email| {
        options.absent = vec!["eva"];
        email.beside_chat = true;
        email.after = HOUR;
    };
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        office.fault("eva", MailFault::Says("550 5.1.1 unknown"), usize::MAX);
        let to_dev = Filter::user(&account("dev"));
        let down = world.slack.fault("chat.postMessage", to_dev, Fault::Http(503), u32::MAX);
        asks(&world, "payments").await;
        minutes(&world, 10).await;
        assert_eq!(heard(&world, "dev", UNREACHABLE), 0);
        down.release();
        minutes(&world, 6).await;

        assert_eq!(heard(&world, "dev", UNREACHABLE), 1);
        assert!(office.letter_to("dev").text.contains(UNREACHABLE));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_queued_anew_gives_chat_its_whole_time_again() {
    let office = PostOffice::open().await;
    let policy = approved_by(&[&["ben"], &["eva"]]);
    for mut world in worlds_with(Options { policy, ..Options::default() }).await {
        world.may_be_refused = true;
        office.forgets();
        let to_ana = || Filter::user(&account("ana"));
        let gone = Fault::Error("account_inactive".to_owned());
        let gone = world.slack.fault("chat.postMessage", to_ana(), gone, u32::MAX);
        let id = asks(&world, "payments").await;
        world.settle().await;
        let aside = world.query("SELECT id FROM outbox WHERE is_dead").await;
        assert_eq!(aside, [[format!("show:{}:status:person:ana", id.0)]]);
        world.passes(HOUR).await;
        world.stops().await;
        world.changes(|options| options.email = Some(office.settings()));
        gone.release();
        world.restart().await;

        world.slack.fault("chat.postMessage", to_ana(), Fault::Http(503), u32::MAX);
        world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
        minutes(&world, 4).await;
        assert_eq!(office.letters().len(), 0);
        minutes(&world, 2).await;

        assert!(office.letter_to("ana").text.contains("Pending Approval"));
        world.ends().await;
    }
}
