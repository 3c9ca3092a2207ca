//! Which certificates are trusted.

use std::path::Path;

use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::error::ClientError;

/// Where the common systems keep what their administrator trusts.
const SYSTEM: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Trusts the certificates of a file alone; without one those of the system, without those Mozilla's list.
pub(crate) fn tls(ca_file: Option<&Path>) -> Result<TlsConfig, ClientError> {
    let roots = match ca_file {
        Some(file) => read(file)?,
        None => SYSTEM
            .iter()
            .map(Path::new)
            .filter(|file| file.exists())
            .find_map(|file| read(file).ok())
            .unwrap_or(RootCerts::WebPki),
    };
    Ok(TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(roots).build())
}

fn read(file: &Path) -> Result<RootCerts, ClientError> {
    let fault = |why: String| ClientError::Trust { path: file.display().to_string(), why };
    let pem = std::fs::read(file).map_err(|error| fault(error.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(fault(error.to_string())),
        }
    }
    if certificates.is_empty() {
        return Err(fault("it holds no certificate in PEM form".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
