//! Reading connections.

use std::sync::{Mutex, PoisonError};

use super::db::Postgres;
use crate::error::Error;
use crate::sql::reader::Pool;

/// Connections kept open while nobody reads.
const IDLE: usize = 8;

pub(super) struct PostgresPool {
    parameters: String,
    idle: Mutex<Vec<Postgres>>,
}

impl PostgresPool {
    pub(super) const fn new(parameters: String) -> Self {
        Self { parameters, idle: Mutex::new(Vec::new()) }
    }
}

impl Pool for PostgresPool {
    type Connection = Postgres;

    fn take(&self) -> Result<Postgres, Error> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match idle {
                Some(connection) if connection.is_closed() => {}
                Some(connection) => return Ok(connection),
                None => return Postgres::connect(&self.parameters),
            }
        }
    }

    fn give(&self, connection: Postgres) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
    }
}
