//! What this host allows its runner: a TOML file that Countersign itself can't edit.
//!
//! ```toml
//! [process]
//! run_as = ["backup", "www-data"]
//! program_directories = ["/usr/local/lib/countersign/tasks", "/usr/bin"]
//! environment = ["TZ"]
//!
//! [process.limits]
//! run_time_ms = 3600000
//!
//! [credentials.erp-password]
//! file = "/etc/countersign/secrets/erp"
//!
//! [postgresql.erp]
//! host = "db.contoso.example"
//! database = "erp"
//! user = "countersign"
//! password = "erp-password"
//! roles = ["erp_support"]
//! ca = "/etc/countersign/contoso-ca.pem"
//! ```
//!
//! What is not listed is refused; a file that is absent allows nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use countersign_remote::{
    CredentialReference, ExchangeTarget, HttpTarget, KvStore, PostgresqlTarget, SshTarget, Targets, VaultFile,
};
use countersign_runspace::{Limits, TargetName};
use countersign_sandbox::program::{self, Untrusted};
use countersign_sandbox::user;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// Longest file read; it lists names, not data.
const MAX_BYTES: u64 = 1024 * 1024;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HostFile {
    pub process: ProcessRules,
    /// Where credentials lie, by the names that targets use.
    pub credentials: BTreeMap<TargetName, CredentialReference>,
    /// Key-value stores that credentials lie in.
    pub kv: BTreeMap<TargetName, KvStore>,
    /// The runner's own vault.
    pub vault: Option<VaultFile>,
    /// Databases, by the names that definitions use.
    pub postgresql: BTreeMap<TargetName, PostgresqlTarget>,
    /// Hosts, by the names that definitions use.
    pub ssh: BTreeMap<TargetName, SshTarget>,
    /// Services, by the names that definitions use.
    pub http: BTreeMap<TargetName, HttpTarget>,
    /// Tenants of Exchange Online, by the names that definitions use.
    pub exchange: BTreeMap<TargetName, ExchangeTarget>,
}

impl HostFile {
    /// What executors whose target is elsewhere are told.
    pub(crate) fn targets(&self) -> Targets {
        Targets {
            credentials: self.credentials.clone(),
            kv: self.kv.clone(),
            vault: self.vault.clone(),
            postgresql: self.postgresql.clone(),
            ssh: self.ssh.clone(),
            http: self.http.clone(),
            exchange: self.exchange.clone(),
        }
    }

    /// What is used and not there.
    fn missing(&self) -> Option<String> {
        let databases =
            self.postgresql.iter().filter_map(|(name, target)| Some((name, target.password.as_ref()?)));
        let hosts = self.ssh.iter().map(|(name, target)| (name, target.credential()));
        let services =
            self.http.iter().flat_map(|(name, target)| target.credentials().map(move |used| (name, used)));
        let tenants = self.exchange.iter().filter_map(|(name, target)| Some((name, target.credential()?)));
        let stores = self.kv.iter().map(|(name, store)| (name, store.credential()));
        let mut used = databases.chain(hosts).chain(services).chain(tenants).chain(stores);
        if let Some((target, credential)) =
            used.find(|(_, credential)| !self.credentials.contains_key(*credential))
        {
            return Some(format!("{target} uses the credential {credential}, which is not in [credentials]"));
        }
        self.credentials.iter().find_map(|(name, place)| match place {
            CredentialReference::Kv(place) => match self.kv.get(&place.store) {
                None => Some(format!("the credential {name} lies in {}, which is not in [kv]", place.store)),
                Some(store) => match self.credentials.get(store.credential()) {
                    Some(CredentialReference::Kv(_)) => {
                        Some(format!("the store {} can't hold what opens it", place.store))
                    }
                    _ => None,
                },
            },
            CredentialReference::Vault(_) if self.vault.is_none() => {
                Some(format!("the credential {name} lies in the vault, and there is no [vault]"))
            }
            _ => None,
        })
    }
}

