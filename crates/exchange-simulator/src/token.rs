//! The token endpoint: an application shows a certificate's signature and gets a token for a while.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::StatusCode;
use rustls_pki_types::CertificateDer;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use webpki::EndEntityCert;

use crate::Options;
use crate::body::{self, Answer};
use crate::random;
use crate::state::State;

/// Seconds that an assertion may be good for, and that clocks may differ by.
const LONGEST: u64 = 600;
const SKEW: u64 = 300;

/// Answers `POST /{tenant}/oauth2/v2.0/token`.
pub(crate) fn by_certificate(
    options: &Options,
    state: &mut State,
    host: &str,
    path: &str,
    form: &[u8],
) -> Answer {
    let fields = read_form(form);
    match judge(options, state, host, path, &fields) {
        Ok(audience) => give(options, state, &audience, "3599"),
        Err((error, code, text)) => refuse(error, code, &text),
    }
}

/// A new token.
pub(crate) fn give(options: &Options, state: &mut State, audience: &str, seconds: &str) -> Answer {
    let token = random::hex(600);
    state.tokens.insert(token.clone(), (audience.to_owned(), random::in_time(options.token_life)));
    let life = options.token_life.as_secs();
    let expires = if seconds == "3599" { json!(life) } else { json!(life.to_string()) };
    body::json(
        StatusCode::OK,
        &json!({"token_type": "Bearer", "expires_in": expires, "ext_expires_in": life, "access_token": token}),
    )
}

pub(crate) fn refuse(error: &str, code: u32, text: &str) -> Answer {
    let described = format!("AADSTS{code}: {text}\r\nTrace ID: {}", random::hex(16));
    body::json(
        StatusCode::UNAUTHORIZED,
        &json!({"error": error, "error_description": described, "error_codes": [code]}),
    )
}

type Refused = (&'static str, u32, String);

fn judge(
    options: &Options,
    state: &mut State,
    host: &str,
    path: &str,
    fields: &BTreeMap<String, String>,
) -> Result<String, Refused> {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let bad = |text: &str| ("invalid_request", 900_144, text.to_owned());
    let denied = |code: u32, text: &str| ("invalid_client", code, text.to_owned());
    if path != format!("/{}/oauth2/v2.0/token", options.tenant) {
        return Err(("invalid_request", 90_002, "Tenant not found".to_owned()));
    }
    if field("grant_type") != "client_credentials" {
        return Err(("unsupported_grant_type", 70_003, "The grant is not supported".to_owned()));
    }
    if field("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
        return Err(bad("client_assertion_type is wrong"));
    }
    if field("client_id") != options.application {
        return Err(("unauthorized_client", 700_016, "The application is not known here".to_owned()));
    }
    let audience = field("scope")
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_suffix("/.default"))
        .filter(|audience| !audience.contains('/'))
        .ok_or(("invalid_scope", 70_011, "The scope is not valid".to_owned()))?;

    let mut parts = field("client_assertion").split('.');
    let (Some(head), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(denied(50_027, "The assertion is no JWT"));
    };
    let decoded =
        |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| denied(50_027, "The assertion is malformed"));
    let object = |part: &str| {
        serde_json::from_slice::<Json>(&decoded(part)?)
            .map_err(|_| denied(50_027, "The assertion is malformed"))
    };
    let (header, claim) = (object(head)?, object(claims)?);
    let text = |json: &Json, name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let certificate = CertificateDer::from(options.certificate.clone());
    if text(&header, "x5t#S256") != URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate)) {
        return Err(denied(700_027, "The certificate is not registered for the application"));
    }
    let algorithm = match text(&header, "alg").as_str() {
        "PS256" => webpki::ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        "RS256" if options.takes_rs256 => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(denied(5_002_738, "The algorithm is not accepted")),
    };
    let signed = format!("{head}.{claims}");
    let signature = decoded(signature)?;
    let verified = EndEntityCert::try_from(&certificate)
        .and_then(|certificate| certificate.verify_signature(algorithm, signed.as_bytes(), &signature));
    if verified.is_err() {
        return Err(denied(700_027, "The signature is not the certificate's"));
    }
    if text(&claim, "iss") != options.application || text(&claim, "sub") != options.application {
        return Err(denied(700_021, "The assertion is not the application's own"));
    }
    if text(&claim, "aud") != format!("https://{host}{path}") {
        return Err(denied(700_023, "The assertion is for another audience"));
    }
    let number = |name: &str| claim.get(name).and_then(Json::as_u64).unwrap_or(0);
    let (now, from, until) = (random::seconds(), number("nbf"), number("exp"));
    if until <= now || from > now + SKEW || until > from + LONGEST {
        return Err(denied(700_024, "The assertion is not within its valid time range"));
    }
    let id = text(&claim, "jti");
    if id.is_empty() || !state.assertions.insert(id) {
        return Err(denied(700_025, "The assertion was used before"));
    }
    Ok(audience.to_owned())
}

