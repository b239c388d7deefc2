//! A mail server of the story's own: it takes letters, and does as it is told with them.
//!
//! It speaks as much SMTP as a client needs and reads letters back as mail programs do, so that a
//! story sees what a person would.
use super::letter::Letter;
use chrono::TimeDelta;
use hallpass::config::{Email, MailTls, Sender};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// What the server does instead of taking a letter.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// Says this to the recipient's address.
    Says(&'static str),
    /// Closes the connection when it hears the address.
    Drops,
    /// Takes the letter and never says so: until it is released.
    TakesInSilence(CancellationToken),
}

/// A running mail server.
#[derive(Clone)]
pub(crate) struct PostOffice {
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    letters: Vec<Letter>,
    answers: Vec<(String, Answer, usize)>,
    is_closed: bool,
    greetings: usize,
}

impl PostOffice {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let office = Self { address: listener.local_addr().unwrap(), held: Arc::default() };
        let serving = office.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let office = serving.clone();
                tokio::spawn(async move { office.serve(stream).await });
            }
        });
        office
    }

    /// How a bot reaches it.
    pub(crate) fn settings(&self) -> Email {
        Email {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            tls: MailTls::None,
            login: None,
            from: Sender {
                name: Some("Hallpass".to_owned()),
                address: "access@example.com".to_owned(),
            },
            after: TimeDelta::minutes(5),
            beside_chat: false,
        }
    }

    /// Does this for the next `times` letters to somebody; `*` means anybody.
    pub(crate) fn answers(&self, person: &str, answer: Answer, times: usize) {
        self.held.lock().unwrap().answers.push((person.to_owned(), answer, times));
    }

    /// Lets nobody in any more, or again.
    pub(crate) fn closes(&self, is_closed: bool) {
        self.held.lock().unwrap().is_closed = is_closed;
    }

    /// How often somebody came in.
    pub(crate) fn greetings(&self) -> usize {
        self.held.lock().unwrap().greetings
    }

    /// Every letter that was taken.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.held.lock().unwrap().letters.clone()
    }

    /// The letters that somebody got.
    pub(crate) fn letters_to(&self, person: &str) -> Vec<Letter> {
        let address = format!("{person}@example.com");
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
        for _ in 0..2_000 {
            if self.letters().len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{} letters, not {count}", self.letters().len());
    }

    /// Forgets all letters and answers: the next world begins.
    pub(crate) fn forgets(&self) {
        *self.held.lock().unwrap() = Held::default();
    }

    fn answer_to(&self, address: &str) -> Option<Answer> {
        let mut held = self.held.lock().unwrap();
        let is_meant = |(person, _, left): &&mut (String, Answer, usize)| {
            *left > 0 && (person == "*" || address.starts_with(&format!("{person}@")))
        };
        let (_, answer, left) = held.answers.iter_mut().find(is_meant)?;
        *left -= 1;
        Some(answer.clone())
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        {
            let mut held = self.held.lock().unwrap();
            if held.is_closed {
                return None;
            }
            held.greetings += 1;
        }
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).split(b'\n');
        let mut says =
            async |text: &str| write.write_all(format!("{text}\r\n").as_bytes()).await.ok();
        says("220 post.example.com").await?;
        let (mut to, mut silence) = (String::new(), None);
        loop {
            let line = String::from_utf8(lines.next_segment().await.ok()??).ok()?;
            if self.held.lock().unwrap().is_closed {
                return None;
            }
            let (word, rest) = line.trim_end().split_at_checked(4).unwrap_or(("", ""));
            match word.to_ascii_uppercase().as_str() {
                "EHLO" => says("250-post.example.com\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
                "MAIL" | "RSET" | "NOOP" => says("250 fine").await?,
                "RCPT" => {
                    to = rest.split(['<', '>']).nth(1)?.to_owned();
                    match self.answer_to(&to) {
                        None => says("250 fine").await?,
                        Some(Answer::Says(text)) => says(text).await?,
                        Some(Answer::Drops) => return None,
                        Some(Answer::TakesInSilence(until)) => {
                            silence = Some(until);
                            says("250 fine").await?;
                        }
                    }
                }
                "DATA" => {
                    says("354 go on").await?;
                    let raw = body(&mut lines).await?;
                    self.held.lock().unwrap().letters.push(Letter::read(&to, &raw));
                    if let Some(until) = silence.take() {
                        until.cancelled().await;
                    }
                    says("250 taken").await?;
                }
                "QUIT" => {
                    says("221 bye").await?;
                    return None;
                }
                _ => says("500 what").await?,
            }
        }
    }
}

/// The letter up to the line with a dot alone.
async fn body(
    lines: &mut tokio::io::Split<BufReader<tokio::net::tcp::OwnedReadHalf>>,
) -> Option<String> {
    let mut raw = String::new();
    loop {
        let line = String::from_utf8(lines.next_segment().await.ok()??).ok()?;
        match line.trim_end_matches('\r') {
            "." => return Some(raw),
            line => {
                raw.push_str(line.strip_prefix('.').unwrap_or(line));
                raw.push('\n');
            }
        }
    }
}
