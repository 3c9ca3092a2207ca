//! The system calls that no safe wrapper offers. Everything unsafe in Countersign stands in this file.

use std::io;
use std::os::fd::{FromRawFd as _, OwnedFd};

use rustix::process::Pid;
use rustix::thread::UnshareFlags;

use crate::applied::Usage;

/// Enters new namespaces. The caller must have one thread only; the stages of [`crate::init`] do.
#[expect(unsafe_code, reason = "rustix calls unshare unsafe because of CLONE_FILES, which is not used here")]
pub(crate) fn unshare(flags: UnshareFlags) -> io::Result<()> {
    // SAFETY: rustix's condition concerns UnshareFlags::FILES, where other threads would keep using
    // descriptors of a table that is no longer theirs. No caller passes it, and callers have one thread.
    unsafe { rustix::thread::unshare_unsafe(flags) }.map_err(io::Error::from)
}

/// Which of the two a [`fork`] returned in.
#[derive(Debug)]
pub(crate) enum Forked {
    Parent(Pid),
    Child,
}

/// Copies this process. Refused if it has more than one thread: locks that another holds would stay locked in the copy.
#[expect(unsafe_code, reason = "no safe wrapper of fork")]
pub(crate) fn fork() -> io::Result<Forked> {
    if std::fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(io::Error::other("a process with threads is not forked"));
    }
    // SAFETY: with one thread, which was just seen, the copy is whole: no lock is held by a thread that it lacks.
    match unsafe { libc::fork() } {
        0 => Ok(Forked::Child),
        child => Pid::from_raw(child.max(0)).map(Forked::Parent).ok_or_else(io::Error::last_os_error),
    }
}

/// Marks every descriptor from `first` on to be closed by the next `exec`.
#[expect(unsafe_code, reason = "no safe wrapper of close_range")]
pub(crate) fn close_on_exec_from(first: u32) -> io::Result<()> {
    // SAFETY: close_range takes three integers. With CLOEXEC it closes nothing now, so no owner of a
    // descriptor in this process loses it.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sends `signal` to every process of this process namespace but the caller, which must be its first.
///
/// Refused elsewhere, where the same call would reach the whole host.
#[expect(unsafe_code, reason = "rustix has no form of kill for every process")]
pub(crate) fn signal_namespace(signal: rustix::process::Signal) -> io::Result<()> {
    if rustix::process::getpid() != Pid::INIT {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    // SAFETY: kill takes two integers and touches no memory of this process.
    let done = unsafe { libc::kill(-1, signal.as_raw()) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// What the children that were waited for have used.
#[expect(unsafe_code, reason = "rustix has no getrusage")]
pub(crate) fn usage_of_children() -> Usage {
    // SAFETY: rusage is a plain struct of integers for which all zeroes is a value.
    let mut raw: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a live rusage that the call fills.
    if unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut raw) } != 0 {
        return Usage::default();
    }
    let micros = |time: libc::timeval| {
        u64::try_from(time.tv_sec)
            .unwrap_or(0)
            .saturating_mul(1_000_000)
            .saturating_add(u64::try_from(time.tv_usec).unwrap_or(0))
    };
    Usage {
        user_micros: micros(raw.ru_utime),
        system_micros: micros(raw.ru_stime),
        // Linux gives kibibytes here: getrusage(2).
        peak_memory_bytes: u64::try_from(raw.ru_maxrss).unwrap_or(0).saturating_mul(1024),
    }
}

/// The first descriptor that a service manager hands over (`LISTEN_PID`, `LISTEN_FDS`: sd_listen_fds(3)).
///
/// `None` if the variables are absent or meant for another process. Call once, before anything else opens files.
#[expect(unsafe_code, reason = "a descriptor that arrives by number has no owner yet")]
pub fn take_inherited_listener() -> Option<OwnedFd> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
    let ours = number("LISTEN_PID")? == std::process::id();
    if !ours || number("LISTEN_FDS")? != 1 || rustix::net::sockopt::socket_type(borrow_three()?).is_err() {
        return None;
    }
    // SAFETY: the service manager opened descriptor 3 for this process and nothing else here owns it; the
    // function's contract is to be called once.
    let listener = unsafe { OwnedFd::from_raw_fd(3) };
    rustix::io::fcntl_setfd(&listener, rustix::io::FdFlags::CLOEXEC).ok()?;
    Some(listener)
}

#[expect(unsafe_code, reason = "asking whether descriptor 3 is open needs a borrowed form of it")]
fn borrow_three() -> Option<std::os::fd::BorrowedFd<'static>> {
    // SAFETY: fcntl takes integers; it fails harmlessly for a descriptor that is not open.
    if unsafe { libc::fcntl(3, libc::F_GETFD) } == -1 {
        return None;
    }
    // SAFETY: descriptor 3 was just seen open, and only the caller, which takes it over, could close it.
    Some(unsafe { std::os::fd::BorrowedFd::borrow_raw(3) })
}
