//! Who cannot be written to in Teams, or not yet: the admins hear of it once, and whoever is there again
//! finds what waits for them without looking for it.
use crate::mail::{asks, with_mail};
use crate::world::policy::account;
use crate::world::teams::{mri, object_id};
use crate::world::teams_people::{buttons, teams_alone, text};
use crate::world::{SOON, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Fault as SlackFault, Filter};
use hallpass::demo::teams::{Call, Fault, Kind};
use hallpass::domain::decide::Verdict;
use hallpass::domain::id::RequestId;

const YES: Verdict = Verdict::Approve { reason: None };
const AWAY: &str = "takes no messages for Eva Lindgren";
const NOWHERE: &str = "Eva Lindgren is reached neither in chat nor by email";

/// How many messages in somebody's chat say this.
fn count(world: &World, person: &str, words: &str) -> usize {
    let chat = world.teams().chat(&mri(person));
    chat.iter().filter(|message| text(&message.activity).contains(words)).count()
}

/// How many questions about a request stand in Eva's chat with buttons.
fn questions(world: &World, id: RequestId) -> usize {
    let chat = world.teams().chat(&mri("eva"));
    // The overview lists what waits with such buttons as well, as it stood then.
    let is_it = |message: &&hallpass::demo::teams::Message| {
        let said = text(&message.activity);
        said.contains(&id.to_string())
            && said.contains("You are asked")
            && buttons(&message.activity).contains(&"Approve".to_owned())
    };
    chat.iter().filter(is_it).count()
}

