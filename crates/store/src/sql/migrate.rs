//! From nothing, or from an older schema, to this program's tables.

use countersign_core::view::{self, Column};

use super::db::{Db, value, writing};
use crate::error::Error;
use crate::schema::{Class, Place, SCHEMA, create, drop_table, tables};

/// Whether the derived tables have to be built from the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    Current,
    Outdated,
}

/// The ledger's own version, and that of the derived tables.
const LEDGER: &str = "schema";
const INDEX: &str = "index";

/// Makes the tables of a place that are not there, and refuses those of a newer program.
pub(crate) fn migrate(db: &mut dyn Db, place: Place, exists: bool) -> Result<Index, Error> {
    let meta = meta(place);
    writing(db, |db| {
        if !exists {
            for table in tables().iter().filter(|table| table.place == place) {
                for statement in create(table, db.dialect()) {
                    db.run(&statement)?;
                }
            }
            put(db, meta, LEDGER, SCHEMA)?;
            put(db, meta, INDEX, i64::from(view::SCHEMA))?;
            return Ok(Index::Current);
        }
        let found = get(db, meta, LEDGER)?.ok_or_else(|| Error::Corrupt("it names no schema".to_owned()))?;
        if found > SCHEMA {
            return Err(Error::Newer { found, known: SCHEMA });
        }
        let current = get(db, meta, INDEX)? == Some(i64::from(view::SCHEMA));
        Ok(if current { Index::Current } else { Index::Outdated })
    })
}

/// Throws the derived tables away and makes them anew, empty.
pub(crate) fn renew_index(db: &mut dyn Db) -> Result<(), Error> {
    for table in tables().iter().filter(|table| table.class == Class::Derived) {
        db.run(&drop_table(table))?;
        for statement in create(table, db.dialect()) {
            db.run(&statement)?;
        }
    }
    put(db, meta(Place::Ledger), INDEX, i64::from(view::SCHEMA))
}

const fn meta(place: Place) -> &'static str {
    match place {
        Place::Ledger => "meta",
        Place::Ops => "ops_meta",
    }
}

fn get(db: &mut dyn Db, meta: &str, name: &str) -> Result<Option<i64>, Error> {
    value(db, &format!("SELECT value FROM {meta} WHERE name = ?1"), &[name.to_owned().to_cell()])
}

fn put(db: &mut dyn Db, meta: &str, name: &str, value: i64) -> Result<(), Error> {
    let sql = format!(
        "INSERT INTO {meta} (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    );
    db.execute(&sql, &[name.to_owned().to_cell(), value.to_cell()])?;
    Ok(())
}
