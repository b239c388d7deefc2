//! Signs tokens with RS256, as the Bot Framework does.
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// A key and its name.
pub struct Signer {
    key: RsaKeyPair,
    id: String,
}

impl Signer {
    /// A key from its PKCS#8 form; none where it is no RSA key.
    pub fn new(id: &str, pkcs8: &[u8]) -> Option<Self> {
        RsaKeyPair::from_pkcs8(pkcs8).ok().map(|key| Self { key, id: id.to_owned() })
    }

    /// The key's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A token: any header, any claims, this key's signature; empty where signing fails.
    pub fn signs(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| BASE64.encode(json.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        let signed = self.key.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature);
        signed.map(|()| format!("{message}.{}", BASE64.encode(signature))).unwrap_or_default()
    }

    /// The public key, as a key server publishes it; `endorsements` are what it may sign for.
    pub fn public(&self, endorsements: &[String]) -> Value {
        let public: PublicKeyComponents<Vec<u8>> = self.key.public_key().into();
        let (n, e) = (BASE64.encode(public.n), BASE64.encode(public.e));
        let mut key = json!({"kty": "RSA", "use": "sig", "kid": self.id, "n": n, "e": e});
        if let (Some(fields), false) = (key.as_object_mut(), endorsements.is_empty()) {
            fields.insert("endorsements".to_owned(), json!(endorsements));
        }
        key
    }
}
