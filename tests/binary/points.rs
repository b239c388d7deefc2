//! The points at which the bot is killed (V7), and the way to each.
use crate::world::{BEN, ROOMS_IN_WING, Row, WINGS, World, room};
use hallpass::clock::{Clock as _, SystemClock};
use hallpass::demo::slack::{Fault, FaultHandle, Filter};
use std::time::Duration;

/// How long access lasts here.
const LIFE: &str = "6s";
/// Calls of one program at a time; the next waits for its turn.
const TURNS: usize = 4;

/// Where the bot is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Point {
    InsertedBeforeMessage,
    PostedBeforeSaved,
    GrantingBeforeCall,
    GrantInFlight,
    GrantedBeforeAnswer,
    ActiveBeforeTold,
    DueBeforeRevoking,
    RevokingBeforeCall,
    RevokeInFlight,
    RevokedBeforeAnswer,
    Splitting,
    HalfGranted,
}

/// What a kill left on the way; the test lets it go on.
#[derive(Default)]
pub(crate) struct Left {
    /// A call to Slack that is held.
    call: Option<FaultHandle>,
    /// A form that may not have been acknowledged.
    form: Option<String>,
    /// Access that ends while no bot runs, in epoch milliseconds.
    ends_at: Option<i64>,
}

impl Point {
    pub(crate) const ALL: [Self; 12] = [
        Self::InsertedBeforeMessage,
        Self::PostedBeforeSaved,
        Self::GrantingBeforeCall,
        Self::GrantInFlight,
        Self::GrantedBeforeAnswer,
        Self::ActiveBeforeTold,
        Self::DueBeforeRevoking,
        Self::RevokingBeforeCall,
        Self::RevokeInFlight,
        Self::RevokedBeforeAnswer,
        Self::Splitting,
        Self::HalfGranted,
    ];

    /// Most copies that Slack took and whose place the bot could not note before it died. Slack says
    /// where a message is in its answer alone, and to look for it afterwards takes the right to read
    /// people's conversations, which Hallpass does not ask for. So what was between the two stays:
    /// of each request one message to each reader at most, since those go one after the other. It is
    /// posted again, and whoever presses the lost copy is told and the copy closed.
    pub(crate) fn most_lost_copies(self) -> usize {
        match self {
            // Ben's question, which is held there.
            Self::PostedBeforeSaved => 1,
            // Four requests tell Ana that they are there.
            Self::Splitting | Self::HalfGranted => 4,
            // Everything was quiet, or held before Slack took it.
            _ => 0,
        }
    }

    /// Whether somebody must approve after the restart.
    pub(crate) fn needs_approval(self) -> bool {
        matches!(self, Self::InsertedBeforeMessage | Self::PostedBeforeSaved)
    }

    /// Goes to the point and kills the bot there.
    pub(crate) async fn kill(self, world: &mut World, round: u64) -> Left {
        let mut left = Left::default();
        match self {
            Self::InsertedBeforeMessage => {
                left.call = Some(ask_ben(world, Fault::HoldBefore).await)
            }
            Self::PostedBeforeSaved => left.call = Some(ask_ben(world, Fault::HoldAfter).await),
            Self::GrantingBeforeCall => granting_before_call(world).await,
            Self::GrantInFlight => hold_grant(world, "before-grant").await,
            Self::GrantedBeforeAnswer => hold_grant(world, "after-grant").await,
            Self::ActiveBeforeTold => left.call = Some(hold_news(world).await),
            Self::DueBeforeRevoking => {
                world.ask(&[room("h0", 0)], "12s").await;
                world.wait_requests("Active", |all| are(all, "Active")).await;
                world.quiet().await;
                left.ends_at = world.requests().await[0].expires_at;
            }
            Self::RevokingBeforeCall => revoking_before_call(world).await,
            Self::RevokeInFlight => hold_revoke(world, "before-revoke").await,
            Self::RevokedBeforeAnswer => hold_revoke(world, "after-revoke").await,
            Self::Splitting => {
                left.form = Some(split(world, round).await);
                return left;
            }
            Self::HalfGranted => half_granted(world).await,
        }
        world.kill_bot().await;
        left
    }
}

impl Left {
    /// What was under way outside the bot when it died goes on: calls act, time passes.
    pub(crate) async fn act(&self, world: &World) {
        if let Some(call) = &self.call {
            call.release();
        }
        world.target.release().await;
        if let Some(ends_at) = self.ends_at {
            let wait = ends_at + 1_000 - SystemClock.now().timestamp_millis();
            tokio::time::sleep(Duration::from_millis(wait.max(0).unsigned_abs())).await;
        }
    }

    /// Who saw no answer presses again.
    pub(crate) async fn press_again(&self, world: &World) {
        let Some(form) = &self.form else { return };
        world.press_again(form).await;
        assert_eq!(world.resources().await, hundred(), "the split is whole, and there once");
    }
}

impl World {
    /// Ana presses the button again where the form is still before her.
    pub(crate) async fn press_again(&self, form: &str) {
        let is_open = self.workspace.read(|state| {
            state.view(form).is_some_and(|view| view.all_text().contains("Why do you need it?"))
        });
        if is_open {
            let sent = self.send(form).await;
            assert!(sent.is_ok() && sent.errors.is_empty(), "{sent:?}");
        }
    }

