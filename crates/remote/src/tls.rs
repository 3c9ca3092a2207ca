//! TLS to targets: always verified, by a private authority or the system's.

use std::path::Path;
use std::sync::Arc;

use countersign_runspace::Refusal;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};

use crate::credential::Credential;

/// A client's configuration that trusts the authorities in `ca`, or the system's.
///
/// # Errors
/// `authority_unreadable`.
pub(crate) fn config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, Refusal> {
    config_for(ca, None)
}

/// The same, with a certificate and its key to show, both in one PEM.
///
/// # Errors
/// `authority_unreadable`, `credential_unavailable`.
pub(crate) fn config_for(
    ca: Option<&Path>,
    certificate: Option<&Credential>,
) -> Result<Arc<ClientConfig>, Refusal> {
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
    let config = config.with_root_certificates(roots);
    let Some(pem) = certificate else { return Ok(Arc::new(config.with_no_client_auth())) };
    // The reader's errors may quote what it read.
    let unfit = || Refusal::new("credential_unavailable", "not a certificate and its key in PEM");
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|_| unfit())?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| unfit())?;
    config.with_client_auth_cert(chain, key).map(Arc::new).map_err(|_| unfit())
}

/// The name that a certificate must be for.
///
/// # Errors
/// `host_invalid`.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, Refusal> {
    ServerName::try_from(host.to_owned())
        .map_err(|_| Refusal::new("host_invalid", format!("{host} is neither a name nor an address")))
}
