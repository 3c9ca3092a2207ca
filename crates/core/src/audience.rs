//! Who is to be told what: pure, from an event and the state after it.
//!
//! An audience is a description, not a list: people are resolved when a message is sent, so that whoever left a group
//! meanwhile is not told, and a burst of events stays small in the outbox.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::builtin::roles;
use crate::directory::PersonKind;
use crate::event::body::{AuthorizationEnd, LinkDelivery, RequestEnd};
use crate::event::{Body, Event};
use crate::execution::{Outcome, StopReason};
use crate::id::{ExecutionId, PersonId, RequestNumber};
use crate::name::TaskName;
use crate::request::StageNeed;
use crate::state::State;
use crate::tasks;

/// What is to be said, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// What.
    pub kind: Kind,
    /// To whom.
    pub to: Audience,
}

/// What is said. Each is one kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A request waits for the reader's decision.
    RequestPending,
    /// The same, again, before it expires.
    RequestReminder,
    /// The reader was asked and need not decide any more.
    NoLongerNeeded,
    /// The requester withdrew it.
    Cancelled,
    /// The reader's request was approved.
    Approved,
    /// The reader's request goes on for less.
    Narrowed,
    /// The reader's request was denied.
    Denied,
    /// Nobody decided in time.
    Expired,
    /// The reader's request ended for another reason.
    RequestEnded,
    /// An approver asks the reader something.
    QuestionAsked,
    /// The requester answered the reader.
    QuestionAnswered,
    /// The reader's authorization is about to end.
    AuthorizationEnding,
    /// An authorization ended.
    AuthorizationEnded,
    /// A run of the reader's ended otherwise than by itself, or nobody can know.
    ExecutionEnded,
    /// Who may do what was changed.
    ControlPlaneAct,
    /// Privileged access was switched.
    PrivilegedAccess,
    /// The host's recovery command was used.
    RecoveryUsed,
    /// The reader gets a link.
    Invitation,
    /// Somebody else was shown a link to the reader's account.
    LinkPrinted,
    /// How the reader signs in was changed, or a token was made that acts in their name.
    CredentialChanged,
    /// Something needs a person.
    Alarm,
}

/// To whom it is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// One person.
    Person {
        /// Who.
        person: PersonId,
    },
    /// Who asked.
    Requester {
        /// For which request.
        number: RequestNumber,
    },
    /// The eligible approvers of one stage who have not voted.
    Stage {
        /// Of which request.
        number: RequestNumber,
        /// Which stage, from 0.
        stage: u16,
    },
    /// The eligible approvers of every stage that was reached, but who voted or did it.
    Asked {
        /// Of which request.
        number: RequestNumber,
    },
    /// Who voted for it.
    Voters {
        /// Of which request.
        number: RequestNumber,
    },
    /// Who asked the requester something.
    Questioners {
        /// About which request.
        number: RequestNumber,
    },
    /// Who a run was for.
    Executor {
        /// Which run.
        execution: ExecutionId,
    },
    /// Administrators, and who may search the audit log.
    Overseers,
    /// Administrators.
    Administrators,
    /// Every enabled person.
    Everyone,
}

