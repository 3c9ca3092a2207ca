//! TLS to targets: always verified, by a private authority or the system's.

use std::path::Path;
use std::sync::Arc;

use countersign_runspace::Refusal;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};

/// A client's configuration that trusts the authorities in `ca`, or the system's.
///
/// # Errors
/// `authority_unreadable`.
pub(crate) fn config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, Refusal> {
    let refused = |why: String| Refusal::new("authority_unreadable", why);
    let mut roots = RootCertStore::empty();
    match ca {
        Some(path) => {
            let certificates = CertificateDer::pem_file_iter(path)
                .map_err(|error| refused(format!("{}: {error}", path.display())))?;
            for certificate in certificates {
                let certificate =
                    certificate.map_err(|error| refused(format!("{}: {error}", path.display())))?;
                roots.add(certificate).map_err(|error| refused(format!("{}: {error}", path.display())))?;
            }
        }
        None => _ = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs),
    }
    if roots.is_empty() {
        return Err(refused("no certificate authority is known".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(error.to_string()))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// The name that a certificate must be for.
///
/// # Errors
/// `host_invalid`.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, Refusal> {
    ServerName::try_from(host.to_owned())
        .map_err(|_| Refusal::new("host_invalid", format!("{host} is neither a name nor an address")))
}
