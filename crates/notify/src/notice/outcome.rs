use super::request::{Denial, Person};

/// One approval that counted.
#[derive(Clone, Debug)]
pub struct Approval {
    pub by: Person,
    pub at: i64,
    pub comment: String,
}

/// What an approver took away before approving.
#[derive(Clone, Debug)]
pub struct Narrowing {
    pub by: Person,
    pub at: i64,
    pub comment: String,
    /// What changed: name, as asked, as granted.
    pub changes: Vec<(String, String, String)>,
    /// SHA-256 of the statement before.
    pub former_digest: [u8; 32],
}

/// Why an approver needn't decide any more.
#[derive(Clone, Debug)]
pub enum Released {
    /// Others filled this stage; the next one decides.
    StageFilled {
        by: Vec<Person>,
    },
    /// Others approved and the request is approved.
    Approved {
        by: Vec<Person>,
    },
    Denied(Denial),
    Expired,
    /// It ended for a reason that no approver gave.
    Ended(PendingEnd),
}

/// Why a pending request ended without a decision.
#[derive(Clone, Debug)]
pub enum PendingEnd {
    /// Too few eligible approvers are left for a stage: send it again.
    StageUnfillable {
        group: String,
    },
    PolicyChanged {
        policy: String,
        by: Option<Person>,
    },
    DefinitionChanged {
        task: String,
    },
    PrivilegedAccessOff {
        by: Option<Person>,
    },
    /// The requester may no longer ask.
    NotEntitled {
        why: String,
    },
    /// A restored copy of the ledger was accepted.
    Restored,
}

/// How an authorization ended.
#[derive(Clone, Debug)]
pub struct Ended {
    pub because: EndCause,
    pub at: i64,
    /// Runs that were stopped by it.
    pub stopped: u32,
    /// Runs that must go on to their own end.
    pub running: u32,
}

#[derive(Clone, Debug)]
pub enum EndCause {
    /// Its time was over.
    TimeOver,
    GivenBack,
    UsedUp,
    Revoked {
        by: Person,
        comment: String,
    },
    PolicyChanged {
        policy: String,
        by: Option<Person>,
    },
    /// The requester's standing or membership changed.
    NotEntitled {
        why: String,
    },
    /// Approvals that it needs don't count any more.
    LostQuorum {
        group: String,
    },
    PrivilegedAccessOff {
        by: Option<Person>,
    },
    EmergencyStop {
        by: Person,
        comment: String,
    },
    ClockFault,
    /// A restored copy of the ledger was accepted.
    Restored,
    /// A link of accounts was made that would have forbidden it.
    LinkedAccounts,
}
