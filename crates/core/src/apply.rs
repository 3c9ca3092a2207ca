//! How an event changes the state. It never refuses and never recomputes what the event says.

use std::sync::Arc;

use imbl::OrdSet;

use crate::actor::Actor;
use crate::budget::{self, Budget};
use crate::directory::{Credentials, Group, Member, Person};
use crate::epoch::Epoch;
use crate::event::body::{AuthorizationEnd, Credential, Disable, Ends, LinkDelivery, Recovery};
use crate::event::{Body, Event};
use crate::execution::Basis;
use crate::id::RequestNumber;
use crate::obligation::{self, Obligation};
use crate::organization::{Access, SystemAccount};
use crate::policy::PolicyTerms;
use crate::request::{Asked, Authorization, Request};
use crate::standing_access::{Drift, Known, Listing};
use crate::state::{Holder, Invitation, Policy, State, Token, Untold};

/// The most instants kept to judge a rate by.
const RATE_MEMORY: usize = PolicyTerms::MOST_RATE as usize;

/// Applies one event, which must be the next one.
pub fn apply(state: &mut State, event: &Event) {
    state.next_seq = event.seq.saturating_add(1);
    state.last = event.time;
    if let (Some(budget), Some(person)) = (Budget::of(&event.body), event.actor.person()) {
        budget::spend(state, person, budget, event.time);
    }
    match &event.body {
        Body::Refused { .. }
        | Body::RefusalsCounted { .. }
        | Body::AuditWasRead { .. }
        | Body::NodeStarted { .. }
        | Body::SignInFailed { .. }
        | Body::SignedIn { .. }
        | Body::SnapshotTaken { .. }
        | Body::Erased { .. }
        | Body::TakeBackOverdue { .. }
        | Body::QuestionAsked { .. }
        | Body::QuestionAnswered { .. } => {}
        Body::OrganizationCreated { .. }
        | Body::FirstAdministratorNamed { .. }
        | Body::AccessEnabled { .. }
        | Body::AccessDisabled { .. }
        | Body::AccessResumed {}
        | Body::OrganizationChanged { .. }
        | Body::SystemAccountAdded { .. }
        | Body::SystemAccountRemoved { .. }
        | Body::ClockSuspected { .. }
        | Body::ClockVouched { .. }
        | Body::ClockAccepted { .. }
        | Body::EpochOpened { .. }
        | Body::RecoveryUsed { .. } => organization(state, event),
        Body::PersonCreated { .. }
        | Body::PersonChanged { .. }
        | Body::PersonDisabled { .. }
        | Body::PersonEnabled { .. }
        | Body::PeopleLinked { .. }
        | Body::PersonUnlinked { .. }
        | Body::GroupCreated { .. }
        | Body::GroupMembersChanged { .. }
        | Body::GroupRemoved { .. } => directory(state, event),
        Body::WorkloadRegistered { .. }
        | Body::TaskDefined { .. }
        | Body::TaskRemoved { .. }
        | Body::RoleDefined { .. }
        | Body::RoleRemoved { .. }
        | Body::RoleGroupDefined { .. }
        | Body::RoleGroupMembersChanged { .. }
        | Body::RoleGroupRemoved { .. } => catalog(state, event),
        Body::PolicyCreated { .. }
        | Body::PolicyChanged { .. }
        | Body::PolicyRemoved { .. }
        | Body::QuorumAlarm { .. }
        | Body::QuorumRestored { .. } => policy(state, event),
        Body::CredentialSet { .. }
        | Body::CredentialRemoved { .. }
        | Body::InvitationIssued { .. }
        | Body::InvitationUsed { .. }
        | Body::TokenIssued { .. }
        | Body::TokenRevoked { .. } => credential(state, event),
        Body::RequestSubmitted { .. }
        | Body::VoteCast { .. }
        | Body::RequestNarrowed { .. }
        | Body::RequestEnded { .. }
        | Body::AuthorizationGranted { .. }
        | Body::AuthorizationEnded { .. }
        | Body::ReminderDue { .. } => request(state, event),
        Body::ExecutionStarted { .. }
        | Body::ExecutionFinished { .. }
        | Body::ExecutionReported { .. }
        | Body::ExecutionAcknowledged { .. }
        | Body::StopRequested { .. }
        | Body::ExecutionAdopted { .. }
        | Body::AllStopped { .. } => execution(state, event),
        Body::ObligationIncurred { .. } | Body::ObligationSettled { .. } => owe(state, event),
        Body::StandingAccessListed { .. } => list(state, event),
    }
    if let Some(ends) = event.body.ends() {
        end(state, ends);
    }
}

