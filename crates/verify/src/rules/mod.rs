//! The rules, once more and plainly: what each event needs to have come before it.
//!
//! A judge takes events in order. For each it says what is wrong with it, then lets it happen: what follows is judged
//! by what the ledger says, not by what should have been.

mod access;
mod alarms;
mod budget;
mod catalog;
mod changes;
mod command;
mod compare;
mod covers;
mod credentials;
mod directory;
mod epochs;
mod erasure;
mod executions;
mod matching;
mod named;
mod own;
mod previews;
mod requests;
mod standing_access;
mod stands;
mod statement;
mod take_backs;
mod value;
mod votes;
mod windows;
mod world;

use std::collections::BTreeSet;

pub use own::{OwnTask, own_tasks};

use self::{command::Commands, world::World};
use crate::{
    Class, Rule,
    form::{Actor, Body, Cause, Envelope},
    report::{Counts, Findings},
    structure::Values,
};

/// Judges events in order.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    world: World,
    commands: Commands,
    /// Every id that was ever given to something, by its prefix's first letter.
    ids: BTreeSet<(char, [u8; 16])>,
    last_time: Option<i64>,
    alarms: alarms::Alarms,
    faults: Vec<(Rule, String)>,
}

/// What every event has around it.
#[derive(Debug, Clone, Copy)]
struct At<'v> {
    seq: u64,
    time: i64,
    actor: Actor,
    request: Option<u64>,
    cause: Option<Cause>,
    values: &'v Values,
}

/// The last instant there is: canonical JSON holds no greater integer.
const FARTHEST: i64 = (1 << 53) - 1;

/// This instant moved later by a span in microseconds.
fn later(time: i64, span: u64) -> i64 {
    time.saturating_add_unsigned(span).min(FARTHEST)
}

impl Judge {
    pub(crate) fn take(
        &mut self,
        envelope: &Envelope,
        values: &Values,
        findings: &mut Findings,
        counts: &mut Counts,
    ) {
        let Envelope { seq, time, actor, request, cause, body } = envelope;
        let at = At { seq: *seq, time: *time, actor: *actor, request: *request, cause: *cause, values };
        if let Some(last) = self.last_time.replace(at.time)
            && at.time < last
            && !self.excused(body)
        {
            findings.add(
                Class::TimeBack,
                at.seq,
                format!("it is {} µs earlier than the entry before it", last - at.time),
            );
        }
        let owed = self.commands.begin(&at, body);
        self.faults.extend(owed);
        self.alarm_due(body);
        self.beginning(&at, body);
        self.actor(&at, body);
        self.budget(&at, body);
        self.judge(&at, body, counts);
        if let Some(ends) = body.ends() {
            self.ends(&at, ends, body);
        }
        self.alarms_after(body);
        for (rule, sentence) in self.faults.drain(..) {
            findings.add(Class::Rule(rule), at.seq, format!("`{}`: {sentence}", body.kind()));
        }
    }

    pub(crate) fn finish(&mut self, findings: &mut Findings) {
        for (rule, sentence) in self.commands.finish() {
            findings.add(Class::Rule(rule), None, format!("at the end of the ledger: {sentence}"));
        }
        if self.alarms.is_owed() {
            findings.add(
                Class::Rule(Rule::G10),
                None,
                format!("at the end of the ledger: {}", alarms::MISSING),
            );
        }
    }

