//! The index tables: one per noun of the vocabulary.

use serde::Serialize;

use countersign_ledger::hash::Digest;

use super::cell::{Cell, CellError, Column};
use super::noun::{ColumnDef, Field, Noun, Order, Typed, nouns};
use super::status::{AuthorizationStatus, ExecutionStatus, RequestStatus};
use crate::id::{ExecutionId, GroupId, InvitationId, PersonId, PolicyId, RequestNumber, TokenId};
use crate::name::{GroupName, RoleGroupName, RoleName, TaskName, WorkloadName};
use crate::time::{Instant, Span};

nouns! {
    /// A person or service account. Names are absent once erased.
    person {
        /// The event that made the row.
        seq: u64,
        /// Who.
        id: PersonId,
        /// What the sign-in name is looked up by: trimmed, lower-case.
        upn_key: Option<String>,
        /// The sign-in name.
        upn: Option<String>,
        /// The name people read.
        display_name: Option<String>,
        /// Where mail goes.
        mail: Option<String>,
        /// Whose service account it is; absent for members.
        owner: Option<PersonId>,
        /// Whether the person can do anything.
        enabled: bool,
        /// The words of name and addresses, each between spaces.
        words: String,
        /// When it was made.
        created: Instant,
    }
    key(id) index(upn_key) order(Order::Newest) person(Some("id")) request(None)

    /// A mail-enabled security group.
    group {
        /// The event that made the row.
        seq: u64,
        /// Which.
        id: GroupId,
        /// Its name.
        name: GroupName,
        /// Its address.
        mail: Option<String>,
        /// Whether it is gone.
        removed: bool,
        /// When it was made.
        created: Instant,
    }
    key(id) index() order(Order::Newest) person(None) request(None)

    /// A direct member of a group or role group. Listed for one container at a time.
    member {
        /// The event that made the row.
        seq: u64,
        /// The group's id, or the role group's name in lower case.
        container: String,
        /// The id of the person or group.
        member: String,
        /// Since when.
        since: Instant,
    }
    key(container, member) index(member) order(Order::Name("member")) person(None) request(None)

    /// A workload.
    workload {
        /// The event that made the row.
        seq: u64,
        /// The name in lower case.
        key: String,
        /// The name.
        name: WorkloadName,
        /// What executes its tasks.
        runspace: String,
    }
    key(key) index() order(Order::Name("key")) person(None) request(None)

    /// A task at its newest version.
    task {
        /// The event that made the row.
        seq: u64,
        /// The name in lower case.
        key: String,
        /// The name.
        name: TaskName,
        /// Its workload in lower case.
        workload: String,
        /// Counts from 1.
        version: u64,
        /// Of what changes execution.
        digest: Digest,
        /// The definition as JSON.
        definition: String,
        /// Whether it is gone.
        removed: bool,
        /// When it last changed.
        changed: Instant,
    }
    key(key) index(workload) order(Order::Name("key")) person(None) request(None)

    /// Every version of every task.
    task_version {
        /// The event that made the row.
        seq: u64,
        /// The name in lower case.
        key: String,
        /// Counts from 1.
        version: u64,
        /// Of what changes execution.
        digest: Digest,
        /// The definition as JSON.
        definition: String,
        /// Since when.
        created: Instant,
        /// By whom; absent for the host.
        by: Option<PersonId>,
    }
    key(key, version) index() order(Order::Newest) person(None) request(None)

    /// A role.
    role {
        /// The event that made the row.
        seq: u64,
        /// The name in lower case.
        key: String,
        /// The name.
        name: RoleName,
        /// Counts from 1.
        version: u64,
        /// Its tasks as a JSON array.
        tasks: String,
        /// Whether it is gone.
        removed: bool,
        /// When it last changed.
        changed: Instant,
    }
    key(key) index() order(Order::Name("key")) person(None) request(None)

    /// A role group.
    role_group {
        /// The event that made the row.
        seq: u64,
        /// The name in lower case.
        key: String,
        /// The name.
        name: RoleGroupName,
        /// Its roles as a JSON array.
        roles: String,
        /// Whether it is gone.
        removed: bool,
        /// When its roles last changed.
        changed: Instant,
    }
    key(key) index() order(Order::Name("key")) person(None) request(None)

    /// An approval policy at its newest version.
    policy {
        /// The event that made the row.
        seq: u64,
        /// Which.
        id: PolicyId,
        /// Counts from 1.
        version: u64,
        /// `Task`, `Role` or `Role Group`.
        target_kind: String,
        /// What it governs.
        target: String,
        /// The terms as JSON.
        terms: String,
        /// Whether it is gone.
        removed: bool,
        /// When it was made.
        created: Instant,
        /// When it last changed.
        changed: Instant,
    }
    key(id) index(target) order(Order::Newest) person(None) request(None)

    /// Every version of every policy.
    policy_version {
        /// The event that made the row.
        seq: u64,
        /// Which policy.
        id: PolicyId,
        /// Counts from 1.
        version: u64,
        /// The terms as JSON.
        terms: String,
        /// Since when.
        created: Instant,
        /// By whom; absent for the host.
        by: Option<PersonId>,
        /// The request under which it was made.
        under: Option<RequestNumber>,
    }
    key(id, version) index() order(Order::Newest) person(None) request(None)

    /// An access request, and the authorization it became.
    request {
        /// The event that made the row.
        seq: u64,
        /// Its number.
        number: RequestNumber,
        /// Who asked.
        requester: PersonId,
        /// The service account of theirs that it is for.
        account: Option<PersonId>,
        /// `Task`, `Role` or `Role Group`.
        target_kind: String,
        /// What for.
        target: String,
        /// The target's workload in lower case.
        workload: String,
        /// The role named.
        role: Option<RoleName>,
        /// The policy that governs.
        policy: PolicyId,
        /// Its version.
        policy_version: u64,
        /// SHA-256 of the current statement.
        statement: Digest,
        /// What makes two requests the same.
        same: Digest,
        /// How it stands.
        status: RequestStatus,
        /// Why it is asked.
        reason: Option<String>,
        /// The ticket.
        ticket: Option<String>,
        /// For how long.
        duration: Span,
        /// From when, if later than the approval.
        start: Option<Instant>,
        /// When it was asked.
        created: Instant,
        /// When it ends undecided.
        expires: Instant,
        /// The stage whose approvers decide.
        stage: u16,
        /// How many stages there are.
        stages: u16,
        /// Votes cast.
        votes: u32,
        /// When it was decided or ended.
        decided: Option<Instant>,
        /// By whom.
        decided_by: Option<PersonId>,
        /// Why it ended, in the decider's words.
        comment: Option<String>,
        /// The request it extends.
        extends: Option<RequestNumber>,
        /// The earlier denial of the same.
        denied_before: Option<RequestNumber>,
        /// How its authorization stands; absent if there never was one.
        authorization: Option<AuthorizationStatus>,
        /// From when one may execute.
        from: Option<Instant>,
        /// Until when.
        until: Option<Instant>,
        /// Uses in all, if bounded.
        uses: Option<u32>,
        /// Uses taken.
        used: u32,
        /// How many may run at once.
        parallel: Option<u32>,
        /// When the authorization ended.
        ended: Option<Instant>,
        /// Who ended it.
        ended_by: Option<PersonId>,
        /// Why, in their words.
        end_comment: Option<String>,
    }
    key(number) index(requester, target, same, status, authorization, policy) order(Order::Newest)
    person(Some("requester")) request(Some("number"))

    /// A vote.
    vote {
        /// The event that made the row.
        seq: u64,
        /// On which request.
        number: RequestNumber,
        /// By whom.
        approver: PersonId,
        /// For which stage.
        stage: u16,
        /// How sure we are who it was.
        assurance: String,
        /// The statement voted on.
        statement: Digest,
        /// In the approver's words.
        comment: Option<String>,
        /// When.
        created: Instant,
    }
    key(number, approver) index() order(Order::Newest) person(Some("approver")) request(Some("number"))

    /// A question to a requester, or an answer.
    message {
        /// The event that made the row.
        seq: u64,
        /// On which request.
        number: RequestNumber,
        /// Who wrote it.
        person: Option<PersonId>,
        /// Whether it is the requester's answer.
        answer: bool,
        /// What was written.
        text: Option<String>,
        /// When.
        created: Instant,
    }
    key(seq) index(number) order(Order::Newest) person(Some("person")) request(Some("number"))

    /// A run of a task.
    execution {
        /// The event that made the row.
        seq: u64,
        /// Which.
        id: ExecutionId,
        /// The task.
        task: TaskName,
        /// The task's name in lower case.
        task_key: String,
        /// Its workload in lower case.
        workload: String,
        /// The task's version.
        version: u64,
        /// The task's digest.
        digest: Digest,
        /// For whom.
        person: PersonId,
        /// `authorization`, `role`, `exemption`, `set_up`, `preview` or `take_back`.
        basis: String,
        /// The authorization it runs under, or the request that it shows.
        number: Option<RequestNumber>,
        /// The role it runs by.
        role: Option<RoleName>,
        /// How a preview was made: `declared`, `plan` or `rollback`.
        preview: Option<String>,
        /// The statement that its values were compared with, or that it shows.
        statement: Option<Digest>,
        /// The parameters as JSON.
        values: Option<String>,
        /// How it stands.
        status: ExecutionStatus,
        /// The stable word of what went wrong, or why it was stopped.
        detail: Option<String>,
        /// The exit status.
        exit: Option<i32>,
        /// Whether the end of a stopped run was seen.
        confirmed: Option<bool>,
        /// When it began.
        started: Instant,
        /// When it must be over.
        deadline: Instant,
        /// When it was over.
        finished: Option<Instant>,
        /// Why it is being stopped.
        stopping: Option<String>,
        /// Whether somebody accepted that its outcome stays unknown.
        acknowledged: bool,
        /// The refusal there would have been, while privileged access only observes.
        would_refuse: Option<String>,
        /// Bytes of standard output.
        stdout_bytes: Option<u64>,
        /// SHA-256 of it.
        stdout_sha256: Option<Digest>,
        /// Bytes of standard error.
        stderr_bytes: Option<u64>,
        /// SHA-256 of it.
        stderr_sha256: Option<Digest>,
        /// Whether less was kept than there was.
        truncated: Option<bool>,
    }
    key(id) index(task_key, person, number, status, finished) order(Order::Newest)
    person(Some("person")) request(Some("number"))

    /// An API token; its secret is nowhere.
    token {
        /// The event that made the row.
        seq: u64,
        /// Which.
        id: TokenId,
        /// Whose.
        person: PersonId,
        /// What its owner calls it.
        label: Option<String>,
        /// What it may do, as a JSON array.
        scopes: String,
        /// When it was made.
        created: Instant,
        /// When it ends.
        until: Instant,
        /// When it was revoked.
        revoked: Option<Instant>,
    }
    key(id) index(person) order(Order::Newest) person(Some("person")) request(None)

    /// An invitation or reset; its secret is nowhere.
    invitation {
        /// The event that made the row.
        seq: u64,
        /// Which.
        id: InvitationId,
        /// For whom.
        person: PersonId,
        /// What for.
        purpose: String,
        /// When it was made.
        created: Instant,
        /// When it ends.
        until: Instant,
        /// When it was used.
        used: Option<Instant>,
    }
    key(id) index(person) order(Order::Newest) person(Some("person")) request(None)

    /// An exempt service account.
    system_account {
        /// The event that made the row.
        seq: u64,
        /// Which.
        person: PersonId,
        /// Why it is exempt.
        reason: Option<String>,
        /// Since when.
        created: Instant,
        /// Until when.
        until: Instant,
        /// When the exemption was taken back.
        removed: Option<Instant>,
    }
    key(person) index() order(Order::Newest) person(Some("person")) request(None)
}
