//! References to credentials, and what they stand for.
//!
//! A credential is read when it is needed and wiped when it was used. It is never in a definition, a work order or an answer.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use countersign_runspace::Refusal;
use countersign_sandbox::{program, user};
use serde::Deserialize;
use zeroize::Zeroizing;

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
}

/// The credential's bytes without a last line feed. Wiped when dropped.
pub(crate) type Credential = Zeroizing<Vec<u8>>;

impl CredentialReference {
    /// Reads it.
    ///
    /// # Errors
    /// `credential_unavailable`, without a word of its content.
    pub(crate) fn resolve(&self) -> Result<Credential, Refusal> {
        let read = match self {
            Self::File(path) => file(path),
            Self::Environment(name) => {
                let value = std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes);
                value.map(Zeroizing::new).ok_or_else(|| format!("the variable {name} is not set"))
            }
            Self::Systemd(name) => systemd(name),
        };
        let mut bytes = read.map_err(|why| Refusal::new("credential_unavailable", why))?;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        if bytes.is_empty() || bytes.len() > MAX_BYTES {
            let message = "a credential has 1 byte to 64 KiB";
            return Err(Refusal::new("credential_unavailable", message));
        }
        Ok(bytes)
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
