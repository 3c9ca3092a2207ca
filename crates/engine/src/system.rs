//! The one place that reads the machine's clocks and draws randomness.

use countersign_core::time::Instant;

use crate::clock::{Boot, Clock};

/// Where seeds come from: 32 bytes per command, expanded by pure code.
pub trait Randomness: Send + Sync {
    /// Fresh, unpredictable bytes.
    ///
    /// # Errors
    /// When the system has none to give; then nothing is decided.
    fn seed(&self) -> std::io::Result<[u8; 32]>;
}

/// The operating system's randomness (getrandom(2)).
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn seed(&self) -> std::io::Result<[u8; 32]> {
        let mut seed = [0; 32];
        #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
        getrandom::fill(&mut seed).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(seed)
    }
}

/// The machine's clocks.
#[derive(Debug, Clone)]
pub struct SystemClock {
    boot_id: String,
}

impl SystemClock {
    /// Reads the boot id once.
    ///
    /// # Errors
    /// If `/proc` is not mounted.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { boot_id: countersign_runspace::clock::boot_id()? })
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
        let now = std::time::SystemTime::now();
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn boot(&self) -> Boot {
        Boot { nanos: countersign_runspace::clock::boot_now(), id: self.boot_id.clone() }
    }
}
