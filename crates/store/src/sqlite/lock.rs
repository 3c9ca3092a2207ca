//! One server per data directory.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::Error;
use crate::files;

/// Held as long as the directory is served. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(directory: &Path) -> Result<Self, Error> {
        let path = directory.join("lock");
        let file = files::file(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked(directory.to_owned())),
            Err(TryLockError::Error(source)) => Err(Error::File { path, source }),
        }
    }
}
