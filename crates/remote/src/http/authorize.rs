//! Credentials as headers, and tokens that are used again for a while.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_runspace::parameter::Secret;
use countersign_runspace::request::percent;
use countersign_runspace::{Refusal, clock};
use hyper::Request;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::client::{self, Dial, Origin};
use super::target::{Auth, Oauth, SecretIn};
use crate::credential::Credential;

const SECOND: u64 = 1_000_000_000;
/// A token is not used longer, whatever its server says: what was withdrawn must not live on in it.
const AGE: u64 = 300 * SECOND;
/// A token that ends within this is as good as ended.
const MARGIN: u64 = 30 * SECOND;
const MAX_ANSWER: usize = 64 * 1024;
/// A token endpoint that takes longer counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(10);

/// The token that a service gave last.
#[derive(Default)]
pub(super) struct Tokens(Mutex<Option<Token>>);

struct Token {
    text: Zeroizing<String>,
    /// Of the secret it was given for: another secret needs another token.
    secret: [u8; 32],
    /// Nanoseconds since boot.
    until: u64,
}

/// What a request carries to say who we are, and what of it must never be said.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) header: Option<(String, HeaderValue)>,
    pub(super) secrets: Vec<Zeroizing<Vec<u8>>>,
}

/// The header for a credential that was read.
pub(super) async fn show(
    auth: &Auth,
    credential: &Credential,
    tokens: &Tokens,
    dial: Dial<'_>,
) -> Result<Shown, Refusal> {
    let text = std::str::from_utf8(credential).map_err(|_| unfit())?;
    let (name, value, mut secrets) = match auth {
        Auth::Bearer(_) => ("authorization", bearer(text), Vec::new()),
        Auth::Basic { user, .. } => {
            let pair = Zeroizing::new(format!("{user}:{text}"));
            let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
            let value = Zeroizing::new(format!("Basic {}", encoded.as_str()));
            ("authorization", value, vec![Zeroizing::new(encoded.as_bytes().to_vec())])
        }
        Auth::Header { name, .. } => (name.as_str(), Zeroizing::new(text.to_owned()), Vec::new()),
        Auth::Oauth(oauth) => {
            let token = tokens.token(oauth, text, dial).await?;
            ("authorization", bearer(&token), vec![Zeroizing::new(token.as_bytes().to_vec())])
        }
    };
    secrets.push(credential.clone());
    let mut header = HeaderValue::from_str(&value).map_err(|_| unfit())?;
    header.set_sensitive(true);
    Ok(Shown { header: Some((name.to_owned(), header)), secrets })
}

fn bearer(token: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("Bearer {token}"))
}

fn unfit() -> Refusal {
    Refusal::new("credential_unavailable", "the credential has characters that a header can't have")
}

#[derive(Deserialize)]
struct Answer {
    access_token: Secret,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
}

impl Tokens {
    /// Forgets the token: the service did not take it.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    async fn token(&self, oauth: &Oauth, secret: &str, dial: Dial<'_>) -> Result<Zeroizing<String>, Refusal> {
        let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        let kept = {
            let kept = self.lock();
            let good = |token: &&Token| token.secret == digest && clock::boot_now() < token.until;
            kept.as_ref().filter(good).map(|token| token.text.clone())
        };
        if let Some(token) = kept {
            return Ok(token);
        }
        let asked = tokio::time::timeout(PATIENCE, ask(oauth, secret, dial)).await;
        let answer = asked.map_err(|_| refused("the token endpoint does not answer"))??;
        let seconds = match &answer.expires_in {
            Some(serde_json::Value::Number(number)) => number.as_u64().unwrap_or(0),
            Some(serde_json::Value::String(text)) => text.parse().unwrap_or(0),
            _ => 0,
        };
        let life = seconds.saturating_mul(SECOND).saturating_sub(MARGIN).min(AGE);
        let until = clock::boot_now().saturating_add(life);
        let token = Zeroizing::new(answer.access_token.expose().to_owned());
        *self.lock() = Some(Token { text: token.clone(), secret: digest, until });
        Ok(token)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Token>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(oauth: &Oauth, secret: &str, dial: Dial<'_>) -> Result<Answer, Refusal> {
    let url = &oauth.token_url;
    let origin = Origin::of(&url.0).ok_or_else(|| refused("the token endpoint has no host"))?;
    let mut form = Zeroizing::new("grant_type=client_credentials".to_owned());
    for (key, value) in [("scope", &oauth.scope), ("audience", &oauth.audience)] {
        if let Some(value) = value {
            form.push_str(&format!("&{key}={}", percent(value)));
        }
    }
    let path = if url.0.path().is_empty() { "/" } else { url.0.path() };
    let mut request = Request::post(path)
        .header(HOST, origin.authority())
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    // Both are percent-encoded before they are joined (RFC 6749, section 2.3.1).
    let (id, secret) = (percent(&oauth.client_id), Zeroizing::new(percent(secret)));
    match oauth.secret_in {
        SecretIn::Header => {
            let pair = Zeroizing::new(format!("{id}:{}", secret.as_str()));
            let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
            let mut value = HeaderValue::from_str(&value).map_err(|_| unfit())?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        // One allocation: a text that grows leaves copies behind.
        SecretIn::Body => {
            form =
                Zeroizing::new(format!("{}&client_id={id}&client_secret={}", form.as_str(), secret.as_str()));
        }
    }
    let body = client::body(Zeroizing::new(form.as_bytes().to_vec()));
    let request = request.body(body).map_err(|error| refused(&error.to_string()))?;
    let dial = Dial { ca: oauth.ca.as_deref().or(dial.ca), certificate: None, ..dial };
    let mut connection = client::open(&origin, dial).await?;
    let answer =
        connection.exchange(request, MAX_ANSWER).await.map_err(|error| refused(&error.to_string()))?;
    let (status, body) = (answer.status.as_u16(), Zeroizing::new(answer.body));
    if status != 200 {
        return Err(refused(&format!("the token endpoint answered {status}: {}", said(&body))));
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| refused("the answer holds no token"))?;
    let sort = &answer.token_type;
    if answer.access_token.expose().is_empty() || !(sort.is_empty() || sort.eq_ignore_ascii_case("bearer")) {
        return Err(refused("the answer holds no bearer token"));
    }
    Ok(answer)
}

/// `error` and `error_description` of an answer (RFC 6749, section 5.2), without what could be a secret of it.
fn said(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Wrong {
        error: String,
        #[serde(default)]
        error_description: String,
    }
    let wrong = serde_json::from_slice::<Wrong>(body);
    let text =
        wrong.map_or_else(|_| String::new(), |wrong| format!("{} {}", wrong.error, wrong.error_description));
    countersign_text::visible(text.chars().take(300).collect::<String>().trim())
}

fn refused(why: &str) -> Refusal {
    Refusal::new("target_sign_in", why)
}
