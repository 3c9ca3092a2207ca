//! Ceilings of one execution.

use serde::{Deserialize, Serialize};

/// Ceilings of one execution; each must be at least one and is lowered to the host file's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Stopped after so many milliseconds from its start.
    pub run_time_ms: u64,
    /// Kept of both output streams together; the rest is counted and digested, not kept.
    pub output_bytes: u64,
    /// Memory of the whole tree (cgroup) or address space of each process (rlimit).
    pub memory_bytes: u64,
    /// Processes and threads of the tree (cgroup) or of the user (rlimit).
    pub processes: u64,
    pub open_files: u64,
    /// Processor seconds of each process.
    pub cpu_seconds: u64,
    /// Size of each file written.
    pub file_bytes: u64,
    /// Milliseconds between the polite signal and the other one.
    pub grace_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            run_time_ms: 10 * 60 * 1000,
            output_bytes: 1024 * 1024,
            memory_bytes: 1024 * 1024 * 1024,
            processes: 128,
            open_files: 256,
            cpu_seconds: 600,
            file_bytes: 1024 * 1024 * 1024,
            grace_ms: 2000,
        }
    }
}

impl Limits {
    /// The lower of both, field by field.
    #[must_use]
    pub fn lowered_to(self, other: &Self) -> Self {
        Self {
            run_time_ms: self.run_time_ms.min(other.run_time_ms),
            output_bytes: self.output_bytes.min(other.output_bytes),
            memory_bytes: self.memory_bytes.min(other.memory_bytes),
            processes: self.processes.min(other.processes),
            open_files: self.open_files.min(other.open_files),
            cpu_seconds: self.cpu_seconds.min(other.cpu_seconds),
            file_bytes: self.file_bytes.min(other.file_bytes),
            grace_ms: self.grace_ms.min(other.grace_ms),
        }
    }
}