    /// Everything that was asked for, in order; what was asked for twice is there twice.
    pub(crate) async fn resources(&self) -> Vec<String> {
        let requests = self.requests().await;
        let mut all: Vec<String> = requests.into_iter().flat_map(|row| row.resources).collect();
        all.sort();
        all
    }

    /// Ana fills a form with a thousand things. Slack's select holds a hundred: what holds more
    /// sends the same form.
    pub(crate) async fn fill_a_thousand(&self) -> String {
        let form = self.open_form().await;
        let mut options = Vec::new();
        for wing in WINGS {
            for ten in 0..ROOMS_IN_WING / 10 {
                options.extend(self.options(&form, &format!("{wing}-{ten:02}")).await);
            }
        }
        assert_eq!(options.len(), 1_000);
        self.fill_with(&form, &options, LIFE).await
    }

    /// Waits until every message that is on its way has arrived and was noted.
    pub(crate) async fn quiet(&self) {
        let mut before = 0;
        loop {
            tokio::time::sleep(Duration::from_millis(700)).await;
            let (calls, open) = self.workspace.read(|state| {
                let calls = state.calls("*");
                (calls.len(), calls.iter().filter(|call| call.answer.is_none()).count())
            });
            if open == 0 && calls == before {
                return;
            }
            before = calls;
        }
    }
}

fn are(all: &[Row], status: &str) -> bool {
    !all.is_empty() && all.iter().all(|row| row.status == status)
}

async fn ask_ben(world: &World, fault: Fault) -> FaultHandle {
    let held = world.workspace.fault("chat.postMessage", Filter::user(BEN), fault, 9);
    world.ask(&[room("ben", 0)], LIFE).await;
    world.wait_held_call("chat.postMessage").await;
    // Ana's and the channel's copies arrive meanwhile.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    held
}

async fn hold_grant(world: &World, point: &str) {
    world.target.hold(point);
    world.ask(&[room("h0", 0)], LIFE).await;
    world.target.wait_held(1).await;
    world.quiet().await;
}

async fn granting_before_call(world: &World) {
    world.target.hold("before-grant");
    let taken: Vec<String> = (0..TURNS).map(|n| room("h0", n)).collect();
    world.ask(&taken, LIFE).await;
    world.target.wait_held(TURNS).await;
    world.ask(&[room("h1", 0)], LIFE).await;
    world.wait_requests("Granting", |all| all.len() == 2 && are(all, "Granting")).await;
    world.quiet().await;
    assert!(!world.target.calls().contains(&"grant h1-00".to_owned()));
}

async fn hold_news(world: &World) -> FaultHandle {
    world.target.hold("after-grant");
    world.ask(&[room("h0", 0)], LIFE).await;
    world.target.wait_held(1).await;
    world.quiet().await;
    let filter = Filter::user(crate::world::ANA);
    let held = world.workspace.fault("chat.postMessage", filter, Fault::HoldBefore, 9);
    world.target.release().await;
    world.wait_held_call("chat.postMessage").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    held
}

async fn hold_revoke(world: &World, point: &str) {
    world.target.hold(point);
    world.ask(&[room("h0", 0)], LIFE).await;
    world.target.wait_held(1).await;
    world.quiet().await;
}

async fn revoking_before_call(world: &World) {
    world.target.hold("before-revoke");
    let taken: Vec<String> = (0..TURNS).map(|n| room("h0", n)).collect();
    world.ask(&taken, LIFE).await;
    world.wait_requests("access", |all| all.iter().all(|row| row.status != "Granting")).await;
    // It ends a little later than those that take every turn.
    world.ask(&[room("h1", 0)], "9s").await;
    world.target.wait_held(TURNS).await;
    world.wait_requests("Revoking", |all| all.len() == 2 && are(all, "Revoking")).await;
    world.quiet().await;
    assert!(!world.target.calls().contains(&"revoke h1-00".to_owned()));
}

/// A thousand rooms in four wings.
pub(crate) fn a_thousand() -> Vec<String> {
    let rooms =
        |wing: &str| (0..ROOMS_IN_WING).map(|n| format!("{wing}-{n:03}")).collect::<Vec<_>>();
    WINGS.iter().flat_map(|wing| rooms(wing)).collect()
}

/// As much as Slack's form takes: four halls, so four requests in one commit.
fn hundred() -> Vec<String> {
    ["h0", "h1", "h2", "h3"].iter().flat_map(|hall| (0..25).map(|n| room(hall, n))).collect()
}

/// Kills the bot while it splits; each round a little later.
async fn split(world: &mut World, round: u64) -> String {
    let form = world.fill(&hundred(), LIFE).await;
    let (workspace, pressed) = (world.workspace.clone(), form.clone());
    let sending = tokio::spawn(async move {
        workspace.submit(crate::world::ANA, &pressed, &serde_json::json!({})).await
    });
    tokio::time::sleep(Duration::from_millis(10 + 40 * round)).await;
    world.kill_bot().await;
    let _ = sending.await;
    form
}

async fn half_granted(world: &World) {
    let form = world.fill(&hundred(), LIFE).await;
    let sent = world.send(&form).await;
    assert!(sent.is_ok() && sent.errors.is_empty(), "{sent:?}");
    while world.target.access().len() < 30 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
