//! How to connect, as the grantee is shown it on every platform.
use crate::app::browse::Details;
use crate::domain::catalog::Entitlement;
use crate::domain::id::RequestId;
use crate::show::Voice;
use crate::show::forms::{Connect, connect_entry};

/// A page of how to connect with what a request gave; `None` where there is nothing to say.
pub fn how_to_connect(
    voice: Voice<'_>,
    id: RequestId,
    found: &[(Entitlement, Details)],
    page: usize,
) -> Option<Connect> {
    if found.is_empty() {
        return None;
    }
    let entries = found
        .iter()
        .map(|(what, details)| {
            let credential = details.credential.as_ref().map(|one| one.0.as_str());
            connect_entry(voice, &what.item, &details.lines, credential)
        })
        .collect();
    Some(Connect::page(voice, id, entries, page))
}
