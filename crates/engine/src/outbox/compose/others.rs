//! What is said about runs, changes of power, links and alarms.

use std::collections::BTreeSet;

use countersign_core::epoch::Cited;
use countersign_core::event::body::{Credential, Disable, Ends, InvitationPurpose, Recovery};
use countersign_core::event::{Body, wire};
use countersign_core::execution::{Basis, Outcome};
use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::name::WorkloadName;
use countersign_core::tasks;
use countersign_core::view::Column as _;
use countersign_core::view::rows::execution;
use countersign_notify::Notice;
use countersign_notify::notice::{
    self, Alarm, Change, ControlPlaneAct, CredentialChange, CredentialChanged, Execution, ExecutionOutcome,
    Invitation, LinkPrinted, PrivilegedAccess, RecoveryUsed, Reset, Switch,
};
use countersign_store::{Error, get};
use serde_json::{Map, Value};

use super::super::{expand, request, resolve};
use super::{Composed, Sources};
use crate::link::Nonce;

/// How many events behind a start are looked at for what the task changed.
const EFFECTS: usize = 64;

pub(super) fn execution(sources: &Sources<'_>) -> Result<Composed, Error> {
    let (Body::ExecutionFinished { execution, outcome, .. }
    | Body::ExecutionReported { execution, outcome, .. }) = &sources.event.body
    else {
        return Ok(Composed::Missing("the run's end"));
    };
    let Some(row) = get::<execution::Row>(sources.reader, &[execution.to_cell()])? else {
        return Ok(Composed::Missing("the run"));
    };
    let request = match row.number {
        Some(number) => request::compose(sources, number)?.map(|(_, request)| request),
        // A confidential task is mentioned by its request's number only, and this run has none.
        None if tasks::find(sources.state, &row.task).is_some_and(|found| found.definition.confidential) => {
            return Ok(Composed::NotNeeded);
        }
        None => None,
    };
    let shown = Execution {
        id: execution.to_string(),
        task: row.task.to_string(),
        parameters: given(row.values.as_deref()),
        basis: basis_words(&row),
        started_at: row.started.as_micros(),
        ended_at: Some(sources.event.time.as_micros()),
        outcome: match outcome {
            Outcome::Succeeded => ExecutionOutcome::Succeeded,
            Outcome::Failed { exit: Some(exit), reason } => {
                ExecutionOutcome::Failed(format!("{reason}, status {exit}"))
            }
            Outcome::Failed { exit: None, reason } => ExecutionOutcome::Failed(reason.clone()),
            Outcome::Stopped { why, confirmed } => {
                let why = serde_json::to_value(why).ok().and_then(|why| why.as_str().map(str::to_owned));
                let why = why.unwrap_or_default().replace('_', " ");
                ExecutionOutcome::Stopped(if *confirmed {
                    why
                } else {
                    format!("{why}; its end was not seen")
                })
            }
            Outcome::Unknown { .. } => ExecutionOutcome::Unknown,
        },
    };
    Ok(Composed::of(Notice::ExecutionEnded { request, execution: shown }))
}

fn basis_words(row: &execution::Row) -> String {
    match (&row.number, &row.role) {
        (Some(number), _) => format!("authorization of {number}"),
        (None, Some(role)) => format!("role {role}"),
        (None, None) => row.basis.replace('_', " "),
    }
}

/// Values as they were recorded: secrets are names only there already.
fn given(values: Option<&str>) -> Vec<(String, String)> {
    let values: Map<String, Value> =
        values.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    values.into_iter().map(|(name, value)| (name, shown(&value))).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) if object.get("secret").is_some_and(|word| word == "present") => {
            "(secret)".to_owned()
        }
        other => other.to_string(),
    }
}

pub(super) fn act(sources: &Sources<'_>) -> Result<Composed, Error> {
    let Body::ExecutionStarted { execution, person, task, basis, values, .. } = &sources.event.body else {
        return Ok(Composed::Missing("the run's start"));
    };
    let values: Map<String, Value> = resolve::open(sources.reader, values).unwrap_or_default();
    let target = ["Identity", "Name", "Policy", "AccessTo", "Group", "Target"]
        .iter()
        .find_map(|name| values.get(*name))
        .map_or_else(|| "the organization".to_owned(), shown);
    let changes = values
        .iter()
        .map(|(name, value)| Change { field: name.clone(), before: String::new(), after: shown(value) })
        .collect();
    Ok(Composed::of(Notice::ControlPlaneAct(ControlPlaneAct {
        by: resolve::named(sources.state, sources.reader, Some(*person)),
        task: task.to_string(),
        target,
        changes,
        basis: match basis {
            Basis::Authorization { number } => format!("authorization of {number}"),
            Basis::Role { role } | Basis::Exemption { role } => format!("role {role}"),
            Basis::SetUp => "set-up mode".to_owned(),
            Basis::Preview { number, .. } => format!("preview of {number}"),
            Basis::TakeBack { of } => format!("taking {of} back"),
        },
        request: match basis {
            Basis::Authorization { number } | Basis::Preview { number, .. } => Some(number.get()),
            Basis::Role { .. } | Basis::Exemption { .. } | Basis::SetUp | Basis::TakeBack { .. } => None,
        },
        at: sources.event.time.as_micros(),
        seq: sources.event.seq,
        ends: effects(sources, *execution)?,
    })))
}

