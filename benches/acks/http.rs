//! As much HTTP/1.1 as both ends of a benchmark need: whole messages with a length, kept alive.
use super::Outcome;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection, kept between messages.
pub(super) struct Connection {
    reader: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(super) fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        Self::over(stream)
    }

    /// Speaks over a stream that is there.
    pub(super) fn over(stream: TcpStream) -> Outcome<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { reader: BufReader::new(stream), body: Vec::new() })
    }

    /// Sends a request and reads its answer: the status and the body.
    pub(super) fn ask(&mut self, request: &[u8]) -> Outcome<(u16, &[u8])> {
        self.reader.get_ref().set_read_timeout(Some(PATIENCE))?;
        self.reader.get_mut().write_all(request)?;
        let first = self.read()?.ok_or("the connection was closed")?;
        let status = first.split(' ').nth(1).ok_or("no status")?.parse()?;
        Ok((status, &self.body))
    }

    /// The next message: its first line; its body is kept. `None` when the other side is done.
    pub(super) fn read(&mut self) -> Outcome<Option<String>> {
        let mut first = String::new();
        if self.reader.read_line(&mut first)? == 0 {
            return Ok(None);
        }
        let (mut length, mut is_chunked, mut line) = (0, false, String::new());
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
            is_chunked |= name.eq_ignore_ascii_case("transfer-encoding");
        }
        self.body.clear();
        if is_chunked {
            self.read_chunks()?;
        } else {
            self.read_more(length)?;
        }
        Ok(Some(first))
    }

    fn read_more(&mut self, length: u64) -> Outcome<()> {
        let read = self.reader.by_ref().take(length).read_to_end(&mut self.body)?;
        if u64::try_from(read)? == length { Ok(()) } else { Err("a body was cut".into()) }
    }

    fn read_chunks(&mut self) -> Outcome<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            let length = u64::from_str_radix(line.trim(), 16)?;
            self.read_more(length)?;
            line.clear();
            self.reader.read_line(&mut line)?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The body of the last message.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Answers the message that was read.
    pub(super) fn answer(&mut self, body: &str) -> Outcome<()> {
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(self.reader.get_mut().write_all(answer.as_bytes())?)
    }
}
