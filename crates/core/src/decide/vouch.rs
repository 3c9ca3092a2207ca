//! What the host's own account accepts, or two default approvers who are signed in: a clock, a restored copy.

use std::collections::BTreeSet;

use super::Draft;
use crate::actor::Authentication;
use crate::id::PersonId;
use crate::organization::SecondFactor;
use crate::policy::{Assurance, Human};
use crate::refusal::{Code, Refusal};
use crate::standing;
use crate::state::State;

/// What is accepted.
pub(super) struct Matter {
    /// In a sentence.
    pub(super) what: &'static str,
    /// On the host, with the server stopped.
    pub(super) on_host: &'static str,
}

/// Who accepts: nobody by name on the host, else a default approver in a session of their own.
pub(super) fn who(draft: &Draft<'_>, matter: &Matter) -> Result<Option<(PersonId, Assurance)>, Refusal> {
    let what = matter.what;
    let (person, assurance) = match draft.principal.authentication() {
        Authentication::Host => return Ok(None),
        Authentication::Session { assurance, .. } => (super::rest::person(draft)?, *assurance),
        Authentication::Token { .. } => {
            let text = format!("Only people accept {what}, in a session.");
            return Err(Refusal::new(Code::TokenNotAllowed, text));
        }
        Authentication::System => {
            return Err(Refusal::new(Code::Forbidden, format!("People accept {what}.")));
        }
    };
    if !standing::is_default_approver(&draft.state, person) {
        let text = format!("Default approvers accept {what}, two of them.");
        let hint = format!("or the host's administrator, with the server stopped: {}", matter.on_host);
        return Err(Refusal::new(Code::Forbidden, text).hint(hint));
    }
    Ok(Some((person, assurance)))
}

/// Whether a person's word may be added to these: with a second factor where one is asked for, once for each human.
pub(super) fn may_add(
    state: &State,
    said: impl IntoIterator<Item = PersonId>,
    (person, assurance): (PersonId, Assurance),
    matter: &Matter,
) -> Result<(), Refusal> {
    let what = matter.what;
    if state.organization.settings.second_factor == SecondFactor::Required
        && assurance < Assurance::SecondFactor
    {
        let text = format!("Accepting {what} needs a session with a second factor.");
        return Err(Refusal::new(Code::SecondFactorRequired, text)
            .hint("sign in with your second factor: countersign login"));
    }
    if humans(state, said).contains(&state.directory.human(person)) {
        return Err(Refusal::new(Code::AlreadyVoted, "You have said so; another default approver has to.")
            .hint(format!("ask another default approver to accept {what} as well")));
    }
    Ok(())
}

/// The distinct humans among these people who are default approvers now.
pub(super) fn humans(state: &State, said: impl IntoIterator<Item = PersonId>) -> BTreeSet<Human> {
    said.into_iter()
        .filter(|person| standing::is_default_approver(state, *person))
        .map(|person| state.directory.human(person))
        .collect()
}