/// Ends in the step of the causing event; telling people follows object by object.
fn end(state: &mut State, ends: &Ends) {
    for (number, how) in &ends.authorizations {
        if let Some(ended) = state.authorizations.remove(number) {
            let_go(state, &ended.asked);
            state.untold.insert(*number, Untold::Authorization(*how));
        }
    }
    for (number, how) in &ends.requests {
        if let Some(ended) = state.requests.remove(number) {
            let_go(state, &ended.asked);
            state.untold.insert(*number, Untold::Request(*how));
        }
    }
}

/// A list of tasks that nothing live cites any more leaves memory.
fn let_go(state: &mut State, asked: &Asked) {
    let list = &asked.covers.list;
    if !state.requests.cites(list) && !state.authorizations.cites(list) {
        state.lists.forget(list);
    }
}

fn list(state: &mut State, event: &Event) {
    let Body::StandingAccessListed { execution, workload, before, holders, appeared, .. } = &event.body
    else {
        return;
    };
    let Some(listing) = state.standing.get_mut(workload) else { return };
    let lost = before.is_none() && listing.known.is_some();
    listing.known = Some(Known { execution: *execution, at: event.time, holders: *holders });
    if *appeared > 0 || lost {
        listing.drift = Some(Drift { execution: *execution, at: event.time, appeared: *appeared });
    }
}

fn organization(state: &mut State, event: &Event) {
    let organization = &mut state.organization;
    match &event.body {
        Body::OrganizationCreated { name, ledger, zone, settings } => {
            organization.name.clone_from(name);
            organization.ledger.clone_from(ledger);
            organization.zone.clone_from(zone);
            organization.settings = settings.clone();
            organization.access = Access::SetUp;
        }
        Body::FirstAdministratorNamed { person } => organization.first_administrator = Some(*person),
        Body::AccessEnabled { approvers, control_plane, settings, .. } => {
            organization.access = Access::On;
            organization.default_approvers = Some(*approvers);
            organization.control_plane = *control_plane;
            organization.settings = settings.clone();
        }
        Body::AccessDisabled { how, .. } => {
            organization.access = match how {
                Disable::Off => Access::Off,
                Disable::OffUntil { until } => Access::OffUntil { until: *until },
                Disable::Observe => Access::Observe,
            };
        }
        Body::AccessResumed {} => organization.access = Access::On,
        Body::OrganizationChanged { settings, approvers, .. } => {
            organization.settings = settings.clone();
            organization.default_approvers = Some(*approvers);
        }
        Body::SystemAccountAdded { person, reason, until } => {
            let account = SystemAccount { reason: *reason, until: *until, last_used: event.time };
            organization.system_accounts.insert(*person, account);
        }
        Body::SystemAccountRemoved { person } => {
            organization.system_accounts.remove(person);
        }
        Body::ClockSuspected { .. } => {
            organization.clock_suspect = true;
            organization.clock_vouched.clear();
        }
        Body::ClockVouched { person } => {
            organization.clock_vouched.insert(*person);
        }
        Body::ClockAccepted { .. } => {
            organization.clock_suspect = false;
            organization.clock_vouched.clear();
        }
        Body::RecoveryUsed { person, how: Recovery::Approver { from } } => {
            organization.appointed.insert(*person, *from);
        }
        Body::EpochOpened { epoch, cites, key, .. } => organization.epochs.push_back(Epoch {
            number: *epoch,
            since: event.seq,
            cites: cites.clone(),
            key: key.clone(),
        }),
        _ => {}
    }
}

