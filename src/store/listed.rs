//! What connectors listed, kept so that a restart while a target is down still knows it.
use super::{StoreError, Tx, sql};
use crate::domain::catalog::Resource;
use crate::domain::id::IntegrationId;

impl Tx {
    /// Replaces what an integration listed.
    pub async fn save_listed(
        &mut self,
        integration: &IntegrationId,
        resources: &[Resource],
    ) -> Result<(), StoreError> {
        self.conn.execute(sql::LISTED_CLEAR, &[integration.as_str().into()]).await?;
        for resource in resources {
            let body = serde_json::to_string(resource).map_err(unreadable)?;
            let id = resource.at.resource.as_str();
            let args = [integration.as_str().into(), id.into(), (&body).into()];
            self.conn.execute(sql::LISTED_ADD, &args).await?;
        }
        Ok(())
    }

    /// Everything that integrations listed.
    pub async fn listed(&mut self) -> Result<Vec<Resource>, StoreError> {
        let rows = self.conn.rows(sql::LISTED_ALL, &[]).await?;
        rows.iter().map(|row| serde_json::from_str(&row.text(2)?).map_err(unreadable)).collect()
    }
}

fn unreadable(source: serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: "a listed resource".to_owned(), source }
}
