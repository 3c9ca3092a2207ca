//! What is said about a request or the authorization it became.

use countersign_core::audience::{Audience, Kind, Notice as Wanted};
use countersign_core::event::Body;
use countersign_core::event::body::{AuthorizationEnd, RequestEnd};
use countersign_core::id::{PersonId, RequestNumber};
use countersign_core::view::RequestStatus;
use countersign_core::view::rows::request as row;
use countersign_ledger::sealed::Sealed;
use countersign_notify::Notice;
use countersign_notify::notice::{
    Approval, EndCause, Ended, Narrowing, PendingEnd, Person, Released, Request,
};
use countersign_store::{Error, list};

use super::super::{request, resolve};
use super::{Composed, Sources};

pub(super) fn compose(sources: &Sources<'_>, wanted: &Wanted) -> Result<Composed, Error> {
    let number = wanted.to.request().or(sources.event.request);
    let Some(number) = number else { return Ok(Composed::Missing("the request's number")) };
    let Some((row, shown)) = request::compose(sources, number)? else {
        return Ok(Composed::Missing("the request itself"));
    };
    let at = sources.event.time.as_micros();
    let notice = match (wanted.kind, &sources.event.body) {
        (Kind::RequestPending | Kind::RequestReminder, _) if !still_asks(sources, number, &wanted.to) => {
            return Ok(Composed::NotNeeded);
        }
        (Kind::RequestPending, _) => Notice::RequestPending(shown),
        (Kind::RequestReminder, _) => Notice::RequestReminder(shown),
        (Kind::NoLongerNeeded, body) => {
            let Some(because) = released(sources, body, &row, &shown)? else {
                return Ok(Composed::Missing("why it is no longer needed"));
            };
            Notice::NoLongerNeeded { request: shown, because }
        }
        (Kind::Cancelled, _) => Notice::Cancelled { request: shown, at },
        (Kind::Approved, Body::AuthorizationGranted { from, until, .. }) => Notice::Approved {
            approvals: approvals(sources, number)?,
            request: shown,
            from: from.as_micros(),
            until: until.as_micros(),
        },
        (Kind::Narrowed, body) => match narrowing(sources, body, &shown)? {
            Some(narrowing) => Notice::Narrowed { request: shown, narrowing },
            None => return Ok(Composed::Missing("what was narrowed")),
        },
        (Kind::Denied, _) => match request::denial(sources, &row) {
            Some(denial) => Notice::Denied { request: shown, denial },
            None => return Ok(Composed::Missing("the denial")),
        },
        (Kind::Expired, _) => Notice::Expired(shown),
        (Kind::RequestEnded, Body::RequestEnded { how, .. }) => {
            let because = pending_end(sources, *how, &row, &shown);
            Notice::RequestEnded { request: shown, because, at }
        }
        (Kind::QuestionAsked, Body::QuestionAsked { text, .. }) => Notice::QuestionAsked {
            request: shown,
            by: resolve::named(sources.state, sources.reader, sources.event.actor.person()),
            question: text_of(sources, text),
        },
        (Kind::QuestionAnswered, Body::QuestionAnswered { text, .. }) => Notice::QuestionAnswered {
            request: shown,
            question: last_question(sources, number)?,
            answer: text_of(sources, text),
        },
        (Kind::AuthorizationEnding, _) => match row.until {
            Some(until) if until > sources.now => {
                Notice::AuthorizationEnding { request: shown, until: until.as_micros() }
            }
            _ => return Ok(Composed::NotNeeded),
        },
        (Kind::AuthorizationEnded, Body::AuthorizationEnded { how, .. }) => {
            let ended = ended(sources, *how, number, &row, &shown)?;
            Notice::AuthorizationEnded { request: shown, ended }
        }
        _ => return Ok(Composed::Missing("an event of this kind")),
    };
    Ok(Composed::of(notice))
}

/// Whether the stage that was to be mailed still decides.
fn still_asks(sources: &Sources<'_>, number: RequestNumber, to: &Audience) -> bool {
    match (sources.state.requests.get(&number), to) {
        (Some(request), Audience::Stage { stage, .. }) => {
            request.stage == *stage && request.expires > sources.now
        }
        _ => false,
    }
}