/// What the events of the same command ended: they follow its start, up to its end.
fn effects(
    sources: &Sources<'_>,
    execution: countersign_core::id::ExecutionId,
) -> Result<notice::Ends, Error> {
    let mut all = notice::Ends::default();
    for entry in sources.reader.entries(sources.event.seq.saturating_add(1), EFFECTS)? {
        let Some(event) = expand::event(sources.reader, entry.seq)? else { break };
        if let Some(ends) = event.body.ends() {
            let more = counted(ends);
            all.authorizations = all.authorizations.saturating_add(more.authorizations);
            all.pending = all.pending.saturating_add(more.pending);
        }
        if matches!(&event.body, Body::ExecutionFinished { execution: over, .. } if *over == execution) {
            break;
        }
    }
    Ok(all)
}

fn counted(ends: &Ends) -> notice::Ends {
    let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
    notice::Ends { authorizations: count(ends.authorizations.len()), pending: count(ends.requests.len()) }
}

pub(super) fn switched(sources: &Sources<'_>) -> Composed {
    let (switch, ends) = match &sources.event.body {
        Body::AccessEnabled { .. } => (Switch::Enabled, notice::Ends::default()),
        Body::AccessResumed {} => (Switch::BackOn, notice::Ends::default()),
        Body::AccessDisabled { how, ends } => {
            let switch = match how {
                Disable::Off => Switch::Off,
                Disable::OffUntil { until } => Switch::OffUntil(until.as_micros()),
                Disable::Observe => Switch::Observe,
            };
            (switch, counted(ends))
        }
        _ => return Composed::Missing("the switch"),
    };
    Composed::of(Notice::PrivilegedAccess(PrivilegedAccess {
        switch,
        by: resolve::named(sources.state, sources.reader, sources.event.actor.person()),
        reason: String::new(),
        at: sources.event.time.as_micros(),
        seq: sources.event.seq,
        ends,
    }))
}

pub(super) fn recovery(sources: &Sources<'_>) -> Composed {
    let Body::RecoveryUsed { person, how } = &sources.event.body else {
        return Composed::Missing("the recovery");
    };
    let whose = resolve::named(sources.state, sources.reader, Some(*person));
    let whom = format!("{} <{}>", whose.name, whose.upn);
    let (what, effective_at) = match how {
        Recovery::SignIn => (format!("A link was made by which {whom} can sign in anew."), None),
        Recovery::Approver { from } => {
            (format!("{whom} is made a default approver. Who objects disables the account."), Some(from))
        }
    };
    Composed::of(Notice::RecoveryUsed(RecoveryUsed {
        what,
        host_user: "the server's own account".to_owned(),
        host: "the server's host".to_owned(),
        at: sources.event.time.as_micros(),
        effective_at: effective_at.filter(|from| **from > sources.event.time).map(|from| from.as_micros()),
        seq: sources.event.seq,
    }))
}

pub(super) fn invitation(sources: &Sources<'_>, link: Option<&Nonce>) -> Composed {
    let Body::InvitationIssued { invitation, person, purpose, until, .. } = &sources.event.body else {
        return Composed::Missing("the invitation");
    };
    let Some(nonce) = link else { return Composed::Missing("what the link is made from") };
    if !sources.state.invitations.contains_key(invitation) || sources.now >= *until {
        return Composed::NotNeeded;
    }
    let token = nonce.token(&sources.engine.inner().keys).reveal().to_owned();
    let by = resolve::named(sources.state, sources.reader, sources.event.actor.person());
    let upn = resolve::named(sources.state, sources.reader, Some(*person)).upn;
    let expires_at = until.as_micros();
    Composed::of(match purpose {
        InvitationPurpose::Invite => {
            Notice::Invitation(Invitation { invited_by: by, upn, token, expires_at })
        }
        InvitationPurpose::Reset | InvitationPurpose::Recovery => {
            let what = "your password and second factor".to_owned();
            Notice::Reset(Reset { requested_by: by, upn, token, expires_at, what })
        }
    })
}

