//! Letters themselves: in the reader's language, with people's words as text, and as others read them.
use crate::mail::{HOUR, asks, with_mail};
use crate::world::policy::{item, resource, usual};
use crate::world::{Options, PostOffice, RealPost, form, worlds_with};
use hallpass::chat::code_mail::{CodeLetter, CodeMail as _};
use hallpass::chat::mail::{Encryption, Mail, MailSettings};
use hallpass::clock::SystemClock;
use hallpass::config::Email;
use hallpass::domain::language::Language;
use serde_json::json;
use std::sync::Arc;

/// Every header that a letter of ours has.
const HEADERS: [&str; 10] = [
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "in-reply-to",
    "message-id",
    "mime-version",
    "references",
    "subject",
    "to",
];

/// The lines that a reader sees of somebody's words; of a long text its beginning.
fn lines(words: &str) -> Vec<String> {
    let broken = words.trim().replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let seen = |line: &str| line.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
    broken.lines().map(|line| seen(line).trim_end().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_written_to_in_their_own_language() {
    let change = |options: &mut Options, _: &mut Email| {
        options.has_no_chat = true;
        let eva = options.policy.directory.people.get_mut(&"eva".into()).unwrap();
        eva.language = Some(Language::German);
    };
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        office.forgets();
        asks(&world, "payments").await;
        world.settle().await;

        let letter = office.letter_to("eva");
        for part in [letter.text.clone(), letter.shown()] {
            assert!(part.contains("Ana Torres beantragt Zugriff (AR-1001)"), "{part}");
            assert!(part.contains("Ansehen und entscheiden"), "{part}");
            assert!(part.contains("Dauer") || part.contains("Wie lange"), "{part}");
        }
        assert!(letter.html.contains("<html lang=\"de\">"));
        assert!(letter.header("subject").starts_with("Zugriffsantrag AR-1001: payments"));
        assert!(office.letter_to("ben").text.contains("Review and decide"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_words_and_names_are_literal_in_both_parts_and_make_no_header() {
    let texts = crate::hostile::texts();
    let change = |options: &mut Options, _: &mut Email| {
        options.has_no_chat = true;
        for (n, name) in texts.iter().enumerate() {
            let mut hostile = resource(&format!("r{n:02}"));
            hostile.name.clone_from(name);
            let known = options.policy.catalog.resources.iter();
            options.policy.catalog.resources = known.chain([hostile]).collect();
        }
        let eva = options.policy.directory.people.get_mut(&"eva".into()).unwrap();
        eva.name = "Eva\r\nBcc: all@example.com\r\n\r\n<script>".to_owned();
        let ben = options.policy.directory.people.get_mut(&"ben".into()).unwrap();
        ben.name = "\"Ben\" <ben@evil.example>, \u{202e}é".to_owned();
    };
    let (office, worlds) = with_mail(change).await;
    for world in worlds {
        for (n, text) in texts.iter().enumerate() {
            office.forgets();
            let mut form = form("ana", vec![item(&format!("r{n:02}"), "read")], HOUR);
            form.justification.clone_from(text);
            world.app().submit(form).await.unwrap();
            world.settle().await;

            let letters = office.letters();
            assert_eq!(letters.len(), 3, "{text:?}");
            for letter in &letters {
                assert!(letter.headers.keys().eq(HEADERS), "{text:?}: {:?}", letter.headers);
                let shown = letter.shown();
                for line in lines(text).into_iter().filter(|line| !line.is_empty()) {
                    let is_there = |l: &str| {
                        let quoted = l.strip_prefix('>').map(str::trim_start);
                        quoted.is_some_and(|quoted| quoted.starts_with(line.trim_start()))
                    };
                    assert!(letter.text.lines().any(is_there), "{text:?}: {}", letter.text);
                    assert!(shown.contains(&line), "{text:?}: {shown}");
                }
                assert_eq!(letter.html.matches("href=").count(), 1, "the one link is ours");
                assert!(!letter.html.contains("<script"), "{}", letter.html);
            }
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_and_a_mail_reader_that_others_wrote_find_nothing_wrong() {
    let Some(mut post) = RealPost::open().await else { return };
    let mut policy = usual();
    let ben = policy.directory.people.get_mut(&"ben".into()).unwrap();
    ben.name = "Ben \"O\" Okafør <x@y>, 🙂".to_owned();
    let email = Some(post.settings());
    let options = Options { policy, email, has_no_chat: true, ..Options::default() };
    for world in worlds_with(options).await {
        let mut form = form("ana", vec![item("payments", "read")], HOUR);
        let long = "é".repeat(1_500);
        form.justification = format!("INC-42: Überprüfung\n.\n..\nFrom here\n{long}");
        world.app().submit(form).await.unwrap();
        world.settle().await;

        for _ in 0..3 {
            let letter = post.letter().await;
            assert_eq!(letter["defects"], json!([]), "{letter}");
            let headers = &letter["headers"];
            assert_eq!(headers["from"], "\"Hällpass, Birch & Bell\" <access@example.com>");
            assert_eq!(
                headers["subject"],
                "Access request AR-1001: payments (database in Production): read"
            );
            if letter["to"] == json!(["ben@example.com"]) {
                let to = headers["to"].as_str().unwrap();
                assert!(to.contains("Okafør") && to.ends_with("<ben@example.com>"), "{to}");
            }
            let text = letter["text"].as_str().unwrap();
            let quoted = format!("> INC-42: Überprüfung\n> .\n> ..\n> From here\n> {long}\n");
            assert!(text.contains(&quoted), "{text}");
            assert!(letter["html"].as_str().unwrap().contains(&long));
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_to_sign_in_goes_to_the_address_on_file_in_a_letter_of_its_own() {
    let office = PostOffice::open().await;
    let Email { host, port, from, .. } = office.settings();
    let settings = MailSettings {
        host,
        port,
        encryption: Encryption::None,
        login: None,
        from_name: from.name,
        from_address: from.address,
    };
    let mail = Mail::new(&settings, Arc::new(SystemClock)).unwrap();
    let code = CodeLetter {
        to: "eva@example.com".to_owned(),
        name: "Eva Lindgren".to_owned(),
        code: "042137".to_owned(),
        minutes: 10,
        language: Language::German,
    };
    for _ in 0..2 {
        mail.send_code(&code).await.unwrap();
    }

    let letters = office.letters_to("eva");
    let [first, second] = letters.as_slice() else { panic!("{letters:#?}") };
    assert_eq!(first.header("subject"), "Dein Code zum Anmelden bei Hallpass");
    assert!(first.text.contains("042137") && first.shown().contains("042137"));
    assert_eq!(first.header("references"), "");
    assert_ne!(first.header("message-id"), second.header("message-id"));
}
