//! The audit log's own row: who did what, when, to what, with which outcome.

use serde::Serialize;

use crate::actor::Actor;
use crate::erasure::Subject;
use crate::event::{Body, Event};
use crate::id::{ExecutionId, PersonId, PolicyId, RequestNumber, TokenId};
use crate::name::TaskName;
use crate::policy::Target;
use crate::time::Instant;

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventRow {
    /// The position in the ledger.
    pub seq: u64,
    /// When.
    pub time: Instant,
    /// What kind of event.
    pub kind: String,
    /// `person`, `host` or `system`.
    pub actor: String,
    /// The person who did it.
    pub person: Option<PersonId>,
    /// The token it was done with.
    pub token: Option<TokenId>,
    /// The access request it belongs to.
    pub request: Option<RequestNumber>,
    /// The task, `Workload\Task`.
    pub task: Option<String>,
    /// The workload.
    pub workload: Option<String>,
    /// The execution.
    pub execution: Option<ExecutionId>,
    /// The policy.
    pub policy: Option<PolicyId>,
    /// What it was done to, where that is none of the above: an id or a name.
    pub subject: Option<String>,
    /// How it came out, in one word.
    pub outcome: Option<String>,
    /// The refusal's code.
    pub code: Option<String>,
}

impl EventRow {
    pub(super) fn of(event: &Event) -> Self {
        let (actor, person, token) = match event.actor {
            Actor::Person { id, token } => ("person", Some(id), token),
            Actor::Host => ("host", None, None),
            Actor::System => ("system", None, None),
        };
        let mut row = Self {
            seq: event.seq,
            time: event.time,
            kind: event.body.kind().to_owned(),
            actor: actor.to_owned(),
            person,
            token,
            request: event.request,
            task: None,
            workload: None,
            execution: None,
            policy: None,
            subject: None,
            outcome: None,
            code: None,
        };
        row.about(&event.body);
        row
    }

    /// Names the task, and its workload.
    pub fn set_task(&mut self, task: &TaskName) {
        self.task = Some(task.to_string());
        self.workload = Some(task.workload().to_string());
    }

    fn set_target(&mut self, target: &Target) {
        match target {
            Target::Task(task) => self.set_task(task),
            Target::Role(role) => self.set_subject(role, role.workload()),
            Target::RoleGroup(group) => self.set_subject(group, group.workload()),
        }
    }

    fn set_subject(&mut self, subject: &impl ToString, workload: &impl ToString) {
        self.subject = Some(subject.to_string());
        self.workload = Some(workload.to_string());
    }

    fn about(&mut self, body: &Body) {
        match body {
            Body::FirstAdministratorNamed { person }
            | Body::SystemAccountAdded { person, .. }
            | Body::SystemAccountRemoved { person }
            | Body::PersonCreated { person, .. }
            | Body::PersonChanged { person, .. }
            | Body::PersonDisabled { person, .. }
            | Body::PersonEnabled { person }
            | Body::PeopleLinked { person, .. }
            | Body::PersonUnlinked { person, .. }
            | Body::CredentialSet { person, .. }
            | Body::CredentialRemoved { person, .. }
            | Body::InvitationIssued { person, .. }
            | Body::TokenIssued { person, .. }
            | Body::SignedIn { person, .. }
            | Body::SignInFailed { person: Some(person), .. }
            | Body::ClockVouched { person }
            | Body::RecoveryUsed { person, .. } => self.subject = Some(person.to_string()),
            Body::AccessEnabled { approvers: group, .. }
            | Body::OrganizationChanged { approvers: group, .. }
            | Body::GroupCreated { group, .. }
            | Body::GroupMembersChanged { group, .. }
            | Body::GroupRemoved { group, .. } => self.subject = Some(group.to_string()),
            Body::Erased { subject: Subject::Person { person } } => self.subject = Some(person.to_string()),
            Body::Erased { subject: Subject::Request { number } } => self.request = Some(*number),
            Body::InvitationUsed { invitation } => self.subject = Some(invitation.to_string()),
            Body::TokenRevoked { token } => self.subject = Some(token.to_string()),
            Body::WorkloadRegistered { workload, .. } => self.workload = Some(workload.to_string()),
            Body::TaskDefined { definition, .. } => self.set_task(&definition.name),
            Body::TaskRemoved { task, .. } => self.set_task(task),
            Body::RoleDefined { role, .. } | Body::RoleRemoved { role, .. } => {
                self.set_subject(role, role.workload());
            }
            Body::RoleGroupDefined { role_group, .. }
            | Body::RoleGroupMembersChanged { role_group, .. }
            | Body::RoleGroupRemoved { role_group, .. } => {
                self.set_subject(role_group, role_group.workload())
            }
            Body::PolicyCreated { policy, terms, .. } | Body::PolicyChanged { policy, terms, .. } => {
                self.policy = Some(*policy);
                self.set_target(&terms.target);
            }
            Body::PolicyRemoved { policy, .. } => self.policy = Some(*policy),
            Body::RequestSubmitted { number, target, policy, .. } => {
                self.request = Some(*number);
                self.policy = Some(*policy);
                self.set_target(target);
            }
            _ => self.about_run(body),
        }
    }

