//! The key that opens a vault, and where it comes from.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign_runspace::clock;
use countersign_sandbox::{program, user};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::VaultError;
use super::seal::fresh;

/// A key service has this long, in nanoseconds.
const PATIENCE: u64 = 4_000_000_000;

/// Where a key comes from: 64 hex digits and nothing else but a line feed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum KeySource {
    /// An absolute path. The file must belong to root or the runner's user, and nobody else may read it.
    File(PathBuf),
    /// A program by its absolute path, and its arguments: it asks a key service and prints the key.
    Command(Vec<String>),
}

/// 256 bits.
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(super) fn fresh() -> Self {
        Self(fresh())
    }

    pub(super) fn of_bytes(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        <[u8; 32]>::try_from(bytes.as_slice()).ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Tells keys apart without telling anything of them.
    pub(super) fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"countersign vault key id\0");
        hash.update(self.0.as_slice());
        hex::encode(hash.finalize().get(..8).unwrap_or_default())
    }
}

impl KeySource {
    /// Makes a key in a new file.
    ///
    /// # Errors
    /// If it can't be written, or is there.
    pub fn make(path: &Path) -> Result<(), VaultError> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let wrong = |error: std::io::Error| VaultError::File(path.to_owned(), error.to_string());
        let digits = Zeroizing::new(hex::encode(Key::fresh().bytes()));
        let file = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
        let mut file = file.map_err(wrong)?;
        file.write_all(digits.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(wrong)?;
        file.sync_all().map_err(wrong)
    }

    pub(super) fn read(&self) -> Result<Key, VaultError> {
        let digits = match self {
            Self::File(path) => super::super::file(path).map_err(VaultError::Key)?,
            Self::Command(words) => command(words).map_err(VaultError::Key)?,
        };
        let digits = digits.strip_suffix(b"\n").unwrap_or(&digits);
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits, key.as_mut_slice())
            .map_err(|_| VaultError::Key("a key is 64 hex digits".to_owned()))?;
        Ok(Key(key))
    }
}

/// What a program prints. Its errors are its own to log: they may hold anything.
fn command(words: &[String]) -> Result<Zeroizing<Vec<u8>>, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let path = Path::new(program);
    program::open_trusted(path, &[0, user::own_uid()]).map_err(|untrusted| untrusted.to_string())?;
    #[expect(clippy::disallowed_methods, reason = "the runner asks the key service that its host file names")]
    let mut command = Command::new(path);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{program}: {error}"))?;
    let begun = clock::boot_now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if clock::boot_now().saturating_sub(begun) < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{program} does not end"));
            }
        }
    };
    if !status.success() {
        return Err(format!("{program} ended with {status}"));
    }
    let mut printed = Zeroizing::new(Vec::with_capacity(128));
    if let Some(out) = child.stdout.take() {
        out.take(100).read_to_end(&mut printed).map_err(|error| format!("{program}: {error}"))?;
    }
    Ok(printed)
}
