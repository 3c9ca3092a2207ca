//! What an erasure takes away: the sealed values of one person or of one request that is over. The ledger keeps the
//! commitments, so every proof still holds; what was committed to can't be shown any more.

use serde::{Deserialize, Serialize};

use crate::event::{Body, Event};
use crate::execution::Basis;
use crate::id::{PersonId, RequestNumber};
use crate::refusal::{Code, Refusal};
use crate::state::State;
use crate::time::Instant;

/// Whose values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Subject {
    /// What a person is called and mailed at, now and before.
    Person {
        /// Who.
        person: PersonId,
    },
    /// What was written and given in a request: statement, reason, comments, questions, values of its runs.
    Request {
        /// Which.
        number: RequestNumber,
    },
}

/// Whose values an event holds, if they can be erased.
#[must_use]
pub fn subject(event: &Event) -> Option<Subject> {
    match &event.body {
        Body::PersonCreated { person, .. } | Body::PersonChanged { person, .. } => {
            Some(Subject::Person { person: *person })
        }
        Body::RequestSubmitted { number, .. }
        | Body::VoteCast { number, .. }
        | Body::RequestNarrowed { number, .. }
        | Body::RequestEnded { number, .. }
        | Body::QuestionAsked { number, .. }
        | Body::QuestionAnswered { number, .. }
        | Body::AuthorizationEnded { number, .. }
        | Body::ExecutionStarted { basis: Basis::Authorization { number }, .. } => {
            Some(Subject::Request { number: *number })
        }
        _ => None,
    }
}

/// Whether a subject's values can go: nobody acts by them any more, and the organization's retention is over since.
///
/// # Errors
/// Why they stay.
pub fn may_go(state: &State, subject: Subject, over: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    let live = match subject {
        Subject::Person { person } => {
            let Some(found) = state.directory.person(person) else {
                return Err(Refusal::new(Code::NotFound, "There is no such person."));
            };
            found.enabled
        }
        Subject::Request { number } => {
            state.requests.contains_key(&number)
                || state.authorizations.contains_key(&number)
                || state.untold.contains_key(&number)
                || state.executions.values().any(|execution| execution.authorization() == Some(number))
                || state.acknowledged.values().any(|acknowledged| *acknowledged == Some(number))
        }
    };
    if live {
        let (what, hint) = match subject {
            Subject::Person { .. } => ("This person is enabled", "disable the person first"),
            Subject::Request { .. } => (
                "This request is pending, its authorization lives, or an outcome is missing",
                "wait until it is over",
            ),
        };
        return Err(Refusal::new(Code::InUse, format!("{what}: values that are in use stay.")).hint(hint));
    }
    let Some(over) = over else {
        return Err(Refusal::new(Code::EvidenceMissing, "It cannot be shown since when this is over."));
    };
    let until = over.plus(state.organization.settings.output_retention);
    if now < until {
        let text = format!("The organization keeps this until {until}.");
        return Err(Refusal::new(Code::InUse, text).governed_by("the organization's retention"));
    }
    Ok(())
}
