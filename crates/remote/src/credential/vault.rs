//! The runner's own vault: a file of credentials, sealed with a key that lies elsewhere.
//!
//! Envelopes: each value is sealed with a key of its own, that key with the vault's, and the vault's with a key that a file or
//! a key service holds. The last may be there twice, under the old key and the new: so the key can be exchanged while the
//! runner reads. Sealed with AES-256-GCM-SIV (RFC 8452), which survives a nonce that is used twice.

mod key;
mod seal;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use countersign_sandbox::{program, user};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use key::Key;
pub use key::KeySource;
use seal::{Sealed, open, seal};

/// Names are what the host file's `vault = "…"` says.
const MAX_NAME: usize = 64;
/// A vault holds hundreds of credentials, not data.
const MAX_FILE: u64 = 16 * 1024 * 1024;
const FORMAT: &str = "countersign-vault-1";

/// `[vault]` of the host file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultFile {
    /// An absolute path.
    pub file: PathBuf,
    pub key: KeySource,
}

/// What can be wrong with a vault. Never holds a word of a secret.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("{0}: {1}")]
    File(PathBuf, String),
    #[error("the vault's key: {0}")]
    Key(String),
    #[error("the key does not open {0}")]
    OtherKey(PathBuf),
    #[error("{0} was changed by somebody who does not hold the key")]
    Tampered(PathBuf),
    #[error("the vault holds nothing called {0}")]
    Missing(String),
    #[error("a name has 1 to 64 of a-z, 0-9, _ and -, and begins with a letter")]
    Name,
    #[error("a value has 1 byte to 64 KiB")]
    Size,
}

/// The file's form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    /// The vault's key under each key that opens it, by that key's id.
    keys: BTreeMap<String, Sealed>,
    entries: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: Sealed,
    value: Sealed,
}

/// An opened vault: its file and its key.
struct Opened {
    stored: Stored,
    key: Key,
}

impl VaultFile {
    /// A credential of the vault.
    pub(super) async fn read(self, name: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let name = name.to_owned();
        let read = tokio::task::spawn_blocking(move || self.get(&name)).await;
        read.unwrap_or_else(|_| Err(VaultError::Key("reading was broken off".to_owned())))
    }

    fn get(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let vault = self.opened(&self.key.read()?)?;
        self.value(&vault, name)
    }

    /// Makes an empty vault.
    ///
    /// # Errors
    /// If there is one, or the key can't be had.
    pub fn create(&self) -> Result<(), VaultError> {
        if self.file.exists() {
            return Err(VaultError::File(self.file.clone(), "there is a vault already".to_owned()));
        }
        self.write(&BTreeMap::new(), &[self.key.read()?])
    }

    /// The names of what it holds.
    ///
    /// # Errors
    /// If the file is not believed.
    pub fn names(&self) -> Result<Vec<String>, VaultError> {
        Ok(self.stored()?.entries.into_keys().collect())
    }

    /// How many keys open it: two while the key is being exchanged.
    ///
    /// # Errors
    /// If the file is not believed.
    pub fn keys(&self) -> Result<usize, VaultError> {
        Ok(self.stored()?.keys.len())
    }

    /// Puts a value in, in place of an earlier one.
    ///
    /// # Errors
    /// If the name or the value has not its form, or the vault can't be opened or written.
    pub fn put(&self, name: &str, value: &[u8]) -> Result<(), VaultError> {
        if !is_name(name) {
            return Err(VaultError::Name);
        }
        if value.is_empty() || value.len() > super::MAX_BYTES {
            return Err(VaultError::Size);
        }
        let _lock = self.lock()?;
        let mut vault = self.opened(&self.key.read()?)?;
        let entry = entry(&vault.key, name, value);
        vault.stored.entries.insert(name.to_owned(), entry);
        self.store(&vault.stored)
    }

    /// Takes a value out.
    ///
    /// # Errors
    /// If there is none, or the vault can't be opened or written.
    pub fn remove(&self, name: &str) -> Result<(), VaultError> {
        let _lock = self.lock()?;
        let mut vault = self.opened(&self.key.read()?)?;
        let removed = vault.stored.entries.remove(name);
        removed.ok_or_else(|| VaultError::Missing(name.to_owned()))?;
        self.store(&vault.stored)
    }

    /// Seals everything anew, with fresh keys, so that the key of the host file and `other` both open it. The runner
    /// reads all the time; when the host file, or its key file, names the other key, [`VaultFile::finish`].
    ///
    /// # Errors
    /// If a key can't be had, or the vault can't be opened or written.
    pub fn rotate(&self, other: &KeySource) -> Result<(), VaultError> {
        let _lock = self.lock()?;
        let (own, other) = (self.key.read()?, other.read()?);
        if own.id() == other.id() {
            return Err(VaultError::Key("the other key is the same".to_owned()));
        }
        let values = self.values(&own)?;
        self.write(&values, &[own, other])
    }

