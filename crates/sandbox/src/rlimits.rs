//! Resource limits of single processes (setrlimit(2)).

use std::fs;

use rustix::process::{Resource, Rlimit};

use crate::applied::ProcessNamespace;
use crate::spec::{HeldByCgroup, Limits};

/// Sets the limits on the calling process, which every process below it inherits; gives the names of those set.
pub(crate) fn apply(limits: &Limits, uid: u32, namespace: ProcessNamespace) -> std::io::Result<Vec<String>> {
    let mut wanted = vec![
        (Resource::Core, "core", 0),
        (Resource::Nofile, "nofile", limits.open_files),
        (Resource::Cpu, "cpu", limits.cpu_seconds),
        (Resource::Fsize, "fsize", limits.file_bytes),
    ];
    if limits.held_by_cgroup == HeldByCgroup::Nothing {
        wanted.push((Resource::As, "as", limits.memory_bytes));
        // The kernel does not count processes of root, and of another user it counts all on the host; inside a
        // user namespace it counts that namespace's.
        if uid != 0 {
            let others = if namespace == ProcessNamespace::User { 4 } else { tasks_of(uid) };
            wanted.push((Resource::Nproc, "nproc", limits.processes.saturating_add(others)));
        }
    }
    let mut names = Vec::new();
    for (resource, name, value) in wanted {
        let hard = rustix::process::getrlimit(resource).maximum.map_or(value, |hard| hard.min(value));
        rustix::process::setrlimit(resource, Rlimit { current: Some(hard), maximum: Some(hard) })?;
        names.push(name.to_owned());
    }
    Ok(names)
}

fn tasks_of(uid: u32) -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/status")).ok())
        .filter(|status| field(status, "Uid:") == Some(u64::from(uid)))
        .filter_map(|status| field(&status, "Threads:"))
        .sum()
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