/// Whom to tell of an event. `rest` is what follows of the same act, `after` the state right after the event.
#[must_use]
pub fn notices(event: &Event, rest: &[Event], after: &State) -> Vec<Notice> {
    match &event.body {
        Body::RequestSubmitted { .. }
        | Body::VoteCast { .. }
        | Body::RequestNarrowed { .. }
        | Body::RequestEnded { .. }
        | Body::QuestionAsked { .. }
        | Body::QuestionAnswered { .. } => pending(&event.body, after),
        Body::AuthorizationGranted { .. } | Body::AuthorizationEnded { .. } | Body::ReminderDue { .. } => {
            authorization(&event.body, after)
        }
        Body::ExecutionStarted { task, .. } if tells_overseers(after, task) => {
            vec![Notice { kind: Kind::ControlPlaneAct, to: Audience::Overseers }]
        }
        Body::ExecutionFinished { execution, outcome, .. }
        | Body::ExecutionReported { execution, outcome, .. }
            if surprises(outcome) =>
        {
            vec![Notice { kind: Kind::ExecutionEnded, to: Audience::Executor { execution: *execution } }]
        }
        Body::AccessEnabled { .. } | Body::AccessDisabled { .. } | Body::AccessResumed {} => {
            vec![Notice { kind: Kind::PrivilegedAccess, to: Audience::Everyone }]
        }
        Body::EpochOpened { .. } => vec![Notice { kind: Kind::Alarm, to: Audience::Overseers }],
        Body::RecoveryUsed { .. } => vec![Notice { kind: Kind::RecoveryUsed, to: Audience::Everyone }],
        Body::ClockSuspected { .. }
        | Body::AllStopped { .. }
        | Body::QuorumAlarm { .. }
        | Body::TakeBackOverdue { .. } => {
            vec![Notice { kind: Kind::Alarm, to: Audience::Administrators }]
        }
        Body::StandingAccessListed { execution, workload, .. }
            if after
                .standing
                .get(workload)
                .and_then(|known| known.drift)
                .is_some_and(|drift| drift.execution == *execution) =>
        {
            vec![Notice { kind: Kind::Alarm, to: Audience::Overseers }]
        }
        // What the host prints is told otherwise: a recovery to everyone; with the first invitation nobody else is there.
        Body::InvitationIssued { person, delivery, .. } if event.actor.person().is_some() => {
            let kind = match delivery {
                LinkDelivery::Mailed => Kind::Invitation,
                LinkDelivery::Printed => Kind::LinkPrinted,
            };
            vec![Notice { kind, to: Audience::Person { person: *person } }]
        }
        body => {
            // An act is told once, by the last that it changed. While the organization is set up there is nothing to guard.
            let told = credentials_of(body).filter(|person| {
                !after.organization.in_set_up()
                    && !rest.iter().any(|later| credentials_of(&later.body) == Some(*person))
            });
            let notice = |person| Notice {
                kind: Kind::CredentialChanged,
                to: Audience::Person { person: answers_for(after, person) },
            };
            told.map(notice).into_iter().collect()
        }
    }
}

/// Whose way to sign in, or to act by a program, is another than before.
const fn credentials_of(body: &Body) -> Option<PersonId> {
    match body {
        Body::CredentialSet { person, .. }
        | Body::CredentialRemoved { person, .. }
        | Body::TokenIssued { person, .. } => Some(*person),
        _ => None,
    }
}

fn pending(body: &Body, after: &State) -> Vec<Notice> {
    match body {
        // Nobody decides under Auto: the grant that follows tells the requester.
        Body::RequestSubmitted { stages, .. } if stages.is_empty() => Vec::new(),
        Body::RequestSubmitted { number, .. } => vec![stage(Kind::RequestPending, *number, 0)],
        Body::VoteCast { number, stage: filled, completes_stage: true, .. } => {
            let next = filled.saturating_add(1);
            let more = after
                .requests
                .get(number)
                .is_some_and(|request| usize::from(next) < request.asked.stages.len());
            if more {
                vec![
                    stage(Kind::RequestPending, *number, next),
                    stage(Kind::NoLongerNeeded, *number, *filled),
                ]
            } else {
                Vec::new()
            }
        }
        Body::RequestNarrowed { number, .. } => vec![requester(Kind::Narrowed, *number)],
        Body::RequestEnded { number, how, .. } => {
            let (said, approvers) = match how {
                RequestEnd::Denied => (Kind::Denied, Kind::NoLongerNeeded),
                RequestEnd::Expired => (Kind::Expired, Kind::NoLongerNeeded),
                RequestEnd::Cancelled => (Kind::Cancelled, Kind::Cancelled),
                RequestEnd::Unfillable
                | RequestEnd::PolicyChanged
                | RequestEnd::DefinitionChanged
                | RequestEnd::NotEligible
                | RequestEnd::PersonDisabled
                | RequestEnd::AccessDisabled
                | RequestEnd::Restored => (Kind::RequestEnded, Kind::NoLongerNeeded),
            };
            vec![
                requester(said, *number),
                Notice { kind: approvers, to: Audience::Asked { number: *number } },
            ]
        }
        Body::QuestionAsked { number, .. } => vec![requester(Kind::QuestionAsked, *number)],
        Body::QuestionAnswered { number, .. } => {
            vec![Notice { kind: Kind::QuestionAnswered, to: Audience::Questioners { number: *number } }]
        }
        _ => Vec::new(),
    }
}

