//! Files that a request or a run cites: only what the person uploaded may be. Knowing a digest is not having the file.

use std::collections::BTreeSet;

use countersign_ledger::hash::Digest;

use super::Draft;
use crate::actor::Principal;
use crate::directory::PersonKind;
use crate::id::PersonId;
use crate::parameter::{ConstraintForms, Given, cited};
use crate::refusal::{Code, Refusal};
use crate::state::State;

/// A file by its digest and size in bytes.
pub(super) type Cited = (Digest, u64);

/// The files among a run's values.
pub(super) fn in_values(given: &Given) -> Vec<Cited> {
    given.iter().flat_map(|(_, value)| cited(value)).collect()
}

/// The files among a request's limits.
pub(super) fn in_limits(limits: &ConstraintForms) -> Vec<Cited> {
    serde_json::to_value(limits).map(|json| cited(&json)).unwrap_or_default()
}

/// What has to be looked up for these files.
pub(super) fn needed(state: &State, principal: &Principal, cited: &[Cited]) -> BTreeSet<(Digest, PersonId)> {
    let people: Vec<PersonId> =
        principal.person().into_iter().flat_map(|person| uploaders(state, person)).collect();
    cited.iter().flat_map(|(digest, _)| people.iter().map(|person| (*digest, *person))).collect()
}

/// Refuses files that neither the person nor, for a service account, its owner uploaded: alike whether somebody else
/// did or nobody (G19).
pub(super) fn own(draft: &Draft<'_>, person: PersonId, cited: &[Cited]) -> Result<(), Refusal> {
    let people = uploaders(&draft.state, person);
    let theirs = |(digest, size): &Cited| {
        people.iter().any(|person| draft.facts.files.get(&(*digest, *person)) == Some(size))
    };
    match cited.iter().find(|file| !theirs(file)) {
        None => Ok(()),
        Some((digest, _)) => Err(Refusal::new(
            Code::ParameterInvalid,
            format!("You uploaded no file {digest} of this size, or its time is over."),
        )
        .hint("upload it first: -p Name=@path on the command line, or POST /api/v1/blobs")),
    }
}

fn uploaders(state: &State, person: PersonId) -> Vec<PersonId> {
    match state.directory.person(person).map(|found| found.kind) {
        Some(PersonKind::Service { owner }) => vec![person, owner],
        _ => vec![person],
    }
}
