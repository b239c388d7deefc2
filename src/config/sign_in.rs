//! How people sign in to the web pages: the `[sign_in.oidc]` table of the service file. Where mail
//! is on, a code by mail does as well.
use super::secret::{SecretForm, secret};
use super::section::Section;
use super::service::address;
use secrecy::SecretString;

/// A company's sign-in by OpenID Connect.
#[derive(Debug, Clone)]
pub struct Oidc<S: SecretForm = SecretString> {
    /// What people call it.
    pub name: String,
    /// Its own name of itself, exactly as it writes it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: S,
    /// Whether its addresses are people's own also where it does not say so.
    pub trusts_addresses: bool,
}

/// Reads how people sign in; `Some(None)` where nothing is said.
pub(super) fn read<S: SecretForm>(
    sign_in: &Section<'_>,
    has_public_url: bool,
) -> Option<Option<Oidc<S>>> {
    let oidc = sign_in.section("oidc");
    sign_in.finish();
    let Some(oidc) = oidc else { return Some(None) };
    let issuer = oidc.needed_text("issuer", "\"https://login.example.com\"");
    let issuer = issuer.and_then(|text| {
        // Without its slash at the end it would be another issuer.
        address(&oidc, &text).map(|_| text.value.to_owned())
    });
    let client_id = oidc.needed_text("client_id", "\"hallpass\"").map(|text| text.value.to_owned());
    let name = oidc.text("name").map_or("OpenID Connect", |text| text.value).to_owned();
    let trusts_addresses = oidc.yes_or_no("trust_addresses", false);
    let variable = "HALLPASS_SIGN_IN_OIDC_CLIENT_SECRET";
    let client_secret = secret(&oidc, "client_secret_file", variable, |_| Ok(()));
    oidc.finish();
    if !has_public_url {
        let what = "people are sent back to Hallpass: set `public_url` at the top of this file";
        oidc.reading.mistake(&oidc.here(), what);
        return None;
    }
    Some(Some(Oidc {
        name,
        issuer: issuer?,
        client_id: client_id?,
        client_secret: client_secret?,
        trusts_addresses,
    }))
}