fn released(
    sources: &Sources<'_>,
    body: &Body,
    row: &row::Row,
    shown: &Request,
) -> Result<Option<Released>, Error> {
    Ok(match body {
        Body::VoteCast { stage, .. } => {
            let by =
                shown.stages.get(usize::from(*stage)).map(|stage| stage.approved.clone()).unwrap_or_default();
            Some(Released::StageFilled { by })
        }
        Body::AuthorizationGranted { counted, .. } => {
            Some(Released::Approved { by: people(sources, counted.keys()) })
        }
        Body::RequestEnded { how: RequestEnd::Denied, .. } => {
            request::denial(sources, row).map(Released::Denied)
        }
        Body::RequestEnded { how: RequestEnd::Expired, .. } => Some(Released::Expired),
        Body::RequestEnded { how, .. } => Some(Released::Ended(pending_end(sources, *how, row, shown))),
        _ => None,
    })
}

fn people<'a>(sources: &Sources<'_>, ids: impl Iterator<Item = &'a PersonId>) -> Vec<Person> {
    ids.map(|id| resolve::named(sources.state, sources.reader, Some(*id))).collect()
}

fn approvals(sources: &Sources<'_>, number: RequestNumber) -> Result<Vec<Approval>, Error> {
    let votes = request::votes(sources.reader, number)?;
    Ok(votes
        .into_iter()
        .map(|vote| Approval {
            by: resolve::named(sources.state, sources.reader, Some(vote.approver)),
            at: vote.created.as_micros(),
            comment: vote.comment.unwrap_or_default(),
        })
        .collect())
}

fn narrowing(sources: &Sources<'_>, body: &Body, shown: &Request) -> Result<Option<Narrowing>, Error> {
    let Body::RequestNarrowed { number, from, duration, uses, .. } = body else { return Ok(None) };
    let by = sources.event.actor.person();
    let votes = request::votes(sources.reader, *number)?;
    let comment = votes.into_iter().find(|vote| Some(vote.approver) == by).and_then(|vote| vote.comment);
    let before = resolve::bytes(sources.reader, *from)
        .and_then(|bytes| countersign_core::statement::Statement::from_bytes(&bytes, *from).ok());
    let mut changes = Vec::new();
    if let Some(before) = &before {
        if before.duration != *duration {
            changes.push(("Duration".to_owned(), before.duration.to_string(), duration.to_string()));
        }
        if before.uses != *uses {
            let shown =
                |uses: Option<u32>| uses.map_or_else(|| "unlimited".to_owned(), |uses| uses.to_string());
            changes.push(("Uses".to_owned(), shown(before.uses), shown(*uses)));
        }
    }
    if changes.is_empty() {
        changes.push(("Parameters".to_owned(), "as you asked".to_owned(), narrowed_parameters(shown)));
    }
    Ok(Some(Narrowing {
        by: resolve::named(sources.state, sources.reader, by),
        at: sources.event.time.as_micros(),
        comment: comment.unwrap_or_default(),
        changes,
        former_digest: *from.as_bytes(),
    }))
}

fn narrowed_parameters(shown: &Request) -> String {
    let names: Vec<&str> = shown.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    format!("narrower, as shown below ({})", names.join(", "))
}

/// Who did what ended it, where that was a person: the causing event is the one that set the row.
fn ender(sources: &Sources<'_>, by: Option<PersonId>) -> Option<Person> {
    by.map(|by| resolve::named(sources.state, sources.reader, Some(by)))
}