fn directory(state: &mut State, event: &Event) {
    let directory = &mut state.directory;
    match &event.body {
        Body::PersonCreated { person, kind, upn, display_name, mail } => directory.put_person(
            *person,
            Person {
                upn: *upn,
                display_name: *display_name,
                mail: *mail,
                kind: *kind,
                enabled: true,
                human: *person,
                credentials: Credentials::default(),
            },
        ),
        Body::PersonChanged { person, upn, display_name, mail } => {
            directory.change_person(*person, |person| {
                person.upn = *upn;
                person.display_name = *display_name;
                person.mail = *mail;
            })
        }
        Body::PersonDisabled { person, .. } => {
            state.organization.appointed.remove(person);
            directory.set_enabled(*person, false, event.seq);
            state.tokens = state
                .tokens
                .iter()
                .filter(|(_, token)| token.person != *person)
                .map(|(id, token)| (*id, token.clone()))
                .collect();
            state.invitations = state
                .invitations
                .iter()
                .filter(|(_, link)| link.person != *person)
                .map(|(id, link)| (*id, link.clone()))
                .collect();
        }
        Body::PersonEnabled { person } => directory.set_enabled(*person, true, event.seq),
        Body::PeopleLinked { person, other, .. } => directory.link(*person, *other),
        Body::PersonUnlinked { person, .. } => directory.unlink(*person, event.seq),
        Body::GroupCreated { group, name, mail } => {
            directory.put_group(*group, Group { name: name.clone(), mail: *mail, members: OrdSet::new() });
        }
        Body::GroupMembersChanged { group, added, removed, .. } => {
            directory.change_members(*group, added, removed, event.seq);
            if state.organization.default_approvers == Some(*group) {
                for member in added {
                    if let Member::Person(person) = member {
                        state.organization.appointed.remove(person);
                    }
                }
            }
        }
        Body::GroupRemoved { group, .. } => directory.remove_group(*group, event.seq),
        _ => {}
    }
}

fn catalog(state: &mut State, event: &Event) {
    let catalog = &mut state.catalog;
    match &event.body {
        Body::WorkloadRegistered { workload, runspace } => {
            catalog.workloads.insert(workload.clone(), runspace.clone());
        }
        Body::TaskDefined { version, digest, definition, .. } => {
            catalog.define_task(*version, *digest, definition.clone(), event.seq);
        }
        Body::TaskRemoved { task, .. } => {
            catalog.tasks.remove(task);
        }
        Body::RoleDefined { role, version, tasks, .. } => {
            catalog.define_role(role.clone(), *version, tasks.clone(), event.seq);
        }
        Body::RoleRemoved { role, .. } => catalog.remove_role(role, event.seq),
        Body::RoleGroupDefined { role_group, roles, .. } => {
            catalog.define_role_group(role_group.clone(), roles.clone(), event.seq);
        }
        Body::RoleGroupMembersChanged { role_group, added, removed, .. } => {
            if let Some(group) = catalog.role_groups.get_mut(role_group) {
                for member in removed {
                    group.members.remove(member);
                }
                for member in added {
                    group.members.insert(*member);
                }
            }
        }
        Body::RoleGroupRemoved { role_group, .. } => {
            catalog.role_groups.remove(role_group);
        }
        _ => {}
    }
}

fn policy(state: &mut State, event: &Event) {
    match &event.body {
        Body::PolicyCreated { policy, terms, .. } => {
            state.policy_for.insert(terms.target.clone(), *policy);
            state.policies.insert(*policy, Policy { version: 1, terms: Arc::new(terms.clone()) });
        }
        Body::QuorumAlarm { policies } => state.short.extend(policies.iter().copied()),
        Body::QuorumRestored { policies } => {
            for policy in policies {
                state.short.remove(policy);
            }
        }
        Body::PolicyChanged { policy, version, terms, .. } => {
            state.short.remove(policy);
            state.policies.insert(*policy, Policy { version: *version, terms: Arc::new(terms.clone()) });
        }
        Body::PolicyRemoved { policy, .. } => {
            state.short.remove(policy);
            if let Some(removed) = state.policies.remove(policy) {
                state.policy_for.remove(&removed.terms.target);
            }
        }
        _ => {}
    }
}

fn credential(state: &mut State, event: &Event) {
    match &event.body {
        Body::CredentialSet { person, credential, digest } => {
            state.directory.change_person(*person, |person| {
                let slot = slot(&mut person.credentials, *credential);
                *slot = Some(*digest);
            });
        }
        Body::CredentialRemoved { person, credential } => {
            state
                .directory
                .change_person(*person, |person| *slot(&mut person.credentials, *credential) = None);
        }
        Body::InvitationIssued { invitation, person, purpose, delivery, secret, until } => {
            let shown = *delivery == LinkDelivery::Printed && event.actor.person().is_some();
            let holder =
                if shown && !state.organization.in_set_up() { Holder::Requester } else { Holder::Person };
            let link =
                Invitation { person: *person, purpose: *purpose, secret: *secret, until: *until, holder };
            state.invitations.insert(*invitation, link);
        }
        Body::InvitationUsed { invitation } => {
            state.invitations.remove(invitation);
        }
        Body::TokenIssued { token, person, secret, scopes, until, .. } => {
            let issued = Token { person: *person, secret: *secret, scopes: scopes.clone(), until: *until };
            state.tokens.insert(*token, issued);
        }
        Body::TokenRevoked { token } => {
            state.tokens.remove(token);
        }
        _ => {}
    }
}

