//! Which tokens are taken, and which are not: an issuer's own signatures and everything else.
use super::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://login.example.com";

/// An issuer that signs with P-256.
struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random);
        Self(pair.unwrap())
    }

    fn keys(&self, id: &str) -> Keys {
        let point = self.0.public_key().as_ref();
        let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
        let key = json!({"kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "x": x, "y": y});
        let strange = json!({"kty": "oct", "k": "AA"});
        Keys::read(json!({ "keys": [strange, key] }).to_string().as_bytes()).unwrap()
    }

    fn signs(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| BASE64.encode(json.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64.encode(signature))
    }
}

fn header() -> Value {
    json!({"alg": "ES256", "kid": "k1", "typ": "JWT"})
}

fn good() -> Value {
    json!({
        "iss": ISSUER, "aud": "hallpass", "exp": NOW + 300, "iat": NOW, "nonce": "n1",
        "sub": "1", "email": "ana@example.com", "email_verified": true,
    })
}

fn verified(keys: &Keys, token: &str) -> Result<Claims, NoToken> {
    let expected = Expected { issuer: ISSUER, audience: "hallpass", nonce: "n1" };
    let now = DateTime::from_timestamp(NOW, 0).unwrap();
    Unverified::read(token)?.verify(keys, expected, now)
}

#[test]
fn a_token_of_the_issuer_for_us_and_now_is_taken() {
    let issuer = Issuer::new();
    let token = issuer.signs(&header(), &good());

    let claims = verified(&issuer.keys("k1"), &token).unwrap();

    assert_eq!(claims.email.as_deref(), Some("ana@example.com"));
    assert_eq!(claims.email_verified, Some(true));
    let unnamed = issuer.signs(&json!({"alg": "ES256"}), &good());
    assert!(verified(&issuer.keys("k1"), &unnamed).is_ok());
}

#[test]
fn a_token_that_says_anything_else_is_not_taken() {
    let issuer = Issuer::new();
    let keys = issuer.keys("k1");
    let with = |name: &str, value: Value| {
        let mut claims = good();
        claims[name] = value;
        verified(&keys, &issuer.signs(&header(), &claims))
    };

    for (name, value, why) in [
        ("iss", json!("https://login.example.com/"), NoToken::NotForUs),
        ("aud", json!("other"), NoToken::NotForUs),
        ("aud", json!(["hallpass", "other"]), NoToken::NotForUs),
        ("azp", json!("other"), NoToken::NotForUs),
        ("nonce", json!("n2"), NoToken::NotForUs),
        ("nonce", Value::Null, NoToken::NotForUs),
        ("exp", json!(NOW - 60), NoToken::Untimely),
        ("exp", json!(i64::MIN), NoToken::Untimely),
        ("nbf", json!(NOW + 61), NoToken::Untimely),
        ("exp", json!("soon"), NoToken::Malformed),
    ] {
        assert_eq!(with(name, value.clone()), Err(why), "{name} {value}");
    }
    for (name, value) in [("aud", json!(["hallpass"])), ("exp", json!(NOW - 59))] {
        assert!(with(name, value).is_ok(), "{name}");
    }
}

#[test]
fn nobody_else_signs() {
    let (issuer, other) = (Issuer::new(), Issuer::new());
    let keys = issuer.keys("k1");
    let token = issuer.signs(&header(), &good());

    assert_eq!(verified(&keys, &other.signs(&header(), &good())), Err(NoToken::Forged));
    let elsewhere = issuer.signs(&json!({"alg": "ES256", "kid": "k2"}), &good());
    assert_eq!(verified(&keys, &elsewhere), Err(NoToken::Forged));
    let as_rsa = issuer.signs(&json!({"alg": "RS256", "kid": "k1"}), &good());
    assert_eq!(verified(&keys, &as_rsa), Err(NoToken::Forged));
    for algorithm in ["none", "None", "HS256", "ES384", ""] {
        let token = issuer.signs(&json!({"alg": algorithm, "kid": "k1"}), &good());
        assert_eq!(verified(&keys, &token), Err(NoToken::Malformed), "{algorithm}");
    }
    let critical = issuer.signs(&json!({"alg": "ES256", "crit": ["x"]}), &good());
    assert_eq!(verified(&keys, &critical), Err(NoToken::Malformed));
    let (message, _) = token.rsplit_once('.').unwrap();
    for broken in ["", ".", "..", "a.b.c", message, &format!("{message}."), &format!("{token}.x")] {
        assert!(verified(&keys, broken).is_err(), "{broken}");
    }
    let mut claims = good();
    claims["email"] = "ben@example.com".into();
    let swapped: Vec<&str> = token.split('.').collect();
    let swapped = [swapped[0], &BASE64.encode(claims.to_string()), swapped[2]].join(".");
    assert_eq!(verified(&keys, &swapped), Err(NoToken::Forged));
}

/// The example of RFC 7515, A.2: an RSA key of 2,048 bits and what it signed.
#[test]
fn what_others_signed_with_rsa_is_verified() {
    let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    let message = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = BASE64.decode("cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw").unwrap();
    let set = json!({ "keys": [{"kty": "RSA", "n": n, "e": "AQAB"}] }).to_string();
    let keys = Keys::read(set.as_bytes()).unwrap();

    assert!(keys.verify((Algorithm::Rs256, None), message.as_bytes(), &signature));
    assert!(!keys.verify((Algorithm::Rs256, None), b"other", &signature));
    assert!(!keys.verify((Algorithm::Es256, None), message.as_bytes(), &signature));
}
