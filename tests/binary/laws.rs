//! What must always be true (ACCEPTANCE.md, I1 to I5), and what people must see in the end.
use crate::people::live_buttons;
use crate::world::{ANA, BEN, CHANNEL, Row, World};
use hallpass::clock::{Clock as _, SystemClock};
use hallpass::demo::slack::Message;
use serde_json::Value;
use std::collections::BTreeSet;

/// Longest that access may be there past its end, in milliseconds.
const LATEST_MS: i64 = 60_000;

impl Row {
    fn is_live(&self) -> bool {
        ["Granting", "Active", "Revoking"].contains(&self.status.as_str())
    }

    pub(crate) fn is_over(&self) -> bool {
        self.status == "Expired"
    }
}

/// Where a message is.
fn place(message: &Message) -> String {
    format!("{} {}", message.channel, message.ts)
}

impl World {
    /// I1, I2 and I4 as they stand now: the target is read between two looks at the database.
    pub(crate) async fn laws_hold_now(&self) {
        let before = self.requests().await;
        let access = self.target.access();
        let after = self.requests().await;
        let now = SystemClock.now().timestamp_millis();
        for room in &access {
            let covers = |row: &&Row| row.is_live() && row.resources.contains(room);
            let covering = before.iter().chain(&after).find(covers);
            let covering =
                covering.unwrap_or_else(|| panic!("I1: nobody may have {room}: {after:?}"));
            let latest = covering.expires_at.unwrap_or(now) + LATEST_MS;
            assert!(now <= latest, "I2: {room} is there {} ms too long", now - latest);
        }
        let is_active = |row: &Row| row.status == "Active" && before.contains(row);
        for row in after.iter().filter(|row| is_active(row)) {
            for room in &row.resources {
                assert!(access.contains(room), "I4: {row:?} is Active without {room}");
            }
        }
    }

    /// Whether everything that was asked for has come and gone, and everybody was told.
    pub(crate) async fn is_over(&self) -> bool {
        let requests = self.requests().await;
        let lost = self.lost_copies().await;
        requests.iter().all(Row::is_over)
            && self.target.access().is_empty()
            && requests.iter().all(|row| self.is_told(row))
            && self.stale_messages().iter().all(|message| lost.contains(&place(message)))
    }

    /// Keeps what is posted while no bot runs.
    pub(crate) fn note_posted(&mut self) {
        self.posted = self.stale_messages().iter().map(place).collect();
    }

    /// Copies with buttons that were posted before the bot died and whose place it had not noted.
    pub(crate) async fn lost_copies(&self) -> BTreeSet<String> {
        let known = self.noted().await;
        self.posted.difference(&known).cloned().collect()
    }

    /// Whether Ana's messages about a request say how it ended.
    fn is_told(&self, row: &Row) -> bool {
        let id = format!("AR-{}", row.id);
        let about: Vec<String> = self.workspace.dm(ANA).iter().map(Message::all_text).collect();
        let count = |text: &str| {
            about.iter().filter(|said| said.contains(text) && said.contains(&id)).count()
        };
        // The living message and the one that tells of the end; the one that told of the beginning.
        count("· Expired") >= 2 && count("This access has ended") >= 1
    }

    /// Copies that still offer what is over.
    pub(crate) fn stale_messages(&self) -> Vec<Message> {
        let mut all = self.workspace.messages(CHANNEL);
        for person in [ANA, BEN, "U0DEV"] {
            all.extend(self.workspace.dm(person));
        }
        all.retain(|message| !live_buttons(message).is_empty());
        all
    }

    /// I3 and I5 over the whole history.
    pub(crate) async fn history_is_right(&self) {
        let rows = self.installation.audit().await;
        for request in self.requests().await {
            let about: Vec<&Value> =
                rows.iter().filter(|row| row["request"] == request.id).collect();
            let moves: Vec<&Value> =
                about.iter().copied().filter(|row| !row["body"]["to"].is_null()).collect();
            assert_eq!(moves.len(), usize::try_from(request.version).unwrap(), "I5: {about:#?}");
            for pair in moves.windows(2) {
                let from = pair[1]["body"]["from"].as_str().unwrap();
                let from = from.to_lowercase().replace(' ', "_");
                assert_eq!(from, pair[0]["body"]["to"]["status"], "I5: {about:#?}");
            }
            let decided: Vec<&&Value> =
                moves.iter().filter(|row| row["body"]["from"] == "Pending Approval").collect();
            let is_asked = request.resources.iter().any(|room| room.starts_with("ben-"));
            assert_eq!(decided.len(), usize::from(is_asked), "I3: {about:#?}");
            assert!(decided.iter().all(|row| row["actor"]["person"] == "ben"), "I3: {about:#?}");
        }
        let mut refused = self.workspace.refusals();
        // On a busy machine a trigger may lapse; people pressed again.
        refused.retain(|call| {
            call.answer.as_ref().is_some_and(|(_, body)| body["error"] != "expired_trigger_id")
        });
        assert!(refused.is_empty(), "{refused:?}");
    }
}