fn authorization(body: &Body, after: &State) -> Vec<Notice> {
    match body {
        Body::AuthorizationGranted { number, .. } => vec![
            requester(Kind::Approved, *number),
            Notice { kind: Kind::NoLongerNeeded, to: Audience::Asked { number: *number } },
        ],
        Body::AuthorizationEnded { number, how, .. } => {
            let mut all = vec![requester(Kind::AuthorizationEnded, *number)];
            // Who approved hears it when it ended by somebody else's judgement of the same thing.
            if matches!(how, AuthorizationEnd::Revoked | AuthorizationEnd::QuorumLost) {
                all.push(Notice { kind: Kind::AuthorizationEnded, to: Audience::Voters { number: *number } });
            }
            all
        }
        Body::ReminderDue { number } => match after.requests.get(number) {
            Some(request) => vec![stage(Kind::RequestReminder, *number, request.stage)],
            None => vec![requester(Kind::AuthorizationEnding, *number)],
        },
        _ => Vec::new(),
    }
}

const fn stage(kind: Kind, number: RequestNumber, stage: u16) -> Notice {
    Notice { kind, to: Audience::Stage { number, stage } }
}

const fn requester(kind: Kind, number: RequestNumber) -> Notice {
    Notice { kind, to: Audience::Requester { number } }
}

/// A run that ends by itself is seen by who runs it; what others did to it, and what nobody knows, is told.
const fn surprises(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Unknown { .. } => true,
        Outcome::Stopped { why, .. } => !matches!(why, StopReason::Asked | StopReason::GivenBack),
        Outcome::Succeeded | Outcome::Failed { .. } => false,
    }
}

/// Control-plane runs are told to administrators and audit readers (G17); switching privileged access is told to
/// everyone by its own event already. In set-up mode there is nobody else to tell.
fn tells_overseers(after: &State, task: &TaskName) -> bool {
    const SWITCHES: [&str; 2] = ["Enable-ElevatedAccessControl", "Disable-ElevatedAccessControl"];
    !after.organization.in_set_up()
        && tasks::is_countersign(task)
        && tasks::find(after, task).is_some_and(|found| found.is_control_plane())
        && !SWITCHES.iter().any(|name| task.local().as_str().eq_ignore_ascii_case(name))
}

/// What resolving needs to know beyond the live state: read from the ledger for the request or run in question.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Who did it, if a person.
    pub actor: Option<PersonId>,
    /// The request, if the audience names one.
    pub request: Option<AboutRequest>,
    /// Who the run was for, if the audience names one.
    pub executor: Option<PersonId>,
}

/// The same for a request.
#[derive(Debug, Clone)]
pub struct AboutRequest {
    /// The event that asked.
    pub seq: u64,
    /// Who asked.
    pub requester: PersonId,
    /// What each stage needs.
    pub stages: Vec<StageNeed>,
    /// The stage that was reached.
    pub stage: u16,
    /// Who voted.
    pub voters: BTreeSet<PersonId>,
    /// Who asked the requester something.
    pub questioners: BTreeSet<PersonId>,
}

impl Audience {
    /// The request it is about.
    #[must_use]
    pub const fn request(&self) -> Option<RequestNumber> {
        match self {
            Self::Requester { number }
            | Self::Stage { number, .. }
            | Self::Asked { number }
            | Self::Voters { number }
            | Self::Questioners { number } => Some(*number),
            Self::Person { .. }
            | Self::Executor { .. }
            | Self::Overseers
            | Self::Administrators
            | Self::Everyone => None,
        }
    }

