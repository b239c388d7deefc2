//! A mail server that lets nobody in and repeats the password it was given.
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The server: its port, and how often it refused somebody.
pub(crate) struct Refusing {
    pub(crate) port: u16,
    pub(crate) refused: watch::Receiver<usize>,
}

impl Refusing {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (count, refused) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(refuse(stream, count.clone()));
            }
        });
        Self { port, refused }
    }
}

async fn refuse(stream: TcpStream, count: watch::Sender<usize>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 post.example.com\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer = match line.get(..4) {
            Some("EHLO") => "250-post.example.com\r\n250 AUTH PLAIN".to_owned(),
            Some("AUTH") => {
                count.send_modify(|count| *count += 1);
                format!("535 5.7.8 {line} is not right")
            }
            _ => "250 fine".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
