//! A company's sign-in as the process meets one that fails: it lets nobody in, and says again what it
//! was told, the secret with it.
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A sign-in that refuses every code.
pub(crate) struct Refusing {
    pub(crate) issuer: String,
    /// Whether it was given the secret and refused it.
    pub(crate) refused: watch::Receiver<bool>,
}

impl Refusing {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (was, refused) = watch::channel(false);
        let own = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, own.clone(), was.clone()));
            }
        });
        Self { issuer, refused }
    }
}

async fn answer(mut stream: TcpStream, issuer: String, was: watch::Sender<bool>) {
    let mut asked = Vec::new();
    let mut piece = [0; 4096];
    // A form comes whole once its last field is there.
    while !asked.starts_with(b"GET") && !has(&asked, b"code_verifier=") || asked.is_empty() {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(read) => asked.extend_from_slice(&piece[..read]),
        }
    }
    let (status, body) = if asked.starts_with(b"GET /.well-known") {
        let at = |path: &str| format!("{issuer}{path}");
        let addresses = serde_json::json!({
            "issuer": issuer, "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"), "jwks_uri": at("/keys"),
        });
        ("200 OK", addresses.to_string())
    } else {
        assert!(has(&asked, b"canary-of-the-sign-in"));
        was.send_replace(true);
        ("401 Unauthorized", String::from_utf8(asked).unwrap())
    };
    let head =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes()).await;
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Begins to sign in at a bot, and comes back with a code.
pub(crate) async fn comes_back(bot: &str) {
    let begun = asks(bot, "/sign-in/provider?next=/", "").await;
    let cookie = between(&begun, "set-cookie: ", ";");
    let state = between(&begun, "&state=", "&");
    let path = format!("/sign-in/provider/back?code=canary&state={state}");
    let back = asks(bot, &path, &format!("cookie: {cookie}\r\n")).await;
    assert!(back.starts_with("HTTP/1.1 502"), "{back}");
}

async fn asks(bot: &str, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(bot).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}")).1;
    rest.split(after).next().unwrap()
}
