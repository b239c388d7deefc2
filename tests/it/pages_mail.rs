//! From a letter to the decision, by somebody whom no chat reaches: the link, the code in another
//! letter, the page (R39, V20).
use crate::mail::{asks, with_mail};
use crate::world::browser::PUBLIC_URL;

/// The path of the link in a letter's text.
fn path_in(text: &str) -> &str {
    let rest = text.split_once(PUBLIC_URL).unwrap().1;
    rest.split_whitespace().next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_any_chat_decides_from_their_mail() {
    let (office, worlds) = with_mail(|options, _| options.has_no_chat = true).await;
    for world in worlds {
        office.forgets();
        let id = asks(&world, "payments").await;
        world.settle().await;
        let (asked, before) = (office.letter_to("ben"), office.letters().len());
        let mut browser = world.browser();

        let page = browser.opens(path_in(&asked.text)).await;
        assert!(page.text().contains("b•••@example.com"), "{}", page.text());
        let enter = browser.sends(&page, "/sign-in", &[]).await;
        office.takes(before + 1).await;
        let letter = office.letters_to("ben").pop().unwrap();
        let words = letter.text.split_whitespace();
        let is_code = |word: &&str| word.len() == 6 && word.chars().all(|c| c.is_ascii_digit());
        let code = words.into_iter().find(is_code).unwrap().to_owned();
        let request = browser.sends(&enter, "/sign-in/code", &[("code", &code)]).await;
        let done = browser.sends(&request, "/decide", &[("verdict", "approve")]).await;

        assert!(done.text().contains("You approved it."), "{}", done.text());
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        assert_eq!(world.record(id).await.decisions[0].by, "ben".into());
        world.ends().await;
    }
}
