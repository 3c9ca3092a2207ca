//! Finding and killing a process tree by `/proc`, for where no namespace holds it.

use std::collections::BTreeMap;
use std::fs;

use rustix::process::{Pid, Signal};

/// All processes below `root`, itself not included, as they are at this moment.
#[must_use]
pub fn descendants(root: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (pid, parent) in parents() {
        children.entry(parent).or_default().push(pid);
    }
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(parent) = next.pop() {
        for child in children.remove(&parent).unwrap_or_default() {
            found.push(child);
            next.push(child);
        }
    }
    found
}

/// The direct children of `root`.
#[must_use]
pub fn children(root: u32) -> Vec<u32> {
    parents().into_iter().filter(|(_, parent)| *parent == root).map(|(pid, _)| pid).collect()
}

/// Signals everything below `root`; `true` if there was anything.
pub fn signal_descendants(root: u32, signal: Signal) -> Found {
    let found = descendants(root);
    for pid in &found {
        send(*pid, signal);
    }
    if found.is_empty() { Found::Nothing } else { Found::Processes }
}

/// Whether a look at the tree met any process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Nothing,
    Processes,
}

/// Kills every process of the host whose environment at its start named one of `executions`, as far as this user may.
/// Used for what an earlier runner left. A program that cleared its environment is not found.
pub fn kill_marked(variable: &str, is_ours: impl Fn(&str) -> Mark) -> usize {
    let own = std::process::id();
    let mut killed = 0;
    for (pid, _) in parents() {
        if pid == own {
            continue;
        }
        let Ok(environ) = fs::read(format!("/proc/{pid}/environ")) else { continue };
        let marked =
            environ.split(|b| *b == 0).filter_map(|entry| std::str::from_utf8(entry).ok()).any(|entry| {
                entry
                    .split_once('=')
                    .is_some_and(|(name, value)| name == variable && is_ours(value) == Mark::Ours)
            });
        if marked {
            send(pid, Signal::KILL);
            killed += 1;
        }
    }
    killed
}

/// Whether an execution's mark belongs to the runner that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Ours,
    Other,
}

/// Sends a signal and ignores that the process may be gone.
pub fn send(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, signal);
    }
}

fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| Some((pid, parent_of(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?)))
        .collect()
}

/// The fourth field of proc_pid_stat(5); the second is a name in parentheses that may hold anything.
fn parent_of(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_read_past_a_name_that_looks_like_fields() {
        assert_eq!(parent_of("12 (a) 7 (x) S 34 12 12 0"), Some(34));
        assert_eq!(parent_of("12 (a"), None);
    }
}
