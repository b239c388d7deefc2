//! Copies of messages below which a newer one was posted: where they are, so that they can be told
//! of the end.
use super::{Card, StoreError, Tx, sql};

impl Tx {
    /// Keeps where a copy is that a newer one takes the place of; a copy that is nowhere is none.
    pub async fn keep_earlier(&mut self, card: &Card) -> Result<(), StoreError> {
        let Some((platform, place, stamp)) = &card.posted else { return Ok(()) };
        let args = [
            card.request.0.into(),
            (&card.kind).into(),
            (&card.recipient).into(),
            platform.into(),
            place.into(),
            stamp.into(),
        ];
        self.conn.execute(sql::EARLIER_ADD, &args).await?;
        Ok(())
    }

    /// Where the earlier copies of a card are: platform, place, and the platform's name of each.
    pub async fn earlier_copies(
        &mut self,
        card: &Card,
    ) -> Result<Vec<(String, String, String)>, StoreError> {
        let args = [card.request.0.into(), (&card.kind).into(), (&card.recipient).into()];
        let rows = self.conn.rows(sql::EARLIER_OF, &args).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.text(2)?))).collect()
    }
}
