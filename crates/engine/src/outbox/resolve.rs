//! Names, addresses and texts for mails: sealed values, checked against what the ledger commits to.

use countersign_core::id::PersonId;
use countersign_core::state::State;
use countersign_ledger::hash::Digest;
use countersign_ledger::json;
use countersign_ledger::sealed::Sealed;
use countersign_notify::Recipient;
use countersign_notify::notice::Person;
use countersign_store::Reader;
use serde::de::DeserializeOwned;

/// A sealed value, if it still exists and is what was sealed.
pub(super) fn open<T: DeserializeOwned>(reader: &dyn Reader, sealed: &Sealed<T>) -> Option<T> {
    json::from_canonical(&bytes(reader, sealed.commitment())?).ok()
}

/// The bytes behind a commitment.
pub(super) fn bytes(reader: &dyn Reader, commitment: Digest) -> Option<Vec<u8>> {
    let found = reader.sealed(&[commitment]).ok()?;
    found.into_iter().find(|value| value.commitment == commitment && value.holds()).map(|value| value.value)
}

/// A person's name and sign-in name.
pub(crate) fn person(state: &State, reader: &dyn Reader, id: PersonId) -> Option<Person> {
    let person = state.directory.person(id)?;
    Some(Person { name: open(reader, &person.display_name)?, upn: open(reader, &person.upn)? })
}

/// The same for texts that need some name.
pub(super) fn named(state: &State, reader: &dyn Reader, id: Option<PersonId>) -> Person {
    match id {
        Some(id) => person(state, reader, id)
            .unwrap_or_else(|| Person { name: "(erased)".to_owned(), upn: id.to_string() }),
        None => Person { name: "Countersign".to_owned(), upn: "the server itself".to_owned() },
    }
}

/// Where a person's mail goes. The name and zone are the reader's own.
pub(super) fn recipient(state: &State, reader: &dyn Reader, id: PersonId) -> Option<Recipient> {
    let found = state.directory.person(id)?;
    Some(Recipient {
        name: open(reader, &found.display_name)?,
        address: open(reader, &found.mail)?,
        zone: state.organization.zone.clone(),
    })
}
