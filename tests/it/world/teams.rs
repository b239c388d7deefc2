//! The directory's people in a local Microsoft Teams, and how a bot is told of it.
use super::policy::PEOPLE;
use hallpass::clock::Clock;
use hallpass::config;
use hallpass::demo::teams::{Person, Signer, Teams, TeamsOptions};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The bot's app.
pub(crate) const APP: &str = "a0000000-0000-4000-8000-00000000000a";
/// The tenant of everybody.
pub(crate) const TENANT: &str = "b0000000-0000-4000-8000-00000000000b";
/// Another company's tenant that is served as well.
pub(crate) const SISTER: &str = "b0000000-0000-4000-8000-00000000000e";
/// The channel that the bot is in.
pub(crate) const TEAMS_CHANNEL: &str = "19:approvals@thread.tacv2";
/// What the bot gets its tokens with.
const SECRET: &str = "canary-teams";

/// A key for tests, of the two that there are.
pub(crate) fn signer(id: &str, file: &str) -> Signer {
    let path = format!("{}/tests/keys/{file}.pk8", env!("CARGO_MANIFEST_DIR"));
    Signer::new(id, &std::fs::read(path).unwrap()).unwrap()
}

/// The id that one of the directory's people has towards the bot.
pub(crate) fn mri(person: &str) -> String {
    format!("29:{person}")
}

/// Their object id in Entra.
pub(crate) fn object_id(person: &str) -> String {
    let at = PEOPLE.iter().position(|(id, _, _)| *id == person).unwrap();
    format!("c0000000-0000-4000-8000-{at:012x}")
}

/// Somebody who has the app.
pub(crate) fn somebody(id: &str, name: &str, object_id: &str) -> Person {
    Person {
        id: mri(id),
        object_id: object_id.to_owned(),
        name: name.to_owned(),
        email: format!("{id}@example.com"),
        upn: format!("{id}@example.com"),
        tenant: TENANT.to_owned(),
        is_guest: false,
        has_app: true,
        locale: "en-US".to_owned(),
    }
}

/// A local Teams with the directory's people in it, but for who is absent.
pub(super) async fn start(absent: &[&str], minds_pace: bool, clock: Arc<dyn Clock>) -> Teams {
    let is_there = |(id, _, _): &&(&str, &str, &str)| !absent.contains(id);
    let people = PEOPLE.iter().filter(is_there);
    let options = TeamsOptions {
        bind: ([127, 0, 0, 1], 0).into(),
        app_id: APP.to_owned(),
        client_secret: SECRET.to_owned(),
        tenant: TENANT.to_owned(),
        people: people.map(|(id, name, _)| somebody(id, name, &object_id(id))).collect(),
        channels: vec![TEAMS_CHANNEL.to_owned()],
        clock,
        signer: Arc::new(signer("k1", "test-signing-key")),
        minds_pace,
    };
    Teams::start(options).await.unwrap()
}

/// How a bot is told of it, and where alarms are told.
pub(super) fn settings(teams: &Teams, alarm_channel: Option<String>) -> config::Teams {
    config::Teams {
        app_id: APP.to_owned(),
        tenant: TENANT.to_owned(),
        tenants: vec![TENANT.to_owned(), SISTER.to_owned()],
        client_secret: SECRET.into(),
        link_people_by_email: true,
        alarm_channel,
        service_url: teams.service_url(),
        metadata_url: teams.metadata_url(),
        token_url: teams.token_url(),
        has_tab: true,
        authority_url: teams.authority_url(),
    }
}

/// What a bare request of any method is answered with.
pub(crate) async fn raw(url: &str, method: &str, path: &str) -> String {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