    /// The run it is about.
    #[must_use]
    pub const fn execution(&self) -> Option<ExecutionId> {
        match self {
            Self::Executor { execution } => Some(*execution),
            _ => None,
        }
    }
}

/// The people of an audience as things are now, each once.
#[must_use]
pub fn people(to: &Audience, state: &State, about: &About) -> BTreeSet<PersonId> {
    let request = about.request.as_ref();
    match to {
        Audience::Person { person } => BTreeSet::from([*person]),
        Audience::Requester { .. } => request.map(|request| request.requester).into_iter().collect(),
        Audience::Stage { stage, .. } => {
            request.map(|request| waiting(state, request, *stage)).unwrap_or_default()
        }
        Audience::Asked { .. } => {
            let Some(request) = request else { return BTreeSet::new() };
            let last = u16::try_from(request.stages.len()).unwrap_or(u16::MAX).saturating_sub(1);
            let mut all: BTreeSet<PersonId> =
                (0..=request.stage.min(last)).flat_map(|stage| waiting(state, request, stage)).collect();
            if let Some(actor) = about.actor {
                let human = state.directory.human(actor);
                all.retain(|person| state.directory.human(*person) != human);
            }
            all
        }
        Audience::Voters { .. } => {
            let voters = request.map(|request| request.voters.clone()).unwrap_or_default();
            voters
                .into_iter()
                .filter(|voter| state.directory.enabled(*voter) && about.actor != Some(*voter))
                .collect()
        }
        Audience::Questioners { .. } => {
            let asked = request.map(|request| request.questioners.clone()).unwrap_or_default();
            asked.into_iter().filter(|person| state.directory.enabled(*person)).collect()
        }
        Audience::Executor { .. } => {
            about.executor.map(|person| answers_for(state, person)).into_iter().collect()
        }
        Audience::Overseers => members(state, |person| {
            roles::is_administrator(state, person) || roles::holds(state, person, "Search-AuditLog")
        }),
        Audience::Administrators => members(state, |person| roles::is_administrator(state, person)),
        Audience::Everyone => members(state, |_| true),
    }
}

/// A service account is answered for by its owner.
fn answers_for(state: &State, person: PersonId) -> PersonId {
    match state.directory.person(person).map(|person| person.kind) {
        Some(PersonKind::Service { owner }) => owner,
        _ => person,
    }
}

/// Eligible for a stage at any depth of its group, not the requester's, and no vote cast by any of their accounts
/// (G9 to G11).
fn waiting(state: &State, request: &AboutRequest, stage: u16) -> BTreeSet<PersonId> {
    let Some(need) = request.stages.get(usize::from(stage)) else { return BTreeSet::new() };
    let directory = &state.directory;
    let mut out: BTreeSet<_> = request.voters.iter().map(|voter| directory.human(*voter)).collect();
    out.insert(directory.human(request.requester));
    directory
        .members(need.group)
        .filter(|(person, since)| *since < request.seq && directory.can_decide(*person))
        .map(|(person, _)| person)
        .filter(|person| !out.contains(&directory.human(*person)))
        .collect()
}

fn members(state: &State, wanted: impl Fn(PersonId) -> bool) -> BTreeSet<PersonId> {
    state
        .directory
        .people()
        .filter(|(id, person)| person.enabled && person.kind == PersonKind::Member && wanted(*id))
        .map(|(id, _)| id)
        .collect()
}

#[cfg(test)]
mod tests {
    use countersign_ledger::hash::sha256;
    use countersign_ledger::sealed::Sealed;

    use super::*;
    use crate::actor::Actor;
    use crate::apply::apply;
    use crate::directory::Member;
    use crate::event::RULES;
    use crate::event::body::{Credential, Ends, InvitationPurpose};
    use crate::id::GroupId;
    use crate::time::Instant;

