//! The app is taken out of its workspace, or its token is: `/readyz` says so.
use crate::world::worlds;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Status and body.
async fn readyz(url: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    let asks = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(asks).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_uninstalled_app_and_a_revoked_token_turn_readiness_red() {
    let gone = json!({"type": "app_uninstalled"});
    let revoked = json!({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}});
    for (event, word) in [(gone, "uninstalled"), (revoked, "revoked")] {
        for world in worlds().await {
            let url = world.urls()[0].clone();
            while readyz(&url).await.0 != 200 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            // A person's own token is none of the app's.
            let theirs = json!({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}});
            assert!(world.slack.event(theirs).await.is_ok());
            assert_eq!(readyz(&url).await.0, 200);

            assert!(world.slack.event(event.clone()).await.is_ok());

            let (status, said) = readyz(&url).await;
            assert_eq!(status, 503);
            assert!(said.contains("slack app") && said.contains(word), "{said}");
            world.ends().await;
        }
    }
}
