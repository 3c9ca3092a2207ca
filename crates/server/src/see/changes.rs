//! What a stream of changes tells a viewer: a noun and an id, to fetch anew. Nothing of what they may not see.

use countersign_core::event::{Body, Event};
use countersign_core::id::PersonId;
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_core::view::Column as _;
use countersign_core::view::rows::{execution, request};
use countersign_store::{Reader, get};

use super::{config, requests};
use crate::problem::Result;

/// What changed: fetch it anew.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Changed {
    pub(crate) noun: &'static str,
    /// Its id or name; empty where there is only one.
    pub(crate) id: String,
    /// The event's position in the ledger.
    pub(crate) seq: u64,
}

/// Whose business it is.
enum Concern {
    /// The request's requester and approvers.
    Request(countersign_core::id::RequestNumber),
    /// One person's.
    Person(PersonId),
    /// Readers of configuration, and a person it is about.
    Configuration(Option<PersonId>),
    /// Everybody's: what stands above every page.
    Everybody,
    /// Readers of the audit log only.
    Record,
}

/// What an event tells this person, if anything.
pub(crate) fn told(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
    event: &Event,
    now: Instant,
) -> Result<Option<Changed>> {
    let (noun, id, concern) = about(event, reader)?;
    let theirs = match concern {
        Concern::Everybody => true,
        Concern::Person(concerned) => concerned == person,
        Concern::Configuration(about) => about == Some(person) || config::reads(state, person, now),
        Concern::Record => false,
        Concern::Request(number) => match requests::asked(state, number) {
            Some(asked) => asked.requester == person || requests::addressed(state, asked, person),
            None => match get::<request::Row>(reader, &[number.to_cell()])? {
                Some(row) => requests::standing_of(state, reader, person, &row)?.is_some(),
                None => false,
            },
        },
    };
    let seen = theirs || config::may_run(state, person, "Search-AuditLog", now);
    Ok(seen.then_some(Changed { noun, id, seq: event.seq }))
}

fn about(event: &Event, reader: &dyn Reader) -> Result<(&'static str, String, Concern)> {
    let configuration = |noun, id: String| (noun, id, Concern::Configuration(None));
    let person = |id: &PersonId| ("person", id.to_string(), Concern::Configuration(Some(*id)));
    Ok(match &event.body {
        Body::ExecutionStarted { execution, person, .. } => {
            ("execution", execution.to_string(), concern_of_run(event, *person))
        }
        Body::ExecutionFinished { execution, .. }
        | Body::ExecutionReported { execution, .. }
        | Body::ExecutionAcknowledged { execution }
        | Body::ExecutionAdopted { execution, .. }
        | Body::ObligationIncurred { execution, .. }
        | Body::ObligationSettled { execution, .. }
        | Body::TakeBackOverdue { execution, .. }
        | Body::StandingAccessListed { execution, .. }
        | Body::StopRequested { execution, .. } => {
            let row = get::<execution::Row>(reader, &[execution.to_cell()])?;
            let concern = row.map_or(Concern::Record, |row| concern_of_run(event, row.person));
            ("execution", execution.to_string(), concern)
        }
        Body::AuthorizationGranted { number, .. } | Body::AuthorizationEnded { number, .. } => {
            ("authorization", number.to_string(), Concern::Request(*number))
        }
        Body::RequestSubmitted { number, .. }
        | Body::VoteCast { number, .. }
        | Body::RequestNarrowed { number, .. }
        | Body::RequestEnded { number, .. }
        | Body::QuestionAsked { number, .. }
        | Body::QuestionAnswered { number, .. }
        | Body::ReminderDue { number } => ("request", number.to_string(), Concern::Request(*number)),
        Body::OrganizationCreated { .. }
        | Body::AccessEnabled { .. }
        | Body::AccessDisabled { .. }
        | Body::AccessResumed {}
        | Body::OrganizationChanged { .. }
        | Body::ClockSuspected { .. }
        | Body::ClockAccepted { .. }
        | Body::RecoveryUsed { .. }
        | Body::EpochOpened { .. }
        | Body::AllStopped { .. } => ("organization", String::new(), Concern::Everybody),
        Body::PersonCreated { person: id, .. }
        | Body::PersonChanged { person: id, .. }
        | Body::PersonDisabled { person: id, .. }
        | Body::PersonEnabled { person: id }
        | Body::PeopleLinked { person: id, .. }
        | Body::PersonUnlinked { person: id, .. }
        | Body::CredentialSet { person: id, .. }
        | Body::CredentialRemoved { person: id, .. }
        | Body::FirstAdministratorNamed { person: id }
        | Body::SystemAccountAdded { person: id, .. }
        | Body::SystemAccountRemoved { person: id } => person(id),
        Body::TokenIssued { token, person, .. } => ("token", token.to_string(), Concern::Person(*person)),
        Body::GroupCreated { group, .. }
        | Body::GroupMembersChanged { group, .. }
        | Body::GroupRemoved { group, .. } => configuration("group", group.to_string()),
        Body::WorkloadRegistered { workload, .. } => configuration("workload", workload.to_string()),
        Body::TaskDefined { definition, .. } => configuration("task", definition.name.to_string()),
        Body::TaskRemoved { task, .. } => configuration("task", task.to_string()),
        Body::RoleDefined { role, .. } | Body::RoleRemoved { role, .. } => {
            configuration("role", role.to_string())
        }
        Body::RoleGroupDefined { role_group, .. }
        | Body::RoleGroupMembersChanged { role_group, .. }
        | Body::RoleGroupRemoved { role_group, .. } => configuration("role-group", role_group.to_string()),
        Body::PolicyCreated { policy, .. }
        | Body::PolicyChanged { policy, .. }
        | Body::PolicyRemoved { policy, .. } => configuration("policy", policy.to_string()),
        _ => ("audit-event", event.seq.to_string(), Concern::Record),
    })
}

fn concern_of_run(event: &Event, person: PersonId) -> Concern {
    match event.request {
        Some(number) => Concern::Request(number),
        None => Concern::Person(person),
    }
}
