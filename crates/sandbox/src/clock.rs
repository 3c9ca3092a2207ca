//! The boot clock: nanoseconds since the machine started, suspended time included (`CLOCK_BOOTTIME`,
//! clock_gettime(2)). It never steps, and a reboot is seen by the boot id.

use rustix::time::ClockId;

/// Nanoseconds since boot.
#[must_use]
pub fn boot_now() -> u64 {
    let now = rustix::time::clock_gettime(ClockId::Boottime);
    u64::try_from(now.tv_sec)
        .unwrap_or(0)
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::try_from(now.tv_nsec).unwrap_or(0))
}

/// The kernel's random name of this boot, without its newline.
///
/// # Errors
/// If `/proc` is not mounted.
pub fn boot_id() -> std::io::Result<String> {
    Ok(std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned())
}

/// Seconds since 1970 by the wall clock, for what other hosts judge by theirs: the validity of certificates.
#[must_use]
pub fn wall_seconds() -> u64 {
    u64::try_from(rustix::time::clock_gettime(ClockId::Realtime).tv_sec).unwrap_or(0)
}
