//! A provider that hangs, at each step.
use super::*;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PATIENCE: Duration = Duration::from_millis(300);
const BEGUN: Begun<'_> = Begun { state: "s", nonce: "n", verifier: "v" };

fn settings(issuer: String) -> ProviderSettings {
    ProviderSettings {
        issuer,
        client_id: "hallpass".to_owned(),
        client_secret: "canary".into(),
        returns_to: "https://access.example.com/back".to_owned(),
        trusts_addresses: false,
        patience: PATIENCE,
    }
}

/// A provider that tells its addresses after a while, where it does, and nothing else ever.
async fn hanging(tells: Option<Duration>) -> Provider {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let document = serde_json::json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
    });
    let document = document.to_string();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{document}", document.len());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 64];
            let _ = stream.read(&mut asked).await;
            if let Some(while_) = tells.filter(|_| asked.starts_with(b"GET /.well-known")) {
                tokio::time::sleep(while_).await;
                stream.write_all(answer.as_bytes()).await.unwrap();
                // The next step comes over a connection of its own.
                stream.shutdown().await.unwrap();
            }
            kept.push(stream);
        }
    });
    Provider::new(settings(issuer)).unwrap()
}

#[tokio::test]
async fn a_step_with_a_provider_that_hangs_ends_in_one_time_for_all_that_is_asked() {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let (silent, half) = (hanging(None).await, hanging(Some(PATIENCE / 2)).await);

    let started = Instant::now();
    assert!(matches!(silent.begin(BEGUN).await, Err(NoSignIn::Slow)));
    assert!(matches!(half.finish("code", BEGUN, now).await, Err(NoSignIn::Slow)));

    // Not a time for the addresses and another for the token.
    assert!(started.elapsed() < PATIENCE * 3, "{:?}", started.elapsed());
}

#[tokio::test]
async fn so_many_wait_for_it_and_no_more() {
    let silent = Arc::new(hanging(None).await);
    let asking = |_| {
        let silent = Arc::clone(&silent);
        tokio::spawn(async move { silent.begin(BEGUN).await })
    };
    let asked: Vec<_> = (0..WAITING + 5).map(asking).collect();

    let mut crowded = 0;
    for one in asked {
        crowded += usize::from(matches!(one.await.unwrap(), Err(NoSignIn::Crowded)));
    }

    assert_eq!(crowded, 5);
    assert!(matches!(silent.begin(BEGUN).await, Err(NoSignIn::Slow)), "there is room again");
}

#[test]
fn the_secret_is_not_shown() {
    let shown = format!("{:?}", settings("https://login.example.com".to_owned()));

    assert!(shown.contains("hallpass") && !shown.contains("canary"), "{shown}");
}
