//! Whom Teams does not reach is reached by email, and in Teams again once it does.
use crate::mail::{asks, with_mail};
use crate::world::teams::mri;
use crate::world::teams_people::{teams_alone, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_removed_the_app_or_blocked_it_in_teams_is_asked_by_mail_and_the_others_there() {
    let (office, worlds) = with_mail(|options, _| *options = teams_alone()).await;
    for world in worlds {
        office.forgets();
        let teams = world.teams();
        for person in ["ana", "ben", "eva"] {
            teams.installs(&mri(person)).await;
        }
        world.reads("eva", "Eva Lindgren").await;
        teams.uninstalls(&mri("eva")).await;
        world.settle().await;

        let removed = asks(&world, "payments").await;
        world.reads("ben", &removed.to_string()).await;

        assert_eq!(office.letters_to("eva").len(), 1);
        assert!(office.letter_to("eva").text.contains(&removed.to_string()));
        assert!(office.letters_to("ben").is_empty());

        teams.installs(&mri("eva")).await;
        teams.arrange(|state| state.blocked.insert(mri("eva")));
        let blocked = asks(&world, "invoices").await;
        world.settle().await;

        assert_eq!(office.letters_to("eva").len(), 2);
        let chat = teams.chat(&mri("eva"));
        assert!(!chat.iter().any(|one| text(&one.activity).contains(&blocked.to_string())));

        teams.arrange(|state| state.blocked.remove(&mri("eva")));
        let again = asks(&world, "invoices").await;
        world.reads("eva", &again.to_string()).await;

        assert_eq!(office.letters_to("eva").len(), 2, "never both");
        world.ends().await;
    }
}
