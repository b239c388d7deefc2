//! `hallpass demo --email`: a company without chat, and its mailboxes in the browser.
use hallpass::demo::Wanted;
use hallpass::demo::email::{EmailCompany, script};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

async fn open() -> EmailCompany {
    EmailCompany::open(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Wanted::File).await.unwrap()
}

/// What the company's address answers, headers included.
async fn get(company: &EmailCompany, path: &str, cookies: &str) -> String {
    let host = company.bot.address;
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookies}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_chat_access_is_asked_for_approved_used_and_ended_by_mail_and_pages() {
    let company = open().await;
    let mut lines = Vec::new();

    let mut keep = |line: &str| {
        lines.push(line.to_owned());
        Ok(())
    };
    script::play(&company, &mut keep).await.unwrap();

    assert_eq!(lines.len(), 9, "{lines:#?}");
    assert_eq!(lines[8], "9. The target, read directly: nothing is in the file any more.");
    let start = get(&company, "/demo", "").await;
    for words in ["Be Ben.", "Read Chloé’s mailbox", "/demo/people/finn/portal", "15 minutes pass"]
    {
        assert!(start.contains(words), "{words}: {start}");
    }
    company.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_shows_its_letters_in_a_frame_that_runs_nothing_with_their_text_beside_it() {
    let company = open().await;
    assert!(get(&company, "/demo/people/ben/mail", "").await.contains("No letters yet."));
    script::play(&company, &mut |_| Ok(())).await.unwrap();
    let letters = company.mailbox.letters();
    let number_of = |to: &str, words: &str| {
        let mut all = letters.iter();
        all.position(|letter| letter.to == to && letter.text.contains(words)).unwrap()
    };
    let (asked, ready) = (
        number_of("ben@birchbell.example", "Review and decide"),
        number_of("ana@birchbell.example", "Your access is ready"),
    );

    let list = get(&company, "/demo/people/ben/mail", "").await;
    assert!(list.contains(&format!("href=\"/demo/people/ben/mail/{asked}\"")), "{list}");
    assert!(!list.contains(&format!("/mail/{ready}\"")), "{list}");
    let opened = get(&company, &format!("/demo/people/ben/mail/{asked}"), "").await;
    assert!(opened.contains("sandbox=\"allow-popups"), "{opened}");
    assert!(opened.contains("&gt; INC-42: look up the failed payments"), "{opened}");
    let html = get(&company, &format!("/demo/letters/{asked}/html"), "").await;
    assert!(html.to_lowercase().contains("content-security-policy: sandbox"), "{html}");
    assert!(html.contains("Review and decide"), "{html}");
    for path in [format!("/demo/people/ben/mail/{ready}"), "/demo/letters/99/html".to_owned()] {
        assert!(get(&company, &path, "").await.starts_with("HTTP/1.1 404"), "{path}");
    }
    company.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_opens_a_portal_is_asked_who_they_are_whatever_the_demo_thinks() {
    let company = open().await;

    let portal = get(&company, "/demo/people/eva/portal", "").await;
    assert!(portal.contains("hallpass-demo-here=eva"), "{portal}");
    assert!(portal.contains("set-cookie: hallpass=; Path=/"), "{portal}");
    let who = get(&company, "/", "hallpass-demo-here=eva").await;
    assert!(who.contains("Who are you?"), "{who}");
    let stranger = get(&company, "/demo/people/mallory/portal", "").await;
    assert!(stranger.starts_with("HTTP/1.1 404"), "{stranger}");
    company.close().await;
}
