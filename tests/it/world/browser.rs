//! Somebody's browser, as far as pages without script need one: cookies, forms, and the way that an
//! answer points. Every answer is held against what all of them must carry.
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::form_urlencoded;

/// Where the pages are from outside.
pub(crate) const PUBLIC_URL: &str = "https://access.example.com";

/// A browser with its cookies.
pub(crate) struct Browser {
    bot: String,
    pub(crate) cookies: BTreeMap<String, String>,
    /// What it reads.
    pub(crate) language: String,
    /// What it says of where a form came from; `None` where it says nothing.
    pub(crate) origin: Option<String>,
    /// Where a proxy says that it is.
    pub(crate) address: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A form on a page.
#[derive(Debug, Clone)]
pub(crate) struct PageForm {
    pub(crate) method: String,
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Browser {
    /// A browser that reads English and reaches the bot at `bot`.
    pub(crate) fn new(bot: &str) -> Self {
        Self {
            bot: bot.trim_start_matches("http://").to_owned(),
            cookies: BTreeMap::new(),
            language: "en-GB,en;q=0.9".to_owned(),
            origin: Some(PUBLIC_URL.to_owned()),
            address: "203.0.113.7".to_owned(),
        }
    }

    /// The same browser when nobody is signed in with it any more; who was is remembered there.
    pub(crate) fn signed_out(&self) -> Self {
        let mut cookies = self.cookies.clone();
        cookies.remove("__Host-hallpass");
        Self { cookies, ..Self::new(&self.bot) }
    }

    /// Opens a page, and goes on where it points.
    pub(crate) async fn opens(&mut self, path: &str) -> Seen {
        let seen = self.asks("GET", path, "").await;
        self.follows(seen).await
    }

    /// Sends the form whose action ends so, with these fields beside and in place of its own.
    pub(crate) async fn sends(
        &mut self,
        page: &Seen,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Seen {
        let form = page.form(action);
        let kept = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| fields.iter().all(|(given, _)| given != name));
        let all: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
        let seen = self.posts(&form.action, &all).await;
        self.follows(seen).await
    }

    /// Sends fields to a path, and goes nowhere then.
    pub(crate) async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields.iter().map(|(name, value)| (name, value.replace('\n', "\r\n"))))
            .finish();
        self.asks("POST", path, &body).await
    }

    async fn follows(&mut self, mut seen: Seen) -> Seen {
        for _ in 0..5 {
            let Some(to) = seen.header("location").map(str::to_owned) else { return seen };
            assert!(to.starts_with('/') && !to.starts_with("//"), "{to}");
            seen = self.asks("GET", &to, "").await;
        }
        panic!("goes in a circle: {seen:?}");
    }

