//! Every message as mail, with texts of every kind: what people wrote is text in all three parts, and
//! the only links are ours. What comes out goes to `target/samples-mail`, to be looked at.
#[cfg(test)]
mod tests {
    use hallpass::domain::language::Language;
    use hallpass::show::mail::{Laid, lay_out, lay_out_code};
    use hallpass::show::samples::{self, HOSTILE, Texts};
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    const LINK: &str = "https://access.example.com/requests/AR-1042?k=1.a&b";
    /// Longest subject.
    const LONGEST_SUBJECT: usize = 150;

    fn plain() -> Texts<'static> {
        Texts { name: "", words: "INC-42: look at failed payments\n\nof 3 May" }
    }

    /// Every message as mail, with its template's name.
    fn mails(language: Language, texts: Texts<'_>) -> Vec<(&'static str, Laid)> {
        let messages = samples::messages(language, texts);
        let mail = |card: &_| lay_out(language, card, Some(LINK)).unwrap();
        messages.iter().map(|card| (card.template(), mail(card))).collect()
    }

    /// The tags of HTML in order, without those that stand around parts of people's words.
    fn tags(html: &str) -> Vec<&str> {
        let inside = html.split('<').skip(1).filter_map(|rest| rest.split('>').next());
        inside.filter(|tag| !["span", "/span", "br"].contains(tag)).collect()
    }

    fn check(laid: &Laid, like: &Laid, hostile: &str) {
        let Laid { subject, text, html } = laid;
        assert!(!subject.chars().any(char::is_control), "{subject:?}");
        assert!(subject.chars().count() <= LONGEST_SUBJECT, "{subject}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert!(!html.chars().any(|c| c.is_control() && c != '\n'), "{html:?}");
        assert_eq!(tags(html), tags(&like.html), "{hostile:?} changed what the mail is made of");
        for link in html.split("href=\"").skip(1) {
            assert!(link.starts_with("https://access.example.com/requests/AR-1042"), "{link}");
        }
        assert!(!html.contains("evil.example"), "a mail program would make a link of it: {html}");
        for line in text.lines().filter(|line| line.contains("evil.example")) {
            let ours = ["> ", "  - "].iter().any(|mark| line.starts_with(mark));
            assert!(ours || !line.starts_with("http"), "{line}");
        }
    }

    fn keep(directory: &Path, name: &str, laid: &Laid) {
        let text = format!("{}\n\n{}", laid.subject, laid.text);
        std::fs::write(directory.join(format!("{name}.txt")), text).unwrap();
        std::fs::write(directory.join(format!("{name}.html")), &laid.html).unwrap();
    }

    #[test]
    fn every_mail_holds_what_people_wrote_as_text_and_no_link_but_ours() {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../samples-mail");
        if directory.exists() {
            std::fs::remove_dir_all(&directory).unwrap();
        }
        std::fs::create_dir_all(&directory).unwrap();
        let long = "&<>\u{1f512}é ".repeat(800);
        let mut written = BTreeSet::new();

        for language in Language::ALL {
            let good = mails(language, plain());
            for (n, (template, laid)) in good.iter().enumerate() {
                check(laid, laid, "nothing");
                assert!(!laid.html.contains("{{") && !laid.text.contains("{{"));
                assert_eq!(laid.text.contains(LINK), *template != "admin_note", "{}", laid.text);
                keep(&directory, &format!("{template}-{}-{n:03}", language.tag()), laid);
                written.insert((*template).to_owned());
            }
            let code = lay_out_code(language, "042137", 10).unwrap();
            check(&code, &code, "nothing");
            for part in [&code.text, &code.html] {
                assert!(part.contains("042137"), "{part}");
            }
            assert!(!code.subject.contains("042137"), "lock screens show it: {}", code.subject);
            keep(&directory, &format!("code-{}", language.tag()), &code);
            written.insert("code".to_owned());
            let hostile = HOSTILE.iter().copied().chain([long.as_str()]);
            for text in hostile {
                let texts = Texts { name: text, words: text };
                for ((_, laid), (_, like)) in mails(language, texts).iter().zip(&good) {
                    check(laid, like, text);
                }
            }
        }

        let blocks = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("blocks/email");
        let files = std::fs::read_dir(blocks).unwrap();
        let names: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('_'))
            .map(|name| name.split('.').next().unwrap().to_owned())
            .collect();
        assert_eq!(written, names);
    }

    #[test]
    fn all_mails_about_one_request_have_one_subject() {
        let (_, first) = mails(Language::English, plain()).swap_remove(0);

        assert_eq!(
            first.subject,
            "Access request AR-1042: payments (database in Production PostgreSQL): read"
        );
        for (template, laid) in mails(Language::English, plain()) {
            if !["alarm", "admin_note"].contains(&template) {
                assert_eq!(laid.subject, first.subject, "{template}");
            }
        }
    }

    #[test]
    fn the_plain_text_reads_well() {
        let mut mails = mails(Language::English, plain()).into_iter();
        let (_, ask) = mails.find(|(_, mail)| mail.text.contains("Review and decide")).unwrap();
        let (said, footer) = ask.text.split_once("\n-- \n").unwrap();
        assert_eq!(footer.lines().count(), 1);
        insta::assert_snapshot!(said, @"
        Ana Torres asks for access (AR-1042)

        What:
          - payments (database in Production PostgreSQL): read

        From: Ana Torres
        For: Ana Torres
        How long: 2 h
        Access flow: Payments, read
        Ticket: INC-42 (incident) ⚠️ could not be checked: the ticket system did not answer
        Open until: 2026-09-11 08:00 UTC

        Why they need it:
        > INC-42: look at failed payments
        >
        > of 3 May

        Review and decide:
        https://access.example.com/requests/AR-1042?k=1.a&b

        You are asked because this flow is approved by Ben Okafor.
        ");
    }
}
