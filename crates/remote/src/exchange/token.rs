//! Access tokens: got from the authority or the machine's identity service, kept until shortly before their end.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use countersign_runspace::{Refusal, clock};
use http_body_util::Full;
use hyper::Request;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST};
use serde::Deserialize;
use zeroize::{Zeroize as _, Zeroizing};

use super::assertion::assertion;
use super::target::{CertificateSignIn, ExchangeTarget, ManagedIdentity, SignIn};
use crate::credential::Credential;
use crate::https::{self, Answer, Transport, Unanswered};

const SECOND: u64 = 1_000_000_000;
/// A token is not used in the last minutes of its life,
const MARGIN_SECONDS: u64 = 300;
/// nor longer than this: a certificate that was taken away must not live on in it.
const AGE_SECONDS: u64 = 300;
/// What an answer may take.
const MAX_ANSWER: usize = 256 * 1024;
/// Where Azure answers a machine about its own identity.
const MACHINE: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(169, 254, 169, 254)), 80);

/// A token and when it is not used any more, in nanoseconds since boot.
pub(super) struct Token {
    pub(super) bearer: Zeroizing<String>,
    until: u64,
}

impl Token {
    pub(super) fn is_good(&self) -> bool {
        clock::boot_now() < self.until
    }

    pub(super) fn again(&self) -> Self {
        Self { bearer: self.bearer.clone(), until: self.until }
    }
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    /// A number from the authority, a text of digits from identity services.
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
    /// What an App Service gives: seconds since 1970, as text.
    #[serde(default)]
    expires_on: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Denied {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Asks for a token. Nothing was done on the target yet.
///
/// # Errors
/// `target_sign_in`, `target_unreachable`, `target_not_verified`, `credential_unavailable`.
pub(super) async fn ask(
    target: &ExchangeTarget,
    tls: &Transport,
    credential: Option<&Credential>,
) -> Result<Token, Refusal> {
    let answer = match &target.sign_in {
        SignIn::Certificate(certificate) => {
            let missing = || Refusal::new("credential_unavailable", "the certificate is not there");
            by_certificate(target, tls, certificate, credential.ok_or_else(missing)?).await?
        }
        SignIn::VirtualMachine(identity) => of_machine(target, identity).await?,
        SignIn::AppService(identity) => of_service(target, identity).await?,
    };
    read(answer)
}

async fn by_certificate(
    target: &ExchangeTarget,
    tls: &Transport,
    sign_in: &CertificateSignIn,
    credential: &Credential,
) -> Result<Answer, Refusal> {
    let host = target.cloud.authority();
    let path = format!("/{}/oauth2/v2.0/token", target.tenant.as_str());
    let assertion = assertion(sign_in, credential, &format!("https://{host}{path}"))?;
    let scope = format!("https://{}/.default", target.cloud.exchange());
    let form = Zeroizing::new(form(&[
        ("client_id", sign_in.application.as_str()),
        ("scope", &scope),
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ]));
    let addresses = match &target.simulator {
        Some(simulator) => vec![simulator.address()],
        None => https::resolve(host, 443).await?,
    };
    let request = Request::post(path)
        .header(HOST, host)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::copy_from_slice(form.as_bytes())));
    send(host, &addresses, tls, request).await
}

async fn of_machine(target: &ExchangeTarget, identity: &ManagedIdentity) -> Result<Answer, Refusal> {
    let address = match &target.simulator {
        Some(simulator) => simulator.identity().ok_or_else(no_identity)?,
        None => MACHINE,
    };
    let mut query = vec![("api-version", "2018-02-01")];
    let resource = format!("https://{}", target.cloud.exchange());
    query.push(("resource", &resource));
    if let Some(client) = &identity.client {
        query.push(("client_id", client.as_str()));
    }
    let request = Request::get(format!("/metadata/identity/oauth2/token?{}", form(&query)))
        .header(HOST, MACHINE.ip().to_string())
        .header("Metadata", "true")
        .body(Full::new(Bytes::new()));
    send(&MACHINE.ip().to_string(), &[address], &Transport::Plain, request).await
}

