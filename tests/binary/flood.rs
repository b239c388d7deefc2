//! V16 on the process: bodies without end, JSON without a floor, sockets without a word.
use crate::bot::Bot;
use crate::world::{ANA, Kind, World};
use hallpass::clock::{Clock as _, SystemClock};
use hallpass::demo::slack::Kind as Sent;
use hallpass::demo::teams::{Person, Signer, Teams, TeamsOptions};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest refusal (V16).
const REFUSED_WITHIN: Duration = Duration::from_secs(1);
/// The same for one of 64 at once, whose senders share two cores with an unoptimised bot.
const REFUSED_AT_ONCE: Duration = Duration::from_secs(5);
/// Most that memory may grow (V16), in KiB.
const GROWTH_KIB: u64 = 32 * 1024;
const SOCKETS: usize = 2_000;
/// Where Teams sends to.
const TEAMS: &str = "/api/messages";

/// Sends a request whose body goes on until it is refused; the answer's first line and the time.
async fn pour(
    bot: &Bot,
    path: &str,
    head: &str,
    chunk: &[u8],
    chunks: usize,
) -> (String, Duration) {
    let since = Instant::now();
    let stream = TcpStream::connect(bot.address()).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let head = format!("POST {path} HTTP/1.1\r\nHost: hallpass\r\n{head}\r\n");
    let chunk = chunk.to_vec();
    let sending = tokio::spawn(async move {
        let mut sent = to.write_all(head.as_bytes()).await;
        for _ in 0..chunks {
            if sent.is_err() {
                return;
            }
            sent = to.write_all(&chunk).await;
        }
    });
    let mut answer = vec![0; 64];
    let read = timeout(Duration::from_secs(20), from.read(&mut answer)).await;
    let read = read.expect("an answer or an end").unwrap_or(0);
    let took = since.elapsed();
    sending.abort();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    (answer.lines().next().unwrap_or_default().to_owned(), took)
}

/// The bot answers its health and a signed command while it is flooded.
async fn serves_others(world: &World) {
    let since = Instant::now();
    let answer = world.workspace.slash(ANA, "help").await;
    assert!(answer.is_ok(), "{answer:?}");
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
}

fn grew_little(bot: &Bot, before: u64, what: &str) {
    let (now, peak) = bot.memory();
    eprintln!("{what}: {before} KiB before, {now} KiB now, {peak} KiB at most");
    let growth = peak.saturating_sub(before);
    assert!(growth <= GROWTH_KIB, "{what}: {growth} KiB more");
}

/// A local Teams with Ana in it.
async fn local_teams() -> Teams {
    let id = |letter: char| format!("{letter}0000000-0000-4000-8000-00000000000{letter}");
    let key = format!("{}/tests/keys/test-signing-key.pk8", env!("CARGO_MANIFEST_DIR"));
    let ana = Person {
        id: "29:ana".to_owned(),
        object_id: id('c'),
        name: "ana".to_owned(),
        email: "ana@example.com".to_owned(),
        upn: "ana@example.com".to_owned(),
        tenant: id('b'),
        is_guest: false,
        has_app: true,
        locale: "en-US".to_owned(),
    };
    let options = TeamsOptions {
        bind: ([127, 0, 0, 1], 0).into(),
        app_id: id('a'),
        client_secret: "teams-secret".to_owned(),
        tenant: id('b'),
        people: vec![ana],
        channels: Vec::new(),
        clock: Arc::new(SystemClock),
        signer: Arc::new(Signer::new("k1", &std::fs::read(key).unwrap()).unwrap()),
        minds_pace: false,
    };
    Teams::start(options).await.unwrap()
}

