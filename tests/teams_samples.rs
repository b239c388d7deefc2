//! Every card of Teams, with texts of every kind, written to `target/samples-teams` for
//! `scripts/check-cards`, which holds them against Microsoft's own library.
#[cfg(test)]
mod tests {
    use hallpass::domain::language::Language;
    use hallpass::show::samples::{HOSTILE, Texts};
    use hallpass::show::teams::samples;
    use serde_json::json;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    /// Cards of one template, language and kind of text: drawing one takes a while.
    const ENOUGH: usize = 8;
    /// What is sent into conversations.
    const MESSAGES: &[&str] = &[
        "ask",
        "ask_channel",
        "status",
        "active",
        "ends_soon",
        "ended",
        "alarm",
        "admin_note",
        "opener",
        "list",
        "home",
        "details",
        "notice",
    ];
    /// What is shown in dialogs.
    const DIALOGS: &[&str] = &[
        "list",
        "home",
        "details",
        "notice",
        "retry",
        "connect",
        "decide",
        "end",
        "form_choose",
        "form_chosen",
        "form_finish",
        "form_for",
        "form_sent",
    ];

    #[test]
    fn every_card_is_written_for_microsofts_library_to_read() {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../samples-teams");
        if directory.exists() {
            std::fs::remove_dir_all(&directory).unwrap();
        }
        std::fs::create_dir_all(&directory).unwrap();
        let long = "&<>\"\u{1f512}é ".repeat(300);
        let mut all =
            vec![Texts { name: "", words: "INC-42" }, Texts { name: &long, words: &long }];
        all.extend(HOSTILE.iter().map(|text| Texts { name: text, words: text }));
        let mut written = 0;
        for (n, texts) in all.into_iter().enumerate() {
            // Texts of ours are looked at once in each language; people's are the same in both.
            let languages = if n == 0 { &Language::ALL[..] } else { &Language::ALL[..1] };
            for language in languages {
                let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
                for (place, (template, laid)) in samples::laid_out(*language, texts).enumerate() {
                    let Ok((message, dialog)) = laid else { continue };
                    let kept = kept.entry(template).or_default();
                    if *kept >= ENOUGH {
                        continue;
                    }
                    *kept += 1;
                    let forms = [("message", MESSAGES, message), ("dialog", DIALOGS, dialog)];
                    let forms = forms.into_iter().filter(|(_, of, _)| of.contains(&template));
                    let before = written;
                    for (kind, _, laid) in forms {
                        let sample = json!({
                            "template": template, "kind": kind, "title": laid.title,
                            "card": laid.card, "words": texts.words,
                        });
                        let tag = language.tag();
                        let name = format!("{template}-{kind}-{tag}-{n:02}-{place:03}.json");
                        std::fs::write(directory.join(name), sample.to_string()).unwrap();
                        written += 1;
                    }
                    assert!(written > before, "{template} is neither sent nor shown");
                }
            }
        }
        assert!(written > 800, "{written}");
    }
}
