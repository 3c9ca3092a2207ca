//! A database in the host file.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;

use countersign_runspace::TargetName;
use serde::Deserialize;

/// `[postgresql.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresqlTarget {
    /// A name or address, or the absolute path of the directory that holds the server's Unix socket.
    pub host: String,
    #[serde(default = "port")]
    pub port: u16,
    pub database: String,
    /// The account that signs in. It needs nothing but membership in `roles`.
    pub user: String,
    /// A name in `[credentials]`.
    #[serde(default)]
    pub password: Option<TargetName>,
    /// Database roles that tasks may run as.
    pub roles: BTreeSet<String>,
    #[serde(default)]
    pub tls: Tls,
    /// Certificates of the authority, in PEM; absent: those that the system trusts.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// Connections at one time.
    #[serde(default = "connections")]
    pub connections: u16,
    /// Milliseconds that a statement may take at most, whatever a task says.
    #[serde(default = "day")]
    pub max_run_time_ms: u64,
}

/// Whether a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Except to a Unix socket and to loopback.
    #[default]
    Required,
    /// Never: the network between is trusted.
    Off,
    /// On loopback too.
    Always,
}

impl PostgresqlTarget {
    /// The Unix socket, where the host is a directory.
    pub(super) fn socket(&self) -> Option<PathBuf> {
        let directory = self.host.starts_with('/').then(|| PathBuf::from(&self.host))?;
        Some(directory.join(format!(".s.PGSQL.{}", self.port)))
    }

    fn is_local(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host.starts_with('/') || self.host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
    }

    pub(super) fn encrypts(&self) -> bool {
        match self.tls {
            Tls::Required => !self.is_local(),
            Tls::Off => false,
            Tls::Always => !self.host.starts_with('/'),
        }
    }

    /// Whether a connection without encryption must end on this host.
    pub(super) fn must_be_local(&self) -> bool {
        !self.encrypts() && self.tls != Tls::Off
    }
}

const fn port() -> u16 {
    5432
}

const fn connections() -> u16 {
    8
}

const fn day() -> u64 {
    24 * 60 * 60 * 1000
}
