//! The embedded store: one writing connection, as many reading ones as are needed.
//!
//! WAL with `synchronous = FULL`: what was acknowledged survives the loss of power. Autocheckpoint at 20,000 pages: the
//! default of 1,000 halves the rate of appends.

mod db;
mod lock;
mod pool;

use std::path::Path;
use std::sync::Arc;

pub(crate) use db::Sqlite;
pub use lock::Lock;
use pool::SqlitePool;

use crate::error::Error;
use crate::files;
use crate::ops::Ops;
use crate::schema::Place;
use crate::sql::migrate::{Index, migrate};
use crate::sql::reader::Readers;
use crate::sql::rebuild;
use crate::sql::writer::Writer;
use crate::store::Store;

const LEDGER: &str = "ledger.db";
const OPS: &str = "ops.db";

/// A data directory that this process serves: the lock is held until this is dropped.
pub struct SqliteStore {
    /// The store.
    pub store: Box<dyn Store>,
    /// Sessions, throttles, delivery progress.
    pub ops: Ops,
    /// Keeps other servers away.
    pub lock: Lock,
}

/// Opens a data directory, or makes one. Takes the lock, then the WAL is checkpointed, then anything is read.
///
/// # Errors
/// [`Error::Locked`] if another server has it, [`Error::Newer`] if a newer program made it, and what can happen to files.
pub fn open(directory: &Path) -> Result<SqliteStore, Error> {
    files::directory(directory)?;
    let lock = Lock::take(directory)?;
    let path = directory.join(LEDGER);
    let exists = Sqlite::prepare(&path)?;
    let mut db = Sqlite::writing(&path)?;
    if migrate(&mut db, Place::Ledger, exists)? == Index::Outdated {
        rebuild::build_anew(&mut db)?;
    }
    let readers = Arc::new(Readers::new(SqlitePool::new(path)));
    let store = Box::new(Writer::new(db, readers));
    let path = directory.join(OPS);
    let exists = Sqlite::prepare(&path)?;
    let mut ops = Sqlite::writing(&path)?;
    migrate(&mut ops, Place::Ops, exists)?;
    Ok(SqliteStore { store, ops: Ops::new(Box::new(ops)), lock })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{Script, Story};
    use crate::error::AppendError;
    use crate::sql::db::Db;
    use crate::store::Lookup;

    /// A limit on the database's size stands for a full disk.
    #[test]
    fn a_full_disk_is_a_definite_failure_and_what_fits_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        drop(open(directory.path()).unwrap());
        let path = directory.path().join(LEDGER);
        let mut db = Sqlite::writing(&path).unwrap();
        db.run("PRAGMA max_page_count = 150").unwrap();
        let mut store = Writer::new(db, Arc::new(Readers::new(SqlitePool::new(path))));
        let mut script = Script::default();
        script.set_password(1);
        store.append(&script.batch()).unwrap();
        let mut full = Script::default();
        full.set_password(1);
        full.batch();
        for number in 1..200 {
            full.ask(1, number, Story::TASK, &"long ".repeat(5_000), "x");
        }
        match store.append(&full.batch()) {
            Err(AppendError::Definite(Error::Full)) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(store.head().unwrap().unwrap().size, 1);
        script.set_password(1);
        store.append(&script.batch()).unwrap();
        assert_eq!(store.head().unwrap().unwrap().size, 2);
    }
}
