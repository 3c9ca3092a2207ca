//! Reading connections.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::Sqlite;
use crate::error::Error;
use crate::sql::reader::Pool;

/// Connections kept open while nobody reads.
const IDLE: usize = 8;

pub(super) struct SqlitePool {
    path: PathBuf,
    idle: Mutex<Vec<Sqlite>>,
}

impl SqlitePool {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::new(Vec::new()) }
    }
}

impl Pool for SqlitePool {
    type Connection = Sqlite;

    fn take(&self) -> Result<Sqlite, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => Sqlite::reading(&self.path),
        }
    }

    fn give(&self, connection: Sqlite) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
    }
}
