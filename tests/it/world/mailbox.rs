//! Where codes are mailed to.
use super::browser::Browser;
use super::{SOON, World};
use futures_util::future::BoxFuture;
use hallpass::chat::SendError;
use hallpass::chat::code_mail::{CodeLetter, CodeMail};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Everybody's mailbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mailbox {
    letters: Arc<Mutex<Vec<CodeLetter>>>,
    /// Whether whoever brings letters waits at the door.
    is_closed: watch::Sender<bool>,
}

impl CodeMail for Mailbox {
    fn send_code<'a>(&'a self, letter: &'a CodeLetter) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async {
            let mut closed = self.is_closed.subscribe();
            closed.wait_for(|is_closed| !is_closed).await.unwrap();
            self.letters.lock().unwrap().push(letter.clone());
            Ok(())
        })
    }
}

impl Mailbox {
    /// Lets every letter wait, as a server does that hangs; or lets them in again.
    pub(crate) fn hangs(&self, hangs: bool) {
        self.is_closed.send_replace(hangs);
    }

    /// Every letter that came.
    pub(crate) fn letters(&self) -> Vec<CodeLetter> {
        self.letters.lock().unwrap().clone()
    }

    /// Waits for so many letters, and for the last of them.
    pub(crate) async fn holds(&self, count: usize) -> CodeLetter {
        let until = Instant::now() + SOON;
        loop {
            let letters = self.letters();
            if letters.len() >= count {
                return letters[count - 1].clone();
            }
            assert!(Instant::now() < until, "{} letters, not {count}", letters.len());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl World {
    /// A browser that nobody is signed in with.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.urls()[0])
    }

    /// Signs somebody in with a mailed code, as they would do it.
    pub(crate) async fn signs_in(&self, person: &str) -> Browser {
        let mut browser = self.browser();
        let count = self.mailbox.letters().len();
        let page = browser.opens("/sign-in").await;
        let address = format!("{person}@example.com");
        let asked = browser.sends(&page, "/sign-in", &[("address", &address)]).await;
        let letter = self.mailbox.holds(count + 1).await;
        assert_eq!(letter.to, address);
        let home = browser.sends(&asked, "/sign-in/code", &[("code", &letter.code)]).await;
        assert_eq!(home.status, 200, "{}", home.text());
        assert!(home.text().contains("Good to see you"), "{}", home.text());
        browser
    }
}
