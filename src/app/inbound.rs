//! What platforms send, and send again where they doubt that it arrived.
use super::{ActError, App};

/// Stands before the names of what came, beside those of what was acted on.
const CAME: &str = "came:";

impl App {
    /// Takes note that a platform sent what is named so; false where it came before, to whichever
    /// instance. Days later it is forgotten, with all else that platforms repeat.
    pub async fn is_first(&self, name: &str) -> Result<bool, ActError> {
        self.retried(|| async {
            let mut tx = self.store().begin().await?;
            let is_first = tx.see_inbound(&format!("{CAME}{name}"), self.now()).await?;
            if is_first {
                tx.commit().await?;
            }
            Ok(is_first)
        })
        .await
    }
}
