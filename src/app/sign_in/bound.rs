//! What binds the way to a company's sign-in to the way back. It is made of the browser's cookie and
//! a text for this one try, so nothing is stored: another browser does not come back with it, and no
//! two tries share what a token or a code is bound to.
use super::SignIn;
use crate::app::ActError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::hmac;

/// What binds one try of one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Bound {
    /// Goes there and comes back.
    pub state: String,
    /// Goes there and comes back in the token.
    pub nonce: String,
    /// Shown to the provider alone, at the end.
    pub verifier: String,
    /// Where somebody goes then.
    pub next: String,
}

impl SignIn {
    /// What a browser takes to the company's sign-in.
    ///
    /// # Errors
    ///
    /// [`ActError::Seal`] when the machine has no random numbers.
    pub fn bind(&self, browser: &str, next: &str) -> Result<Bound, ActError> {
        Ok(self.bound_by(browser, &self.new_cookie()?, next))
    }

    /// What this browser took there, where it comes back with that `state`; in constant time.
    pub fn bound(&self, browser: &str, state: &str) -> Option<Bound> {
        let mut parts = state.split('.');
        let [signature, once, next] = [parts.next()?, parts.next()?, parts.next()?];
        if parts.next().is_some() {
            return None;
        }
        let next = String::from_utf8(BASE64.decode(next).ok()?).ok()?;
        let signature = BASE64.decode(signature).ok()?;
        hmac::verify(&self.key, said(browser, once, &next).as_bytes(), &signature).ok()?;
        Some(self.bound_by(browser, once, &next))
    }

    fn bound_by(&self, browser: &str, once: &str, next: &str) -> Bound {
        let made = |text: String| BASE64.encode(hmac::sign(&self.key, text.as_bytes()));
        let state = made(said(browser, once, next));
        Bound {
            state: format!("{state}.{once}.{}", BASE64.encode(next)),
            nonce: made(format!("nonce {browser} {once}")),
            verifier: made(format!("verifier {browser} {once}")),
            next: next.to_owned(),
        }
    }
}

/// What is signed. Where somebody goes comes last: whatever is in it, nothing else can be meant.
fn said(browser: &str, once: &str, next: &str) -> String {
    format!("state {browser} {once} {next}")
}