const fn slot(
    credentials: &mut Credentials,
    credential: Credential,
) -> &mut Option<countersign_ledger::hash::Digest> {
    match credential {
        Credential::Password => &mut credentials.password,
        Credential::Totp => &mut credentials.totp,
        Credential::Recovery => &mut credentials.recovery,
    }
}

fn request(state: &mut State, event: &Event) {
    match &event.body {
        Body::RequestSubmitted {
            number,
            requester,
            account,
            target,
            role,
            statement,
            policy,
            terms,
            covers,
            stages,
            duration,
            start,
            uses,
            expires,
            extends,
            same,
            ..
        } => {
            state.next_request = number.get().saturating_add(1);
            let asked = Asked {
                seq: event.seq,
                requester: *requester,
                account: *account,
                target: target.clone(),
                role: role.clone(),
                statement: *statement,
                policy: *policy,
                terms: Arc::new(terms.clone()),
                covers: *covers,
                stages: stages.clone(),
                votes: std::collections::BTreeMap::new(),
                uses: *uses,
                extends: *extends,
            };
            let request = Request {
                asked,
                duration: *duration,
                start: *start,
                expires: *expires,
                stage: 0,
                same: *same,
                reminded: false,
            };
            state.requests.insert(*number, request);
        }
        Body::VoteCast { number, approver, stage, completes_stage, .. } => {
            if let Some(request) = state.requests.get_mut(number) {
                request.asked.votes.insert(*approver, *stage);
                if *completes_stage {
                    request.stage = stage.saturating_add(1);
                }
            }
        }
        Body::RequestNarrowed { number, to, duration, uses, .. } => {
            if let Some(request) = state.requests.get_mut(number) {
                request.asked.statement = *to;
                request.asked.uses = *uses;
                request.duration = *duration;
            }
        }
        Body::RequestEnded { number, .. } => {
            if let Some(ended) = state.requests.remove(number) {
                let_go(state, &ended.asked);
            }
            state.untold.remove(number);
        }
        Body::AuthorizationGranted { number, from, until, uses, parallel, .. } => {
            granted(state, event, *number, *from, *until, *uses, *parallel)
        }
        Body::AuthorizationEnded { number, .. } => {
            if let Some(ended) = state.authorizations.remove(number) {
                let_go(state, &ended.asked);
            }
            state.untold.remove(number);
        }
        Body::ReminderDue { number } => {
            if let Some(request) = state.requests.get_mut(number) {
                request.reminded = true;
            }
            if let Some(authorization) = state.authorizations.get_mut(number) {
                authorization.reminded = true;
            }
        }
        _ => {}
    }
}

fn granted(
    state: &mut State,
    event: &Event,
    number: RequestNumber,
    from: crate::time::Instant,
    until: crate::time::Instant,
    uses: Option<u32>,
    parallel: u32,
) {
    let Some(request) = state.requests.remove(&number) else { return };
    let mut asked = request.asked;
    asked.uses = uses;
    if asked.terms.limits.rate.is_some() || asked.stages.is_empty() {
        let times = state.granted.entry(asked.policy).or_default().entry(asked.requester).or_default();
        times.push_back(event.time);
        while times.len() > RATE_MEMORY {
            times.pop_front();
        }
    }
    let authorization = Authorization { asked, from, until, used: 0, parallel, reminded: false };
    state.authorizations.insert(number, authorization);
}

