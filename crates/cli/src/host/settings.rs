//! The server's configuration on this host.

use std::path::{Path, PathBuf};

use countersign_server::config::Config;

use crate::fault::{Fault, Outcome};

/// Where the configuration is unless told otherwise.
pub(crate) const DEFAULT_FILE: &str = "/etc/countersign/countersign.toml";

/// Which configuration a command of the host uses.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ConfigArgs {
    /// The configuration file; each key can be overridden by the environment
    #[arg(long = "config", env = "COUNTERSIGN_CONFIG", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl ConfigArgs {
    /// The file named, or the usual one if it is there.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.file.clone().or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists()))
    }

    /// Reads it, with what the environment overrides.
    pub(crate) fn load(&self) -> Outcome<Config> {
        load(self.path().as_deref())
    }
}

pub(crate) fn load(file: Option<&Path>) -> Outcome<Config> {
    Config::load(file, |name| std::env::var(name).ok())
        .map_err(|fault| Fault::failed(format!("{fault}.")).hint("countersign config show lists every key"))
}

/// The data directory of the usual configuration.
pub(crate) fn data_dir() -> Outcome<PathBuf> {
    let file = std::env::var_os("COUNTERSIGN_CONFIG").map(PathBuf::from);
    Ok(ConfigArgs { file }.load()?.data_dir)
}

/// The file that says what the host allows its runner.
pub(crate) fn host_file(config: &Config) -> PathBuf {
    config.runner.host_file.clone().unwrap_or_else(|| PathBuf::from("/etc/countersign/runner.toml"))
}

/// Where the runner keeps what it began. A runner of another user keeps it where the server cannot reach.
pub(crate) fn runner_state(config: &Config) -> PathBuf {
    let mut beside = config.data_dir.as_os_str().to_owned();
    beside.push("-runner");
    PathBuf::from(beside)
}
