//! What the Connector answers, as far as we use it; everything else is passed over.
use serde::Deserialize;

/// Something that was made, by its id.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    pub(super) id: Option<String>,
}

/// What Teams says of a person.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Their id towards this bot, the MRI: `29:…`.
    pub id: String,
    /// Their object id in Entra.
    #[serde(default, alias = "aadObjectId")]
    pub object_id: Option<String>,
    /// What they are called.
    #[serde(default)]
    pub name: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// What they sign in with, often the address.
    #[serde(default, rename = "userPrincipalName")]
    pub upn: Option<String>,
    /// Their home tenant.
    #[serde(default, rename = "tenantId")]
    pub tenant: Option<String>,
    /// `user` or `guest`.
    #[serde(default, rename = "userRole")]
    pub role: Option<String>,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Name and addresses are personal and stay out of logs.
        f.debug_struct("Member").field("object_id", &self.object_id).finish_non_exhaustive()
    }
}
