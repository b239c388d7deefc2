//! Where people are written to directly, on platforms that have to be told a conversation.
use super::{ActError, App};
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use serde::{Deserialize, Serialize};

/// Where an account is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direct {
    /// Where the platform takes messages for this conversation.
    pub service_url: String,
    /// The conversation.
    pub conversation: String,
    /// The user, by the name that the platform has for them in messages.
    pub user: String,
}

impl App {
    /// Notes where a linked account is written to; whether that was not known before. What waits for
    /// its owner goes there, where they could not be written to before.
    pub async fn note_direct(&self, account: &Account, direct: &Direct) -> Result<bool, ActError> {
        let known = self.direct(account).await?;
        let is_away = self.is_away(account).await?;
        if known.as_ref() == Some(direct) && !is_away {
            return Ok(false);
        }
        let person = self.known_person(account).await?;
        let text = serde_json::json!(direct).to_string();
        self.retried(|| async {
            let mut tx = self.store().begin().await?;
            // Of two who hear of it at once, one notes it.
            let is_noted = tx.note_direct(account, &text, self.now()).await?;
            if is_noted {
                if let Some(person) = person.as_ref().filter(|_| known.is_none() || is_away) {
                    self.catch_up(&mut tx, person).await?;
                }
                tx.commit().await?;
                self.ring();
            }
            Ok(is_noted && known.is_none())
        })
        .await
    }

    /// Forgets where an account is written to: its owner removed us there.
    pub async fn forget_direct(&self, account: &Account) -> Result<(), ActError> {
        self.retried(|| async {
            let mut tx = self.store().begin().await?;
            if tx.forget_direct(account).await? {
                tx.commit().await?;
            }
            Ok(())
        })
        .await
    }

    /// Where an account is written to, where that is known.
    pub async fn direct(&self, account: &Account) -> Result<Option<Direct>, ActError> {
        let noted = self.store().read().await?.direct(account).await?;
        // What cannot be read was written by another version: it is noted anew at the next contact.
        Ok(noted.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The platform's names in messages of those of these people who were met there, at most `most`.
    pub async fn users_of(
        &self,
        people: &[PersonId],
        platform: &str,
        most: usize,
    ) -> Result<Vec<String>, ActError> {
        let mut tx = self.store().read().await?;
        let mut users = Vec::new();
        for person in people {
            if users.len() >= most {
                break;
            }
            let Some(met) = self.reached(&mut tx, person, platform).await? else { continue };
            let noted = tx.direct(&met.account).await?;
            let direct = noted.and_then(|text| serde_json::from_str::<Direct>(&text).ok());
            users.extend(direct.map(|direct| direct.user));
        }
        Ok(users)
    }
}
