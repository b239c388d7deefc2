//! Making a person's Home agree with what they would find in it.
use super::{Worker, backoff};
use crate::app::ActError;
use crate::app::homes::ToDraw;
use crate::chat::SendError;
use crate::domain::id::PersonId;
use crate::show::{Voice, home};
use crate::store::outbox::Claim;

/// Names the pace of all drawing: platforms limit it over all people.
const ALL_HOMES: &str = "homes";

impl Worker {
    /// Draws a Home, once a second at most, and again at once where it was overtaken.
    pub(super) async fn draw_home(&self, claim: &Claim, person: &PersonId) -> Result<(), ActError> {
        let now = self.app.now();
        let Some(to_draw) = self.app.home_to_draw(person, home::SIZES).await? else {
            return self.finish(claim).await;
        };
        let held_until = self.pace.held(ALL_HOMES, now);
        let not_before = held_until.map_or(to_draw.not_before, |held| held.max(to_draw.not_before));
        if now < not_before {
            return self.wait_for_turn(claim, not_before).await;
        }
        let drawn = match self.draw(person, &to_draw, to_draw.over.as_deref()).await {
            Err(SendError::Overtaken) => self.draw_again(person).await?,
            drawn => drawn,
        };
        match drawn {
            Ok(stamp) => self.app.home_drawn(claim, person, &stamp, now).await,
            Err(SendError::Later { after, why }) => {
                let pause = backoff::message(claim.attempts, after);
                if after.is_some() {
                    self.pace.hold(ALL_HOMES, now + pause);
                }
                self.postpone(claim, pause, &why).await
            }
            Err(SendError::ShutOut(why)) => {
                self.postpone(claim, backoff::message(claim.attempts, None), &why).await
            }
            Err(SendError::Unreachable(why)) => {
                tracing::info!(why, "a Home cannot be reached and is forgotten");
                self.app.home_lost(claim, person).await
            }
            Err(error @ (SendError::Wrong(_) | SendError::Overtaken)) => {
                self.set_aside(claim, &error.to_string()).await
            }
        }
    }

    /// Something else was published meanwhile, or a crash came between publishing and taking note:
    /// looks at the present once more, and draws it over whatever is there.
    async fn draw_again(&self, person: &PersonId) -> Result<Result<String, SendError>, ActError> {
        match self.app.home_to_draw(person, home::SIZES).await? {
            Some(to_draw) => Ok(self.draw(person, &to_draw, None).await),
            None => Ok(Err(SendError::Unreachable("it is not to be drawn any more".to_owned()))),
        }
    }

    async fn draw(
        &self,
        person: &PersonId,
        to_draw: &ToDraw,
        over: Option<&str>,
    ) -> Result<String, SendError> {
        let platform = &to_draw.account.platform;
        let messenger = self.messengers.iter().find(|one| one.platform() == platform);
        let Some(messenger) = messenger else {
            return Err(SendError::Unreachable(format!("{platform} is not configured any more")));
        };
        let snapshot = self.app.policy();
        let voice = Voice::new(&snapshot.policy, to_draw.language.unwrap_or(self.language));
        let home = home::home(voice, person, &to_draw.portal);
        messenger.draw_home(&to_draw.account, over, &home, voice.language).await
    }
}
