//! What people see and do in their App Home, and in lists of their requests.
use super::{SOON, World, policy};
use hallpass::demo::slack::{Answer, Container, View, read};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

impl World {
    /// Opens a person's Home and waits until it is drawn.
    pub(crate) async fn opens_home(&self, person: &str) -> View {
        let account = policy::account(person);
        let before = self.hash_of_home(person);
        assert!(self.slack.home(&account).await.is_ok());
        self.sees_home(person, |home| Some(home.hash()) != before.as_deref()).await
    }

    /// The Home as it is on the screen now.
    pub(crate) fn home_of(&self, person: &str) -> View {
        self.slack.home_of(&policy::account(person)).unwrap()
    }

    fn hash_of_home(&self, person: &str) -> Option<String> {
        self.slack.home_of(&policy::account(person)).map(|home| home.hash().to_owned())
    }

    /// Works until a person's Home is as it should be.
    pub(crate) async fn sees_home(&self, person: &str, is_so: impl Fn(&View) -> bool) -> View {
        let account = policy::account(person);
        let until = Instant::now() + SOON;
        loop {
            self.settle().await;
            let home = self.slack.home_of(&account);
            if let Some(home) = home.clone().filter(&is_so) {
                return home;
            }
            let refused = self.slack.refusals();
            assert!(Instant::now() < until, "{person} sees {home:#?}; refused: {refused:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Presses the button of this action and value in a person's Home, and waits until it is redrawn.
    pub(crate) async fn turns_home(&self, person: &str, action: &str, value: &str) -> View {
        let before = self.hash_of_home(person);
        let answer = self.presses_in_home(person, action, value).await;
        assert!(answer.is_ok(), "{answer:?}");
        self.sees_home(person, |home| Some(home.hash()) != before.as_deref()).await
    }

    /// The same, without looking what comes of it.
    pub(crate) async fn presses_in_home(&self, person: &str, action: &str, value: &str) -> Answer {
        // Sent in the name of a button that is always there, so that a story may forge any other.
        let part = json!({ "action_id": action, "value": value });
        let account = policy::account(person);
        self.slack.act(&account, &Container::Home, "new", part, &json!({})).await
    }

    /// Chooses statuses in a person's Home, whether they exist or not.
    pub(crate) async fn filters_home(&self, person: &str, statuses: &[&str]) -> View {
        let before = self.hash_of_home(person);
        let chosen: Vec<Value> = statuses.iter().map(|status| json!({ "value": status })).collect();
        let part = json!({ "selected_options": chosen });
        let account = policy::account(person);
        let answer = self.slack.act(&account, &Container::Home, "statuses", part, &json!({})).await;
        assert!(answer.is_ok(), "{answer:?}");
        self.sees_home(person, |home| Some(home.hash()) != before.as_deref()).await
    }
}

/// The requests that a list of a view shows, in order, by the buttons' blocks: `requests-AR-1001`.
pub(crate) fn rows(view: &Value, list: &str) -> Vec<i64> {
    let mut rows: Vec<i64> = Vec::new();
    for found in read::elements(view) {
        let number = found.block_id.strip_prefix(list).and_then(|rest| rest.strip_prefix("-AR-"));
        rows.extend(number.and_then(|number| number.parse::<i64>().ok()));
    }
    rows.dedup();
    rows
}

/// What the button of this action carries, in the list that its value begins with.
pub(crate) fn carried(view: &Value, action: &str, list: &str) -> Option<String> {
    let values = read::elements(view).into_iter().filter(|found| found.action_id == action);
    let mut values = values.filter_map(|found| found.element["value"].as_str().map(str::to_owned));
    values.find(|value| value.starts_with(list))
}
