//! Space set aside so that outcomes can still be recorded when the disk is full.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::private;
use crate::error::Error;

/// What is written at once.
const CHUNK: usize = 64 * 1024;

/// The reserve file of a data directory.
#[derive(Debug, Clone)]
pub struct Reserve {
    path: PathBuf,
    bytes: u64,
}

impl Reserve {
    /// Names the reserve; nothing is set aside yet.
    #[must_use]
    pub fn new(data: &Path, bytes: u64) -> Self {
        Self { path: data.join("reserve"), bytes }
    }

    /// Sets the space aside, as real blocks. Does nothing if it is there already.
    ///
    /// # Errors
    /// [`Error::Full`] if there is no room for it; then nothing stays behind.
    pub fn fill(&self) -> Result<(), Error> {
        if self.is_filled() {
            return Ok(());
        }
        let mut file = private::file(&self.path)?;
        let chunk = [0x5a; CHUNK];
        let mut left = self.bytes;
        let mut write = || -> std::io::Result<()> {
            while left > 0 {
                let now = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
                file.write_all(chunk.get(..now).unwrap_or(&chunk))?;
                left -= u64::try_from(now).unwrap_or(left);
            }
            file.sync_all()
        };
        if let Err(error) = write() {
            self.release()?;
            return Err(Error::file(&self.path)(error));
        }
        Ok(())
    }

    /// Whether the space is set aside.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|metadata| metadata.len() == self.bytes)
    }

    /// Gives the space back, to record what must be recorded.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn release(&self) -> Result<(), Error> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file(&self.path)(error)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_is_set_aside_and_given_back() {
        let data = tempfile::tempdir().unwrap();
        let reserve = Reserve::new(data.path(), 200_000);
        assert!(!reserve.is_filled());
        reserve.fill().unwrap();
        assert!(reserve.is_filled());
        std::fs::write(data.path().join("reserve"), b"cut short by a crash").unwrap();
        assert!(!reserve.is_filled());
        reserve.fill().unwrap();
        assert!(reserve.is_filled());
        reserve.release().unwrap();
        reserve.release().unwrap();
        assert!(!reserve.is_filled());
    }
}
