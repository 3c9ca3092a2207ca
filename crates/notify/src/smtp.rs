//! Handing mails to an SMTP server.

use std::{io, net::IpAddr, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use zeroize::Zeroizing;

use crate::mail::{Fault, Mailer, OutgoingMail, Receipt, SendError, Sending};

/// What every certificate in PEM starts with (RFC 7468).
const MARK: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// How mails reach the server.
#[derive(Clone)]
pub struct SmtpConfig {
    /// A host name, or an address.
    pub host: String,
    /// Otherwise 587 for STARTTLS, 465 for TLS, 25 without.
    pub port: Option<u16>,
    pub security: Security,
    pub login: Option<Login>,
    /// PEM of further certificate authorities to trust, beside the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// For one mail in all, connection included.
    pub timeout: Duration,
    /// The name in `EHLO`: this host's.
    pub hello_name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// STARTTLS, required: a server that doesn't offer it gets nothing.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Neither; on loopback only.
    None,
}

#[derive(Clone)]
pub struct Login {
    pub user: String,
    pub password: Zeroizing<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpConfigFault {
    #[error("SMTP without TLS is for loopback only; use security = \"starttls\" or \"tls\"")]
    PlainBeyondLoopback,
    #[error("the certificate authorities are not readable as PEM")]
    Certificates,
    #[error("TLS can't be set up: {0}")]
    Tls(String),
    #[error("the SMTP host is empty or no host name")]
    Host,
}

/// A mailer over one server, with a small pool of connections.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
}

impl SmtpMailer {
    /// Sets up without connecting. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`SmtpConfigFault`].
    pub fn new(config: &SmtpConfig) -> Result<Self, SmtpConfigFault> {
        let host = config.host.trim();
        if host.is_empty() || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:_".contains(&b)) {
            return Err(SmtpConfigFault::Host);
        }
        let (tls, port) = match config.security {
            Security::StartTls => (Tls::Required(parameters(config, host)?), 587),
            Security::Tls => (Tls::Wrapper(parameters(config, host)?), 465),
            Security::None if is_loopback(host) => (Tls::None, 25),
            Security::None => return Err(SmtpConfigFault::PlainBeyondLoopback),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(config.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(config.timeout))
            .pool_config(PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(30)));
        if let Some(name) = &config.hello_name {
            builder = builder.hello_name(ClientId::Domain(name.clone()));
        }
        if let Some(login) = &config.login {
            builder = builder.credentials(Credentials::new(login.user.clone(), login.password.to_string()));
        }
        Ok(Self { transport: builder.build(), timeout: config.timeout })
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, mail: &'a OutgoingMail) -> Sending<'a> {
        Box::pin(async move {
            let sending = self.transport.send_raw(&mail.envelope, &mail.raw);
            match tokio::time::timeout(self.timeout, sending).await {
                Ok(Ok(response)) => {
                    let answer = response.message().collect::<Vec<_>>().join(" ");
                    Ok(Receipt::Accepted(countersign_text::truncate(
                        &countersign_text::visible(&answer),
                        200,
                    )))
                }
                Ok(Err(fault)) => Err(classify(&fault)),
                Err(_) => {
                    Err(SendError::new(Fault::Transient, None, "the mail server did not answer in time"))
                }
            }
        })
    }
}

fn parameters(config: &SmtpConfig, host: &str) -> Result<TlsParameters, SmtpConfigFault> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = &config.ca_pem {
        // Without this, a file with no certificate in it would count as no further authorities.
        if !pem.windows(MARK.len()).any(|part| part == MARK) {
            return Err(SmtpConfigFault::Certificates);
        }
        let certificate = Certificate::from_pem(pem).map_err(|_| SmtpConfigFault::Certificates)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|fault| SmtpConfigFault::Tls(fault.to_string()))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn classify(fault: &lettre::transport::smtp::Error) -> SendError {
    let code = fault.status().map(u16::from);
    // The answers about sign-in and encryption (RFC 4954 section 6, RFC 3207) concern every mail.
    let about_relay = matches!(code, Some(454 | 530 | 534 | 535 | 538));
    let class = if about_relay || fault.is_tls() || failed_handshake(fault) {
        Fault::Relay
    } else if fault.is_permanent() {
        Fault::Permanent
    } else if fault.is_client() {
        // What the client library refuses: no STARTTLS offered, no way to sign in, or an address
        // that this server can't take. Only the last is about this mail, and can't be told apart.
        Fault::Relay
    } else {
        Fault::Transient
    };
    SendError::new(class, code, &detail(fault))
}

/// TLS faults, such as a certificate that nobody trusts, come as errors of the connection: what
/// was read makes no sense. That doesn't pass by waiting.
fn failed_handshake(fault: &lettre::transport::smtp::Error) -> bool {
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        if cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        source = cause.source();
    }
    false
}

/// The error and its causes: a server's words, so they are shown with care.
fn detail(fault: &lettre::transport::smtp::Error) -> String {
    let mut text = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = cause.source();
    }
    text
}

impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMailer").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