/// Reads `application/x-www-form-urlencoded`.
pub(crate) fn read_form(form: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(form);
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let plain = match byte {
            b'+' => b' ',
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let number =
                    std::str::from_utf8(&digits).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                number.unwrap_or(b'%')
            }
            other => other,
        };
        bytes.push(plain);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use rustls::SignatureScheme;
    use rustls_pki_types::PrivateKeyDer;
    use rustls_pki_types::pem::PemObject as _;

    use super::*;

    const HOST: &str = "login.microsoftonline.com";

    fn assertion(options: &Options, change: impl Fn(&mut Json, &mut Json)) -> String {
        let key = PrivateKeyDer::from_pem_slice(crate::APPLICATION.as_bytes()).expect("key");
        let key = rustls::crypto::ring::sign::any_supported_type(&key).expect("key");
        let signer = key.choose_scheme(&[SignatureScheme::RSA_PSS_SHA256]).expect("PS256");
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&options.certificate));
        let mut header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint});
        let now = random::seconds();
        let audience = format!("https://{HOST}/{}/oauth2/v2.0/token", options.tenant);
        let mut claims = json!({"aud": audience, "iss": options.application, "sub": options.application,
            "jti": random::hex(16), "nbf": now, "exp": now + 300});
        change(&mut header, &mut claims);
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = signer.sign(signed.as_bytes()).expect("signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn judged(options: &Options, state: &mut State, assertion: String) -> Result<String, u32> {
        let fields = [
            ("grant_type", "client_credentials".to_owned()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_id", options.application.clone()),
            ("scope", "https://outlook.office365.com/.default".to_owned()),
            ("client_assertion", assertion),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let path = format!("/{}/oauth2/v2.0/token", options.tenant);
        judge(options, state, HOST, &path, &fields).map_err(|(_, code, _)| code)
    }

    #[test]
    fn an_assertion_is_good_once_for_one_audience_and_for_a_while() {
        let (options, mut state) = (Options::new().expect("options"), State::default());
        let good = assertion(&options, |_, _| {});
        assert_eq!(judged(&options, &mut state, good.clone()), Ok("outlook.office365.com".to_owned()));
        assert_eq!(judged(&options, &mut state, good.clone()), Err(700_025), "used before");
        let now = random::seconds();
        let changes: [(&str, Json, u32); 6] = [
            ("aud", json!("https://login.microsoftonline.com/other/oauth2/v2.0/token"), 700_023),
            ("exp", json!(now - 1), 700_024),
            ("exp", json!(now + 3600), 700_024),
            ("nbf", json!(now + 3000), 700_024),
            ("iss", json!("somebody"), 700_021),
            ("jti", json!(""), 700_025),
        ];
        for (claim, value, code) in changes {
            let changed = assertion(&options, |_, claims| claims[claim] = value.clone());
            assert_eq!(judged(&options, &mut state, changed), Err(code), "{claim}");
        }
        for (name, value, code) in
            [("alg", "none", 5_002_738), ("alg", "RS256", 5_002_738), ("x5t#S256", "AAAA", 700_027)]
        {
            let changed = assertion(&options, |header, _| header[name] = json!(value));
            assert_eq!(judged(&options, &mut state, changed), Err(code), "{name} {value}");
        }
        // Another's words under this signature.
        let mut parts: Vec<&str> = good.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(json!({"iss": options.application}).to_string());
        parts[1] = &forged;
        assert_eq!(judged(&options, &mut state, parts.join(".")), Err(700_027));
    }
}
