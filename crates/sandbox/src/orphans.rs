//! Children of the runner that are none of its inits: orphans of an init that somebody killed.

use std::collections::BTreeSet;

use rustix::process::{Pid, Signal, WaitOptions};

use crate::tree;

/// Makes this process the one that orphans below it fall to.
///
/// # Errors
/// Of prctl(2).
pub fn adopt() -> std::io::Result<()> {
    Ok(rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?)
}

/// Kills and reaps every child of this process, with all below it, that is not among `known`; gives their number. The caller sees to it
/// that no child is being started meanwhile.
pub fn kill_all_but(known: &BTreeSet<u32>) -> usize {
    let mut killed = 0;
    // What an orphan leaves behind falls to this process in turn.
    for _ in 0..100 {
        let orphans: Vec<u32> =
            tree::children(std::process::id()).into_iter().filter(|pid| !known.contains(pid)).collect();
        if orphans.is_empty() {
            break;
        }
        for orphan in &orphans {
            tree::signal_descendants(*orphan, Signal::KILL);
            tree::send(*orphan, Signal::KILL);
        }
        for orphan in &orphans {
            reap(*orphan);
        }
        killed += orphans.len();
    }
    killed
}

fn reap(orphan: u32) {
    let pid = i32::try_from(orphan).ok().and_then(Pid::from_raw);
    for _ in 0..50 {
        match rustix::process::waitpid(pid, WaitOptions::NOHANG) {
            Ok(None) => std::thread::sleep(std::time::Duration::from_millis(2)),
            Ok(Some(_)) | Err(_) => break,
        }
    }
}
