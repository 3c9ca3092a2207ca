use super::request::Person;

/// One difference: field, before, after; an empty side is shown as "none".
#[derive(Clone, Debug)]
pub struct Change {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// What a change ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends {
    pub authorizations: u64,
    pub pending: u64,
}

/// A change of who may do what.
#[derive(Clone, Debug)]
pub struct ControlPlaneAct {
    pub by: Person,
    /// The task: `Countersign\New-ElevatedAccessApprovalPolicy`.
    pub task: String,
    /// What it was done to, in words.
    pub target: String,
    pub changes: Vec<Change>,
    /// The ground, in words, and the request's number if it was approved.
    pub basis: String,
    pub request: Option<u64>,
    pub at: i64,
    /// Place in the audit log.
    pub seq: u64,
    pub ends: Ends,
}

/// Privileged access was switched.
#[derive(Clone, Debug)]
pub struct PrivilegedAccess {
    pub switch: Switch,
    pub by: Person,
    pub reason: String,
    pub at: i64,
    pub seq: u64,
    pub ends: Ends,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    Enabled,
    Off,
    /// Off, back on at this instant.
    OffUntil(i64),
    /// Off, with what would have been refused recorded.
    Observe,
    /// Back on after a limited time off.
    BackOn,
}

/// The host's recovery command.
#[derive(Clone, Debug)]
pub struct RecoveryUsed {
    /// What it did, in words.
    pub what: String,
    /// The account on the host that ran it.
    pub host_user: String,
    pub host: String,
    pub at: i64,
    /// When it takes effect, if later.
    pub effective_at: Option<i64>,
    pub seq: u64,
}

/// Something needs a person: a policy that nobody can fill, a clock fault, a full disk.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// One line.
    pub title: String,
    /// What happened, in sentences.
    pub text: Vec<String>,
    pub facts: Vec<(String, String)>,
    /// What to do about it.
    pub advice: String,
    pub at: i64,
    /// The page to open, relative to `public_url`, if any.
    pub page: Option<String>,
}
