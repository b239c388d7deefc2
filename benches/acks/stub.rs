//! Slack's Web API as far as the bots call it: answers at once, checks nothing, remembers nothing.
use super::Outcome;
use super::company::EMAIL_HOST;
use super::http::Connection;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

static STAMP: AtomicU64 = AtomicU64::new(1);

/// Starts the stub; it serves until the program ends.
pub(super) fn start() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A bot that closes its connection ends the thread; nobody waits for it.
            thread::spawn(move || Connection::over(stream).and_then(serve).is_ok());
        }
    });
    Ok(address)
}

fn serve(mut connection: Connection) -> Outcome<()> {
    while let Some(first) = connection.read()? {
        let target = first.split(' ').nth(1).unwrap_or_default();
        let body = String::from_utf8_lossy(connection.body());
        let answer = answer(target, &body);
        connection.answer(&answer)?;
    }
    Ok(())
}

fn answer(target: &str, body: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let method = path.rsplit('/').next().unwrap_or_default();
    let stamp = STAMP.fetch_add(1, Ordering::Relaxed);
    match method {
        "auth.test" => {
            r#"{"ok":true,"url":"https://b.slack.com/","team":"B","user":"hallpass","team_id":"T0BENCH","user_id":"U0BOT99","bot_id":"B0BOT99"}"#.to_owned()
        }
        "users.info" => user(argument(query, body, "user")),
        "users.lookupByEmail" => {
            let number: String =
                argument(query, body, "email").chars().filter(char::is_ascii_digit).take(5).collect();
            user(&format!("U{number}"))
        }
        "chat.postMessage" | "chat.update" => {
            format!(r#"{{"ok":true,"channel":"D0BENCH","ts":"1700000000.{stamp:06}"}}"#)
        }
        _ => format!(r#"{{"ok":true,"view":{{"id":"V{stamp}","hash":"1.{stamp}"}}}}"#),
    }
}

/// An argument of a call, wherever the caller wrote it.
fn argument<'a>(query: &'a str, body: &'a str, name: &str) -> &'a str {
    let fields = query.split('&').chain(body.split('&'));
    let found = fields.filter_map(|field| field.split_once('=')).find(|(key, _)| *key == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

fn user(id: &str) -> String {
    let number: String = id.chars().filter(char::is_ascii_digit).collect();
    format!(
        r#"{{"ok":true,"user":{{"id":"{id}","team_id":"T0BENCH","deleted":false,"is_bot":false,"is_restricted":false,"is_ultra_restricted":false,"is_email_confirmed":true,"profile":{{"email":"p{number}@{EMAIL_HOST}"}}}}}}"#
    )
}
