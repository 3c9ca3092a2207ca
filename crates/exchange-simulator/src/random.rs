//! Tokens, and the time that they live by.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ring::rand::{SecureRandom as _, SystemRandom};

/// Random lower-case hex digits, two for each byte.
pub(crate) fn hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    // Without randomness it would be a simulator that gives the same token twice, which a test would notice.
    let _ = SystemRandom::new().fill(&mut random);
    hex::encode(random)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulator stands for another machine, with a clock of its own"
)]
pub(crate) fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulator stands for another machine, with a clock of its own"
)]
pub(crate) fn in_time(span: Duration) -> Instant {
    Instant::now() + span
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulator stands for another machine, with a clock of its own"
)]
pub(crate) fn is_over(at: Instant) -> bool {
    Instant::now() >= at
}
