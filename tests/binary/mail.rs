//! Mail servers as the process meets them: one that lets nobody in and repeats the password it was
//! given, and a real one that insists on encryption.
use crate::world::{Kind, World, room};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;

/// A server that refuses everybody: its port, and how often it refused somebody.
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

/// A real mail server (`tests/real_post.py`) that insists on encryption and on an account, and the
/// certificate of who vouches for it; `None` where aiosmtpd or openssl is not installed.
struct Strict {
    port: u16,
    authority: PathBuf,
    letters: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Strict {
    async fn start(home: &Path) -> Option<Self> {
        let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tools/python/bin/python");
        let has_aiosmtpd = Command::new(&python).args(["-c", "import aiosmtpd"]).status().await;
        if !has_aiosmtpd.is_ok_and(|status| status.success()) || !certify(home).await {
            crate::skipped::skipped("aiosmtpd (scripts/test installs it) or openssl");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_post.py");
        let mut process = Command::new(&python)
            .arg(script)
            .args([home.join("cert.pem"), home.join("key.pem")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut letters = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = letters.next_line().await.unwrap().unwrap().parse().unwrap();
        Some(Self { port, authority: home.join("authority.pem"), letters, _process: process })
    }

    /// Has the bot send its mail there, everything that it says.
    fn configure(&self, world: &mut World) {
        let email = format!(
            "[email]\nserver = \"localhost:{}\"\n\
             user = \"hallpass\"\nfrom = \"access@example.com\"\nbeside_chat = true\n[slack]\n",
            self.port
        );
        world.installation.edit("hallpass.toml", "[slack]\n", &email);
        let environment = &mut world.installation.environment;
        environment.insert("HALLPASS_EMAIL_PASSWORD".to_owned(), "open sesame".to_owned());
    }
}

/// Makes an authority, and the certificate that it gives to `localhost`.
async fn certify(home: &Path) -> bool {
    const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    let script = format!(
        "set -e
        openssl req -x509 {KEY} -keyout authority.key -out authority.pem -subj /CN=authority -days 2
        openssl req {KEY} -keyout key.pem -out request.pem -subj /CN=localhost
        printf 'subjectAltName=DNS:localhost\\nbasicConstraints=CA:FALSE\\n' >extensions
        openssl x509 -req -in request.pem -CA authority.pem -CAkey authority.key -CAcreateserial \
            -out cert.pem -days 2 -extfile extensions"
    );
    let made = Command::new("sh").args(["-c", &script]).current_dir(home).output().await;
    made.is_ok_and(|made| made.status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_go_encrypted_to_the_account_at_a_server_that_somebody_vouches_for() {
    let home = tempfile::tempdir().unwrap();
    let Some(mut server) = Strict::start(home.path()).await else { return };
    let mut world = World::make(&Kind::Sqlite).await;
    server.configure(&mut world);
    let authority = server.authority.display().to_string();
    world.installation.environment.insert("SSL_CERT_FILE".to_owned(), authority);
    world.start_bot().await;

    world.ask(&[room("h0", 0)], "1h").await;

    let letter = tokio::time::timeout(Duration::from_secs(30), server.letters.next_line()).await;
    let letter: Value = serde_json::from_str(&letter.unwrap().unwrap().unwrap()).unwrap();
    assert_eq!(letter["encrypted"], true);
    assert_eq!(letter["account"], "hallpass:open sesame");
    assert_eq!(letter["to"], serde_json::json!(["ana@example.com"]));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_to_a_mail_server_that_nobody_vouches_for() {
    let home = tempfile::tempdir().unwrap();
    let Some(mut server) = Strict::start(home.path()).await else { return };
    let mut world = World::make(&Kind::Sqlite).await;
    server.configure(&mut world);
    world.start_bot().await;

    world.ask(&[room("h0", 0)], "1h").await;
    let mut log = String::new();
    for _ in 0..300 {
        log = world.bot().log();
        if log.contains("a mail did not go out") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    assert!(log.contains("a mail did not go out"), "{log}");
    assert!(!log.contains("open sesame"), "{log}");
    world.close().await;
    // The server ends, and with it what it could have said.
    drop(server._process);
    assert_eq!(server.letters.next_line().await.unwrap(), None);
}
