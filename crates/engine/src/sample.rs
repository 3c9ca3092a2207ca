//! The last reading of the clocks that was believed, kept across a restart (G16): what happened to the wall clock while
//! nothing served is judged by the boot clock, as long as the machine was not started anew.
//!
//! The file is losable: without it a start judges as after a reboot. One that cannot be read is not passed over.

use std::path::{Path, PathBuf};

use countersign_core::time::Instant;
use serde::{Deserialize, Serialize};

use crate::clock::Boot;
use crate::error::StartError;
use crate::keys::file;

/// A reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sample {
    /// Ledger time at the reading.
    pub(crate) at: Instant,
    /// Wall time at the reading.
    pub(crate) wall: Instant,
    /// The boot clock at the reading.
    pub(crate) boot: Boot,
}

/// Where it is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    path: PathBuf,
}

impl Kept {
    /// Finds what was kept.
    pub(crate) fn open(data_dir: &Path) -> Result<(Self, Option<Sample>), StartError> {
        let path = data_dir.join("clock");
        let sample = match std::fs::read(&path) {
            Ok(bytes) => {
                let sample = serde_json::from_slice(&bytes);
                Some(sample.map_err(|_| StartError::ClockSample(path.clone()))?)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(file(&path)(error)),
        };
        Ok((Self { path }, sample))
    }

    /// Keeps a reading in place of the one before. It is renamed into place: half a file is never read.
    pub(crate) fn put(&self, sample: &Sample) {
        let new = self.path.with_extension("new");
        let written = serde_json::to_vec(sample)
            .map_err(std::io::Error::from)
            .and_then(|bytes| std::fs::write(&new, bytes))
            .and_then(|()| std::fs::rename(&new, &self.path));
        if let Err(error) = written {
            tracing::warn!(%error, "the clock's reading could not be kept for the next start");
        }
    }
}
