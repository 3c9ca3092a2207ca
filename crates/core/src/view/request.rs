//! Requests, votes, questions, authorizations.

use super::Out;
use super::cell::{Column, word};
use super::noun::Row;
use super::opened::Opened;
use super::rows::{message, request, vote};
use super::status::{AuthorizationStatus, RequestStatus};
use crate::event::body::{AuthorizationEnd, RequestEnd};
use crate::event::{Body, Event};
use crate::id::RequestNumber;
use crate::policy::Target;

pub(super) fn view(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    match &event.body {
        Body::RequestSubmitted { .. } => submitted(event, opened, out),
        Body::VoteCast { number, statement, approver, stage, assurance, comment, completes_stage } => {
            let comment = out.found(opened.text(comment));
            out.rows.push(Row::put(&vote::Row {
                seq: event.seq,
                number: *number,
                approver: *approver,
                stage: *stage,
                assurance: word(assurance),
                statement: *statement,
                comment,
                created: event.time,
            }));
            out.rows.push(Row::Count { noun: &request::NOUN, key: vec![number.to_cell()], column: "votes" });
            if *completes_stage {
                out.rows.push(set(*number, vec![request::stage(&stage.saturating_add(1))]));
            }
        }
        Body::RequestNarrowed { number, to, duration, uses, .. } => {
            constraints(opened, *to, out);
            let fields = vec![request::statement(to), request::duration(duration), request::uses(uses)];
            out.rows.push(set(*number, fields));
        }
        Body::RequestEnded { number, how, comment } => {
            let comment = comment.as_ref().and_then(|comment| opened.text(comment));
            let comment = out.found(comment);
            out.rows.push(request_ended(event, *number, *how, comment));
        }
        Body::AuthorizationGranted { number, from, until, uses, parallel, .. } => out.rows.push(set(
            *number,
            vec![
                request::status(&RequestStatus::Approved),
                request::decided(&Some(event.time)),
                request::decided_by(&event.actor.person()),
                request::authorization(&Some(AuthorizationStatus::Active)),
                request::from(&Some(*from)),
                request::until(&Some(*until)),
                request::uses(uses),
                request::parallel(&Some(*parallel)),
            ],
        )),
        Body::AuthorizationEnded { number, how, comment } => {
            let comment = comment.as_ref().and_then(|comment| opened.text(comment));
            let comment = out.found(comment);
            out.rows.push(authorization_ended(event, *number, *how, comment));
        }
        Body::QuestionAsked { number, text } => {
            talk(event, *number, out.found(opened.text(text)), false, out)
        }
        Body::QuestionAnswered { number, text } => {
            talk(event, *number, out.found(opened.text(text)), true, out)
        }
        _ => {}
    }
}

fn submitted(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    let Body::RequestSubmitted {
        number,
        requester,
        account,
        target,
        role,
        statement,
        policy,
        policy_version,
        stages,
        duration,
        start,
        uses,
        expires,
        reason,
        ticket,
        extends,
        denied_before,
        same,
        ..
    } = &event.body
    else {
        return;
    };
    let workload = match target {
        Target::Task(name) => name.workload(),
        Target::Role(name) => name.workload(),
        Target::RoleGroup(name) => name.workload(),
    };
    constraints(opened, *statement, out);
    let reason = out.found(opened.text(reason));
    let ticket = out.found(ticket.as_ref().and_then(|ticket| opened.text(ticket)));
    out.rows.push(Row::put(&request::Row {
        seq: event.seq,
        number: *number,
        requester: *requester,
        account: *account,
        target_kind: target.kind().to_owned(),
        target: target.to_string(),
        workload: workload.as_str().to_lowercase(),
        role: role.clone(),
        policy: *policy,
        policy_version: *policy_version,
        statement: *statement,
        same: *same,
        status: RequestStatus::Pending,
        reason,
        ticket,
        duration: *duration,
        start: *start,
        created: event.time,
        expires: *expires,
        stage: 0,
        stages: u16::try_from(stages.len()).unwrap_or(u16::MAX),
        votes: 0,
        decided: None,
        decided_by: None,
        comment: None,
        extends: *extends,
        denied_before: *denied_before,
        authorization: None,
        from: None,
        until: None,
        uses: *uses,
        used: 0,
        parallel: None,
        ended: None,
        ended_by: None,
        end_comment: None,
    }));
}

/// A statement is found by what its parameters are bound to.
fn constraints(opened: &Opened<'_>, statement: countersign_ledger::hash::Digest, out: &mut Out) {
    if let Some(bound) = opened.json(statement).as_ref().and_then(|statement| statement.get("constraints")) {
        super::execution::parameters(bound, &mut out.words);
    }
}

/// A request that ended, by its own event or with another's.
pub(super) fn request_ended(
    event: &Event,
    number: RequestNumber,
    how: RequestEnd,
    comment: Option<String>,
) -> Row {
    let mut fields = vec![
        request::status(&RequestStatus::Ended(how)),
        request::decided(&Some(event.time)),
        request::decided_by(&event.actor.person()),
    ];
    if comment.is_some() {
        fields.push(request::comment(&comment));
    }
    set(number, fields)
}

/// An authorization that ended, by its own event or with another's.
pub(super) fn authorization_ended(
    event: &Event,
    number: RequestNumber,
    how: AuthorizationEnd,
    comment: Option<String>,
) -> Row {
    let mut fields = vec![
        request::authorization(&Some(AuthorizationStatus::Ended(how))),
        request::ended(&Some(event.time)),
        request::ended_by(&event.actor.person()),
    ];
    if comment.is_some() {
        fields.push(request::end_comment(&comment));
    }
    set(number, fields)
}

fn talk(event: &Event, number: RequestNumber, text: Option<String>, answer: bool, out: &mut Out) {
    let person = event.actor.person();
    out.rows.push(Row::put(&message::Row {
        seq: event.seq,
        number,
        person,
        answer,
        text,
        created: event.time,
    }));
}

fn set(number: RequestNumber, fields: Vec<super::noun::Field>) -> Row {
    Row::set::<request::Row>(vec![number.to_cell()], fields)
}