    fn about_run(&mut self, body: &Body) {
        match body {
            Body::VoteCast { number, .. } => {
                self.request = Some(*number);
                self.outcome = Some("approved".to_owned());
            }
            Body::RequestNarrowed { number, .. }
            | Body::QuestionAsked { number, .. }
            | Body::QuestionAnswered { number, .. }
            | Body::AuthorizationGranted { number, .. }
            | Body::ReminderDue { number } => self.request = Some(*number),
            Body::RequestEnded { number, how, .. } => {
                self.request = Some(*number);
                self.outcome = Some(super::cell::word(how));
            }
            Body::AuthorizationEnded { number, how, .. } => {
                self.request = Some(*number);
                self.outcome = Some(super::cell::word(how));
            }
            Body::ExecutionStarted { execution, task, would_refuse, .. } => {
                self.execution = Some(*execution);
                self.set_task(task);
                self.code = would_refuse.map(|code| code.as_str().to_owned());
            }
            Body::ExecutionFinished { execution, outcome, .. }
            | Body::ExecutionReported { execution, outcome, .. } => {
                self.execution = Some(*execution);
                self.outcome = Some(outcome.word().to_owned());
            }
            Body::ExecutionAcknowledged { execution }
            | Body::TakeBackOverdue { execution, .. }
            | Body::StandingAccessListed { execution, .. } => self.execution = Some(*execution),
            Body::StopRequested { execution, why } => {
                self.execution = Some(*execution);
                self.outcome = Some(super::cell::word(why));
            }
            Body::ObligationSettled { execution, how } => {
                self.execution = Some(*execution);
                self.outcome = Some(super::cell::word(how));
            }
            Body::ExecutionAdopted { execution, number, .. }
            | Body::ObligationIncurred { execution, number } => {
                self.execution = Some(*execution);
                self.request = Some(*number);
            }
            Body::Refused { code, task, number, attempt } => {
                self.code = Some(code.as_str().to_owned());
                self.outcome = Some("refused".to_owned());
                self.subject = Some(attempt.clone());
                self.request = self.request.or(*number);
                if let Some(task) = task {
                    self.set_task(task);
                }
            }
            Body::AuditWasRead { what, execution, .. } => {
                self.outcome = Some(super::cell::word(what));
                self.execution = *execution;
            }
            Body::RefusalsCounted { attempt, code, .. } => {
                self.code = Some(code.as_str().to_owned());
                self.outcome = Some("refused".to_owned());
                self.subject = Some(attempt.clone());
            }
            Body::SignInFailed { .. } => self.outcome = Some("failed".to_owned()),
            _ => {}
        }
    }
}