/// For programs on this host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProcessRules {
    /// Local accounts, by name. The runner's own must be listed as well.
    pub run_as: BTreeSet<String>,
    /// Absolute paths, compared with a program's real path.
    pub program_directories: Vec<PathBuf>,
    /// Variables that a definition may set.
    pub environment: BTreeSet<String>,
    pub limits: MaxLimits,
}

/// Ceilings that no work order exceeds; an absent key keeps the value of [`MaxLimits::default`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MaxLimits {
    pub run_time_ms: u64,
    pub output_bytes: u64,
    pub memory_bytes: u64,
    pub processes: u64,
    pub open_files: u64,
    pub cpu_seconds: u64,
    pub file_bytes: u64,
    pub grace_ms: u64,
}

impl Default for MaxLimits {
    fn default() -> Self {
        Self {
            run_time_ms: 24 * 60 * 60 * 1000,
            output_bytes: 16 * 1024 * 1024,
            memory_bytes: 4 * 1024 * 1024 * 1024,
            processes: 512,
            open_files: 1024,
            cpu_seconds: 24 * 60 * 60,
            file_bytes: 64 * 1024 * 1024 * 1024,
            grace_ms: 30_000,
        }
    }
}

impl From<MaxLimits> for Limits {
    fn from(max: MaxLimits) -> Self {
        Self {
            run_time_ms: max.run_time_ms,
            output_bytes: max.output_bytes,
            memory_bytes: max.memory_bytes,
            processes: max.processes,
            open_files: max.open_files,
            cpu_seconds: max.cpu_seconds,
            file_bytes: max.file_bytes,
            grace_ms: max.grace_ms,
        }
    }
}

/// A host file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    pub rules: HostFile,
    /// Lower-case hex SHA-256 of its bytes; `None`: there is no file, and nothing is allowed.
    pub sha256: Option<String>,
}

