//! References to credentials, and what they stand for.
//!
//! A credential is read when it is needed and wiped when it was used. It is never in a definition, a work order or an answer.

mod kv;
pub mod vault;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_runspace::{Refusal, TargetName};
use countersign_sandbox::{program, user};
use serde::Deserialize;
use zeroize::Zeroizing;

pub use kv::{AppRole, KvAuth, KvPlace, KvStore};
pub use vault::VaultFile;

/// The largest credential, in bytes: a chain of certificates with its key.
const MAX_BYTES: usize = 64 * 1024;

/// Where a credential lies: one of these, in the host file's table `[credentials]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CredentialReference {
    /// An absolute path. The file must belong to root or the runner's user, and nobody else may read it.
    File(PathBuf),
    /// A variable of the runner's environment.
    Environment(String),
    /// A name in `$CREDENTIALS_DIRECTORY` (systemd.exec(5), `LoadCredential=`).
    Systemd(String),
    /// A field of a secret in a key-value store of HashiCorp Vault or OpenBao.
    Kv(KvPlace),
    /// A name in the runner's own vault.
    Vault(String),
}

/// The credential's bytes without a last line feed. Wiped when dropped.
pub(crate) type Credential = Zeroizing<Vec<u8>>;

/// What the host file says of credentials: where each lies, and the stores they lie in.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    references: BTreeMap<TargetName, CredentialReference>,
    stores: BTreeMap<TargetName, kv::Store>,
    vault: Option<VaultFile>,
}

/// A credential that the host file names.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    all: Arc<Credentials>,
    at: CredentialReference,
}

impl Credentials {
    pub(crate) fn new(
        references: BTreeMap<TargetName, CredentialReference>,
        stores: BTreeMap<TargetName, KvStore>,
        vault: Option<VaultFile>,
    ) -> Self {
        let stores = stores.into_iter().map(|(name, store)| (name, kv::Store::new(store)));
        Self { references, stores: stores.collect(), vault }
    }

    /// Where a credential lies, without reading it.
    ///
    /// # Errors
    /// `credential_unavailable`: the host file does not name it.
    pub(crate) fn reference(self: &Arc<Self>, name: &TargetName) -> Result<Reference, Refusal> {
        let at = self.references.get(name).cloned();
        let at = at.ok_or_else(|| unavailable(format!("the host file has no credential {name}")))?;
        Ok(Reference { all: Arc::clone(self), at })
    }
}

impl Reference {
    /// Whether another credential is needed to read it.
    fn is_in_a_store(&self) -> bool {
        matches!(self.at, CredentialReference::Kv(_))
    }

    /// Reads it.
    ///
    /// # Errors
    /// `credential_unavailable`, without a word of its content.
    pub(crate) async fn resolve(&self) -> Result<Credential, Refusal> {
        match &self.at {
            CredentialReference::Kv(place) => {
                let store = self.all.stores.get(&place.store);
                let missing = || unavailable(format!("the host file has no store {}", place.store));
                // A store's own credential is never in a store: the host file is refused where it says so.
                let read = Box::pin(store.ok_or_else(missing)?.read(place, &self.all));
                sound(read.await?)
            }
            CredentialReference::Vault(name) => {
                let vault = self.all.vault.clone();
                let vault = vault.ok_or_else(|| unavailable("the host file has no [vault]".to_owned()))?;
                sound(vault.read(name).await.map_err(|error| unavailable(error.to_string()))?)
            }
            here => here.resolve(),
        }
    }
}

fn unavailable(why: String) -> Refusal {
    Refusal::new("credential_unavailable", why)
}

/// Without a last line feed, and of a sensible size.
fn sound(mut bytes: Credential) -> Result<Credential, Refusal> {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    if bytes.is_empty() || bytes.len() > MAX_BYTES {
        return Err(unavailable("a credential has 1 byte to 64 KiB".to_owned()));
    }
    Ok(bytes)
}

impl CredentialReference {
    /// Reads what lies on this host.
    fn resolve(&self) -> Result<Credential, Refusal> {
        let read = match self {
            Self::File(path) => file(path),
            Self::Environment(name) => {
                let value = std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes);
                value.map(Zeroizing::new).ok_or_else(|| format!("the variable {name} is not set"))
            }
            Self::Systemd(name) => systemd(name),
            Self::Kv(_) | Self::Vault(_) => Err("not on this host".to_owned()),
        };
        sound(read.map_err(unavailable)?)
    }
}

fn file(path: &Path) -> Result<Credential, String> {
    let owners = [0, user::own_uid()];
    let opened = program::open_trusted(path, &owners).map_err(|untrusted| untrusted.to_string())?;
    let about = opened.file.metadata().map_err(|error| format!("{}: {error}", path.display()))?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(format!("{}: others than its owner may read it", path.display()));
    }
    read(opened.file).map_err(|error| format!("{}: {error}", path.display()))
}

fn systemd(name: &str) -> Result<Credential, String> {
    let plain = !name.is_empty() && !name.contains('/') && !name.starts_with('.');
    let directory = std::env::var_os("CREDENTIALS_DIRECTORY").filter(|_| plain);
    let path = directory.map(|directory| Path::new(&directory).join(name));
    let path = path.ok_or_else(|| format!("the service manager gave no credential {name}"))?;
    std::fs::File::open(&path).and_then(read).map_err(|error| format!("the credential {name}: {error}"))
}

/// Reads into one buffer that never moves: a buffer that grows leaves copies behind.
fn read(file: std::fs::File) -> std::io::Result<Credential> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 2));
    file.take(MAX_BYTES as u64 + 2).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(reference: &CredentialReference) -> String {
        reference.resolve().expect_err("refused").code
    }

    #[test]
    fn s1_a_file_that_others_may_read_is_no_credential() {
        let place = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).expect("directory");
        let path = place.path().join("secret");
        std::fs::write(&path, "s3cret-value\n").expect("write");
        let reference = CredentialReference::File(path.clone());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("mode");
        assert_eq!(refused(&reference), "credential_unavailable");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
        assert_eq!(reference.resolve().expect("read").as_slice(), b"s3cret-value");
        std::fs::write(&path, "").expect("write");
        assert_eq!(refused(&reference), "credential_unavailable");
        std::fs::write(&path, vec![b'x'; MAX_BYTES + 1]).expect("write");
        assert_eq!(refused(&reference), "credential_unavailable");
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let unset = CredentialReference::Environment("COUNTERSIGN_NO_SUCH_VARIABLE".to_owned());
        assert_eq!(refused(&unset), "credential_unavailable");
        for name in ["../../etc/shadow", "", ".hidden", "none"] {
            assert_eq!(refused(&CredentialReference::Systemd(name.to_owned())), "credential_unavailable");
        }
    }
}
