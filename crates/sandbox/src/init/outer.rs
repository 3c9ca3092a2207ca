//! The first stage: makes the process namespace and waits.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use rustix::process::{Pid, Signal, WaitOptions};
use rustix::thread::UnshareFlags;

use super::{Fault, inner, release_output};
use crate::applied::ProcessNamespace;
use crate::spec::ProcessView;
use crate::sys::{self, Forked};
use crate::tree::{self, Found};

pub(super) fn run(control: OwnedFd, view: ProcessView, template: Pid) -> Result<(), Fault> {
    let namespace = match view {
        ProcessView::Own => enter_namespace()?,
        ProcessView::Host => ProcessNamespace::None,
    };
    if namespace == ProcessNamespace::None {
        // Whatever falls out of the tree, and the inner stage's children if somebody kills that, falls to us.
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    } else {
        // Our end is the inner stage's end, and with the namespace's first process everything in it.
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        if rustix::process::getppid() != Some(template) {
            return Err(Fault("the template is gone".to_owned()));
        }
    }
    let inner = match sys::fork()? {
        Forked::Parent(inner) => inner,
        Forked::Child => return inner::run(UnixStream::from(control), namespace),
    };
    drop(control);
    release_output()?;
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((pid, _))) if pid == inner => break,
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => break,
        }
    }
    if namespace == ProcessNamespace::None {
        clear();
    }
    Ok(())
}

/// A namespace of its own if the runner may make one, else one inside a user namespace, else none.
pub(super) fn enter_namespace() -> Result<ProcessNamespace, Fault> {
    if sys::unshare(UnshareFlags::NEWPID).is_ok() {
        return Ok(ProcessNamespace::Privileged);
    }
    let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
    if sys::unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWPID).is_err() {
        return Ok(ProcessNamespace::None);
    }
    // user_namespaces(7): groups must be given up before an ordinary user may map its own.
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))?;
    Ok(ProcessNamespace::User)
}

/// Kills what the inner stage left, for at most about five seconds.
fn clear() {
    for _ in 0..500 {
        if tree::signal_descendants(std::process::id(), Signal::KILL) == Found::Nothing {
            return;
        }
        while let Ok(Some(_)) = rustix::process::wait(WaitOptions::NOHANG) {}
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}
