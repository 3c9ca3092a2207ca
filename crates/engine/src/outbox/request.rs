//! A request as its readers may see it, put together from the ledger.

use std::collections::BTreeMap;

use countersign_core::audience::AboutRequest;
use countersign_core::covers::TaskList;
use countersign_core::event::Body;
use countersign_core::id::RequestNumber;
use countersign_core::name::TaskName;
use countersign_core::parameter::{self, Binding};
use countersign_core::policy::Target;
use countersign_core::statement::Statement;
use countersign_core::task::TaskDefinition;
use countersign_core::tasks;
use countersign_core::view::Column as _;
use countersign_core::view::rows::{message, request, task_version, vote};
use countersign_ledger::hash::Digest;
use countersign_notify::notice::{
    self, ApprovalType, Constraint, Denial, Disclosure, Names, Parameter, Policy, PreviewOffer, Request,
    Stage, TargetType, Uses,
};
use countersign_store::{Condition, Error, ListQuery, Reader, get, list};

use super::compose::Sources;
use super::{expand, resolve};

/// The most votes or messages of one request that are looked at.
const MOST: usize = 1_000;

/// What resolving an audience needs to know of a request.
pub(super) fn about(reader: &dyn Reader, number: RequestNumber) -> Result<Option<AboutRequest>, Error> {
    let Some(row) = row(reader, number)? else { return Ok(None) };
    let Some(event) = expand::event(reader, row.seq)? else { return Ok(None) };
    let Body::RequestSubmitted { requester, stages, .. } = event.body else { return Ok(None) };
    let questions = messages(reader, number)?.into_iter().filter(|message| !message.answer);
    Ok(Some(AboutRequest {
        seq: row.seq,
        requester,
        stages,
        stage: row.stage,
        voters: votes(reader, number)?.into_iter().map(|vote| vote.approver).collect(),
        questioners: questions.filter_map(|message| message.person).collect(),
    }))
}

pub(super) fn row(reader: &dyn Reader, number: RequestNumber) -> Result<Option<request::Row>, Error> {
    get::<request::Row>(reader, &[number.to_cell()])
}

/// Votes, the oldest first.
pub(super) fn votes(reader: &dyn Reader, number: RequestNumber) -> Result<Vec<vote::Row>, Error> {
    let query = ListQuery { limit: MOST, ..ListQuery::all() }.with(Condition::Is(vote::number(&number)));
    let mut rows = list::<vote::Row>(reader, &query)?.rows;
    rows.sort_by_key(|row| row.seq);
    Ok(rows)
}

/// Questions and answers, the oldest first.
pub(super) fn messages(reader: &dyn Reader, number: RequestNumber) -> Result<Vec<message::Row>, Error> {
    let query = ListQuery { limit: MOST, ..ListQuery::all() }.with(Condition::Is(message::number(&number)));
    let mut rows = list::<message::Row>(reader, &query)?.rows;
    rows.sort_by_key(|row| row.seq);
    Ok(rows)
}

