//! Bounds of one run.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// Bounds of one run. Where one is `None`, the runner's host decides; the host may always lower them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The longest it may take, at most 24 h; 1 h unless written.
    pub max_run_time: Span,
    /// The most output that is kept, in bytes; 10 MiB unless written. All of it enters the output's digest.
    pub max_output: u64,
    /// The most memory, in bytes.
    pub max_memory: Option<u64>,
    /// The most processes.
    pub max_processes: Option<u32>,
    /// The most open files.
    pub max_open_files: Option<u32>,
    /// The largest file it may write, in bytes.
    pub max_file_size: Option<u64>,
    /// The most processor time.
    pub max_cpu_time: Option<Span>,
    /// How long it has to end by itself when it is stopped.
    pub grace: Option<Span>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_run_time: Span::from_hours(1),
            max_output: 10 << 20,
            max_memory: None,
            max_processes: None,
            max_open_files: None,
            max_file_size: None,
            max_cpu_time: None,
            grace: None,
        }
    }
}
