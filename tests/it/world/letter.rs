//! A letter as a mail program reads it: headers unfolded and decoded, both parts decoded.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::BTreeMap;

/// A letter.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// The address that the server was told.
    pub(crate) to: String,
    /// Headers by their names in small letters, decoded.
    pub(crate) headers: BTreeMap<String, String>,
    /// The plain text.
    pub(crate) text: String,
    /// The HTML.
    pub(crate) html: String,
    /// All of it, as it was sent.
    pub(crate) raw: String,
}

impl Letter {
    pub(crate) fn read(to: &str, raw: &str) -> Self {
        let (head, body) = raw.split_once("\n\n").unwrap();
        let headers = headers(head);
        let kind = &headers["content-type"];
        let boundary = kind.split("boundary=").nth(1).unwrap().trim_matches('"');
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        let part = |kind: &str| {
            let is_meant =
                |part: &&&str| part.to_lowercase().contains(&format!("content-type: {kind}"));
            decoded(parts.iter().find(is_meant).unwrap())
        };
        Self {
            to: to.to_owned(),
            text: part("text/plain"),
            html: part("text/html"),
            headers,
            raw: raw.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {}", self.raw))
    }

    /// What the HTML says, without its tags.
    pub(crate) fn shown(&self) -> String {
        let body = self.html.split_once("<body").unwrap().1.split_once('>').unwrap().1;
        let broken = body.replace("<br>", "\n");
        let text: String = broken
            .split('<')
            .enumerate()
            .map(|(n, piece)| match n {
                0 => piece,
                _ => piece.split_once('>').map_or("", |(_, text)| text),
            })
            .collect();
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")]
            .iter()
            .fold(text, |text, (entity, c)| text.replace(entity, c))
            .replace("&amp;", "&")
    }
}

fn headers(head: &str) -> BTreeMap<String, String> {
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    let line = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line}"));
        (name.to_lowercase(), words(value))
    };
    unfolded.lines().map(line).collect()
}

/// Decodes `=?utf-8?b?…?=`; what stands between two of them is nothing.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut was_encoded = false;
    for word in value.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.split_once("?="));
        if let Some((encoded, rest)) = encoded {
            if !was_encoded && !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&String::from_utf8(BASE64.decode(encoded).unwrap()).unwrap());
            out.push_str(rest);
            was_encoded = true;
        } else {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            was_encoded = false;
        }
    }
    out
}

fn decoded(part: &str) -> String {
    let (head, body) = part.trim_start().split_once("\n\n").unwrap();
    let head = headers(head);
    let bytes = match head["content-transfer-encoding"].as_str() {
        "base64" => BASE64.decode(body.split_whitespace().collect::<String>()).unwrap(),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut out = Vec::new();
    let mut bytes = joined.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let hex: Vec<u8> = bytes.by_ref().take(2).collect();
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    out
}