    const NUMBER: RequestNumber = RequestNumber::new(7);

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn group(n: u8) -> GroupId {
        GroupId::from_bytes([n; 16])
    }

    fn sealed() -> Sealed<String> {
        Sealed::from_commitment(sha256(b"x"))
    }

    fn event(state: &State, body: Body) -> Event {
        Event {
            seq: state.next_seq,
            time: Instant::from_micros(1),
            rules: RULES,
            actor: Actor::System,
            request: None,
            cause: None,
            body,
        }
    }

    fn push(state: &mut State, body: Body) {
        let event = event(state, body);
        apply(state, &event);
    }

    /// Five people; 2 and 3 approve directly, 3 and 4 through a nested group, 5 is 1's second account and approves too.
    fn state() -> State {
        let mut state = State::default();
        for n in 1..=5 {
            let (upn, display_name, mail) = (sealed(), sealed(), sealed());
            push(
                &mut state,
                Body::PersonCreated { person: person(n), kind: PersonKind::Member, upn, display_name, mail },
            );
        }
        for n in 1..=2 {
            let name = format!("Group {n}").parse().unwrap();
            push(&mut state, Body::GroupCreated { group: group(n), name, mail: sealed() });
        }
        let members = |n: u8, added: Vec<Member>| Body::GroupMembersChanged {
            group: group(n),
            added,
            removed: Vec::new(),
            ends: Ends::default(),
        };
        let nested = members(2, vec![Member::Person(person(3)), Member::Person(person(4))]);
        push(&mut state, nested);
        let direct = [person(2), person(3), person(5)].map(Member::Person);
        let all = direct.into_iter().chain([Member::Group(group(2))]).collect();
        push(&mut state, members(1, all));
        push(&mut state, Body::PeopleLinked { person: person(1), other: person(5), ends: Ends::default() });
        state
    }

    fn about(state: &State, voters: &[PersonId]) -> About {
        let stages = vec![StageNeed { group: group(1), seats: 2 }, StageNeed { group: group(2), seats: 1 }];
        About {
            actor: None,
            request: Some(AboutRequest {
                seq: state.next_seq,
                requester: person(1),
                stages,
                stage: 0,
                voters: voters.iter().copied().collect(),
                questioners: BTreeSet::from([person(2)]),
            }),
            executor: None,
        }
    }

    #[test]
    fn g9_approvers_are_found_at_any_depth_once_and_never_the_requester() {
        let state = state();
        let to = Audience::Stage { number: NUMBER, stage: 0 };
        let told = people(&to, &state, &about(&state, &[]));
        assert_eq!(told, BTreeSet::from([person(2), person(3), person(4)]));
        let told = people(&to, &state, &about(&state, &[person(3)]));
        assert_eq!(told, BTreeSet::from([person(2), person(4)]));
    }

    #[test]
    fn g11_who_joins_or_is_disabled_after_the_request_is_not_asked() {
        let mut state = state();
        let before = about(&state, &[]);
        let added = vec![Member::Person(person(1))];
        push(
            &mut state,
            Body::GroupMembersChanged { group: group(2), added, removed: Vec::new(), ends: Ends::default() },
        );
        push(&mut state, Body::PersonDisabled { person: person(4), ends: Ends::default() });
        let told = people(&Audience::Stage { number: NUMBER, stage: 1 }, &state, &before);
        assert_eq!(told, BTreeSet::from([person(3)]));
    }

    #[test]
    fn g12_the_final_event_releases_all_others_who_were_asked() {
        let state = state();
        let ended = event(
            &state,
            Body::RequestEnded { number: NUMBER, how: RequestEnd::Denied, comment: Some(sealed()) },
        );
        let notices = notices(&ended, &[], &state);
        assert_eq!(
            notices,
            [
                Notice { kind: Kind::Denied, to: Audience::Requester { number: NUMBER } },
                Notice { kind: Kind::NoLongerNeeded, to: Audience::Asked { number: NUMBER } },
            ]
        );
        let mut about = about(&state, &[]);
        about.actor = Some(person(2));
        assert_eq!(
            people(&Audience::Asked { number: NUMBER }, &state, &about),
            BTreeSet::from([person(3), person(4)])
        );
        assert_eq!(
            people(&Audience::Requester { number: NUMBER }, &state, &about),
            BTreeSet::from([person(1)])
        );
    }

