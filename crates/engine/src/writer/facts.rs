//! What a command needs to know beyond the live state: read from tables, believed only as far as the ledger commits to
//! it.

use countersign_core::erasure::Subject;
use countersign_core::facts::{Facts, Needs};
use countersign_core::id::PersonId;
use countersign_core::state::State;
use countersign_core::statement::Statement;
use countersign_core::time::Instant;
use countersign_core::view::rows::{execution, request};
use countersign_core::view::{Column as _, RequestStatus};
use countersign_ledger::json;
use countersign_store::{Blobs, Direction, Error, EventFilter, Reader, Store, Visibility, get};

use super::batch::Work;

/// Fetches. What is missing or altered is simply not there.
pub(super) fn fetch(
    store: &mut dyn Store,
    blobs: &Blobs,
    work: &Work,
    state: &State,
    needs: &Needs,
) -> Result<Facts, Error> {
    let mut facts = Facts::default();
    if !needs.statements.is_empty() {
        let digests: Vec<_> = needs.statements.values().copied().collect();
        let stored = store.sealed(&digests)?;
        for (number, digest) in &needs.statements {
            let value =
                work.sealed(digest).or_else(|| stored.iter().find(|value| value.commitment == *digest));
            let statement = value.and_then(|value| Statement::from_bytes(&value.value, *digest).ok());
            facts.statements.extend(statement.map(|statement| (*number, statement)));
        }
    }
    for upn in &needs.upns {
        // Two of the same name in one batch: the second sees the first.
        let owner = match work.owner(upn) {
            Some(owner) => Some(owner),
            None => stored_owner(store, state, upn)?,
        };
        facts.upns.extend(owner.map(|owner| (upn.clone(), owner)));
    }
    if let Some(same) = &needs.same {
        facts.denied_before = store.denied_before(same)?.map(|denial| denial.number);
    }
    for (execution, commitment) in &needs.values {
        let stored = store.sealed(&[*commitment])?;
        let mut kept = work.sealed(commitment).into_iter().chain(&stored);
        let value = kept.find(|value| value.commitment == *commitment && value.holds());
        let values = value.and_then(|value| json::from_canonical(&value.value).ok());
        facts.values.extend(values.map(|values| (*execution, values)));
    }
    for (digest, person) in &needs.files {
        let size = blobs.uploaded_by(digest, *person)?;
        facts.files.extend(size.map(|size| ((*digest, *person), size)));
    }
    if let Some(subject) = needs.over {
        facts.over.extend(since(&*store.reader(), subject)?.map(|over| (subject, over)));
    }
    if let Some(execution) = needs.execution
        && get::<execution::Row>(&*store.reader(), &[execution.to_cell()])?.is_some()
    {
        facts.executions.insert(execution);
    }
    Ok(facts)
}

/// Since when somebody is disabled, or a request over, by the tables: it lets two people erase what the state says is
/// over, and nothing else.
fn since(reader: &dyn Reader, subject: Subject) -> Result<Option<Instant>, Error> {
    match subject {
        Subject::Person { person } => {
            let filter = EventFilter {
                kinds: vec!["PersonDisabled".to_owned()],
                subject: Some(person.to_string()),
                ..EventFilter::default()
            };
            let page = reader.events(&filter, &Visibility::All, Direction::NewestFirst, None, 1)?;
            Ok(page.rows.first().map(|row| row.time))
        }
        Subject::Request { number } => {
            let row = get::<request::Row>(reader, &[number.to_cell()])?;
            Ok(row.and_then(|row| match row.status {
                RequestStatus::Ended(_) => row.decided,
                RequestStatus::Approved => row.ended,
                RequestStatus::Pending => None,
            }))
        }
    }
}

fn stored_owner(store: &mut dyn Store, state: &State, upn: &str) -> Result<Option<PersonId>, Error> {
    let Some(owner) = store.person_by_upn(upn)? else { return Ok(None) };
    let Some(person) = state.directory.person(owner) else { return Ok(None) };
    let commitment = person.upn.commitment();
    let sealed = store.sealed(&[commitment])?;
    let named = sealed.iter().filter(|value| value.commitment == commitment && value.holds());
    let mut names = named.filter_map(|value| json::from_canonical::<String>(&value.value).ok());
    Ok(names.any(|name| name.to_lowercase() == upn.to_lowercase()).then_some(owner))
}
