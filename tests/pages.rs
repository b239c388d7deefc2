//! Every page with texts of every kind: nothing in them is read as markup, and nothing is left out.
//!
//! The pages are written to `target/pages`, to be looked at and for checkers that others wrote.
#[cfg(test)]
mod tests {
    use hallpass::domain::language::Language;
    use hallpass::show::pages::{self, samples};
    use hallpass::show::samples::{HOSTILE, Texts};
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    /// Templates that others include; they are nothing by themselves.
    const PART: char = '_';
    /// What a page is made of; anything else came from somebody's text.
    const ELEMENTS: &[&str] = &[
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "link",
        "body",
        "a",
        "header",
        "div",
        "span",
        "bdi",
        "form",
        "input",
        "button",
        "nav",
        "ul",
        "ol",
        "li",
        "main",
        "p",
        "footer",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "blockquote",
        "time",
        "label",
        "textarea",
        "details",
        "summary",
        "fieldset",
        "legend",
        "select",
        "option",
        "strong",
    ];

    /// The names of the elements that a browser would find.
    fn elements(html: &str) -> BTreeSet<&str> {
        let names = html.split('<').skip(1).filter_map(|rest| {
            rest.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '>').next()
        });
        names.collect()
    }

    fn write(label: &str, language: Language, texts: Texts<'_>) -> BTreeSet<&'static str> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../pages");
        let mut written = BTreeSet::new();
        for (place, (template, model)) in samples::all(language, texts).into_iter().enumerate() {
            let html = pages::html(language, template, &model).unwrap();
            let name = format!("{template}-{}-{label}-{place:03}.html", language.tag());
            // Where Teams' tab is entered, files of ours run; nobody's texts are on that page.
            let is_known =
                |name: &str| ELEMENTS.contains(&name) || (name == "script" && template == "tab");
            let strange: Vec<&str> =
                elements(&html).into_iter().filter(|name| !is_known(name)).collect();
            assert!(strange.is_empty(), "{name}: {strange:?}");
            assert!(!html.contains(" style=") && !html.contains('\0'), "{name}");
            std::fs::write(folder.join(name), html).unwrap();
            written.insert(template);
        }
        written
    }

    #[test]
    fn every_page_is_drawn_with_texts_of_every_kind() {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../pages");
        if folder.exists() {
            // What an earlier version wrote must not pass for this one's.
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(folder.join("assets")).unwrap();
        std::fs::write(folder.join("assets/style.css"), pages::style()).unwrap();
        std::fs::write(folder.join("assets/icon.svg"), pages::icon()).unwrap();
        let long = "&<>\u{1f512}é ".repeat(800);

        let mut written = BTreeSet::new();
        for language in Language::ALL {
            let plain = Texts { name: "", words: "INC-42: look at failed payments" };
            written.extend(write("plain", language, plain));
            written.extend(write("long", language, Texts { name: &long, words: &long }));
            for (place, hostile) in HOSTILE.iter().enumerate() {
                let texts = Texts { name: hostile, words: hostile };
                written.extend(write(&format!("hostile{place}"), language, texts));
            }
        }

        let blocks = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("blocks/pages");
        let templates: BTreeSet<String> = std::fs::read_dir(blocks)
            .unwrap()
            .filter_map(|file| file.unwrap().file_name().into_string().ok())
            .filter(|name| !name.starts_with(PART))
            .filter_map(|name| name.strip_suffix(".html.hbs").map(str::to_owned))
            .collect();
        let written: BTreeSet<String> = written.into_iter().map(str::to_owned).collect();
        assert_eq!(written, templates);
    }
}