fn pending_end(sources: &Sources<'_>, how: RequestEnd, row: &row::Row, shown: &Request) -> PendingEnd {
    let by = match row.status {
        RequestStatus::Ended(_) => ender(sources, row.decided_by),
        RequestStatus::Pending | RequestStatus::Approved => None,
    };
    match how {
        RequestEnd::Unfillable => {
            let at = usize::from(row.stage);
            let group = shown.stages.get(at).map(|stage| stage.group.clone()).unwrap_or_default();
            PendingEnd::StageUnfillable { group }
        }
        RequestEnd::PolicyChanged => PendingEnd::PolicyChanged { policy: shown.policy.name.clone(), by },
        RequestEnd::DefinitionChanged => PendingEnd::DefinitionChanged { task: row.target.clone() },
        RequestEnd::AccessDisabled => PendingEnd::PrivilegedAccessOff { by },
        RequestEnd::Restored => PendingEnd::Restored,
        RequestEnd::PersonDisabled => {
            PendingEnd::NotEntitled { why: "the requester's account was disabled".to_owned() }
        }
        RequestEnd::NotEligible | RequestEnd::Denied | RequestEnd::Cancelled | RequestEnd::Expired => {
            PendingEnd::NotEntitled { why: "the requester no longer holds the ground for asking".to_owned() }
        }
    }
}

fn ended(
    sources: &Sources<'_>,
    how: AuthorizationEnd,
    number: RequestNumber,
    row: &row::Row,
    shown: &Request,
) -> Result<Ended, Error> {
    let by = || ender(sources, row.ended_by);
    let some = |person: Option<Person>| {
        person.unwrap_or_else(|| resolve::named(sources.state, sources.reader, None))
    };
    let comment = row.end_comment.clone().unwrap_or_default();
    let not_entitled = |why: &str| EndCause::NotEntitled { why: why.to_owned() };
    let because = match how {
        AuthorizationEnd::Expired => EndCause::TimeOver,
        AuthorizationEnd::GivenBack => EndCause::GivenBack,
        AuthorizationEnd::Revoked => EndCause::Revoked { by: some(by()), comment },
        AuthorizationEnd::QuorumLost => {
            let group = shown.stages.first().map(|stage| stage.group.clone()).unwrap_or_default();
            EndCause::LostQuorum { group }
        }
        AuthorizationEnd::PolicyChanged => {
            EndCause::PolicyChanged { policy: shown.policy.name.clone(), by: by() }
        }
        AuthorizationEnd::DefinitionChanged => not_entitled("what it covers was redefined"),
        AuthorizationEnd::NotEligible => not_entitled("you no longer hold the ground for asking"),
        AuthorizationEnd::PersonDisabled => not_entitled("your account was disabled"),
        AuthorizationEnd::AccessDisabled => EndCause::PrivilegedAccessOff { by: by() },
        AuthorizationEnd::EmergencyStop => EndCause::EmergencyStop { by: some(by()), comment },
        AuthorizationEnd::ClockFault => EndCause::ClockFault,
        AuthorizationEnd::Restored => EndCause::Restored,
    };
    let (stopped, running) = runs(sources, number)?;
    Ok(Ended { because, at: row.ended.unwrap_or(sources.event.time).as_micros(), stopped, running })
}

/// Runs under the authorization that were told to stop, and those that go on.
fn runs(sources: &Sources<'_>, number: RequestNumber) -> Result<(u32, u32), Error> {
    use countersign_core::view::ExecutionStatus;
    use countersign_core::view::rows::execution;
    use countersign_store::{Condition, ListQuery};
    let query =
        ListQuery { limit: 1_000, ..ListQuery::all() }.with(Condition::Is(execution::number(&Some(number))));
    let rows = list::<execution::Row>(sources.reader, &query)?.rows;
    let count = |wanted: &dyn Fn(&execution::Row) -> bool| {
        u32::try_from(rows.iter().filter(|row| wanted(row)).count()).unwrap_or(u32::MAX)
    };
    let stopped =
        count(&|row| row.stopping.as_deref().is_some_and(|why| why != "asked" && why != "deadline"));
    let running = count(&|row| row.stopping.is_none() && row.status == ExecutionStatus::Running);
    Ok((stopped, running))
}

fn text_of(sources: &Sources<'_>, text: &Sealed<String>) -> String {
    resolve::open(sources.reader, text).unwrap_or_else(|| "(erased)".to_owned())
}

fn last_question(sources: &Sources<'_>, number: RequestNumber) -> Result<String, Error> {
    let messages = request::messages(sources.reader, number)?;
    let mut before =
        messages.into_iter().filter(|message| !message.answer && message.seq < sources.event.seq);
    Ok(before.next_back().and_then(|message| message.text).unwrap_or_else(|| "(erased)".to_owned()))
}
