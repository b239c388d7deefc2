//! A company's sign-in: OpenID Connect on loopback, which checks what it is sent as a strict one does.
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hallpass::config::Oidc;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

const CLIENT: &str = "hallpass";
const SECRET: &str = "canary-oidc";

/// The company's sign-in.
#[derive(Clone)]
pub(crate) struct Login(Arc<Inner>);

struct Inner {
    issuer: String,
    key: EcdsaKeyPair,
    /// What is known of each code: the challenge and the claims to come.
    codes: Mutex<BTreeMap<String, (String, Value)>>,
    /// How often the keys were asked for.
    asked: Mutex<usize>,
    /// How often its addresses were.
    discovered: Mutex<usize>,
    /// Whether it takes what is asked and answers nothing.
    hangs: watch::Sender<bool>,
}

impl Login {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let login = Self(Arc::new(Inner {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            key: EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap(),
            codes: Mutex::default(),
            asked: Mutex::default(),
            discovered: Mutex::default(),
            hangs: watch::Sender::default(),
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(login.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        login
    }

    /// How a bot is told of it.
    pub(crate) fn settings(&self) -> Oidc {
        Oidc {
            name: "Example Corp".to_owned(),
            issuer: self.0.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.into(),
            trusts_addresses: false,
        }
    }

    /// Lets whoever asks wait, or gives the answers after all.
    pub(crate) fn hangs(&self, hangs: bool) {
        self.0.hangs.send_replace(hangs);
    }

    pub(crate) fn times_discovered(&self) -> usize {
        *self.0.discovered.lock().unwrap()
    }

    pub(crate) fn times_asked(&self) -> usize {
        *self.0.asked.lock().unwrap()
    }

    /// Lets somebody in who was sent to `url`; where they are sent back to, without the host. Of
    /// what the token says, `claims` wins.
    pub(crate) fn lets_in(&self, url: &str, now: i64, claims: &Value) -> String {
        let url = Url::parse(url).unwrap();
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.0.issuer)), "{url}");
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!((&*query["response_type"], &*query["client_id"]), ("code", CLIENT));
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        let mut said = json!({
            "iss": self.0.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300,
            "nonce": query["nonce"], "email_verified": true,
        });
        for (name, value) in claims.as_object().unwrap() {
            said[name] = value.clone();
        }
        let mut codes = self.0.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), (query["code_challenge"].clone(), said));
        let back = Url::parse(&query["redirect_uri"]).unwrap();
        format!("{}?code={code}&state={}", back.path(), query["state"])
    }

    fn signs(&self, claims: &Value) -> String {
        let part = |json: &Value| BASE64.encode(json.to_string());
        let header = json!({"alg": "ES256", "kid": "k1", "typ": "JWT"});
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = self.0.key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64.encode(signature))
    }
}

async fn discovery(State(login): State<Login>) -> Json<Value> {
    *login.0.discovered.lock().unwrap() += 1;
    login.0.hangs.subscribe().wait_for(|hangs| !hangs).await.unwrap();
    let at = |path: &str| format!("{}{path}", login.0.issuer);
    Json(json!({
        "issuer": login.0.issuer, "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"), "jwks_uri": at("/keys"),
    }))
}

async fn keys(State(login): State<Login>) -> Json<Value> {
    *login.0.asked.lock().unwrap() += 1;
    let point = login.0.key.public_key().as_ref();
    let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
    Json(
        json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "x": x, "y": y}]}),
    )
}

async fn token(
    State(login): State<Login>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let is_ours = sent["client_id"] == CLIENT
        && sent["client_secret"] == SECRET
        && sent["grant_type"] == "authorization_code"
        && sent["redirect_uri"] == "https://access.example.com/sign-in/provider/back";
    // A code works once.
    let known = login.0.codes.lock().unwrap().remove(&sent["code"]);
    let (challenge, claims) = known.filter(|_| is_ours).ok_or(StatusCode::BAD_REQUEST)?;
    let proved = BASE64.encode(digest(&SHA256, sent["code_verifier"].as_bytes()));
    if proved != challenge {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(Json(json!({"access_token": "x", "token_type": "Bearer", "id_token": login.signs(&claims)})))
}
