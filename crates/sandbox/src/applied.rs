//! What was really in force and what really happened, as the init reports it.

use serde::{Deserialize, Serialize};

/// Which protections held for one execution. What is not named here did not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// `v1` or `v2` if memory and processes were held by a cgroup.
    pub cgroup: Option<CgroupVersion>,
    pub process_namespace: ProcessNamespace,
    /// The rlimits that were set, by their names in getrlimit(2) without the prefix, lower case.
    pub rlimits: Vec<String>,
    /// Landlock confined writing to the listed paths.
    pub landlock_files: bool,
    /// Landlock confined signals to the execution's own processes.
    pub landlock_signals: bool,
    pub seccomp: bool,
    pub no_new_privileges: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CgroupVersion {
    V1,
    V2,
}

/// How the tree is held together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessNamespace {
    /// No namespace: orphans fall to the init, which must find and kill them.
    #[default]
    None,
    /// Made with the runner's privilege.
    Privileged,
    /// Made inside a user namespace of the runner's own user.
    User,
}

/// Resources of the tree's processes that were waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    pub user_micros: u64,
    pub system_micros: u64,
    pub peak_memory_bytes: u64,
}

/// How the program itself ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    Status(i32),
    Signal(i32),
}

/// What the init tells the runner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// The init stands; from now on only a refusal says that nothing ran.
    Preparing,
    /// Not one instruction of the program ran.
    Refused { code: String, message: String },
    /// The program runs.
    Started { at: u64, applied: Applied },
    /// The program and everything below it is gone, or could not be confirmed gone.
    Ended(Ended),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    pub at: u64,
    pub exit: Exit,
    /// Set if the init ended it.
    pub stopped: Option<Stop>,
    /// Processes that outlived the program and were killed.
    pub strays: Strays,
    pub tree: Tree,
    pub usage: Usage,
}

/// Why the init ended a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    Requested,
    Deadline,
    RunTime,
    /// The runner closed the socket or is gone.
    RunnerGone,
    /// The stage above the init was killed.
    InitLost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strays {
    None,
    Killed,
}

/// Whether the init saw the whole tree end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tree {
    Gone,
    Unconfirmed,
}
