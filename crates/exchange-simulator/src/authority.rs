//! A private certificate authority that lives as long as the simulator, and the certificate of all simulated hosts.

use base64::Engine as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::der::{self, INTEGER, OCTET_STRING, SEQUENCE, SET, UTC_TIME, UTF8, of, value};

/// Names that the simulated hosts have, as the real ones; all of them are at this machine's loopback.
const NAMES: &[&str] = &[
    "localhost",
    "outlook.office365.com",
    "*.outlook.office365.com",
    "login.microsoftonline.com",
    "outlook.office365.us",
    "*.outlook.office365.us",
    "outlook-dod.office365.us",
    "login.microsoftonline.us",
    "outlook.office365.cn",
    "*.outlook.office365.cn",
    "login.partner.microsoftonline.cn",
];

/// ecdsa-with-SHA256 (RFC 5758, 3.2).
const ECDSA_SHA256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
/// id-ecPublicKey and prime256v1 (RFC 5480, 2.1.1).
const EC_KEY: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// id-at-commonName, id-ce-basicConstraints and id-ce-subjectAltName (RFC 5280).
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x13];
const ALTERNATIVE_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x11];
const TRUE: &[u8] = &[0x01, 0x01, 0xff];

/// The authority's certificate as PEM, and the hosts' with its key.
pub(crate) struct Authority {
    pub(crate) pem: String,
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// Makes keys and certificates.
///
/// # Errors
/// If there is no randomness.
pub(crate) fn make() -> std::io::Result<Authority> {
    let random = SystemRandom::new();
    let fault = |_| std::io::Error::other("no key can be made");
    let new = || EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).map_err(fault);
    let read = |der: &[u8]| {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der, &random)
            .map_err(|_| std::io::Error::other("no key can be made"))
    };
    let (root_der, host_der) = (new()?, new()?);
    let (root, host) = (read(root_der.as_ref())?, read(host_der.as_ref())?);
    let root_name = "Countersign Exchange simulator";
    let sign =
        |body: &[u8]| root.sign(&random, body).map(|signature| signature.as_ref().to_vec()).map_err(fault);
    let of_root = certificate(1, root_name, root_name, root.public_key().as_ref(), &constraints(), &sign)?;
    let of_host = certificate(2, root_name, "simulated hosts", host.public_key().as_ref(), &names(), &sign)?;
    let text = base64::engine::general_purpose::STANDARD.encode(&of_root);
    let lines: Vec<String> =
        text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    Ok(Authority {
        pem: format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n")),
        chain: vec![CertificateDer::from(of_host), CertificateDer::from(of_root)],
        key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(host_der.as_ref().to_vec())),
    })
}

fn constraints() -> Vec<u8> {
    let is_authority = of(SEQUENCE, &[TRUE.to_vec()]);
    of(SEQUENCE, &[BASIC_CONSTRAINTS.to_vec(), TRUE.to_vec(), value(OCTET_STRING, &is_authority)])
}

fn names() -> Vec<u8> {
    // dNSName is the choice [2].
    let names: Vec<Vec<u8>> = NAMES.iter().map(|name| value(0x82, name.as_bytes())).collect();
    of(SEQUENCE, &[ALTERNATIVE_NAME.to_vec(), value(OCTET_STRING, &of(SEQUENCE, &names))])
}

/// A certificate of version 3 (RFC 5280, 4.1).
fn certificate(
    serial: u8,
    issuer: &str,
    subject: &str,
    point: &[u8],
    extension: &[u8],
    sign: &dyn Fn(&[u8]) -> std::io::Result<Vec<u8>>,
) -> std::io::Result<Vec<u8>> {
    let name = |text: &str| {
        let pair = of(SEQUENCE, &[COMMON_NAME.to_vec(), value(UTF8, text.as_bytes())]);
        of(SEQUENCE, &[of(SET, &[pair])])
    };
    let algorithm = of(SEQUENCE, &[ECDSA_SHA256.to_vec()]);
    // It lives in memory and ends with the simulator.
    let validity = of(SEQUENCE, &[value(UTC_TIME, b"200101000000Z"), value(UTC_TIME, b"491231235959Z")]);
    let key = of(SEQUENCE, &[of(SEQUENCE, &[EC_KEY.to_vec(), P256.to_vec()]), der::bits(point)]);
    let body = of(
        SEQUENCE,
        &[
            value(0xa0, &value(INTEGER, &[2])),
            value(INTEGER, &[serial]),
            algorithm.clone(),
            name(issuer),
            validity,
            name(subject),
            key,
            value(0xa3, &of(SEQUENCE, &[extension.to_vec()])),
        ],
    );
    let signature = der::bits(&sign(&body)?);
    Ok(of(SEQUENCE, &[body, algorithm, signature]))
}
