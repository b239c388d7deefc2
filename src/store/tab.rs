//! Words of Teams' on who somebody is, and the browser that brought each: one word signs one browser
//! in.
use super::{StoreError, Tx, sql::sign_in as sql};
use chrono::{DateTime, Utc};

impl Tx {
    /// Keeps that a browser brought a word, good until then; false where another one brought it
    /// before.
    pub async fn bring_tab_word(
        &mut self,
        id: &str,
        browser: &str,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let args = [id.into(), browser.into(), until.timestamp_millis().into()];
        if self.conn.execute(sql::TAB_WORD_ADD, &args).await? == 1 {
            return Ok(true);
        }
        let row = self.conn.row(sql::TAB_WORD_GET, &[id.into()]).await?;
        Ok(row.map(|row| row.text(0)).transpose()?.is_some_and(|first| first == browser))
    }

    /// Forgets words that are good no longer.
    pub async fn forget_tab_words(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.conn.execute(sql::TAB_WORDS_FORGET, &[now.timestamp_millis().into()]).await
    }
}
