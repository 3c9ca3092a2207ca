//! Single facts, for the writer and for readers.

use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_core::sealing::SealedValue;
use countersign_core::view::{Cell, Column};
use countersign_ledger::hash::Digest;

use super::db::{Db, Take, first, rows, value};
use super::symbols::places;
use crate::error::Error;
use crate::store::{Denial, Done};

/// Values looked up by one statement.
const AT_ONCE: usize = 500;

pub(crate) fn sealed(db: &mut dyn Db, commitments: &[Digest]) -> Result<Vec<SealedValue>, Error> {
    let mut found = Vec::new();
    for chunk in commitments.chunks(AT_ONCE) {
        let cells: Vec<_> = chunk.iter().map(Column::to_cell).collect();
        let sql = format!(
            "SELECT commitment, salt, value FROM sealed WHERE commitment IN ({})",
            places(1, cells.len())
        );
        for row in rows(db, &sql, &cells)? {
            let mut row = Take::new(row);
            found.push(SealedValue { commitment: row.take()?, salt: row.bytes()?, value: row.bytes()? });
        }
    }
    Ok(found)
}

pub(crate) fn person_by_upn(db: &mut dyn Db, upn: &str) -> Result<Option<PersonId>, Error> {
    let key = countersign_core::view::upn_key(upn);
    value(db, "SELECT id FROM person WHERE upn_key = ?1 ORDER BY seq DESC LIMIT 1", &[Cell::Text(key)])
}

pub(crate) fn idempotent(db: &mut dyn Db, key: &Digest) -> Result<Option<Done>, Error> {
    let sql =
        "SELECT c.command, c.seq, r.json FROM cause c LEFT JOIN reply r ON r.key = c.key WHERE c.key = ?1";
    let Some(row) = first(db, sql, &[key.to_cell()])? else { return Ok(None) };
    let mut row = Take::new(row);
    Ok(Some(Done { command: row.take()?, first_seq: row.take()?, reply: row.take()? }))
}

pub(crate) fn denied_before(db: &mut dyn Db, same: &Digest) -> Result<Option<Denial>, Error> {
    let sql =
        "SELECT number, decided FROM request WHERE same = ?1 AND status = 'denied' ORDER BY seq DESC LIMIT 1";
    let Some(row) = first(db, sql, &[same.to_cell()])? else { return Ok(None) };
    let mut row = Take::new(row);
    Ok(Some(Denial { number: row.take()?, decided: row.take()? }))
}

pub(crate) fn secret(
    db: &mut dyn Db,
    person: PersonId,
    credential: Credential,
) -> Result<Option<String>, Error> {
    let sql = "SELECT secret FROM secret WHERE person = ?1 AND credential = ?2";
    value(db, sql, &[person.to_cell(), word(credential)])
}

pub(crate) fn word(credential: Credential) -> Cell {
    let word = match credential {
        Credential::Password => "password",
        Credential::Totp => "totp",
        Credential::Recovery => "recovery",
    };
    Cell::Text(word.to_owned())
}