/// The whole request; none if what is needed for it is gone.
pub(super) fn compose(
    sources: &Sources<'_>,
    number: RequestNumber,
) -> Result<Option<(request::Row, Request)>, Error> {
    let reader = sources.reader;
    let Some(row) = row(reader, number)? else { return Ok(None) };
    let Some(event) = expand::event(reader, row.seq)? else { return Ok(None) };
    let Body::RequestSubmitted { covers, terms, stages, target, statement, reason, ticket, .. } = &event.body
    else {
        return Ok(None);
    };
    // A mail says of a list that cannot be read how long it is, and nothing else.
    let bytes = resolve::bytes(reader, covers.list);
    let list = bytes.and_then(|bytes| TaskList::from_bytes(&bytes, covers.list).ok());
    let listed = list.as_ref().map(TaskList::tasks);
    let definition = definition(sources, target, listed.and_then(|tasks| tasks.values().next().copied()))?;
    let statement = statement_of(reader, row.statement).or_else(|| statement_of(reader, *statement));
    let votes = votes(reader, number)?;
    // Without the list nobody knows whether one of its tasks is confidential, so all of it is.
    let confidential = listed.is_none_or(|tasks| tasks.keys().any(|task| is_confidential(sources, task)))
        || definition.as_ref().is_some_and(|definition| definition.confidential);
    let shown = Request {
        number: number.get(),
        disclosure: if confidential { Disclosure::NumberOnly } else { Disclosure::Full },
        requester: resolve::named(sources.state, reader, Some(row.requester)),
        service_account: row.account.map(|account| resolve::named(sources.state, reader, Some(account))),
        target_type: match target {
            Target::Task(_) => TargetType::Task,
            Target::Role(_) => TargetType::Role,
            Target::RoleGroup(_) => TargetType::RoleGroup,
        },
        scope: scope(target),
        access_to: local(target),
        opens: match target {
            Target::Task(_) => Names::default(),
            Target::Role(_) | Target::RoleGroup(_) => {
                let tasks = listed.into_iter().flatten().map(|(task, _)| task.to_string());
                Names::some(tasks, covers.tasks as usize)
            }
        },
        does_not_open: listed.map(|tasks| does_not_open(sources, target, tasks)).unwrap_or_default(),
        parameters: parameters(definition.as_ref(), statement.as_ref()),
        reason: resolve::open(reader, reason).unwrap_or_else(|| "(erased)".to_owned()),
        ticket: ticket.as_ref().and_then(|ticket| resolve::open(reader, ticket)),
        duration: micros(row.duration.as_micros()),
        start: row.start.map(countersign_core::time::Instant::as_micros),
        latest_end: statement.as_ref().map(|statement| statement.latest_end.as_micros()),
        uses: row.uses.map_or(Uses::Unlimited, Uses::AtMost),
        requested_at: row.created.as_micros(),
        expires_at: row.expires.as_micros(),
        policy: Policy {
            name: terms.target.to_string(),
            version: row.policy_version,
            approval: if stages.is_empty() { ApprovalType::Auto } else { ApprovalType::Manual },
            exception: None,
        },
        stages: stages
            .iter()
            .enumerate()
            .map(|(at, stage)| Stage {
                group: group(sources, stage.group),
                needed: stage.seats.into(),
                approved: votes
                    .iter()
                    .filter(|vote| usize::from(vote.stage) == at)
                    .map(|vote| resolve::named(sources.state, reader, Some(vote.approver)))
                    .collect(),
            })
            .collect(),
        stage: u32::from(row.stage.min(row.stages.saturating_sub(1))).saturating_add(1),
        earlier_denial: earlier_denial(sources, row.denied_before)?,
        preview: preview(definition.as_ref(), statement.as_ref()),
        digest: *row.statement.as_bytes(),
    };
    Ok(Some((row, shown)))
}

/// Whether mails say nothing of this task: a role that contains it is as silent.
fn is_confidential(sources: &Sources<'_>, task: &countersign_core::name::TaskName) -> bool {
    tasks::find(sources.state, task).is_some_and(|found| found.definition.confidential)
}

/// A group's name, or its id once it is gone.
pub(super) fn group(sources: &Sources<'_>, id: countersign_core::id::GroupId) -> String {
    sources.state.directory.group(id).map_or_else(|| id.to_string(), |group| group.name.to_string())
}

fn earlier_denial(sources: &Sources<'_>, number: Option<RequestNumber>) -> Result<Option<Denial>, Error> {
    let Some(number) = number else { return Ok(None) };
    Ok(row(sources.reader, number)?.and_then(|row| denial(sources, &row)))
}

/// How a request was denied.
pub(super) fn denial(sources: &Sources<'_>, row: &request::Row) -> Option<Denial> {
    Some(Denial {
        by: resolve::named(sources.state, sources.reader, row.decided_by),
        at: row.decided?.as_micros(),
        comment: row.comment.clone().unwrap_or_default(),
    })
}