fn execution(state: &mut State, event: &Event) {
    match &event.body {
        Body::ExecutionStarted {
            execution, person, task, version, digest, values, basis, deadline, ..
        } => {
            if let crate::execution::Basis::TakeBack { of } = basis
                && let Some(owed) = state.obligations.get_mut(of)
            {
                owed.trying = Some(*execution);
            }
            let preview = matches!(basis, crate::execution::Basis::Preview { .. });
            let run_to_end =
                !preview && state.catalog.tasks.get(task).is_some_and(|task| task.definition.run_to_end);
            let started = crate::execution::Execution {
                person: *person,
                task: task.clone(),
                version: *version,
                digest: *digest,
                values: *values,
                basis: basis.clone(),
                started: event.time,
                deadline: *deadline,
                run_to_end,
                stopping: None,
                unknown: false,
            };
            take_use(state, started.authorization());
            if let crate::execution::Basis::Exemption { .. } = basis
                && let Some(account) = state.organization.system_accounts.get_mut(person)
            {
                account.last_used = event.time;
            }
            if event.actor == Actor::System && matches!(basis, Basis::Role { .. } | Basis::Exemption { .. }) {
                let before = state.standing.get(task.workload());
                let listing = Listing {
                    tried: *execution,
                    tried_at: event.time,
                    known: before.and_then(|before| before.known),
                    drift: before.and_then(|before| before.drift),
                };
                state.standing.insert(task.workload().clone(), listing);
            }
            state.executions.insert(*execution, started);
        }
        Body::ExecutionFinished { execution, outcome, .. }
        | Body::ExecutionReported { execution, outcome, .. } => {
            obligation::ended(state, *execution, outcome, event.time);
            if outcome.is_unknown() {
                if let Some(running) = state.executions.get_mut(execution) {
                    running.unknown = true;
                }
            } else {
                state.executions.remove(execution);
                state.acknowledged.remove(execution);
            }
        }
        Body::ExecutionAcknowledged { execution } => {
            if let Some(unknown) = state.executions.remove(execution) {
                state.acknowledged.insert(*execution, unknown.authorization());
            }
        }
        Body::StopRequested { execution, why } => {
            if let Some(running) = state.executions.get_mut(execution) {
                running.stopping = Some(*why);
            }
        }
        Body::ExecutionAdopted { execution, number, deadline } => {
            take_use(state, Some(*number));
            if let Some(running) = state.executions.get_mut(execution) {
                running.deadline = *deadline;
                running.basis = crate::execution::Basis::Authorization { number: *number };
            }
        }
        _ => {}
    }
}

fn owe(state: &mut State, event: &Event) {
    match &event.body {
        Body::ObligationIncurred { execution, number } => {
            let Some(run) = state.executions.get(execution) else { return };
            let Some(task) = state.catalog.tasks.get(&run.task) else { return };
            let owed = Obligation {
                number: *number,
                person: run.person,
                task: run.task.clone(),
                version: run.version,
                digest: run.digest,
                definition: Arc::clone(&task.definition),
                values: run.values,
                since: event.time,
                failed: false,
                trying: None,
                tries: 0,
                tried: None,
            };
            state.obligations.insert(*execution, owed);
        }
        Body::ObligationSettled { execution, .. } => _ = state.obligations.remove(execution),
        _ => {}
    }
}

fn take_use(state: &mut State, number: Option<RequestNumber>) {
    if let Some(authorization) = number.and_then(|number| state.authorizations.get_mut(&number)) {
        authorization.used = authorization.used.saturating_add(1);
    }
}

/// Why an end of an authorization stops what runs under it, if it does (G15).
#[must_use]
pub const fn stops(how: AuthorizationEnd) -> Option<crate::execution::StopReason> {
    use crate::execution::StopReason;
    match how {
        AuthorizationEnd::Expired => Some(StopReason::Expired),
        AuthorizationEnd::GivenBack => Some(StopReason::GivenBack),
        AuthorizationEnd::Revoked => Some(StopReason::Revoked),
        AuthorizationEnd::QuorumLost => Some(StopReason::QuorumLost),
        AuthorizationEnd::PolicyChanged => Some(StopReason::PolicyChanged),
        AuthorizationEnd::PersonDisabled | AuthorizationEnd::NotEligible => Some(StopReason::PersonDisabled),
        AuthorizationEnd::AccessDisabled => Some(StopReason::AccessDisabled),
        AuthorizationEnd::EmergencyStop => Some(StopReason::EmergencyStop),
        AuthorizationEnd::ClockFault => Some(StopReason::ClockFault),
        AuthorizationEnd::Restored => Some(StopReason::Restored),
        AuthorizationEnd::DefinitionChanged => None,
    }
}