    #[test]
    fn g15_only_surprising_ends_of_runs_are_told() {
        let state = state();
        let execution = ExecutionId::from_bytes([1; 16]);
        let finished = |outcome| {
            let body = Body::ExecutionFinished { execution, outcome, output: None };
            notices(&event(&state, body), &[], &state).len()
        };
        assert_eq!(finished(Outcome::Succeeded), 0);
        assert_eq!(finished(Outcome::Unknown { reason: "connection_lost".to_owned() }), 1);
        assert_eq!(finished(Outcome::Stopped { why: StopReason::Revoked, confirmed: true }), 1);
        assert_eq!(finished(Outcome::Stopped { why: StopReason::Asked, confirmed: true }), 0);
    }

    #[test]
    fn g21_switching_tells_everyone_and_a_recovery_link_is_never_mailed() {
        let state = state();
        let resumed = notices(&event(&state, Body::AccessResumed {}), &[], &state);
        assert_eq!(resumed, [Notice { kind: Kind::PrivilegedAccess, to: Audience::Everyone }]);
        assert_eq!(people(&Audience::Everyone, &state, &About::default()).len(), 5);
        let link = Body::InvitationIssued {
            invitation: crate::id::InvitationId::from_bytes([1; 16]),
            person: person(1),
            purpose: InvitationPurpose::Recovery,
            delivery: LinkDelivery::Printed,
            secret: sha256(b"s"),
            until: Instant::from_micros(9),
        };
        let by_host = Event { actor: crate::actor::Actor::Host, ..event(&state, link) };
        assert!(notices(&by_host, &[], &state).is_empty());
    }

    #[test]
    fn a_link_is_mailed_or_its_person_is_told_that_somebody_else_has_it() {
        let state = state();
        for (delivery, kind) in
            [(LinkDelivery::Mailed, Kind::Invitation), (LinkDelivery::Printed, Kind::LinkPrinted)]
        {
            let link = Body::InvitationIssued {
                invitation: crate::id::InvitationId::from_bytes([1; 16]),
                person: person(1),
                purpose: InvitationPurpose::Reset,
                delivery,
                secret: sha256(b"s"),
                until: Instant::from_micros(9),
            };
            let actor = crate::actor::Actor::Person { id: person(2), token: None };
            let told = notices(&Event { actor, ..event(&state, link) }, &[], &state);
            assert_eq!(told, [Notice { kind, to: Audience::Person { person: person(1) } }]);
        }
    }

    #[test]
    fn audiences_are_stored_and_read_back() {
        for to in [Audience::Everyone, Audience::Stage { number: NUMBER, stage: 1 }] {
            let notice = Notice { kind: Kind::RequestPending, to };
            let json = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&json).unwrap(), notice);
        }
    }

    #[test]
    fn an_act_on_credentials_is_told_once_and_not_while_everything_is_set_up() {
        let (mut state, ana) = (state(), person(1));
        let set = |credential| Body::CredentialSet { person: ana, credential, digest: sha256(b"x") };
        let events =
            [Credential::Recovery, Credential::Totp].map(|credential| event(&state, set(credential)));
        let [codes, factor] = &events;
        let told = |state: &State| {
            [notices(codes, std::slice::from_ref(factor), state), notices(factor, &[], state)]
                .map(|notices| notices.len())
        };
        state.organization.access = crate::organization::Access::On;
        assert_eq!(told(&state), [0, 1]);
        assert_eq!(notices(codes, &[], &state).len(), 1, "a recovery code that was used");
        state.organization.access = crate::organization::Access::SetUp;
        assert_eq!(told(&state), [0, 0]);
    }
}
