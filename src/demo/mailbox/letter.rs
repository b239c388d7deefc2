//! A letter as a mail program reads it: headers unfolded and decoded, both parts decoded.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::BTreeMap;

/// A letter that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address that the server was told.
    pub to: String,
    /// Headers by their names in small letters, decoded.
    pub headers: BTreeMap<String, String>,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

impl Letter {
    /// Reads a letter with a text and an HTML part; `None` where it is none.
    pub(super) fn read(to: &str, raw: &str) -> Option<Self> {
        let (head, body) = raw.split_once("\n\n")?;
        let headers = headers(head);
        let boundary = headers.get("content-type")?.split("boundary=").nth(1)?.trim_matches('"');
        let border = format!("--{boundary}");
        let part = |kind: &str| {
            let is_meant =
                |part: &&str| part.to_ascii_lowercase().contains(&format!("content-type: {kind}"));
            body.split(&border).find(is_meant).and_then(decoded)
        };
        let (text, html) = (part("text/plain")?, part("text/html")?);
        Some(Self { to: to.to_owned(), text, html, headers })
    }

    /// A header, by its name in small letters; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// What the HTML says, without its tags.
    pub fn shown(&self) -> String {
        let body = self.html.split_once("<body").map_or(self.html.as_str(), |(_, body)| body);
        let body = body.replace("<br>", "\n");
        let text: String = body
            .split('<')
            .map(|piece| piece.split_once('>').map_or("", |(_, text)| text))
            .collect();
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")]
            .iter()
            .fold(text, |text, (entity, meant)| text.replace(entity, meant))
            .replace("&amp;", "&")
    }
}

fn headers(head: &str) -> BTreeMap<String, String> {
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    let line = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_lowercase(), words(value.trim_start())))
    };
    unfolded.lines().filter_map(line).collect()
}

/// Decodes `=?utf-8?b?…?=`; a space between two of them is none.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut was_encoded = false;
    for (n, word) in value.split(' ').enumerate() {
        let encoded = word.find("=?utf-8?b?").and_then(|at| {
            let (before, rest) = word.split_at_checked(at)?;
            let (encoded, after) = rest.strip_prefix("=?utf-8?b?")?.split_once("?=")?;
            let text = String::from_utf8(BASE64.decode(encoded).ok()?).ok()?;
            Some(format!("{before}{text}{after}"))
        });
        let is_encoded = encoded.is_some();
        if n > 0 && !(was_encoded && is_encoded) {
            out.push(' ');
        }
        out.push_str(encoded.as_deref().unwrap_or(word));
        was_encoded = is_encoded;
    }
    out
}

fn decoded(part: &str) -> Option<String> {
    let (head, body) = part.trim_start().split_once("\n\n")?;
    let head = headers(head);
    let bytes = match head.get("content-transfer-encoding").map(String::as_str) {
        Some("base64") => BASE64.decode(body.split_whitespace().collect::<String>()).ok()?,
        Some("quoted-printable") => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    Some(String::from_utf8(bytes).ok()?.replace("\r\n", "\n"))
}

fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut out = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte.filter(|_| *first == b'=') {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}
