//! The local mailbox: letters as a person would look at them.
use crate::world::{Options, PostOffice, worlds_with};
use chrono::TimeDelta;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// What the page answers, headers included.
async fn get(office: &PostOffice, path: &str) -> String {
    let url = office.page_url();
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mailbox_shows_a_letter_in_a_frame_that_runs_nothing_with_its_text_beside_it() {
    let office = PostOffice::open().await;
    let email = Some(office.settings());
    let options = Options { email, has_no_chat: true, ..Options::default() };
    for world in worlds_with(options).await {
        office.forgets();
        assert!(get(&office, "/").await.contains("No letters yet."));
        world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await;
        world.settle().await;

        let list = get(&office, "/?of=eva%40example.com").await;
        assert_eq!(list.matches("<li>").count(), 1, "{list}");
        assert!(list.contains("Ana Torres asks for access (AR-1001)"), "{list}");
        let of_eva = office.letters().iter().position(|it| it.to == "eva@example.com").unwrap();
        let opened = get(&office, &format!("/letters/{of_eva}")).await;
        assert!(opened.contains("&gt; INC-42: look into the failed payments"), "{opened}");
        assert!(opened.contains("sandbox=\"allow-popups"), "{opened}");
        let html = get(&office, &format!("/letters/{of_eva}/html")).await;
        assert!(html.to_lowercase().contains("content-security-policy: sandbox"), "{html}");
        assert!(html.contains("Review and decide"), "{html}");
        assert!(get(&office, "/letters/99/html").await.starts_with("HTTP/1.1 404"));
        world.ends().await;
    }
}
