//! What a click asks for. Its value names a request at most; who may do what is worked out by `app`.
use super::handle::{Slack, Trouble, Way};
use super::payload::Click;
use super::stack::Over;
use super::{Ack, form, home};
use crate::domain::draft::Prefill;
use crate::domain::id::RequestId;
use std::sync::Arc;

impl Slack {
    /// Acknowledges a click and does what it asks for after that.
    pub(super) fn click(self: Arc<Self>, click: Click) -> Ack {
        let way = Way {
            from: click.from.clone(),
            trigger: click.trigger.clone(),
            response_url: click.response_url.clone(),
            is_click: true,
            copy: click.copy.clone().filter(|_| matches!(&*click.action, "approve" | "reject")),
            over: click.view.as_ref().and_then(Over::of),
        };
        self.later(|slack| async move { slack.clicked(&way, click).await });
        Ack::default()
    }

    async fn clicked(&self, way: &Way, click: Click) -> Result<(), Trouble> {
        if form::is_form(click.view.as_ref()) {
            return self.press(way, click).await;
        }
        if home::is_turn(&click.action) {
            return self.turn(way, click).await;
        }
        let id = click.value.split(' ').next().unwrap_or_default().parse::<RequestId>();
        match (click.action.as_str(), id) {
            ("new", _) => self.open_form(way, Prefill::default()).await,
            ("again", Ok(id)) => self.ask_again(way, id).await,
            ("approve", Ok(id)) => self.open_decision(way, id, true).await,
            ("reject", Ok(id)) => self.open_decision(way, id, false).await,
            ("details", Ok(id)) => self.open_details(way, id).await,
            ("cancel_for", Ok(id)) => self.open_end(way, id, (true, "")).await,
            ("revoke_for", Ok(id)) => self.open_end(way, id, (false, "")).await,
            ("page_next" | "page_previous" | "refresh", Ok(id)) => {
                self.turn_page(way, id, &click).await
            }
            ("connect" | "connect_next" | "connect_previous", Ok(id)) => {
                self.open_connect(way, id, &click).await
            }
            ("star" | "unstar", Ok(id)) => self.star(way, id, &click).await,
            ("extend", Ok(id)) => self.extend(way, id, Some(&click)).await,
            ("cancel", Ok(id)) => self.cancel(way, id, String::new()).await,
            ("revoke", Ok(id)) => self.revoke(way, id, String::new()).await,
            // A button of an older version, or a forged one: nothing is done, and that is said.
            _ => {
                self.say_dead_button(way).await;
                Ok(())
            }
        }
    }
}
