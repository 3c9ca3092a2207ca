//! What the demonstration does with files, time and chance.

use std::fmt::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use countersign_engine::{Clock as _, OsRandomness, Randomness as _, SystemClock};
use rusqlite::Connection;

/// Makes a directory. Others may pass through it, since the server may be another user, and see no names in it.
pub(super) fn directory(path: &Path) -> anyhow::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(path)
        .with_context(|| format!("making {}", path.display()))
}

/// The name of the account that the demonstration runs as, and so its runner.
pub(super) fn own_account() -> anyhow::Result<String> {
    let uid = countersign_sandbox::user::own_uid();
    let account =
        countersign_sandbox::user::by_uid(uid)?.with_context(|| format!("user {uid} has no account"))?;
    Ok(account.name)
}

/// The user's own state directory. The runner trusts no file below a directory that others may write to, so the
/// system's temporary directory will not do.
pub(super) fn home() -> anyhow::Result<PathBuf> {
    if countersign_sandbox::user::own_uid() == 0 {
        return Ok(PathBuf::from("/var/lib/countersign-demo"));
    }
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local").join("state"));
    let state = state.or(home).context("neither XDG_STATE_HOME nor HOME is set; name a --directory")?;
    Ok(state.join("countersign"))
}

/// A random password of six groups of letters and digits without look-alikes.
pub(super) fn random_password() -> anyhow::Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567891";
    let seed = OsRandomness.seed().context("drawing a password")?;
    let mut password = String::new();
    for (index, byte) in seed.iter().take(24).enumerate() {
        if index > 0 && index % 4 == 0 {
            password.push('-');
        }
        let letter = LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'a');
        write!(password, "{}", char::from(letter))?;
    }
    Ok(password)
}

/// Seconds since 1970, for an authenticator's code.
pub(super) fn seconds_now() -> u64 {
    SystemClock::new()
        .map_or(0, |clock| u64::try_from(clock.wall().as_micros() / 1_000_000).unwrap_or_default())
}

/// A consistent copy of a ledger that is being written to.
pub(super) fn copy_ledger(from: &Path, to: &Path) -> anyhow::Result<()> {
    directory(to)?;
    let source = Connection::open(from.join("ledger.db"))?;
    let target = to.join("ledger.db");
    source.execute("VACUUM INTO ?1", [target.to_str().context("the path is not text")?])?;
    Ok(())
}

/// Changes one byte of one stored event, as who can write the database could.
pub(super) fn tamper(copy: &Path) -> anyhow::Result<()> {
    let database = Connection::open(copy.join("ledger.db"))?;
    let (seq, mut bytes): (i64, Vec<u8>) =
        database.query_row("SELECT seq, bytes FROM entry ORDER BY seq LIMIT 1 OFFSET 7", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let last_digit = bytes.iter().rposition(u8::is_ascii_digit).context("an event holds a digit")?;
    if let Some(byte) = bytes.get_mut(last_digit) {
        *byte = if *byte == b'9' { b'8' } else { *byte + 1 };
    }
    let changed =
        database.execute("UPDATE entry SET bytes = ?1 WHERE seq = ?2", rusqlite::params![bytes, seq])?;
    ensure!(changed == 1, "one event was changed");
    Ok(())
}