async fn of_service(target: &ExchangeTarget, identity: &ManagedIdentity) -> Result<Answer, Refusal> {
    let variable = |name: &str| std::env::var(name).map_err(|_| no_identity());
    let secret = Zeroizing::new(variable("IDENTITY_HEADER")?);
    let endpoint = variable("IDENTITY_ENDPOINT")?;
    let (address, path) = service(&endpoint).ok_or_else(no_identity)?;
    let mut query = vec![("api-version", "2019-08-01")];
    let resource = format!("https://{}", target.cloud.exchange());
    query.push(("resource", &resource));
    if let Some(client) = &identity.client {
        query.push(("client_id", client.as_str()));
    }
    let request = Request::get(format!("{path}?{}", form(&query)))
        .header(HOST, address.to_string())
        .header("X-IDENTITY-HEADER", secret.as_str())
        .body(Full::new(Bytes::new()));
    let address = match &target.simulator {
        Some(simulator) => simulator.identity().ok_or_else(no_identity)?,
        None => address,
    };
    send(&address.to_string(), &[address], &Transport::Plain, request).await
}

/// `http://127.0.0.1:41741/msi/token/`. The secret in the header goes to an address of this machine or its link only.
fn service(url: &str) -> Option<(SocketAddr, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (authority, path) = rest.split_at_checked(rest.find('/')?)?;
    let address: SocketAddr = match authority.parse::<SocketAddr>() {
        Ok(address) => address,
        Err(_) => SocketAddr::new(authority.parse::<IpAddr>().ok()?, 80),
    };
    let near = match address.ip() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback(),
    };
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._".contains(&b));
    (near && plain).then_some((address, path))
}

fn no_identity() -> Refusal {
    Refusal::new("credential_unavailable", "this machine has no identity service that could be asked")
}

async fn send(
    host: &str,
    addresses: &[SocketAddr],
    transport: &Transport,
    request: Result<Request<Full<Bytes>>, hyper::http::Error>,
) -> Result<Answer, Refusal> {
    let unreachable = |why: String| Refusal::new("target_unreachable", format!("{host}: {why}"));
    let request = request.map_err(|error| Refusal::new("target_sign_in", error.to_string()))?;
    let mut connection = https::connect(host, addresses, transport).await?;
    let answered = connection.exchange(request, MAX_ANSWER).await;
    answered.map_err(|error: Unanswered| unreachable(error.to_string()))
}

fn read(mut answer: Answer) -> Result<Token, Refusal> {
    let refused = |why: String| Refusal::new("target_sign_in", why);
    if !answer.status.is_success() {
        let said = serde_json::from_slice::<Denied>(&answer.body).ok();
        // The first line says what is wrong; the others are trace ids and times.
        let why = said.map(|said| {
            let line = said.error_description.lines().next().unwrap_or_default().to_owned();
            format!("{}: {line}", said.error)
        });
        let why = why.unwrap_or_else(|| format!("the authority answered {}", answer.status.as_u16()));
        return Err(refused(why.chars().take(500).collect()));
    }
    let given = serde_json::from_slice::<Given>(&answer.body);
    answer.body.zeroize();
    let given = given.map_err(|_| refused("the authority's answer holds no token".to_owned()))?;
    let seconds = given.expires_in.as_ref().and_then(number).or_else(|| {
        // Without a length only the end is known, in wall time; an hour is what services give.
        given.expires_on.as_ref().and_then(number).map(|_| 3600)
    });
    let life = seconds.unwrap_or(0).saturating_sub(MARGIN_SECONDS).min(AGE_SECONDS).saturating_mul(SECOND);
    let printable = |text: &str| !text.is_empty() && text.bytes().all(|b| (0x21..0x7f).contains(&b));
    let bearer = Zeroizing::new(given.access_token);
    if !printable(&bearer) {
        return Err(refused("the authority's answer holds no token".to_owned()));
    }
    Ok(Token { bearer, until: clock::boot_now().saturating_add(life) })
}

fn number(json: &serde_json::Value) -> Option<u64> {
    json.as_u64().or_else(|| json.as_str()?.parse().ok())
}

/// `application/x-www-form-urlencoded`.
fn form(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        let mut encoded = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        encoded
    };
    pairs
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_an_identity_service_is_on_this_machine_or_its_link() {
        assert!(service("http://127.0.0.1:41741/msi/token/").is_some());
        assert!(service("http://169.254.130.2:8081/msi/token").is_some());
        for bad in [
            "https://127.0.0.1/msi",
            "http://192.0.2.1/msi",
            "http://evil.example/msi",
            "http://127.0.0.1@evil.example/msi",
            "http://127.0.0.1",
            "http://127.0.0.1/msi?x=y",
            "http://127.0.0.1/msi token",
            "",
        ] {
            assert!(service(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_form_has_no_characters_of_its_own_in_values() {
        assert_eq!(form(&[("a", "b c&d=e+f/ü"), ("g", "~-._")]), "a=b%20c%26d%3De%2Bf%2F%C3%BC&g=~-._");
    }
}