/// These have the app, and were greeted.
async fn installed(world: &World, people: &[(&str, &str)]) {
    for (person, name) in people {
        world.teams().installs(&mri(person)).await;
        world.reads(person, name).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn admins_hear_once_of_each_time_that_somebody_blocks_us_and_who_is_back_is_asked_there() {
    let (office, worlds) = with_mail(|options, _| *options = teams_alone()).await;
    for mut world in worlds {
        office.forgets();
        installed(&world, &[("dev", "Dev"), ("eva", "Eva Lindgren")]).await;
        world.teams().arrange(|state| state.blocked.insert(mri("eva")));
        let first = asks(&world, "payments").await;
        world.settle().await;
        let second = asks(&world, "invoices").await;
        world.settle().await;
        world.stops().await;
        world.restart().await;
        let third = asks(&world, "payments").await;
        world.settle().await;
        assert_eq!(office.letters_to("eva").len(), 3);
        assert_eq!(count(&world, "dev", AWAY), 1, "once, whatever is said and whoever says it");

        world.teams().arrange(|state| state.blocked.remove(&mri("eva")));
        world.app().decide(&"ben".into(), second, YES, None).await.unwrap();
        world.settle().await;
        let letters = office.letters_to("eva").len();
        world.teams().say(&mri("eva"), "hi").await;
        for id in [first, third] {
            world.reads("eva", &id.to_string()).await;
            assert_eq!(questions(&world, id), 1);
        }
        assert_eq!(questions(&world, second), 0, "it waits for nobody");
        assert_eq!(office.letters_to("eva").len(), letters, "a reminder in chat is no mail");
        assert_eq!(count(&world, "dev", NOWHERE), 0);

        world.app().decide(&"eva".into(), first, YES, None).await.unwrap();
        world.settle().await;
        assert_eq!(questions(&world, first), 0, "the reminder is rewritten as any other copy");
        world.teams().arrange(|state| state.blocked.insert(mri("eva")));
        asks(&world, "invoices").await;
        world.settle().await;
        assert_eq!(count(&world, "dev", AWAY), 2, "that is another time");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_installs_the_app_later_finds_there_what_waits_for_them_without_any_mail() {
    for world in worlds_with(teams_alone()).await {
        installed(&world, &[("dev", "Dev")]).await;
        let open = asks(&world, "payments").await;
        let over = asks(&world, "invoices").await;
        world.settle().await;
        world.app().cancel(&"ana".into(), over, String::new(), None).await.unwrap();
        world.settle().await;
        assert_eq!(count(&world, "dev", NOWHERE), 1);

        installed(&world, &[("eva", "Eva Lindgren"), ("ana", "Ana Torres")]).await;
        world.reads("eva", &open.to_string()).await;
        world.reads("ana", "Pending Approval").await;

        assert_eq!((questions(&world, open), questions(&world, over)), (1, 0));
        world.teams().installs(&mri("eva")).await;
        world.teams().say(&mri("eva"), "hello").await;
        world.settle().await;
        assert_eq!(questions(&world, open), 1, "not twice");
        world.app().decide(&"eva".into(), open, YES, None).await.unwrap();
        world.reads("ana", "Active").await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_asked_by_mail_and_installs_the_app_is_reminded_there_once() {
    let (office, worlds) = with_mail(|options, _| *options = teams_alone()).await;
    for world in worlds {
        office.forgets();
        let id = asks(&world, "payments").await;
        world.settle().await;
        office.letter_to("eva");
        office.letter_to("ana");
        assert_eq!(office.letters_to("dev").len(), 0, "who never had the app is no alarm");

        installed(&world, &[("eva", "Eva Lindgren"), ("ana", "Ana Torres")]).await;
        world.reads("eva", &id.to_string()).await;
        world.reads("ana", "Pending Approval").await;
        assert_eq!(questions(&world, id), 1);
        world.app().decide(&"ben".into(), id, YES, None).await.unwrap();
        world.settle().await;

        assert_eq!(questions(&world, id), 0);
        world.reads("ana", "Your access is ready").await;
        office.letter_to("eva");
        office.letter_to("ana");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_one_platform_refuses_is_written_to_on_the_other_before_mail() {
    let (office, worlds) = with_mail(|options, _| options.has_teams = true).await;
    for world in worlds {
        office.forgets();
        let first = asks(&world, "payments").await;
        world.settle().await;
        world.ask_of("eva", first);
        installed(&world, &[("eva", "Eva Lindgren")]).await;
        let gone = SlackFault::Error("account_inactive".to_owned());
        world.slack.fault("chat.postMessage", Filter::user(&account("eva")), gone, u32::MAX);

        let second = asks(&world, "invoices").await;
        world.reads("eva", &second.to_string()).await;

        assert_eq!(questions(&world, second), 1);
        assert_eq!(office.letters_to("eva").len(), 0);
        let told = world.told("dev");
        assert_eq!(told.iter().filter(|told| told.contains(AWAY)).count(), 1, "{told:#?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_while_a_message_is_refused_is_not_taken_for_away() {
    let (office, worlds) = with_mail(|options, _| *options = teams_alone()).await;
    for world in worlds {
        office.forgets();
        installed(&world, &[("eva", "Eva Lindgren"), ("dev", "Dev")]).await;
        let teams = world.teams();
        teams.uninstalls(&mri("eva")).await;
        let hers = object_id("eva");
        let held = teams.fault(Kind::Create, Some(&hers), Fault::HoldAfter, 1);
        let id = asks(&world, "payments").await;
        let draining = world.begin_draining();
        let is_refused = |call: &Call| call.kind == Kind::Create && call.conversation == hers;
        let until = std::time::Instant::now() + SOON;
        while !teams.calls().iter().any(is_refused) {
            assert!(std::time::Instant::now() < until, "she was never written to");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }

        world.clock.advance(TimeDelta::seconds(1));
        let greetings = teams.chat(&mri("eva")).len();
        teams.installs(&mri("eva")).await;
        while teams.chat(&mri("eva")).len() == greetings {
            assert!(std::time::Instant::now() < until, "she was never greeted");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        held.release();
        draining.await.unwrap();
        world.reads("eva", &id.to_string()).await;

        assert_eq!(questions(&world, id), 1);
        assert_eq!((office.letters_to("eva").len(), count(&world, "dev", AWAY)), (0, 0));
        world.ends().await;
    }
}