/// A bot of both platforms that has done everything once, and its memory.
async fn warm() -> (World, Teams, u64) {
    let (mut world, teams) = (World::make(&Kind::Sqlite).await, local_teams().await);
    let section = format!(
        "[teams]\napp_id = \"{}\"\ntenant = \"{}\"\nservice_url = \"{}\"\n\
         metadata_url = \"{}\"\ntoken_url = \"{}\"\n[slack]",
        "a0000000-0000-4000-8000-00000000000a",
        "b0000000-0000-4000-8000-00000000000b",
        teams.service_url(),
        teams.metadata_url(),
        teams.token_url()
    );
    world.installation.edit("hallpass.toml", "[slack]", &section);
    let secret = ("HALLPASS_TEAMS_CLIENT_SECRET".to_owned(), "teams-secret".to_owned());
    world.installation.environment.extend([secret]);
    world.start_bot().await;
    teams.set_bot_url(&world.bot().url);
    serves_others(&world).await;
    serves_teams(&teams).await;
    let (before, _) = world.bot().memory();
    (world, teams, before)
}

/// Ana is shown the form in Teams while the bot is flooded.
async fn serves_teams(teams: &Teams) {
    let since = Instant::now();
    let opens = serde_json::json!({ "commandId": "request" });
    let answer = teams.invoke("29:ana", "composeExtension/fetchTask", opens).await;
    assert!(answer.body.to_string().contains("By resource"), "{answer:?}");
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
}

