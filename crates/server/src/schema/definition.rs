//! A task's definition. The shapes of core's types, which are read and written there.
#![expect(dead_code, reason = "these types describe; values are core's own")]

use schemars::JsonSchema;
use serde_json::{Map, Value as Json};

use super::{ParameterSpec, text};

/// A task as it is defined. Lengths of time are in microseconds.
#[derive(JsonSchema)]
pub(crate) struct TaskDefinition {
    #[schemars(with = "text::TaskName")]
    name: String,
    /// A short label; empty means the name.
    title: String,
    /// What it does.
    description: String,
    /// What can go wrong, for approvers.
    risk: String,
    execution: HowExecuted,
    parameters: Vec<ParameterSpec>,
    limits: RunLimits,
    /// On expiry, lost quorum or a tightened policy a run goes on to its end.
    run_to_end: bool,
    /// It executes what its parameters say, so that nothing but approval limits it.
    arbitrary_code: bool,
    /// It changes nothing on the target.
    read_only: bool,
    /// Mails carry only the number.
    confidential: bool,
    /// How its effect can be shown beforehand.
    preview: Option<Preview>,
    /// What takes back what the task does when its authorization ends: its own form, as `execution.definition`.
    take_back: Option<Map<String, Json>>,
    /// How long output is kept; null means as long as the organization says.
    output_retention: Option<u64>,
}

/// Who executes a task, and how.
#[derive(JsonSchema)]
struct HowExecuted {
    runspace: String,
    /// What the runspace needs to know; its own form.
    definition: Map<String, Json>,
}

/// Bounds of one run. Where one is null, the runner's host decides.
#[derive(JsonSchema)]
struct RunLimits {
    max_run_time: u64,
    /// Bytes of output that are kept.
    max_output: u64,
    max_memory: Option<u64>,
    max_processes: Option<u32>,
    max_open_files: Option<u32>,
    max_file_size: Option<u64>,
    max_cpu_time: Option<u64>,
    /// How long it has to end by itself when it is stopped.
    grace: Option<u64>,
}

/// How the effect of a task can be shown before it happens.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Preview {
    /// The plan, without running it.
    Plan,
    /// Run and roll back, under a live authorization.
    Rollback,
    /// Another, read-only definition for the same runspace and parameters.
    Definition(Map<String, Json>),
}
