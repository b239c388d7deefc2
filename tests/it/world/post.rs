//! The local mail server, in the words of stories.
use super::SOON;
use chrono::TimeDelta;
use hallpass::config::{Email, MailTls, Sender};
use hallpass::demo::mailbox::{Letter, MailFault, Mailbox};

/// A running mail server.
pub(crate) struct PostOffice(Mailbox);

impl PostOffice {
    pub(crate) async fn open() -> Self {
        Self(Mailbox::start().await.unwrap())
    }

    /// How a bot reaches it.
    pub(crate) fn settings(&self) -> Email {
        let address = self.0.address();
        let from =
            Sender { name: Some("Hallpass".to_owned()), address: "access@example.com".to_owned() };
        Email {
            host: address.ip().to_string(),
            port: address.port(),
            tls: MailTls::None,
            login: None,
            from,
            after: TimeDelta::minutes(5),
            beside_chat: false,
        }
    }

    /// Makes the next `times` letters to somebody go wrong.
    pub(crate) fn fault(&self, person: &str, fault: MailFault, times: usize) {
        self.0.fault(Some(&address(person)), fault, times);
    }

    /// Lets nobody in any more, or again.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.0.set_down(is_down);
    }

    /// Says this to every sender from now on, or takes them all again.
    pub(crate) fn refuses_senders(&self, words: Option<&'static str>) {
        self.0.refuse_senders(words);
    }

    /// Takes no address beyond ASCII any more.
    pub(crate) fn takes_plain_addresses(&self) {
        self.0.set_plain(true);
    }

    /// Every letter that was taken.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.0.letters()
    }

    /// The letters that somebody got.
    pub(crate) fn letters_to(&self, person: &str) -> Vec<Letter> {
        let address = address(person);
        self.letters().into_iter().filter(|letter| letter.to == address).collect()
    }

    /// The one letter that somebody got.
    pub(crate) fn letter_to(&self, person: &str) -> Letter {
        let mut letters = self.letters_to(person);
        assert_eq!(letters.len(), 1, "letters to {person}: {letters:#?}");
        letters.remove(0)
    }

    /// Waits until so many letters were taken.
    pub(crate) async fn takes(&self, count: usize) {
        let has_taken = self.0.takes(count, SOON).await;
        assert!(has_taken, "{} letters, not {count}", self.letters().len());
    }

    /// Forgets all letters and faults: the next world begins.
    pub(crate) fn forgets(&self) {
        self.0.clear();
    }
}

fn address(person: &str) -> String {
    format!("{person}@example.com")
}
