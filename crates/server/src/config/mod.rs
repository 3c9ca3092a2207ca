//! The configuration: one TOML file, each key overridable by an environment variable.
//!
//! `tls.cert` is `COUNTERSIGN_TLS_CERT`. Unknown keys are refused, with the line and the key that was probably meant.

mod keys;
mod read;
mod suggest;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use countersign_notify::PublicUrl;
use countersign_notify::smtp::Security;

use crate::client_address::TrustedProxies;
use crate::listen::Tls;
use crate::logs::Format;

pub use keys::{KEYS, Key, Kind};

/// What the server is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the ledger and everything beside it lives.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Where people reach the server.
    pub public_url: Option<PublicUrl>,
    /// The server's own TLS.
    pub tls: Option<Tls>,
    /// Proxies whose word on the client's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// How mail is sent; without it, mails are written to files.
    pub smtp: Option<Smtp>,
    /// The runner.
    pub runner: Runner,
    /// How log lines look.
    pub log: Format,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// The mail server.
    pub host: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Security,
    /// The user to sign in as.
    pub username: Option<String>,
    /// A file whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// The sender's address.
    pub from: String,
}

/// The process that executes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runner {
    /// Its socket; `runner.sock` in the data directory unless set.
    pub socket: PathBuf,
    /// What the host allows it; see the runner's documentation.
    pub host_file: Option<PathBuf>,
    /// Whether the server starts it as its child.
    pub spawn: bool,
}

/// What is wrong with the configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ConfigFault {
    /// `countersign.toml:7`, or the environment variable.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl Config {
    /// Reads a file, if there is one, and the environment.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn load(
        file: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigFault> {
        let (name, text) = match file {
            None => (String::new(), String::new()),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| ConfigFault {
                    place: path.display().to_string(),
                    message: error.to_string(),
                })?;
                (path.display().to_string(), text)
            }
        };
        Self::parse(&name, &text, environment)
    }

    /// Reads a file's text and the environment. `name` stands in faults.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(
        name: &str,
        text: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigFault> {
        let mut given = read::file(name, text)?;
        read::environment(&mut given, environment)?;
        given.into_config()
    }
}