fn statement_of(reader: &dyn Reader, digest: Digest) -> Option<Statement> {
    Statement::from_bytes(&resolve::bytes(reader, digest)?, digest).ok()
}

/// The definition as it was asked for, else as it is.
fn definition(
    sources: &Sources<'_>,
    target: &Target,
    digest: Option<Digest>,
) -> Result<Option<TaskDefinition>, Error> {
    let Target::Task(name) = target else { return Ok(None) };
    let found = tasks::find(sources.state, name);
    if let Some(found) = found.as_ref().filter(|found| Some(found.digest) == digest) {
        return Ok(Some((*found.definition).clone()));
    }
    let key = name.to_string().to_lowercase();
    let query = ListQuery { limit: MOST, ..ListQuery::all() }.with(Condition::Is(task_version::key(&key)));
    let versions = list::<task_version::Row>(sources.reader, &query)?.rows;
    let asked = versions.into_iter().find(|version| Some(version.digest) == digest);
    let asked = asked.and_then(|version| serde_json::from_str(&version.definition).ok());
    Ok(asked.or_else(|| found.map(|found| (*found.definition).clone())))
}

fn parameters(definition: Option<&TaskDefinition>, statement: Option<&Statement>) -> Vec<Parameter> {
    let (Some(definition), Some(statement)) = (definition, statement) else { return Vec::new() };
    let lines = parameter::present(&definition.parameters, &statement.constraints).into_iter();
    lines
        .map(|line| Parameter {
            name: line.name.to_string(),
            constraint: if line.any_value {
                Constraint::AnyValue
            } else if line.secret {
                Constraint::AtExecution
            } else {
                Constraint::Words(line.text)
            },
            binding: match line.binding {
                Binding::Always => notice::Binding::Always,
                Binding::Policy => notice::Binding::Policy,
                Binding::Free => notice::Binding::Free,
            },
        })
        .collect()
}

/// Whether its effect can be seen before it is decided on.
fn preview(definition: Option<&TaskDefinition>, statement: Option<&Statement>) -> PreviewOffer {
    let Some(definition) = definition.filter(|definition| definition.preview.is_some()) else {
        return PreviewOffer::None;
    };
    let open = statement.map(|statement| statement.constraints.definite(&definition.parameters).open);
    let open = open.unwrap_or_default().into_iter().filter(|name| definition.preview_uses(name));
    let open: Vec<String> = open.map(|name| name.to_string()).collect();
    if open.is_empty() { PreviewOffer::Ready } else { PreviewOffer::Open(open) }
}

fn does_not_open(sources: &Sources<'_>, target: &Target, opens: &BTreeMap<TaskName, Digest>) -> Names {
    let catalog = &sources.state.catalog;
    let all = match target {
        Target::Task(_) => return Names::default(),
        Target::Role(role) => catalog.roles.get(role).map(|role| role.tasks.clone()).unwrap_or_default(),
        Target::RoleGroup(group) => catalog.tasks_of_group(group),
    };
    let shut: Vec<String> =
        all.iter().filter(|task| !opens.contains_key(*task)).map(ToString::to_string).collect();
    let many = shut.len();
    Names::some(shut, many)
}

fn scope(target: &Target) -> String {
    match target {
        Target::Task(name) => name.workload().to_string(),
        Target::Role(name) => name.workload().to_string(),
        Target::RoleGroup(name) => name.workload().to_string(),
    }
}

fn local(target: &Target) -> String {
    match target {
        Target::Task(name) => name.local().to_string(),
        Target::Role(name) => name.local().to_string(),
        Target::RoleGroup(name) => name.local().to_string(),
    }
}

fn micros(micros: u64) -> i64 {
    i64::try_from(micros).unwrap_or(i64::MAX)
}
