//! Room on the disk: new work is refused before there is none, and a reserve is kept to record how work ended.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use countersign_store::Reserve;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpaceState {
    /// Enough.
    Enough,
    /// New work is refused.
    Short,
    /// The disk was full: the reserve is in use.
    Full,
}

/// The disk's watch.
pub(crate) struct Space {
    directory: PathBuf,
    keep_free: u64,
    reserve: Reserve,
    shared: Arc<AtomicU8>,
}

impl Space {
    pub(crate) fn new(directory: &Path, keep_free: u64, reserve: u64) -> Self {
        let space = Self {
            directory: directory.to_owned(),
            keep_free,
            reserve: Reserve::new(directory, reserve),
            shared: Arc::new(AtomicU8::new(0)),
        };
        space.set_aside();
        space
    }

    /// The state, for whoever reports it.
    pub(crate) fn shared(&self) -> Arc<AtomicU8> {
        Arc::clone(&self.shared)
    }

    /// Looks, and says whether new work is taken.
    pub(crate) fn look(&self) -> SpaceState {
        let before = state(self.shared.load(Ordering::Relaxed));
        let free = free(&self.directory);
        let now = match before {
            SpaceState::Enough if free >= self.keep_free => SpaceState::Enough,
            SpaceState::Enough => SpaceState::Short,
            // Not at the first byte that comes free, or it would flicker.
            SpaceState::Short | SpaceState::Full if free >= self.keep_free.saturating_mul(2) => {
                SpaceState::Enough
            }
            other => other,
        };
        if now != before {
            tracing::warn!(free, state = ?now, "room on the disk");
            self.shared.store(word(now), Ordering::Relaxed);
            if now == SpaceState::Enough {
                self.set_aside();
            }
        }
        now
    }

    /// The disk is full: gives the reserve back.
    pub(crate) fn exhausted(&self) {
        self.shared.store(word(SpaceState::Full), Ordering::Relaxed);
        if let Err(error) = self.reserve.release() {
            tracing::error!(%error, "the reserve cannot be released");
        }
    }

    fn set_aside(&self) {
        if let Err(error) = self.reserve.fill() {
            tracing::warn!(%error, "no space can be set aside");
        }
    }
}

const fn word(state: SpaceState) -> u8 {
    match state {
        SpaceState::Enough => 0,
        SpaceState::Short => 1,
        SpaceState::Full => 2,
    }
}

/// The inverse of what is shared.
pub(crate) const fn state(word: u8) -> SpaceState {
    match word {
        0 => SpaceState::Enough,
        1 => SpaceState::Short,
        _ => SpaceState::Full,
    }
}

/// Bytes free to this user; nothing if it cannot be found out.
pub(crate) fn free(directory: &Path) -> u64 {
    rustix::fs::statvfs(directory).map_or(0, |stat| stat.f_bavail.saturating_mul(stat.f_frsize))
}
