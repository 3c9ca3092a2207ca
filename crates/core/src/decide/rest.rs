//! The smaller relations: withdrawing, giving back, questions.

use super::submit::text;
use super::{Draft, Reply, RequestStatus};
use crate::actor::{Authentication, Scope};
use crate::budget::{self, Budget};
use crate::command::Closed;
use crate::event::Body;
use crate::event::body::{AuthorizationEnd, RequestEnd};
use crate::id::{PersonId, RequestNumber};
use crate::refusal::{Code, Refusal};
use crate::standing;

/// The enabled person behind the command, in a session or with a token of theirs that lives.
pub(super) fn person(draft: &Draft<'_>) -> Result<PersonId, Refusal> {
    if let (Some(person), Authentication::Token { token }) =
        (draft.principal.person(), draft.principal.authentication())
        && !draft.state.tokens.get(token).is_some_and(|live| live.person == person && draft.now < live.until)
    {
        return Err(Refusal::new(Code::TokenNotAllowed, "This token is over, or was revoked.")
            .hint("make another: countersign token create"));
    }
    match draft.principal.person() {
        Some(person) if draft.state.directory.may_act(person) => Ok(person),
        Some(_) => Err(Refusal::new(Code::PersonDisabled, "This account is disabled, or its owner's is.")),
        None => Err(Refusal::new(Code::Forbidden, "This is for people to do.")),
    }
}

/// A token does what its scopes say, a session all of it.
pub(super) fn scope(draft: &Draft<'_>, needed: Scope) -> Result<(), Refusal> {
    let Authentication::Token { token } = draft.principal.authentication() else { return Ok(()) };
    match draft.state.tokens.get(token) {
        Some(token) if token.scopes.contains(&needed) => Ok(()),
        _ => Err(Refusal::new(Code::TokenNotAllowed, "This token's scopes do not reach this far.")),
    }
}

/// Unknown and forbidden ids answer alike (G19).
pub(super) fn not_found() -> Refusal {
    Closed::Unknown.refusal()
}

pub(super) fn cancel(draft: &mut Draft<'_>, number: RequestNumber) -> Result<Reply, Refusal> {
    let person = person(draft)?;
    scope(draft, Scope::Request)?;
    match draft.state.requests.get(&number) {
        Some(request) if request.asked.requester == person => {
            let statement = request.asked.statement;
            draft
                .push(Some(number), Body::RequestEnded { number, how: RequestEnd::Cancelled, comment: None });
            Ok(Reply::Request { number, status: RequestStatus::Cancelled, statement })
        }
        Some(_) => Err(not_found()),
        None => match draft.state.authorizations.get(&number) {
            Some(authorization) if authorization.asked.requester == person => {
                Err(Refusal::new(Code::AlreadyFinal, format!("{number} is approved already."))
                    .hint(format!("give it back: countersign authorization give-back {number}")))
            }
            _ => Err(not_found()),
        },
    }
}

pub(super) fn give_back(draft: &mut Draft<'_>, number: RequestNumber) -> Result<Reply, Refusal> {
    let person = person(draft)?;
    scope(draft, Scope::Request)?;
    match draft.state.authorizations.get(&number) {
        Some(authorization) if authorization.asked.requester == person => {
            let statement = authorization.asked.statement;
            draft.end_authorization(number, AuthorizationEnd::GivenBack, None);
            Ok(Reply::Request { number, status: RequestStatus::Ended, statement })
        }
        _ => Err(not_found()),
    }
}

pub(super) fn question(draft: &mut Draft<'_>, number: RequestNumber, given: &str) -> Result<Reply, Refusal> {
    let person = person(draft)?;
    super::vote::no_token(draft)?;
    let Some(request) = draft.state.requests.get(&number).cloned() else { return Err(not_found()) };
    let concerned = (0..request.asked.stages.len())
        .filter_map(|stage| u16::try_from(stage).ok())
        .any(|stage| standing::is_eligible(&draft.state, &request.asked, person, stage));
    if !concerned {
        return Err(not_found());
    }
    budget::left(&draft.state, draft.now, person, Budget::Messages)?;
    let given = text(given, Code::CommentRequired, "A question needs words.")?;
    let sealed = draft.seal(&given)?;
    draft.push(Some(number), Body::QuestionAsked { number, text: sealed });
    Ok(Reply::Request { number, status: RequestStatus::Pending, statement: request.asked.statement })
}

pub(super) fn answer(draft: &mut Draft<'_>, number: RequestNumber, given: &str) -> Result<Reply, Refusal> {
    let person = person(draft)?;
    scope(draft, Scope::Request)?;
    let statement = match draft.state.requests.get(&number) {
        Some(request) if request.asked.requester == person => request.asked.statement,
        _ => return Err(not_found()),
    };
    budget::left(&draft.state, draft.now, person, Budget::Messages)?;
    let given = text(given, Code::CommentRequired, "An answer needs words.")?;
    let sealed = draft.seal(&given)?;
    draft.push(Some(number), Body::QuestionAnswered { number, text: sealed });
    Ok(Reply::Request { number, status: RequestStatus::Pending, statement })
}
