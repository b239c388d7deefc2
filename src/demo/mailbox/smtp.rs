//! As much SMTP as a client needs to hand a letter over.
use super::{Letter, MailFault, Mailbox};
use std::io;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

const NAME: &str = "mailbox.localhost";
/// Longest letter, in bytes; ours are a hundredth of it.
const LONGEST: usize = 1024 * 1024;

struct Conversation {
    lines: Lines<BufReader<OwnedReadHalf>>,
    write: OwnedWriteHalf,
}

/// Serves one connection to its end.
pub(super) async fn converse(mailbox: &Mailbox, stream: TcpStream) -> io::Result<()> {
    if mailbox.is_down() {
        return Ok(());
    }
    let (read, write) = stream.into_split();
    let mut with = Conversation { lines: BufReader::new(read).lines(), write };
    with.say(&format!("220 {NAME}")).await?;
    let (mut to, mut silence) = (String::new(), None);
    while let Some(line) = with.lines.next_line().await? {
        if mailbox.is_down() {
            return Ok(());
        }
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => {
                let last = if mailbox.is_plain() {
                    "250 8BITMIME"
                } else {
                    "250-8BITMIME\r\n250 SMTPUTF8"
                };
                with.say(&format!("250-{NAME}\r\n{last}")).await?;
            }
            "MAIL" => with.say(mailbox.refused_sender().unwrap_or("250 fine")).await?,
            "HELO" | "RSET" | "NOOP" => with.say("250 fine").await?,
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                match mailbox.strike(&to) {
                    Some(MailFault::Drops) => return Ok(()),
                    Some(MailFault::Says(words)) => with.say(words).await?,
                    Some(MailFault::TakesInSilence(until)) => {
                        silence = Some(until);
                        with.say("250 fine").await?;
                    }
                    None => with.say("250 fine").await?,
                }
            }
            "DATA" => {
                with.say("354 go on").await?;
                let Some(raw) = with.letter().await? else { return Ok(()) };
                match Letter::read(&to, &raw) {
                    Some(letter) => mailbox.keep(letter),
                    None => return with.say("554 this is no letter").await,
                }
                if let Some(until) = silence.take() {
                    until.cancelled().await;
                }
                with.say("250 taken").await?;
            }
            "QUIT" => return with.say("221 bye").await,
            _ => with.say("500 not understood").await?,
        }
    }
    Ok(())
}

impl Conversation {
    async fn say(&mut self, words: &str) -> io::Result<()> {
        self.write.write_all(format!("{words}\r\n").as_bytes()).await
    }

    /// The lines up to a dot alone; `None` where they are too many, or the connection ends.
    async fn letter(&mut self) -> io::Result<Option<String>> {
        let mut raw = String::new();
        while let Some(line) = self.lines.next_line().await? {
            if line == "." {
                return Ok(Some(raw));
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            raw.push('\n');
            if raw.len() > LONGEST {
                return Ok(None);
            }
        }
        Ok(None)
    }
}
