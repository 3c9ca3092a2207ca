//! What the init is told to run. The runner has already judged it against the host file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One program to run, with everything decided. All instants are nanoseconds on the boot clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// What the program is told its own path is. What runs is the file that was sent along.
    pub program: PathBuf,
    /// Arguments after the program's own name.
    pub arguments: Vec<String>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// Whom to become; `None` stays who the runner is.
    pub identity: Option<Identity>,
    /// Working directory, entered as the target's user.
    pub directory: PathBuf,
    pub limits: Limits,
    /// Write access only beneath these, where Landlock is at hand; `None` leaves files to the file modes.
    pub writable: Option<Vec<PathBuf>>,
    pub processes: ProcessView,
    pub system_calls: SystemCalls,
    /// `cgroup.procs` files to join.
    pub cgroup_files: Vec<PathBuf>,
    /// Not one instruction of the program runs after this.
    pub start_by: u64,
    /// Stopped at this instant.
    pub deadline: u64,
    /// Stopped after so many nanoseconds from the start.
    pub run_time: u64,
    /// Nanoseconds between the polite signal and the other one.
    pub grace: u64,
}

/// A user with its groups, as numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub uid: u32,
    pub gid: u32,
    pub groups: Vec<u32>,
}

/// Ceilings for the tree (cgroup) or for each of its processes (rlimits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub memory_bytes: u64,
    pub processes: u64,
    pub open_files: u64,
    pub cpu_seconds: u64,
    pub file_bytes: u64,
    /// Which of the first two a cgroup already holds; the rest falls to rlimits.
    pub held_by_cgroup: HeldByCgroup,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldByCgroup {
    Nothing,
    MemoryAndProcesses,
}

/// Whether the program lives in a process namespace of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessView {
    /// Its own, where the kernel allows it: the tree cannot outlive its init, and host processes are out of reach.
    #[default]
    Own,
    /// The host's: needed by a task that signals other processes.
    Host,
}

/// Which system calls the program may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemCalls {
    /// All but those that administer the kernel, mount, trace or open namespaces.
    #[default]
    Ordinary,
    /// No filter: needed by a task that mounts or loads modules.
    Unfiltered,
}