/// Headers of a request that Teams signed.
fn signed(teams: &Teams, more: &str) -> String {
    format!("Authorization: Bearer {}\r\n{more}", teams.token(&teams.claims()))
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_without_end_are_refused_at_once_and_cost_nothing() {
    let (world, teams, before) = warm().await;
    let bot = world.bot();
    let megabyte = [&b"100000\r\n"[..], &vec![b'x'; 1024 * 1024], b"\r\n"].concat();
    let plain = vec![b'x'; 2 * 1024 * 1024];
    for path in ["/slack/events", "/slack/interactions", "/slack/commands", "/slack/options"] {
        let (line, took) = pour(bot, path, "Content-Length: 2097152\r\n", &plain, 1).await;
        assert!(line.contains(" 413 "), "{path}: {line:?}");
        assert!(took <= REFUSED_WITHIN, "{path}: {took:?}");

        let (line, took) =
            pour(bot, path, "Transfer-Encoding: chunked\r\n", &megabyte, 1_024).await;
        assert!(line.contains(" 413 "), "{path}: {line:?}");
        assert!(took <= REFUSED_WITHIN, "{path}: {took:?}");
        serves_others(&world).await;
    }
    // What says how long it is need not be read at all; what does not is asked for its token first.
    for (token, chunked) in [(String::new(), " 401 "), (signed(&teams, ""), " 413 ")] {
        for (length, body, times, status) in [
            ("Content-Length: 2097152\r\n", &plain, 1, " 413 "),
            ("Transfer-Encoding: chunked\r\n", &megabyte, 1_024, chunked),
        ] {
            let head = format!("{token}{length}");
            let (line, took) = pour(bot, TEAMS, &head, body, times).await;
            assert!(line.contains(status), "{head}: {line:?}");
            assert!(took <= REFUSED_WITHIN, "{head}: {took:?}");
            serves_teams(&teams).await;
        }
    }
    pours_into_teams(bot, &teams, &megabyte).await;

    let many = (0..64)
        .map(|_| pour(bot, "/slack/events", "Transfer-Encoding: chunked\r\n", &megabyte, 1_024));
    let (answers, ()) = tokio::join!(futures_util::future::join_all(many), serves_others(&world));
    // Who is refused while still pouring may find the connection gone before the answer was read.
    let told = answers.iter().filter(|(line, _)| line.contains(" 413 ")).count();
    for (line, took) in &answers {
        assert!(line.contains(" 413 ") || line.is_empty(), "one of 64 bodies at once: {line:?}");
        assert!(*took <= REFUSED_AT_ONCE, "one of 64 bodies at once: {took:?}");
    }
    let slowest = answers.iter().map(|(_, took)| *took).max();
    eprintln!("64 bodies of 1 GiB at once: {told} told why, the last ended after {slowest:?}");
    assert!(told > 0, "nobody is told why");
    grew_little(bot, before, "bodies");
    teams.shutdown().await;
    world.close().await;
}

/// Sixty-four at once that Teams signed, and as many that nobody did.
async fn pours_into_teams(bot: &Bot, teams: &Teams, chunk: &[u8]) {
    let chunked = "Transfer-Encoding: chunked\r\n";
    let heads = [chunked.to_owned(), signed(teams, chunked)];
    let many = (0..128).map(|n| pour(bot, TEAMS, &heads[n % 2], chunk, 1_024));
    let (answers, ()) = tokio::join!(futures_util::future::join_all(many), serves_teams(teams));
    for (line, took) in &answers {
        let is_told = line.contains(" 401 ") || line.contains(" 413 ");
        assert!(is_told || line.is_empty(), "one of 128 bodies at once: {line:?}");
        assert!(*took <= REFUSED_AT_ONCE * 2, "one of 128 bodies at once: {took:?}");
    }
    assert!(answers.iter().any(|(line, _)| line.contains(" 401 ")), "nobody is told why");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_without_a_floor_is_refused() {
    let (world, teams, before) = warm().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", &deep)
            .finish();
        for (kind, body) in
            [(Sent::Event, deep), (Sent::Interaction, form.clone()), (Sent::Options, form)]
        {
            let mut headers = world.workspace.sign(SystemClock.now(), body.as_bytes());
            let (content_type, _) = kind.pack(&serde_json::json!({}));
            headers.push(("Content-Type".to_owned(), content_type.to_owned()));
            let url = format!("{}{}", world.bot().url, kind.path());
            let ack = world.workspace.send_raw(&url, headers, body.into_bytes()).await;
            assert_eq!(ack.status, Some(400), "{kind:?}");
            assert!(ack.elapsed <= REFUSED_WITHIN, "{kind:?}: {:?}", ack.elapsed);
        }
    }
    let bearer = format!("Bearer {}", teams.token(&teams.claims()));
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    for body in [deep("[", "]"), deep("{\"a\":", "}"), "\u{0}\u{1}".to_owned(), "{".repeat(9)] {
        let since = Instant::now();
        let reply = teams.post_with(Some(&bearer), body.clone().into_bytes()).await;
        assert_eq!(reply.status, 400, "{}", &body[..2]);
        assert!(since.elapsed() <= REFUSED_WITHIN, "{:?}", since.elapsed());
        assert_eq!(teams.post_with(None, body.into_bytes()).await.status, 401);
    }
    serves_teams(&teams).await;
    serves_others(&world).await;
    grew_little(world.bot(), before, "deep JSON");
    teams.shutdown().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_slow_sockets_keep_nobody_out() {
    let (world, teams, before) = warm().await;
    let mut slow = Vec::new();
    let bearer = signed(&teams, "Content-Length: 1000\r\n");
    for n in 0..SOCKETS {
        let mut stream = TcpStream::connect(world.bot().address()).await.unwrap();
        // Some say nothing, some begin a request, some begin a body.
        let word = match n % 6 {
            0 | 3 => String::new(),
            1 => "POST /slack/events HTTP/1.1\r\nHost: h".to_owned(),
            2 => "POST /slack/events HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc"
                .to_owned(),
            4 => format!("POST {TEAMS} HTTP/1.1\r\nHost: h\r\nAuthorization: Bea"),
            _ => format!("POST {TEAMS} HTTP/1.1\r\nHost: h\r\n{bearer}\r\n{{\"type\""),
        };
        let _ = stream.write_all(word.as_bytes()).await;
        slow.push(stream);
        if n % 200 == 0 {
            serves_others(&world).await;
            serves_teams(&teams).await;
        }
    }
    // They go on, a byte at a time, while others are served.
    for _ in 0..5 {
        for stream in &mut slow {
            let _ = stream.try_write(b"x");
        }
        serves_others(&world).await;
        serves_teams(&teams).await;
    }
    grew_little(world.bot(), before, "slow sockets");

    // Whoever never finishes a request is sent away.
    let since = Instant::now();
    let mut gone = 0;
    for mut stream in slow {
        let mut rest = Vec::new();
        let left = Duration::from_secs(40).saturating_sub(since.elapsed());
        gone += usize::from(timeout(left, stream.read_to_end(&mut rest)).await.is_ok());
    }
    eprintln!("{gone} of {SOCKETS} slow sockets were closed within {:?}", since.elapsed());
    assert_eq!(gone, SOCKETS);
    teams.shutdown().await;
    world.close().await;
}