/// Why a host file is not believed.
#[derive(Debug, thiserror::Error)]
pub enum HostFileError {
    #[error("host file not believed: {0}")]
    Untrusted(#[from] Untrusted),
    #[error("{path}:{line}:{column}: {message}")]
    Syntax { path: PathBuf, line: usize, column: usize, message: String },
}

/// Reads the file. It and every directory on the way must belong to root or to the runner's user and be writable by
/// nobody else.
///
/// # Errors
/// If somebody else could have written it, or it is not exactly of this form.
pub fn load(path: &Path) -> Result<Loaded, HostFileError> {
    let owners = [0, user::own_uid()];
    let text = match program::read_trusted(path, &owners, MAX_BYTES) {
        Err(Untrusted::Missing { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Loaded { rules: HostFile::default(), sha256: None });
        }
        other => other?,
    };
    let rules = parse(&text).map_err(|(line, column, message)| HostFileError::Syntax {
        path: path.to_owned(),
        line,
        column,
        message,
    })?;
    Ok(Loaded { rules, sha256: Some(hex::encode(Sha256::digest(text.as_bytes()))) })
}

fn parse(text: &str) -> Result<HostFile, (usize, usize, String)> {
    let file: HostFile = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column, error.message().to_owned())
    })?;
    match file.process.program_directories.iter().find(|path| !path.is_absolute()) {
        Some(path) => Err((1, 1, format!("program_directories: {} is not an absolute path", path.display()))),
        None => file
            .missing()
            .or_else(|| SshTarget::fault_of_way(&file.ssh))
            .map_or(Ok(file), |why| Err((1, 1, why))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let (line, column, message) = parse("[process]\nrun_as = []\nrun_es = []\n").expect_err("unknown");
        assert_eq!((line, column), (3, 1));
        assert!(message.contains("run_es"), "{message}");
    }

    #[test]
    fn what_is_absent_allows_nothing() {
        let file = parse("").expect("empty");
        assert!(file.process.run_as.is_empty() && file.process.program_directories.is_empty());
        assert!(
            file.process.environment.is_empty() && file.credentials.is_empty() && file.postgresql.is_empty()
        );
    }

    #[test]
    fn a_target_has_a_credential_that_is_there_and_roles_that_are_named() {
        let target = "[postgresql.erp]\nhost = \"db\"\ndatabase = \"erp\"\nuser = \"u\"\nroles = [\"r\"]\npassword = \"p\"\n";
        let credential = "[credentials.p]\nsystemd = \"erp\"\n";
        assert!(parse(target).is_err());
        let file = parse(&format!("{target}{credential}")).expect("sound");
        assert_eq!(file.targets().postgresql.len(), 1);
        assert!(parse(&format!("{target}{credential}environment = \"X\"\n")).is_err(), "two places");
        let host = "[ssh.web]\nhost = \"web\"\nusers = [\"u\"]\nkey = \"p\"\nhost_keys = [\"KEY\"]\n"
            .replace(
                "KEY",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFETmVZjrLIkK1hWkvWq+98mzyOsYbE6SGWkeSNq/Rlw",
            );
        assert!(parse(&host).is_err());
        assert_eq!(parse(&format!("{host}{credential}")).expect("sound").targets().ssh.len(), 1);
        assert!(parse(&format!("{}{credential}", host.replace("AAAAC3", "AAAAD3"))).is_err());
        let jump = format!("{host}{credential}").replace("users", "via = \"bastion\"\nusers");
        assert!(parse(&jump).expect_err("no such host").2.contains("bastion, which is not in [ssh]"));
        let bastion = host.replace("ssh.web", "ssh.bastion").replace("users = [\"u\"]", "jump_as = \"j\"");
        assert!(parse(&format!("{jump}{bastion}")).is_ok());
        let signed = host.replace("key = \"p\"", "certificate = { authority = \"ca\" }");
        assert!(
            parse(&format!("{signed}{credential}")).expect_err("no authority").2.contains("credential ca")
        );
        assert!(parse(&target.replace("roles = [\"r\"]\n", "")).is_err());
        assert!(parse(&format!("{}{credential}", target.replace("erp]", "Erp]"))).is_err());
    }

    #[test]
    fn a_service_and_a_store_have_credentials_that_are_there() {
        let service = "[http.api]\nurl = \"https://api\"\nauth = { bearer = \"t\" }\n";
        assert!(parse(service).is_err());
        let here = "[credentials.t]\nenvironment = \"T\"\n";
        assert_eq!(parse(&format!("{service}{here}")).expect("sound").targets().http.len(), 1);
        assert!(parse(&format!("{service}[credentials.t]\nvault = \"t\"\n")).is_err(), "no vault");
        let vault = "[vault]\nfile = \"/v\"\nkey = { file = \"/k\" }\n";
        assert!(parse(&format!("{service}[credentials.t]\nvault = \"t\"\n{vault}")).is_ok());
        let kept = "[credentials.t]\nkv = { store = \"main\", path = \"a\" }\n";
        assert!(parse(&format!("{service}{kept}")).is_err(), "no store");
        let store = "[kv.main]\nurl = \"https://vault\"\nauth = { token = \"o\" }\n";
        let own = "[credentials.o]\nenvironment = \"O\"\n";
        assert!(parse(&format!("{service}{kept}{store}")).is_err(), "no token");
        assert!(parse(&format!("{service}{kept}{store}{own}")).is_ok());
        let circle = "[credentials.o]\nkv = { store = \"main\", path = \"o\" }\n";
        assert!(parse(&format!("{service}{kept}{store}{circle}")).is_err(), "a store that opens itself");
        for bad in ["url = \"api\"", "url = \"https://u@api\"", "url = \"https://api\"\naddresses = [\"10\"]"]
        {
            assert!(parse(&format!("[http.api]\n{bad}\n")).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_relative_directory_and_a_double_key_are_refused() {
        assert!(parse("[process]\nprogram_directories = [\"bin\"]\n").is_err());
        assert!(parse("[process]\nrun_as = []\nrun_as = [\"root\"]\n").is_err());
    }
}
