//! The rules once more, as sets and loops: what a reader of the rules would do with pencil and paper. It calls nothing
//! of `core`; `drive` sends the same commands to both and compares.

mod act;
mod drive;
mod judge;
mod property;
mod step;

use std::collections::{BTreeMap, BTreeSet};

/// A person, a group, a role, a role group, a task: by name.
pub(crate) type Name = &'static str;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;

/// The default approver group, as the harness makes it.
pub(crate) const APPROVERS: Name = "Approvers";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    P(Name),
    G(Name),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Task(Name),
    Role(Name),
    RoleGroup(Name),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    ByRole,
    Group(Name),
    Everyone,
}

/// What a policy says. Auto has no stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Groups in order, each with how many; `None` is the default approver group.
    pub(crate) stages: Vec<(Option<Name>, usize)>,
    pub(crate) ask: Ask,
    pub(crate) hours: Option<i64>,
    pub(crate) uses: Option<u32>,
    pub(crate) parallel: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Never used twice: a policy made again is another policy.
    pub(crate) id: u64,
    pub(crate) terms: Terms,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) enabled: bool,
    /// Of a service account: who answers for it, and counts as it.
    pub(crate) owner: Option<Name>,
    /// Accounts with the same mark are one human.
    pub(crate) human: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) version: u64,
    /// Since which step it has this version without a break.
    pub(crate) since: u64,
    pub(crate) run_to_end: bool,
    pub(crate) control_plane: bool,
    pub(crate) ours: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    On,
    Off,
    Until(i64),
    Observe,
}

/// What a pending request and a live authorization rest on.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) who: Name,
    /// The service account it is for, if not for who asked.
    pub(crate) account: Option<Name>,
    pub(crate) what: What,
    pub(crate) role: Option<Name>,
    pub(crate) policy: Policy,
    pub(crate) stages: Vec<(Name, usize)>,
    pub(crate) asked: u64,
    pub(crate) votes: BTreeMap<Name, usize>,
    pub(crate) stage: usize,
    pub(crate) covers: BTreeMap<Name, u64>,
    pub(crate) values: BTreeSet<String>,
    pub(crate) duration: i64,
    pub(crate) start: Option<i64>,
    pub(crate) uses: Option<u32>,
    pub(crate) expires: i64,
    /// Counts the statements: narrowing makes another.
    pub(crate) statement: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) request: Request,
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) used: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Basis {
    Authorization(u64),
    Role(Name),
    Exemption(Name),
}

#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) who: Name,
    pub(crate) task: Name,
    pub(crate) basis: Basis,
    pub(crate) deadline: i64,
    pub(crate) run_to_end: bool,
    pub(crate) stopping: bool,
    pub(crate) unknown: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Exempt {
    pub(crate) until: i64,
    pub(crate) last_used: i64,
}

/// Everything the rules look at.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) now: i64,
    /// Counts commands: what happened before what.
    pub(crate) step: u64,
    pub(crate) people: BTreeMap<Name, Person>,
    pub(crate) groups: BTreeMap<Name, BTreeSet<Who>>,
    /// Since which step somebody belongs to a group without a break.
    pub(crate) since: BTreeMap<(Name, Name), u64>,
    pub(crate) tasks: BTreeMap<Name, Task>,
    /// Since which step a role or role group contains a task without a break.
    pub(crate) contains: BTreeMap<(What, Name), u64>,
    pub(crate) roles: BTreeMap<Name, BTreeSet<Name>>,
    pub(crate) role_groups: BTreeMap<Name, (BTreeSet<Name>, BTreeSet<Who>)>,
    pub(crate) policies: BTreeMap<What, Policy>,
    pub(crate) next_policy: u64,
    pub(crate) access: Access,
    pub(crate) default_decides: bool,
    pub(crate) suspect: bool,
    pub(crate) exempt: BTreeMap<Name, Exempt>,
    pub(crate) requests: BTreeMap<u64, Request>,
    pub(crate) lives: BTreeMap<u64, Live>,
    pub(crate) next_request: u64,
    /// In the order of their starts.
    pub(crate) runs: BTreeMap<usize, Run>,
    pub(crate) next_run: usize,
    /// Runs whose outcome somebody accepted as unknown.
    pub(crate) accepted: BTreeSet<usize>,
    /// When whoever asked for something.
    pub(crate) sent: Vec<(Name, i64)>,
    /// When a policy gave whom access, for its rate.
    pub(crate) granted: Vec<(u64, Name, i64)>,
}

/// Why the model refuses: classes, since a refusal may name the nearest of several reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum No {
    Disabled,
    Clock,
    Role,
    /// A protected task without a fitting authorization.
    Protected,
    MayNotAsk,
    NotProtected,
    AccessOff,
    Choose,
    Duration,
    Start,
    Limit,
    Quorum,
    Rate,
    NothingOpened,
    /// Unknown, over, or not theirs: told alike or nearly so.
    NotTheirs,
    Own,
    Again,
    NeededLater,
    Changed,
    State,
    LastPeople,
    Exists,
    Nesting,
    Wider,
}

/// A command as the model reads it.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Ask {
        who: Name,
        account: Option<Name>,
        what: What,
        role: Option<Name>,
        values: BTreeSet<String>,
        duration: Option<i64>,
        start: Option<i64>,
        uses: Option<u32>,
    },
    Approve {
        who: Name,
        number: u64,
        /// The statement voted on, by its count.
        statement: u64,
        /// A shorter duration, fewer uses.
        less: Option<(i64, u32)>,
    },
    Deny {
        who: Name,
        number: u64,
        statement: u64,
    },
    Cancel {
        who: Name,
        number: u64,
    },
    GiveBack {
        who: Name,
        number: u64,
    },
    Revoke {
        who: Name,
        number: u64,
    },
    Run {
        who: Name,
        task: Name,
        value: String,
        cite: Option<u64>,
    },
    /// A task of Countersign's own, with what it does.
    Administer {
        who: Name,
        task: Name,
        value: String,
        act: Act,
    },
    Stop {
        who: Name,
        run: usize,
    },
    Acknowledge {
        who: Name,
        run: usize,
    },
    Finish {
        run: usize,
        unknown: bool,
    },
    Pass(i64),
    Tick,
    Suspect,
    Accept,
}

/// What one of Countersign's own tasks changes.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Join(Name, Who),
    Leave(Name, Who),
    JoinRoleGroup(Name, Who),
    LeaveRoleGroup(Name, Who),
    NewPolicy(What, Terms),
    SetPolicy(What, Terms),
    RemovePolicy(What),
    Link(Name, Name),
    Unlink(Name),
    EnablePerson(Name),
    DisablePerson(Name),
    DefineRole(Name, BTreeSet<Name>),
    Redefine(Name, bool),
    Disable(Access),
    Enable,
    DefaultDecides(bool),
    Exempt(Name, i64),
    Unexempt(Name),
    RevokeLive(u64),
    StopAll,
}
