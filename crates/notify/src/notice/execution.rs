/// One run.
#[derive(Clone, Debug)]
pub struct Execution {
    pub id: String,
    pub task: String,
    /// Parameters as they may be shown: secrets by name only.
    pub parameters: Vec<(String, String)>,
    /// The ground it ran on, in words: `authorization of R-1042`, `role Exchange\Mail Recipients`.
    pub basis: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub outcome: ExecutionOutcome,
}

#[derive(Clone, Debug)]
pub enum ExecutionOutcome {
    Succeeded,
    /// With a status or message for people.
    Failed(String),
    /// With the reason.
    Stopped(String),
    /// Nobody can know whether it took effect; it is never run again by itself.
    Unknown,
}
