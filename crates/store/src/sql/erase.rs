//! Taking sealed values away: beside the ledger, out of rows, and out of the search. What is left is what a rebuild
//! without them gives.

use std::collections::BTreeSet;

use countersign_core::erasure::{self, Subject};
use countersign_core::event::{Event, wire};
use countersign_core::view::{Cell, Column, commitments, erased};

use super::db::{Db, Take, first, rows};
use super::events::{facet, is_used};
use super::index::Indexer;
use super::pending::Pending;
use super::symbols::numbers;
use super::{facts, ledger};
use crate::error::Error;

pub(crate) fn erase(db: &mut dyn Db, indexer: &mut Indexer, subject: Subject) -> Result<(), Error> {
    let mut pending = Pending::default();
    let mut words = BTreeSet::new();
    for event in concerned(db, subject)? {
        let sealed = facts::sealed(db, &commitments(&event))?;
        let mut gone = indexer.words(db, &event, &sealed)?;
        gone.retain({
            let kept = indexer.words(db, &event, &[])?;
            move |word| !kept.contains(word)
        });
        let gone: Vec<String> = gone.into_iter().collect();
        for term in numbers(db, &gone)?.into_values() {
            let place = [Cell::Int(term), event.seq.to_cell()];
            db.execute("DELETE FROM term WHERE term = ?1 AND seq = ?2", &place)?;
        }
        words.extend(gone);
        for commitment in commitments(&event) {
            db.execute("DELETE FROM sealed WHERE commitment = ?1", &[commitment.to_cell()])?;
        }
        for row in erased(&event) {
            pending.apply(db, row)?;
        }
        db.execute("DELETE FROM blob WHERE seq = ?1", &[event.seq.to_cell()])?;
    }
    pending.flush(db)?;
    if let Subject::Person { person } = subject {
        db.execute("DELETE FROM secret WHERE person = ?1", &[person.to_cell()])?;
    }
    forget(db, words)?;
    // What it remembers of numbers may be gone.
    indexer.forget();
    Ok(())
}

/// The events whose values go.
fn concerned(db: &mut dyn Db, subject: Subject) -> Result<Vec<Event>, Error> {
    let found = match subject {
        Subject::Request { number } => {
            rows(db, "SELECT seq FROM event WHERE request = ?1 ORDER BY seq", &[number.to_cell()])?
        }
        Subject::Person { person } => rows(
            db,
            "SELECT t.seq FROM term t WHERE t.term = (SELECT id FROM symbol WHERE text = ?1) ORDER BY t.seq",
            &[Cell::Text(facet("subject", &person.to_string()))],
        )?,
    };
    let mut events = Vec::new();
    for row in found {
        let seq = Take::new(row).take()?;
        for entry in ledger::entries(db, seq, 1)? {
            let event = wire::from_bytes(&entry.bytes).map_err(|source| Error::Entry { seq, source })?;
            if erasure::subject(&event) == Some(subject) {
                events.push(event);
            }
        }
    }
    Ok(events)
}

/// Words that nothing is found by any more were words of what was erased.
fn forget(db: &mut dyn Db, words: BTreeSet<String>) -> Result<(), Error> {
    for word in words {
        let [id] = numbers(db, std::slice::from_ref(&word))?.into_values().collect::<Vec<_>>()[..] else {
            continue;
        };
        let found = first(db, "SELECT seq FROM term WHERE term = ?1 LIMIT 1", &[Cell::Int(id)])?;
        if found.is_none() && !is_used(db, &word)? {
            db.execute("DELETE FROM symbol WHERE id = ?1", &[Cell::Int(id)])?;
        }
    }
    Ok(())
}
