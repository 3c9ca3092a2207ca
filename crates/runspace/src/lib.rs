//! The executor contract and the executors.
//!
//! A runspace gets a [`WorkOrder`] and gives a stream of [`Event`]s that ends in a refusal, in which case nothing ran, or
//! in an [`ExecutionResult`]. The order says what it is for ([`Purpose`]): a run, a preview that changes nothing, or the
//! taking back of an earlier run. It knows nothing of approvals: who may run what was decided before the order was made.
//! It never builds a string that somebody else parses.

pub mod arguments;
pub mod definition;
pub mod event;
pub mod id;
pub mod limits;
pub mod lint;
pub mod order;
pub mod outcome;
pub mod parameter;
pub mod process;
pub mod refusal;
pub mod request;

mod bytes;
mod unique;

pub use bytes::Bytes;
pub use countersign_sandbox::applied::Strays;
pub use countersign_sandbox::applied::{Applied, CgroupVersion, ProcessNamespace, Usage};
pub use countersign_sandbox::clock;
pub use countersign_sandbox::spec::{ProcessView, SystemCalls};
pub use definition::{Definition, PreviewForm};
pub use event::{Event, OutputEvent, Sink, Stream};
pub use id::{ExecutionId, ParameterName, TargetName};
pub use limits::Limits;
pub use order::{OnBehalfOf, Purpose, WorkOrder};
pub use outcome::{ExecutionResult, Outcome, StopReason, Stopped, StreamSummary, Word};
pub use parameter::ParameterValue;
pub use refusal::Refusal;

/// One way to execute tasks: a program on this host, a database, a remote shell.
pub trait Runspace: Send + Sync {
    /// The word that stands in a definition for this executor.
    fn name(&self) -> &'static str;

    /// What limits this host really offers, and what is amiss.
    fn health(&self) -> Health;

    /// Judges an order without doing anything. The same checks are made again at the start.
    ///
    /// # Errors
    /// The refusal that [`Runspace::start`] would give.
    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal>;

    /// Begins an execution. Events go to `sink` from other threads; the last is a refusal or a result.
    ///
    /// # Errors
    /// A refusal: nothing ran, and the sink hears nothing.
    fn start(&self, order: WorkOrder, sink: std::sync::Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal>;
}

/// An execution that was begun.
pub trait Running: Send + Sync {
    /// Asks it to end, politely first. Its result says whether it did. Asking twice changes nothing.
    fn stop(&self, reason: StopReason);

    /// Moves its deadline to a later instant, in nanoseconds since boot; its longest run time stays. An earlier one changes
    /// nothing, nor does any where an executor cannot move it: it then ends when it would have.
    fn extend(&self, deadline: u64) {
        let _ = deadline;
    }

    /// Ends it at once: nobody is left who could hear its output.
    fn kill(&self);
}

/// What a runspace says of itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    pub executor: String,
    /// Protections that an execution on this host would have now; `landlock_*` and `seccomp` as far as the kernel was
    /// asked. Absent where the target is elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protections: Option<Protections>,
    /// Sentences for an administrator: what does not hold on this host. Empty is good.
    pub notes: Vec<String>,
}

/// What holds a process tree on this host.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protections {
    /// The control groups' version that holds memory and processes; `None`: rlimits of single processes must do.
    pub cgroup: Option<CgroupVersion>,
    pub process_namespace: ProcessNamespace,
    pub landlock_files: bool,
    pub landlock_signals: bool,
    pub seccomp: bool,
}
