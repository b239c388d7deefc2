//! What connectors listed, kept so that a restart while a target is down still knows it.
//!
//! A thousand resources share a row: a start reads them all, and nobody reads one.
use super::{StoreError, Tx, sql};
use crate::domain::catalog::Resource;
use crate::domain::id::IntegrationId;
use crate::domain::resources::{Packing, Resources, Unpacked};
use serde::Deserialize;
use std::borrow::Cow;

/// Resources a row: some 150 KB.
const PART: usize = 1_000;
/// Rows read at once.
const PAGE: i64 = 2;

impl Tx {
    /// Replaces what an integration listed. Two instances may do that at the same time: the parts
    /// are written over in order, so that the second waits at the first part.
    pub async fn save_listed(
        &mut self,
        integration: &IntegrationId,
        resources: &Resources,
    ) -> Result<(), StoreError> {
        let mut left = resources.iter();
        let mut part = 0_i64;
        loop {
            let resources: Vec<Resource> = left.by_ref().take(PART).collect();
            if resources.is_empty() {
                break;
            }
            part += 1;
            let body = serde_json::to_string(&resources).map_err(unreadable)?;
            let args = [integration.as_str().into(), part.into(), (&body).into()];
            self.conn.execute(sql::LISTED_PUT, &args).await?;
        }
        self.conn.execute(sql::LISTED_CUT, &[integration.as_str().into(), part.into()]).await?;
        Ok(())
    }

    /// Everything that integrations listed.
    pub async fn listed(&mut self) -> Result<Resources, StoreError> {
        let mut packing = Packing::default();
        let (mut integration, mut part) = (String::new(), 0);
        loop {
            let args = [(&integration).into(), part.into(), PAGE.into()];
            let rows = self.conn.rows(sql::LISTED_PAGE, &args).await?;
            let Some(last) = rows.last() else { return Ok(packing.finish()) };
            for row in &rows {
                let body = row.text(2)?;
                let stored: Vec<Stored<'_>> = serde_json::from_str(&body).map_err(unreadable)?;
                stored.iter().for_each(|resource| packing.push(&resource.unpacked()));
            }
            (integration, part) = (last.text(0)?, last.int(1)?);
        }
    }
}

/// A [`Resource`] in a row, its texts where they were read.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    at: Place<'a>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    permissions: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    owner: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    integration: Cow<'a, str>,
    #[serde(borrow)]
    resource: Cow<'a, str>,
}

impl Stored<'_> {
    fn unpacked(&self) -> Unpacked<'_, impl Iterator<Item = &str> + Clone> {
        Unpacked {
            integration: &self.at.integration,
            id: &self.at.resource,
            name: &self.name,
            kind: &self.kind,
            permissions: self.permissions.iter().map(AsRef::as_ref),
            owner: self.owner.as_deref(),
        }
    }
}

fn unreadable(source: serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: "what a connector listed".to_owned(), source }
}
