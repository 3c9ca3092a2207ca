//! A certificate's word for an application: a JWT (RFC 7523) signed with its key.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_runspace::Refusal;
use rustls::SignatureScheme;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::random::guid;
use super::target::{AssertionAlgorithm, CertificateSignIn};
use crate::credential::Credential;

/// Seconds that an assertion is good for. It is used at once.
const LIFE: u64 = 300;

/// The assertion for a token endpoint.
///
/// # Errors
/// `credential_unavailable`, without a word of the credential.
pub(super) fn assertion(
    sign_in: &CertificateSignIn,
    credential: &Credential,
    endpoint: &str,
) -> Result<Zeroizing<String>, Refusal> {
    let refused = |why: &str| Refusal::new("credential_unavailable", why);
    let certificate = CertificateDer::from_pem_slice(credential)
        .map_err(|_| refused("the credential holds no certificate in PEM"))?;
    let key = PrivateKeyDer::from_pem_slice(credential)
        .map_err(|_| refused("the credential holds no private key in PEM"))?;
    let key = rustls::crypto::ring::sign::any_supported_type(&key)
        .map_err(|_| refused("the certificate's key can't be used"))?;
    let (name, scheme) = match sign_in.algorithm {
        AssertionAlgorithm::Ps256 => ("PS256", SignatureScheme::RSA_PSS_SHA256),
        AssertionAlgorithm::Rs256 => ("RS256", SignatureScheme::RSA_PKCS1_SHA256),
    };
    let signer = key
        .choose_scheme(&[scheme])
        .ok_or_else(|| refused("the certificate's key is no RSA key of at least 2048 bits"))?;
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate));
    let header = json!({"alg": name, "typ": "JWT", "x5t#S256": thumbprint});
    let now = wall_seconds();
    let application = sign_in.application.as_str();
    let claims = json!({
        "aud": endpoint, "iss": application, "sub": application, "jti": guid(),
        "nbf": now, "iat": now, "exp": now + LIFE,
    });
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature =
        signer.sign(signed.as_bytes()).map_err(|_| refused("the certificate's key can't sign"))?;
    Ok(Zeroizing::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the authority judges an assertion by wall time; nothing here is decided by it"
)]
fn wall_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