pub(super) fn link_printed(sources: &Sources<'_>) -> Composed {
    let Body::InvitationIssued { person, until, .. } = &sources.event.body else {
        return Composed::Missing("the link");
    };
    Composed::of(Notice::LinkPrinted(LinkPrinted {
        shown_to: resolve::named(sources.state, sources.reader, sources.event.actor.person()),
        upn: resolve::named(sources.state, sources.reader, Some(*person)).upn,
        at: sources.event.time.as_micros(),
        expires_at: until.as_micros(),
        seq: sources.event.seq,
    }))
}

pub(super) fn credential(sources: &Sources<'_>) -> Result<Composed, Error> {
    let (person, what) = match &sources.event.body {
        Body::CredentialSet { person, credential: Credential::Password, .. } if by_link(sources)? => {
            (person, CredentialChange::PasswordByLink)
        }
        Body::CredentialSet { person, credential: Credential::Password, .. } => {
            (person, CredentialChange::Password)
        }
        Body::CredentialSet { person, credential: Credential::Totp, .. } => {
            (person, CredentialChange::SecondFactorSet)
        }
        Body::CredentialSet { person, credential: Credential::Recovery, .. } => {
            (person, CredentialChange::RecoveryCodeUsed)
        }
        Body::CredentialRemoved { person, .. } => (person, CredentialChange::SecondFactorRemoved),
        Body::TokenIssued { person, scopes, until, .. } => {
            let word = |scope| serde_json::to_value(scope).ok()?.as_str().map(str::to_owned);
            let scopes = scopes.iter().filter_map(word).collect();
            (person, CredentialChange::Token { scopes, until: until.as_micros() })
        }
        _ => return Ok(Composed::Missing("the credential")),
    };
    Ok(Composed::of(Notice::CredentialChanged(CredentialChanged {
        what,
        upn: resolve::named(sources.state, sources.reader, Some(*person)).upn,
        at: sources.event.time.as_micros(),
        seq: sources.event.seq,
    })))
}

/// Whether a link was used in the same act: that stands shortly before.
fn by_link(sources: &Sources<'_>) -> Result<bool, Error> {
    // The link, two factors and every token that one person may have.
    const MOST: u64 = 64;
    let seq = sources.event.seq;
    let from = seq.saturating_sub(MOST);
    let entries = sources.reader.entries(from, usize::try_from(seq.saturating_sub(from)).unwrap_or(0))?;
    Ok(entries.iter().filter_map(|entry| wire::from_bytes(&entry.bytes).ok()).any(|event| {
        matches!(event.body, Body::InvitationUsed { .. })
            && (event.time, event.actor) == (sources.event.time, sources.event.actor)
    }))
}