    fn judge(&mut self, at: &At<'_>, body: &Body, counts: &mut Counts) {
        match body {
            Body::OrganizationCreated(body) => self.organization_created(at, body),
            Body::FirstAdministratorNamed(body) => self.first_administrator_named(at, body),
            Body::NodeStarted(_) => self.by_host(at),
            Body::AccessEnabled(body) => self.access_enabled(at, body),
            Body::AccessDisabled(body) => self.access_disabled(at, body),
            Body::AccessResumed(_) => self.access_resumed(at),
            Body::OrganizationChanged(body) => self.organization_changed(at, body),
            Body::SystemAccountAdded(body) => self.system_account_added(at, body),
            Body::SystemAccountRemoved(body) => self.system_account_removed(at, body),
            Body::PersonCreated(body) => self.person_created(at, body),
            Body::PersonChanged(body) => self.person_changed(at, body),
            Body::PersonDisabled(body) => self.person_disabled(at, body),
            Body::PersonEnabled(body) => self.person_enabled(at, body),
            Body::PeopleLinked(body) => self.people_linked(at, body),
            Body::PersonUnlinked(body) => self.person_unlinked(at, body),
            Body::GroupCreated(body) => self.group_created(at, body),
            Body::GroupMembersChanged(body) => self.group_members_changed(at, body),
            Body::GroupRemoved(body) => self.group_removed(at, body),
            Body::WorkloadRegistered(body) => self.workload_registered(at, body),
            Body::TaskDefined(body) => self.task_defined(at, body),
            Body::TaskRemoved(body) => self.task_removed(at, body),
            Body::RoleDefined(body) => self.role_defined(at, body),
            Body::RoleRemoved(body) => self.role_removed(at, body),
            Body::RoleGroupDefined(body) => self.role_group_defined(at, body),
            Body::RoleGroupMembersChanged(body) => self.role_group_members_changed(at, body),
            Body::RoleGroupRemoved(body) => self.role_group_removed(at, body),
            Body::PolicyCreated(body) => self.policy_created(at, body),
            Body::PolicyChanged(body) => self.policy_changed(at, body),
            Body::PolicyRemoved(body) => self.policy_removed(at, body),
            Body::QuorumAlarm(body) => self.quorum(at, &body.policies, true),
            Body::QuorumRestored(body) => self.quorum(at, &body.policies, false),
            Body::CredentialSet(body) => self.credential_set(at, body),
            Body::CredentialRemoved(body) => self.credential_removed(at, body),
            Body::InvitationIssued(body) => self.invitation_issued(at, body),
            Body::InvitationUsed(body) => self.invitation_used(at, body),
            Body::TokenIssued(body) => self.token_issued(at, body),
            Body::TokenRevoked(body) => self.token_revoked(at, body),
            Body::SignedIn(body) => self.signed_in(at, body),
            Body::SignInFailed(_) | Body::RefusalsCounted(_) => self.by_system(at),
            Body::RecoveryUsed(body) => self.recovery_used(at, body),
            Body::RequestSubmitted(body) => self.request_submitted(at, body, counts),
            Body::VoteCast(body) => self.vote_cast(at, body, counts),
            Body::RequestNarrowed(body) => self.request_narrowed(at, body),
            Body::RequestEnded(body) => self.request_ended(at, body),
            Body::QuestionAsked(body) => self.question_asked(at, body.number),
            Body::QuestionAnswered(body) => self.question_answered(at, body.number),
            Body::AuthorizationGranted(body) => self.authorization_granted(at, body, counts),
            Body::AuthorizationEnded(body) => self.authorization_ended(at, body),
            Body::ReminderDue(body) => self.reminder_due(at, body.number),
            Body::ExecutionStarted(body) => self.execution_started(at, body, counts),
            Body::ExecutionFinished(body) => self.execution_finished(at, body),
            Body::ExecutionReported(body) => self.execution_reported(at, body),
            Body::ExecutionAcknowledged(body) => self.execution_acknowledged(at, body),
            Body::StopRequested(body) => self.stop_requested(at, body),
            Body::ExecutionAdopted(body) => self.execution_adopted(at, body, counts),
            Body::ObligationIncurred(body) => self.obligation_incurred(at, body),
            Body::ObligationSettled(body) => self.obligation_settled(at, body),
            Body::StandingAccessListed(body) => self.standing_access_listed(at, body),
            Body::TakeBackOverdue(body) => {
                self.by_system(at);
                let open = self.world.owed.contains_key(&body.execution) && body.tries > 0;
                self.check(open, Rule::G13, "nothing of it is to be taken back");
            }
            Body::AllStopped(_) => self.effect(at, "AllStopped"),
            Body::AuditWasRead(_) => self.inside_task(at, "AuditWasRead"),
            Body::Refused(_) => {}
            Body::ClockSuspected(_) => self.clock_suspected(at),
            Body::ClockVouched(body) => self.clock_vouched(at, body),
            Body::ClockAccepted(_) => self.clock_accepted(at),
            Body::Erased(body) => self.erased(at, body.subject),
            Body::EpochOpened(body) => self.epoch_opened(at, body),
            Body::SnapshotTaken(body) => self.snapshot_taken(at, body),
        }
    }

    fn fault(&mut self, rule: Rule, sentence: impl Into<String>) {
        self.faults.push((rule, sentence.into()));
    }

    fn check(&mut self, holds: bool, rule: Rule, sentence: &str) {
        if !holds {
            self.fault(rule, sentence);
        }
    }

    /// Time may go back where that was noticed: what power it could give halts meanwhile (G16).
    const fn excused(&self, body: &Body) -> bool {
        self.world.clock_suspect || matches!(body, Body::ClockSuspected(_))
    }

    /// The ledger begins with the organization, and has no other beginning.
    fn beginning(&mut self, at: &At<'_>, body: &Body) {
        let first = matches!(body, Body::OrganizationCreated(_));
        self.check(first == (at.seq == 0), Rule::SetUp, "a ledger begins with its organization, once");
    }

    /// Nobody disabled or unknown does anything; being refused is not doing.
    fn actor(&mut self, at: &At<'_>, body: &Body) {
        if let (Some(person), false) = (at.actor.person(), matches!(body, Body::Refused(_))) {
            let may_act = self.world.directory.may_act(person);
            self.check(may_act, Rule::Identity, "its actor is not an enabled person, or their owner is not");
            let live = at.actor.token().is_none_or(|token| {
                self.world
                    .tokens
                    .get(&token)
                    .is_some_and(|issued| issued.person == person && at.time < issued.until)
            });
            self.check(live, Rule::Tokens, "its actor used a token that is not theirs, over, or revoked");
        }
    }

    fn by_host(&mut self, at: &At<'_>) {
        self.check(at.actor == Actor::Host {}, Rule::SetUp, "only the host's own account does this");
    }

    fn by_system(&mut self, at: &At<'_>) {
        self.check(at.actor == Actor::System {}, Rule::Identity, "only Countersign itself records this");
    }

    fn by_no_person(&mut self, at: &At<'_>) {
        self.check(at.actor.person().is_none(), Rule::Identity, "people do not record this");
    }

    /// An id is given once.
    fn new_id(&mut self, kind: char, id: [u8; 16]) {
        let new = self.ids.insert((kind, id));
        self.check(new, Rule::Identity, "its id was given before");
    }
}
