//! The store on a PostgreSQL server, for one node: the same tables and statements as the embedded one.
//!
//! Calls block, on connections with a runtime of their own: never make them on an async runtime's worker threads.
//! Durability is the server's: `synchronous_commit` is set on, `fsync` is for its operator to leave on.

mod bind;
mod db;
mod pool;

use std::sync::Arc;

use db::Postgres;
use pool::PostgresPool;

use crate::error::Error;
use crate::ops::Ops;
use crate::schema::Place;
use crate::sql::db::{Db, value};
use crate::sql::migrate::{Index, migrate};
use crate::sql::reader::Readers;
use crate::sql::rebuild;
use crate::sql::writer::Writer;
use crate::store::Store;

/// Whoever holds this advisory lock serves the database: `countrsn` in ASCII.
const SERVER: i64 = 0x636f_756e_7472_736e;

/// A database that this process serves, as long as its writing connection lives.
pub struct PostgresStore {
    /// The store.
    pub store: Box<dyn Store>,
    /// Sessions, throttles, delivery progress.
    pub ops: Ops,
}

/// Opens a database by its connection string (`host=… user=… dbname=…` or a URL), or makes the tables in it.
///
/// # Errors
/// [`Error::Locked`] if another server has it, [`Error::Newer`] if a newer program made it, [`Error::Io`] if the
/// server cannot be reached.
pub fn open(parameters: &str) -> Result<PostgresStore, Error> {
    let mut db = Postgres::connect(parameters)?;
    let locked: Option<i64> = value(&mut db, "SELECT pg_try_advisory_lock(?1)::int::bigint", &[SERVER_CELL])?;
    if locked != Some(1) {
        return Err(Error::Locked("this database".into()));
    }
    let exists = has(&mut db, "meta")?;
    let index = migrate(&mut db, Place::Ledger, exists)?;
    db.serialize_by("SELECT value FROM meta WHERE name = 'schema' FOR UPDATE");
    if index == Index::Outdated {
        rebuild::build_anew(&mut db)?;
    }
    let mut ops = Postgres::connect(parameters)?;
    let exists = has(&mut ops, "ops_meta")?;
    migrate(&mut ops, Place::Ops, exists)?;
    ops.serialize_by("SELECT value FROM ops_meta WHERE name = 'schema' FOR UPDATE");
    let readers = Arc::new(Readers::new(PostgresPool::new(parameters.to_owned())));
    Ok(PostgresStore { store: Box::new(Writer::new(db, readers)), ops: Ops::new(Box::new(ops)) })
}

const SERVER_CELL: countersign_core::view::Cell = countersign_core::view::Cell::Int(SERVER);

fn has(db: &mut dyn Db, table: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname::text = ?1 \
               AND relnamespace = current_schema()::regnamespace";
    let count: Option<i64> = value(db, sql, &[countersign_core::view::Cell::text(table)])?;
    Ok(count == Some(1))
}