    /// Seals everything anew, so that the host file's key alone opens it.
    ///
    /// # Errors
    /// If the key can't be had, or the vault can't be opened or written.
    pub fn finish(&self) -> Result<(), VaultError> {
        let _lock = self.lock()?;
        let own = self.key.read()?;
        let values = self.values(&own)?;
        self.write(&values, &[own])
    }

    fn values(&self, key: &Key) -> Result<BTreeMap<String, Zeroizing<Vec<u8>>>, VaultError> {
        let vault = self.opened(key)?;
        let value = |name: &String| Ok((name.clone(), self.value(&vault, name)?));
        vault.stored.entries.keys().map(value).collect()
    }

    fn value(&self, vault: &Opened, name: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let tampered = || VaultError::Tampered(self.file.clone());
        let entry = vault.stored.entries.get(name).ok_or_else(|| VaultError::Missing(name.to_owned()))?;
        let key = open(&vault.key, "data key", name, &entry.key).and_then(Key::of_bytes);
        open(&key.ok_or_else(tampered)?, "value", name, &entry.value).ok_or_else(tampered)
    }

    fn opened(&self, key: &Key) -> Result<Opened, VaultError> {
        let stored = self.stored()?;
        let id = key.id();
        let wrapped = stored.keys.get(&id).ok_or_else(|| VaultError::OtherKey(self.file.clone()))?;
        let own = open(key, "vault key", &id, wrapped).and_then(Key::of_bytes);
        let key = own.ok_or_else(|| VaultError::Tampered(self.file.clone()))?;
        Ok(Opened { stored, key })
    }

    fn stored(&self) -> Result<Stored, VaultError> {
        let wrong = |why: String| VaultError::File(self.file.clone(), why);
        let text = program::read_trusted(&self.file, &[0, user::own_uid()], MAX_FILE);
        let text = text.map_err(|untrusted| wrong(untrusted.to_string()))?;
        let stored: Stored = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        match stored.format.as_str() {
            FORMAT => Ok(stored),
            other => Err(wrong(format!("the format {other} is not known"))),
        }
    }

    fn write(&self, values: &BTreeMap<String, Zeroizing<Vec<u8>>>, keys: &[Key]) -> Result<(), VaultError> {
        let own = Key::fresh();
        let wrapped = keys.iter().map(|key| (key.id(), seal(key, "vault key", &key.id(), own.bytes())));
        let entries = values.iter().map(|(name, value)| (name.clone(), entry(&own, name, value)));
        let stored =
            Stored { format: FORMAT.to_owned(), keys: wrapped.collect(), entries: entries.collect() };
        self.store(&stored)
    }

    /// Whole or not at all: whoever reads meanwhile reads the former one.
    fn store(&self, stored: &Stored) -> Result<(), VaultError> {
        let wrong = |error: &dyn std::fmt::Display| VaultError::File(self.file.clone(), error.to_string());
        let bytes = serde_json::to_vec_pretty(stored).map_err(|error| wrong(&error))?;
        let beside = self.beside("new");
        let write = || {
            let _ = std::fs::remove_file(&beside);
            let mut file =
                std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&beside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            self.like_the_former(&file)?;
            std::fs::rename(&beside, &self.file)?;
            let directory = self.file.parent().unwrap_or_else(|| Path::new("/"));
            std::fs::File::open(directory)?.sync_all()
        };
        write().map_err(|error| wrong(&error))
    }

    /// A vault that belongs to the runner's user goes on belonging to it when root changes it.
    fn like_the_former(&self, file: &std::fs::File) -> std::io::Result<()> {
        use std::os::unix::fs::MetadataExt as _;
        match std::fs::metadata(&self.file) {
            Ok(former) => std::os::unix::fs::fchown(file, Some(former.uid()), Some(former.gid())),
            Err(_) => Ok(()),
        }
    }

    /// One writer at a time.
    fn lock(&self) -> Result<std::fs::File, VaultError> {
        let wrong = |error: std::io::Error| VaultError::File(self.file.clone(), error.to_string());
        let path = self.beside("lock");
        let file =
            std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
        let file = file.map_err(wrong)?;
        file.lock().map_err(wrong)?;
        Ok(file)
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(".");
        name.push(end);
        name.into()
    }
}

fn entry(vault: &Key, name: &str, value: &[u8]) -> Entry {
    let own = Key::fresh();
    Entry { key: seal(vault, "data key", name, own.bytes()), value: seal(&own, "value", name, value) }
}

fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    (1..=MAX_NAME).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(good)
}

#[cfg(test)]
mod tests;