pub(super) fn alarm(sources: &Sources<'_>) -> Composed {
    let at = sources.event.time.as_micros();
    let alarm = match &sources.event.body {
        Body::ClockSuspected { stated } => Alarm {
            title: "The server's clock is suspect".to_owned(),
            text: vec![
                "The clock went back, or ran ahead of the time since the machine started. Approvals and starts of \
                 tasks on targets wait until somebody accepts it."
                    .to_owned(),
            ],
            facts: vec![
                ("The clock says".to_owned(), stated.to_string()),
                ("Ledger time".to_owned(), sources.event.time.to_string()),
            ],
            advice: "Set the clock right; then, on the server's host, run: countersign clock accept".to_owned(),
            at,
            page: Some("health".to_owned()),
        },
        Body::EpochOpened { epoch, cites, accepted, ends, .. } => {
            restored(sources, *epoch, cites, accepted, &counted(ends))
        }
        Body::QuorumAlarm { policies } => {
            let name = |policy: &countersign_core::id::PolicyId| {
                let known = sources.state.policies.get(policy);
                known.map_or_else(|| policy.to_string(), |known| known.terms.target.to_string())
            };
            Alarm {
                title: "Too few people could approve".to_owned(),
                text: vec![
                    "Membership changed. Under these policies somebody may ask whose request too few people could \
                     approve; such requests are refused, and nobody else decides in their place."
                        .to_owned(),
                ],
                facts: policies.iter().map(|policy| ("Policy for".to_owned(), name(policy))).collect(),
                advice: "Add people to the approver groups, or change the policies.".to_owned(),
                at,
                page: Some("policies".to_owned()),
            }
        }
        Body::TakeBackOverdue { execution, tries } => {
            let owed = sources.state.obligations.get(execution);
            let person = resolve::named(sources.state, sources.reader, owed.map(|owed| owed.person));
            let mut facts = vec![
                ("Execution".to_owned(), execution.to_string()),
                ("Tries".to_owned(), tries.to_string()),
            ];
            facts.extend(owed.map(|owed| ("Task".to_owned(), owed.task.to_string())));
            facts.extend(owed.map(|owed| ("Authorization".to_owned(), owed.number.to_string())));
            facts.push(("For".to_owned(), format!("{} <{}>", person.name, person.upn)));
            Alarm {
                title: "Power is left that should be gone".to_owned(),
                text: vec![
                    "What a run did should have ended with its authorization, and could not be taken back. It is tried \
                     again until the target says that nothing of it is left."
                        .to_owned(),
                ],
                facts,
                advice: "See why the tries fail: countersign execution take-backs. If the target is gone for good, two \
                         people settle it with Countersign\\Complete-TakeBack."
                    .to_owned(),
                at,
                page: Some("executions".to_owned()),
            }
        }
        Body::StandingAccessListed { execution, workload, before, holders, appeared, .. } => {
            standing_access(at, workload, *execution, *before, (*holders, *appeared))
        }
        Body::AllStopped { ends } => {
            let by = resolve::named(sources.state, sources.reader, sources.event.actor.person());
            let ends = counted(ends);
            Alarm {
                title: "Everything was stopped".to_owned(),
                text: vec![format!("{} <{}> stopped all executions and ended all authorizations.", by.name, by.upn)],
                facts: vec![
                    ("Authorizations ended".to_owned(), ends.authorizations.to_string()),
                    ("Requests ended".to_owned(), ends.pending.to_string()),
                ],
                advice: "Find out why before anybody asks for access again.".to_owned(),
                at,
                page: Some("executions".to_owned()),
            }
        }
        _ => return Composed::Missing("the alarm"),
    };
    Composed::of(Notice::Alarm(alarm))
}

fn standing_access(
    at: i64,
    workload: &WorkloadName,
    execution: ExecutionId,
    before: Option<ExecutionId>,
    (holders, appeared): (u32, u32),
) -> Alarm {
    let said = match before {
        Some(_) => "Somebody can do natively, without asking, what they could not when this was last listed.",
        None => "The list before can't be read any more, so that nobody can say who was added since.",
    };
    let mut facts = vec![
        ("Workload".to_owned(), workload.to_string()),
        ("Entries".to_owned(), holders.to_string()),
        (
            "Not there before".to_owned(),
            before.map_or_else(|| "not known".to_owned(), |_| appeared.to_string()),
        ),
        ("Listed by".to_owned(), execution.to_string()),
    ];
    facts.extend(before.map(|before| ("The list before".to_owned(), before.to_string())));
    Alarm {
        title: format!("Standing access on {workload} has grown"),
        text: vec![said.to_owned()],
        facts,
        advice: format!(
            "Compare both lists: countersign execution output {execution}. Withdraw what should not be there by a task of \
             the workload."
        ),
        at,
        page: Some("overview".to_owned()),
    }
}

fn restored(
    sources: &Sources<'_>,
    epoch: u32,
    cites: &Cited,
    accepted: &BTreeSet<PersonId>,
    ends: &notice::Ends,
) -> Alarm {
    let who: Vec<String> = accepted
        .iter()
        .map(|person| resolve::named(sources.state, sources.reader, Some(*person)))
        .map(|person| format!("{} <{}>", person.name, person.upn))
        .collect();
    let by = if who.is_empty() { "the host's own account".to_owned() } else { who.join(", ") };
    Alarm {
        title: "A restored copy of the ledger was accepted".to_owned(),
        text: vec![
            "The ledger is not the one that was served before: entries are lost or others. What was changed in them is \
             as it was before: people who were disabled, tokens that were revoked, policies and members."
                .to_owned(),
        ],
        facts: vec![
            ("Accepted by".to_owned(), by),
            ("Served before".to_owned(), format!("{} entries of {}", cites.size, cites.origin)),
            ("Restored".to_owned(), format!("{} entries", sources.event.seq)),
            ("New epoch".to_owned(), epoch.to_string()),
            ("Authorizations ended".to_owned(), ends.authorizations.to_string()),
            ("Requests ended".to_owned(), ends.pending.to_string()),
        ],
        advice: "Look through people, tokens, groups and policies; keep the new checkpoint and its key.".to_owned(),
        at: sources.event.time.as_micros(),
        page: Some("audit".to_owned()),
    }
}