    /// Asks for a path by any method, and goes nowhere then.
    pub(crate) async fn asks(&mut self, method: &str, path: &str, body: &str) -> Seen {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let origin = self.origin.as_ref().map(|origin| format!("origin: {origin}\r\n"));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: access.example.com\r\nconnection: close\r\n\
             accept-language: {}\r\ncookie: {}\r\n{}x-forwarded-for: {}\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.language,
            cookies.join("; "),
            origin.unwrap_or_default(),
            self.address,
            body.len(),
        );
        let mut stream = TcpStream::connect(&self.bot).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let seen = read(&String::from_utf8(answer).unwrap());
        seen.is_careful(path);
        self.keeps(&seen, path);
        seen
    }

    fn keeps(&mut self, seen: &Seen, path: &str) {
        let (name, way) = match is_in_tab(path) {
            true => ("__Host-hallpass-tab", "SameSite=None; Secure; Partitioned"),
            false => ("__Host-hallpass", "SameSite=Lax; Secure"),
        };
        for (_, line) in seen.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let is_careful = line.contains(&format!("; Path=/; HttpOnly; {way}"));
            let is_tabs = line.starts_with("__Host-hallpass-tab");
            assert!(line.starts_with(name) && is_careful, "{line}");
            assert_eq!(is_tabs, is_in_tab(path), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What people read on it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for piece in self.body.split('<') {
            text.push(' ');
            text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        unescaped(&words.join(" "))
    }

    /// Every form on it.
    pub(crate) fn forms(&self) -> Vec<PageForm> {
        let forms = self.body.split("<form ").skip(1);
        forms.map(|form| read_form(form.split("</form>").next().unwrap())).collect()
    }

    /// The form whose action ends so.
    pub(crate) fn form(&self, action: &str) -> PageForm {
        let is_meant = |form: &PageForm| form.method == "post" && form.action.ends_with(action);
        let found = self.forms().into_iter().find(is_meant);
        found.unwrap_or_else(|| panic!("no form {action}: {} {}", self.status, self.text()))
    }

    pub(crate) fn has_form(&self, action: &str) -> bool {
        self.forms().iter().any(|form| form.action.ends_with(action))
    }

    /// What every answer carries, whatever it is.
    fn is_careful(&self, path: &str) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(self.header(name), Some(value), "{path}: {name}");
        }
        let policy = self.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let (framed, old) = match is_in_tab(path) {
            true => (TEAMS, None),
            false => ("'none'", Some("DENY")),
        };
        assert!(policy.ends_with(&format!("frame-ancestors {framed}")), "{path}: {policy}");
        assert_eq!(self.header("x-frame-options"), old, "{path}");
        if !path.contains("/assets/") {
            assert_eq!(self.header("cache-control"), Some("no-store"), "{path}");
        }
        if self.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            // One page has scripts, in files of ours; what it says goes only where it is.
            let has_scripts = policy.contains("; script-src 'self';");
            let scripts = self.body.matches("<script").count();
            let ours = self.body.matches("<script src=\"/tab/assets/").count();
            assert_eq!(scripts, if has_scripts { 2 } else { 0 }, "{path}");
            assert_eq!(scripts, ours, "{path}");
            for never in ["javascript:", " onclick", " style=", "<iframe", "<meta http"] {
                assert!(!self.body.to_lowercase().contains(never), "{path}: {never}");
            }
        }
    }
}

/// Who frames the tab.
const TEAMS: &str =
    "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft";

/// Whether a path is one of those that Teams frames.
fn is_in_tab(path: &str) -> bool {
    path.split('?').next().is_some_and(|path| path == "/tab" || path.starts_with("/tab/"))
}

fn read(answer: &str) -> Seen {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_lowercase(), value.trim().to_owned())
    };
    Seen { status, headers: lines.map(header).collect(), body: body.to_owned() }
}

fn read_form(text: &str) -> PageForm {
    let (opening, inside) = text.split_once('>').unwrap();
    let mut fields = Vec::new();
    for tag in inside.split("<input ").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let is_ticked = !tag.contains("type=\"checkbox\"") || tag.contains(" checked");
        if let (Some(name), true) = (attribute(tag, "name"), is_ticked) {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for area in inside.split("<textarea ").skip(1) {
        let (tag, rest) = area.split_once('>').unwrap();
        let text = rest.split("</textarea>").next().unwrap();
        let text = unescaped(text.strip_prefix('\n').unwrap_or(text));
        fields.push((attribute(tag, "name").unwrap(), text));
    }
    for select in inside.split("<select ").skip(1) {
        let (tag, rest) = select.split_once('>').unwrap();
        let options = rest.split("</select>").next().unwrap().split("<option ").skip(1);
        let options: Vec<&str> = options.collect();
        let picked = options.iter().find(|one| one.contains(" selected")).or(options.first());
        if let Some(picked) = picked {
            fields.push((attribute(tag, "name").unwrap(), attribute(picked, "value").unwrap()));
        }
    }
    PageForm {
        method: attribute(opening, "method").unwrap(),
        action: attribute(opening, "action").unwrap(),
        fields,
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = format!(" {tag}");
    let rest = tag.split_once(&format!(" {name}=\""))?.1.to_owned();
    Some(unescaped(rest.split('"').next()?))
}

/// What HTML's escapes stand for.
pub(crate) fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (escape, meant) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x60;", "`"),
        ("&#x3D;", "="),
        ("&amp;", "&"),
    ] {
        text = text.replace(escape, meant);
    }
    text
}
