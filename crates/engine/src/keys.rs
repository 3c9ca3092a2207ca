//! The keys of a ledger: files outside the database, readable by the server alone. Whoever can only write the database
//! cannot append, sign, or guess what a keyed digest hides.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use countersign_ledger::checkpoint::Origin;
use countersign_ledger::entropy::Entropy;
use countersign_ledger::note::SigningKey;
use countersign_ledger::seal::SealKey;
use zeroize::Zeroizing;

use crate::error::StartError;
use crate::system::Randomness;

type Secret = Zeroizing<[u8; 32]>;

/// All keys of a ledger.
pub struct Keys {
    seal: Secret,
    log: Secret,
    link: Secret,
    credential: Secret,
}

const LOG: &str = "log.key";
const NAMES: [&str; 4] = ["seal.key", LOG, "link.key", "credential.key"];

impl Keys {
    /// Opens the keys in `data_dir/keys`; makes them if there is no ledger yet. The key that signs checkpoints is in no
    /// backup: where it is missing beside a ledger another one is made, and whether it may sign is decided elsewhere.
    ///
    /// # Errors
    /// Another key that is missing beside an existing ledger, or a file that holds none.
    pub(crate) fn open(
        data_dir: &Path,
        ledger: Ledger,
        randomness: &dyn Randomness,
    ) -> Result<(Self, LogKey), StartError> {
        let directory = data_dir.join("keys");
        DirBuilder::new().recursive(true).mode(0o700).create(&directory).map_err(file(&directory))?;
        let mut log_key = LogKey::Kept;
        let [seal, log, link, credential] = NAMES.map(|name| {
            let path = directory.join(name);
            match (read(&path)?, ledger) {
                (Some(key), _) => Ok(key),
                (None, Ledger::Empty) => make(&path, randomness),
                (None, Ledger::Exists) if name == LOG => {
                    log_key = LogKey::Made;
                    make(&path, randomness)
                }
                (None, Ledger::Exists) => Err(StartError::KeyMissing(path)),
            }
        });
        let keys = Self { seal: seal?, log: log?, link: link?, credential: credential? };
        File::open(&directory).and_then(|directory| directory.sync_all()).map_err(file(&directory))?;
        Ok((keys, log_key))
    }

    pub(crate) fn seal(&self) -> SealKey {
        SealKey::from_bytes(*self.seal)
    }

    /// The key that signs checkpoints of this origin.
    pub(crate) fn log(&self, origin: &Origin) -> SigningKey {
        SigningKey::from_seed(origin.key_name().clone(), &self.log)
    }

    /// The key behind the digests that stand in `CredentialSet` events.
    #[must_use]
    pub fn credential(&self) -> &[u8; 32] {
        &self.credential
    }

    /// 20 bytes that only this key and the nonce give.
    pub(crate) fn link(&self, nonce: &str) -> Zeroizing<[u8; 20]> {
        Zeroizing::new(Entropy::new(*self.link, &format!("countersign/link/{nonce}")).bytes())
    }

    /// A digest of a command that tells nothing of it: its parameters may be few and secret.
    pub(crate) fn fingerprint(&self, command: &[u8]) -> [u8; 32] {
        let digest = countersign_ledger::hash::sha256(command);
        Entropy::new(*self.link, &format!("countersign/command/{digest}")).bytes()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(secret)")
    }
}

/// Whether there is a ledger that the keys must belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ledger {
    Empty,
    Exists,
}

/// Where the key that signs checkpoints comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogKey {
    /// It was there, or there is no ledger yet.
    Kept,
    /// It was gone.
    Made,
}

fn read(path: &Path) -> Result<Option<Secret>, StartError> {
    let mut key = Secret::default();
    let mut opened = match File::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file(path)(error)),
    };
    let length = opened.metadata().map_err(file(path))?.len();
    if length != 32 || opened.read_exact(key.as_mut_slice()).is_err() {
        return Err(StartError::KeyForm(path.to_owned()));
    }
    Ok(Some(key))
}

/// Under another name first: a key is there whole or not at all.
fn make(path: &Path, randomness: &dyn Randomness) -> Result<Secret, StartError> {
    let key = Zeroizing::new(randomness.seed().map_err(StartError::System)?);
    let part = path.with_extension("part");
    let mut options = OpenOptions::new();
    let mut made =
        options.create(true).write(true).truncate(true).mode(0o600).open(&part).map_err(file(&part))?;
    made.write_all(key.as_slice()).and_then(|()| made.sync_all()).map_err(file(&part))?;
    std::fs::rename(&part, path).map_err(file(path))?;
    Ok(key)
}

pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> StartError + '_ {
    move |source| StartError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::system::OsRandomness;

    #[test]
    fn keys_are_made_once_and_are_the_servers_alone() {
        let data = tempfile::tempdir().unwrap();
        let (first, _) = Keys::open(data.path(), Ledger::Empty, &OsRandomness).unwrap();
        let (again, kept) = Keys::open(data.path(), Ledger::Exists, &OsRandomness).unwrap();
        assert_eq!(kept, LogKey::Kept);
        assert_eq!(first.credential(), again.credential());
        assert_ne!(first.credential(), &[0; 32]);
        for name in NAMES {
            let mode = std::fs::metadata(data.path().join("keys").join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn l10_a_missing_or_cut_key_beside_a_ledger_is_refused() {
        let data = tempfile::tempdir().unwrap();
        Keys::open(data.path(), Ledger::Empty, &OsRandomness).unwrap();
        let seal = data.path().join("keys/seal.key");
        std::fs::write(&seal, b"short").unwrap();
        assert!(matches!(
            Keys::open(data.path(), Ledger::Exists, &OsRandomness),
            Err(StartError::KeyForm(_))
        ));
        std::fs::remove_file(&seal).unwrap();
        assert!(matches!(
            Keys::open(data.path(), Ledger::Exists, &OsRandomness),
            Err(StartError::KeyMissing(_))
        ));
    }
}
