//! How people are told, by the configuration.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use countersign_client::Secret;
use countersign_engine::MailConfig;
use countersign_notify::Mailer;
use countersign_notify::smtp::{Login, SmtpConfig, SmtpMailer};
use countersign_notify::spool::Spool;
use countersign_server::config::{Config, Smtp};

use crate::fault::{Fault, Outcome};

/// For one mail in all, connection included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What sends, and as whom. Without a public address nobody can be told: links would lead nowhere.
pub(super) fn mail(config: &Config, password: Option<Secret>) -> Outcome<Option<MailConfig>> {
    let Some(public_url) = config.public_url.clone() else { return Ok(None) };
    let (mailer, sender): (Arc<dyn Mailer>, String) = match &config.smtp {
        Some(smtp) => (Arc::new(smtp_mailer(smtp, password)?), smtp.from.clone()),
        None => {
            let spool = Spool::open(&config.data_dir.join("mail"))?;
            (Arc::new(spool), format!("countersign@{}", address_host(public_url.host())))
        }
    };
    Ok(Some(MailConfig {
        mailer,
        public_url,
        sender_name: "Countersign".to_owned(),
        sender_address: sender,
        demo: std::env::var("COUNTERSIGN_DEMO").ok().filter(|text| !text.is_empty()),
    }))
}

/// A host name that a mail address can have: addresses of machines stand in brackets there.
fn address_host(host: &str) -> String {
    if host.contains('.') && host.parse::<std::net::IpAddr>().is_err() {
        host.to_owned()
    } else {
        "localhost.localdomain".to_owned()
    }
}

pub(super) fn smtp_mailer(smtp: &Smtp, password: Option<Secret>) -> Outcome<SmtpMailer> {
    let login = match (&smtp.username, password) {
        (Some(user), Some(password)) => {
            Some(Login { user: user.clone(), password: password.reveal().to_owned().into() })
        }
        _ => None,
    };
    let config = SmtpConfig {
        host: smtp.host.clone(),
        port: smtp.port,
        security: smtp.security,
        login,
        ca_pem: None,
        timeout: TIMEOUT,
        hello_name: None,
    };
    SmtpMailer::new(&config)
        .map_err(|fault| Fault::failed(format!("The mail server cannot be used: {fault}.")))
}

/// The mail server's password: the first line of the file. Read while the process may still read it.
pub(super) fn password(config: &Config) -> Outcome<Option<Secret>> {
    let Some(smtp) = &config.smtp else { return Ok(None) };
    match (&smtp.username, &smtp.password_file) {
        (Some(_), Some(file)) => read(file).map(Some),
        (Some(_), None) => Err(Fault::failed("smtp.username needs smtp.password_file.")),
        (None, _) => Ok(None),
    }
}

fn read(file: &Path) -> Outcome<Secret> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Fault::failed(format!("{}: {error}.", file.display())))?;
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}
