//! Secrets in the key-value store, version 2, of HashiCorp Vault or OpenBao.
//!
//! API: <https://openbao.org/api-docs/secret/kv/kv-v2/>, <https://openbao.org/api-docs/auth/approle/>.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_runspace::request::percent;
use countersign_runspace::{Refusal, TargetName, clock};
use hyper::Request;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Credential, Credentials, unavailable};
use crate::http::{BaseUrl, Dial, Network, Origin, body, open};

const SECOND: u64 = 1_000_000_000;
/// A token from a login is not used longer.
const AGE: u64 = 300 * SECOND;
const MAX_ANSWER: usize = 256 * 1024;
/// An order has seconds to begin; a store that takes longer counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(4);

/// `[kv.NAME]`: a server, and how we sign in there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KvStore {
    pub url: BaseUrl,
    /// Certificates of the authority, in PEM; absent: those that the system trusts.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// Addresses that are open beside public ones.
    #[serde(default)]
    pub addresses: Vec<Network>,
    #[serde(default)]
    pub namespace: Option<String>,
    pub auth: KvAuth,
}

/// How we sign in. Credentials are names in `[credentials]` that lie on this host.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum KvAuth {
    Token(TargetName),
    AppRole(AppRole),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppRole {
    pub role_id: String,
    pub secret_id: TargetName,
    /// Where the method is mounted.
    #[serde(default = "approle")]
    pub mount: String,
}

/// Where a secret lies in a store.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KvPlace {
    /// A name in the host file's table `[kv]`.
    pub store: TargetName,
    /// Where the engine is mounted.
    #[serde(default = "secret")]
    pub mount: String,
    /// Below the mount, without `data/`.
    pub path: String,
    #[serde(default = "value")]
    pub field: String,
}

fn approle() -> String {
    "approle".to_owned()
}

fn secret() -> String {
    "secret".to_owned()
}

fn value() -> String {
    "value".to_owned()
}

impl KvStore {
    /// The credential it signs in with.
    #[must_use]
    pub const fn credential(&self) -> &TargetName {
        match &self.auth {
            KvAuth::Token(name) => name,
            KvAuth::AppRole(role) => &role.secret_id,
        }
    }
}

/// A store, and the token that it gave last.
#[derive(Debug)]
pub(super) struct Store {
    store: KvStore,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: Zeroizing<String>,
    /// Of the secret it was given for.
    secret: [u8; 32],
    until: u64,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(token)")
    }
}

impl Store {
    pub(super) fn new(store: KvStore) -> Self {
        Self { store, kept: Mutex::default() }
    }

    pub(super) async fn read(&self, place: &KvPlace, all: &Arc<Credentials>) -> Result<Credential, Refusal> {
        let own = all.reference(self.store.credential())?;
        if own.is_in_a_store() {
            return Err(unavailable(format!("the store {} can't hold what opens it", place.store)));
        }
        let own = own.resolve().await?;
        let read = tokio::time::timeout(PATIENCE, self.read_with(place, &own)).await;
        read.unwrap_or_else(|_| Err(format!("the store {} does not answer", place.store)))
            .map_err(unavailable)
    }

    async fn read_with(&self, place: &KvPlace, own: &Credential) -> Result<Credential, String> {
        let token = self.token(own).await?;
        let mut path = format!("/v1/{}/data", percent(&place.mount));
        for segment in place.path.split('/') {
            path.push('/');
            path.push_str(&percent(segment));
        }
        let (status, mut answer) = self.ask(&path, Some(&token), None).await?;
        let at = format!("{}/{}", place.mount, place.path);
        match status {
            200 => {}
            403 => {
                *self.lock() = None;
                wipe(&mut answer);
                return Err(format!("{} does not let us read {at}", place.store));
            }
            404 => return Err(format!("{} has no secret {at}", place.store)),
            other => return Err(format!("{} answered {other} for {at}", place.store)),
        }
        let found = answer.pointer("/data/data").and_then(|fields| fields.get(&place.field));
        let found = found.and_then(Json::as_str).map(|text| Zeroizing::new(text.as_bytes().to_vec()));
        wipe(&mut answer);
        found.ok_or_else(|| format!("the secret {at} of {} has no text field {}", place.store, place.field))
    }

    async fn token(&self, own: &Credential) -> Result<Zeroizing<String>, String> {
        let text = std::str::from_utf8(own).map_err(|_| "the store's own credential is not text")?;
        let role = match &self.store.auth {
            KvAuth::Token(_) => return Ok(Zeroizing::new(text.to_owned())),
            KvAuth::AppRole(role) => role,
        };
        let secret: [u8; 32] = Sha256::digest(own).into();
        let kept = {
            let kept = self.lock();
            let good = |kept: &&Kept| kept.secret == secret && clock::boot_now() < kept.until;
            kept.as_ref().filter(good).map(|kept| kept.token.clone())
        };
        if let Some(token) = kept {
            return Ok(token);
        }
        let mut login = serde_json::json!({"role_id": role.role_id, "secret_id": text});
        let sent = Zeroizing::new(serde_json::to_vec(&login).unwrap_or_default());
        wipe(&mut login);
        let path = format!("/v1/auth/{}/login", percent(&role.mount));
        let (status, mut answer) = self.ask(&path, None, Some(sent)).await?;
        let token = answer.pointer("/auth/client_token").and_then(Json::as_str);
        let token = token.map(|token| Zeroizing::new(token.to_owned()));
        let seconds = answer.pointer("/auth/lease_duration").and_then(Json::as_u64).unwrap_or(0);
        wipe(&mut answer);
        let token = token.ok_or_else(|| format!("the store does not let us sign in ({status})"))?;
        let until = clock::boot_now().saturating_add(seconds.saturating_mul(SECOND).min(AGE));
        *self.lock() = Some(Kept { token: token.clone(), secret, until });
        Ok(token)
    }

    async fn ask(
        &self,
        path: &str,
        token: Option<&Zeroizing<String>>,
        sent: Option<Zeroizing<Vec<u8>>>,
    ) -> Result<(u16, Json), String> {
        let url = &self.store.url;
        let origin = Origin::of(&url.0).ok_or("the store's URL has no host")?;
        let method = if sent.is_some() { "POST" } else { "GET" };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", url.path()))
            .header(HOST, origin.authority())
            .header(CONTENT_TYPE, "application/json")
            .header("x-vault-request", "true");
        if let Some(namespace) = &self.store.namespace {
            request = request.header("x-vault-namespace", namespace);
        }
        if let Some(token) = token {
            let mut value =
                HeaderValue::from_str(token).map_err(|_| "the store's token can't be a header")?;
            value.set_sensitive(true);
            request = request.header("x-vault-token", value);
        }
        let request = request.body(body(sent.unwrap_or_default())).map_err(|error| error.to_string())?;
        let dial = Dial { networks: &self.store.addresses, ca: self.store.ca.as_deref(), certificate: None };
        let mut connection = open(&origin, dial).await.map_err(|refusal| refusal.message)?;
        let answer = connection.exchange(request, MAX_ANSWER).await.map_err(|error| error.to_string())?;
        let bytes = Zeroizing::new(answer.body);
        Ok((answer.status.as_u16(), serde_json::from_slice(&bytes).unwrap_or_default()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wipe(json: &mut Json) {
    match json {
        Json::String(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}
