//! What every answer tells browsers, whoever gives it.
use super::{Limits, Server, post, signed, status};
use std::time::Duration;

#[tokio::test]
async fn every_answer_wears_careful_headers_whoever_gives_it() {
    let limits = Limits { request: Duration::from_millis(100), ..Limits::default() };
    let server = Server::new(limits).await;
    let plain = |method: &str, path: &str| {
        format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    };
    let chunked =
        "POST /slack/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n";
    let slow = "POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nx";
    let large = "POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 1048577\r\n\r\n";

    for (expected, request) in [
        ("200", plain("GET", "/healthz")),
        ("400", signed("/slack/events", "[]")),
        ("400", chunked.to_owned()),
        ("401", post("/slack/events", "", "x")),
        ("404", plain("GET", "/nowhere")),
        ("405", plain("GET", "/slack/events")),
        ("405", plain("TRACE", "/healthz")),
        ("408", slow.to_owned()),
        ("413", large.to_owned()),
        ("500", plain("GET", "/broken")),
        ("503", signed("/slack/commands", "text=wait")),
    ] {
        let answer = server.send(request).await;
        assert_eq!(status(&answer), expected, "{answer}");
        for header in [
            "x-content-type-options: nosniff",
            "x-frame-options: DENY",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "strict-transport-security: max-age=31536000",
            "cross-origin-opener-policy: same-origin",
            "content-security-policy: default-src 'none'; form-action 'none'; base-uri 'none'; \
             frame-ancestors 'none'",
        ] {
            let count = answer.lines().filter(|line| *line == header).count();
            assert_eq!(count, 1, "{header}: {answer}");
        }
        assert!(!answer.contains("server:"), "{answer}");
    }
}
